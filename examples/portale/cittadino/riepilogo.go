package cittadino

import (
	"bytes"
	"errors"
	"html/template"
	"net/http"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

type vistaRiepilogo struct {
	Servizio     string
	URL          string
	Lingue       []web.VoceLingua
	Stepper      template.HTML
	Riepilogo    template.HTML
	Mancano      []mancanza // sections to complete first
	Errori       errori
	Appuntamento *vistaAppuntamento
	ConCalendari bool
	Bollo        *datiBollo
	ConBollo     bool
	Importo      decimal.Decimal
}

// mancanza is a section to complete: its first mistakes, and how many others.
type mancanza struct {
	Titolo, URL string
	Prime       modulo.Errori
	Altre       int
}

const primeMancanze = 3

func (l *lato) riepilogo(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	if c, ok := l.bozza(w, r, a); ok {
		l.mostraRiepilogo(w, r, c, nil)
	}
}

func (l *lato) mostraRiepilogo(w http.ResponseWriter, r *http.Request, c percorso, e errori) {
	v := vistaRiepilogo{Servizio: c.sv.Nome(), Lingue: l.Lingue(r), URL: urlPratica(c.p.ID), Errori: e, Importo: daPagare(c.sv, c.esito)}
	_, v.ConCalendari = c.sv.Appuntamenti()
	if ap := c.p.AppuntamentoAttivo(); ap != nil {
		x := l.vediAppuntamento(*ap)
		v.Appuntamento = &x
	}
	if v.ConBollo = c.sv.BolloRichiesta() != nil; v.ConBollo {
		if d, ok := l.bolloRicordato(r, c.p.ID); ok {
			v.Bollo = &d
		}
	}
	for _, s := range append(c.esito.SezioniVisibili(), "") {
		if es := c.esito.Errori.DellaSezione(s); len(es) > 0 {
			prime := es[:min(primeMancanze, len(es))]
			x := mancanza{Titolo: "La richiesta nel suo insieme", Prime: prime, Altre: len(es) - len(prime)}
			if s != "" {
				x.Titolo, x.URL = c.passi[c.posto(s)].titolo, indirizzoSezione(c.p.ID, s, passoRiepilogo, "")
			}
			v.Mancano = append(v.Mancano, x)
		}
	}
	var err error
	if v.Stepper, err = l.stepper(r, c.sv.Modulo(), c.html(passoRiepilogo)); err == nil {
		v.Riepilogo, err = l.leggibile(r, c)
	}
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	l.Mostra(w, r, stato(e), "cittadino/riepilogo", web.Pagina{
		Titolo: titolo(c.titolo(passoRiepilogo), e), Sezione: web.SezioneServizi, Briciole: briciole(c.p.ID, c.sv.Nome(), "Riepilogo"), Dati: v,
	})
}

// leggibile are the answers in the language of the browser.
func (l *lato) leggibile(r *http.Request, c percorso) (template.HTML, error) {
	m := c.sv.Modulo()
	t, err := traduzioni(m)
	if err != nil {
		return "", err
	}
	st := html.StatoLettura{Allegati: c.p.FileModulo(), Modifica: func(s string) string { return indirizzoSezione(c.p.ID, s, passoRiepilogo, "") }}
	return frammento(func(b *bytes.Buffer) error { return l.diPagina.In(l.Lingua(r), t).Lettura(b, m, c.esito.Valori, st) })
}

// daPagare is what sending the request will ask for.
func daPagare(sv *servizio.Servizio, esito modulo.Esito) decimal.Decimal {
	o := sv.Anticipato()
	switch {
	case o == nil:
		return decimal.Zero
	case o.Origine == servizio.ImportoDalModulo:
		return o.ImportoDaModulo(esito.Valori)
	default:
		return o.Importo
	}
}

// invia sends the request. The key makes a double click send it once: the
// second answer is that of the first.
func (l *lato) invia(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	d, _ := l.bolloRicordato(r, idPratica(r))
	_, err := l.Sportello.Esegui(r.Context(), a, idPratica(r), pratica.Invia{Bolli: d.Contrassegni, Esenzione: d.Esenzione}, sportello.ConChiave(web.Chiave(r)))
	var rifiuto *pratica.Errore
	switch {
	case err == nil:
		l.Vai(w, r, urlPratica(idPratica(r)), "Richiesta inviata. Qui puoi seguire a che punto è.")
	case errors.As(err, &rifiuto) && (rifiuto.Codice == pratica.CodiceNonValido || rifiuto.Codice == pratica.CodiceNonAmmesso):
		c, ok := l.bozza(w, r, a)
		if !ok {
			return
		}
		e, _ := correggibili(err)
		for _, m := range rifiuto.Motivi {
			e = append(e, errore{"", m.Messaggio})
		}
		l.mostraRiepilogo(w, r, c, e)
	default:
		l.Errore(w, r, err)
	}
}

func (l *lato) elimina(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	if _, err := l.Sportello.Esegui(r.Context(), a, idPratica(r), pratica.EliminaBozza{}, sportello.ConChiave(web.Chiave(r))); err != nil {
		l.Errore(w, r, err)
		return
	}
	l.Vai(w, r, web.URLArea, "Bozza eliminata.")
}

func (l *lato) tornaInBozza(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	if _, err := l.Sportello.Esegui(r.Context(), a, idPratica(r), pratica.TornaInBozza{}, sportello.ConChiave(web.Chiave(r))); err != nil {
		l.Errore(w, r, err)
		return
	}
	l.Vai(w, r, urlPratica(idPratica(r), "riepilogo"), "La richiesta è di nuovo una bozza: puoi modificarla e inviarla.")
}
