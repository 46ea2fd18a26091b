package script

import "sync"

// maxInRiserva is how many idle runtimes a set keeps for as long as it lives;
// those beyond it stay until the collector wants their memory.
const maxInRiserva = 2

// riserva keeps idle runtimes. To build one costs more than most scripts, and a
// sync.Pool alone loses them all every two collections.
type riserva struct {
	mu    sync.Mutex
	fermi []*ambiente // at most maxInRiserva
	altri sync.Pool
}

// prendi gives an idle runtime, or a new one.
func (r *riserva) prendi() (*ambiente, error) {
	r.mu.Lock()
	if n := len(r.fermi); n > 0 {
		a := r.fermi[n-1]
		r.fermi[n-1] = nil
		r.fermi = r.fermi[:n-1]
		r.mu.Unlock()
		return a, nil
	}
	r.mu.Unlock()
	if a, ok := r.altri.Get().(*ambiente); ok {
		return a, nil
	}
	return nuovoAmbiente()
}

// rendi takes back a runtime that is clean.
func (r *riserva) rendi(a *ambiente) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.fermi) < maxInRiserva {
		r.fermi = append(r.fermi, a)
		return
	}
	r.altri.Put(a)
}
