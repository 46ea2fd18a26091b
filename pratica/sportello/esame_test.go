package sportello_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/allegato"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

// guardiano answers as it is told, after reading the file.
type guardiano struct {
	verdetto allegato.Verdetto
	firma    allegato.Validita
	err      error
	muto     bool // until its time is over
	visti    []string
	info     []allegato.Info
}

func (g *guardiano) leggi(ctx context.Context, r io.Reader, i allegato.Info) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	g.visti, g.info = append(g.visti, string(b)), append(g.info, i)
	if g.muto {
		<-ctx.Done()
		return ctx.Err()
	}
	return g.err
}

func (g *guardiano) Controlla(ctx context.Context, r io.Reader, i allegato.Info) (allegato.Verdetto, error) {
	return g.verdetto, g.leggi(ctx, r, i)
}

func (g *guardiano) Verifica(ctx context.Context, r io.Reader, i allegato.Info) (allegato.EsitoFirma, error) {
	return allegato.EsitoFirma{Validita: g.firma, Firmatari: 1}, g.leggi(ctx, r, i)
}

// TestControlli: what a control does not clear is not attached.
func TestControlli(t *testing.T) {
	t.Parallel()
	rotto := errors.New("rotto")
	for nome, c := range map[string]struct {
		virus, firma *guardiano
		ammetti      bool // the unknown
		nonValide    bool
		codice       string
		errore       error
	}{
		"nessuno":                  {},
		"pulito e valida":          {virus: &guardiano{verdetto: allegato.Pulito}, firma: &guardiano{firma: allegato.FirmaValida}},
		"infetto":                  {virus: &guardiano{verdetto: allegato.Infetto}, ammetti: true, codice: "virus", errore: pratica.ErrNonValido},
		"infetto con errore":       {virus: &guardiano{verdetto: allegato.Infetto, err: rotto}, ammetti: true, codice: "virus", errore: pratica.ErrNonValido},
		"ignoto":                   {virus: &guardiano{verdetto: allegato.Ignoto}, codice: "riprova", errore: pratica.ErrEsterno},
		"ignoto ammesso":           {virus: &guardiano{verdetto: allegato.Ignoto}, ammetti: true},
		"senza verdetto":           {virus: &guardiano{}, codice: "riprova", errore: pratica.ErrEsterno},
		"guasto":                   {virus: &guardiano{verdetto: allegato.Pulito, err: rotto}, codice: "riprova", errore: rotto},
		"guasto ammesso":           {virus: &guardiano{err: rotto}, ammetti: true},
		"muto":                     {virus: &guardiano{verdetto: allegato.Pulito, muto: true}, codice: "riprova", errore: context.DeadlineExceeded},
		"firma non valida":         {firma: &guardiano{firma: allegato.FirmaNonValida}, ammetti: true, codice: "firma", errore: pratica.ErrNonValido},
		"firma non valida ammessa": {firma: &guardiano{firma: allegato.FirmaNonValida}, nonValide: true},
		"firma ignota":             {firma: &guardiano{firma: allegato.FirmaIgnota}, nonValide: true, codice: "riprova", errore: pratica.ErrEsterno},
		"firma ignota ammessa":     {firma: &guardiano{}, ammetti: true},
		"firma guasta":             {firma: &guardiano{firma: allegato.FirmaValida, err: rotto}, codice: "riprova", errore: rotto},
	} {
		b := nuovoBanco(t, func(cfg *sportello.Config) {
			cfg.Allegati = sportello.Allegati{AmmettiIgnoti: c.ammetti, AmmettiFirmeNonValide: c.nonValide}
			if c.virus != nil {
				cfg.Allegati.Antivirus = c.virus
				if c.virus.muto {
					cfg.Allegati.Attesa = time.Millisecond
				}
			}
			if c.firma != nil {
				cfg.Allegati.VerificaFirma = c.firma
			}
		})
		id := arrivata(b)
		prima := len(b.carica(id).Allegati)
		al, err := b.carico(b.cittadino, id, "Mario Rossi.pdf.p7m", "", pratica.OrigineMessaggio, strings.NewReader(string(busta)))
		if c.codice == "" {
			require.NoError(t, err, nome)
			require.Equal(t, "application/pkcs7-mime", al.MIME)
			require.Len(t, b.carica(id).Allegati, prima+1, nome)
		} else {
			require.ErrorIs(t, err, c.errore, nome)
			var e *pratica.Errore
			require.ErrorAs(t, err, &e, nome)
			require.Equal(t, c.codice, e.Campi[0].Codice, nome)
			require.NotContains(t, err.Error(), "Mario")
			require.Len(t, b.carica(id).Allegati, prima, nome)
		}
		for _, g := range []*guardiano{c.virus, c.firma} {
			if g != nil {
				require.Equal(t, []string{string(busta)}, g.visti, nome)
				require.Equal(t, allegato.CAdES, g.info[0].Firma)
				require.EqualValues(t, len(busta), g.info[0].Byte)
			}
		}
	}
}

// TestControlliSoloDoveServe: no signature, nobody to verify it; an upload that
// nobody waits for ends as such; the archive's failures are the archive's.
func TestControlliSoloDoveServe(t *testing.T) {
	t.Parallel()
	g := &guardiano{verdetto: allegato.Pulito, firma: allegato.FirmaNonValida}
	b := nuovoBanco(t, func(c *sportello.Config) {
		c.Allegati = sportello.Allegati{Antivirus: g, VerificaFirma: g, AmmettiIgnoti: true}
	})
	id := arrivata(b)
	_, err := b.carico(b.cittadino, id, "a.txt", "", pratica.OrigineMessaggio, strings.NewReader("ciao"))
	require.NoError(t, err)
	require.Len(t, g.visti, 1)
	b.archivio.(*memoria.Archivio).Guasto = func(op string) error {
		if strings.HasPrefix(op, "Apri") {
			return errCrollo
		}
		return nil
	}
	_, err = b.carico(b.cittadino, id, "b.txt", "", pratica.OrigineMessaggio, strings.NewReader("ciao ancora"))
	require.ErrorIs(t, err, errCrollo)
	b.archivio.(*memoria.Archivio).Guasto = nil
	require.Len(t, g.visti, 1)
	ctx, annulla := context.WithCancelCause(context.Background())
	g.verdetto, g.err = "", errCrollo
	b.config.Allegati.Antivirus = spento{g, func() { annulla(errSpento) }}
	s, err := sportello.New(b.config)
	require.NoError(t, err)
	_, err = s.Allega(ctx, b.cittadino, id, sportello.NuovoAllegato{Nome: "c.txt", Origine: pratica.OrigineMessaggio}, strings.NewReader("ciao di nuovo"))
	require.ErrorIs(t, err, errSpento)
}

var errSpento = errors.New("spento")

type spento struct {
	*guardiano
	spegni func()
}

func (s spento) Controlla(ctx context.Context, r io.Reader, i allegato.Info) (allegato.Verdetto, error) {
	s.spegni()
	return s.guardiano.Controlla(ctx, r, i)
}

// TestRifiutiDelFile: each refusal has its code and its words, and keeps nothing.
func TestRifiutiDelFile(t *testing.T) {
	t.Parallel()
	d := moduloProva()
	d.Sezioni[1].Campi = append(d.Sezioni[1].Campi,
		modulo.Campo{ID: "firmato", Etichetta: "Firmato", Tipo: modulo.File, TipiFile: []string{"application/pkcs7-mime"}},
		modulo.Campo{ID: "altra", Etichetta: "Altra planimetria", Tipo: modulo.File})
	b := nuovoBanco(t, func(c *sportello.Config) {
		c.Servizi = sportello.NuovoCatalogo(ente, crea(t, servizio.Configurazione{ID: "firme", Versione: 1, Nome: "Servizio con firme", Modulo: d, Accesso: servizio.SPID1}))
	})
	id, err := b.s.ApriBozza(context.Background(), b.cittadino, "firme")
	require.NoError(t, err)
	for nome, c := range map[string]struct{ file, campo, contenuto, codice, parole string }{
		"script":     {"a.pdf", "pianta", "%PDF-1.7\n<</S/JavaScript/JS(x)>>\n%%EOF\n", "script", "istruzioni eseguibili"},
		"estensione": {"a.jpg", "pianta", pdfProva(40), "estensione", "non corrisponde"},
		"tipo":       {"a.txt", "pianta", "testo", "tipo", "Tipi ammessi: PDF, JPEG"},
		"vuoto":      {"a.pdf", "pianta", "", "vuoto", "vuoto"},
		"contenuto":  {"a.p7m", "firmato", strings.Replace(string(busta), "%PDF-1.7", "MZ\x90\x00\x03\x00\x00\x00", 1), "contenuto", "non ammesso"},
	} {
		_, err := b.carico(b.cittadino, id, c.file, c.campo, pratica.OrigineRichiesta, strings.NewReader(c.contenuto))
		require.ErrorIs(t, err, pratica.ErrNonValido, nome)
		require.ErrorIs(t, err, &allegato.Rifiuto{Codice: allegato.Codice(c.codice)}, nome)
		var e *pratica.Errore
		require.ErrorAs(t, err, &e)
		require.Equal(t, c.codice, e.Campi[0].Codice, nome)
		require.Contains(t, e.Messaggio(), c.parole, nome)
	}
	require.Empty(t, b.carica(id).Allegati)
	_, err = b.carico(b.cittadino, id, "a.pdf.p7m", "firmato", pratica.OrigineRichiesta, strings.NewReader(string(busta)))
	require.NoError(t, err, "what it encloses is of the types of the office")
	for _, campo := range []string{"pianta", "altra", "altra", "pianta"} {
		_, err := b.carico(b.cittadino, id, "a.pdf", campo, pratica.OrigineRichiesta, strings.NewReader(pdfProva(50)))
		require.NoError(t, err)
	}
	p := b.carica(id)
	require.Len(t, p.Allegati, 3, "the same content is one for each field")
	require.Len(t, p.Risposte.Elenco("pianta"), 1)
	require.Len(t, p.Risposte.Elenco("altra"), 1)
}
