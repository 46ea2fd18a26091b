package cittadino

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"mime/multipart"
	"slices"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

// massimoPerVolta bounds the files of one post.
const massimoPerVolta = 20

// caricaCampi keeps the files sent for the fields of a section, also where the
// button pressed was not "Carica". What is refused comes back as errors of the
// fields; the other files are kept.
func (l *lato) caricaCampi(ctx context.Context, a pratica.Attore, id pratica.ID, sezione string, m *modulo.Modulo, form *multipart.Form) (modulo.Errori, error) {
	if form == nil {
		return nil, nil
	}
	var respinti modulo.Errori
	for _, percorso := range slices.Sorted(maps.Keys(form.File)) {
		c, ok := m.Campo(percorso)
		if s, _ := m.SezioneDi(percorso); !ok || c.Tipo != modulo.File || s != sezione {
			continue
		}
		for i, h := range scelti(form, percorso) {
			e, err := l.caricaCampo(ctx, a, id, percorso, c, h, i)
			if err != nil {
				return respinti, err
			}
			if e != "" {
				respinti = append(respinti, modulo.Errore{Percorso: percorso, Sezione: sezione, Codice: "file", Etichetta: c.Etichetta, Messaggio: e})
			}
		}
	}
	return respinti, nil
}

// scelti gives the files that the person chose: a browser sends an empty part
// for a control left alone.
func scelti(form *multipart.Form, nome string) []*multipart.FileHeader {
	if form == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(form.File[nome]), func(h *multipart.FileHeader) bool { return h.Filename == "" && h.Size == 0 })
}

func (l *lato) caricaCampo(ctx context.Context, a pratica.Attore, id pratica.ID, percorso string, c modulo.Campo, h *multipart.FileHeader, i int) (string, error) {
	p, _, err := l.Sportello.Leggi(ctx, a, id)
	if err != nil {
		return "", err
	}
	massimo := max(1, c.MassimoFile)
	if i >= massimoPerVolta || len(p.Risposte.Elenco(percorso)) >= massimo {
		return fmt.Sprintf("%s: non è stato caricato, questo campo ammette al massimo %s.", sportello.PulisciNome(h.Filename), quanti(massimo)), nil
	}
	_, err = l.carica(ctx, a, id, sportello.NuovoAllegato{Nome: h.Filename, Campo: percorso, Origine: pratica.OrigineRichiesta}, h)
	return respinto(h, err)
}

func quanti(n int) string {
	if n == 1 {
		return "un file"
	}
	return fmt.Sprintf("%d file", n)
}

// carica stores one file.
func (l *lato) carica(ctx context.Context, a pratica.Attore, id pratica.ID, n sportello.NuovoAllegato, h *multipart.FileHeader) (pratica.Allegato, error) {
	f, err := h.Open()
	if err != nil {
		return pratica.Allegato{}, err
	}
	al, err := l.Sportello.Allega(ctx, a, id, n, f)
	return al, errors.Join(err, f.Close())
}

// respinto turns the refusal of a file into what to tell, and leaves other errors.
func respinto(h *multipart.FileHeader, err error) (string, error) {
	if e, ok := correggibili(err); ok {
		return sportello.PulisciNome(h.Filename) + ": " + e[0].Testo, nil
	}
	return "", err
}

// caricaSciolti keeps the files sent beside a text (a message, an answer).
func (l *lato) caricaSciolti(ctx context.Context, a pratica.Attore, id pratica.ID, o pratica.Origine, form *multipart.Form) ([]pratica.Allegato, errori, error) {
	var caricati []pratica.Allegato
	var e errori
	for i, h := range scelti(form, "file") {
		if i >= massimoPerVolta {
			e = append(e, errore{"file", fmt.Sprintf("Puoi caricare al massimo %d file alla volta: gli altri non sono stati caricati.", massimoPerVolta)})
			break
		}
		al, err := l.carica(ctx, a, id, sportello.NuovoAllegato{Nome: h.Filename, Origine: o}, h)
		testo, err := respinto(h, err)
		switch {
		case err != nil:
			return caricati, e, err
		case testo != "":
			e = append(e, errore{"file", testo})
		default:
			caricati = append(caricati, al)
		}
	}
	return caricati, e, nil
}

// rimosso reports whether a file that should go is gone, or in nobody's way: the
// answers do not name it any longer.
func rimosso(err error) bool {
	return errors.Is(err, pratica.ErrNonTrovato) || errors.Is(err, pratica.ErrNonValido) || errors.Is(err, pratica.ErrNonAmmesso)
}
