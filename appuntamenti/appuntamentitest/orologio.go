package appuntamentitest

import (
	"sync"
	"time"
)

// Orologio is a clock that stands still until it is moved. It is safe for
// concurrent use.
type Orologio struct {
	mu  sync.Mutex
	ora time.Time
}

// NuovoOrologio gives a clock that stands at ora.
func NuovoOrologio(ora time.Time) *Orologio { return &Orologio{ora: ora} }

// Ora gives the instant, in UTC.
func (o *Orologio) Ora() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ora.UTC()
}

// Vai moves the clock to ora.
func (o *Orologio) Vai(ora time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ora = ora
}

// Avanza moves the clock by d.
func (o *Orologio) Avanza(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ora = o.ora.Add(d)
}
