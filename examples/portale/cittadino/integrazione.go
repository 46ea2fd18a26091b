package cittadino

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

// in loads a pratica that must be in a state; elsewhere the browser goes to its page.
func (l *lato) in(w http.ResponseWriter, r *http.Request, a pratica.Attore, s pratica.Stato) (*pratica.Pratica, *servizio.Servizio, bool) {
	p, sv, err := l.Sportello.Leggi(r.Context(), a, idPratica(r))
	if err != nil {
		l.Errore(w, r, err)
		return nil, nil, false
	}
	if p.Stato != s {
		l.Vai(w, r, urlPratica(p.ID), "")
		return nil, nil, false
	}
	return p, sv, true
}

type vistaIntegrazione struct {
	URL      string
	Errori   errori
	Testo    string // of the answer
	Chiesto  string
	Scadenza time.Time
	Allegati []pratica.Allegato // of the office
	File     []pratica.Allegato // uploaded for the answer
	Campi    []string           // labels of the reopened fields
	Corretti bool               // the reopened fields were changed…
	Completi bool               // …and are right
}

func chiaveIntegrazione(p *pratica.Pratica) string {
	return "integrazione/" + string(p.ID) + "/" + p.IntegrazioneAperta().ID
}

func (l *lato) integrazione(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	l.mostraIntegrazione(w, r, a, nil, "")
}

func (l *lato) mostraIntegrazione(w http.ResponseWriter, r *http.Request, a pratica.Attore, e errori, testo string) {
	p, sv, ok := l.in(w, r, a, pratica.AttesaIntegrazione)
	if !ok {
		return
	}
	i := p.IntegrazioneAperta()
	v := vistaIntegrazione{URL: urlPratica(p.ID), Errori: e, Testo: testo, Chiesto: i.Testo, Scadenza: i.Scadenza}
	for _, id := range i.Allegati {
		if al, ok := p.Allegato(id); ok {
			v.Allegati = append(v.Allegati, al)
		}
	}
	v.File = inAttesa(p, pratica.OrigineIntegrazione)
	for _, id := range i.Campi {
		if c, ok := sv.Modulo().Campo(id); ok {
			v.Campi = append(v.Campi, nome(c))
		}
	}
	if d, ok := l.corretti(r, p); ok {
		v.Corretti, v.Completi = true, len(l.riapertura(p, sv, d).errori("")) == 0
	}
	l.Mostra(w, r, stato(e), "cittadino/integrazione", web.Pagina{
		Titolo: titolo("Integrazioni – "+sv.Nome(), e), Sezione: web.SezioneArea, Briciole: briciole(p.ID, sv.Nome(), "Integrazioni"), Dati: v,
	})
}

// corretti are the answers with the reopened fields as the person left them;
// false where he did not touch them.
func (l *lato) corretti(r *http.Request, p *pratica.Pratica) (modulo.Risposte, bool) {
	v, ok := l.Ricordato(r, chiaveIntegrazione(p))
	d, giusto := v.(modulo.Risposte)
	return d.Copia(), ok && giusto
}

// rispostePer gives the answers as the person left them on the pages of the
// reopened fields, or those of the pratica.
func (l *lato) rispostePer(r *http.Request, p *pratica.Pratica) modulo.Risposte {
	if d, ok := l.corretti(r, p); ok {
		return d
	}
	return p.Risposte
}

// datiIntegrazione goes to the first section to correct.
func (l *lato) datiIntegrazione(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	if p, sv, ok := l.in(w, r, a, pratica.AttesaIntegrazione); ok {
		l.Vai(w, r, l.riapertura(p, sv, l.rispostePer(r, p)).accanto("", 1), "")
	}
}

// riaperta loads the section of the address; where it is not reopened the
// browser goes to the page of the answer.
func (l *lato) riaperta(w http.ResponseWriter, r *http.Request, a pratica.Attore) (riapertura, *servizio.Servizio, bool) {
	p, sv, ok := l.in(w, r, a, pratica.AttesaIntegrazione)
	if !ok {
		return riapertura{}, nil, false
	}
	x := l.riapertura(p, sv, l.rispostePer(r, p))
	if !slices.Contains(x.sezioni, r.PathValue("sezione")) {
		l.Vai(w, r, urlPratica(p.ID, "integrazione"), "")
		return riapertura{}, nil, false
	}
	return x, sv, true
}

func (l *lato) sezioneIntegrazione(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	if x, sv, ok := l.riaperta(w, r, a); ok {
		l.mostraRiaperti(w, r, x, sv, nil, r.URL.Query().Get("fuoco"))
	}
}

func (l *lato) mostraRiaperti(w http.ResponseWriter, r *http.Request, x riapertura, sv *servizio.Servizio, e modulo.Errori, fuoco string) {
	sezione := r.PathValue("sezione")
	x.stato.Passi, x.stato.Fuoco, x.stato.Azione = x.passi(sezione), fuoco, x.indirizzo(sezione)
	v := vistaSezione{Servizio: sv.Nome(), Lingue: l.Lingue(r)}
	x.stato.Lingua = l.Lingua(r)
	var err error
	if x.stato.Traduzioni, err = traduzioni(x.m); err != nil {
		l.Errore(w, r, err)
		return
	}
	if v.Stepper, err = l.stepper(r, x.m, x.stato.Passi); err == nil {
		v.Modulo, err = frammento(func(b *bytes.Buffer) error { return l.renderer.Sezione(b, x.m, sezione, x.risposte, e, x.stato) })
	}
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	codice := http.StatusOK
	if len(e) > 0 {
		codice = http.StatusUnprocessableEntity
	}
	b := briciole(x.p.ID, sv.Nome(), "Dati da correggere")
	b = slices.Insert(b, len(b)-1, web.Briciola{Testo: "Integrazioni", URL: urlPratica(x.p.ID, "integrazione")})
	l.Mostra(w, r, codice, "cittadino/sezione", web.Pagina{
		Titolo: html.Titolo(x.m, sezione, e, x.stato.Passi) + " – Dati da correggere – " + sv.Nome(), Sezione: web.SezioneArea, Briciole: b, Dati: v,
	})
}

// salvaDatiIntegrazione keeps what was typed in the session: the pratica changes
// only when the answer is sent. What is posted for anything that the office did
// not reopen is not looked at.
func (l *lato) salvaDatiIntegrazione(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	x, sv, ok := l.riaperta(w, r, a)
	if !ok {
		return
	}
	sezione := r.PathValue("sezione")
	risposte, azione := x.stato.Leggi(x.m, sezione, x.risposte, r.PostForm)
	if azione.Genere == html.EliminaFile {
		if err := l.Sportello.RimuoviAllegato(r.Context(), a, x.p.ID, azione.File); err != nil && !rimosso(err) {
			l.Errore(w, r, err)
			return
		}
	}
	p := x.p
	risposte, e, err := l.caricaRiaperti(r.Context(), a, x, sezione, risposte, r)
	if err == nil {
		p, _, err = l.Sportello.Leggi(r.Context(), a, p.ID)
	}
	if err == nil && p.IntegrazioneAperta() == nil { // answered meanwhile
		err = pratica.ErrNonTrovato
	}
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	l.Ricorda(w, r, chiaveIntegrazione(p), risposte)
	x = l.riapertura(p, sv, risposte)
	if azione.Genere == html.Avanti {
		e = append(x.errori(sezione), e...)
	}
	switch {
	case len(e) > 0:
		l.mostraRiaperti(w, r, x, sv, e, azione.Fuoco())
	case azione.Genere == html.Avanti:
		dove, detto := x.accanto(sezione, 1), ""
		if dove == urlPratica(p.ID, "integrazione") {
			detto = "Dati corretti: ora invia la risposta."
		}
		l.Vai(w, r, dove, detto)
	case azione.Genere == html.Indietro:
		l.Vai(w, r, x.accanto(sezione, -1), "")
	case azione.Genere == html.Salva:
		l.Vai(w, r, x.indirizzo(sezione), "Correzioni conservate finché non esci: l'ufficio le riceve quando invii la risposta.")
	default:
		dove := x.indirizzo(sezione)
		if f := azione.Fuoco(); f != "" {
			dove += "?" + url.Values{"fuoco": {f}}.Encode()
		}
		l.Vai(w, r, dove, "")
	}
}

// caricaRiaperti keeps the files of reopened file fields and names them in the
// answers that wait in the session.
func (l *lato) caricaRiaperti(ctx context.Context, a pratica.Attore, x riapertura, sezione string, risposte modulo.Risposte, r *http.Request) (modulo.Risposte, modulo.Errori, error) {
	if r.MultipartForm == nil {
		return risposte, nil, nil
	}
	var e modulo.Errori
	for _, percorso := range slices.Sorted(maps.Keys(r.MultipartForm.File)) {
		c, ok := x.m.Campo(percorso)
		if s, _ := x.m.SezioneDi(percorso); !ok || c.Tipo != modulo.File || s != sezione || !x.stato.Modificabile(x.m, percorso) {
			continue
		}
		for _, h := range scelti(r.MultipartForm, percorso) {
			male := func(testo string) {
				e = append(e, modulo.Errore{Percorso: percorso, Sezione: sezione, Codice: "file", Etichetta: c.Etichetta, Messaggio: testo})
			}
			if len(risposte.Elenco(percorso)) >= max(1, c.MassimoFile) {
				male("Questo campo ammette al massimo " + quanti(max(1, c.MassimoFile)) + ": elimina prima quello che c'è.")
				continue
			}
			al, err := l.carica(ctx, a, x.p.ID, sportello.NuovoAllegato{Nome: h.Filename, Campo: percorso, Origine: pratica.OrigineIntegrazione}, h)
			testo, err := respinto(h, err)
			if err != nil {
				return risposte, e, err
			}
			if testo != "" {
				male(testo)
				continue
			}
			if risposte, err = x.m.ConFile(risposte, percorso, al.ID); err != nil {
				return risposte, e, err
			}
		}
	}
	return risposte, e, nil
}

func (l *lato) inviaIntegrazione(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	testo := r.PostFormValue("testo")
	p, sv, err := l.Sportello.Leggi(r.Context(), a, idPratica(r))
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	if p.Stato != pratica.AttesaIntegrazione { // sent already, by a double click
		l.Vai(w, r, urlPratica(p.ID), "Integrazioni inviate.")
		return
	}
	_, e, err := l.caricaSciolti(r.Context(), a, p.ID, pratica.OrigineIntegrazione, r.MultipartForm)
	if err == nil && len(e) == 0 {
		d := pratica.InviaIntegrazione{Testo: testo}
		if _, corretti := l.corretti(r, p); corretti {
			d.Risposte = l.rispostePer(r, p)
		}
		_, err = l.Sportello.Esegui(r.Context(), a, p.ID, d, sportello.ConChiave(web.Chiave(r)))
		e, _ = correggibili(err)
		for j, x := range e { // a field of the other page has no place to link to here
			if c, ok := sv.Modulo().Campo(x.Campo); ok {
				e[j] = errore{"", nome(c) + ": " + x.Testo}
			}
		}
		if x, ok := comeRifiuto(err); ok && x.Codice == pratica.CodiceNonAmmesso { // there is nothing in it
			for _, m := range x.Motivi {
				e = append(e, errore{"testo", m.Messaggio})
			}
		}
	}
	if len(e) > 0 {
		l.mostraIntegrazione(w, r, a, e, testo)
		return
	}
	l.concludi(w, r, err, "Integrazioni inviate.")
}
