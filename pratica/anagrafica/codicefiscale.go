package anagrafica

import (
	"log/slog"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// CodiceFiscale is the tax code that identifies everybody before Italian
// administration (D.P.R. 605/1973): 16 characters for natural persons (DM
// 23/12/1976, art. 2), 11 digits for other subjects and for persons who have a
// provisional one. The canonical form is in capitals without blanks.
//
// Two persons whose data give the same code get different ones by omocodia: the
// Anagrafe tributaria replaces digits with letters, from the rightmost. The
// whole code is therefore the identity of a person, SenzaOmocodia is not.
type CodiceFiscale string

const (
	mesiCF     = "ABCDEHLMPRST" // January … December
	omocodiaCF = "LMNPQRSTUV"   // 0 … 9
)

// postiCifraCF are the places (from 0) that hold a digit, or its letter.
func postiCifraCF() [7]int { return [7]int{6, 7, 9, 10, 12, 13, 14} }

// LeggiCodiceFiscale normalises and checks a code: length, kind of each
// character, existence of the day of birth, control character. Codes of places
// that nobody knows are not refused, because old and new places come and go.
// The error is an *Errore of field "codice_fiscale".
func LeggiCodiceFiscale(s string) (CodiceFiscale, error) {
	if len(s) > massimoScritto {
		return "", errore(ErrCFLunghezza, CampoCodiceFiscale)
	}
	c := CodiceFiscale(compatta(s))
	if cod := c.difetto(); cod != "" {
		return "", errore(cod, CampoCodiceFiscale)
	}
	return c, nil
}

// difetto gives the first thing wrong with a compacted code, or "".
func (c CodiceFiscale) difetto() Codice {
	switch len(c) {
	case 0:
		return ErrCFVuoto
	case 11:
		if !tutte(string(c), cifra) {
			return ErrCFCarattere
		}
		if !controlloNumerico(string(c)) {
			return ErrCFCarattereControllo
		}
		return ""
	case 16:
	default:
		return ErrCFLunghezza
	}
	base, ok := cifreBase(string(c))
	if !ok {
		return ErrCFCarattere
	}
	// 2000 is a leap year, so the 29th of February of "00" stands for it.
	if _, err := termini.NuovoGiorno(2000+numero(base[6:8]), meseCF(base), giornoCF(base)); err != nil {
		return ErrCFData
	}
	if controlloAlfabetico(string(c[:15])) != c[15] {
		return ErrCFCarattereControllo
	}
	return ""
}

// cifreBase puts the digits back where omocodia put letters, leaving the control
// character alone, and reports whether each character is of the kind due.
func cifreBase(c string) (string, bool) {
	b := []byte(c)
	for _, i := range postiCifraCF() {
		if k := strings.IndexByte(omocodiaCF, b[i]); k >= 0 {
			b[i] = '0' + byte(k)
		}
		if !cifra(b[i]) {
			return "", false
		}
	}
	ok := tutte(c[:6], lettera) && strings.IndexByte(mesiCF, b[8]) >= 0 && lettera(b[11]) && lettera(b[15])
	return string(b), ok
}

func numero(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func meseCF(base string) time.Month {
	return time.Month(strings.IndexByte(mesiCF, base[8]) + 1)
}

func giornoCF(base string) int {
	g := numero(base[9:11])
	if g > 40 {
		g -= 40
	}
	return g
}

// personale gives the base digits of a correct 16-character code.
func (c CodiceFiscale) personale() (string, bool) {
	if len(c) != 16 || c.difetto() != "" {
		return "", false
	}
	return cifreBase(string(c))
}

// Valido reports whether the code is correct and in canonical form.
func (c CodiceFiscale) Valido() bool { return c.difetto() == "" }

// Provvisorio reports whether the code is a correct one of 11 digits: the
// provisional code of a person, or the code of an ente or company. They have
// the same form (DM 23/12/1976, art. 10); only the context tells them apart.
func (c CodiceFiscale) Provvisorio() bool { return len(c) == 11 && c.Valido() }

// Nascita gives the day of birth. The code has two digits of the year: of the
// days that they allow, it is the latest not after oggi, so a person of a
// hundred years or more comes out a century too young; where a full date is
// known, compare it with Confronta instead.
//
// Errors: ErrCFNumerico where the code has 11 digits, ErrOggiMancante where oggi
// is zero, ErrCFData where no day within two centuries fits, and those of
// LeggiCodiceFiscale for a code that is not Valido.
func (c CodiceFiscale) Nascita(oggi termini.Giorno) (termini.Giorno, error) {
	base, ok := c.personale()
	switch {
	case c.Provvisorio():
		return termini.Giorno{}, errore(ErrCFNumerico, CampoCodiceFiscale)
	case !ok:
		return termini.Giorno{}, errore(c.difetto(), CampoCodiceFiscale)
	case oggi.IsZero():
		return termini.Giorno{}, errore(ErrOggiMancante, CampoNascita)
	}
	anno := oggi.Anno/100*100 + numero(base[6:8])
	for _, a := range [...]int{anno, anno - 100} {
		if g, err := termini.NuovoGiorno(a, meseCF(base), giornoCF(base)); err == nil && !oggi.Prima(g) {
			return g, nil
		}
	}
	return termini.Giorno{}, errore(ErrCFData, CampoCodiceFiscale)
}

// Sesso gives the sex that the code states (to the day of birth of women 40 is
// added), or "" where the code has 11 digits or is not Valido.
func (c CodiceFiscale) Sesso() Sesso {
	base, ok := c.personale()
	if !ok {
		return ""
	}
	if numero(base[9:11]) > 40 {
		return Femminile
	}
	return Maschile
}

// Luogo gives the code of the place of birth, with digits where omocodia put
// letters, or "" where the code has 11 digits or is not Valido.
func (c CodiceFiscale) Luogo() Belfiore {
	base, ok := c.personale()
	if !ok {
		return ""
	}
	return Belfiore(base[11:15])
}

// SenzaOmocodia gives the code that the person would have without omocodia:
// digits in all their places and the control character made anew. It may be
// another person's code: use it to compare data, never as an identity. A code of
// 11 digits, or not Valido, comes back as it is.
func (c CodiceFiscale) SenzaOmocodia() string {
	base, ok := c.personale()
	if !ok {
		return string(c)
	}
	return base[:15] + string(controlloAlfabetico(base[:15]))
}

// String gives the whole code. Not for logs.
func (c CodiceFiscale) String() string { return string(c) }

// LogValue keeps the code out of logs.
func (c CodiceFiscale) LogValue() slog.Value { return riservato() }
