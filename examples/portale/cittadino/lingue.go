package cittadino

import (
	"bytes"
	"html/template"
	"net/http"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

type pagina = func(http.ResponseWriter, *http.Request, pratica.Attore)

// tradotta is a page whose form can be read in other languages: the address with
// the parameter of the language changes it.
func (l *lato) tradotta(h pagina) pagina {
	return func(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
		if !l.ScegliLingua(w, r) {
			h(w, r, a)
		}
	}
}

// traduzioni of a form. The services of the example are written in Italian:
// without a text of their own the library marks theirs as Italian, and says its
// own words in the language chosen.
func traduzioni(m *modulo.Modulo) (*lingua.Traduzioni, error) { return lingua.Compila(m, nil) }

// titoliPassi are the steps that are no sections of the form, in other languages.
var titoliPassi = map[lingua.Lingua]map[string]string{
	lingua.Tedesco:  {passoAppuntamento: "Termin", passoBollo: "Stempelmarke", passoRiepilogo: "Zusammenfassung", passoRisposta: "Antwort absenden"},
	lingua.Sloveno:  {passoAppuntamento: "Termin", passoBollo: "Kolek", passoRiepilogo: "Povzetek", passoRisposta: "Oddaja odgovora"},
	lingua.Francese: {passoAppuntamento: "Rendez-vous", passoBollo: "Timbre fiscal", passoRiepilogo: "Récapitulatif", passoRisposta: "Envoi de la réponse"},
	lingua.Inglese:  {passoAppuntamento: "Appointment", passoBollo: "Revenue stamp", passoRiepilogo: "Summary", passoRisposta: "Sending the answer"},
}

// stepper writes the steps in the language of the browser, marked with it.
func (l *lato) stepper(r *http.Request, m *modulo.Modulo, passi []html.Passo) (template.HTML, error) {
	lg := l.Lingua(r)
	t, err := traduzioni(m)
	if err != nil {
		return "", err
	}
	tradotti := make([]html.Passo, len(passi))
	for i, x := range passi {
		x.Titolo = titoloPasso(lg, x.ID, x.Titolo)
		tradotti[i] = x
	}
	return l.nellaLingua(r, func(b *bytes.Buffer) error { return l.renderer.In(lg, t).Stepper(b, tradotti) })
}

// nellaLingua marks a fragment with the language of the browser.
func (l *lato) nellaLingua(r *http.Request, scrivi func(*bytes.Buffer) error) (template.HTML, error) {
	v, err := frammento(scrivi)
	return `<div lang="` + template.HTML(l.Lingua(r)) + `">` + v + `</div>`, err //nolint:gosec // one of our languages
}

func titoloPasso(lg lingua.Lingua, id, italiano string) string {
	if t := titoliPassi[lg][id]; t != "" {
		return t
	}
	return italiano
}
