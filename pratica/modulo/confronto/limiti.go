package confronto

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// verso says which way a limit moved.
type verso int

const (
	fermo verso = iota
	stretto
	largo
	obliquo // neither, or nobody can say
)

// limite writes the difference of one limit.
func (k *confronto) limite(b posto, chiave, testo string, v verso) {
	pos := b.posizione + "." + chiave
	switch v {
	case stretto:
		k.scrivi("limite_stretto", DaRivedere, b.percorso, pos, testo)
	case largo:
		k.scrivi("limite_largo", Compatibile, b.percorso, pos, testo)
	case obliquo:
		k.scrivi("limite", DaRivedere, b.percorso, pos, testo)
	case fermo:
	}
}

func (k *confronto) limiti(a, b posto) {
	oltre := func(n, altrimenti int64) int64 {
		if n == 0 {
			return altrimenti
		}
		return n
	}
	for _, l := range []struct {
		chiave, cosa string
		prima, dopo  int64
		nessuno      int64 // what zero means
		massimo      bool
	}{
		{"minimo_caratteri", "il minimo di caratteri", int64(a.MinimoCaratteri), int64(b.MinimoCaratteri), 0, false},
		{"massimo_caratteri", "il massimo di caratteri", int64(a.MassimoCaratteri), int64(b.MassimoCaratteri), modulo.LimiteCaratteri, true},
		{"minimo_scelte", "il minimo di scelte", int64(a.MinimoScelte), int64(b.MinimoScelte), 0, false},
		{"massimo_scelte", "il massimo di scelte", int64(a.MassimoScelte), int64(b.MassimoScelte), math.MaxInt64, true},
		{"minimo_righe", "il minimo di righe", int64(a.MinimoRighe), int64(b.MinimoRighe), 0, false},
		{"massimo_righe", "il massimo di righe", int64(a.MassimoRighe), int64(b.MassimoRighe), modulo.LimiteRighe, true},
		{"massimo_file", "il massimo di file", int64(a.MassimoFile), int64(b.MassimoFile), 1, true},
		{"massimo_byte", "la dimensione massima dei file", a.MassimoByte, b.MassimoByte, math.MaxInt64, true},
		{"decimali", "il massimo di decimali", int64(a.Decimali), int64(b.Decimali), 6, true},
	} {
		if l.prima == l.dopo {
			continue
		}
		x, y := oltre(l.prima, l.nessuno), oltre(l.dopo, l.nessuno)
		v := largo
		switch {
		case x == y:
			v = fermo
			k.scrivi("testo", Cosmetica, b.percorso, b.posizione+"."+l.chiave, l.cosa+" è scritto in altro modo")
		case l.massimo == (y < x):
			v = stretto
		}
		k.limite(b, l.chiave, l.cosa+" passa da "+quanto(x)+" a "+quanto(y), v)
	}
	k.estremo(a, b, "minimo", a.Minimo, b.Minimo, false)
	k.estremo(a, b, "massimo", a.Massimo, b.Massimo, true)
	k.tipiFile(a, b)
	switch {
	case a.Schema == b.Schema:
	case b.Schema == "":
		k.limite(b, "schema", "il testo non ha più una forma da rispettare", largo)
	case a.Schema == "":
		k.limite(b, "schema", "il testo ha una forma da rispettare", stretto)
	default:
		k.limite(b, "schema", "cambia la forma da rispettare", obliquo)
	}
}

func quanto(n int64) string {
	if n == math.MaxInt64 {
		return "nessuno"
	}
	return strconv.FormatInt(n, 10)
}

// estremo compares Minimo or Massimo: numbers, days, hours.
func (k *confronto) estremo(a, b posto, chiave, prima, dopo string, massimo bool) {
	if prima == dopo {
		return
	}
	scrivi := func(s string) string {
		if s == "" {
			return "nessuno"
		}
		return s
	}
	testo := "il " + chiave + " passa da " + scrivi(prima) + " a " + scrivi(dopo)
	v := obliquo
	switch {
	case prima == "":
		v = stretto
	case dopo == "":
		v = largo
	case a.Tipo == b.Tipo:
		if n, ok := ordina(b.Tipo, prima, dopo); ok {
			switch {
			case n == 0:
				k.scrivi("testo", Cosmetica, b.percorso, b.posizione+"."+chiave, "il "+chiave+" è scritto in altro modo")
				return
			case massimo == (n > 0):
				v = stretto
			default:
				v = largo
			}
		}
	}
	k.limite(b, chiave, testo, v)
}

// ordina compares two limits of a type; false if only the day could tell.
func ordina(t modulo.Tipo, x, y string) (int, bool) {
	switch t {
	case modulo.Data:
		a, okA := daOggi(x)
		b, okB := daOggi(y)
		if okA != okB {
			return 0, false
		}
		if okA {
			return a - b, true
		}
		return strings.Compare(x, y), true
	case modulo.Ora:
		return strings.Compare(x, y), true
	default:
		a, errA := decimal.NewFromString(x)
		b, errB := decimal.NewFromString(y)
		if errA != nil || errB != nil {
			return 0, false
		}
		return a.Cmp(b), true
	}
}

// daOggi reads "oggi", "oggi+30", "oggi-10" as days.
func daOggi(s string) (int, bool) {
	coda, ok := strings.CutPrefix(s, "oggi")
	if !ok || coda == "" {
		return 0, ok
	}
	n, err := strconv.Atoi(coda)
	return n, err == nil
}

func (k *confronto) tipiFile(a, b posto) {
	meno := func(x, y []string) (q []string) {
		for _, s := range x {
			if !slices.Contains(y, s) {
				q = append(q, s)
			}
		}
		return q
	}
	tolti, nuovi := meno(a.TipiFile, b.TipiFile), meno(b.TipiFile, a.TipiFile)
	testo := "tipi di file"
	if len(nuovi) > 0 {
		testo += ", in più: " + strings.Join(nuovi, ", ")
	}
	if len(tolti) > 0 {
		testo += ", in meno: " + strings.Join(tolti, ", ")
	}
	switch {
	case len(tolti) == 0 && len(nuovi) == 0:
		if !slices.Equal(a.TipiFile, b.TipiFile) {
			k.scrivi("ordine", Cosmetica, b.percorso, b.posizione+".tipi_file", "cambia l'ordine dei tipi di file")
		}
	case len(a.TipiFile) == 0:
		k.limite(b, "tipi_file", "non ogni tipo di file è più ammesso: solo "+strings.Join(nuovi, ", "), stretto)
	case len(b.TipiFile) == 0:
		k.limite(b, "tipi_file", "ogni tipo di file è ammesso", largo)
	case len(tolti) > 0 && len(nuovi) > 0:
		k.limite(b, "tipi_file", testo, obliquo)
	case len(tolti) > 0:
		k.limite(b, "tipi_file", testo, stretto)
	default:
		k.limite(b, "tipi_file", testo, largo)
	}
}

// elenco: the options come from elsewhere, so nobody can say here which are gone.
func (k *confronto) elenco(a, b posto) {
	pos := b.posizione + ".elenco"
	switch {
	case a.Elenco == b.Elenco && a.DipendeDa != b.DipendeDa:
		k.scrivi("elenco", DaRivedere, b.percorso, b.posizione+".dipende_da", "le opzioni dipendono da un altro campo")
	case a.Elenco == b.Elenco:
	case b.Elenco == "":
		k.scrivi("elenco", DaRivedere, b.percorso, pos, "le opzioni non vengono più dall'elenco "+virgolette(a.Elenco))
	default:
		k.scrivi("elenco", DaRivedere, b.percorso, pos, "le opzioni vengono dall'elenco "+virgolette(b.Elenco))
	}
}

func (k *confronto) unico(a, b posto) {
	switch {
	case a.Unico == b.Unico:
	case b.Unico == "" || a.Unico == modulo.UnicoServizio: // a year asks for less than ever
		k.limite(b, "unico", "la risposta può ripetersi in più pratiche", largo)
	default:
		k.limite(b, "unico", "la risposta non può ripetersi in più pratiche ("+b.Unico+")", stretto)
	}
}
