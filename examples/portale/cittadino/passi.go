package cittadino

import (
	"bytes"
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// Steps after the sections. No section has such an id: they begin with a letter.
const (
	passoAppuntamento = "_appuntamento"
	passoBollo        = "_bollo"
	passoRiepilogo    = "_riepilogo"
)

type passo struct{ id, titolo, url string }

// percorso is the way from the first section of a draft to its sending.
type percorso struct {
	p     *pratica.Pratica
	sv    *servizio.Servizio
	esito modulo.Esito
	passi []passo
}

// bozza loads a draft with its way. Where the request was sent meanwhile the
// browser goes to its page; false: answered already.
func (l *lato) bozza(w http.ResponseWriter, r *http.Request, a pratica.Attore) (percorso, bool) {
	p, sv, err := l.Sportello.Leggi(r.Context(), a, idPratica(r))
	if err != nil {
		l.Errore(w, r, err)
		return percorso{}, false
	}
	if p.Stato != pratica.Bozza {
		l.Vai(w, r, urlPratica(p.ID), "La richiesta è già stata inviata: qui trovi a che punto è.")
		return percorso{}, false
	}
	return l.percorso(p, sv), true
}

func (l *lato) percorso(p *pratica.Pratica, sv *servizio.Servizio) percorso {
	c := percorso{p: p, sv: sv, esito: pratica.Valuta(p, sv, l.Orologio())}
	for _, id := range c.esito.SezioniVisibili() {
		s, _ := sv.Modulo().Sezione(id)
		c.passi = append(c.passi, passo{id, s.Titolo, urlPratica(p.ID, "compila", id)})
	}
	if _, ok := sv.Appuntamenti(); ok {
		c.passi = append(c.passi, passo{passoAppuntamento, "Appuntamento", urlPratica(p.ID, "appuntamento")})
	}
	if sv.BolloRichiesta() != nil {
		c.passi = append(c.passi, passo{passoBollo, "Marca da bollo", urlPratica(p.ID, "bollo")})
	}
	c.passi = append(c.passi, passo{passoRiepilogo, "Riepilogo", urlPratica(p.ID, "riepilogo")})
	return c
}

func (c percorso) posto(id string) int {
	return slices.IndexFunc(c.passi, func(x passo) bool { return x.id == id })
}

// dopo gives the address of the step after id; of the first where id is none.
func (c percorso) dopo(id string) string {
	return c.passi[min(c.posto(id)+1, len(c.passi)-1)].url
}

// prima gives the address of the step before id.
func (c percorso) prima(id string) string { return c.passi[max(c.posto(id)-1, 0)].url }

// daCompilare gives the address of the first section with something missing, or
// of the step after the sections.
func (c percorso) daCompilare() string {
	ultima := ""
	for _, id := range c.esito.SezioniVisibili() {
		if len(c.esito.Errori.DellaSezione(id)) > 0 {
			return c.passi[c.posto(id)].url
		}
		ultima = id
	}
	return c.dopo(ultima)
}

func (c percorso) html(corrente string) []html.Passo {
	qui := c.posto(corrente)
	v := make([]html.Passo, len(c.passi))
	for i, x := range c.passi {
		v[i] = html.Passo{ID: x.id, Titolo: x.titolo, Stato: html.PassoDaFare}
		switch {
		case i < qui:
			v[i].Stato, v[i].URL = html.PassoCompletato, x.url
		case i == qui:
			v[i].Stato = html.PassoAttivo
		}
	}
	return v
}

// titolo of a step that is not a section, with its place.
func (c percorso) titolo(id string) string {
	i := c.posto(id)
	return c.passi[i].titolo + " (passo " + strconv.Itoa(i+1) + " di " + strconv.Itoa(len(c.passi)) + ") – " + c.sv.Nome()
}

// frammento gives what the renderer of the forms writes, which is escaped already.
func frammento(scrivi func(*bytes.Buffer) error) (template.HTML, error) {
	var b bytes.Buffer
	if err := scrivi(&b); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil //nolint:gosec // made by html/template
}
