package html

import (
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

// conRigheMinime shows the rows that a gruppo must have as soon as it is opened.
func conRigheMinime(m *modulo.Modulo, s modulo.Sezione, v modulo.Risposte) modulo.Risposte {
	v = v.Copia()
	if v == nil {
		v = modulo.Risposte{}
	}
	righeMinime(m, v, s.Campi, "")
	return v
}

func righeMinime(m *modulo.Modulo, dove map[string]any, campi []modulo.Campo, prefisso string) {
	for _, c := range campi {
		if c.Tipo != modulo.Gruppo {
			continue
		}
		minimo := c.MinimoRighe
		if c.Obbligatorio {
			minimo = max(1, minimo)
		}
		rr := slices.Clone(modulo.Risposte(dove).Righe(c.ID))
		for len(rr) < minimo {
			rr = append(rr, m.Iniziale(prefisso+c.ID))
		}
		for i := range rr {
			if rr[i] == nil {
				rr[i] = map[string]any{}
			}
			righeMinime(m, rr[i], c.Campi, prefisso+c.ID+".")
		}
		if len(rr) > 0 {
			dove[c.ID] = rr
		}
	}
}

func (k *costruttore) gruppo(f *vistaCampo, c modulo.Campo, percorso string, v any, bloccato bool) {
	f.Modello, f.NomeRighe = "gruppo", percorso+"._righe"
	rr := modulo.Risposte{"r": v}.Righe("r")
	fisso := bloccato || k.esito.Calcolato(percorso) || k.esito.SolaLettura(percorso) || !k.aperti.apre(percorso)
	riga := k.x.Campo(percorso, "etichetta_riga", c.EtichettaRiga)
	dentro := riga
	if dentro.Lingua != lingua.Tedesco {
		dentro.Valore = minuscola(dentro.Valore)
	}
	for i, r := range rr {
		percorsoRiga := percorso + "[" + strconv.Itoa(i) + "]"
		vr := vistaRiga{ID: k.id(percorsoRiga), Titolo: k.scrivi(k.x.TitoloRiga(percorso, c, i, len(rr))...)}
		dentroRiga := insiemi{k: k}
		for _, d := range c.Campi {
			p := percorsoRiga + "." + d.ID
			if k.esito.Visibile(p) {
				if k.fuoco == percorsoRiga && d.Tipo != modulo.Nota {
					k.fuoco = p
				}
				dentroRiga.metti(d, k.id(p), k.rendi(k.campo(d, p, r[d.ID], bloccato)))
			}
		}
		vr.Campi = dentroRiga.tutti()
		if !fisso {
			vr.Rimuovi = "rimuovi:" + percorso + ":" + strconv.Itoa(i)
			vr.EtichettaRimuovi = k.scrivi(k.x.Componi(lingua.Rimuovi, dentro, lingua.Testo{Valore: strconv.Itoa(i + 1)})...)
		}
		f.RigheGruppo = append(f.RigheGruppo, vr)
	}
	f.Righe = len(rr)
	switch {
	case fisso:
		f.NomeRighe = ""
		if bloccato {
			k.spiega(f, lingua.Testo{Valore: k.stato.Provenienza})
		}
	case len(rr) < massimoRighe(c):
		f.Aggiungi = k.scrivi(k.x.Componi(lingua.Aggiungi, dentro)...)
		if c.EtichettaAggiungi != "" {
			f.Aggiungi = k.scrivi(k.x.Campo(percorso, "etichetta_aggiungi", c.EtichettaAggiungi))
		}
	}
}

// minuscola lowers the first letter, unless the word is an acronym.
func minuscola(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if seconda, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(seconda) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}
