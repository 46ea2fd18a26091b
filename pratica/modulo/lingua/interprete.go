package lingua

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Interprete speaks of one form in one language. It is safe for concurrent use.
type Interprete struct {
	l Lingua
	m *modulo.Modulo
	t *Traduzioni
}

// Per gives the Interprete of a form; t may be nil: its texts are then Italian.
func Per(l Lingua, m *modulo.Modulo, t *Traduzioni) Interprete {
	return Interprete{l.normale(), m, t}
}

// Lingua gives the language asked for.
func (x Interprete) Lingua() Lingua { return x.l }

// Fisso gives a fixed text.
func (x Interprete) Fisso(k Chiave, valori ...string) Testo {
	return Testo{x.l.Testo(k, valori...), x.l.Fissa()}
}

// Titolo gives the title of the form.
func (x Interprete) Titolo() Testo { return x.testo("titolo", x.m.Titolo()) }

// testo does without building the key where there is nothing to look up.
func (x Interprete) testo(chiave, italiano string) Testo {
	if x.l == Italiano || x.t == nil {
		return Testo{italiano, Italiano}
	}
	return x.t.testo(x.l, chiave, italiano)
}

// Sezione gives title and description of a section.
func (x Interprete) Sezione(s modulo.Sezione) (titolo, descrizione Testo) {
	return x.testo(chiaveSezione(s.ID, "titolo"), s.Titolo), x.testo(chiaveSezione(s.ID, "descrizione"), s.Descrizione)
}

// Campo gives a text of the field at the path ("figli[0].nome"): attributo is
// the last part of its key (etichetta, aiuto, testo…), italiano the author's text.
func (x Interprete) Campo(percorso, attributo, italiano string) Testo {
	if x.l == Italiano || x.t == nil {
		return Testo{italiano, Italiano}
	}
	return x.t.testo(x.l, chiaveCampo(senzaRighe(percorso), attributo), italiano)
}

// Insieme gives the name of the fields side by side that c is one of.
func (x Interprete) Insieme(c modulo.Campo) Testo {
	return x.testo(chiaveInsieme(c.Insieme), c.EtichettaInsieme)
}

// Opzione gives the label of an option of the field at the path.
func (x Interprete) Opzione(percorso string, o modulo.Opzione) Testo {
	if x.l == Italiano || x.t == nil {
		return Testo{o.Etichetta, Italiano}
	}
	return x.t.testo(x.l, chiaveOpzione(senzaRighe(percorso), o.Valore), o.Etichetta)
}

// Regola gives the message of a rule by its Italian text.
func (x Interprete) Regola(italiano string) Testo {
	if x.t != nil {
		if k, ok := x.t.regole[italiano]; ok {
			return x.testo(k, italiano)
		}
	}
	return Testo{italiano, Italiano}
}

// senzaRighe turns a path of answers into one of the definition: "figli[0].nome" is "figli.nome".
func senzaRighe(p string) string {
	if !strings.Contains(p, "[") {
		return p
	}
	var b strings.Builder
	for {
		prima, dopo, ok := strings.Cut(p, "[")
		b.WriteString(prima)
		if !ok {
			return b.String()
		}
		_, p, _ = strings.Cut(dopo, "]")
	}
}

// TitoloRiga names a row of the gruppo at the path, i from zero: "Figlio 1 di 2".
func (x Interprete) TitoloRiga(percorso string, gruppo modulo.Campo, i, totale int) []Testo {
	riga := x.Campo(percorso, "etichetta_riga", gruppo.EtichettaRiga)
	return x.Componi(Riga, riga, Testo{Valore: x.l.Intero(i + 1)}, Testo{Valore: x.l.Intero(totale)})
}

// Componi gives a fixed text with others in the place of {0}, {1}…, each in its
// own language. Neighbours of one language are one.
func (x Interprete) Componi(k Chiave, parti ...Testo) []Testo {
	l := x.l.Fissa()
	s := x.l.Testo(k)
	var q []Testo
	metti := func(t Testo) {
		if t.Lingua == "" {
			t.Lingua = l
		}
		if t.Valore == "" {
			return
		}
		if n := len(q); n > 0 && q[n-1].Lingua == t.Lingua {
			q[n-1].Valore += t.Valore
			return
		}
		q = append(q, t)
	}
	for {
		prima, dopo, ok := strings.Cut(s, "{")
		metti(Testo{prima, l})
		if !ok {
			return q
		}
		if len(dopo) < 2 || dopo[1] != '}' || dopo[0] < '0' || int(dopo[0]-'0') >= len(parti) {
			metti(Testo{"{", l})
			s = dopo
			continue
		}
		metti(parti[dopo[0]-'0'])
		s = dopo[2:]
	}
}

// Scritto gives the answer as a text input shows it, see modulo.Modulo.Scritto:
// numbers with the separators of the language, days always as "31/03/2026",
// because they are read back. A decimale is written so that it is never
// ambiguous: without thousands separators where it has no decimals ("1000"),
// with four decimals for three where they follow a point ("1.0010").
func (x Interprete) Scritto(percorso string, c modulo.Campo, v any) string {
	n, cifre, ok := numero(c, v)
	switch {
	case !ok:
		return x.m.Scritto(percorso, v)
	case c.Tipo == modulo.Decimale && n.IsInteger():
		return n.Truncate(0).String()
	case c.Tipo == modulo.Decimale && x.l.Fissa() == Inglese && n.Equal(n.Truncate(3)) && !n.Equal(n.Truncate(2)):
		return x.l.Numero(n, 4)
	default:
		return x.l.Numero(n, cifre)
	}
}

// numero takes the number out of a clean answer.
func numero(c modulo.Campo, v any) (decimal.Decimal, int32, bool) {
	s, ok := v.(string)
	if !ok || strings.Contains(s, ",") {
		return decimal.Decimal{}, 0, false
	}
	cifre := int32(-1)
	switch c.Tipo {
	case modulo.Importo:
		cifre = 2
		if _, dopo, _ := strings.Cut(s, "."); len(dopo) != 2 {
			return decimal.Decimal{}, 0, false
		}
	case modulo.Intero, modulo.Decimale:
		if _, dopo, ok := strings.Cut(s, "."); ok && len(dopo) == 3 {
			return decimal.Decimal{}, 0, false
		}
	default:
		return decimal.Decimal{}, 0, false
	}
	d, err := decimal.NewFromString(s)
	if err != nil || strings.ContainsAny(s, "eE+") {
		return decimal.Decimal{}, 0, false
	}
	return d, cifre, true
}

// Leggibile writes a clean answer (of modulo.Esito.Valori) for people, one
// Testo per line: "12,50 €", "Ja", the labels of the options. Nothing for a
// gruppo, a file or no answer.
func (x Interprete) Leggibile(percorso string, c modulo.Campo, v any) []Testo {
	switch c.Tipo {
	case modulo.Gruppo, modulo.File, modulo.Nota:
		return nil
	default:
	}
	switch v := v.(type) {
	case nil:
		return nil
	case bool:
		if v {
			return []Testo{x.Fisso(Si)}
		}
		return []Testo{x.Fisso(No)}
	case []string:
		q := make([]Testo, 0, len(v))
		for _, s := range v {
			q = append(q, x.etichetta(percorso, c, s))
		}
		return q
	case string:
		if v == "" {
			return nil
		}
		return x.testoDi(percorso, c, v)
	default:
		return x.ignoto(percorso, v)
	}
}

func (x Interprete) testoDi(percorso string, c modulo.Campo, v string) []Testo {
	if c.Tipo == modulo.Scelta {
		return []Testo{x.etichetta(percorso, c, v)}
	}
	if d, cifre, ok := numero(c, v); ok {
		if c.Tipo == modulo.Importo {
			return []Testo{{Valore: x.l.Importo(d)}}
		}
		return []Testo{{Valore: x.l.Numero(d, cifre)}}
	}
	if c.Tipo == modulo.Data {
		if g, err := termini.LeggiGiorno(v); err == nil {
			return []Testo{{Valore: x.l.Data(g)}}
		}
	}
	return x.ignoto(percorso, v)
}

// ignoto leaves to the form what this package does not write in its own way.
func (x Interprete) ignoto(percorso string, v any) []Testo {
	if s, ok := v.(string); ok && strings.Contains(s, "\n") {
		var q []Testo
		for r := range strings.SplitSeq(s, "\n") {
			q = append(q, Testo{Valore: r})
		}
		return q
	}
	if s := x.m.Leggibile(percorso, v); s != "" {
		return []Testo{{Valore: s}}
	}
	return nil
}

func (x Interprete) etichetta(percorso string, c modulo.Campo, valore string) Testo {
	for _, o := range c.Opzioni {
		if o.Valore == valore {
			return x.Opzione(percorso, o)
		}
	}
	if s := x.m.Leggibile(percorso, valore); s != "" {
		return x.Opzione(percorso, modulo.Opzione{Valore: valore, Etichetta: s})
	}
	return Testo{Valore: valore}
}
