package html

import (
	"html/template"
	"io"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

type vistaRiepilogo struct {
	Lingua  string
	Avviso  string
	Sezioni []vistaSezioneRiepilogo
}

// vistaVoce is an answer. Segno says in words that it was changed, Prima are the
// lines that it had.
type vistaVoce struct {
	Etichetta template.HTML
	Linee     []template.HTML
	Righe     []vistaRigaVoce
	Segno     string
	Prima     []template.HTML
	voce
}

type vistaRigaVoce struct {
	Titolo template.HTML
	Segno  string
	Voci   []vistaVoce
}

type vistaSezioneRiepilogo struct {
	ID      string
	Titolo  template.HTML
	Passo   template.HTML
	URL     string
	Livello int
	Voci    []vistaVoce
	// ModificaSezione is the hidden end of the link: " la sezione Richiedente".
	ModificaSezione template.HTML
	voce
}

// IDTitolo names the heading.
func (v vistaSezioneRiepilogo) IDTitolo() string { return v.ID }

// Riepilogo writes the summary: one description list per section. With
// modifica, which gives the address of a section, each has a "Modifica" link;
// with nil the summary is read-only, as an operator sees it. The texts of rp are
// Italian; for another language, and for what an integration changed, see Lettura.
func (r *Renderer) Riepilogo(w io.Writer, rp modulo.Riepilogo, modifica func(sezione string) string) error {
	v := vistaRiepilogo{}
	for _, s := range rp.Sezioni {
		v.Sezioni = append(v.Sezioni, r.sezioneRiepilogo(s.ID, r.italiano(s.Titolo), vociRiepilogo(r, s.Voci), modifica))
	}
	return r.esegui(w, "riepilogo", v)
}

func (r *Renderer) italiano(s string) lingua.Testo {
	return lingua.Testo{Valore: s, Lingua: lingua.Italiano}
}

func (r *Renderer) sezioneRiepilogo(id string, titolo lingua.Testo, voci []vistaVoce, modifica func(string) string) vistaSezioneRiepilogo {
	l := r.fissa()
	v := vistaSezioneRiepilogo{ID: r.cfg.Prefisso + "-s-" + id, Titolo: scrivi(l, titolo), Livello: r.cfg.LivelloTitolo, Voci: voci, voce: voce{l}}
	if modifica != nil {
		v.URL = modifica(id)
	}
	v.ModificaSezione = scrivi(l, lingua.Per(l, nil, nil).Componi(lingua.ModificaSezione, titolo)...)
	return v
}

func vociRiepilogo(r *Renderer, voci []modulo.VoceRiepilogo) []vistaVoce {
	q := make([]vistaVoce, 0, len(voci))
	for _, x := range voci {
		v := vistaVoce{Etichetta: scrivi(r.fissa(), r.italiano(x.Etichetta)), voce: voce{r.fissa()}}
		if x.Valore != "" {
			for s := range strings.SplitSeq(x.Valore, "\n") {
				v.Linee = append(v.Linee, scrivi("", lingua.Testo{Valore: s}))
			}
		}
		for _, riga := range x.Righe {
			v.Righe = append(v.Righe, vistaRigaVoce{Titolo: scrivi(r.fissa(), r.italiano(riga.Titolo)), Voci: vociRiepilogo(r, riga.Voci)})
		}
		q = append(q, v)
	}
	return q
}
