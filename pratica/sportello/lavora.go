package sportello

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
)

// Lavora carries out effects until ctx ends, and returns nil then. It looks at
// the store every Lavoro.Intervallo and at once after a commit of this
// Sportello. Any number of processes may run it on one store: a lease keeps an
// effect to one of them, and what a dead one left is taken up when its lease
// ends. A destination that is slow keeps its own places busy and nobody else's.
// A failing store is tried again; it is logged, and not an end. Where the store
// is a storage.Sveglia, what other processes cause is taken up at once too.
func (s *Sportello) Lavora(ctx context.Context) error {
	orologio := time.NewTimer(0)
	defer orologio.Stop()
	q := s.nuovaSquadra()
	defer q.gruppo.Wait()
	ctx, fine := context.WithCancel(ctx)
	defer fine()
	q.gruppo.Go(func() { s.ascolta(ctx) })
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-orologio.C:
		case <-s.sveglia:
		case <-q.finito:
		}
		for {
			n, err := q.prendi(ctx)
			if err != nil && ctx.Err() == nil {
				s.c.Logger.ErrorContext(ctx, "effetti non eseguibili", "errore", err)
			}
			if n == 0 || err != nil || ctx.Err() != nil {
				break
			}
		}
		orologio.Reset(s.c.Lavoro.Intervallo)
	}
}

// ascolta wakes the worker when the store says that there is something to do.
// One of the workers of a Sportello does it for all.
func (s *Sportello) ascolta(ctx context.Context) {
	store, ok := s.c.Store.(storage.Sveglia)
	if !ok {
		return
	}
	select {
	case s.ascolto <- struct{}{}:
		defer func() { <-s.ascolto }()
	case <-ctx.Done():
		return
	}
	for ctx.Err() == nil {
		err := store.Attendi(ctx)
		s.svegliati()
		if err == nil || ctx.Err() != nil {
			continue
		}
		s.c.Logger.WarnContext(ctx, "il deposito non avvisa: si guarda a intervalli", "errore", err)
		select {
		case <-ctx.Done():
		case <-time.After(s.c.Lavoro.Intervallo):
		}
	}
}

// Svuota carries out every effect that is due now, and those that they cause,
// and says how many attempts it made. For tests, for programs that run once and
// for hosts with a scheduler of their own.
func (s *Sportello) Svuota(ctx context.Context) (int, error) {
	totale := 0
	for {
		n, err := s.giro(ctx)
		totale += n
		if err != nil || n == 0 {
			return totale, err
		}
	}
}

// EseguiEffetto carries out one effect now, if it is not done and nobody has it:
// for hosts that schedule with a queue of their own. It says how it ended.
func (s *Sportello) EseguiEffetto(ctx context.Context, ente, id string) (storage.StatoEffetto, error) {
	if _, err := s.c.Store.Effetto(ctx, ente, id); err != nil { // before another ente's is leased for nothing
		return "", err
	}
	ef, err := s.c.Store.Prenota(ctx, storage.Prenotazione{Titolare: s.c.Lavoro.Titolare, Ora: s.ora(), Durata: s.c.Lavoro.Durata, Limite: 1, Solo: id})
	if err != nil {
		return "", err
	}
	if len(ef) == 1 && ef[0].Ente == ente {
		s.compi(ctx, ef[0])
	}
	e, err := s.c.Store.Effetto(ctx, ente, id)
	return e.Stato, err
}

// giro leases what is due, carries it out and waits for all of it.
func (s *Sportello) giro(ctx context.Context) (int, error) {
	q := s.nuovaSquadra()
	defer q.gruppo.Wait()
	return q.prendi(ctx)
}

func (s *Sportello) svegliati() {
	select {
	case s.sveglia <- struct{}{}:
	default: // it will wake anyway
	}
}

// idempotente: the far side takes the same request twice for one, or nothing
// leaves the library; an unknown outcome is then repeated like any other failure.
func idempotente(g pratica.GenereEffetto) bool { return g != pratica.EffettoProtocollo }

// compi makes one attempt and writes down how it ended.
func (s *Sportello) compi(ctx context.Context, e storage.Effetto) {
	inizio := s.ora()
	if _, nostro := s.enti[e.Ente]; !nostro {
		e.Stato, e.Prossimo = storage.DaFare, inizio.Add(s.c.Lavoro.Pausa)
		s.scrivi(ctx, e)
		return
	}
	chiamata, fine := context.WithTimeout(ctx, s.c.Lavoro.Durata/3)
	err := s.effetto(chiamata, &e)
	fine()
	if errors.Is(err, storage.ErrPrenotazione) { // somebody else has it now
		s.c.Logger.WarnContext(ctx, "prenotazione dell'effetto persa", "effetto", e.ID, "genere", e.Genere)
		return
	}
	classe := guasto.Di(err)
	if err != nil {
		s.dopoGuasto(&e, err, classe)
		s.scrivi(ctx, e)
		s.c.Logger.WarnContext(ctx, "effetto non riuscito", "effetto", e.ID, "genere", e.Genere, "pratica", e.Pratica, "tentativi", e.Tentativi, "stato", e.Stato, "errore", testoGuasto(err))
	} else {
		e.Stato = storage.Fatto
	}
	s.c.Segnala(Notizia{Ente: e.Ente, Genere: e.Genere, Stato: e.Stato, Durata: s.ora().Sub(inizio), Guasto: string(classe), Tentativi: e.Tentativi})
}

// dopoGuasto says what follows from a failure.
func (s *Sportello) dopoGuasto(e *storage.Effetto, err error, classe guasto.Classe) {
	l, ora := s.c.Lavoro, s.ora()
	e.UltimoErrore = testoGuasto(err)
	var rinvio *Rinvio
	if errors.As(err, &rinvio) {
		e.Stato, e.Prossimo, e.Diario = storage.DaFare, rinvio.Fino, conRinvio(e.Diario)
		return
	}
	switch classe {
	case guasto.EsitoIgnoto:
		if !idempotente(e.Genere) {
			e.Stato = storage.EsitoIgnoto
			return
		}
	case guasto.Configurazione: // the destination is paused: see effetto
		e.Stato, e.Prossimo, e.Diario = storage.DaFare, ora.Add(l.Pausa), conRinvio(e.Diario)
		return
	case guasto.Permanente, guasto.NonSupportata, guasto.Parziale:
		e.Stato = storage.Fallito
		return
	default:
	}
	falliti := e.Tentativi - rinviiDi(e.Diario)
	if falliti >= l.Tentativi {
		e.Stato = storage.Fallito
		return
	}
	e.Stato, e.Prossimo = storage.DaFare, ora.Add(attesa(l.Attesa, falliti))
}

// attesa doubles with each attempt up to an hour, ± 20 %, so that many effects
// that failed together do not come back together.
func attesa(base time.Duration, tentativi int) time.Duration {
	d := base << min(max(tentativi-1, 0), 20)
	if d > time.Hour || d <= 0 {
		d = time.Hour
	}
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64())) //nolint:gosec // jitter
}

// scrivi keeps the end of an attempt even where ctx has ended meanwhile.
func (s *Sportello) scrivi(ctx context.Context, e storage.Effetto) {
	ctx, fine := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer fine()
	if err := s.c.Store.Aggiorna(ctx, e); err != nil {
		s.c.Logger.ErrorContext(ctx, "stato dell'effetto non registrato: lo riprenderà chi trova la prenotazione scaduta", "effetto", e.ID, "errore", err)
	}
}

// testoGuasto is what is kept of a failure: classes, codes and reasons, which
// hold no personal data; an error of unknown make gives only its class.
func testoGuasto(err error) string {
	var g *guasto.Errore
	var p *pratica.Errore
	switch {
	case errors.As(err, &g):
		return g.Error()
	case errors.As(err, &p):
		return p.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return "tempo scaduto"
	default:
		var c guasto.Classificato
		if errors.As(err, &c) {
			return string(c.ClasseGuasto()) + ": " + c.Error()
		}
		return string(guasto.Di(err))
	}
}

// destinazione is what a configuration error stops: one kind of effect of one
// service. Others that are configured well go on.
type destinazione struct {
	ente, servizio string
	genere         pratica.GenereEffetto
}

// pause keeps the destinations that are misconfigured, until when.
type pause struct {
	mu   sync.Mutex
	fino map[destinazione]time.Time
}

func (p *pause) metti(d destinazione, fino time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fino == nil {
		p.fino = map[destinazione]time.Time{}
	}
	p.fino[d] = fino
}

// attiva gives the end of a pause; false where there is none at that instant.
func (p *pause) attiva(d destinazione, ora time.Time) (time.Time, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fino, ok := p.fino[d]
	if ok && !ora.Before(fino) {
		delete(p.fino, d)
		ok = false
	}
	return fino, ok
}
