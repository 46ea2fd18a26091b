package modulo

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// lettura is an answer read by type.
type lettura struct {
	valore    any    // what is kept: normalised, or as typed if it cannot be read; nil drops the key
	espr      any    // what expressions see
	vuoto     bool   // nothing was answered
	codice    string // why it cannot be read
	messaggio string // if the reason has a text of its own
}

func (c *campo) niente() lettura {
	return lettura{espr: vuotoDi(c.Tipo.genere()), vuoto: true}
}

// nonLetto keeps what was typed, for showing it again; expressions see nothing.
func (c *campo) nonLetto(s, codice string) lettura {
	return lettura{valore: s, espr: vuotoDi(c.Tipo.genere()), codice: codice}
}

// leggi reads the raw answer of a field that is not a gruppo.
func (c *campo) leggi(v any) lettura {
	switch c.Tipo {
	case SiNo, Dichiarazione, Consenso:
		return c.leggiVero(v)
	case SceltaMultipla:
		return c.leggiScelte(v)
	case File:
		return c.leggiFile(v)
	case Nota, Gruppo:
		return c.niente()
	default:
	}
	s, ok := testoDi(v, c.Tipo.numerico())
	if !ok {
		l := c.niente()
		l.vuoto, l.codice = false, codiceFormato
		return l
	}
	s = pulisci(s, c.Tipo == TestoLungo)
	if s == "" {
		return c.niente()
	}
	return c.leggiTesto(s)
}

// bordo is the greatest number of characters that are kept of an answer.
func (c *campo) bordo() int {
	switch {
	case c.Tipo.testuale():
		return c.maxCaratteri
	case c.Tipo == URL:
		return caratteriURL
	default:
		return 300
	}
}

func (c *campo) leggiTesto(s string) lettura {
	bordo := c.bordo()
	if utf8.RuneCountInString(s) > bordo {
		// Never keep an unbounded text, not even to show it again.
		return c.nonLetto(string([]rune(s)[:bordo]), codiceLungo)
	}
	switch c.Tipo {
	case Intero, Decimale, Importo:
		if c.Tipo == Importo {
			s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, "€"), "€"))
		}
		d, esito := leggiNumero(s, c.decimaliMax)
		if esito != numeroBuono {
			return c.nonLetto(s, codiceNumero(esito))
		}
		return lettura{valore: scriviNumero(d, c.Tipo), espr: pieno(d)}
	case Data:
		g, ok := leggiData(s)
		if !ok {
			return c.nonLetto(s, codiceFormato)
		}
		return lettura{valore: g.String(), espr: g}
	case Ora:
		o, ok := leggiOra(s)
		if !ok {
			return c.nonLetto(s, codiceFormato)
		}
		return lettura{valore: o, espr: o}
	case Scelta:
		if _, ok := c.posizioneOpz[s]; !ok && (c.Elenco == "" || !formaVoce(s)) {
			l := c.nonLetto("", codiceOpzione)
			l.valore = nil // nobody typed it: a closed choice has no wrong text to mend
			return l
		}
		return lettura{valore: s, espr: s}
	case URL:
		u, ok := leggiURL(s)
		if !ok {
			return c.nonLetto(s, codiceFormato)
		}
		return lettura{valore: u, espr: u}
	case Appuntamento, Bollo:
		if len(s) > 200 || strings.ContainsAny(s, " \n") {
			l := c.nonLetto("", codiceFormato)
			l.valore = nil // an id is chosen, not typed
			return l
		}
		return lettura{valore: s, espr: s}
	case Email, PEC, Telefono, CodiceFiscale, PartitaIVA, IBAN, CAP:
		return c.leggiIdentificativo(s)
	default:
		return lettura{valore: s, espr: s}
	}
}

// leggiIdentificativo leaves to anagrafica what anagrafica knows.
func (c *campo) leggiIdentificativo(s string) lettura {
	var testo string
	var err error
	switch c.Tipo {
	case Email:
		var v anagrafica.Email
		v, err = anagrafica.LeggiEmail(s)
		testo = string(v)
	case PEC:
		var v anagrafica.PEC
		v, err = anagrafica.LeggiPEC(s)
		testo = string(v)
	case Telefono:
		var v anagrafica.Telefono
		v, err = anagrafica.LeggiTelefono(s)
		testo = string(v)
	case CodiceFiscale:
		var v anagrafica.CodiceFiscale
		v, err = anagrafica.LeggiCodiceFiscale(s)
		testo = string(v)
	case PartitaIVA:
		var v anagrafica.PartitaIVA
		v, err = anagrafica.LeggiPartitaIVA(s)
		testo = string(v)
	case IBAN:
		var v anagrafica.IBAN
		v, err = anagrafica.LeggiIBAN(s)
		testo = string(v)
	default:
		var v anagrafica.CAP
		v, err = anagrafica.LeggiCAP(s)
		testo = string(v)
	}
	if err == nil {
		return lettura{valore: testo, espr: testo}
	}
	l := c.nonLetto(s, codiceFormato)
	var parlante interface{ Messaggio() string }
	if errors.As(err, &parlante) {
		l.messaggio = parlante.Messaggio()
	}
	return l
}

func (c *campo) leggiVero(v any) lettura {
	var b bool
	switch v := v.(type) {
	case nil:
		return c.niente()
	case bool:
		b = v
	case string:
		switch strings.ToLower(strings.TrimSpace(v)) {
		case "":
			return c.niente()
		case "si", "sì", "true", "1", "on":
			b = true
		case "no", "false", "0":
		default:
			l := c.niente()
			l.vuoto, l.codice = false, codiceOpzione
			return l
		}
	default:
		l := c.niente()
		l.vuoto, l.codice = false, codiceOpzione
		return l
	}
	if c.Tipo == Dichiarazione && !b {
		return c.niente() // an unticked box is no answer
	}
	return lettura{valore: b, espr: b}
}

func (c *campo) leggiFile(v any) lettura {
	var ids []string
	for _, s := range elenco(v) {
		if s = strings.TrimSpace(s); s == "" || len(s) > 200 || !utf8.ValidString(s) || slices.Contains(ids, s) {
			continue
		}
		if len(ids) == LimiteFile {
			break
		}
		ids = append(ids, s)
	}
	if len(ids) == 0 {
		return c.niente()
	}
	return lettura{valore: ids, espr: slices.Clone(ids)}
}

// testoDi takes a text out of what a browser, a program or encoding/json gives.
func testoDi(v any, numerico bool) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case []string: // an HTML form with the name repeated: the last one counts
		if len(v) == 0 {
			return "", true
		}
		return v[len(v)-1], true
	case termini.Giorno:
		return v.String(), true
	}
	if !numerico {
		return "", false
	}
	switch v := v.(type) {
	case json.Number:
		return v.String(), true
	case int:
		return strconv.Itoa(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64: // only what encoding/json makes of a whole number: money is text
		if v != float64(int64(v)) || v > 1e15 || v < -1e15 {
			return "", false
		}
		return strconv.FormatInt(int64(v), 10), true
	case decimal.Decimal:
		return strings.Replace(v.String(), ".", ",", 1), true
	default:
		return "", false
	}
}

// pulisci takes away what no field may hold: broken UTF-8, control and
// invisible formatting characters, blanks at the edges; line ends only where
// the type has lines.
func pulisci(s string, righe bool) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r':
			if righe {
				return '\n'
			}
			return ' '
		case r == '\t':
			return ' '
		case unicode.IsControl(r), r == '\uFEFF', r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		default:
			return r
		}
	}, s)
	return strings.TrimSpace(s)
}

func leggiData(s string) (termini.Giorno, bool) {
	if len(s) > 10 {
		return termini.Giorno{}, false
	}
	g, err := termini.LeggiGiorno(s)
	if err != nil {
		g, err = termini.LeggiGiornoItaliano(s)
	}
	return g, err == nil && !g.IsZero()
}

// leggiOra reads "9:05", "09.05" and gives "09:05".
func leggiOra(s string) (string, bool) {
	h, m, ok := strings.Cut(strings.Replace(s, ".", ":", 1), ":")
	if !ok || len(h) < 1 || len(h) > 2 || len(m) != 2 || !soloCifre(h) || !soloCifre(m) {
		return "", false
	}
	if len(h) == 1 {
		h = "0" + h
	}
	if h > "23" || m > "59" {
		return "", false
	}
	return h + ":" + m, true
}
