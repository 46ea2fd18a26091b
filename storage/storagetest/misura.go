package storagetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// Misura times the operations of a Store that holds quante pratiche of one
// ente, each as a sub-benchmark, and gives the median of each by its name, for
// the adapter that sets its own floor beside them. apri may give a store that
// Misura filled before: only what is missing is added, one commit after the other.
func Misura(b *testing.B, apri func(testing.TB) storage.Store, quante int) map[string]time.Duration {
	b.Helper()
	m := &misura{B: b, ctx: context.Background(), s: apri(b), quante: quante, mediane: map[string]time.Duration{}}
	m.riempi()
	m.commit()
	m.elenchi()
	m.effetti()
	return m.mediane
}

// Comune is the ente of Misura.
const Comune = "c_z999"

type misura struct {
	*testing.B
	ctx     context.Context //nolint:containedctx // lives as long as one benchmark
	s       storage.Store
	quante  int
	nuove   int // pratiche that the measures add
	mediane map[string]time.Duration
}

// SchedaDiMisura is the n-th pratica of Misura, from 1: one of twenty services,
// of which the last has one in a thousand, in the states of a year's work; its
// subject has a word that all have ("occupazione"), one that one in a hundred has
// ("via17") and one of its own.
func SchedaDiMisura(n int) Scheda {
	stati := []pratica.Stato{pratica.Accettata, pratica.Accettata, pratica.Accettata, pratica.Rifiutata, pratica.Ritirata, pratica.Inviata, pratica.InCarico, pratica.InCarico, pratica.AttesaIntegrazione, pratica.Bozza}
	nomi := []string{"Anna", "Mario", "Niccolò", "Giulia", "Ugo", "Maria", "Franco", "Elena", "Luca", "Sara"}
	cognomi := []string{"Rossi", "Bianchi", "Verdi", "D'Aquì", "Esposito", "Russo", "Romano", "Colombo", "Ricci", "Marino", "Greco"}
	t := Ora().Add(-time.Duration(n*7919%500_000) * time.Minute)
	v := Scheda{Ente: Comune, ID: ID(n), Servizio: fmt.Sprint("servizio", n%19), Stato: stati[n%len(stati)], Numero: pratica.Numero{Anno: 2025 + n%2, Progressivo: int64(n)},
		Nome: nomi[n/3%len(nomi)], Cognome: cognomi[n/7%len(cognomi)], CF: fmt.Sprintf("RSSMRA%08dX", n), Oggetto: fmt.Sprintf("Occupazione suolo via%d codice x%dx", n%100, n),
		Ufficio: fmt.Sprint("ufficio", n%5), Operatore: fmt.Sprint("op", n%50), Protocollo: fmt.Sprint(n), Creata: t, Presentata: t, Cambio: t.Add(time.Duration(n%90) * time.Hour),
		Campi: []storage.Campo{{Nome: "importo", Testo: "€ 16", Numero: decimal.NewNullDecimal(decimal.New(int64(n%10_000), -2))}, {Nome: "via", Testo: fmt.Sprint("Via Roma ", n%300), Cercabile: true}}}
	if n%1000 == 0 {
		v.Servizio = "servizio19"
	}
	if v.Stato == pratica.Bozza {
		v.Presentata, v.Operatore, v.Protocollo, v.Numero = time.Time{}, "", "", pratica.Numero{}
	}
	return v
}

// riempi adds the pratiche that are missing. One in ten has something to do in a year.
func (m *misura) riempi() {
	r, err := m.s.Riassumi(m.ctx, storage.Filtro{Ente: Comune, Bozze: true})
	m.verifica(err)
	for n := r.Totale + 1; n <= m.quante; n++ {
		c, err := SchedaDiMisura(n).Commit()
		m.verifica(err)
		if n%10 == 0 {
			c.Effetti = []storage.Effetto{{ID: fmt.Sprint("sollecito", n), Genere: pratica.EffettoAvviso, Prossimo: Ora().AddDate(1, 0, n%100)}}
		}
		_, err = m.s.Registra(m.ctx, c)
		m.verifica(err)
	}
	m.nuove = max(r.Totale, m.quante)
}

func (m *misura) verifica(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

// tempo runs fn again and again, what prepara gives it not included.
func tempo[T any](m *misura, nome string, prepara func() T, fn func(T) error) {
	m.Run(nome, func(b *testing.B) {
		var tempi []time.Duration
		for b.Loop() {
			b.StopTimer()
			v := prepara()
			b.StartTimer()
			inizio := time.Now()
			err := fn(v)
			tempi = append(tempi, time.Since(inizio))
			if err != nil {
				b.Fatal(err)
			}
		}
		slices.Sort(tempi)
		m.mediane[nome] = tempi[len(tempi)/2]
		b.ReportMetric(float64(tempi[len(tempi)/2].Nanoseconds())/1000, "µs/mediana")
		b.ReportMetric(float64(tempi[len(tempi)*99/100].Nanoseconds())/1000, "µs/p99")
	})
}

func (m *misura) nuova() storage.Commit {
	m.nuove++
	c, err := SchedaDiMisura(m.nuove).Commit()
	m.verifica(err)
	c.Chiave = "k"
	c.Effetti = []storage.Effetto{{ID: fmt.Sprint("e", m.nuove), Genere: pratica.EffettoDocumento}}
	return c
}

func (m *misura) commit() {
	tempo(m, "registra", m.nuova, func(c storage.Commit) error {
		_, err := m.s.Registra(m.ctx, c)
		return err
	})
	tempo(m, "registra_64", func() []storage.Commit {
		c := make([]storage.Commit, scrittori)
		for i := range c {
			c[i] = m.nuova()
		}
		return c
	}, func(c []storage.Commit) error {
		_, errs := insieme(len(c), func(i int) (storage.Ricevuta, error) { return m.s.Registra(m.ctx, c[i]) })
		for _, err := range errs {
			if err != nil {
				return err
			}
		}
		return nil
	})
	// A pratica with 50 events, read with its iter.
	c := m.nuova()
	for i := len(c.Eventi); i < 50; i++ {
		_, err := m.s.Registra(m.ctx, c)
		m.verifica(err)
		c, err = Poi(c.Pratica, c.Pratica.Stato, c.Ora.Add(time.Minute), pratica.MessaggioScritto{ID: fmt.Sprint(i), Testo: "Buongiorno, manca la planimetria firmata."})
		m.verifica(err)
	}
	_, err := m.s.Registra(m.ctx, c)
	m.verifica(err)
	id := func() pratica.ID { return c.Pratica.ID }
	tempo(m, "carica", id, func(id pratica.ID) error { _, err := m.s.Carica(m.ctx, Comune, id); return err })
	tempo(m, "eventi_50", id, func(id pratica.ID) error { _, err := m.s.Eventi(m.ctx, Comune, id); return err })
}

func (m *misura) elenchi() {
	tre := []string{"servizio3", "servizio7", "servizio19"}
	for _, v := range []struct {
		nome string
		f    storage.Filtro
	}{
		{"pagina", storage.Filtro{}},
		{"pagina_ferme", storage.Filtro{Ordine: storage.PerAggiornamentoVecchie}},
		{"pagina_servizi", storage.Filtro{Servizi: tre}},
		{"pagina_servizio_raro", storage.Filtro{Servizi: tre[2:]}},
		{"pagina_stato", storage.Filtro{Servizi: tre, Stati: []pratica.Stato{pratica.InCarico}}},
		{"pagina_mie", storage.Filtro{Lavorazione: storage.Mie, Operatore: "op7"}},
		{"pagina_bozze", storage.Filtro{Bozze: true, Stati: []pratica.Stato{pratica.Bozza}}},
		{"testo_raro", storage.Filtro{Testo: fmt.Sprintf("x%dx", m.quante/2+1)}},
		{"testo", storage.Filtro{Testo: "via17 niccolo"}},
		{"testo_comune", storage.Filtro{Testo: "occup"}},
		{"testo_comune_servizi", storage.Filtro{Testo: "occup rossi", Servizi: tre}},
		{"protocollo", storage.Filtro{Protocollo: fmt.Sprint(m.quante / 3)}},
		{"richiedente", storage.Filtro{Richiedente: fmt.Sprintf("RSSMRA%08dX", m.quante/2)}},
	} {
		v.f.Ente = Comune
		pagina := func(f storage.Filtro) error { _, err := m.s.Cerca(m.ctx, f); return err }
		tempo(m, v.nome, func() storage.Filtro { return v.f }, pagina)
		if v.nome == "pagina" || v.nome == "pagina_servizi" {
			v.f.Cursore = m.cursore(v.f, 1000)
			tempo(m, v.nome+"_1000", func() storage.Filtro { return v.f }, pagina)
		}
	}
	tempo(m, "riassumi_stato", func() storage.Filtro {
		return storage.Filtro{Ente: Comune, Servizi: tre, Stati: []pratica.Stato{pratica.InCarico}}
	}, func(f storage.Filtro) error { _, err := m.s.Riassumi(m.ctx, f, "importo"); return err })
}

// cursore gives where the n-th page begins, or the last one there is.
func (m *misura) cursore(f storage.Filtro, n int) string {
	for range n - 1 {
		p, err := m.s.Cerca(m.ctx, f)
		m.verifica(err)
		if p.Seguente == "" {
			break
		}
		f.Cursore = p.Seguente
	}
	return f.Cursore
}

// effetti takes and concludes what the commits caused, then looks for more
// where nothing is due.
func (m *misura) effetti() {
	p := storage.Prenotazione{Titolare: "w", Ora: Ora().AddDate(0, 1, 0), Durata: time.Minute, Limite: 1}
	tempo(m, "effetto", func() any {
		c := m.nuova()
		_, err := m.s.Registra(m.ctx, c)
		m.verifica(err)
		return nil
	}, func(any) error {
		presi, err := m.s.Prenota(m.ctx, p)
		if err != nil || len(presi) == 0 {
			return fmt.Errorf("%d effetti: %w", len(presi), err)
		}
		presi[0].Stato, presi[0].Concluso = storage.Fatto, p.Ora
		return m.s.Aggiorna(m.ctx, presi[0])
	})
	p.Limite = 1000
	for {
		presi, err := m.s.Prenota(m.ctx, p)
		m.verifica(err)
		if len(presi) == 0 {
			break
		}
		for _, e := range presi {
			e.Stato = storage.Fatto
			m.verifica(m.s.Aggiorna(m.ctx, e))
		}
	}
	tempo(m, "prenota_a_vuoto", func() any { return nil }, func(any) error {
		presi, err := m.s.Prenota(m.ctx, p)
		if len(presi) > 0 {
			return fmt.Errorf("%d effetti che non scadono", len(presi))
		}
		return err
	})
}
