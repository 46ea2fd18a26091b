package storagetest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"pgregory.net/rapid"

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
		x.True(slices.IsSortedFunc(all.Righe, func(a, b storage.Riga) int {
			if prima(o, &a, &b) {
				return -1
			}
			return 0
		}), "order %q", o)
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

func provaTesto(x *prova, s storage.Store) {
	for i, v := range []Scheda{
		{Nome: "Niccolò", Cognome: "D’Aquì", CF: "DQANCL80A01H501U", Oggetto: "Passo carrabile – via Roma", Protocollo: "123"},
		{Nome: "Anna", Cognome: "Straße", CF: "STRNNA80A41H501U", Oggetto: "100% sconto_speciale \\ 'o'"},
		{Nome: "محمد", Cognome: "👩‍👧 Ωmega", Oggetto: "NICCOLO altrove"},
	} {
		v.Ente, v.ID, v.Stato, v.Creata, v.Presentata, v.Cambio = ente, ID(i+1), pratica.Inviata, Ora(), Ora(), Ora()
		v.Numero = pratica.Numero{Anno: 2026, Progressivo: int64(i + 41)}
		x.scheda(s, v)
	}
	for testo, attese := range map[string][]int{
		"":                   {1, 2, 3},
		" \t ":               {1, 2, 3},
		"niccolo":            {1, 3},
		"NICCOLÒ":            {1, 3},
		"nicco\u0300":        {1, 3},
		"niccolo\u0300 roma": {1},
		"roma niccolò":       {1},
		"niccolò anna":       nil,
		"strasse":            {2},
		"STRASSE":            {2},
		"100%":               {2},
		"%":                  nil,
		"_":                  nil,
		"\\":                 nil,
		"'":                  nil,
		"' OR 1=1 --":        nil,
		"dqancl80a01h501u":   {1},
		"0000123/2026":       {1},
		"123/2026":           {1},
		"2026-000042":        {2},
		"2026-":              {1, 2, 3},
		"محمد":               {3},
		"👩‍👧":                {3},
		"ωMEGA":              {3},
		"niccolo\x00roma":    {1},
		"\xff":               nil,
		"passo-carrabile":    {1},
		"asso":               nil,
		"12":                 nil,
	} {
		p, err := s.Cerca(x.ctx, storage.Filtro{Ente: ente, Testo: testo, Ordine: storage.PerPresentazioneVecchie})
		x.NoError(err, "%q", testo)
		var avute []int
		for _, r := range p.Righe {
			avute = append(avute, int(r.Numero.Progressivo)-40)
		}
		slices.Sort(avute)
		x.Equal(attese, avute, "%q", testo)
	}
}

func provaFiltriNonValidi(x *prova, s storage.Store) {
	x.apre(s, ente, 1)
	x.apre(s, ente, 2)
	p, err := s.Cerca(x.ctx, storage.Filtro{Ente: ente, Bozze: true, Limite: 1})
	x.NoError(err)
	x.NotEmpty(p.Seguente)
	for nome, f := range map[string]storage.Filtro{
		"senza_ente":     {},
		"limite":         {Limite: 201},
		"negativo":       {Limite: -1},
		"testo":          {Testo: strings.Repeat("x", 201)},
		"ordine":         {Ordine: "boh"},
		"lavorazione":    {Lavorazione: "boh"},
		"mie_di_nessuno": {Lavorazione: storage.Mie},
		"cursore":        {Cursore: "boh"},
		"cursore_vuoto":  {Cursore: "e30"},
		"cursore_lungo":  {Cursore: strings.Repeat("A", 10_000)},
		"cursore_rotto":  {Cursore: p.Seguente[:len(p.Seguente)-2]},
		"altro_ordine":   {Cursore: p.Seguente, Ordine: storage.PerAggiornamento},
		"elenco":         {Servizi: make([]string, 1001)},
	} {
		if nome != "senza_ente" {
			f.Ente = ente
		}
		_, err := s.Cerca(x.ctx, f)
		x.ErrorIs(err, storage.ErrFiltro, nome)
	}
}

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
	for seme := range 300 {
		f := filtri().Example(seme)
		var attese []pratica.ID
		for i := range corpo {
			if sceglie(&f, &corpo[i], attenzione[corpo[i].ID]) {
				attese = append(attese, corpo[i].ID)
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
	}
	x.Greater(scelte, 300, "the filters select something")
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
		Operatore: s.Operatore, Creata: s.Creata, PresentataIl: s.Presentata, CambioStato: s.Creata, Aggiornata: s.Cambio, Attenzione: attenzione, Versione: 2}
	if s.Operatore != "" {
		r.Versione++
		r.Ufficio = s.Ufficio
	}
	if s.Protocollo != "" {
		r.Versione += 2
		r.Protocollo = fmt.Sprintf("%07s/2026", s.Protocollo)
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
			v.Protocollo = rapid.SampledFrom([]string{"", "123", "77"}).Draw(t, "protocollo")
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
			f.Testo = rapid.SampledFrom([]string{"rossi", "NICCOLO rossi", "%", "_", "σίσυφος", "aqui", "123/2026", "rssmra80", "2025-", "passo carrabile", "boh"}).Draw(t, "testo")
		})
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
		contiene(f.Testo, &r)
}

// contiene searches by a folding and words of its own, enough for the letters
// of schede.
func contiene(testo string, r *storage.Riga) bool {
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
	dove := parole(strings.Join([]string{r.Numero.String(), r.Protocollo, r.Richiedente, r.CodiceFiscale, r.Oggetto}, "\n"))
	cercate := parole(testo)
	return (testo == "" || len(cercate) > 0) && !slices.ContainsFunc(cercate, func(c string) bool {
		_, err := strconv.ParseInt(c, 10, 64)
		return !slices.ContainsFunc(dove, func(d string) bool { return d == c || err != nil && strings.HasPrefix(d, c) })
	})
}
