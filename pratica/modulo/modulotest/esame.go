package modulotest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// esame compares one outcome with what was expected.
type esame struct {
	m   *modulo.Modulo
	s   Scenario
	e   modulo.Esito
	dif []string
}

func (x *esame) scrivi(formato string, a ...any) { x.dif = append(x.dif, fmt.Sprintf(formato, a...)) }

func (x *esame) differenze() []string {
	a := x.s.Attesi
	if a.niente() {
		x.scrivi("lo scenario non si aspetta niente")
	}
	x.ignote(x.s.Risposte, "risposte")
	x.ignote(x.s.Precompilate, "precompilate")
	for _, p := range a.Visibili {
		if x.esiste("visibili", p) && !x.e.Visibile(p) {
			x.scrivi("visibili: %s è nascosto", p)
		}
	}
	for _, p := range a.Nascosti {
		if x.esiste("nascosti", p) && x.e.Visibile(p) {
			x.scrivi("nascosti: %s si vede", p)
		}
	}
	if v := x.e.SezioniVisibili(); a.Sezioni != nil && !slices.Equal(a.Sezioni, v) {
		x.scrivi("sezioni: attese [%s], si vedono [%s]", strings.Join(a.Sezioni, " "), strings.Join(v, " "))
	}
	for _, p := range a.Obbligatori {
		if x.esiste("obbligatori", p) && !x.e.Obbligatorio(p) {
			x.scrivi("obbligatori: %s %s", p, map[bool]string{true: "è facoltativo", false: "è nascosto"}[x.e.Visibile(p)])
		}
	}
	for _, p := range a.Facoltativi {
		switch {
		case !x.esiste("facoltativi", p):
		case x.e.Obbligatorio(p):
			x.scrivi("facoltativi: %s è obbligatorio", p)
		case !x.e.Visibile(p):
			x.scrivi("facoltativi: %s è nascosto", p)
		}
	}
	x.valori(a.Valori)
	if a.Errori != nil {
		x.errori(a.Errori)
	}
	x.riepilogo(a.Riepilogo)
	return x.dif
}

// ignote are answers to no field: a slip of the author, which the form would
// drop in silence.
func (x *esame) ignote(r modulo.Risposte, dove string) {
	for _, id := range slices.Sorted(maps.Keys(r)) {
		if _, ok := x.m.Campo(id); !ok {
			x.scrivi("%s: il modulo non ha il campo %s", dove, id)
		}
	}
}

// esiste keeps an expectation on a field that is not there from coming true.
func (x *esame) esiste(dove, percorso string) bool {
	nudo := senzaRighe(percorso)
	_, ok := x.m.Campo(nudo)
	switch {
	case !ok:
		x.scrivi("%s: il modulo non ha il campo %s", dove, percorso)
		return false
	case nudo == percorso && strings.Contains(percorso, "."):
		x.scrivi("%s: %s è in un gruppo, di' la riga: %s", dove, percorso, strings.Replace(percorso, ".", "[0].", 1))
		return false
	}
	if i := strings.LastIndex(percorso, "]"); i >= 0 {
		if _, ok := x.valore(percorso[:i+1]); !ok {
			x.scrivi("%s: la riga di %s non c'è", dove, percorso)
			return false
		}
	}
	return true
}

// senzaRighe turns "figli[0].nome" into "figli.nome".
func senzaRighe(p string) string {
	var b strings.Builder
	for {
		testa, coda, ok := strings.Cut(p, "[")
		b.WriteString(testa)
		if !ok {
			return b.String()
		}
		if _, p, ok = strings.Cut(coda, "]"); !ok {
			return b.String()
		}
	}
}

// valore walks the cleaned answers: "isee", "figli[0]", "figli[0].nome".
func (x *esame) valore(percorso string) (any, bool) {
	var v any = map[string]any(x.e.Valori)
	for _, passo := range strings.Split(strings.ReplaceAll(percorso, "[", ".["), ".") {
		if n, ok := strings.CutPrefix(passo, "["); ok {
			rr, _ := v.([]map[string]any)
			i, err := strconv.Atoi(strings.TrimSuffix(n, "]"))
			if err != nil || i < 0 || i >= len(rr) {
				return nil, false
			}
			v = rr[i]
			continue
		}
		m, _ := v.(map[string]any)
		w, ok := m[passo]
		if !ok {
			return nil, false
		}
		v = w
	}
	return v, true
}

func (x *esame) valori(attesi map[string]any) {
	for _, p := range slices.Sorted(maps.Keys(attesi)) {
		if !x.esiste("valori", p) {
			continue
		}
		v, c := x.valore(p)
		atteso, avuto := scritto(attesi[p]), scritto(v)
		switch {
		case attesi[p] == nil && !c, atteso == avuto && c:
		case attesi[p] == nil:
			x.scrivi("valori: %s non doveva esserci, è %s", p, avuto)
		case !c:
			x.scrivi("valori: %s doveva essere %s, non c'è", p, atteso)
		default:
			x.scrivi("valori: %s doveva essere %s, è %s", p, atteso, avuto)
		}
	}
}

// scritto writes a value as JSON, in which Go and JSON scenarios agree.
func scritto(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func (x *esame) errori(attesi []string) {
	avuti := make([]string, 0, len(x.e.Errori))
	for _, e := range x.e.Errori {
		avuti = append(avuti, e.Percorso+":"+e.Codice)
	}
	if slices.Equal(attesi, avuti) {
		return
	}
	// Each one counts as often as it stands.
	mancano, troppi := meno(attesi, avuti), meno(avuti, attesi)
	for _, e := range mancano {
		x.scrivi("errori: manca %s", e)
	}
	for _, e := range troppi {
		x.scrivi("errori: di troppo %s", e)
	}
	if len(mancano)+len(troppi) == 0 {
		x.scrivi("errori: in altro ordine, [%s]", strings.Join(avuti, " "))
	}
}

func meno(a, b []string) (q []string) {
	b = slices.Clone(b)
	for _, s := range a {
		if i := slices.Index(b, s); i >= 0 {
			b = slices.Delete(b, i, i+1)
			continue
		}
		q = append(q, s)
	}
	return q
}

func (x *esame) riepilogo(attesi map[string]string) {
	if attesi == nil {
		return
	}
	testi := map[string]string{}
	var leggi func([]modulo.VoceRiepilogo)
	leggi = func(vv []modulo.VoceRiepilogo) {
		for _, v := range vv {
			testi[v.Percorso] = v.Valore
			for _, r := range v.Righe {
				leggi(r.Voci)
			}
		}
	}
	for _, s := range x.m.RiepilogaCon(x.e.Valori, x.s.opzioni()).Sezioni {
		leggi(s.Voci)
	}
	for _, p := range slices.Sorted(maps.Keys(attesi)) {
		switch testo, c := testi[p]; {
		case !x.esiste("riepilogo", p), testo == attesi[p]:
		case !c:
			x.scrivi("riepilogo: %s doveva dire %q, non c'è", p, attesi[p])
		default:
			x.scrivi("riepilogo: %s doveva dire %q, dice %q", p, attesi[p], testo)
		}
	}
}
