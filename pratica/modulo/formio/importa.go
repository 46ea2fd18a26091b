package formio

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/script"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// OpzioniImporta says how to import. The zero value knows the types of Form.io
// and of the Stanza del Cittadino, and no other.
type OpzioniImporta struct {
	// Tipi says as what a type that is not known is to be treated
	// ("navSelect" → "select"). Without it, its values are refused.
	Tipi map[string]string
}

// Modulo is a form ready to process submissions. It is immutable and safe for
// concurrent use.
type Modulo struct {
	radice   []*nodo
	nodi     []*nodo
	albero   map[string]any // what scripts see as form
	titolo   string
	display  string
	difforme map[string]bool
	modelli  map[string]*modelloTesto
	maschere map[string]*regexp.Regexp
	insieme  *script.Insieme
}

// Titolo is the title of the form.
func (m *Modulo) Titolo() string { return m.titolo }

// scriptNodo is what of a component is not plain data: compiled, never nil.
type scriptNodo struct {
	haCondizioni     bool
	condizioneScript *programma
	condizioneJSON   *programma
	vecchia          *condizione
	semplice         *condizione
	sempliceNulla    bool
	predefinito      *programma
	calcolo          *programma
	calcoloRotto     bool
	calcoloLegge     bool // reads the value that it computes
	logica           []regolaLogica
	controllo        *programma // validate.custom
	controlloJSON    *programma
	limiti           map[string]*programma // dates that are expressions of moment
	// refusals are why what is sent here cannot be accepted
	rifiuti []string
}

// importazione is one run of Importa.
type importazione struct {
	opz       OpzioniImporta
	m         *Modulo
	righe     []RigaRapporto
	indirizzi map[*nodo]map[*nodo]indirizzo
	ricerche  map[chiaveRicerca]*ricerca
}

type chiaveRicerca struct {
	percorso string
	radice   *nodo
}

// Importa compiles a form, once: conditions, logic, computed values, defaults,
// validations, regular expressions, JavaScript and JSONLogic. What cannot be
// carried is in the Rapporto, component by component, and where it guards a
// value that value is refused. The error is an ErroreLettura, for components
// that are none.
func Importa(d *Definizione, opz OpzioniImporta) (*Modulo, *Rapporto, error) {
	i := &importazione{
		opz: opz, indirizzi: map[*nodo]map[*nodo]indirizzo{}, ricerche: map[chiaveRicerca]*ricerca{},
		m: &Modulo{titolo: d.Titolo, display: d.Display, difforme: map[string]bool{},
			modelli: map[string]*modelloTesto{}, maschere: map[string]*regexp.Regexp{}, insieme: new(script.Insieme)},
	}
	cc, _ := i.traduciTipi(d.componenti).([]any)
	i.m.albero = map[string]any{"components": cc, "display": d.Display, "title": d.Titolo}
	a := &albero{}
	i.m.radice = a.rami(cc, nil)
	i.m.nodi = a.nodi
	i.righe = make([]RigaRapporto, len(a.nodi))
	for _, n := range a.nodi {
		i.righe[n.id] = RigaRapporto{Percorso: n.completo, Tipo: n.tipo, Etichetta: etichetta(n.comp), Portata: Portato}
	}
	visti := map[string]bool{}
	for _, n := range a.nodi {
		i.nodo(n)
		if n.dati() && n.modello != modMappa {
			if visti[n.datiSenza] {
				i.nota(n, PortatoConDifferenza, "un altro componente scrive nello stesso posto: i due valori sono uno solo")
			}
			visti[n.datiSenza] = true
		}
	}
	i.estranei(cc, "", true)
	return i.m, &Rapporto{Righe: i.righe, Differenze: slices.Sorted(maps.Keys(i.m.difforme))}, nil
}

// estranei reports what stands where a component should and is none, and what
// Form.io itself does not read there.
func (i *importazione) estranei(vv []any, sopra string, letto bool) {
	for _, v := range vv {
		c, ok := v.(map[string]any)
		dove := unisci(sopra, testo(c, "key"))
		if !ok {
			i.righe = append(i.righe, RigaRapporto{Percorso: dove, Portata: NonPortato, Motivi: []string{"al posto di un componente c'è altro"}})
			continue
		}
		if !letto {
			i.righe = append(i.righe, RigaRapporto{Percorso: dove, Tipo: testo(c, "type"), Etichetta: etichetta(c),
				Portata: NonPortato, Motivi: []string{"il componente sta dove nemmeno Form.io lo legge"}})
		}
		tutti, letti := gruppiDi(c), gruppiLetti(c, strutturato(c))
		for _, g := range tutti {
			i.estranei(g, dove, letto && slices.ContainsFunc(letti, func(l []any) bool { return len(l) == len(g) && len(l) > 0 && &l[0] == &g[0] }))
		}
	}
}

// traduciTipi copies the components where a type is to be treated as another.
func (i *importazione) traduciTipi(v any) any {
	if len(i.opz.Tipi) == 0 {
		return v
	}
	switch x := v.(type) {
	case []any:
		q := make([]any, len(x))
		for k, w := range x {
			q[k] = i.traduciTipi(w)
		}
		return q
	case map[string]any:
		q := make(map[string]any, len(x))
		for k, w := range x {
			switch k {
			case "components", "columns", "rows":
				w = i.traduciTipi(w)
			case "type":
				if s, ok := w.(string); ok && i.opz.Tipi[s] != "" {
					w = i.opz.Tipi[s]
				}
			}
			q[k] = w
		}
		return q
	}
	return v
}

func etichetta(c map[string]any) string {
	for _, k := range []string{"label", "title", "legend", "placeholder"} {
		if s := testo(c, k); s != "" {
			return s
		}
	}
	return testo(c, "key")
}

// nota writes a reason; the worst outcome stays.
func (i *importazione) nota(n *nodo, p Portata, motivo string) {
	r := &i.righe[n.id]
	if r.Portata != NonPortato {
		r.Portata = p
	}
	if !slices.Contains(r.Motivi, motivo) {
		r.Motivi = append(r.Motivi, motivo)
	}
}

func (i *importazione) diverso(codici ...string) {
	for _, k := range codici {
		i.m.difforme[k] = true
	}
}

// ricerca gives the search of a path in the form, or in the nested form sotto.
func (i *importazione) ricerca(percorso string, sotto *nodo) *ricerca {
	k := chiaveRicerca{percorso, sotto}
	if r := i.ricerche[k]; r != nil {
		return r
	}
	radice := i.m.radice
	if sotto != nil {
		radice = sotto.figli
	}
	if i.indirizzi[sotto] == nil {
		i.indirizzi[sotto] = indirizzi(radice)
	}
	r := nuovaRicerca(percorso, radice, i.indirizzi[sotto])
	i.ricerche[k] = r
	return r
}

var reLegge = regexp.MustCompile(`\b(value|input)\b\s*(?:[^=\s]|==|$)`)

func (i *importazione) nodo(n *nodo) {
	s := &scriptNodo{}
	n.script = s
	i.tipo(n)
	i.condizioni(n)
	if v := prop(n.comp, "customDefaultValue"); valore.Booleano(v) {
		s.predefinito = i.programma(n, v, script.Predefinito)
		if s.predefinito == nil {
			i.nota(n, PortatoConDifferenza, "il valore predefinito non si calcola: il campo parte vuoto")
		}
	}
	if v := prop(n.comp, "calculateValue"); valore.Booleano(v) {
		s.calcolo = i.programma(n, v, script.Calcolo)
		s.calcoloRotto = s.calcolo == nil
		t, ok := v.(string)
		s.calcoloLegge = !ok || reLegge.MatchString(t)
		i.diverso("calcolo")
		if s.calcoloRotto {
			i.nota(n, NonPortato, "il valore calcolato non si può calcolare qui: quello ricevuto è rifiutato")
		}
	}
	i.logica(n)
	i.controlli(n)
	i.modello(n)
	i.limiti(n)
}

func (i *importazione) condizioni(n *nodo) {
	s := n.script
	cond := oggetto(n.comp, "conditional")
	_, json := cond["json"].(map[string]any)
	if vv, ok := cond["json"].([]any); ok {
		json = vv != nil
	}
	if json {
		s.haCondizioni = true
		if s.condizioneJSON = i.programma(n, cond["json"], scriptJSON); s.condizioneJSON == nil {
			i.nota(n, NonPortato, "la condizione JSONLogic non è valida: il componente resta sempre visibile")
		}
	}
	if s.vecchia = i.compilaCondizione(cond); s.vecchia != nil {
		s.haCondizioni = true
	}
	if vero(cond, "conjunction") && vero(cond, "conditions") {
		s.haCondizioni = true
		s.semplice = i.compilaSemplice(n, cond)
		s.sempliceNulla = s.semplice == nil
	}
	if v := prop(n.comp, "customConditional"); valore.Booleano(v) {
		s.haCondizioni = true
		if s.condizioneScript = i.programma(n, v, script.Condizione); s.condizioneScript == nil {
			i.nota(n, NonPortato, "la condizione in JavaScript non si può eseguire: il componente resta sempre visibile")
		}
	}
}

func (i *importazione) logica(n *nodo) {
	regole, _ := n.comp["logic"].([]any)
	for _, v := range regole {
		m, _ := v.(map[string]any)
		azioni, _ := m["actions"].([]any)
		t := oggetto(m, "trigger")
		if t == nil || len(azioni) == 0 {
			continue
		}
		var r regolaLogica
		switch t["type"] {
		case "simple":
			q := oggetto(t, "simple")
			if r.vecchia = i.compilaCondizione(q); r.vecchia == nil {
				r.semplice = i.compilaSemplice(n, q)
			}
		case "javascript":
			if vero(t, "javascript") {
				if r.script = i.programma(n, t["javascript"], script.Innesco); r.script == nil {
					i.nota(n, NonPortato, "una regola di logica ha un innesco in JavaScript che non si può eseguire: non scatta mai")
				}
			}
		case "json":
			if valore.Oggetto(t["json"]) {
				if r.json = i.programma(n, t["json"], scriptJSON); r.json == nil {
					i.nota(n, NonPortato, "una regola di logica ha un innesco JSONLogic non valido: non scatta mai")
				}
			}
		default:
			i.nota(n, PortatoConDifferenza, "una regola di logica scatta a un evento della pagina: sul server non scatta")
		}
		for _, v := range azioni {
			if m, ok := v.(map[string]any); ok {
				r.azioni = append(r.azioni, i.azione(n, m))
			}
		}
		n.script.logica = append(n.script.logica, r)
	}
	if len(n.script.logica) > 0 && n.dentroRighe() {
		i.diverso("logica-riga")
	}
}

func (n *nodo) dentroRighe() bool {
	for g := n.genitore; g != nil; g = g.genitore {
		if g.modello == modRighe || g.modello == modRigheDati {
			return true
		}
	}
	return false
}

func (i *importazione) azione(n *nodo, m map[string]any) azione {
	a := azione{tipo: testo(m, "type")}
	fonte := any(nil)
	tipo := script.Azione
	switch a.tipo {
	case "property":
		p := oggetto(m, "property")
		a.proprieta, a.booleana = testo(p, "value"), p["type"] == "boolean"
		a.stato = valore.Testo(prop(m, "state"))
		a.testo = testo(m, "text")
		if k := testo(p, "component"); k != "" {
			a.testo = testo(m, k)
		}
		switch strings.SplitN(a.proprieta, ".", 2)[0] {
		case "key", "type", "components":
			i.nota(n, PortatoConDifferenza, "la logica cambia la struttura del modulo: sul server non la cambia")
			a.tipo = ""
		}
		if !a.booleana && p["type"] != "string" {
			a.tipo = ""
		}
		return a
	case "value":
		fonte = m["value"]
	case "customAction":
		fonte = m["customAction"]
	case "mergeComponentSchema":
		fonte, tipo = m["schemaDefinition"], script.Schema
	default:
		return a
	}
	if !valore.Booleano(fonte) {
		fonte = "" // an action without a script sets nothing
	}
	if a.script = i.programma(n, fonte, tipo); a.script == nil {
		i.nota(n, NonPortato, "un'azione della logica è uno script che non si può eseguire: non fa nulla")
	}
	return a
}
