package cittadino

import (
	"bytes"
	"html/template"
	"net/http"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
)

// sezioniSenzaElenco is how many sections a form may have before a draft of it
// is resumed from the list of its tasks (elenco dei compiti).
const sezioniSenzaElenco = 4

type vistaCompiti struct {
	Servizio, URL string
	Lingue        []web.VoceLingua
	Compiti       template.HTML
	Completa      bool // nothing is missing in the form
}

// riprendi goes to where the draft was left; in a long form it shows how far
// each section is.
func (l *lato) riprendi(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	c, ok := l.bozza(w, r, a)
	if !ok {
		return
	}
	m := c.sv.Modulo()
	if len(m.Sezioni()) <= sezioniSenzaElenco {
		l.Vai(w, r, c.daCompilare(), "")
		return
	}
	v := vistaCompiti{Servizio: c.sv.Nome(), URL: urlPratica(c.p.ID), Lingue: l.Lingue(r), Completa: len(c.esito.Errori) == 0}
	t, err := traduzioni(m)
	if err == nil {
		v.Compiti, err = l.nellaLingua(r, func(b *bytes.Buffer) error { return l.diPagina.In(l.Lingua(r), t).Compiti(b, l.compiti(r, c)) })
	}
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	l.Mostra(w, r, http.StatusOK, "cittadino/compiti", web.Pagina{
		Titolo: "Sezioni da compilare – " + c.sv.Nome(), Sezione: web.SezioneServizi, Briciole: briciole(c.p.ID, c.sv.Nome(), "Sezioni da compilare"), Dati: v,
	})
}

// compiti are the sections, then the pages of the portal before the summary.
func (l *lato) compiti(r *http.Request, c percorso) []html.Compito {
	q := html.Compiti(c.sv.Modulo(), c.esito, html.OpzioniCompiti{
		Viste:     c.viste(),
		Indirizzo: func(s string) string { return urlPratica(c.p.ID, "compila", s) },
	})
	_, bollo := l.bolloRicordato(r, c.p.ID)
	fatti := map[string]bool{passoAppuntamento: c.p.AppuntamentoAttivo() != nil, passoBollo: bollo}
	for _, p := range c.passi {
		fatto, nostro := fatti[p.id]
		if !nostro {
			continue
		}
		x := html.Compito{ID: p.id, Titolo: titoloPasso(l.Lingua(r), p.id, p.titolo), URL: p.url, Stato: html.CompitoDaCompilare}
		if fatto {
			x.Stato = html.CompitoCompletato
		}
		q = append(q, x)
	}
	return q
}

// viste are the sections before the last one in which the person wrote: what a
// draft keeps says nothing of sections that were left empty on purpose.
func (c percorso) viste() []string {
	visibili, n := c.esito.SezioniVisibili(), 0
	note := pratica.Precompilate(c.p, c.sv)
	for i, id := range visibili {
		s, _ := c.sv.Modulo().Sezione(id)
		for _, x := range s.Campi {
			_, scritta := c.p.Risposte[x.ID]
			if _, nota := note[x.ID]; scritta && !nota {
				n = i
			}
		}
	}
	return visibili[:n]
}
