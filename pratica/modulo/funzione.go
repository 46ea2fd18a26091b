package modulo

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/conf"
	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// scalaMassima is the number of decimals kept by every operation: far beyond
// the cent, so that sums and products of money are exact.
const scalaMassima = 20

var (
	errFuoriMisura = errors.New("numero fuori misura")
	errArgomento   = errors.New("argomento non valido")
)

func misura(d decimal.Decimal) (any, error) {
	if d.Exponent() < -scalaMassima {
		d = d.Round(scalaMassima)
	}
	// 18 integer digits: what money and counts of a form never reach.
	if d.NumDigits()+int(d.Exponent()) > 18 {
		return nil, errFuoriMisura
	}
	return pieno(d), nil
}

// Names of the functions as the compiled expression calls them; a dot keeps
// them apart from the ids of the fields.
const (
	fnPiu        = "n.piu"
	fnMeno       = "n.meno"
	fnPer        = "n.per"
	fnDiviso     = "n.diviso"
	fnConfronta  = "n.confronta"
	fnConfGiorno = "g.confronta"
	fnUnisci     = "t.unisci"
	fnEta        = "g.eta"
	fnGiorni     = "g.giorni"
	fnAnno       = "g.anno"
	fnSomma      = "r.somma"
	fnContaRighe = "r.conta"
	fnContaVeri  = "r.veri"
	fnContaVoci  = "e.conta"
	fnContiene   = "e.contiene"
	fnUnoDi      = "t.unodi"
	fnMinimo     = "n.minimo"
	fnMassimo    = "n.massimo"
	fnArrotonda  = "n.arrotonda"
	fnVuoto      = "v.vuoto"
	chiaveOggi   = "oggi."
)

func due[A, B any](p []any) (A, B, error) {
	var a A
	var b B
	if len(p) != 2 {
		return a, b, errArgomento
	}
	a, ok := p[0].(A)
	b, ok2 := p[1].(B)
	if !ok || !ok2 {
		return a, b, errArgomento
	}
	return a, b, nil
}

func uno[A any](p []any) (A, error) {
	var a A
	if len(p) != 1 {
		return a, errArgomento
	}
	a, ok := p[0].(A)
	if !ok {
		return a, errArgomento
	}
	return a, nil
}

func aritmetica(op func(a, b numero) (any, error)) func(...any) (any, error) {
	return func(p ...any) (any, error) {
		a, b, err := due[numero, numero](p)
		if err != nil {
			return nil, err
		}
		return op(a, b)
	}
}

func somma2(a, b numero) (any, error) {
	if !a.ok && !b.ok {
		return numero{}, nil
	}
	return misura(a.d.Add(b.d))
}

func confronta(op string, n int) bool {
	switch op {
	case "==":
		return n == 0
	case "!=":
		return n != 0
	case "<":
		return n < 0
	case "<=":
		return n <= 0
	case ">":
		return n > 0
	default:
		return n >= 0
	}
}

// confrontaVuoti: two empty values are equal, an empty and a full one differ,
// and no order holds between them.
func confrontaVuoti(op string, a, b bool) bool {
	return (op == "==" && a == b) || (op == "!=" && a != b)
}

func tre[A any](p []any) (op string, a, b A, err error) {
	if len(p) != 3 {
		return "", a, b, errArgomento
	}
	op, ok := p[0].(string)
	a, ok2 := p[1].(A)
	b, ok3 := p[2].(A)
	if !ok || !ok2 || !ok3 {
		return "", a, b, errArgomento
	}
	return op, a, b, nil
}

// anniCompiuti counts whole years; who was born on 29 February turns a year
// older on 1 March of a common year.
func anniCompiuti(nascita, al termini.Giorno) numero {
	if nascita.IsZero() || al.IsZero() {
		return numero{}
	}
	n := al.Anno - nascita.Anno
	if al.Mese < nascita.Mese || (al.Mese == nascita.Mese && al.Giorno < nascita.Giorno) {
		n--
	}
	return pieno(decimal.NewFromInt(int64(n)))
}

func giorniTra(a, b termini.Giorno) numero {
	if a.IsZero() || b.IsZero() {
		return numero{}
	}
	t := func(g termini.Giorno) time.Time { return time.Date(g.Anno, g.Mese, g.Giorno, 0, 0, 0, 0, time.UTC) }
	return pieno(decimal.NewFromInt((t(b).Unix() - t(a).Unix()) / 86400))
}

func estremo(verso int) func(...any) (any, error) {
	return aritmetica(func(a, b numero) (any, error) {
		switch {
		case !a.ok:
			return b, nil
		case !b.ok || a.d.Cmp(b.d)*verso >= 0:
			return a, nil
		default:
			return b, nil
		}
	})
}

func conFunzioni(c *conf.Config) {
	f := func(nome string, fn func(...any) (any, error), tipo any) { expr.Function(nome, fn, tipo)(c) }
	nnn := new(func(numero, numero) numero)
	f(fnPiu, aritmetica(somma2), nnn)
	f(fnMeno, aritmetica(func(a, b numero) (any, error) {
		b.d = b.d.Neg()
		return somma2(a, b)
	}), nnn)
	f(fnPer, aritmetica(func(a, b numero) (any, error) {
		if !a.ok || !b.ok {
			return numero{}, nil
		}
		return misura(a.d.Mul(b.d))
	}), nnn)
	f(fnDiviso, aritmetica(func(a, b numero) (any, error) {
		if !a.ok || !b.ok || b.d.IsZero() {
			return numero{}, nil
		}
		return misura(a.d.DivRound(b.d, scalaMassima))
	}), nnn)
	f(fnMinimo, estremo(-1), nnn)
	f(fnMassimo, estremo(1), nnn)
	f(fnArrotonda, aritmetica(func(a, b numero) (any, error) {
		if !a.ok || !b.ok {
			return numero{}, nil
		}
		n := b.d.IntPart()
		if n < 0 || n > 10 {
			return nil, errArgomento
		}
		return misura(a.d.Round(int32(n)))
	}), nnn)
	f(fnConfronta, func(p ...any) (any, error) {
		op, a, b, err := tre[numero](p)
		if err != nil {
			return nil, err
		}
		if !a.ok || !b.ok {
			return confrontaVuoti(op, a.ok, b.ok), nil
		}
		return confronta(op, a.d.Cmp(b.d)), nil
	}, new(func(string, numero, numero) bool))
	f(fnConfGiorno, func(p ...any) (any, error) {
		op, a, b, err := tre[termini.Giorno](p)
		if err != nil {
			return nil, err
		}
		if a.IsZero() || b.IsZero() {
			return confrontaVuoti(op, a.IsZero(), b.IsZero()), nil
		}
		return confronta(op, strings.Compare(a.String(), b.String())), nil
	}, new(func(string, termini.Giorno, termini.Giorno) bool))
	f(fnUnisci, func(p ...any) (any, error) {
		a, b, err := due[string, string](p)
		if err != nil {
			return nil, err
		}
		if len(a)+len(b) > LimiteRisposte {
			return nil, errFuoriMisura
		}
		return a + b, nil
	}, new(func(string, string) string))
	f(fnEta, func(p ...any) (any, error) {
		a, b, err := due[termini.Giorno, termini.Giorno](p)
		return anniCompiuti(a, b), err
	}, new(func(termini.Giorno, termini.Giorno) numero))
	f(fnGiorni, func(p ...any) (any, error) {
		a, b, err := due[termini.Giorno, termini.Giorno](p)
		return giorniTra(a, b), err
	}, new(func(termini.Giorno, termini.Giorno) numero))
	f(fnAnno, func(p ...any) (any, error) {
		g, err := uno[termini.Giorno](p)
		if err != nil || g.IsZero() {
			return numero{}, err
		}
		return pieno(decimal.NewFromInt(int64(g.Anno))), nil
	}, new(func(termini.Giorno) numero))
	conFunzioniElenco(f)
}

func conFunzioniElenco(f func(string, func(...any) (any, error), any)) {
	f(fnSomma, func(p ...any) (any, error) {
		rr, k, err := due[[]map[string]any, string](p)
		if err != nil {
			return nil, err
		}
		t := pieno(decimal.Decimal{})
		for _, r := range rr {
			if n, ok := r[k].(numero); ok && n.ok {
				t.d = t.d.Add(n.d)
			}
		}
		return misura(t.d)
	}, new(func([]map[string]any, string) numero))
	f(fnContaRighe, func(p ...any) (any, error) {
		rr, err := uno[[]map[string]any](p)
		return pieno(decimal.NewFromInt(int64(len(rr)))), err
	}, new(func([]map[string]any) numero))
	f(fnContaVeri, func(p ...any) (any, error) {
		rr, k, err := due[[]map[string]any, string](p)
		n := int64(0)
		for _, r := range rr {
			if v, ok := r[k].(bool); ok && v {
				n++
			}
		}
		return pieno(decimal.NewFromInt(n)), err
	}, new(func([]map[string]any, string) numero))
	f(fnContaVoci, func(p ...any) (any, error) {
		e, err := uno[[]string](p)
		return pieno(decimal.NewFromInt(int64(len(e)))), err
	}, new(func([]string) numero))
	f(fnContiene, func(p ...any) (any, error) {
		s, e, err := due[string, []string](p)
		return slices.Contains(e, s), err
	}, new(func(string, []string) bool))
	f(fnUnoDi, func(p ...any) (any, error) {
		s, e, err := due[string, []string](p)
		return slices.Contains(e, s), err
	}, new(func(string, []string) bool))
	f(fnVuoto, func(p ...any) (any, error) {
		if len(p) != 1 {
			return nil, errArgomento
		}
		switch v := p[0].(type) {
		case numero:
			return !v.ok, nil
		case string:
			return v == "", nil
		case termini.Giorno:
			return v.IsZero(), nil
		case []string:
			return len(v) == 0, nil
		case []map[string]any:
			return len(v) == 0, nil
		default:
			return nil, errArgomento
		}
	}, new(func(any) bool))
}
