package s3_test

import (
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage/s3"
)

// passaggio is a TCP proxy in front of the service, on which lines break.
type passaggio struct {
	t         testing.TB
	verso     string
	indirizzo string

	mu      sync.Mutex
	ascolta net.Listener
	aperte  map[net.Conn]bool
	salita  guasti
	discesa guasti
	fermo   bool          // break by silence instead of closing
	fine    chan struct{} // of the silence
	lavori  sync.WaitGroup
}

// guasti says after how many bytes of a connection it breaks, and how many
// times that happens.
type guasti struct {
	dopo  int64
	volte int
}

const sempre = 1 << 30

// attraverso puts a passaggio in front of the service of c.
func attraverso(t testing.TB, c s3.Config) (s3.Config, *passaggio) {
	t.Helper()
	p := &passaggio{t: t, verso: c.Endpoint, indirizzo: "127.0.0.1:0", aperte: map[net.Conn]bool{}}
	p.torna()
	c.Endpoint = p.indirizzo
	t.Cleanup(p.via)
	return c, p
}

// torna begins to listen, at the same address as before.
func (p *passaggio) torna() {
	p.t.Helper()
	l, err := net.Listen("tcp", p.indirizzo)
	require.NoError(p.t, err)
	p.indirizzo = l.Addr().String()
	p.mu.Lock()
	p.ascolta, p.fine = l, make(chan struct{})
	p.mu.Unlock()
	p.lavori.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.lavori.Go(func() { p.porta(c) })
		}
	})
}

// via stops listening and cuts all connections.
func (p *passaggio) via() {
	p.mu.Lock()
	if err := p.ascolta.Close(); err == nil { // not away already
		close(p.fine)
	}
	for c := range p.aperte {
		_ = c.Close()
	}
	p.mu.Unlock()
	p.lavori.Wait()
}

// rompi breaks connections from now on.
func (p *passaggio) rompi(salita, discesa guasti, fermo bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.salita, p.discesa, p.fermo = salita, discesa, fermo
}

func (p *passaggio) aggiusta() { p.rompi(guasti{}, guasti{}, false) }

func (p *passaggio) porta(da net.Conn) {
	a, err := net.Dial("tcp", p.verso)
	if err != nil {
		_ = da.Close()
		return
	}
	p.mu.Lock()
	p.aperte[da], p.aperte[a] = true, true
	p.mu.Unlock()
	chiudi := func() {
		_ = da.Close()
		_ = a.Close()
		p.mu.Lock()
		delete(p.aperte, da)
		delete(p.aperte, a)
		p.mu.Unlock()
	}
	p.lavori.Go(func() { p.copia(a, da, &p.salita, chiudi) })
	p.copia(da, a, &p.discesa, chiudi)
}

func (p *passaggio) copia(verso, da net.Conn, g *guasti, chiudi func()) {
	b := make([]byte, 32<<10)
	passati := int64(0)
	for {
		n, err := da.Read(b)
		passati += int64(n)
		if p.siRompe(g, passati) {
			if fine, fermo := p.silenzio(); fermo {
				<-fine
			}
			chiudi()
			return
		}
		if n > 0 {
			if _, e := verso.Write(b[:n]); e != nil {
				err = e
			}
		}
		if err != nil {
			chiudi()
			return
		}
	}
}

func (p *passaggio) siRompe(g *guasti, passati int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if g.volte == 0 || passati <= g.dopo {
		return false
	}
	g.volte--
	return true
}

func (p *passaggio) silenzio() (fine chan struct{}, fermo bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fine, p.fermo
}
