package sportello

import (
	"context"
	"sync"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// squadra carries out effects side by side, within the limits of Lavoro, and
// never waits for the slowest of them before it takes the next.
type squadra struct {
	s      *Sportello
	gruppo sync.WaitGroup
	finito chan struct{} // one of them ended

	mu      sync.Mutex
	inCorso map[pratica.GenereEffetto]int
	totale  int
	posti   map[pratica.GenereEffetto]chan struct{}
}

func (s *Sportello) nuovaSquadra() *squadra {
	return &squadra{s: s, finito: make(chan struct{}, 1), inCorso: map[pratica.GenereEffetto]int{}, posti: map[pratica.GenereEffetto]chan struct{}{}}
}

// prendi leases what is due and begins it, as much as there is room for; it
// says how much that was. A kind that has all it may have is left to others.
func (q *squadra) prendi(ctx context.Context) (int, error) {
	l := q.s.c.Lavoro
	liberi, pieni := q.liberi()
	if liberi == 0 {
		return 0, nil
	}
	ef, err := q.s.c.Store.Prenota(ctx, storage.Prenotazione{
		Titolare: l.Titolare, Ora: q.s.ora(), Durata: l.Durata, Limite: min(liberi, l.PerGenere), Escludi: pieni,
	})
	if err != nil {
		return 0, err
	}
	for _, e := range ef {
		q.avvia(ctx, e)
	}
	return len(ef), nil
}

func (q *squadra) liberi() (int, []pratica.GenereEffetto) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var pieni []pratica.GenereEffetto
	for g, n := range q.inCorso {
		if n >= q.s.c.Lavoro.PerGenere {
			pieni = append(pieni, g)
		}
	}
	return q.s.c.Lavoro.Paralleli - q.totale, pieni
}

func (q *squadra) avvia(ctx context.Context, e storage.Effetto) {
	q.mu.Lock()
	q.totale++
	q.inCorso[e.Genere]++
	if q.posti[e.Genere] == nil {
		q.posti[e.Genere] = make(chan struct{}, q.s.c.Lavoro.PerGenere)
	}
	posto := q.posti[e.Genere]
	q.mu.Unlock()
	q.gruppo.Go(func() {
		posto <- struct{}{} // one lease may bring more of a kind than there is room for
		defer func() {
			<-posto
			q.mu.Lock()
			q.totale--
			q.inCorso[e.Genere]--
			q.mu.Unlock()
			select {
			case q.finito <- struct{}{}:
			default:
			}
		}()
		q.s.compi(ctx, e)
	})
}
