package formio

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// ErrPonte is the cause of a form that has nothing to answer, or of an
// OpzioniPonte that a Definizione cannot have.
var ErrPonte = errors.New("formio: il modulo non si può portare")

// OpzioniPonte says what a Form.io definition does not.
type OpzioniPonte struct {
	ID       string // of the Definizione, as modulo.Definizione.ID
	Versione int    // defaults to 1
	Titolo   string // defaults to that of the form
	// Testi are the i18n texts of Opzioni.Testi.
	Testi map[string]string
}

// Ponte (bridge) lets an imported form be used as any other of the library: its
// Definizione is what pages, documents and lists read; as modulo.Estensione it
// decides, by Elabora, what is shown, computed and right. Give both to
// modulo.Compila:
//
//	m, err := modulo.Compila(p.Definizione(), modulo.ConEstensione(p))
//
// Wizard panels, or those at the top of a form, become sections; layout is
// dropped, and what it holds stays in its order; containers, sub-forms and
// fieldsets become sets of fields; data grids become groups. The types of the
// fields are those of the library where there is one that fits, so that the
// citizen finds the same controls in every form.
//
// It is immutable and safe for concurrent use.
type Ponte struct {
	m       *Modulo
	def     modulo.Definizione
	nudo    *modulo.Modulo // without the rules: reads what was posted
	testi   map[string]string
	campi   []*campoPonte          // of the form and of its rows, in order
	perNodo map[*nodo]*campoPonte  // those that have a field
	perDati map[string]*campoPonte // by path without indexes
	righe   []RigaRapporto
}

// campoPonte is a component and the field made of it.
type campoPonte struct {
	nodo    *nodo
	gruppo  *campoPonte // nil outside rows
	id      string      // in its gruppo
	tipo    modulo.Tipo
	dentro  string // path of the value in the data, or in the row
	codici  []string
	valori  []any // what Form.io keeps for each code
	conMese bool  // day: the month comes first
	chiuso  bool  // only shown
	figli   []*campoPonte
}

// Ponte makes the bridge. What has no place in a Definizione is in Rapporto;
// where it guards the submission it still does. The error is ErrPonte, or that
// of modulo.Compila.
func (m *Modulo) Ponte(o OpzioniPonte) (*Ponte, error) {
	if o.Versione == 0 {
		o.Versione = 1
	}
	if o.Titolo == "" {
		o.Titolo = m.titolo
	}
	p := &Ponte{m: m, testi: o.Testi, perNodo: map[*nodo]*campoPonte{}, perDati: map[string]*campoPonte{}}
	p.def = modulo.Definizione{ID: o.ID, Versione: o.Versione, Titolo: soloTesto(o.Titolo)}
	b := &carpentiere{p: p, usati: map[*campoPonte]map[string]bool{}}
	b.sezioni(m.radice)
	if len(p.def.Sezioni) == 0 {
		return nil, fmt.Errorf("%w: nessun campo", ErrPonte)
	}
	var err error
	if p.nudo, err = modulo.Compila(p.def); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPonte, err)
	}
	return p, nil
}

// Definizione is the form as the library knows it, a copy.
func (p *Ponte) Definizione() modulo.Definizione { return p.nudo.Definizione() }

// Rapporto says which components have no field, or one that is not quite the
// same, and why.
func (p *Ponte) Rapporto() []RigaRapporto { return slices.Clone(p.righe) }

func (b *carpentiere) nota(n *nodo, portata Portata, motivo string) {
	b.p.righe = append(b.p.righe, RigaRapporto{Percorso: n.completo, Tipo: n.tipo, Etichetta: etichetta(n.comp), Portata: portata, Motivi: []string{motivo}})
}

// carpentiere builds the Definizione.
type carpentiere struct {
	p      *Ponte
	usati  map[*campoPonte]map[string]bool // ids, by gruppo
	quante int
}

// insieme is the set that the fields being made belong to.
type insieme struct{ id, etichetta string }

func (b *carpentiere) sezioni(radice []*nodo) {
	var sciolti []*nodo
	chiudi := func() {
		b.sezione("dati", b.p.def.Titolo, sciolti)
		sciolti = nil
	}
	for _, n := range radice {
		if n.tipo != "panel" {
			sciolti = append(sciolti, n)
			continue
		}
		chiudi()
		titolo := soloTesto(testo(n.comp, "title"))
		if titolo == "" {
			titolo = etichetta(n.comp)
		}
		b.sezione(n.nome, titolo, n.figli)
	}
	chiudi()
}

// sezione adds a section, unless there is nothing to show in it.
func (b *carpentiere) sezione(chiave, titolo string, nodi []*nodo) {
	campi := b.campi(nodi, nil, insieme{})
	if len(campi) == 0 {
		return
	}
	if strings.TrimSpace(titolo) == "" {
		titolo = "Dati"
	}
	id := identificatore(chiave, "sezione", func(id string) bool {
		return slices.ContainsFunc(b.p.def.Sezioni, func(s modulo.Sezione) bool { return s.ID == id })
	})
	b.p.def.Sezioni = append(b.p.def.Sezioni, modulo.Sezione{ID: id, Titolo: titolo, Campi: campi})
}

// campi makes the fields of components and of what they lay out.
func (b *carpentiere) campi(nodi []*nodo, g *campoPonte, dove insieme) []modulo.Campo {
	var cc []modulo.Campo
	for _, n := range nodi {
		switch {
		case n.tipo == "button" || n.tipo == "pagebreak" || n.tipo == "recaptcha" || n.tipo == "captcha":
		case n.tipo == "hidden" || vero(n.comp, "hidden") && n.dati():
			b.nota(n, PortatoConDifferenza, "non si mostra: vale per le regole, non è fra i campi")
		case n.modello == modRighe:
			if c, ok := b.gruppo(n, g, dove); ok {
				cc = append(cc, c)
			}
		case n.modello == modSottomodulo || n.modello == modOggetto && len(n.figli) > 0 && n.tipo != "address" || n.tipo == "fieldset" || n.tipo == "panel" || n.tipo == "well":
			cc = append(cc, b.campi(n.figli, g, b.insiemeDi(n, dove))...)
		case n.modello == modNessuno && len(n.figli) > 0:
			cc = append(cc, b.campi(n.figli, g, dove)...)
		default:
			if c, ok := b.campo(n, g); ok {
				c.Insieme, c.EtichettaInsieme = dove.id, dove.etichetta
				cc = append(cc, c)
			}
		}
	}
	return cc
}

// insiemeDi is the set of what a component encloses: its own, if it has a name.
func (b *carpentiere) insiemeDi(n *nodo, fuori insieme) insieme {
	nome := soloTesto(testo(n.comp, "legend"))
	for _, k := range []string{"title", "label"} {
		if nome == "" {
			nome = soloTesto(testo(n.comp, k))
		}
	}
	if nome == "" || vero(n.comp, "hideLabel") {
		return fuori
	}
	b.quante++
	return insieme{identificatore(n.nome, "insieme", func(string) bool { return false }) + "_" + strconv.Itoa(b.quante), nome}
}

func (b *carpentiere) gruppo(n *nodo, sopra *campoPonte, dove insieme) (modulo.Campo, bool) {
	if sopra != nil && sopra.gruppo != nil {
		b.nota(n, NonPortato, "righe dentro righe di righe")
		return modulo.Campo{}, false
	}
	f := b.posa(n, sopra, modulo.Gruppo)
	c := modulo.Campo{ID: f.id, Etichetta: etichetta(n.comp), Aiuto: aiuto(n), Tipo: modulo.Gruppo, EtichettaRiga: "Riga", Insieme: dove.id, EtichettaInsieme: dove.etichetta}
	c.EtichettaAggiungi = soloTesto(testo(n.comp, "addAnother"))
	v := oggetto(n.comp, "validate")
	c.Obbligatorio = vero(v, "required")
	c.MinimoRighe = min(max(0, quanti(v, "minLength")), modulo.LimiteRighe)
	if massimo := quanti(v, "maxLength"); massimo > 0 {
		c.MassimoRighe = max(min(massimo, modulo.LimiteRigheMax), c.MinimoRighe)
	}
	c.Campi = b.campi(n.figli, f, insieme{})
	if len(c.Campi) == 0 {
		b.togli(f)
		b.nota(n, NonPortato, "righe senza campi")
		return modulo.Campo{}, false
	}
	return c, true
}

// posa takes note of a component that becomes a field.
func (b *carpentiere) posa(n *nodo, g *campoPonte, tipo modulo.Tipo) *campoPonte {
	if b.usati[g] == nil {
		b.usati[g] = map[string]bool{}
	}
	dati := n.datiSenza
	if !n.dati() {
		dati = unisci(n.datiSenza, n.nome)
	}
	chiave, dentro := dati, dati
	if g != nil {
		dentro = strings.TrimPrefix(dati, g.nodo.datiSenza+".")
		chiave = dentro
	}
	id := identificatore(strings.ReplaceAll(chiave, ".data.", "."), "campo", func(id string) bool { return b.usati[g][id] })
	b.usati[g][id] = true
	f := &campoPonte{nodo: n, gruppo: g, id: id, tipo: tipo, dentro: dentro}
	b.p.campi = append(b.p.campi, f)
	b.p.perNodo[n] = f
	if n.dati() {
		b.p.perDati[n.datiSenza] = f
	}
	if g != nil {
		g.figli = append(g.figli, f)
	}
	return f
}

func (b *carpentiere) togli(f *campoPonte) {
	b.p.campi = slices.DeleteFunc(b.p.campi, func(x *campoPonte) bool { return x == f })
	delete(b.p.perNodo, f.nodo)
	delete(b.p.perDati, f.nodo.datiSenza)
	if f.gruppo != nil {
		f.gruppo.figli = slices.DeleteFunc(f.gruppo.figli, func(x *campoPonte) bool { return x == f })
	}
}

var (
	nonID     = regexp.MustCompile(`[^a-z0-9]+`)
	maiuscola = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// identificatore makes an id of a key: "dateOfBirth" is date_of_birth. One that
// is taken, or that expressions use for themselves, gets a number.
func identificatore(chiave, altrimenti string, preso func(string) bool) string {
	id := nonID.ReplaceAllString(strings.ToLower(maiuscola.ReplaceAllString(chiave, "${1}_${2}")), "_")
	id = strings.Trim(id, "_")
	if id == "" || id[0] < 'a' || id[0] > 'z' {
		id = strings.Trim(altrimenti+"_"+id, "_")
	}
	id = strings.TrimRight(id[:min(len(id), 56)], "_")
	if !preso(id) && !riservata[id] {
		return id
	}
	for n := 2; ; n++ {
		if q := id + "_" + strconv.Itoa(n); !preso(q) {
			return q
		}
	}
}

// riservata are the names that the grammar of expressions does not take for a field.
var riservata = map[string]bool{
	"in": true, "not": true, "let": true, "if": true, "else": true, "or": true, "and": true, "true": true, "false": true, "nil": true,
	"matches": true, "contains": true, "startsWith": true, "endsWith": true, "riga": true, "sopra": true,
}

func aiuto(n *nodo) string {
	for _, k := range []string{"description", "tooltip"} {
		if s := soloTesto(testo(n.comp, k)); s != "" {
			return s
		}
	}
	return ""
}
