package sportello

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/allegato"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/storage"
)

// Allegati tunes how uploads are examined and controlled. The zero value
// examines with safe limits and asks nobody outside.
type Allegati struct {
	Limiti   allegato.Limiti   // of expansion, entries, pixels
	Politica allegato.Politica // what is admitted of macros, scripts, encryption; defaults to nothing

	Antivirus     allegato.Antivirus     // asked of each file; nil: nobody is
	VerificaFirma allegato.VerificaFirma // asked of each file that declares signatures; nil: nobody is
	Attesa        time.Duration          // for each of them to answer; defaults to 1 min

	// AmmettiIgnoti takes a file of which a control says that it does not know,
	// or does not answer. By default it is refused, to be tried again later.
	AmmettiIgnoti bool
	// AmmettiFirmeNonValide takes a file whose signature is not valid: operators judge it.
	AmmettiFirmeNonValide bool
}

// archivia stores an upload through its examination.
func (s *Sportello) archivia(ctx context.Context, ente, nome string, tipi []string, massimo int64, r io.Reader) (storage.File, allegato.Esito, error) {
	o := allegato.Opzioni{Nome: nome, Tipi: tipi, Massimo: massimo, Limiti: s.c.Allegati.Limiti, Politica: s.c.Allegati.Politica}
	if !slices.ContainsFunc(tipi, func(t string) bool { return !allegato.Contenitore(t) }) { // a field for signed files alone
		o.Contenuti = slices.DeleteFunc(slices.Clone(s.c.TipiFile), allegato.Contenitore)
	}
	l := allegato.New(r, o)
	defer func() { _ = l.Close() }()
	f, err := s.c.Archivio.Scrivi(ctx, ente, l, massimo)
	e, errEsame := l.Esito()
	var rif *allegato.Rifiuto
	if err == nil || errors.As(errEsame, &rif) { // whatever the archive made of it
		err = errEsame
	}
	return f, e, err
}

// controlla asks the controls outside about a stored file.
func (s *Sportello) controlla(ctx context.Context, ente string, f storage.File, e allegato.Esito) error {
	c := s.c.Allegati
	i := allegato.Info{Ente: ente, MIME: e.MIME, Byte: f.Dimensione, SHA256: f.SHA256, Firma: e.Firma}
	if c.Antivirus != nil {
		v := allegato.Ignoto
		mancata, err := s.chiedi(ctx, i, "antivirus", func(ctx context.Context, r io.Reader) (err error) {
			v, err = c.Antivirus.Controlla(ctx, r, i)
			return err
		})
		if err != nil {
			return err
		}
		if err := s.giudica(ctx, mancata, v == allegato.Pulito, v == allegato.Infetto, allegato.CodiceVirus); err != nil {
			return err
		}
	}
	if c.VerificaFirma == nil || e.Firma == "" {
		return nil
	}
	var v allegato.EsitoFirma
	mancata, err := s.chiedi(ctx, i, "firma", func(ctx context.Context, r io.Reader) (err error) {
		v, err = c.VerificaFirma.Verifica(ctx, r, i)
		return err
	})
	if err != nil {
		return err
	}
	invalida := v.Validita == allegato.FirmaNonValida
	return s.giudica(ctx, mancata, v.Validita == allegato.FirmaValida || invalida && c.AmmettiFirmeNonValide, invalida, allegato.CodiceFirma)
}

// chiedi gives a stored file to a control, within its time. It says why the
// control did not answer; err is of the archive.
func (s *Sportello) chiedi(ctx context.Context, i allegato.Info, nome string, fn func(context.Context, io.Reader) error) (mancata, err error) {
	ctx, annulla := context.WithTimeout(ctx, s.c.Allegati.Attesa)
	defer annulla()
	r, err := s.c.Archivio.Apri(ctx, i.Ente, i.SHA256)
	if err != nil {
		return nil, err
	}
	mancata = fn(ctx, r)
	if mancata != nil {
		s.c.Logger.WarnContext(ctx, "controllo di un file senza risposta", "controllo", nome, "classe", guasto.Di(mancata))
	}
	return mancata, r.Close()
}

// giudica turns the answer of a control into a refusal, or none. An answer
// beside an error counts only where it condemns.
func (s *Sportello) giudica(ctx context.Context, err error, buono, cattivo bool, c allegato.Codice) error {
	switch {
	case err == nil && buono:
		return nil
	case cattivo && !buono:
		return &allegato.Rifiuto{Codice: c}
	case ctx.Err() != nil: // whoever uploads is gone
		return context.Cause(ctx)
	case s.c.Allegati.AmmettiIgnoti:
		return nil
	}
	return errors.Join(&allegato.Rifiuto{Codice: allegato.CodiceRiprova}, err)
}

// rifiutato turns a refusal of a file into an Errore; other errors pass.
func rifiutato(err error, campo string, tipi []string, massimo int64) error {
	var r *allegato.Rifiuto
	grande := errors.Is(err, storage.ErrTroppoGrande)
	if !errors.As(err, &r) && !grande {
		return err
	}
	if grande {
		r = &allegato.Rifiuto{Codice: allegato.CodiceTroppoGrande}
	}
	e := &pratica.Errore{Codice: pratica.CodiceNonValido, Causa: err}
	c := pratica.ErroreCampo{Percorso: "file", Codice: string(r.Codice), Messaggio: r.Messaggio()}
	switch r.Codice {
	case allegato.CodiceTroppoGrande:
		e.Codice, e.Causa = pratica.CodiceTroppoGrande, errors.Join(storage.ErrTroppoGrande, err)
		c.Percorso, c.Messaggio = campo, "Il file supera il massimo di "+modulo.Dimensione(massimo)+": riducilo o dividilo."
	case allegato.CodiceTipo:
		c.Messaggio += " Tipi ammessi: " + nomiTipi(tipi) + "."
	case allegato.CodiceRiprova:
		e.Codice = pratica.CodiceEsterno
	default:
	}
	e.Campi = []pratica.ErroreCampo{c}
	return e
}
