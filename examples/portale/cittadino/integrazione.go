package cittadino

import (
	"bytes"
	"context"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// sezioneRiaperta is the one section that holds the fields which the office
// reopened; sezioneAltri, never shown, holds the rest, for the conditions.
const (
	sezioneRiaperta = "integrazione_riaperta"
	sezioneAltri    = "integrazione_altri"
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

// riaperto makes the form of an answer: the reopened fields in one section,
// each shown where its own section would be.
func riaperto(m *modulo.Modulo, campi []string) (*modulo.Modulo, error) {
	d := m.Definizione()
	riaperti := modulo.Sezione{ID: sezioneRiaperta, Titolo: "Dati da correggere"}
	altri := modulo.Sezione{ID: sezioneAltri, Titolo: "Altri dati"}
	for _, s := range d.Sezioni {
		for _, c := range s.Campi {
			c.Se = entrambe(s.Se, c.Se)
			if slices.Contains(campi, c.ID) {
				riaperti.Campi = append(riaperti.Campi, c)
			} else {
				altri.Campi = append(altri.Campi, c)
			}
		}
	}
	d.Sezioni = []modulo.Sezione{riaperti}
	if len(altri.Campi) > 0 {
		d.Sezioni = append(d.Sezioni, altri)
	}
	return modulo.Compila(d)
}

func entrambe(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	default:
		return "(" + a + ") and (" + b + ")"
	}
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

// datiCorretti are the answers with the reopened fields as the person left them.
type datiCorretti struct {
	risposte modulo.Risposte
	completi bool // they were checked
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
			v.Campi = append(v.Campi, c.Etichetta)
		}
	}
	d, corretti := l.corretti(r, p)
	v.Corretti, v.Completi = corretti, d.completi
	l.Mostra(w, r, stato(e), "cittadino/integrazione", web.Pagina{
		Titolo: titolo("Integrazioni – "+sv.Nome(), e), Sezione: web.SezioneArea, Briciole: briciole(p.ID, sv.Nome(), "Integrazioni"), Dati: v,
	})
}

func (l *lato) corretti(r *http.Request, p *pratica.Pratica) (datiCorretti, bool) {
	v, ok := l.Ricordato(r, chiaveIntegrazione(p))
	d, giusto := v.(datiCorretti)
	return d, ok && giusto
}

// rispostePer gives the answers as the person left them on the page of the
// reopened fields, or those of the pratica.
func (l *lato) rispostePer(r *http.Request, p *pratica.Pratica) modulo.Risposte {
	if d, ok := l.corretti(r, p); ok {
		return d.risposte.Copia()
	}
	return p.Risposte
}

func (l *lato) datiIntegrazione(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	p, sv, ok := l.in(w, r, a, pratica.AttesaIntegrazione)
	if !ok {
		return
	}
	l.mostraRiaperti(w, r, p, sv, l.rispostePer(r, p), nil, r.URL.Query().Get("fuoco"))
}

func (l *lato) mostraRiaperti(w http.ResponseWriter, r *http.Request, p *pratica.Pratica, sv *servizio.Servizio, risposte modulo.Risposte, e modulo.Errori, fuoco string) {
	m, err := riaperto(sv.Modulo(), p.IntegrazioneAperta().Campi)
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	st := html.StatoModulo{
		Allegati: p.FileModulo(), Precompilate: pratica.Precompilate(p, sv), Oggi: termini.GiornoDi(l.Orologio()),
		Provenienza: "Dato fornito dalla tua identità digitale", Fuoco: fuoco, Azione: urlPratica(p.ID, "integrazione", "dati"),
	}
	contenuto, err := frammento(func(b *bytes.Buffer) error { return l.renderer.Sezione(b, m, sezioneRiaperta, risposte, e, st) })
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	codice, prefisso := http.StatusOK, ""
	if len(e) > 0 {
		codice, prefisso = http.StatusUnprocessableEntity, "Errore: "
	}
	l.Mostra(w, r, codice, "cittadino/sezione", web.Pagina{
		Titolo: prefisso + "Dati da correggere – " + sv.Nome(), Sezione: web.SezioneArea, Briciole: briciole(p.ID, sv.Nome(), "Dati da correggere"),
		Dati: vistaSezione{Servizio: sv.Nome(), Stepper: template.HTML(""), Modulo: contenuto},
	})
}

// salvaDatiIntegrazione keeps what was typed in the session: the pratica changes
// only when the answer is sent.
func (l *lato) salvaDatiIntegrazione(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	p, sv, ok := l.in(w, r, a, pratica.AttesaIntegrazione)
	if !ok {
		return
	}
	m, err := riaperto(sv.Modulo(), p.IntegrazioneAperta().Campi)
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	risposte, azione := html.Leggi(m, sezioneRiaperta, l.rispostePer(r, p), r.PostForm)
	if azione.Genere == html.EliminaFile {
		if err := l.Sportello.RimuoviAllegato(r.Context(), a, p.ID, azione.File); err != nil && !rimosso(err) {
			l.Errore(w, r, err)
			return
		}
	}
	risposte, e, err := l.caricaRiaperti(r.Context(), a, p.ID, m, risposte, r)
	if err == nil {
		p, _, err = l.Sportello.Leggi(r.Context(), a, p.ID)
	}
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	if azione.Genere == html.Avanti {
		esito := m.Valuta(risposte, modulo.Opzioni{Oggi: termini.GiornoDi(l.Orologio()), Allegati: p.FileModulo(), Precompilate: pratica.Precompilate(p, sv)})
		e = append(esito.Errori.DellaSezione(sezioneRiaperta), e...)
	}
	l.Ricorda(w, r, chiaveIntegrazione(p), datiCorretti{risposte, azione.Genere == html.Avanti && len(e) == 0})
	switch {
	case len(e) > 0:
		l.mostraRiaperti(w, r, p, sv, risposte, e, azione.Fuoco())
	case azione.Genere == html.Avanti:
		l.Vai(w, r, urlPratica(p.ID, "integrazione"), "Dati corretti: ora invia la risposta.")
	case azione.Genere == html.Indietro:
		l.Vai(w, r, urlPratica(p.ID, "integrazione"), "")
	default:
		l.Vai(w, r, urlPratica(p.ID, "integrazione", "dati"), "")
	}
}

// caricaRiaperti keeps the files of reopened file fields and names them in the
// answers that wait in the session.
func (l *lato) caricaRiaperti(ctx context.Context, a pratica.Attore, id pratica.ID, m *modulo.Modulo, risposte modulo.Risposte, r *http.Request) (modulo.Risposte, modulo.Errori, error) {
	if r.MultipartForm == nil {
		return risposte, nil, nil
	}
	var e modulo.Errori
	for _, percorso := range slices.Sorted(maps.Keys(r.MultipartForm.File)) {
		c, ok := m.Campo(percorso)
		if s, _ := m.SezioneDi(percorso); !ok || c.Tipo != modulo.File || s != sezioneRiaperta {
			continue
		}
		for _, h := range scelti(r.MultipartForm, percorso) {
			male := func(testo string) {
				e = append(e, modulo.Errore{Percorso: percorso, Sezione: sezioneRiaperta, Codice: "file", Etichetta: c.Etichetta, Messaggio: testo})
			}
			if len(risposte.Elenco(percorso)) >= max(1, c.MassimoFile) {
				male("Questo campo ammette al massimo " + quanti(max(1, c.MassimoFile)) + ": elimina prima quello che c'è.")
				continue
			}
			al, err := l.carica(ctx, a, id, sportello.NuovoAllegato{Nome: h.Filename, Campo: percorso, Origine: pratica.OrigineIntegrazione}, h)
			testo, err := respinto(h, err)
			if err != nil {
				return risposte, e, err
			}
			if testo != "" {
				male(testo)
				continue
			}
			if risposte, err = m.ConFile(risposte, percorso, al.ID); err != nil {
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
				e[j] = errore{"", c.Etichetta + ": " + x.Testo}
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
