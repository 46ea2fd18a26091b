package sportello_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/storage"
)

const cfMario = "RSSMRA80A01H501U"

// copia is a package read back: its entries by name.
type copia map[string][]byte

func leggiCopia(t *testing.T, b []byte) copia {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	require.NoError(t, err)
	c := copia{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		v, err := io.ReadAll(r)
		require.NoError(t, err, f.Name)
		require.NotContains(t, c, f.Name, "an entry twice")
		c[f.Name] = v
	}
	return c
}

func (c copia) leggi(t *testing.T, nome string, in any) {
	t.Helper()
	require.Contains(t, c, nome)
	require.NoError(t, json.Unmarshal(c[nome], in))
}

type indice struct {
	Formato       int
	CodiceFiscale string `json:"codice_fiscale"`
	DellEnte      bool   `json:"dell_ente"`
	Completa      bool
	Oltre         bool
	Pratiche      []struct {
		ID                                              pratica.ID
		Numero, Servizio, Etichetta, Cartella, Problema string
		ConservataFino                                  time.Time `json:"conservata_fino"`
	}
}

type fileCopia struct{ ID, Nome, File, Errore, SHA256 string }

type praticaCopia struct {
	Operatore           string
	Risposte            map[string]any
	Richiedente         struct{ Nome string }
	Documenti, Allegati []fileCopia
	Messaggi            []struct{ Da, Testo string }
	Note                []pratica.Nota
	Pagamenti           []pratica.Pagamento
	Bolli               []pratica.Bollo
	Appuntamenti        []pratica.Appuntamento
	Integrazioni        []pratica.Integrazione
	Esito               *pratica.Esito
}

func (b *banco) esporta(a pratica.Attore, cf string) (copia, error) {
	b.t.Helper()
	var w bytes.Buffer
	err := b.s.EsportaPersona(context.Background(), a, cf, &w)
	t, ok := b.t.(*testing.T)
	require.True(b.t, ok)
	return leggiCopia(t, w.Bytes()), err
}

func TestEsportaPersona(t *testing.T) {
	t.Parallel()
	b, _ := bancoSuDisco(t)
	ctx := context.Background()
	intera, bozza := vita(b, "1234567890123"), b.bozza("pieno")
	b.allega(bozza, "pianta")
	altri := b.attori()
	altrui, err := b.s.ApriBozza(ctx, altri[altroCittadino], "spoglio")
	require.NoError(t, err)
	segnalata, err := b.s.ApriBozza(ctx, altri[anonimo], "inoltro")
	require.NoError(t, err)
	c, err := b.esporta(b.cittadino, " rssmra80a01h501u ")
	require.NoError(t, err)

	var ind indice
	c.leggi(t, "indice.json", &ind)
	require.Equal(t, []any{1, cfMario, false, true}, []any{ind.Formato, ind.CodiceFiscale, ind.DellEnte, ind.Completa})
	require.Len(t, ind.Pratiche, 2)
	require.Equal(t, []pratica.ID{intera, bozza}, []pratica.ID{ind.Pratiche[0].ID, ind.Pratiche[1].ID})
	require.Equal(t, []string{"pratiche/2026-000001", "pratiche/bozza-" + string(bozza)}, []string{ind.Pratiche[0].Cartella, ind.Pratiche[1].Cartella})
	p := b.carica(intera)
	require.Equal(t, servizio.Conservazione{Anni: 10}.Scadenza(p.ConclusaIl), ind.Pratiche[0].ConservataFino)
	require.Equal(t, servizio.Conservazione{GiorniBozza: 60}.ScadenzaBozza(b.carica(bozza).Aggiornata), ind.Pratiche[1].ConservataFino)

	var x praticaCopia
	c.leggi(t, "pratiche/2026-000001/pratica.json", &x)
	require.Equal(t, "Mario", x.Richiedente.Nome)
	require.Equal(t, "12", fmt.Sprint(x.Risposte["metri"]))
	require.Len(t, x.Documenti, len(p.Documenti))
	require.Len(t, x.Allegati, 2)
	require.Equal(t, "lettera di Mario Rossi.txt", x.Allegati[1].Nome)
	require.Equal(t, "Scrive Mario Rossi", x.Messaggi[slices.IndexFunc(x.Messaggi, func(m struct{ Da, Testo string }) bool { return m.Da == "Richiedente" })].Testo)
	require.Equal(t, p.Pagamenti[0].Posizione.IUV, x.Pagamenti[0].Posizione.IUV)
	require.Len(t, x.Bolli, 2)
	require.Equal(t, p.Appuntamenti[0].Inizio, x.Appuntamenti[0].Inizio)
	require.Equal(t, "Ecco, Mario", x.Integrazioni[0].Risposta)
	require.Equal(t, "Mario Rossi ha i requisiti", x.Esito.Motivazione)
	c.controllaFile(t, "pratiche/2026-000001/", append(x.Documenti, x.Allegati...))
	var y praticaCopia
	c.leggi(t, ind.Pratiche[1].Cartella+"/pratica.json", &y)
	require.Len(t, y.Allegati, 1)
	c.controllaFile(t, ind.Pratiche[1].Cartella+"/", y.Allegati)

	// Of the office nothing but what he is shown; of others nothing at all.
	for nome, v := range c {
		require.NotContains(t, nome, "eventi.json")
		if !strings.HasSuffix(nome, ".pdf") {
			for _, m := range []string{"Appunto", "op-1", string(altrui), string(segnalata), "Verdi"} {
				require.NotContains(t, string(v), m, nome)
			}
		}
	}
	pagina := string(c["pratiche/2026-000001/pratica.html"])
	for _, m := range []string{"Servizio pieno, n. 2026-000001", "Scrive Mario Rossi", "protocollo n. 0000001/2026", `href="allegati/002.txt"`, "lettera di Mario Rossi.txt", "Mario Rossi ha i requisiti", "Metri quadrati", "€"} {
		require.Contains(t, pagina, m)
	}
	require.Contains(t, string(c["indice.html"]), `href="pratiche/2026-000001/pratica.html"`)
	require.Contains(t, string(c["indice.html"]), "<td>10/03/2036</td>", "the last day of ten years")
}

// controllaFile: every file is there, whole, under a name that says nothing.
func (c copia) controllaFile(t *testing.T, cartella string, file []fileCopia) {
	t.Helper()
	for _, f := range file {
		require.Empty(t, f.Errore)
		h := sha256.Sum256(c[cartella+f.File])
		require.Equal(t, f.SHA256, hex.EncodeToString(h[:]), f.File)
	}
}

func TestEsportaPersonaPerLEnte(t *testing.T) {
	t.Parallel()
	b, _ := bancoSuDisco(t)
	id := vita(b, "1234567890123")
	c, err := b.esporta(b.sistema(), cfMario)
	require.NoError(t, err)
	var ind indice
	c.leggi(t, "indice.json", &ind)
	require.True(t, ind.DellEnte)
	var x praticaCopia
	c.leggi(t, "pratiche/2026-000001/pratica.json", &x)
	require.Equal(t, "Appunto su Mario", x.Note[0].Testo)
	require.Equal(t, "op-1", x.Operatore)
	require.Contains(t, string(c["pratiche/2026-000001/pratica.html"]), "Appunto su Mario")
	require.Contains(t, string(c["indice.html"]), "art. 15, par. 4")
	var iter []pratica.Evento
	c.leggi(t, "pratiche/2026-000001/eventi.json", &iter)
	require.NoError(t, pratica.Verifica(iter))
	p, err := pratica.Ripiega(iter)
	require.NoError(t, err)
	require.JSONEq(t, testo(t, b.carica(id)), testo(t, p))

	c, err = b.esporta(b.sistema(), "VRDLGU80A01H501Q")
	require.NoError(t, err)
	c.leggi(t, "indice.json", &ind)
	require.True(t, ind.Completa)
	require.Contains(t, string(c["indice.html"]), "Nessuna pratica")
	require.Len(t, c, 2, "that there is nothing is an answer too")
}

var neutro = regexp.MustCompile(`^(indice\.(json|html)|pratiche/([0-9]{4}-[0-9]{6}|bozza-[0-9a-f-]{36})/((pratica|iter|eventi)\.(json|html)|documenti/[a-z_]+(-[0-9]+)?\.pdf|allegati/[0-9]{3}\.(pdf|jpg|txt)))$`)

// TestEsportaPersonaSempreUguale: same contents and clock, same bytes; names
// that say nothing of anybody.
func TestEsportaPersonaSempreUguale(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	vita(b, "1234567890123")
	b.allega(b.bozza("pieno"), "pianta")
	c, ora := b.config, time.Date(2026, 5, 4, 10, 30, 0, 0, time.UTC)
	c.Orologio = func() time.Time { return ora }
	var prima []byte
	for range 3 {
		s, err := sportello.New(c)
		require.NoError(t, err)
		var w bytes.Buffer
		require.NoError(t, s.EsportaPersona(context.Background(), b.sistema(), cfMario, &w))
		if prima == nil {
			prima = w.Bytes()
		}
		require.Equal(t, prima, w.Bytes())
	}
	z, err := zip.NewReader(bytes.NewReader(prima), int64(len(prima)))
	require.NoError(t, err)
	require.Greater(t, len(z.File), 10)
	for _, f := range z.File {
		require.Regexp(t, neutro, f.Name)
		require.True(t, ora.Equal(f.Modified), f.Name)
	}
}

func TestEsportaPersonaPerChi(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	b.inviata("spoglio")
	var w bytes.Buffer
	for chi, a := range b.attori() {
		w.Reset()
		err := b.s.EsportaPersona(context.Background(), a, cfMario, &w)
		switch chi {
		case richiedente, sistema, sistemaAltrove, altrove: // elsewhere there is nothing of him
			require.NoError(t, err, chi)
			require.Equal(t, chi == richiedente || chi == sistema, len(leggiCopia(t, w.Bytes())) > 2, chi)
		default:
			require.ErrorIs(t, err, pratica.ErrNonAutorizzato, chi)
			require.Zero(t, w.Len(), chi)
		}
	}
	for _, cf := range []string{"", " ", strings.Repeat("A", 65)} {
		require.ErrorIs(t, b.s.EsportaPersona(context.Background(), b.sistema(), cf, &w), pratica.ErrNonValido)
		senza := b.cittadino
		senza.Persona.CodiceFiscale = ""
		require.ErrorIs(t, b.s.EsportaPersona(context.Background(), senza, cf, &w), pratica.ErrNonAutorizzato)
	}
	require.ErrorIs(t, b.s.EsportaPersona(context.Background(), b.cittadino, "VRDLGU80A01H501Q", &w), pratica.ErrNonAutorizzato)

	// Not surely enough identified: the index says what is not handed over.
	id := b.bozza("pieno")
	basso := b.cittadino
	basso.Livello = servizio.SPID1
	c, err := b.esporta(basso, cfMario)
	require.NoError(t, err)
	var ind indice
	c.leggi(t, "indice.json", &ind)
	require.False(t, ind.Completa)
	require.Len(t, ind.Pratiche, 2)
	require.Equal(t, id, ind.Pratiche[1].ID)
	require.Empty(t, ind.Pratiche[1].Cartella)
	require.Contains(t, ind.Pratiche[1].Problema, "livello più alto")
	require.Contains(t, string(c["indice.html"]), "livello più alto")
	require.Contains(t, string(c["indice.html"]), "incompleta")
	for nome := range c {
		require.NotContains(t, nome, string(id))
	}
}

// TestEsportaPersonaDecisioneNonEmessa: a decision is told when it is issued.
func TestEsportaPersonaDecisioneNonEmessa(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	id := b.inviata("registrato")
	b.esegui(b.operatore, id, pratica.PrendiInCarico{})
	al, err := b.s.Allega(ctx, b.operatore, id, sportello.NuovoAllegato{Nome: "parere.txt", Origine: pratica.OrigineEnte}, strings.NewReader("Parere contrario"))
	require.NoError(t, err)
	b.esegui(b.operatore, id, pratica.Rifiuta{Motivazione: "Manca tutto", Allegati: []string{al.ID}})
	for _, a := range []pratica.Attore{b.cittadino, b.sistema()} {
		c, err := b.esporta(a, cfMario)
		require.NoError(t, err)
		var tutto strings.Builder
		for nome, v := range c {
			tutto.WriteString(nome + string(v))
		}
		for _, m := range []string{"Manca tutto", "esito_negativo", "arere"} {
			require.Equal(t, a.Ruolo == pratica.Sistema, strings.Contains(tutto.String(), m), "%s: %s", a.Ruolo, m)
		}
	}
}

// TestEsportaPersonaFileGuasti: what is missing is said, in the package and to
// the caller, and the rest is there.
func TestEsportaPersonaFileGuasti(t *testing.T) {
	t.Parallel()
	b, dir := bancoSuDisco(t)
	id := vita(b, "1234567890123")
	b.inviata("spoglio")
	p := b.carica(id)
	nomi := func(impronta string) string {
		f, err := filepath.Glob(filepath.Join(dir, "*", impronta[:2], impronta))
		require.NoError(t, err)
		require.Len(t, f, 1)
		return f[0]
	}
	istanza, ok := p.Documento("istanza")
	require.True(t, ok)
	require.NoError(t, os.Remove(nomi(istanza.SHA256)))
	require.NoError(t, os.Truncate(nomi(p.Allegati[0].SHA256), 20))
	c, err := b.esporta(b.cittadino, cfMario)
	var e *sportello.ErroreCopia
	require.ErrorAs(t, err, &e)
	require.Equal(t, "sportello: copia incompleta: 2 elementi non leggibili", e.Error())
	require.Equal(t, []any{id, "istanza", id, p.Allegati[0].ID}, []any{e.Mancano[0].Pratica, e.Mancano[0].File, e.Mancano[1].Pratica, e.Mancano[1].File})
	require.ErrorIs(t, err, storage.ErrNonTrovata)
	require.ErrorIs(t, err, storage.ErrCorrotto)

	var ind indice
	c.leggi(t, "indice.json", &ind)
	require.False(t, ind.Completa)
	require.Equal(t, []string{"File mancanti o incompleti: 2.", ""}, []string{ind.Pratiche[0].Problema, ind.Pratiche[1].Problema})
	var x praticaCopia
	c.leggi(t, "pratiche/2026-000001/pratica.json", &x)
	require.Equal(t, []string{"", "il file non è disponibile"}, []string{x.Documenti[0].File, x.Documenti[0].Errore})
	require.Equal(t, []string{"allegati/001.jpg", "il file è incompleto o alterato"}, []string{x.Allegati[0].File, x.Allegati[0].Errore})
	for _, n := range []string{"documenti/istanza.pdf.ERRORE.txt", "allegati/001.jpg.ERRORE.txt"} {
		require.Contains(t, string(c["pratiche/2026-000001/"+n]), "Attenzione")
	}
	require.NotContains(t, c, "pratiche/2026-000001/documenti/istanza.pdf")
	require.Contains(t, string(c["pratiche/2026-000001/pratica.html"]), "il file non è disponibile")
	require.Contains(t, string(c["indice.html"]), "File mancanti o incompleti: 2.")
	c.controllaFile(t, "pratiche/2026-000001/", append(x.Documenti[1:], x.Allegati[1:]...))
}

// finestra is an archive of one endless content and a destination that see how
// far reading runs ahead of writing.
type finestra struct {
	storage.Archivio
	resta, letti, scritti, massimo int64
	caso                           *rand.ChaCha8
}

func (f *finestra) Apri(context.Context, string, string) (io.ReadCloser, error) {
	return io.NopCloser(f), nil
}

func (f *finestra) Read(b []byte) (int, error) {
	if f.resta <= 0 {
		return 0, io.EOF
	}
	n, err := f.caso.Read(b[:min(int64(len(b)), f.resta)])
	f.resta -= int64(n)
	f.letti += int64(n)
	f.massimo = max(f.massimo, f.letti-f.scritti)
	return n, err
}

func (f *finestra) Write(b []byte) (int, error) {
	f.scritti += int64(len(b))
	return len(b), nil
}

func TestEsportaPersonaScorre(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	b.inviata("spoglio")
	f := &finestra{Archivio: b.archivio, resta: 16 << 20, caso: rand.NewChaCha8([32]byte{1})}
	c := b.config
	c.Archivio = f
	s, err := sportello.New(c)
	require.NoError(t, err)
	require.NoError(t, s.EsportaPersona(context.Background(), b.cittadino, cfMario, f))
	require.Greater(t, f.scritti, int64(16<<20))
	require.Less(t, f.massimo, int64(1<<20), "never a file whole in memory")
}

var errPiena = errors.New("destinazione piena")

// finoA takes so many bytes, then ends in what is given.
type finoA struct {
	bytes.Buffer
	n    int
	fine func() error
}

func (f *finoA) Write(b []byte) (int, error) {
	if f.n -= len(b); f.n < 0 {
		if err := f.fine(); err != nil {
			return 0, err
		}
	}
	return f.Buffer.Write(b)
}

// TestEsportaPersonaInterrotta: what was not finished cannot be taken for it.
func TestEsportaPersonaInterrotta(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	vita(b, "1234567890123")
	rotta := func(w *finoA) {
		_, err := zip.NewReader(bytes.NewReader(w.Bytes()), int64(w.Len()))
		require.ErrorIs(t, err, zip.ErrFormat)
	}
	for _, n := range []int{0, 10, 5_000, 60_000} {
		w := &finoA{n: n, fine: func() error { return errPiena }}
		require.ErrorIs(t, b.s.EsportaPersona(context.Background(), b.cittadino, cfMario, w), errPiena, n)
		rotta(w)
		ctx, fine := context.WithCancel(context.Background())
		w = &finoA{n: n, fine: func() error { fine(); return nil }}
		require.ErrorIs(t, b.s.EsportaPersona(ctx, b.cittadino, cfMario, w), context.Canceled, n)
		rotta(w)
		fine()
	}
	for _, op := range []string{"Cerca", "Carica", "Eventi"} {
		b.guasta().Store(op)
		w := &finoA{n: 1 << 30}
		require.ErrorIs(t, b.s.EsportaPersona(context.Background(), b.cittadino, cfMario, w), errCrollo, op)
		rotta(w)
	}
}

// elencoFinto changes the rows that a search gives.
type elencoFinto struct {
	storage.Store
	righe func([]storage.Riga) []storage.Riga
}

func (e *elencoFinto) Cerca(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
	pg, err := e.Store.Cerca(ctx, f)
	pg.Righe = e.righe(pg.Righe)
	return pg, err
}

// senzaVersione has lost the configuration of a service.
type senzaVersione struct {
	sportello.Servizi
	servizio string
}

func (s *senzaVersione) Servizio(ctx context.Context, ente, id string, versione int) (*servizio.Servizio, error) {
	if id == s.servizio {
		return nil, pratica.ErrNonTrovato
	}
	return s.Servizi.Servizio(ctx, ente, id, versione)
}

func TestEsportaPersonaMolte(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	var ids []pratica.ID
	for range 105 {
		ids = append(ids, b.bozza("inoltro"))
	}
	persa := b.inviata("spoglio")
	c := b.config
	e := &elencoFinto{Store: b.store, righe: func(r []storage.Riga) []storage.Riga {
		// One is there twice, another was deleted meanwhile.
		return append(append(slices.Clone(r[:1]), storage.Riga{ID: "0197f000-0000-7000-8000-00000000dead"}), r...)
	}}
	c.Store, c.Servizi = e, &senzaVersione{b.config.Servizi, "spoglio"}
	s, err := sportello.New(c)
	require.NoError(t, err)
	var w bytes.Buffer
	err = s.EsportaPersona(ctx, b.cittadino, cfMario, &w)
	var incompleta *sportello.ErroreCopia
	require.ErrorAs(t, err, &incompleta)
	require.Equal(t, []pratica.ID{persa}, []pratica.ID{incompleta.Mancano[0].Pratica})
	require.Len(t, incompleta.Mancano, 1)
	var ind indice
	leggiCopia(t, w.Bytes()).leggi(t, "indice.json", &ind)
	var viste []pratica.ID
	for _, p := range ind.Pratiche {
		viste = append(viste, p.ID)
	}
	require.Equal(t, append(ids, persa), viste)
	require.Contains(t, ind.Pratiche[105].Problema, "configurazione")
	require.Empty(t, ind.Pratiche[105].Cartella)

	e.righe = func([]storage.Riga) []storage.Riga {
		r := make([]storage.Riga, sportello.MassimoEsportate+1)
		for i := range r {
			r[i].ID = pratica.ID(fmt.Sprintf("0197f000-0000-7000-8000-%012d", 900_000+i))
		}
		return r
	}
	w.Reset()
	err = s.EsportaPersona(ctx, b.cittadino, cfMario, &w)
	require.ErrorAs(t, err, &incompleta)
	require.True(t, incompleta.Oltre)
	require.Contains(t, err.Error(), "20000")
	k := leggiCopia(t, w.Bytes())
	k.leggi(t, "indice.json", &ind)
	require.True(t, ind.Oltre && !ind.Completa)
	require.Contains(t, string(k["indice.html"]), "mancano le più recenti")
}

// TestServizioPerduto: a service whose configuration is not there is not a
// pratica that is not there. What is still to be done for it waits.
func TestServizioPerduto(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	id := b.bozza("registrato")
	b.esegui(b.cittadino, id, pratica.Invia{})
	c := b.config
	c.Servizi = &senzaVersione{b.config.Servizi, "registrato"}
	s, err := sportello.New(c)
	require.NoError(t, err)
	_, err = s.Svuota(ctx)
	require.NoError(t, err)
	_, err = s.Apri(ctx, b.cittadino, id)
	require.ErrorIs(t, err, pratica.ErrNonConfigurato)
	require.NotErrorIs(t, err, pratica.ErrNonTrovato)
	for _, e := range b.effetti(id) {
		require.NotEqual(t, storage.Fatto, e.Stato, e.Genere)
	}
	b.orologio.Avanza(time.Hour)
	b.svuota()
	require.Equal(t, pratica.Protocollata, b.stato(id))
}
