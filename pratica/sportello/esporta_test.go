package sportello_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/documento"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/storage"
)

// pagine is a store that gives pages of few rows, and lets something happen
// before each of them.
type pagine struct {
	storage.Store
	righe int
	prima func(pagina int) error
	n     int
}

func (p *pagine) Cerca(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
	if p.prima != nil {
		if err := p.prima(p.n); err != nil {
			return storage.Pagina{}, err
		}
	}
	p.n++
	f.Limite = p.righe
	return p.Store.Cerca(ctx, f)
}

// fisse is a store with these rows, in this order.
type fisse struct {
	storage.Store
	righe []storage.Riga
}

func (s fisse) Cerca(_ context.Context, f storage.Filtro) (storage.Pagina, error) {
	if !f.Dal.IsZero() {
		return storage.Pagina{}, nil
	}
	da, _ := strconv.Atoi(f.Cursore)
	a := min(da+f.Limite, len(s.righe))
	pg := storage.Pagina{Righe: s.righe[da:a]}
	if a < len(s.righe) {
		pg.Seguente = strconv.Itoa(a)
	}
	return pg, nil
}

// con gives the same desk on another store.
func (b *banco) con(t require.TestingT, st storage.Store) *sportello.Sportello {
	c := b.config
	c.Store = st
	s, err := sportello.New(c)
	require.NoError(t, err)
	return s
}

func esporta(t require.TestingT, s *sportello.Sportello, a pratica.Attore, f storage.Filtro, o sportello.FormatoCSV) [][]string {
	var w strings.Builder
	require.NoError(t, s.EsportaCSV(context.Background(), a, f, &w, o))
	return leggiCSV(t, w.String(), o)
}

// leggiCSV reads the file with another program: all that is in it but heading and end.
func leggiCSV(t require.TestingT, testo string, o sportello.FormatoCSV) [][]string {
	if !o.SenzaBOM {
		var ok bool
		testo, ok = strings.CutPrefix(testo, "\ufeff")
		require.True(t, ok)
	}
	require.True(t, strings.HasSuffix(testo, "\r\n"))
	r := csv.NewReader(strings.NewReader(testo))
	if r.Comma = ';'; o.Separatore != 0 {
		r.Comma = o.Separatore
	}
	righe, err := r.ReadAll()
	require.NoError(t, err)
	require.Equal(t, "Numero richiesta", righe[0][0])
	if o.SenzaFine {
		return righe[1:]
	}
	fine := righe[len(righe)-1]
	require.Equal(t, "Fine dell'elenco", fine[0])
	n, _, _ := strings.Cut(fine[1], " ")
	require.Equal(t, strconv.Itoa(len(righe)-2), n)
	return righe[1 : len(righe)-1]
}

func TestEsportaCSV(t *testing.T) {
	t.Parallel()
	b := conElenchi(t, elencato(t, "nido", 1, colonnePiene()...), pieno(t))
	b.config.Rubrica = rubrica{}
	s := b.con(t, b.store)
	b.cittadino.Persona = persona("VRDLGU80A01H501Q", "Luigi;\"il lungo\"", "D'Aquì")
	primo := b.presenta("nido", modulo.Risposte{"via": "=1+1", "isee": "12345.5", "peso": "-3.25", "figli": []map[string]any{{"nome": "Ada", "spesa": "-1000.10"}}})
	b.esegui(b.operatore, primo, pratica.PrendiInCarico{})
	daPagare(b)
	var w strings.Builder
	require.NoError(t, s.EsportaCSV(context.Background(), b.operatore, storage.Filtro{}, &w, sportello.FormatoCSV{}))
	require.Equal(t, "\ufeff"+strings.ReplaceAll(strings.TrimPrefix(`
"Numero richiesta";"Servizio";"Richiedente";"Codice fiscale";"Presentata il";"Ultimo cambio di stato";"Stato";"Ufficio";"Operatore";"Protocollo";"Da pagare";"Da risolvere";"Luogo";"ISEE";"Peso";"Mensa";"Dal giorno";"Giorni";"Nome del figlio";"Spesa";"Ore"
"2026-000002";"Servizio pieno";"Luigi;""il lungo"" D'Aquì";"VRDLGU80A01H501Q";"";"10/03/2026 09:00";"In attesa di pagamento";"";"";"";"20,00";"no";"";"";"";"";"";"";"";"";""
"2026-000001";"Servizio nido";"Luigi;""il lungo"" D'Aquì";"VRDLGU80A01H501Q";"10/03/2026 09:00";"10/03/2026 09:00";"Presa in carico";"";"Dott. Segretissimo op-1";"";"0,00";"no";"'=1+1";"12345,50";"-3,25";"";"";"";"Ada";"-1000,10";""
"Fine dell'elenco";"2 pratiche";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";""
`, "\n"), "\n", "\r\n"), w.String())

	vecchie := esporta(t, s, b.operatore, storage.Filtro{Ordine: storage.PerAggiornamentoVecchie, Limite: 1, Cursore: "boh"}, sportello.FormatoCSV{Separatore: ',', SenzaBOM: true, SenzaFine: true, Campi: []string{"peso", "isee"}})
	require.Equal(t, []string{"2026-000001", "-3,25", "12345,50"}, []string{vecchie[0][0], vecchie[0][12], vecchie[0][13]})
	require.Equal(t, "2026-000002", vecchie[1][0])
	una := esporta(t, s, b.operatore, storage.Filtro{Servizi: []string{"pieno"}}, sportello.FormatoCSV{Separatore: '\t', Campi: []string{}})
	require.Len(t, una, 1)
	require.Len(t, una[0], 12, "without fields of the form")
	require.Empty(t, esporta(t, s, b.operatore, storage.Filtro{Stati: []pratica.Stato{pratica.Bozza}}, sportello.FormatoCSV{}))
	require.Empty(t, esporta(t, s, b.operatore, storage.Filtro{Al: b.orologio.Ora().Add(-time.Hour)}, sportello.FormatoCSV{}))
	require.Len(t, esporta(t, s, b.operatore, storage.Filtro{Dal: b.orologio.Ora().Add(-time.Hour)}, sportello.FormatoCSV{}), 1)
}

// Refused as Elenca refuses, and before a byte is written.
func TestEsportaCSVRifiutata(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := conElenchi(t, elencato(t, "nido", 1, colonnePiene()...))
	b.presenta("nido", modulo.Risposte{"via": "Via Uno"})
	for chi, a := range b.attori() {
		var w strings.Builder
		_, errElenca := b.s.Elenca(ctx, a, storage.Filtro{})
		err := b.s.EsportaCSV(ctx, a, storage.Filtro{}, &w, sportello.FormatoCSV{})
		require.Equal(t, errElenca, err, chi)
		require.Equal(t, err == nil, w.Len() > 0, chi)
	}
	require.Empty(t, esporta(t, b.s, b.attori()[altroServizio], storage.Filtro{Servizi: []string{"nido"}}, sportello.FormatoCSV{}))
	for nome, c := range map[string]struct {
		f storage.Filtro
		o sportello.FormatoCSV
	}{
		"filtro":      {storage.Filtro{Testo: strings.Repeat("x", 201)}, sportello.FormatoCSV{}},
		"separatore":  {storage.Filtro{}, sportello.FormatoCSV{Separatore: '"'}},
		"campo":       {storage.Filtro{}, sportello.FormatoCSV{Campi: []string{"boh"}}},
		"doppio":      {storage.Filtro{}, sportello.FormatoCSV{Campi: []string{"via", "via"}}},
		"non di tali": {storage.Filtro{Servizi: []string{"altro"}}, sportello.FormatoCSV{Campi: []string{"via"}}},
	} {
		var w strings.Builder
		require.ErrorIs(t, b.s.EsportaCSV(ctx, b.operatore, c.f, &w, c.o), pratica.ErrNonValido, nome)
		require.Zero(t, w.Len(), nome)
	}
}

var errDisco = errors.New("disco pieno")

// pieni is a writer that takes so many bytes.
type pieni struct {
	strings.Builder
	resta int
}

func (p *pieni) Write(b []byte) (int, error) {
	n := min(len(b), p.resta)
	p.resta -= n
	_, _ = p.Builder.Write(b[:n])
	if n < len(b) {
		return n, errDisco
	}
	return n, nil
}

// Whatever breaks off in the middle is told, and leaves a file without its end.
func TestEsportaCSVInterrotta(t *testing.T) {
	t.Parallel()
	b := conElenchi(t, elencato(t, "nido", 1))
	for range 5 {
		b.presenta("nido", modulo.Risposte{})
	}
	fine := "Fine dell'elenco"
	ctx, annulla := context.WithCancel(context.Background())
	var w strings.Builder
	err := b.con(t, &pagine{Store: b.store, righe: 2, prima: func(n int) error {
		if n == 1 {
			annulla()
		}
		return nil
	}}).EsportaCSV(ctx, b.operatore, storage.Filtro{}, &w, sportello.FormatoCSV{})
	require.ErrorIs(t, err, context.Canceled)
	require.NotContains(t, w.String(), fine)
	require.Equal(t, 3, strings.Count(w.String(), "\r\n"), "heading and one page")

	w.Reset()
	err = b.con(t, &pagine{Store: b.store, righe: 2, prima: func(n int) error {
		if n == 2 {
			return errDisco
		}
		return nil
	}}).EsportaCSV(context.Background(), b.operatore, storage.Filtro{}, &w, sportello.FormatoCSV{})
	require.ErrorIs(t, err, errDisco)
	require.NotContains(t, w.String(), fine)

	w.Reset()
	require.NoError(t, b.s.EsportaCSV(context.Background(), b.operatore, storage.Filtro{}, &w, sportello.FormatoCSV{}))
	intera := w.String()
	for n := range len(intera) {
		p := &pieni{resta: n}
		require.ErrorIs(t, b.s.EsportaCSV(context.Background(), b.operatore, storage.Filtro{}, p, sportello.FormatoCSV{}), errDisco, n)
		require.Equal(t, intera[:n], p.String())
	}
}

// While others work, whatever the filter selects from beginning to end is
// written exactly once, and nothing twice.
func TestEsportaCSVMentreSiLavora(t *testing.T) {
	t.Parallel()
	documenti, err := documento.New(documento.Config{})
	require.NoError(t, err)
	catalogo := sportello.NuovoCatalogo(ente, spoglio(t), pieno(t))
	rapid.Check(t, func(r *rapid.T) {
		b := nuovoBanco(t, func(c *sportello.Config) { c.Servizi, c.Documenti = catalogo, documenti })
		n := 0
		nuova := func(pagata bool) {
			n++
			id := b.bozza(map[bool]string{true: "spoglio", false: "pieno"}[pagata])
			b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca(fmt.Sprintf("0123456789%04d", n))}})
			b.posizioni(id)
		}
		for range rapid.IntRange(0, 8).Draw(r, "prima") {
			nuova(rapid.Bool().Draw(r, "subito"))
			b.orologio.Avanza(time.Duration(rapid.IntRange(0, 20).Draw(r, "minuti")) * time.Minute)
		}
		numeri := func() []string {
			pg, err := b.s.Elenca(context.Background(), b.operatore, storage.Filtro{Limite: 200})
			require.NoError(r, err)
			v := make([]string, 0, len(pg.Righe))
			for _, x := range pg.Righe {
				v = append(v, x.Numero.String())
			}
			return v
		}
		attese := numeri()
		s := b.con(r, &pagine{Store: b.store, righe: rapid.IntRange(1, 3).Draw(r, "righe"), prima: func(int) error {
			pg, err := b.s.Elenca(context.Background(), b.operatore, storage.Filtro{Limite: 200})
			require.NoError(r, err)
			switch scelta := rapid.IntRange(0, 5).Draw(r, "intanto"); {
			case scelta == 0 && n < 14:
				nuova(rapid.Bool().Draw(r, "subito"))
			case scelta < 4 && len(pg.Righe) > 0: // one is paid, or worked on
				x := pg.Righe[rapid.IntRange(0, len(pg.Righe)-1).Draw(r, "quale")]
				if x.Stato == pratica.AttesaPagamento {
					b.paga(x.ID)
				} else {
					b.esegui(b.operatore, x.ID, pratica.Annota{Testo: "Vista"})
				}
			}
			b.orologio.Avanza(time.Duration(rapid.IntRange(0, 120).Draw(r, "secondi")) * time.Second)
			return nil
		}})
		f := storage.Filtro{Ordine: rapid.SampledFrom([]storage.Ordine{storage.PerPresentazione, storage.PerPresentazioneVecchie, storage.PerAggiornamento, storage.PerAggiornamentoVecchie}).Draw(r, "ordine")}
		var scritte []string
		for _, riga := range esporta(r, s, b.operatore, f, sportello.FormatoCSV{}) {
			scritte = append(scritte, riga[0])
		}
		visti := slices.Clone(scritte)
		slices.Sort(visti)
		require.Len(r, slices.Compact(visti), len(scritte), "twice: %v", scritte)
		require.Subset(r, scritte, attese)
		require.Subset(r, numeri(), scritte)
	})
}

// A payment that another process, whose clock is behind, tells in the middle
// takes its request to a place that was already passed and is before the beginning.
func TestEsportaCSVOrologioIndietro(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	attesa := daPagare(b)
	b.orologio.Avanza(time.Hour)
	b.inviata("spoglio")
	b.orologio.Avanza(time.Hour)
	s := b.con(t, &pagine{Store: b.store, righe: 1, prima: func(n int) error {
		if n == 1 {
			b.orologio.Avanza(-time.Minute)
			b.paga(attesa)
			b.orologio.Avanza(time.Minute)
		}
		return nil
	}})
	require.Len(t, esporta(t, s, b.operatore, storage.Filtro{}, sportello.FormatoCSV{}), 2)
}

// posizioni lets the payments of a pratica be created, and no document produced.
func (b *banco) posizioni(id pratica.ID) {
	b.t.Helper()
	effetti, err := b.store.Effetti(context.Background(), ente, id)
	require.NoError(b.t, err)
	for _, e := range effetti {
		if e.Genere == pratica.EffettoPagamento {
			_, err = b.s.EseguiEffetto(context.Background(), ente, e.ID)
			require.NoError(b.t, err)
		}
	}
}

var formaCifra = regexp.MustCompile(`^-?[0-9]+(,[0-9]+)?$`)

// innocua: no spreadsheet takes the cell for a formula.
func innocua(cella string) bool {
	if formaCifra.MatchString(cella) {
		return true
	}
	for _, r := range cella {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return false
		}
	}
	return !strings.ContainsAny(cella[:min(len(cella), 1)], "=+-@|%") && !strings.ContainsAny(string(append([]rune(cella), ' ')[0]), "＝＋－＠") &&
		!strings.HasPrefix(strings.TrimLeft(cella, " \"\u00a0\u200b\ufeff"), "=") && !strings.HasPrefix(strings.TrimLeft(cella, " \"\u00a0\u200b\ufeff"), "＝")
}

// originale undoes the apostrophe.
func originale(cella string) string {
	resto, c := strings.CutPrefix(cella, "'")
	if c && pericoloso.MatchString(resto) {
		return resto
	}
	return cella
}

var pericoloso = regexp.MustCompile("^[\\pZ\\p{Cf}\\p{Mn}\\p{Pi}\\p{Pf}\"'`´‚„]*[=+\\-@|%−＝＋－＠｜％﹢﹣﹦﹫﹪⁺⁻⁼₊₋₌]")

// pulita is what a text is on one line.
func pulita(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

func verificaCella(t require.TestingT, s *sportello.Sportello, a pratica.Attore, separatore rune, testo string) {
	righe := esporta(t, s, a, storage.Filtro{}, sportello.FormatoCSV{Separatore: separatore})
	require.Len(t, righe, 1)
	for i, c := range righe[0] {
		require.True(t, innocua(c), "cell %d: %q", i, c)
	}
	for _, i := range []int{2, 7, 12} { // name, office, text of the form
		require.Equal(t, pulita(testo), originale(righe[0][i]), "%q", righe[0][i])
	}
	if !formaCifra.MatchString(righe[0][13]) { // a number of the form that is none
		require.Equal(t, pulita(testo), originale(righe[0][13]))
	}
}

func conTesto(t require.TestingT, b *banco, testo string) *sportello.Sportello {
	ieri := b.orologio.Ora().Add(-24 * time.Hour)
	return b.con(t, fisse{b.store, []storage.Riga{{ID: "x", Servizio: "nido", Stato: pratica.InCarico, Richiedente: testo, Ufficio: testo, Operatore: testo,
		PresentataIl: ieri, Creata: ieri, CambioStato: ieri, Campi: map[string]string{"via": testo, "isee": testo}}}})
}

func TestEsportaCSVFormule(t *testing.T) {
	t.Parallel()
	b := conElenchi(t, elencato(t, "nido", 1, colonnePiene()...))
	for testo, attesa := range map[string]string{
		"":                     "",
		"Rossi":                "Rossi",
		"'ndrangheta":          "'ndrangheta",
		"3-2":                  "3-2",
		"=1+1":                 "'=1+1",
		"+39 06":               "'+39 06",
		"-2":                   "'-2",
		"@SUM(A1)":             "'@SUM(A1)",
		"\t=1":                 "' =1",
		"\r=1":                 "' =1",
		"a\r\nb":               "a  b",
		"＝1+1":                 "'＝1+1",
		"＋1":                   "'＋1",
		"－1":                   "'－1",
		"＠A":                   "'＠A",
		"⁼1":                   "'⁼1",
		"  =1":                 "'  =1",
		"\u00a0=1":             "'\u00a0=1",
		"\u200b=1":             "'\u200b=1",
		"\ufeff=1":             "'\ufeff=1",
		"\"=1":                 "'\"=1",
		"''=1":                 "'''=1",
		"“=1":                  "'“=1",
		"|calc":                "'|calc",
		"a;b,c\td\"e":          "a;b,c d\"e",
		"\xff":                 "\uFFFD",
		"=cmd|' /C calc'!A0":   "'=cmd|' /C calc'!A0",
		"=HYPERLINK(\"http\")": "'=HYPERLINK(\"http\")",
	} {
		s := conTesto(t, b, testo)
		require.Equal(t, attesa, esporta(t, s, b.operatore, storage.Filtro{}, sportello.FormatoCSV{})[0][12], "%q", testo)
		for _, separatore := range []rune{';', ',', '\t'} {
			verificaCella(t, s, b.operatore, separatore, testo)
		}
	}
	for testo, attesa := range map[string]string{
		"1.234,50 €": "1234,50", "-1.234.567,50 €": "-1234567,50", "0": "0", "-3,25": "-3,25", "12": "12", "1,2, 3": "1,2, 3", "-1, 2": "'-1, 2",
		"1.23": "1.23", "1234.567": "1234.567", "-": "'-", "€": "€", "-=1": "'-=1", "1,": "1,", "--1": "'--1", "-1,5=2": "'-1,5=2",
	} {
		require.Equal(t, attesa, esporta(t, conTesto(t, b, testo), b.operatore, storage.Filtro{}, sportello.FormatoCSV{})[0][13], "%q", testo)
	}
	rapid.Check(t, func(t *rapid.T) {
		testo := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("=+-@|%＝＋－＠ \t\r\n\"';,.€0123\u200b\ufeff\u2028\x00")))).Draw(t, "testo")
		verificaCella(t, conTesto(t, b, testo), b.operatore, rapid.SampledFrom([]rune{';', ',', '\t'}).Draw(t, "separatore"), testo)
	})
}

func FuzzEsportaCSV(f *testing.F) {
	for _, s := range []string{"", "=1+1", "\t-1", "\"=1\"", "Rossi;Verdi", "＝1", "1.234,50 €", "'", "a\r\nb", "\xff\x00"} {
		f.Add(s)
	}
	b := conElenchi(f, elencato(f, "nido", 1, colonnePiene()...))
	f.Fuzz(func(t *testing.T, testo string) {
		for _, separatore := range []rune{';', ',', '\t'} {
			verificaCella(t, conTesto(t, b, testo), b.operatore, separatore, testo)
		}
	})
}

// Names that services share stay apart where their values do not read alike.
func TestEsportaCSVPiuServizi(t *testing.T) {
	t.Parallel()
	testi := crea(t, servizio.Configurazione{ID: "testi", Versione: 1, Nome: "Testi", Accesso: servizio.SPID1,
		Modulo: modulo.Definizione{ID: "s", Versione: 1, Titolo: "S", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "S", Campi: []modulo.Campo{{ID: "isee", Etichetta: "Attestazione", Tipo: modulo.Testo}}}}},
		Elenco: []servizio.CampoElenco{{Campo: "isee", Colonna: true}}})
	b := conElenchi(t, elencato(t, "nido", 1, servizio.CampoElenco{Campo: "isee", Colonna: true}), testi)
	b.presenta("nido", modulo.Risposte{"isee": "1234.5"})
	b.presenta("testi", modulo.Risposte{"isee": "-7"})
	var w strings.Builder
	require.NoError(t, b.s.EsportaCSV(context.Background(), b.operatore, storage.Filtro{}, &w, sportello.FormatoCSV{}))
	require.Contains(t, w.String(), `;"ISEE / Attestazione"`)
	righe := leggiCSV(t, w.String(), sportello.FormatoCSV{})
	require.Equal(t, []string{"'-7", "1.234,50 €"}, []string{righe[0][12], righe[1][12]})
	require.Equal(t, "1234,50", esporta(t, b.s, b.operatore, storage.Filtro{Servizi: []string{"nido"}}, sportello.FormatoCSV{})[0][12])
	require.Equal(t, decimal.Zero.StringFixed(0)+",00", righe[0][10])
}
