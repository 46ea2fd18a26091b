package cittadino

import (
	"net/http"
	"time"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

// scrivi sends a message with its files. A repeated post leaves no file behind:
// what it uploaded anew is taken away.
func (l *lato) scrivi(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	ctx, id := r.Context(), idPratica(r)
	caricati, e, err := l.caricaSciolti(ctx, a, id, pratica.OrigineMessaggio, r.MultipartForm)
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	testo := r.PostFormValue("testo")
	if len(e) == 0 {
		var esito sportello.Esito
		esito, err = l.Sportello.Esegui(ctx, a, id, pratica.ScriviMessaggio{Testo: testo}, sportello.ConChiave(web.Chiave(r)))
		e, _ = correggibili(err)
		if err == nil && esito.Ripetuta {
			for _, al := range caricati {
				if err := l.Sportello.RimuoviAllegato(ctx, a, id, al.ID); err != nil && !rimosso(err) {
					l.Errore(w, r, err)
					return
				}
			}
		}
	}
	switch {
	case len(e) > 0:
		l.mostraDettaglio(w, r, a, e, testo)
	default:
		l.concludi(w, r, err, "Messaggio inviato.")
	}
}

// vistaAtto is a page where something formal is written: observations, a withdrawal.
type vistaAtto struct {
	URL, Torna string
	Errori     errori
	Testo      string
	Motivi     string // what the office wrote
	Scadenza   time.Time
	File       []pratica.Allegato
	Numero     string
}

func (l *lato) osservazioni(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	l.mostraOsservazioni(w, r, a, nil, "")
}

func (l *lato) mostraOsservazioni(w http.ResponseWriter, r *http.Request, a pratica.Attore, e errori, testo string) {
	p, sv, ok := l.in(w, r, a, pratica.AttesaOsservazioni)
	if !ok {
		return
	}
	v := vistaAtto{URL: urlPratica(p.ID), Torna: "osservazioni", Errori: e, Testo: testo, Motivi: p.Preavviso.Motivi, Scadenza: p.Preavviso.Scadenza, File: inAttesa(p, pratica.OrigineOsservazioni)}
	l.Mostra(w, r, stato(e), "cittadino/osservazioni", web.Pagina{
		Titolo: titolo("Osservazioni – "+sv.Nome(), e), Sezione: web.SezioneArea, Briciole: briciole(p.ID, sv.Nome(), "Osservazioni"), Dati: v,
	})
}

func (l *lato) presentaOsservazioni(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	if _, _, ok := l.in(w, r, a, pratica.AttesaOsservazioni); !ok {
		return
	}
	testo := r.PostFormValue("testo")
	_, e, err := l.caricaSciolti(r.Context(), a, idPratica(r), pratica.OrigineOsservazioni, r.MultipartForm)
	if err == nil && len(e) == 0 {
		_, err = l.Sportello.Esegui(r.Context(), a, idPratica(r), pratica.PresentaOsservazioni{Testo: testo}, sportello.ConChiave(web.Chiave(r)))
		e, _ = correggibili(err)
	}
	if len(e) > 0 {
		l.mostraOsservazioni(w, r, a, e, testo)
		return
	}
	l.concludi(w, r, err, "Osservazioni presentate.")
}

func (l *lato) confermaRitiro(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	l.mostraRitiro(w, r, a, nil, "")
}

func (l *lato) mostraRitiro(w http.ResponseWriter, r *http.Request, a pratica.Attore, e errori, testo string) {
	p, sv, err := l.Sportello.Leggi(r.Context(), a, idPratica(r))
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	v := vistaAtto{URL: urlPratica(p.ID), Errori: e, Testo: testo, Numero: p.Numero.String()}
	l.Mostra(w, r, stato(e), "cittadino/ritira", web.Pagina{
		Titolo: titolo("Ritira la richiesta – "+sv.Nome(), e), Sezione: web.SezioneArea, Briciole: briciole(p.ID, sv.Nome(), "Ritira la richiesta"), Dati: v,
	})
}

func (l *lato) ritira(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	motivo := r.PostFormValue("motivo")
	_, err := l.Sportello.Esegui(r.Context(), a, idPratica(r), pratica.Ritira{Motivo: motivo}, sportello.ConChiave(web.Chiave(r)))
	if e, ok := correggibili(err); ok {
		l.mostraRitiro(w, r, a, e, motivo)
		return
	}
	l.concludi(w, r, err, "Richiesta ritirata.")
}

// inAttesa gives the person's files of an origin that were not sent yet.
func inAttesa(p *pratica.Pratica, o pratica.Origine) []pratica.Allegato {
	var v []pratica.Allegato
	for _, a := range p.Allegati {
		if a.Origine == o && a.Riferimento == "" && a.Di.Ruolo == pratica.Cittadino {
			v = append(v, a)
		}
	}
	return v
}
