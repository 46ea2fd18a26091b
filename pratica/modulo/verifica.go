package modulo

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// limiteData is a day, or today plus some days.
type limiteData struct {
	giorno termini.Giorno
	oggi   bool
	piu    int
}

func (l *limiteData) risolvi(oggi termini.Giorno) termini.Giorno {
	if !l.oggi {
		return l.giorno
	}
	if oggi.IsZero() {
		return termini.Giorno{}
	}
	return oggi.Piu(l.piu)
}

func leggiLimiteData(s string) (*limiteData, error) {
	if resto, ok := strings.CutPrefix(s, "oggi"); ok {
		if resto == "" {
			return &limiteData{oggi: true}, nil
		}
		n, err := strconv.Atoi(resto)
		if err != nil || n < -100_000 || n > 100_000 || (resto[0] != '+' && resto[0] != '-') {
			return nil, fmt.Errorf("%q: si scrive oggi, oggi+30 oppure oggi-30", s)
		}
		return &limiteData{oggi: true, piu: n}, nil
	}
	g, err := termini.LeggiGiorno(s)
	if err != nil || g.IsZero() {
		return nil, fmt.Errorf("%q non è una data ISO", s)
	}
	return &limiteData{giorno: g}, nil
}

var (
	formaNumero  = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,10})?$`)
	formaInsieme = regexp.MustCompile(`^[a-z][a-z0-9_]{0,199}$`)
	formaMIME    = regexp.MustCompile(`^[a-z]+/[a-z0-9.+-]+$`)
	formaToken   = regexp.MustCompile(`^[a-z][a-z0-9 -]{0,59}$`)
)

// verificaCampo checks what concerns one field alone.
func (k *compilatore) verificaCampo(c *campo) {
	p := func(chiave, formato string, a ...any) {
		k.problema(c.posizione+"."+chiave, c.ID, formato, a...)
	}
	if strings.TrimSpace(c.Etichetta) == "" && c.Tipo != Nota {
		p("etichetta", "manca l'etichetta")
	}
	if len([]rune(c.VersioneTesto)) > 40 || len([]rune(c.Norma)) > 500 {
		p("versione_testo", "la versione ha al massimo 40 caratteri, la norma 500")
	}
	if (c.Tipo == Dichiarazione || c.Tipo == Nota) && strings.TrimSpace(c.Testo) == "" {
		p("testo", "manca il testo")
	}
	if c.Tipo == Nota && (c.Obbligatorio || c.ObbligatorioSe != "") {
		p("obbligatorio", "una nota non ha risposta")
	}
	if c.Autocompletamento != "" && !formaToken.MatchString(c.Autocompletamento) {
		p("autocompletamento", "non è un valore dell'attributo autocomplete")
	}
	if c.Insieme != "" && (!formaInsieme.MatchString(c.Insieme) || strings.TrimSpace(c.EtichettaInsieme) == "") {
		p("insieme", "un insieme ha un identificativo e un'etichetta")
	}
	if c.Unico != "" && c.Unico != UnicoServizio && c.Unico != UnicoAnno {
		p("unico", "vale %q oppure %q", UnicoServizio, UnicoAnno)
	}
	k.estranei(c)
	verificaOpzioni(c, p)
	verificaTesto(c, p)
	verificaEstremi(c, p)
	verificaRighe(c, p)
	verificaFile(c, p)
	if c.Calcolo != "" && (c.Obbligatorio || c.ObbligatorioSe != "") {
		p("obbligatorio", "un campo calcolato non si compila, quindi non è obbligatorio")
	}
	if c.Predefinito != nil {
		if c.Calcolo != "" {
			p("predefinito", "un campo calcolato non ha un valore predefinito")
		} else if l := c.leggi(c.Predefinito); l.codice != "" || l.vuoto {
			p("predefinito", "il valore predefinito non è valido per il tipo %s", c.Tipo)
		}
	}
}

// estranei refuses the settings that mean nothing for the type: an author who
// wrote them believes in a check that would not be made.
func (k *compilatore) estranei(c *campo) {
	t := c.Tipo
	for _, v := range []struct {
		chiave  string
		scritto bool
		ammesso bool
	}{
		{"opzioni", len(c.Opzioni) > 0, t.conOpzioni() && c.Elenco == ""},
		{"unico", c.Unico != "", t.univoco()},
		{"blocco", c.Blocco != "", false},
		{"etichetta_insieme", c.EtichettaInsieme != "", c.Insieme != ""},
		{"elenco", c.Elenco != "", t.conOpzioni()},
		{"minimo_scelte", c.MinimoScelte != 0, t == SceltaMultipla},
		{"massimo_scelte", c.MassimoScelte != 0, t == SceltaMultipla},
		{"minimo_caratteri", c.MinimoCaratteri != 0, t.testuale()},
		{"massimo_caratteri", c.MassimoCaratteri != 0, t.testuale()},
		{"schema", c.Schema != "", t.testuale() || t == Telefono || t == Email || t == PEC || t == CAP},
		{"messaggio_schema", c.MessaggioSchema != "", c.Schema != ""},
		{"minimo", c.Minimo != "", t.numerico() || t == Data || t == Ora},
		{"massimo", c.Massimo != "", t.numerico() || t == Data || t == Ora},
		{"decimali", c.Decimali != 0, t == Decimale},
		{"campi", len(c.Campi) > 0, t == Gruppo},
		{"etichetta_riga", c.EtichettaRiga != "", t == Gruppo},
		{"etichetta_aggiungi", c.EtichettaAggiungi != "", t == Gruppo},
		{"minimo_righe", c.MinimoRighe != 0, t == Gruppo},
		{"massimo_righe", c.MassimoRighe != 0, t == Gruppo},
		{"tipi_file", len(c.TipiFile) > 0, t == File},
		{"massimo_byte", c.MassimoByte != 0, t == File},
		{"massimo_file", c.MassimoFile != 0, t == File},
		{"testo", c.Testo != "", t.sottoscritto() || t == Nota},
		{"versione_testo", c.VersioneTesto != "", t.sottoscritto()},
		{"norma", c.Norma != "", t.sottoscritto()},
		{"calcolo", c.Calcolo != "", t.numerico() || t.testuale() || t == Data || t == SiNo},
		{"predefinito", c.Predefinito != nil, t != Gruppo && t != File && !t.sottoscritto() && !t.riferimento() && t != Nota},
	} {
		if v.scritto && !v.ammesso {
			k.problema(c.posizione+"."+v.chiave, c.ID, "non si usa nel tipo %s", t)
		}
	}
}

func verificaOpzioni(c *campo, p func(string, string, ...any)) {
	if !c.Tipo.conOpzioni() {
		return
	}
	if c.Elenco != "" {
		if c.MinimoScelte < 0 || c.MassimoScelte < 0 || (c.MassimoScelte > 0 && c.MassimoScelte < c.MinimoScelte) {
			p("massimo_scelte", "non è negativo e non è minore del minimo")
		}
		return
	}
	if len(c.Opzioni) == 0 {
		p("opzioni", "mancano le opzioni")
	}
	if len(c.Opzioni) > LimiteOpzioni {
		p("opzioni", "oltre %d opzioni", LimiteOpzioni)
	}
	c.posizioneOpz = make(map[string]int, len(c.Opzioni))
	for i, o := range c.Opzioni {
		pos := fmt.Sprintf("opzioni[%d]", i)
		if o.Valore == "" || len(o.Valore) > 100 || strings.TrimSpace(o.Valore) != o.Valore {
			p(pos+".valore", "il codice dell'opzione manca, supera 100 caratteri o ha spazi ai bordi")
		}
		if strings.TrimSpace(o.Etichetta) == "" {
			p(pos+".etichetta", "manca l'etichetta")
		}
		if _, c := c.posizioneOpz[o.Valore]; c {
			p(pos+".valore", "l'opzione %q compare due volte", o.Valore)
		}
		c.posizioneOpz[o.Valore] = i
	}
	if c.MinimoScelte < 0 || c.MinimoScelte > len(c.Opzioni) {
		p("minimo_scelte", "va da 0 al numero delle opzioni")
	}
	if c.MassimoScelte < 0 || c.MassimoScelte > len(c.Opzioni) || (c.MassimoScelte > 0 && c.MassimoScelte < c.MinimoScelte) {
		p("massimo_scelte", "va dal minimo al numero delle opzioni")
	}
}

func verificaTesto(c *campo, p func(string, string, ...any)) {
	c.maxCaratteri = LimiteCaratteri
	if c.MassimoCaratteri != 0 {
		c.maxCaratteri = c.MassimoCaratteri
	}
	if c.maxCaratteri < 1 || c.maxCaratteri > LimiteTesto {
		p("massimo_caratteri", "va da 1 a %d", LimiteTesto)
		c.maxCaratteri = LimiteCaratteri
	}
	if c.MinimoCaratteri < 0 || c.MinimoCaratteri > c.maxCaratteri {
		p("minimo_caratteri", "va da 0 al massimo dei caratteri")
	}
	if c.Schema == "" {
		return
	}
	if c.MessaggioSchema == "" {
		p("messaggio_schema", "manca il messaggio che dice che cosa scrivere")
	}
	if len(c.Schema) > 1000 {
		p("schema", "oltre 1000 caratteri")
		return
	}
	re, err := regexp.Compile(`^(?:` + c.Schema + `)$`)
	if err != nil {
		p("schema", "espressione regolare non valida (sintassi RE2): %v", err)
		return
	}
	c.schema = re
}

func verificaEstremi(c *campo, p func(string, string, ...any)) {
	switch {
	case c.Tipo.numerico():
		c.decimaliMax = map[Tipo]int{Intero: 0, Importo: 2, Decimale: 6}[c.Tipo]
		if c.Decimali != 0 {
			c.decimaliMax = c.Decimali
		}
		if c.Decimali < 0 || c.Decimali > 10 {
			p("decimali", "vanno da 1 a 10")
		}
		leggi := func(chiave, s string) *decimal.Decimal {
			if s == "" {
				return nil
			}
			d, err := decimal.NewFromString(s)
			if err != nil || !formaNumero.MatchString(s) {
				p(chiave, "%q non è un numero (si scrive 1234.50)", s)
				return nil
			}
			return &d
		}
		c.minimo, c.massimo = leggi("minimo", c.Minimo), leggi("massimo", c.Massimo)
		if c.minimo != nil && c.massimo != nil && c.minimo.GreaterThan(*c.massimo) {
			p("massimo", "è più piccolo del minimo")
		}
	case c.Tipo == Data:
		leggi := func(chiave, s string) *limiteData {
			if s == "" {
				return nil
			}
			l, err := leggiLimiteData(s)
			if err != nil {
				p(chiave, "%v", err)
			}
			return l
		}
		c.minimoData, c.massimoData = leggi("minimo", c.Minimo), leggi("massimo", c.Massimo)
		a, b := c.minimoData, c.massimoData
		if a != nil && b != nil && a.oggi == b.oggi && (b.giorno.Prima(a.giorno) || b.piu < a.piu) {
			p("massimo", "viene prima del minimo")
		}
	case c.Tipo == Ora:
		for _, v := range [][2]string{{"minimo", c.Minimo}, {"massimo", c.Massimo}} {
			if s, ok := leggiOra(v[1]); v[1] != "" && (!ok || s != v[1]) {
				p(v[0], "%q non è un'ora (si scrive 08:30)", v[1])
			}
		}
		if c.Minimo != "" && c.Massimo != "" && c.Massimo < c.Minimo {
			p("massimo", "viene prima del minimo")
		}
	}
}

func verificaRighe(c *campo, p func(string, string, ...any)) {
	if c.Tipo != Gruppo {
		return
	}
	if len(c.Campi) == 0 {
		p("campi", "il gruppo non ha campi")
	}
	if strings.TrimSpace(c.EtichettaRiga) == "" {
		p("etichetta_riga", "manca il nome di una riga")
	}
	c.maxRighe = LimiteRighe
	if c.MassimoRighe != 0 {
		c.maxRighe = c.MassimoRighe
	}
	if c.maxRighe < 1 || c.maxRighe > LimiteRigheMax {
		p("massimo_righe", "va da 1 a %d", LimiteRigheMax)
	}
	if c.MinimoRighe < 0 || c.MinimoRighe > c.maxRighe {
		p("minimo_righe", "va da 0 al massimo delle righe")
	}
}

func verificaFile(c *campo, p func(string, string, ...any)) {
	if c.Tipo != File {
		return
	}
	for i, t := range c.TipiFile {
		if !formaMIME.MatchString(t) {
			p(fmt.Sprintf("tipi_file[%d]", i), "%q non è un tipo MIME", t)
		}
	}
	if c.MassimoByte < 0 {
		p("massimo_byte", "non è positivo")
	}
	if c.MassimoFile < 0 || c.MassimoFile > LimiteFile {
		p("massimo_file", "va da 1 a %d", LimiteFile)
	}
	if c.MassimoFile == 0 {
		c.MassimoFile = 1
	}
}
