package storagetest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// provaOrologiSfasati tells the store times that contradict each other.
func provaOrologiSfasati(x *prova, s storage.Store) {
	// The second command has the earlier clock: the lane keeps the order of the commits.
	p := x.apre(s, ente, 1, effetto("primo", pratica.EffettoAvviso))
	c := x.poi(p, "un'ora fa")
	c.Ora, c.Effetti = Ora().Add(-time.Hour), []storage.Effetto{effetto("secondo", pratica.EffettoAvviso), effetto("atto", pratica.EffettoDocumento)}
	x.registra(s, c)
	presi := x.prende(s, "w", Ora().Add(-time.Minute))
	x.Equal([]string{"atto"}, nomi(presi), "due by its own clock; the first of the other lane is not")
	x.Equal(Ora().Add(-time.Hour), presi[0].Causato)
	presi[0].Stato = storage.Fatto
	x.NoError(s.Aggiorna(x.ctx, presi[0]))
	primo := x.prende(s, "w", Ora())
	x.Equal([]string{"primo"}, nomi(primo))
	// Between Prenota and Aggiorna the clock of the worker went back an hour.
	v := primo[0]
	v.Stato, v.Scadenza = storage.InCorso, Ora().Add(-time.Hour)
	x.NoError(s.Aggiorna(x.ctx, v), "the token decides, not the clock")
	altro := x.prende(s, "z", Ora())
	x.Equal([]string{"primo"}, nomi(altro), "the lease ended when its holder said")
	v.Stato = storage.Fatto
	x.ErrorIs(s.Aggiorna(x.ctx, v), storage.ErrPrenotazione)
	altro[0].Stato, altro[0].Prossimo = storage.DaFare, Ora().Add(-48*time.Hour)
	x.NoError(s.Aggiorna(x.ctx, altro[0]))
	indietro := x.prende(s, "w", Ora().Add(-47*time.Hour))
	x.Equal([]string{"primo"}, nomi(indietro), "due since before it was caused")
	x.Empty(x.prende(s, "w", Ora().Add(-47*time.Hour)))
	indietro[0].Stato, indietro[0].Concluso = storage.Fatto, Ora().Add(-47*time.Hour)
	x.NoError(s.Aggiorna(x.ctx, indietro[0]))
	x.Equal([]string{"secondo"}, nomi(x.prende(s, "w", Ora().Add(-time.Minute))))
	// From the future: not lost, only later.
	avanti := x.poi(c.Pratica, "fra un'ora")
	avanti.Ora, avanti.Effetti = Ora().Add(time.Hour), []storage.Effetto{effetto("futuro", pratica.EffettoPagamento)}
	x.registra(s, avanti)
	x.Empty(x.prende(s, "w", Ora().Add(-time.Minute)))
	x.Contains(nomi(x.prende(s, "w", Ora().Add(time.Hour))), "futuro")
}

// banco is a model of the effects of a store, and the workers that try it out.
type banco struct {
	*prova
	s       storage.Store
	r       *rand.Rand
	ora     time.Time // that no worker knows
	note    []*pratica.Pratica
	effetti []*storage.Effetto // as they must be
	tenuti  [4][]storage.Effetto
}

// provaOrologi has workers with clocks an hour apart, some of which jump back or
// die, take, extend, put off and conclude effects in any order, and compares
// each step with the model.
func provaOrologi(x *prova, s storage.Store) {
	for seme := range uint64(3) {
		b := &banco{prova: x, s: s, r: rand.New(rand.NewPCG(seme, 1)), ora: Ora()}
		b.note = []*pratica.Pratica{x.apre(s, ente, 10*int(seme)+1), x.apre(s, altro, 10*int(seme)+2)}
		for range 160 {
			b.ora = b.ora.Add(time.Duration(b.r.IntN(120)) * time.Second)
			w := b.r.IntN(len(b.tenuti))
			switch b.r.IntN(9) {
			case 0, 1:
				b.causa(w)
			case 2, 3, 4:
				b.prendi(w)
			case 5: // it dies and comes back
				if b.r.IntN(4) == 0 {
					b.tenuti[w] = nil
				}
			default:
				b.aggiorna(w)
			}
		}
		b.finisci()
	}
}

// orologio is that of a worker: one is right, one an hour behind, one an hour
// ahead, one wherever it likes.
func (b *banco) orologio(w int) time.Time {
	return b.ora.Add([]time.Duration{0, -time.Hour, time.Hour, time.Duration(b.r.IntN(180)-90) * time.Minute}[w])
}

func (b *banco) causa(w int) {
	i := b.r.IntN(len(b.note))
	c := b.poi(b.note[i], "nota")
	c.Ora = b.orologio(w)
	ordine := int64(0)
	for _, e := range b.effetti {
		if e.Ente == c.Pratica.Ente && e.Pratica == c.Pratica.ID {
			ordine = max(ordine, e.Ordine)
		}
	}
	for n := range 1 + b.r.IntN(2) {
		e := effetto(fmt.Sprint(c.Pratica.ID, "/", ordine+1+int64(n)), []pratica.GenereEffetto{pratica.EffettoAvviso, pratica.EffettoDocumento}[b.r.IntN(2)])
		c.Effetti = append(c.Effetti, e)
		e.Ente, e.Pratica, e.Corsia, e.Causato, e.Prossimo, e.Ordine, e.Stato = c.Pratica.Ente, c.Pratica.ID, e.Genere.Corsia(), c.Ora, c.Ora, ordine+1+int64(n), storage.DaFare
		b.effetti = append(b.effetti, &e)
	}
	b.registra(b.s, c)
	b.note[i] = c.Pratica
}

// dovuti gives what may be given at ora.
func (b *banco) dovuti(ora time.Time) []*storage.Effetto {
	corsie := map[string]bool{}
	var dovuti []*storage.Effetto
	slices.SortFunc(b.effetti, func(x, y *storage.Effetto) int { return cmp.Compare(x.Ordine, y.Ordine) })
	for _, e := range b.effetti {
		k := e.Ente + "/" + string(e.Pratica) + "/" + e.Corsia
		if e.Stato == storage.Fatto || corsie[k] {
			continue
		}
		corsie[k] = true
		if e.Stato == storage.DaFare && !e.Prossimo.After(ora) || e.Stato == storage.InCorso && !e.Scadenza.After(ora) {
			dovuti = append(dovuti, e)
		}
	}
	return dovuti
}

func (b *banco) prendi(w int) {
	p := storage.Prenotazione{Titolare: fmt.Sprint("w", w), Ora: b.orologio(w), Durata: []time.Duration{time.Minute, 10 * time.Minute, 2 * time.Hour}[b.r.IntN(3)], Limite: 1 + b.r.IntN(4)}
	dovuti := b.dovuti(p.Ora)
	presi, err := b.s.Prenota(b.ctx, p)
	b.NoError(err)
	b.Len(presi, min(p.Limite, len(dovuti)), "of what is due")
	for _, e := range presi {
		i := slices.IndexFunc(dovuti, func(d *storage.Effetto) bool { return d.ID == e.ID })
		b.GreaterOrEqual(i, 0, "%s is not due", e.ID)
		d := dovuti[i]
		b.Greater(e.Gettone, d.Gettone)
		d.Stato, d.Titolare, d.Gettone, d.Scadenza = storage.InCorso, p.Titolare, e.Gettone, p.Ora.Add(p.Durata)
		d.Tentativi++
		b.Equal(*d, e)
		dovuti = slices.Delete(dovuti, i, i+1)
		b.tenuti[w] = append(b.tenuti[w], e)
	}
}

// aggiorna writes one of the effects that the worker believes to hold.
func (b *banco) aggiorna(w int) {
	if len(b.tenuti[w]) == 0 {
		return
	}
	i := b.r.IntN(len(b.tenuti[w]))
	e := b.tenuti[w][i]
	d := b.effetti[slices.IndexFunc(b.effetti, func(d *storage.Effetto) bool { return d.ID == e.ID })]
	suo := d.Stato == storage.InCorso && d.Titolare == e.Titolare && d.Gettone == e.Gettone
	e.Diario = fmt.Append(nil, b.r.IntN(1000))
	e.Stato = []storage.StatoEffetto{storage.InCorso, storage.DaFare, storage.Fatto}[b.r.IntN(3)]
	nuovo := *d
	nuovo.Stato, nuovo.Diario = e.Stato, e.Diario
	switch e.Stato {
	case storage.InCorso:
		e.Scadenza = b.orologio(w).Add(time.Minute)
		nuovo.Scadenza = e.Scadenza
	case storage.DaFare:
		e.Prossimo, e.UltimoErrore = b.orologio(w).Add(time.Minute), "transitorio"
		nuovo.Prossimo, nuovo.UltimoErrore = e.Prossimo, e.UltimoErrore
	default:
		e.Concluso = b.orologio(w)
		nuovo.Concluso, nuovo.Prossimo = e.Concluso, e.Prossimo
	}
	if e.Stato != storage.InCorso {
		nuovo.Titolare, nuovo.Scadenza, nuovo.UltimoErrore = "", time.Time{}, e.UltimoErrore
		b.tenuti[w] = slices.Delete(b.tenuti[w], i, i+1)
	}
	err := b.s.Aggiorna(b.ctx, e)
	if !suo {
		b.ErrorIs(err, storage.ErrPrenotazione, "%s is another's now", e.ID)
		return
	}
	b.NoError(err)
	*d = nuovo
	v, err := b.s.Effetto(b.ctx, d.Ente, d.ID)
	b.NoError(err)
	b.Equal(nuovo, v)
}

// finisci waits for all leases to end and does what is left.
func (b *banco) finisci() {
	b.ora = b.ora.Add(10 * time.Hour)
	b.tenuti = [4][]storage.Effetto{}
	for range 1000 {
		if len(b.dovuti(b.ora)) == 0 {
			break
		}
		b.prendi(0)
		for _, e := range b.tenuti[0] {
			e.Stato, e.Concluso = storage.Fatto, b.ora
			b.NoError(b.s.Aggiorna(b.ctx, e))
			i := slices.IndexFunc(b.effetti, func(d *storage.Effetto) bool { return d.ID == e.ID })
			b.effetti[i].Stato = storage.Fatto
		}
		b.tenuti[0] = nil
	}
	for _, e := range b.effetti {
		v, err := b.s.Effetto(b.ctx, e.Ente, e.ID)
		b.NoError(err)
		b.Equal(storage.Fatto, v.Stato, "%s is lost", e.ID)
	}
}
