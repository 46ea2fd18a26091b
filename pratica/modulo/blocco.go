package modulo

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser/lexer"
)

// Blocco is a piece of form that is written once and used in many places by a
// Campo of type blocco. The expressions of its fields name the others of the
// block by their own id; Compila writes each use out as fields of their own,
// "<campo>_<figlio>", and the expressions with them. A Regola of a block names
// one of its fields (the first, if none).
type Blocco struct {
	ID     string   `json:"id"`
	Campi  []Campo  `json:"campi"`
	Regole []Regola `json:"regole,omitempty"`
}

// Limits of blocks.
const (
	LimiteBlocchi     = 100
	profonditaBlocchi = 4
)

// espanso is a field as the author wrote it or as a block gives it.
type espanso struct {
	Campo
	posizione string
	persona   string // the id of the persona it is part of
	figli     []espanso
}

// campiDi gives the plain fields back.
func campiDi(ee []espanso) []Campo {
	q := make([]Campo, len(ee))
	for i, e := range ee {
		q[i] = e.Campo
		if e.figli != nil {
			q[i].Campi = campiDi(e.figli)
		}
	}
	return q
}

// blocchi checks the blocks of the definition by themselves.
func (k *compilatore) blocchi(bb []Blocco) {
	if len(bb) > LimiteBlocchi {
		k.problema("blocchi", "", "oltre %d blocchi", LimiteBlocchi)
	}
	k.perID = map[string]int{}
	for i, b := range bb[:min(len(bb), LimiteBlocchi)] {
		pos := fmt.Sprintf("blocchi[%d]", i)
		if !formaID.MatchString(b.ID) {
			k.problema(pos+".id", b.ID, "l'identificativo ha solo lettere minuscole, cifre e _ (al massimo 64), e comincia con una lettera")
			continue
		}
		if _, c := k.perID[b.ID]; c {
			k.problema(pos+".id", b.ID, "il blocco %q compare due volte", b.ID)
			continue
		}
		if len(b.Campi) == 0 {
			k.problema(pos+".campi", b.ID, "il blocco non ha campi")
		}
		k.perID[b.ID] = i
	}
}

// espandi writes out the blocks among the fields. livello counts the gruppi
// around them, from the section or from the block that is being written out.
func (k *compilatore) espandi(pos string, cc []Campo, livello int, pila []string) (ee []espanso, rr []Regola) {
	for j, c := range cc {
		p := fmt.Sprintf("%s[%d]", pos, j)
		if c.Tipo.composto() || len(pila) > 0 {
			if k.espansi++; k.espansi > 2*LimiteCampi {
				if k.espansi == 2*LimiteCampi+1 {
					k.problema(p, c.ID, "i blocchi danno oltre %d campi", LimiteCampi)
				}
				return ee, rr
			}
		}
		switch {
		case c.Tipo.composto():
			ff, regole := k.espandiBlocco(p, c, livello, pila)
			ee, rr = append(ee, ff...), append(rr, regole...)
		case c.Tipo == Gruppo && livello < profonditaMassima:
			figli, regole := k.espandi(p+".campi", c.Campi, livello+1, pila)
			for _, r := range regole {
				r.Campo = c.ID + "." + r.Campo
				rr = append(rr, r)
			}
			if figli == nil {
				figli = []espanso{}
			}
			c.Campi = nil
			ee = append(ee, espanso{Campo: c, posizione: p, figli: figli})
		default:
			ee = append(ee, espanso{Campo: c, posizione: p})
		}
	}
	return ee, rr
}

func (k *compilatore) espandiBlocco(pos string, c Campo, livello int, pila []string) ([]espanso, []Regola) {
	if !k.identificatore(pos, c.ID) || !k.usoBlocco(pos, c) {
		return nil, nil
	}
	var b Blocco
	base := pos
	switch i, ok := k.perID[c.Blocco]; {
	case c.Tipo == Persona:
		b = bloccoPersona(c)
	case c.Tipo == Indirizzo:
		b = bloccoIndirizzo(c)
	case !ok:
		k.problema(pos+".blocco", c.ID, "il blocco %q non esiste", c.Blocco)
		return nil, nil
	case slices.Contains(pila, c.Blocco):
		k.problema(pos+".blocco", c.ID, "i blocchi si contengono a vicenda: %s → %s", strings.Join(pila, " → "), c.Blocco)
		return nil, nil
	case len(pila) == profonditaBlocchi:
		k.problema(pos+".blocco", c.ID, "oltre %d blocchi l'uno nell'altro", profonditaBlocchi)
		return nil, nil
	default:
		b, base = k.m.def.Blocchi[i].copia(), fmt.Sprintf("blocchi[%d]", i)
	}
	ee, rr := k.espandi(base+".campi", b.Campi, 0, append(slices.Clone(pila), c.Blocco))
	if len(ee) == 0 {
		return nil, nil
	}
	for _, r := range b.Regole {
		if r.Campo == "" {
			r.Campo = ee[0].ID
		}
		rr = append(rr, r)
	}
	u := uso{campo: c, livello: livello, nomi: map[string]string{}}
	for _, e := range ee {
		u.nomi[e.ID] = c.ID + "_" + e.ID
	}
	for i := range ee {
		if c.Tipo == Persona {
			ee[i].persona = c.ID
		} else if ee[i].persona != "" {
			ee[i].persona = c.ID + "_" + ee[i].persona
		}
		u.rinomina(&ee[i], 0)
	}
	for i := range rr {
		rr[i].Se = u.riscrivi(rr[i].Se, strings.Count(rr[i].Campo, "."))
		rr[i].Campo = c.ID + "_" + rr[i].Campo
	}
	return ee, rr
}

// usoBlocco refuses what a field of a composite type cannot pass on.
func (k *compilatore) usoBlocco(pos string, c Campo) bool {
	resto := c
	resto.ID, resto.Etichetta, resto.Tipo, resto.Se = "", "", "", ""
	if c.Tipo == DaBlocco {
		resto.Blocco = ""
	} else {
		resto.Obbligatorio, resto.ObbligatorioSe, resto.Elenco = false, "", ""
	}
	if !reflect.DeepEqual(resto, Campo{}) {
		k.problema(pos, c.ID, "un campo di tipo %s ha solo id, etichetta, tipo, se%s", c.Tipo,
			map[bool]string{true: " e blocco", false: ", obbligatorio ed elenco"}[c.Tipo == DaBlocco])
		return false
	}
	if strings.TrimSpace(c.Etichetta) == "" {
		k.problema(pos+".etichetta", c.ID, "manca l'etichetta")
		return false
	}
	return true
}

// uso is one use of a block: how the ids of its fields are called there.
type uso struct {
	campo   Campo
	livello int
	nomi    map[string]string
}

// rinomina turns a field of the block into one of the place where it is used;
// dentro counts the gruppi of the block around the field.
func (u uso) rinomina(e *espanso, dentro int) {
	e.Se, e.ObbligatorioSe, e.Calcolo = u.riscrivi(e.Se, dentro), u.riscrivi(e.ObbligatorioSe, dentro), u.riscrivi(e.Calcolo, dentro)
	if n, ok := u.nomi[e.DipendeDa]; ok {
		e.DipendeDa = n
	}
	for i := range e.figli {
		u.rinomina(&e.figli[i], dentro+1)
	}
	if dentro > 0 {
		return
	}
	e.ID = u.nomi[e.ID]
	switch {
	case u.campo.Se == "":
	case e.Se == "":
		e.Se = u.campo.Se
	default:
		e.Se = "(" + u.campo.Se + ") and (" + e.Se + ")"
	}
	if e.Insieme == "" {
		e.Insieme, e.EtichettaInsieme = u.campo.ID, u.campo.Etichetta
	} else {
		e.Insieme = u.campo.ID + "_" + e.Insieme
	}
}

// riscrivi puts the new names into an expression. What cannot be read is left
// as it is: Compila says what is wrong with it.
func (u uso) riscrivi(testo string, dentro int) string {
	if testo == "" || len(testo) > LimiteEspressione {
		return testo
	}
	prefisso := ""
	switch {
	case u.livello > 0 && dentro == 0:
		prefisso = prefissoRiga
	case u.livello > 0:
		prefisso = prefissoSopra
	}
	tt, err := lexer.Lex(file.NewSource(testo))
	if err != nil {
		return testo
	}
	lettere := []rune(testo)
	var b strings.Builder
	fatto := 0
	for i, t := range tt {
		nuovo, ok := u.nomi[t.Value]
		membro := i > 0 && (tt[i-1].Is(lexer.Operator, ".") || tt[i-1].Is(lexer.Operator, "?."))
		chiamata := i+1 < len(tt) && tt[i+1].Is(lexer.Bracket, "(")
		if t.Kind != lexer.Identifier || !ok || membro || chiamata {
			continue
		}
		b.WriteString(string(lettere[fatto:t.From]) + prefisso + nuovo)
		fatto = t.To
	}
	return b.String() + string(lettere[fatto:])
}
