package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// prima says whether a comes before b.
func prima(o storage.Ordine, a, b *storage.Riga) bool {
	chiave := func(r *storage.Riga) time.Time {
		switch {
		case o == storage.PerAggiornamento, o == storage.PerAggiornamentoVecchie:
			return r.Aggiornata
		case r.PresentataIl.IsZero():
			return r.Creata
		default:
			return r.PresentataIl
		}
	}
	if o == storage.PerPresentazioneVecchie || o == storage.PerAggiornamentoVecchie {
		return chiave(a).Before(chiave(b))
	}
	return chiave(b).Before(chiave(a))
}

func inOrdine(o storage.Ordine, righe []storage.Riga) bool {
	for i := 1; i < len(righe); i++ {
		if prima(o, &righe[i], &righe[i-1]) {
			return false
		}
	}
	return true
}

func ordini() []storage.Ordine {
	return []storage.Ordine{storage.PerPresentazione, storage.PerPresentazioneVecchie, storage.PerAggiornamento, storage.PerAggiornamentoVecchie}
}

// sfoglia reads a list to its end, calling tra between pages.
func (x *prova) sfoglia(s storage.Store, f storage.Filtro, tra func()) []storage.Riga {
	var tutte []storage.Riga
	for range 1000 {
		p, err := s.Cerca(x.ctx, f)
		x.NoError(err)
		x.LessOrEqual(len(p.Righe), max(f.Limite, 25))
		tutte = append(tutte, p.Righe...)
		if p.Seguente == "" {
			return tutte
		}
		x.Len(p.Righe, f.Limite, "only the last page is short")
		f.Cursore = p.Seguente
		tra()
	}
	x.Fail("the list does not end")
	return nil
}

func (x *prova) scheda(s storage.Store, v Scheda) *pratica.Pratica {
	c, err := v.Commit()
	x.NoError(err)
	x.registra(s, c)
	return c.Pratica
}

func provaOrdini(x *prova, s storage.Store) {
	x.scheda(s, Scheda{Ente: ente, ID: ID(1), Stato: pratica.Bozza, Creata: Ora().Add(2 * time.Hour), Cambio: Ora().Add(9 * time.Hour)})
	x.scheda(s, Scheda{Ente: ente, ID: ID(2), Stato: pratica.Inviata, Creata: Ora(), Presentata: Ora().Add(3 * time.Hour), Cambio: Ora().Add(3 * time.Hour)})
	x.scheda(s, Scheda{Ente: ente, ID: ID(3), Stato: pratica.Inviata, Creata: Ora().Add(8 * time.Hour), Presentata: Ora().Add(time.Hour), Cambio: Ora().Add(4 * time.Hour)})
	for o, attese := range map[storage.Ordine][]pratica.ID{
		storage.PerPresentazione:        {ID(2), ID(1), ID(3)},
		storage.PerPresentazioneVecchie: {ID(3), ID(1), ID(2)},
		storage.PerAggiornamento:        {ID(1), ID(3), ID(2)},
		storage.PerAggiornamentoVecchie: {ID(2), ID(3), ID(1)},
	} {
		p, err := s.Cerca(x.ctx, storage.Filtro{Ente: ente, Bozze: true, Ordine: o})
		x.NoError(err)
		ids := []pratica.ID{}
		for _, r := range p.Righe {
			ids = append(ids, r.ID)
		}
		x.Equal(attese, ids, "order %q", o)
		x.Equal(slices.DeleteFunc(attese, func(id pratica.ID) bool { return id == ID(1) }), x.cerca(s, storage.Filtro{Ente: ente, Bozze: true, Ordine: o, Escludi: ID(1)}))
	}
	p, err := s.Cerca(x.ctx, storage.Filtro{Ente: ente})
	x.NoError(err)
	x.Len(p.Righe, 2, "drafts only where asked for")
}

// provaPagine reads page by page while pratiche arrive: those that were there
// from the beginning come all, each once, in order.
func provaPagine(x *prova, s storage.Store) {
	n := 0
	nuova := func(ore int) pratica.ID {
		n++
		t := Ora().Add(time.Duration(ore) * time.Hour)
		id := ID(n * 7919 % 10007) // the order of ids is not that of arrival
		x.scheda(s, Scheda{Ente: ente, ID: id, Servizio: "s", Stato: pratica.Inviata, Creata: t, Presentata: t, Cambio: t})
		return id
	}
	for i := range 30 {
		nuova(i / 5) // ties
	}
	for _, o := range ordini() {
		all, err := s.Cerca(x.ctx, storage.Filtro{Ente: ente, Ordine: o, Limite: 200})
		x.NoError(err)
		x.Empty(all.Seguente)
		x.True(inOrdine(o, all.Righe), "order %q", o)
		x.Equal(all.Righe, x.sfoglia(s, storage.Filtro{Ente: ente, Ordine: o, Limite: 7}, func() {}), "pages are the list: %q", o)
		x.Equal(all.Righe, x.sfoglia(s, storage.Filtro{Ente: ente, Ordine: o, Limite: len(all.Righe)}, func() {}), "one full page: %q", o)
		lette := x.sfoglia(s, storage.Filtro{Ente: ente, Ordine: o, Limite: 9}, func() { nuova(0); nuova(3); nuova(99) })
		viste := map[pratica.ID]int{}
		for _, r := range lette {
			viste[r.ID]++
			x.Equal(1, viste[r.ID], "twice")
		}
		for _, r := range all.Righe {
			x.Equal(1, viste[r.ID], "skipped")
		}
	}
}

// provaPagineConcorrenti reads while other goroutines add.
func provaPagineConcorrenti(x *prova, s storage.Store) {
	riga := func(n, ore int) storage.Commit {
		t := Ora().Add(time.Duration(ore) * time.Hour)
		c, err := Scheda{Ente: ente, ID: ID(n * 7919 % 100_003), Servizio: "s" + fmt.Sprint(n%3), Stato: pratica.Inviata, Oggetto: "parola", Creata: t, Presentata: t, Cambio: t}.Commit()
		x.NoError(err)
		return c
	}
	var prima []pratica.ID
	for n := range 40 {
		c := riga(n, n/4)
		x.registra(s, c)
		prima = append(prima, c.Pratica.ID)
	}
	var nuove [4][]storage.Commit
	for n := range 240 {
		nuove[n%len(nuove)] = append(nuove[n%len(nuove)], riga(100+n, n%12))
	}
	var letto atomic.Bool
	var gruppo sync.WaitGroup
	errs := make([]error, len(nuove))
	for i := range nuove {
		gruppo.Go(func() {
			for _, c := range nuove[i] {
				if letto.Load() {
					return
				}
				_, err := s.Registra(x.ctx, c)
				errs[i] = errors.Join(errs[i], err)
			}
		})
	}
	func() {
		defer gruppo.Wait()
		defer letto.Store(true)
		for _, o := range ordini() {
			for _, f := range []storage.Filtro{{}, {Servizi: []string{"s0", "s1", "s2"}}, {Testo: "par"}} {
				f.Ente, f.Ordine, f.Limite = ente, o, 11
				viste := map[pratica.ID]int{}
				for _, id := range chi(x.sfoglia(s, f, func() {})) {
					viste[id]++
					x.Equal(1, viste[id], "twice: %+v", f)
				}
				for _, id := range prima {
					x.Equal(1, viste[id], "skipped: %+v", f)
				}
			}
		}
	}()
	x.NoError(errors.Join(errs...))
}

// provaServizi merges the lists of many services, some of them rare, some of
// nobody, some named twice.
func provaServizi(x *prova, s storage.Store) {
	var tutte []Scheda
	for i := range 120 {
		v := Scheda{Ente: ente, ID: ID(i + 1), Servizio: fmt.Sprint("s", i%40), Stato: []pratica.Stato{pratica.Inviata, pratica.InCarico, pratica.Accettata}[i%3],
			Creata: Ora(), Presentata: Ora().Add(time.Duration(i*37%50) * time.Hour), Operatore: []string{"", "op"}[i%2]}
		if i%10 == 9 {
			v.Stato, v.Presentata, v.Operatore = pratica.Bozza, time.Time{}, ""
		}
		if i < 4 {
			v.Servizio = "raro"
		}
		v.Cambio = Ora().Add(100 * time.Hour).Add(time.Duration(i*53%70) * time.Hour)
		x.scheda(s, v)
		tutte = append(tutte, v)
	}
	mille := []string{"s3", "s3", "raro"}
	for i := range 997 {
		mille = append(mille, fmt.Sprint("s", i))
	}
	for nome, servizi := range map[string][]string{"uno": {"s7"}, "raro": {"raro"}, "raro_e_comune": {"raro", "s1"}, "di_nessuno": {"boh"}, "nessuno": {}, "due_volte": {"s2", "s2", "s9", "s2"}, "mille": mille} {
		for _, o := range ordini() {
			for _, f := range []storage.Filtro{{}, {Bozze: true}, {Stati: []pratica.Stato{pratica.InCarico, pratica.InCarico, pratica.Bozza}, Bozze: true}, {Lavorazione: storage.Mie, Operatore: "op"},
				{Bozze: true, Stati: slices.DeleteFunc(pratica.Stati(), func(s pratica.Stato) bool { return s == pratica.Bozza })}} {
				f.Ente, f.Servizi, f.Ordine, f.Limite = ente, servizi, o, 7
				if len(servizi) > 100 {
					f.Limite = 60
				}
				var attese []pratica.ID
				for i := range tutte {
					if sceglie(&f, &tutte[i], false) {
						attese = append(attese, tutte[i].ID)
					}
				}
				avute := x.sfoglia(s, f, func() {})
				x.True(inOrdine(o, avute), "%s %q", nome, o)
				x.ElementsMatch(attese, chi(avute), "%s %+v", nome, f)
			}
		}
	}
}
