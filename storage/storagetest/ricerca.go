package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

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
		"asso":               nil, // the middle of a word
		"pass":               {1},
		"12":                 nil, // a number is whole
		"123":                {1},
		"0123":               {1},
		"000000123":          {1},
		"1230":               nil,
		"10":                 nil,
		"100":                {2},
		"42":                 {2},
		"2026":               {1, 2, 3},
		"202":                nil,
		"dqancl80":           {1},
		"80":                 nil, // of a codice fiscale
		"--- ... ()":         nil,
		"roma ...":           {1},
		"\ufeff":             nil,
		"o":                  {2},
		"d'aqui":             {1},
		"aquì d":             {1},
		"daqui":              nil,
		"via via via":        {1},
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

// provaParole looks into single texts: each search finds the pratica or not.
func provaParole(x *prova, s storage.Store) {
	lunga := strings.Repeat("precipite", 5) // 45 letters
	for i, caso := range []struct {
		testo     string
		trova, no []string
	}{
		{"東京都 渋谷区", []string{"東京都", "東", "渋谷", "渋谷区 東京"}, []string{"京都", "谷区"}},
		{"한국 서울", []string{"한국", "한", "서울"}, []string{"국"}},
		{"שלום עולם", []string{"שלום", "של", "עולם שלום"}, []string{"לום"}},
		{"مُحَمَّد", []string{"محمد", "مُحَ"}, []string{"حمد"}},
		{"ПРИВЕТ Ёлка", []string{"привет", "елка", "ёл"}, nil},
		{"İstanbul ǅ Ĳ", []string{"istanbul", "ISTAN", "dz", "ij"}, nil},
		{"Ⅷ ﬁne ２０２６ m²", []string{"viii", "fin", "2026", "m2", "m"}, []string{"ine"}},
		{"costo €50 + 20% <b>C++</b>", []string{"€", "€50", "+", "c++", "50 €", "<", "20%"}, []string{"$", "5", "€5"}},
		{"🏳️‍🌈 👍🏽", []string{"👍", "🏳", "🌈", "👍🏽"}, []string{"👎"}},
		{"a_b_c x-y", []string{"a", "b c", "x y", "b_c"}, []string{"ab", "xy"}},
		{"0 00 000", []string{"0", "00", "00000"}, []string{"1"}},
		{"007 0070 12a 012b", []string{"7", "07", "70", "12a", "012b"}, []string{"12", "0", "12b", "012"}},
		{lunga, []string{lunga, lunga[:5], lunga[:32], lunga[:40]}, []string{lunga[1:], "x" + lunga}},
		{strings.Repeat("9", 100), []string{strings.Repeat("9", 100)}, []string{"9", strings.Repeat("9", 31)}},
		{"È già così: perché", []string{"e", "gia cosi perche", "È", "E\u0300"}, nil},
		{strings.Repeat("ab ", 60) + "fine", []string{strings.Repeat("ab ", 66), "fine ab"}, []string{strings.Repeat("ab ", 60) + "zz"}},
		{"a\x00b \xffc", []string{"a", "b", "c"}, nil},
	} {
		servizio := fmt.Sprint("s", i)
		v := Scheda{Ente: ente, ID: ID(i + 1), Servizio: servizio, Stato: pratica.Inviata, Creata: Ora(), Presentata: Ora(), Cambio: Ora(), Numero: pratica.Numero{Anno: 1999, Progressivo: 88}}
		// The same words in the subject, in a field and in the name.
		v.Oggetto = caso.testo
		p := x.scheda(s, v)
		v.ID, v.Oggetto, v.Campi = ID(i+101), "", []storage.Campo{{Nome: "c", Testo: caso.testo, Cercabile: true}, {Nome: "d", Testo: "nascosta"}}
		x.scheda(s, v)
		v.ID, v.Nome, v.Campi = ID(i+201), caso.testo, nil
		x.scheda(s, v)
		f := storage.Filtro{Ente: ente, Servizi: []string{servizio}}
		for _, f.Testo = range caso.trova {
			x.ElementsMatch([]pratica.ID{ID(i + 1), ID(i + 101), ID(i + 201)}, x.cerca(s, f), "%q in %q", f.Testo, caso.testo)
		}
		for _, f.Testo = range append(caso.no, "nascosta") {
			x.Empty(x.cerca(s, f), "%q in %q", f.Testo, caso.testo)
		}
		f.Testo = ""
		for _, f.Nome = range caso.trova {
			x.Equal([]pratica.ID{ID(i + 201)}, x.cerca(s, f), "name %q in %q", f.Nome, caso.testo)
		}
		f.Nome = ""
		// What is searched is what was committed last.
		n := x.poi(p, "nota")
		n.Campi = []storage.Campo{{Nome: "c", Testo: "aggiunta", Cercabile: true}}
		x.registra(s, n)
		f.Testo = "aggiunta"
		x.Equal([]pratica.ID{ID(i + 1)}, x.cerca(s, f))
		x.registra(s, x.poi(n.Pratica, "senza"))
		x.Empty(x.cerca(s, f))
	}
}

// provaParoleFrequenti searches words that few, many and all of the pratiche
// have, around the number of matches at which a store may go another way.
func provaParoleFrequenti(x *prova, s storage.Store) {
	const quante = 2300
	parole := map[string]int{"comune": quante, "oltre": 2001, "bordo": 2000, "quasi": 1999, "meta": 1000, "cento": 100, "raro": 3}
	corpo := make([]Scheda, quante)
	commit := make([]storage.Commit, quante)
	for i := range corpo {
		v := &corpo[i]
		posto := i * 1009 % quante // the order of words, of instants and of ids are three
		t := Ora().Add(time.Duration(i*7%quante) * time.Minute)
		*v = Scheda{Ente: ente, ID: ID(i*1223%quante + 1), Servizio: fmt.Sprint("s", i%4), Stato: pratica.Inviata, Creata: Ora(), Presentata: t, Cambio: t}
		if i%800 == 5 {
			v.Servizio = "raro"
		}
		for p, n := range parole {
			if posto < n {
				v.Oggetto += p + " "
			}
		}
		if i%500 == 7 {
			v.Oggetto += "comunella"
		}
		c, err := Poi(&pratica.Pratica{ID: v.ID}, pratica.Inviata, t, pratica.BozzaAperta{Ente: ente, Servizio: v.Servizio}, pratica.RichiestaInviata{Oggetto: v.Oggetto})
		x.NoError(err)
		commit[i] = c
	}
	_, errs := insieme(8, func(w int) (bool, error) {
		for i := w; i < quante; i += 8 {
			if _, err := s.Registra(x.ctx, commit[i]); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	x.NoError(errors.Join(errs...))
	attese := func(f *storage.Filtro) []pratica.ID {
		scelte := slices.DeleteFunc(slices.Clone(corpo), func(v Scheda) bool {
			return f.Servizi != nil && !slices.Contains(f.Servizi, v.Servizio) || !contiene(f.Testo, v.Oggetto)
		})
		slices.SortFunc(scelte, func(a, b Scheda) int {
			if f.Ordine == storage.PerPresentazioneVecchie || f.Ordine == storage.PerAggiornamentoVecchie {
				a, b = b, a
			}
			return b.Presentata.Compare(a.Presentata)
		})
		ids := []pratica.ID{}
		for i := range scelte {
			ids = append(ids, scelte[i].ID)
		}
		return ids
	}
	for i, testo := range []string{"comune", "oltre", "bordo", "quasi", "meta", "cento", "raro", "comune raro", "oltre bordo quasi", "comunella", "comun", "comune boh", "boh"} {
		for j, servizi := range [][]string{nil, {"raro"}, {"s0", "s1", "s2"}} {
			f := storage.Filtro{Ente: ente, Testo: testo, Servizi: servizi, Ordine: ordini()[(i+j)%4], Limite: 40}
			voluti := attese(&f)
			p, err := s.Cerca(x.ctx, f)
			x.NoError(err)
			x.Equal(voluti[:min(40, len(voluti))], chi(p.Righe), "%+v", f)
			x.Equal(len(voluti) > 40, p.Seguente != "", "%+v", f)
			if f.Cursore = p.Seguente; f.Cursore != "" {
				x.Equal(voluti[40:min(80, len(voluti))], x.cerca(s, f), "%+v", f)
			}
			r, err := s.Riassumi(x.ctx, f)
			x.NoError(err)
			x.Equal(len(voluti), r.Totale, "%+v", f)
		}
	}
	for i, testo := range []string{"comune", "oltre", "bordo", "quasi"} {
		f := storage.Filtro{Ente: ente, Testo: testo, Ordine: ordini()[i], Limite: 200}
		x.Equal(attese(&f), chi(x.sfoglia(s, f, func() {})), testo)
	}
}
