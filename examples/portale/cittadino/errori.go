package cittadino

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica"
)

// errore is one mistake of a form that is not a section of the service's form.
type errore struct{ Campo, Testo string }

// ID is the id of the control.
func (e errore) ID() string { return idControllo(e.Campo) }

type errori []errore

// Di gives the text for one control, "" where it is right.
func (e errori) Di(campo string) string {
	var t []string
	for _, x := range e {
		if x.Campo == campo {
			t = append(t, x.Testo)
		}
	}
	return strings.Join(t, " ")
}

// Titolo heads the summary.
func (e errori) Titolo() string {
	if len(e) == 1 {
		return "C'è 1 errore da correggere"
	}
	return fmt.Sprintf("Ci sono %d errori da correggere", len(e))
}

var daPercorso = strings.NewReplacer("[", "-", "]", "", ".", "-")

// idControllo derives the id of a control from the path of its field.
func idControllo(campo string) string {
	if campo == "" {
		return ""
	}
	return "c-" + daPercorso.Replace(campo)
}

func comeRifiuto(err error) (*pratica.Errore, bool) {
	var e *pratica.Errore
	ok := errors.As(err, &e)
	return e, ok
}

// correggibili gives the wrong fields of a refusal that a form can show again;
// false for any other error, which deserves an error page.
func correggibili(err error) (errori, bool) {
	e, ok := comeRifiuto(err)
	if !ok {
		return nil, false
	}
	switch e.Codice {
	case pratica.CodiceNonValido, pratica.CodiceTroppoGrande:
	default:
		return nil, false
	}
	var v errori
	for _, c := range e.Campi {
		v = append(v, errore{c.Percorso, c.Messaggio})
	}
	if len(v) == 0 {
		v = errori{{"", e.Messaggio()}}
	}
	return v, true
}

// titolo begins with "Errore" where the page shows some, so that the tab says so too.
func titolo(t string, e errori) string {
	if len(e) > 0 {
		return "Errore: " + t
	}
	return t
}

// stato is that of a page with or without errors.
func stato(e errori) int {
	if len(e) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// concludi ends a command: back to the pratica with a message, or an error page.
func (l *lato) concludi(w http.ResponseWriter, r *http.Request, err error, messaggio string) {
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	l.Vai(w, r, urlPratica(idPratica(r)), messaggio)
}
