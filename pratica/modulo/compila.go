package modulo

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	"github.com/shopspring/decimal"
)

// Problema is one fault of a definition.
type Problema struct {
	// Posizione is the place in the definition: "sezioni[0].campi[2].se".
	Posizione string
	// Campo is the id of the field or section concerned, if it has one.
	Campo     string
	Messaggio string
}

// ErroreCompilazione lists every fault of a definition, in its order.
// errors.Is(err, ErrDefinizione) is true.
type ErroreCompilazione struct{ Problemi []Problema }

// Error lists the faults, one per line.
func (e *ErroreCompilazione) Error() string {
	var b strings.Builder
	b.WriteString(ErrDefinizione.Error())
	for _, p := range e.Problemi {
		b.WriteString("\n\t" + p.Posizione)
		if p.Campo != "" {
			b.WriteString(" (" + p.Campo + ")")
		}
		b.WriteString(": " + p.Messaggio)
	}
	return b.String()
}

// Unwrap gives ErrDefinizione.
func (e *ErroreCompilazione) Unwrap() error { return ErrDefinizione }

// campo is a compiled field.
type campo struct {
	Campo
	posizione string
	sezione   *sezione
	padre     *campo // the gruppo, for a field of a row

	se, calcolo, obbligatorioSe *espressione

	schema       *regexp.Regexp
	minimo       *decimal.Decimal
	massimo      *decimal.Decimal
	minimoData   *limiteData
	massimoData  *limiteData
	figli        []*campo // in the order written
	ordineFigli  []*campo // in the order of evaluation
	regole       []*regola
	maxCaratteri int
	maxRighe     int
	decimaliMax  int
	posizioneOpz map[string]int
	elenco       Elenco // of the options, if not in the definition
	dipende      *campo
	persona      string // the id of the persona that the field is part of
}

func (c *campo) figlio(id string) *campo {
	if c == nil {
		return nil
	}
	for _, f := range c.figli {
		if f.ID == id {
			return f
		}
	}
	return nil
}

type sezione struct {
	def   Sezione
	se    *espressione
	campi []*campo
}

type regola struct {
	Regola
	se *espressione
}

// Modulo is a compiled form: immutable, safe for concurrent use.
type Modulo struct {
	def     Definizione
	sezioni []*sezione
	campi   map[string]*campo
	ordine  []nodo    // sections and top-level fields in the order of evaluation
	regole  []*regola // those of the form as a whole
	forniture
}

// compilatore gathers the faults while it builds the Modulo.
type compilatore struct {
	m        *Modulo
	problemi []Problema
	ambito   *ambito
	ambiti   map[*campo]*ambito
	quanti   int
	espansi  int            // fields that blocks gave
	perID    map[string]int // the blocks
}

const problemiMassimi = 200

func (k *compilatore) problema(pos, campo, formato string, a ...any) {
	if len(k.problemi) < problemiMassimi {
		k.problemi = append(k.problemi, Problema{pos, campo, fmt.Sprintf(formato, a...)})
	}
}

// Compila checks a definition as a whole and gives the Modulo. The definition
// is copied. If anything is wrong the error is an *ErroreCompilazione with
// every fault (at most 200).
//
// The forniture are what the definition needs from Go. Whoever compiles the
// same version again must give the same ones.
func Compila(d Definizione, con ...Fornitura) (*Modulo, error) {
	d = d.copia()
	k := &compilatore{m: &Modulo{def: d, campi: map[string]*campo{}}, ambiti: map[*campo]*ambito{}}
	for _, f := range con {
		if f != nil {
			f(&k.m.forniture)
		}
	}
	k.testata(d)
	k.blocchi(d.Blocchi)
	regole := slices.Clone(d.Regole)
	for i := range d.Sezioni {
		if i < LimiteSezioni {
			regole = append(regole, k.sezione(i, d.Sezioni[i])...)
		}
	}
	for _, s := range k.m.sezioni {
		for _, c := range s.campi {
			k.collega(c)
		}
	}
	k.ambito = &ambito{campi: k.m.campi, base: configurazione()}
	for i, s := range k.m.sezioni {
		s.se = k.espressione(fmt.Sprintf("sezioni[%d].se", i), s.def.ID, s.def.Se, k.ambito, gVero)
		for _, c := range s.campi {
			k.espressioniCampo(c)
		}
	}
	k.regole(regole, len(d.Regole))
	if len(k.problemi) == 0 {
		k.ordina()
	}
	if len(k.problemi) > 0 {
		return nil, &ErroreCompilazione{Problemi: k.problemi}
	}
	return k.m, nil
}

var formaID = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

func (k *compilatore) testata(d Definizione) {
	if !formaID.MatchString(d.ID) {
		k.problema("id", "", "l'identificativo del modulo ha solo lettere minuscole, cifre e _, e comincia con una lettera")
	}
	if d.Versione < 1 {
		k.problema("versione", "", "la versione comincia da 1")
	}
	if strings.TrimSpace(d.Titolo) == "" {
		k.problema("titolo", "", "manca il titolo")
	}
	if len(d.Sezioni) == 0 {
		k.problema("sezioni", "", "il modulo non ha sezioni")
	}
	if len(d.Sezioni) > LimiteSezioni {
		k.problema("sezioni", "", "oltre %d sezioni", LimiteSezioni)
	}
	if len(d.Regole) > LimiteRegole {
		k.problema("regole", "", "oltre %d regole", LimiteRegole)
	}
}

// identificatore checks an id: its form, and that the grammar of expressions
// takes it for a name (it refuses in, not, let, if …).
func (k *compilatore) identificatore(pos, id string) bool {
	if !formaID.MatchString(id) {
		k.problema(pos+".id", id, "l'identificativo ha solo lettere minuscole, cifre e _ (al massimo 64), e comincia con una lettera")
		return false
	}
	t, err := parser.Parse(id)
	if err == nil {
		if _, nome := t.Node.(*ast.IdentifierNode); nome && id != "riga" {
			return true
		}
	}
	k.problema(pos+".id", id, "%q è una parola riservata alle espressioni", id)
	return false
}

// sezione compiles a section; it gives the rules of the blocks used there.
func (k *compilatore) sezione(i int, d Sezione) []Regola {
	pos := fmt.Sprintf("sezioni[%d]", i)
	campi, regole := k.espandi(pos+".campi", d.Campi, 0, nil)
	scritti := len(d.Campi)
	d.Campi = campiDi(campi)
	s := &sezione{def: d}
	if !formaID.MatchString(d.ID) {
		k.problema(pos+".id", d.ID, "l'identificativo ha solo lettere minuscole, cifre e _ (al massimo 64), e comincia con una lettera")
	}
	for _, altra := range k.m.sezioni {
		if altra.def.ID == d.ID {
			k.problema(pos+".id", d.ID, "la sezione %q compare due volte", d.ID)
		}
	}
	if strings.TrimSpace(d.Titolo) == "" {
		k.problema(pos+".titolo", d.ID, "manca il titolo")
	}
	if scritti == 0 {
		k.problema(pos+".campi", d.ID, "la sezione non ha campi")
	}
	k.m.sezioni = append(k.m.sezioni, s)
	for _, e := range campi {
		c := k.campo(e, s, nil)
		if c == nil {
			continue
		}
		if k.m.campi[c.ID] != nil {
			k.problema(c.posizione+".id", c.ID, "il campo %q compare due volte", c.ID)
			continue
		}
		s.campi = append(s.campi, c)
		k.m.campi[c.ID] = c
	}
	return regole
}

// campo compiles what does not depend on the other fields; nil if it cannot
// even be named.
func (k *compilatore) campo(e espanso, s *sezione, padre *campo) *campo {
	pos, d := e.posizione, e.Campo
	if e.figli != nil {
		d.Campi = campiDi(e.figli)
	}
	k.quanti++
	if k.quanti > LimiteCampi {
		if k.quanti == LimiteCampi+1 {
			k.problema(pos, d.ID, "oltre %d campi", LimiteCampi)
		}
		return nil
	}
	if !k.identificatore(pos, d.ID) {
		return nil
	}
	c := &campo{Campo: d, posizione: pos, sezione: s, padre: padre, persona: e.persona}
	if !d.Tipo.Valido() || d.Tipo.composto() {
		k.problema(pos+".tipo", d.ID, "il tipo %q non esiste", d.Tipo)
		return nil
	}
	if d.Tipo == Gruppo && padre != nil && padre.padre != nil {
		k.problema(pos+".tipo", d.ID, "un gruppo che sta in un gruppo non può contenere un altro gruppo")
		return nil
	}
	k.verificaCampo(c)
	if d.Tipo == Gruppo {
		for _, figlio := range e.figli {
			f := k.campo(figlio, s, c)
			if f == nil {
				continue
			}
			if c.figlio(f.ID) != nil {
				k.problema(f.posizione+".id", f.ID, "il campo %q compare due volte nel gruppo", f.ID)
				continue
			}
			c.figli = append(c.figli, f)
		}
	}
	return c
}

func (k *compilatore) espressione(pos, id, testo string, a *ambito, vuole genere) *espressione {
	if strings.TrimSpace(testo) == "" {
		return nil
	}
	e, err := a.compila(testo)
	if err != nil {
		k.problema(pos, id, "%v", err)
		return nil
	}
	if vuole != gNessuno && e.genere != vuole {
		k.problema(pos, id, "l'espressione dà un valore di genere %s, ci vuole %s", e.genere, vuole)
		return nil
	}
	return e
}

func (k *compilatore) ambitoDi(gruppo *campo) *ambito {
	if gruppo == nil {
		return k.ambito
	}
	if k.ambiti[gruppo] == nil {
		k.ambiti[gruppo] = &ambito{campi: k.m.campi, gruppo: gruppo, base: k.ambito.base}
	}
	return k.ambiti[gruppo]
}

func (k *compilatore) espressioniCampo(c *campo) {
	a := k.ambitoDi(c.padre)
	c.se = k.espressione(c.posizione+".se", c.ID, c.Se, a, gVero)
	c.obbligatorioSe = k.espressione(c.posizione+".obbligatorio_se", c.ID, c.ObbligatorioSe, a, gVero)
	c.calcolo = k.espressione(c.posizione+".calcolo", c.ID, c.Calcolo, a, c.Tipo.genere())
	for _, f := range c.figli {
		k.espressioniCampo(f)
	}
}
