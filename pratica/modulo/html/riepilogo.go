package html

import (
	"io"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

type vistaVoce struct {
	Etichetta string
	Linee     []string
	Righe     []vistaRigaVoce
}

type vistaRigaVoce struct {
	Titolo string
	Voci   []vistaVoce
}

type vistaSezioneRiepilogo struct {
	ID, Titolo, URL string
	Livello         int
	Voci            []vistaVoce
}

// Riepilogo writes the summary: one description list per section. With
// modifica, which gives the address of a section, each has a "Modifica" link;
// with nil the summary is read-only, as an operator sees it.
func (r *Renderer) Riepilogo(w io.Writer, rp modulo.Riepilogo, modifica func(sezione string) string) error {
	var ss []vistaSezioneRiepilogo
	for _, s := range rp.Sezioni {
		v := vistaSezioneRiepilogo{ID: r.cfg.Prefisso + "-s-" + s.ID, Titolo: s.Titolo, Livello: r.cfg.LivelloTitolo, Voci: vociRiepilogo(s.Voci)}
		if modifica != nil {
			v.URL = modifica(s.ID)
		}
		ss = append(ss, v)
	}
	return r.esegui(w, "riepilogo", ss)
}

func vociRiepilogo(voci []modulo.VoceRiepilogo) []vistaVoce {
	q := make([]vistaVoce, 0, len(voci))
	for _, x := range voci {
		v := vistaVoce{Etichetta: x.Etichetta}
		if x.Valore != "" {
			v.Linee = strings.Split(x.Valore, "\n")
		}
		for _, riga := range x.Righe {
			v.Righe = append(v.Righe, vistaRigaVoce{riga.Titolo, vociRiepilogo(riga.Voci)})
		}
		q = append(q, v)
	}
	return q
}
