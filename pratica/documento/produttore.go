package documento

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/sportello-digitale/pratiche/pratica/documento/internal/rifinitura"
	"github.com/sportello-digitale/pratiche/pratica/documento/internal/tela"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Livello is the PDF/A level that the files declare.
type Livello string

// The levels. Both are made in the same way and differ in the header, the
// metadata and the fonts' CIDSet, which only part 1 wants.
const (
	PDFA2B Livello = "pdfa-2b" // ISO 19005-2, level B: the default
	PDFA1B Livello = "pdfa-1b" // ISO 19005-1, level B, for archives that want it
)

// Config configures a Produttore. Its zero value is ready to use.
type Config struct {
	MaxPagine  int     // defaults to 2 000
	MaxTesto   int     // bytes of text in one document; defaults to 8 MiB
	Livello    Livello // defaults to PDFA2B
	Produttore string  // name of the software in the metadata; defaults to "Pratiche digitali"
}

// Produttore writes documents. It is immutable and safe for concurrent use; its
// typefaces are parsed once, by New.
type Produttore struct {
	cfg       Config
	livello   rifinitura.Livello
	caratteri tela.Caratteri
}

// Prodotto describes what was written.
type Prodotto struct {
	NomeFile     string         `json:"nome_file"` // suggestion without personal data
	Pagine       int            `json:"pagine"`
	Dimensione   int64          `json:"dimensione"` // bytes
	SHA256       string         `json:"sha256"`     // of the bytes written, lower-case hexadecimal
	Sostituzioni []Sostituzione `json:"sostituzioni"`
}

const (
	maxPagine = 2_000
	maxTesto  = 8 << 20
)

// New makes a Produttore. It refuses negative bounds and unknown levels with an
// error that wraps ErrNonValido.
func New(cfg Config) (*Produttore, error) {
	if cfg.MaxPagine < 0 || cfg.MaxTesto < 0 {
		return nil, &Errore{Campi: []Campo{{Percorso: "Config", Codice: "non_valido"}}}
	}
	if cfg.MaxPagine == 0 {
		cfg.MaxPagine = maxPagine
	}
	if cfg.MaxTesto == 0 {
		cfg.MaxTesto = maxTesto
	}
	cfg.Produttore = oppure(cfg.Produttore, "Pratiche digitali")
	p := &Produttore{cfg: cfg}
	switch cfg.Livello {
	case "", PDFA2B:
		p.livello = rifinitura.PDFA2B
	case PDFA1B:
		p.livello = rifinitura.PDFA1B
	default:
		return nil, &Errore{Campi: []Campo{{Percorso: "Config.Livello", Codice: "non_valido"}}}
	}
	var err error
	if p.caratteri, err = tela.NuoviCaratteri(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInterno, err)
	}
	return p, nil
}

// Scrivi writes d to w as PDF. Nothing is written unless the whole document was
// made. Errors: *Errore (ErrNonValido) with every refused field, ErrTroppoGrande,
// ErrInterno, the context's error (looked at before each page), or that of w.
// None of them quotes the document.
func (p *Produttore) Scrivi(ctx context.Context, w io.Writer, d Documento) (Prodotto, error) {
	b, out, err := p.produci(ctx, d)
	if err != nil {
		return Prodotto{}, err
	}
	if _, err := w.Write(b); err != nil {
		return Prodotto{}, fmt.Errorf("documento: scrittura: %w", err)
	}
	return out, nil
}

func (p *Produttore) produci(ctx context.Context, d Documento) (b []byte, out Prodotto, err error) {
	// The PDF library indexes tables by what it is given: a defect there must
	// cost one document, never the process.
	defer func() {
		if r := recover(); r != nil {
			b, out, err = nil, Prodotto{}, fmt.Errorf("%w: %T", ErrInterno, r)
		}
	}()
	if err := ctx.Err(); err != nil {
		return nil, out, err
	}
	if err := valida(&d, p.cfg.MaxTesto); err != nil {
		return nil, out, err
	}
	t, err := tela.Nuova(p.caratteri, d.Intestazione.Data)
	if err != nil {
		return nil, out, fmt.Errorf("%w: %w", ErrInterno, err)
	}
	pul := &pulitore{ha: p.caratteri.Ha, sostituite: map[rune]int{}}
	if err := impagina(ctx, t, p.caratteri, pul, d, p.cfg.MaxPagine); err != nil {
		return nil, out, err
	}
	grezzo, err := t.Chiudi()
	if err != nil {
		return nil, out, fmt.Errorf("%w: %w", ErrInterno, err)
	}
	b, err = rifinitura.Rifinisci(grezzo, p.dati(d, pul))
	if err != nil {
		return nil, out, fmt.Errorf("%w: %w", ErrInterno, err)
	}
	h := sha256.Sum256(b)
	return b, Prodotto{
		NomeFile: d.NomeFile(), Pagine: t.Pagine(), Dimensione: int64(len(b)),
		SHA256: hex.EncodeToString(h[:]), Sostituzioni: pul.elenco(),
	}, nil
}

// dati are the metadata: nothing of the applicant, and not the subject line,
// where a service may have written a name.
func (p *Produttore) dati(d Documento, pul *pulitore) rifinitura.Dati {
	muto := &pulitore{ha: pul.ha, sostituite: map[rune]int{}} // metadata print nothing
	i := d.Intestazione
	return rifinitura.Dati{
		Livello: p.livello, Lingua: "it-IT",
		Titolo:     muto.riga(d.Tipo.Titolo() + " – pratica n. " + i.NumeroPratica),
		Autore:     muto.riga(i.Ente),
		Oggetto:    muto.riga(i.Servizio),
		Produttore: muto.riga(p.cfg.Produttore),
		Istante:    i.Data.In(termini.Roma()),
		Font: []rifinitura.Font{
			{Interno: tela.NomeInternoGrassetto, Nome: p.caratteri.Grassetto.Nome()},
			{Interno: tela.NomeInternoNormale, Nome: p.caratteri.Normale.Nome()},
		},
	}
}
