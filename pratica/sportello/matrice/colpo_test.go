package matrice_test

import (
	"encoding/json"
	"os"
	"sync"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// When, around a step, a process can be killed.
const (
	prima   = "prima di"
	durante = "durante"
	dopo    = "dopo"
)

// punto is a moment at which a process can be killed. A process writes one down
// each time that it comes by, so that the matrix is found and not thought up.
type punto struct {
	N       int                   `json:"n"` // from 1, over all of the process
	Effetto string                `json:"effetto,omitempty"`
	Genere  pratica.GenereEffetto `json:"genere,omitempty"`
	Quando  string                `json:"quando"`
	Metodo  string                `json:"metodo"`
	Glossa  string                `json:"glossa,omitempty"` // what the step is for
	Ora     time.Time             `json:"ora"`
}

// String is the name of the row.
func (p punto) String() string {
	s := p.Quando + " " + p.Metodo
	if p.Glossa != "" {
		s += " (" + p.Glossa + ")"
	}
	return s
}

// colpo follows the steps of a process and kills it at one of them. A nil colpo
// does nothing: what prepares and what examines is not followed.
type colpo struct {
	ora       func() time.Time
	bersaglio int // the punto at which to die; 0: none

	mu      sync.Mutex
	traccia *os.File
	n       int
	effetto storage.Effetto
	err     error
}

// passo is one step under way.
type passo struct {
	c              *colpo
	metodo, glossa string
}

// passo takes one step: a process can end before it, within it where fn calls
// nelMezzo, and after it.
func (c *colpo) passo(metodo, glossa string, fn func(*passo) error) error {
	p := &passo{c, metodo, glossa}
	c.tocca(prima, metodo, glossa, nil)
	err := fn(p)
	c.tocca(dopo, metodo, p.glossa, nil)
	return err
}

// nelMezzo is a punto within the step; ultime is what still happens just before
// the process ends there.
func (p *passo) nelMezzo(glossa string, ultime func() error) {
	p.c.tocca(durante, p.metodo, glossa, ultime)
}

// tocca writes the punto down and, if it is the one, kills the process; ultime
// is what still happens just before.
func (c *colpo) tocca(quando, metodo, glossa string, ultime func() error) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	b, err := json.Marshal(punto{N: c.n, Effetto: c.effetto.ID, Genere: c.effetto.Genere, Quando: quando, Metodo: metodo, Glossa: glossa, Ora: c.ora()})
	if err == nil {
		_, err = c.traccia.Write(append(b, '\n'))
	}
	if c.n == c.bersaglio {
		if err == nil && ultime != nil {
			err = ultime()
		}
		if err == nil {
			muori()
		}
	}
	if err != nil && c.err == nil {
		c.err = err
	}
}

// lavora says which effect the steps that follow belong to; without one, none.
func (c *colpo) lavora(presi ...storage.Effetto) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.effetto = storage.Effetto{}
	if len(presi) > 0 {
		c.effetto = presi[0]
	}
}

// muori ends the process as kill -9 does: nothing deferred runs, nothing is flushed.
func muori() {
	questo, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = questo.Kill()
	}
	if err != nil {
		os.Exit(3) // not a kill: whoever waits will see
	}
	select {}
}
