package documento_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica/documento"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

func TestScriviOgniTipo(t *testing.T) {
	t.Parallel()
	p := produttore(t, documento.Config{})
	visti := map[documento.Tipo]bool{}
	for _, d := range tutti() {
		visti[d.Tipo] = true
		b, out := scrivi(t, p, d)
		h := sha256.Sum256(b)
		require.Equal(t, hex.EncodeToString(h[:]), out.SHA256)
		require.EqualValues(t, len(b), out.Dimensione)
		require.Equal(t, strings.ReplaceAll(string(d.Tipo), "_", "-")+"-2026-000123.pdf", out.NomeFile)
		require.Contains(t, []int{1, 2, 3}, out.Pagine)
		require.Empty(t, out.Sostituzioni)
		require.True(t, bytes.HasPrefix(b, []byte("%PDF-1.7\n%")))
		// Two runs in the same second would agree on a clock: the instant must be the document's.
		require.Equal(t, 2, strings.Count(string(b), "(D:20260331101542+02'00')"), "Info, in Europe/Rome")
		require.Equal(t, 2, strings.Count(string(b), ">2026-03-31T10:15:42+02:00<"), "XMP, the same instant")
		for _, privato := range []string{"DNCNCL80A01L219X", "Nicol", "Mille"} {
			require.NotContains(t, string(b), privato, "no personal data outside the compressed pages")
		}
	}
	for _, tipo := range documento.Tipi() {
		require.True(t, visti[tipo], tipo)
	}
}

// Golden fingerprints would change with the Go release, whose deflate is not
// promised stable; so equality is asked of two producers and of two processes.
func TestScriviRiproducibile(t *testing.T) {
	t.Parallel()
	const variabile = "DOCUMENTO_SOLO_IMPRONTE"
	impronte := func() string {
		p := produttore(t, documento.Config{})
		var s []string
		for _, d := range []documento.Documento{tutti()[0], testiDifficili()} {
			_, out := scrivi(t, p, d)
			s = append(s, out.SHA256)
		}
		return strings.Join(s, " ")
	}
	mie := impronte()
	if os.Getenv(variabile) != "" {
		fmt.Println("impronte: " + mie)
		return
	}
	require.Equal(t, mie, impronte())
	cmd := exec.Command(os.Args[0], "-test.run=^TestScriviRiproducibile$", "-test.v")
	cmd.Env = append(os.Environ(), variabile+"=1")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "impronte: "+mie)
}

func TestScriviInParallelo(t *testing.T) {
	t.Parallel()
	p := produttore(t, documento.Config{})
	d := documento.Istanza(istanza())
	_, atteso := scrivi(t, p, d)
	esiti := make(chan string, 4)
	for range 4 {
		go func() {
			out, err := p.Scrivi(context.Background(), &bytes.Buffer{}, d)
			if err != nil {
				out.SHA256 = err.Error()
			}
			esiti <- out.SHA256
		}()
	}
	for range 4 {
		require.Equal(t, atteso.SHA256, <-esiti)
	}
}

// testiDifficili holds what users paste into forms.
func testiDifficili() documento.Documento {
	in := istanza()
	in.Sezioni = []documento.Sezione{{Titolo: "Testi \x00\u202e 😀", Voci: []documento.Voce{
		{Etichetta: "emoji", Valore: "ciao 😀😀 \U0001F468\u200d\U0001F469 fine"},
		{Etichetta: "scomposto", Valore: "perche\u0301 e\u0300"},
		{Etichetta: "ideogrammi", Valore: "漢字"},
		{Etichetta: "ebraico e arabo", Valore: "שלום مرحبا"},
		{Etichetta: "bidirezionale", Valore: "a\u202eb\u2066c\u200f"},
		{Etichetta: "non UTF-8", Valore: "a\xff\xfeb"},
		{Etichetta: "controlli", Valore: "a\x00\x01\x1b[31mb\r\nc\rd\te\u2028f"},
		{Etichetta: "sintassi PDF", Valore: `\ ( ) << /Type >> endstream endobj {nb}`},
		{Etichetta: "parola lunga", Valore: strings.Repeat("Precipitevolissimevolmente", 40)},
		{Etichetta: strings.Repeat("etichetta", 60), Valore: "x"},
		{Etichetta: "spazi", Valore: "a\u00a0b\u2003c\u202fd\u3000e" + strings.Repeat(" ", 500) + "f"},
	}}}
	return documento.Istanza(in)
}

func TestScriviTestiDifficili(t *testing.T) {
	t.Parallel()
	_, out := scrivi(t, produttore(t, documento.Config{}), testiDifficili())
	got := map[string]int{}
	for i, s := range out.Sostituzioni {
		got[s.Codice] = s.Volte
		require.Equal(t, fmt.Sprintf("U+%04X", s.Runa), s.Codice)
		if i > 0 {
			require.Less(t, out.Sostituzioni[i-1].Runa, s.Runa, "sorted")
		}
	}
	require.Equal(t, 3, got["U+1F600"], "two in the value, one in the title")
	require.Equal(t, 1, got["U+1F468"])
	require.Equal(t, 1, got["U+6F22"])
	require.Equal(t, 1, got["U+05DC"])
	require.Equal(t, 1, got["U+0631"])
	require.Equal(t, 2, got["U+FFFD"])
	for _, tolto := range []string{"U+0000", "U+202E", "U+200D", "U+0301", "U+001B"} {
		require.NotContains(t, got, tolto)
	}
}

func TestScriviRifiuta(t *testing.T) {
	t.Parallel()
	p := produttore(t, documento.Config{})
	_, err := p.Scrivi(context.Background(), &bytes.Buffer{}, documento.Documento{
		Allegati:    []documento.Allegato{{Nome: " ", Dimensione: -1, SHA256: "ABC"}},
		Richiedente: annida(20),
		Parti: []documento.Parte{
			{Tabella: &documento.Tabella{}},
			{Tabella: &documento.Tabella{Colonne: []documento.Colonna{{Peso: -1}}, Righe: [][]string{{"a", "b"}}}},
		},
	})
	var e *documento.Errore
	require.ErrorAs(t, err, &e)
	require.ErrorIs(t, err, documento.ErrNonValido)
	var percorsi []string
	for _, c := range e.Campi {
		percorsi = append(percorsi, c.Percorso+" "+c.Codice)
	}
	require.Subset(t, percorsi, []string{
		"Tipo non_valido", "Intestazione.Ente obbligatorio", "Intestazione.Oggetto obbligatorio", "Intestazione.NumeroPratica obbligatorio",
		"Intestazione.Data obbligatorio", "Allegati[0].Nome obbligatorio", "Allegati[0].Dimensione non_valido", "Allegati[0].SHA256 non_valido",
		"Parti[0].Tabella.Colonne non_valido", "Parti[1].Tabella.Colonne[0].Peso non_valido", "Parti[1].Tabella.Righe[0] non_valido",
	})
	require.Contains(t, strings.Join(percorsi, "\n"), "troppo_profondo")
	require.Contains(t, err.Error(), "Tipo non_valido")
}

func annida(n int) []documento.Voce {
	v := []documento.Voce{{Etichetta: "fondo", Valore: "x"}}
	for range n {
		v = []documento.Voce{{Etichetta: "gruppo", Righe: []documento.Riga{{Voci: v}}}}
	}
	return v
}

// The law wants reasons: an act that lacks them is not made.
func TestMotivazioneObbligatoria(t *testing.T) {
	t.Parallel()
	p := produttore(t, documento.Config{})
	for _, d := range tutti() {
		d.Motivazione = " \n"
		_, err := p.Scrivi(context.Background(), &bytes.Buffer{}, d)
		switch d.Tipo {
		case documento.TipoEsitoNegativo, documento.TipoPreavvisoRigetto, documento.TipoAnnullamento, documento.TipoRichiestaIntegrazione:
			require.EqualError(t, err, "documento: dati non validi: Motivazione obbligatorio (campi: 1)")
		default:
			require.NoError(t, err)
		}
	}
}

type scrittoreGuasto struct{}

func (scrittoreGuasto) Write([]byte) (int, error) { return 0, errors.ErrUnsupported }

// contesto ends after it was asked n times.
type contesto struct {
	context.Context
	resta int
}

func (c *contesto) Err() error {
	if c.resta--; c.resta < 0 {
		return context.Canceled
	}
	return nil
}

func TestScriviLimiti(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var b bytes.Buffer
	_, err := produttore(t, documento.Config{MaxPagine: 3}).Scrivi(ctx, &b, documento.Istanza(gruppo(300)))
	require.ErrorIs(t, err, documento.ErrTroppoGrande)
	_, err = produttore(t, documento.Config{MaxTesto: 1000}).Scrivi(ctx, &b, documento.Istanza(istanza()))
	require.ErrorIs(t, err, documento.ErrTroppoGrande)

	p := produttore(t, documento.Config{})
	fermo, ferma := context.WithCancel(ctx)
	ferma()
	_, err = p.Scrivi(fermo, &b, documento.Istanza(istanza()))
	require.ErrorIs(t, err, context.Canceled)
	_, err = p.Scrivi(&contesto{ctx, 3}, &b, documento.Istanza(gruppo(300)))
	require.ErrorIs(t, err, context.Canceled, "looked at between pages")
	require.Zero(t, b.Len(), "nothing is written of a document that failed")

	_, err = p.Scrivi(ctx, scrittoreGuasto{}, documento.Istanza(istanza()))
	require.ErrorIs(t, err, errors.ErrUnsupported)

	for _, c := range []documento.Config{{MaxPagine: -1}, {MaxTesto: -1}, {Livello: "pdf-x"}} {
		_, err := documento.New(c)
		require.ErrorIs(t, err, documento.ErrNonValido)
	}
}

func TestGruppoDi2000Righe(t *testing.T) {
	t.Parallel()
	b, out := scrivi(t, produttore(t, documento.Config{}), documento.Istanza(gruppo(2000)))
	require.Greater(t, out.Pagine, 80)
	testo := leggiTesto(t, b)
	for _, i := range []int{0, 999, 1999} {
		require.Contains(t, testo, fmt.Sprintf("AB%05d", i))
	}
	require.Contains(t, testo, fmt.Sprintf("Pagina %d di %d", out.Pagine, out.Pagine))
}

// leggiTesto extracts the text with poppler's pdftotext.
func leggiTesto(t testing.TB, b []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext assente (poppler-utils): testo del PDF non verificato")
	}
	f := filepath.Join(t.TempDir(), "d.pdf")
	require.NoError(t, os.WriteFile(f, b, 0o600))
	out, err := exec.Command("pdftotext", "-layout", "-nopgbrk", f, "-").Output()
	require.NoError(t, err)
	return string(out)
}

// Every label and every value of the input is in the text of the PDF, in any
// kind of document and of table, whatever its length.
func TestTestoCompleto(t *testing.T) {
	t.Parallel()
	p := produttore(t, documento.Config{})
	senzaSpazi := func(s string) string { return strings.Join(strings.Fields(s), "") }
	for _, d := range append(tutti(), tabelle()) {
		b, out := scrivi(t, p, d)
		testo := leggiTesto(t, b)
		unito := senzaSpazi(testo)
		vedi := func(s string) {
			for _, parola := range strings.Fields(s) { // columns interleave lines, not words
				require.Contains(t, unito, parola, "%s", d.Tipo)
			}
		}
		i := d.Intestazione
		vedi(strings.Join([]string{i.Ente, i.Ufficio, i.Servizio, i.Oggetto, i.NumeroPratica, i.Protocollo, "31/03/2026 ore 10:15", d.Tipo.Titolo()}, " "))
		vedi(strings.Join([]string{d.Formula, d.Dispositivo, d.Motivazione, d.Identita, d.Firma.Luogo, d.Firma.Nome, d.Firma.Qualifica, d.Firma.Nota}, " "))
		vedi(strings.Join(d.Destinatario, " "))
		vediVoci(vedi, d.Richiedente)
		for _, x := range d.Parti {
			vedi(x.Titolo + " " + strings.Join(x.Paragrafi, " ") + " " + strings.Join(x.Punti, " "))
			vediVoci(vedi, x.Voci)
			if x.Tabella != nil {
				for _, c := range x.Tabella.Colonne {
					vedi(c.Titolo)
				}
				for _, r := range x.Tabella.Righe {
					vedi(strings.Join(r, " "))
				}
			}
		}
		for _, a := range d.Allegati {
			require.Contains(t, testo, a.SHA256)
			vedi(a.Nome)
		}
		for n := 1; n <= out.Pagine; n++ {
			require.Contains(t, testo, fmt.Sprintf("Pagina %d di %d", n, out.Pagine))
		}
	}
}

func vediVoci(vedi func(string), voci []documento.Voce) {
	for _, v := range voci {
		vedi(v.Etichetta + " " + v.Valore)
		for _, r := range v.Righe {
			vedi(r.Titolo)
			vediVoci(vedi, r.Voci)
		}
	}
}

// tabelle gives tables of all kinds: long, narrow, with missing cells and with a
// row taller than a page.
func tabelle() documento.Documento {
	var lunga, stretta [][]string
	for i := range 120 {
		lunga = append(lunga, []string{fmt.Sprint("riga", i), "valore", fmt.Sprintf("€ %d,00", i)})
	}
	lunga = append(lunga, []string{"alta", strings.Repeat("capoverso di una cella altissima ", 400), "€ 1,00"}, []string{"monca"}, nil)
	colonne := make([]documento.Colonna, 12)
	celle := make([]string, 12)
	for i := range colonne {
		colonne[i].Titolo = fmt.Sprint("c", i)
		celle[i] = fmt.Sprint("x", i)
	}
	stretta = append(stretta, celle)
	a := atto()
	a.Altro = []documento.Parte{
		{Titolo: "Lunga", Tabella: &documento.Tabella{Colonne: []documento.Colonna{{Titolo: "Nome"}, {Titolo: "Testo", Peso: 4}, {Titolo: "Importo", Destra: true}}, Righe: lunga}},
		{Tabella: &documento.Tabella{Colonne: colonne, Righe: stretta}},
		{Titolo: "Insieme", Paragrafi: []string{"p"}, Punti: []string{"q"}, Voci: []documento.Voce{{Etichetta: "v", Valore: "w"}},
			Allegati: []documento.Allegato{{Nome: "senza impronta.txt", Dimensione: 12}}},
	}
	return documento.Ritiro(documento.DatiRitiro{Atto: a})
}

// Headings of a table come back on each page that it reaches.
func TestTabellaRipeteIntestazione(t *testing.T) {
	t.Parallel()
	b, out := scrivi(t, produttore(t, documento.Config{}), tabelle())
	require.Greater(t, out.Pagine, 4)
	require.GreaterOrEqual(t, strings.Count(leggiTesto(t, b), "Importo"), out.Pagine-1)
}

func validaPDFA(t *testing.T, file string) {
	t.Helper()
	jars := []string{"preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "commons-io", "javax.activation", "jaxb-api"}
	for i, j := range jars {
		jars[i] = "/usr/share/java/" + j + ".jar"
		if _, err := os.Stat(jars[i]); err != nil {
			t.Skip("Apache Preflight assente (libpdfbox2-java, libactivation-java, libjaxb-api-java): PDF/A-1b non verificato")
		}
	}
	if _, err := exec.LookPath("java"); err != nil {
		t.Skip("java assente: PDF/A-1b non verificato")
	}
	out, err := exec.Command("java", "-cp", strings.Join(jars, ":"), "org.apache.pdfbox.preflight.Validator_A1b", file).CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "is a valid PDF/A-1b file")
}

func TestPDFA1bValido(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short: PDF/A-1b non verificato")
	}
	p := produttore(t, documento.Config{Livello: documento.PDFA1B})
	d := testiDifficili()
	d.Parti = append(d.Parti, tabelle().Parti...)
	b, _ := scrivi(t, p, d)
	f := filepath.Join(t.TempDir(), "d.pdf")
	require.NoError(t, os.WriteFile(f, b, 0o600))
	validaPDFA(t, f)
}

// Whatever the text, the document is made, and made again equal. A document costs
// milliseconds, so the generator is sampled rather than checked; FuzzScrivi goes on.
func TestQualunqueTesto(t *testing.T) {
	t.Parallel()
	p := produttore(t, documento.Config{})
	g := rapid.Custom(qualunque)
	for seme := range 6 {
		d := g.Example(seme)
		_, uno := scrivi(t, p, d)
		_, due := scrivi(t, p, d)
		require.Equal(t, uno, due)
	}
}

func qualunque(t *rapid.T) documento.Documento {
	a := atto()
	s := rapid.OneOf(rapid.String(), rapid.StringN(0, 3000, 6000), rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 200), func(b []byte) string { return string(b) }))
	a.Intestazione.Ente = "E" + rapid.StringN(0, 60, 240).Draw(t, "ente")
	a.Intestazione.Oggetto = "O" + rapid.StringN(0, 500, 1900).Draw(t, "oggetto")
	a.Destinatario = rapid.SliceOfN(s, 0, 4).Draw(t, "destinatario")
	a.Richiedente = []documento.Voce{{Etichetta: s.Draw(t, "etichetta"), Valore: s.Draw(t, "valore"), Righe: []documento.Riga{{Titolo: s.Draw(t, "riga")}}}}
	a.Altro = []documento.Parte{{Titolo: s.Draw(t, "titolo"), Punti: []string{s.Draw(t, "punto")}, Tabella: &documento.Tabella{
		Colonne: []documento.Colonna{{Titolo: s.Draw(t, "colonna")}, {Peso: 0.1}}, Righe: [][]string{{s.Draw(t, "cella"), s.Draw(t, "cella stretta")}}}}}
	a.Firma = documento.Firma{Luogo: s.Draw(t, "luogo"), Nome: s.Draw(t, "nome"), Nota: s.Draw(t, "nota")}
	return documento.Esito(documento.DatiEsito{Atto: a, Motivazione: "M" + s.Draw(t, "motivo")})
}

func FuzzScrivi(f *testing.F) {
	f.Add("Comune", "valore\ncon righe", "cella 😀")
	f.Add("\x00\xff", "\u202e\u0301\u0301\u0301", "e\u0301")
	f.Add("נ", strings.Repeat("w", 900), "\U0010ffff\ufeff\ufffe")
	p, err := documento.New(documento.Config{MaxPagine: 50})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, etichetta, valore, cella string) {
		in := istanza()
		in.Intestazione.Ente, in.Intestazione.Servizio = "E"+etichetta, cella
		in.Sezioni = []documento.Sezione{{Titolo: etichetta, Voci: []documento.Voce{{Etichetta: etichetta, Valore: valore, Righe: []documento.Riga{
			{Titolo: cella, Voci: []documento.Voce{{Etichetta: valore, Valore: cella}}}}}}}}
		in.Altro = []documento.Parte{{Paragrafi: []string{valore}, Tabella: &documento.Tabella{Colonne: []documento.Colonna{{Titolo: cella}, {}}, Righe: [][]string{{valore, etichetta}}}}}
		var b bytes.Buffer
		_, err := p.Scrivi(context.Background(), &b, documento.Istanza(in))
		if err != nil {
			require.NotErrorIs(t, err, documento.ErrInterno)
			return
		}
		require.Equal(t, 1, bytes.Count(b.Bytes(), []byte("\nstartxref\n")))
	})
}
