package storagetest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// provaFiltri compares lists with a search by hand over a random corpus.
func provaFiltri(x *prova, s storage.Store) {
	const quante = 60
	corpo := make([]Scheda, quante)
	for i := range corpo {
		corpo[i] = schede().Example(i + 1)
		corpo[i].ID = ID(i + 1)
		corpo[i].Numero.Progressivo *= int64(i + 1)
		c, err := corpo[i].Commit()
		x.NoError(err)
		c.Effetti = []storage.Effetto{effetto(fmt.Sprintf("e%d", i), pratica.EffettoAvviso)}
		x.registra(s, c)
	}
	attenzione := map[pratica.ID]bool{}
	for i, e := range x.prende(s, "w", Ora().Add(10_000*time.Hour)) {
		e.Stato = []storage.StatoEffetto{storage.Fatto, storage.EsitoIgnoto, storage.DaFare, storage.Fallito}[i%4]
		x.NoError(s.Aggiorna(x.ctx, e))
		attenzione[e.Pratica] = i%2 == 1
	}
	scelte := 0
	for seme := range 400 {
		f := filtri().Example(seme)
		var attese []pratica.ID
		var somma conto
		for i := range corpo {
			if sceglie(&f, &corpo[i], attenzione[corpo[i].ID]) {
				attese = append(attese, corpo[i].ID)
				somma.aggiungi(&corpo[i])
			}
		}
		scelte += len(attese)
		p, err := s.Cerca(x.ctx, f)
		x.NoError(err)
		var avute []pratica.ID
		for _, r := range p.Righe {
			avute = append(avute, r.ID)
			v := corpo[slices.IndexFunc(corpo, func(v Scheda) bool { return v.ID == r.ID })]
			x.stessaRiga(v.riga(attenzione[r.ID]), r)
		}
		slices.Sort(avute)
		x.Equal(attese, avute, "%+v", f)
		x.riassunto(s, f, &somma)
	}
	x.Greater(scelte, 400, "the filters select something")
}

// stessaRiga compares amounts by value.
func (x *prova) stessaRiga(attesa, avuta storage.Riga) {
	if attesa.Dovuto.Equal(avuta.Dovuto) {
		avuta.Dovuto = attesa.Dovuto
	}
	x.Equal(attesa, avuta)
}

// riga is the row that a list must show.
func (s *Scheda) riga(attenzione bool) storage.Riga {
	r := storage.Riga{ID: s.ID, Servizio: s.Servizio, Stato: s.Stato, Richiedente: s.Nome + " " + s.Cognome, CodiceFiscale: s.CF,
		Operatore: s.Operatore, Creata: s.Creata, PresentataIl: s.Presentata, CambioStato: s.Creata, Aggiornata: s.Cambio, Attenzione: attenzione, Versione: 2 + len(s.File), Dovuto: s.Dovuto}
	if !s.Dovuto.IsZero() {
		r.Versione++
	}
	for _, c := range s.Campi {
		if r.Campi == nil {
			r.Campi = map[string]string{}
		}
		r.Campi[c.Nome] = c.Testo
	}
	if s.Operatore != "" {
		r.Versione++
		r.Ufficio = s.Ufficio
	}
	if s.Protocollo != "" {
		r.Versione += 2
		r.Protocollo = fmt.Sprintf("%07s/%d", s.Protocollo, s.AnnoProtocollo)
		if _, err := strconv.Atoi(s.Protocollo); err != nil {
			r.Protocollo = fmt.Sprintf("%s/%d", s.Protocollo, s.AnnoProtocollo)
		}
	}
	if !s.Presentata.IsZero() {
		r.Versione++
		r.Numero, r.Oggetto, r.Ufficio, r.CambioStato = s.Numero, s.Oggetto, s.Ufficio, s.Presentata
		if s.Stato != pratica.Inviata {
			r.CambioStato = s.Cambio
		}
	} else if s.Stato != pratica.Bozza {
		r.CambioStato = s.Cambio
	}
	return r
}

func giorno(n int) time.Time { return Ora().AddDate(0, 0, n) }

func schede() *rapid.Generator[Scheda] {
	return rapid.Custom(func(t *rapid.T) Scheda {
		v := Scheda{
			Ente:     rapid.SampledFrom([]string{ente, ente, ente, altro}).Draw(t, "ente"),
			Servizio: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "servizio"),
			Stato:    rapid.SampledFrom(pratica.Stati()).Draw(t, "stato"),
			Oggetto:  rapid.SampledFrom([]string{"Passo carrabile", "Occupazione suolo", "100%_\\"}).Draw(t, "oggetto"),
			Nome:     rapid.SampledFrom([]string{"Niccolò", "Anna"}).Draw(t, "nome"),
			Cognome:  rapid.SampledFrom([]string{"Rossi", "D'Aquì", "ΣΊΣΥΦΟΣ"}).Draw(t, "cognome"),
			CF:       rapid.SampledFrom([]string{"", "RSSMRA80A01H501U", "BNCNNA80A41H501X"}).Draw(t, "cf"),
			Anonimo:  rapid.SampledFrom([]string{"", "", "aaaa", "bbbb"}).Draw(t, "anonimo"),
			Ufficio:  rapid.SampledFrom([]string{"", "u1", "u2"}).Draw(t, "ufficio"),
			Creata:   giorno(rapid.IntRange(0, 5).Draw(t, "creata")),
		}
		if !slices.Contains([]pratica.Stato{pratica.Bozza, pratica.AttesaPagamento}, v.Stato) {
			v.Presentata = v.Creata.AddDate(0, 0, rapid.IntRange(0, 5).Draw(t, "presentata"))
			v.Numero = pratica.Numero{Anno: rapid.SampledFrom([]int{2025, 2026}).Draw(t, "anno"), Progressivo: 1}
			v.Operatore = rapid.SampledFrom([]string{"", "op1", "op2"}).Draw(t, "operatore")
			v.Protocollo = rapid.SampledFrom([]string{"", "123", "77", "1230", "A-123"}).Draw(t, "protocollo")
			v.AnnoProtocollo = rapid.SampledFrom([]int{2025, 2026}).Draw(t, "anno_protocollo")
			v.Dovuto = rapid.SampledFrom(decimali("0", "0", "0.1", "15.99", "16", "16.01", "100.10", "9007199254740993.01")).Draw(t, "dovuto")
		}
		if rapid.Bool().Draw(t, "campi") {
			v.Campi = []storage.Campo{{Nome: "via", Testo: rapid.SampledFrom([]string{"via Roma 12", "Piazza D'Aquì", "123"}).Draw(t, "via"), Cercabile: true},
				{Nome: "nascosto", Testo: "Carrabile"}}
			if rapid.Bool().Draw(t, "importo?") {
				d := rapid.SampledFrom(decimali("0.1", "0.2", "0.3", "-3.335", "0", "9007199254740993", "123456789012345678901234567.89", "0.000000000000000001", "1e20")).Draw(t, "importo")
				v.Campi = append(v.Campi, storage.Campo{Nome: "importo", Testo: "€ " + d.String(), Numero: decimal.NewNullDecimal(d)})
			}
		}
		if rapid.IntRange(0, 3).Draw(t, "oscurata") == 0 {
			v.Oscurata = giorno(20)
		}
		v.Cambio = v.Creata.AddDate(0, 0, 5+rapid.IntRange(0, 5).Draw(t, "cambio"))
		return v
	})
}

func filtri() *rapid.Generator[storage.Filtro] {
	return rapid.Custom(func(t *rapid.T) storage.Filtro {
		f := storage.Filtro{Ente: rapid.SampledFrom([]string{ente, ente, altro}).Draw(t, "ente"), Limite: 200, Bozze: rapid.Bool().Draw(t, "bozze")}
		f.Ordine = rapid.SampledFrom(ordini()).Draw(t, "ordine")
		forse := func(nome string, fn func()) {
			if rapid.IntRange(0, 5).Draw(t, nome) == 0 {
				fn()
			}
		}
		forse("servizi?", func() {
			f.Servizi = rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "zz"}), 0, 3).Draw(t, "servizi")
		})
		forse("stati?", func() { f.Stati = rapid.SliceOfN(rapid.SampledFrom(pratica.Stati()), 0, 8).Draw(t, "stati") })
		forse("lavorazione?", func() {
			f.Lavorazione = rapid.SampledFrom([]storage.Lavorazione{storage.Mie, storage.NonAssegnate}).Draw(t, "lavorazione")
		})
		f.Operatore = rapid.SampledFrom([]string{"op1", "op2"}).Draw(t, "operatore")
		forse("ufficio?", func() { f.Ufficio = rapid.SampledFrom([]string{"u1", "u2"}).Draw(t, "ufficio") })
		forse("richiedente?", func() { f.Richiedente = "RSSMRA80A01H501U" })
		forse("anonimo?", func() { f.Anonimo = "aaaa" })
		forse("testo?", func() {
			f.Testo = rapid.SampledFrom([]string{"rossi", "NICCOLO rossi", "%", "_", "σίσυφος", "aqui", "123/2026", "rssmra80", "2025-", "passo carrabile", "carrabile", "roma", "via 12", "1", "123", "00123", "boh", "a-123"}).Draw(t, "testo")
		})
		forse("nome?", func() {
			f.Nome = rapid.SampledFrom([]string{"rossi", "Anna ROSSI", "d'aqui", "passo", "roma", "rssmra", "--", "σίσ"}).Draw(t, "nome")
		})
		forse("protocollo?", func() {
			f.Protocollo = rapid.SampledFrom([]string{"123/2026", "00123/2026", "123", "0123", "12", "0", "77/2025", "a-123", "A-123/2026", " 123 / 2026 ", "/2026", "123/", "%"}).Draw(t, "protocollo")
		})
		forse("dovuto_min?", func() {
			f.DovutoMin = decimal.NewNullDecimal(rapid.SampledFrom(decimali("-5", "0", "0.001", "15.995", "16", "16.01", "9007199254740993.01", "1e30")).Draw(t, "dovuto_min"))
		})
		forse("dovuto_max?", func() {
			f.DovutoMax = decimal.NewNullDecimal(rapid.SampledFrom(decimali("-0.01", "0", "0.1", "15.999", "16", "16.01", "9007199254740993", "1e30")).Draw(t, "dovuto_max"))
		})
		forse("con_dati?", func() { f.ConDati = true })
		forse("numero?", func() {
			f.Numero = pratica.Numero{Anno: 2026, Progressivo: rapid.Int64Range(1, 60).Draw(t, "numero")}
		})
		forse("dal?", func() { f.Dal = giorno(rapid.IntRange(0, 12).Draw(t, "dal")) })
		forse("al?", func() { f.Al = giorno(rapid.IntRange(0, 12).Draw(t, "al")) })
		forse("cambio_dal?", func() { f.CambioDal = giorno(rapid.IntRange(0, 12).Draw(t, "cambio_dal")) })
		forse("cambio_al?", func() { f.CambioAl = giorno(rapid.IntRange(0, 12).Draw(t, "cambio_al")) })
		forse("attenzione?", func() { f.Attenzione = true })
		forse("escludi?", func() { f.Escludi = ID(rapid.IntRange(1, 60).Draw(t, "escludi")) })
		return f
	})
}

// sceglie says whether the filter selects it, by the words of the contract.
func sceglie(f *storage.Filtro, v *Scheda, attenzione bool) bool {
	r := v.riga(attenzione)
	bozza := v.Stato == pratica.Bozza || v.Stato == pratica.AttesaPagamento
	presentata := func(ok bool) bool { return !r.PresentataIl.IsZero() && ok }
	return v.Ente == f.Ente &&
		(f.Bozze || !bozza) &&
		(f.Servizi == nil || slices.Contains(f.Servizi, v.Servizio)) &&
		(len(f.Stati) == 0 || slices.Contains(f.Stati, v.Stato)) &&
		(f.Lavorazione != storage.Mie || v.Operatore == f.Operatore) &&
		(f.Lavorazione != storage.NonAssegnate || v.Operatore == "" && !v.Stato.Finale()) &&
		(f.Ufficio == "" || r.Ufficio == f.Ufficio) &&
		(f.Richiedente == "" || v.CF == f.Richiedente) &&
		(f.Anonimo == "" || v.Anonimo == f.Anonimo) &&
		(f.Numero == pratica.Numero{} || r.Numero == f.Numero) &&
		(f.Dal.IsZero() || presentata(!r.PresentataIl.Before(f.Dal))) &&
		(f.Al.IsZero() || presentata(r.PresentataIl.Before(f.Al))) &&
		(f.CambioDal.IsZero() || !r.CambioStato.Before(f.CambioDal)) &&
		(f.CambioAl.IsZero() || r.CambioStato.Before(f.CambioAl)) &&
		(!f.Attenzione || attenzione) &&
		(f.Escludi == "" || v.ID != f.Escludi) &&
		(!f.DovutoMin.Valid || !v.Dovuto.LessThan(f.DovutoMin.Decimal)) &&
		(!f.DovutoMax.Valid || !v.Dovuto.GreaterThan(f.DovutoMax.Decimal)) &&
		(!f.ConDati || v.Oscurata.IsZero()) &&
		(f.Protocollo == "" || v.haProtocollo(f.Protocollo)) &&
		contiene(f.Nome, r.Richiedente) &&
		contiene(f.Testo, v.testo(&r))
}

func (s *Scheda) haProtocollo(cercato string) bool {
	senza := func(v string) string { return strings.TrimLeft(strings.ToLower(strings.ReplaceAll(v, " ", "")), "0") }
	numero, anno, conAnno := strings.Cut(senza(cercato), "/")
	return s.Protocollo != "" && numero == senza(s.Protocollo) && (!conAnno || anno == strconv.Itoa(s.AnnoProtocollo))
}

// testo is what a search looks into.
func (s *Scheda) testo(r *storage.Riga) string {
	tutto := []string{r.Numero.String(), r.Protocollo, r.Richiedente, r.CodiceFiscale, r.Oggetto}
	for _, c := range s.Campi {
		if c.Cercabile {
			tutto = append(tutto, c.Testo)
		}
	}
	return strings.Join(tutto, "\n")
}

func decimali(v ...string) []decimal.Decimal {
	var d []decimal.Decimal
	for _, s := range v {
		d = append(d, decimal.RequireFromString(s))
	}
	return d
}

// contiene searches by a folding and words of its own, enough for the letters
// of schede.
func contiene(testo, dove string) bool {
	piega := strings.NewReplacer("ò", "o", "ì", "i", "ί", "ι", "ς", "σ", "ό", "ο").Replace
	parole := func(s string) []string {
		p := strings.FieldsFunc(piega(strings.ToLower(s)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		for i := range p {
			if n, err := strconv.ParseInt(p[i], 10, 64); err == nil {
				p[i] = strconv.FormatInt(n, 10)
			}
		}
		return p
	}
	cercate, avute := parole(testo), parole(dove)
	return (testo == "" || len(cercate) > 0) && !slices.ContainsFunc(cercate, func(c string) bool {
		_, err := strconv.ParseInt(c, 10, 64)
		return !slices.ContainsFunc(avute, func(d string) bool { return d == c || err != nil && strings.HasPrefix(d, c) })
	})
}

func provaFiltriNonValidi(x *prova, s storage.Store) {
	x.apre(s, ente, 1)
	x.apre(s, ente, 2)
	p, err := s.Cerca(x.ctx, storage.Filtro{Ente: ente, Bozze: true, Limite: 1})
	x.NoError(err)
	x.NotEmpty(p.Seguente)
	lungo := strings.Repeat("x", 513)
	for nome, f := range map[string]storage.Filtro{
		"senza_ente":     {},
		"limite":         {Limite: 201},
		"negativo":       {Limite: -1},
		"testo":          {Testo: strings.Repeat("x", 201)},
		"nome":           {Nome: strings.Repeat("x", 201)},
		"protocollo":     {Protocollo: strings.Repeat("1", 201)},
		"dovuto_min":     {DovutoMin: numero("1e31")},
		"dovuto_max":     {DovutoMax: numero("1e-31")},
		"ordine":         {Ordine: "boh"},
		"lavorazione":    {Lavorazione: "boh"},
		"mie_di_nessuno": {Lavorazione: storage.Mie},
		"cursore":        {Cursore: "boh"},
		"cursore_vuoto":  {Cursore: "e30"},
		"cursore_lungo":  {Cursore: strings.Repeat("A", 10_000)},
		"cursore_rotto":  {Cursore: p.Seguente[:len(p.Seguente)-2]},
		"altro_ordine":   {Cursore: p.Seguente, Ordine: storage.PerAggiornamento},
		"verso_opposto":  {Cursore: p.Seguente, Ordine: storage.PerPresentazioneVecchie},
		"servizi":        {Servizi: make([]string, 1001)},
		"stati":          {Stati: make([]pratica.Stato, 1001)},
		"non_utf8":       {Servizi: []string{"\xff"}},
		"stato_non_utf8": {Stati: []pratica.Stato{"\xff"}},
		"ufficio_lungo":  {Ufficio: lungo},
	} {
		if nome != "senza_ente" {
			f.Ente = ente
		}
		_, err := s.Cerca(x.ctx, f)
		x.ErrorIs(err, storage.ErrFiltro, nome)
		_, err = s.Riassumi(x.ctx, f)
		if f.Limite == 0 && f.Cursore == "" && f.Ordine == "" {
			x.ErrorIs(err, storage.ErrFiltro, nome)
		} else {
			x.NoError(err, "%s: pages do not matter", nome)
		}
	}
	for _, campi := range [][]string{{""}, {"a", lungo}, make([]string, storage.MassimoCampi+1), {"\xff"}} {
		_, err := s.Riassumi(x.ctx, storage.Filtro{Ente: ente}, campi...)
		x.ErrorIs(err, storage.ErrFiltro)
	}
}
