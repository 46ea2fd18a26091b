package cittadino

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// ritorna marks a section that was opened from the summary: going on leads back there.
const ritorna = "ritorna"

// provenienza explains a field that came from the identity.
const provenienza = "Dato fornito dalla tua identità digitale"

type vistaSezione struct {
	Servizio string
	Lingue   []web.VoceLingua
	Stepper  template.HTML
	Modulo   template.HTML
}

func (l *lato) sezione(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	c, ok := l.bozza(w, r, a)
	if !ok {
		return
	}
	sezione := r.PathValue("sezione")
	if !slices.Contains(c.esito.SezioniVisibili(), sezione) { // not there, or hidden by an answer
		l.Vai(w, r, c.daCompilare(), "")
		return
	}
	l.mostraSezione(w, r, c, sezione, nil, r.URL.Query().Get("fuoco"))
}

func (l *lato) mostraSezione(w http.ResponseWriter, r *http.Request, c percorso, sezione string, e modulo.Errori, fuoco string) {
	m := c.sv.Modulo()
	passi := c.html(sezione)
	st := html.StatoModulo{
		Allegati: c.p.FileModulo(), Passi: passi, Precompilate: pratica.Precompilate(c.p, c.sv), Oggi: termini.GiornoDi(l.Orologio()),
		Provenienza: provenienza, Lingua: l.Lingua(r), Fuoco: fuoco, Azione: indirizzoSezione(c.p.ID, sezione, r.URL.Query().Get(ritorna), ""),
	}
	v := vistaSezione{Servizio: c.sv.Nome(), Lingue: l.Lingue(r)}
	var err error
	if st.Traduzioni, err = traduzioni(m); err != nil {
		l.Errore(w, r, err)
		return
	}
	if v.Stepper, err = l.stepper(r, m, passi); err == nil {
		v.Modulo, err = frammento(func(b *bytes.Buffer) error { return l.renderer.Sezione(b, m, sezione, c.p.Risposte, e, st) })
	}
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	codice := http.StatusOK
	if len(e) > 0 {
		codice = http.StatusUnprocessableEntity
	}
	l.Mostra(w, r, codice, "cittadino/sezione", web.Pagina{
		Titolo: html.Titolo(m, sezione, e, passi) + " – " + c.sv.Nome(), Sezione: web.SezioneServizi,
		Briciole: briciole(c.p.ID, c.sv.Nome(), "Compilazione"), Dati: v,
	})
}

func indirizzoSezione(id pratica.ID, sezione, dove, fuoco string) string {
	q := url.Values{}
	if dove == passoRiepilogo {
		q.Set(ritorna, dove)
	}
	if fuoco != "" {
		q.Set("fuoco", fuoco)
	}
	u := urlPratica(id, "compila", sezione)
	if len(q) > 0 {
		u += "?" + q.Encode()
	}
	return u
}

// salvaSezione saves what was typed, whatever the button; only Avanti checks it.
func (l *lato) salvaSezione(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	c, ok := l.bozza(w, r, a)
	if !ok {
		return
	}
	ctx, m, sezione := r.Context(), c.sv.Modulo(), r.PathValue("sezione")
	if _, ok := m.Sezione(sezione); !ok {
		l.Errore(w, r, pratica.ErrNonTrovato)
		return
	}
	risposte, azione := html.Leggi(m, sezione, c.p.Risposte, r.PostForm)
	if _, err := l.Sportello.Esegui(ctx, a, c.p.ID, pratica.SalvaBozza{Risposte: risposte}); err != nil {
		l.Errore(w, r, err)
		return
	}
	if azione.Genere == html.EliminaFile {
		if err := l.Sportello.RimuoviAllegato(ctx, a, c.p.ID, azione.File); err != nil && !rimosso(err) {
			l.Errore(w, r, err)
			return
		}
	}
	respinti, err := l.caricaCampi(ctx, a, c.p.ID, sezione, m, r.MultipartForm)
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	p, sv, err := l.Sportello.Leggi(ctx, a, c.p.ID)
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	c = l.percorso(p, sv)
	e := respinti
	if azione.Genere == html.Avanti {
		e = append(c.esito.Errori.DellaSezione(sezione), e...)
	}
	if len(e) > 0 && azione.Genere != html.Indietro {
		l.mostraSezione(w, r, c, sezione, e, azione.Fuoco())
		return
	}
	l.dopoSezione(w, r, c, sezione, azione)
}

func (l *lato) dopoSezione(w http.ResponseWriter, r *http.Request, c percorso, sezione string, azione html.Azione) {
	dove := r.URL.Query().Get(ritorna)
	switch azione.Genere {
	case html.Avanti:
		if dove == passoRiepilogo {
			l.Vai(w, r, urlPratica(c.p.ID, "riepilogo"), "")
			return
		}
		l.Vai(w, r, c.dopo(sezione), "")
	case html.Indietro:
		l.Vai(w, r, c.prima(sezione), "")
	case html.Salva:
		l.Vai(w, r, indirizzoSezione(c.p.ID, sezione, dove, ""), "Bozza salvata alle "+web.Ora(l.Orologio())+". La ritrovi nella tua area personale.")
	default:
		l.Vai(w, r, indirizzoSezione(c.p.ID, sezione, dove, azione.Fuoco()), "")
	}
}

func (l *lato) confermaElimina(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	if c, ok := l.bozza(w, r, a); ok {
		l.Mostra(w, r, http.StatusOK, "cittadino/elimina", web.Pagina{
			Titolo: "Elimina la bozza", Sezione: web.SezioneArea, Briciole: briciole(c.p.ID, c.sv.Nome(), "Elimina la bozza"),
			Dati: map[string]string{"Servizio": c.sv.Nome(), "URL": urlPratica(c.p.ID)},
		})
	}
}
