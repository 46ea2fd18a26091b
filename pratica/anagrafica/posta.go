package anagrafica

import (
	"log/slog"
	"strings"
)

// Bounds of an address in bytes: RFC 5321, 4.5.3.1, and erratum 1690 of RFC 3696.
const (
	massimoIndirizzo = 254
	massimoLocale    = 64
	massimoEtichetta = 63
)

// Email is an ordinary e-mail address, its domain in small letters.
type Email string

// PEC is an address of certified mail (posta elettronica certificata, D.P.R.
// 68/2005), which has the value of a registered letter. Whether a box is really
// certified only its provider knows; here it is an address.
type PEC string

// LeggiEmail checks the syntax of an address: ASCII, local part of atoms parted
// by dots (no quotes), a domain of at least two labels, within 254 bytes. Blanks
// around it are dropped, the domain is put in small letters, the local part is
// kept as it is. The error is an *Errore of field "email".
func LeggiEmail(s string) (Email, error) {
	x, cod := indirizzoPosta(s, ErrEmailVuota, ErrEmailLunghezza, ErrEmailFormato)
	if cod != "" {
		return "", errore(cod, CampoEmail)
	}
	return Email(x), nil
}

// LeggiPEC checks an address as LeggiEmail does. The error is an *Errore of
// field "pec".
func LeggiPEC(s string) (PEC, error) {
	x, cod := indirizzoPosta(s, ErrPECVuota, ErrPECLunghezza, ErrPECFormato)
	if cod != "" {
		return "", errore(cod, CampoPEC)
	}
	return PEC(x), nil
}

func indirizzoPosta(s string, vuoto, lungo, formato Codice) (string, Codice) {
	if len(s) > 2*massimoIndirizzo {
		return "", lungo
	}
	s = strings.TrimFunc(s, invisibile)
	if s == "" {
		return "", vuoto
	}
	locale, dominio, ok := strings.Cut(s, "@")
	switch {
	case !ok:
		return "", formato
	case len(s) > massimoIndirizzo || len(locale) > massimoLocale:
		return "", lungo
	case !localeBuono(locale) || !dominioBuono(dominio):
		return "", formato
	}
	return locale + "@" + strings.ToLower(dominio), ""
}

func localeBuono(s string) bool {
	for atomo := range strings.SplitSeq(s, ".") {
		if atomo == "" || !tutte(atomo, func(c byte) bool {
			return alfanumerico(c) || strings.IndexByte("!#$%&'*+/=?^_`{|}~-", c) >= 0
		}) {
			return false
		}
	}
	return true
}

func dominioBuono(s string) bool {
	etichette := strings.Split(s, ".")
	for _, e := range etichette {
		if e == "" || len(e) > massimoEtichetta || e[0] == '-' || e[len(e)-1] == '-' ||
			!tutte(e, func(c byte) bool { return alfanumerico(c) || c == '-' }) {
			return false
		}
	}
	// A last label of digits only would be an IP address.
	ultima := etichette[len(etichette)-1]
	return len(etichette) > 1 && len(ultima) > 1 && !tutte(ultima, cifra)
}

func alfanumerico(c byte) bool { return cifra(c) || lettera(c) || c >= 'a' && c <= 'z' }

// Valido reports whether the address is correct and in canonical form.
func (e Email) Valido() bool {
	x, err := LeggiEmail(string(e))
	return err == nil && x == e
}

// String gives the address. Not for logs.
func (e Email) String() string { return string(e) }

// LogValue keeps the address out of logs.
func (e Email) LogValue() slog.Value { return riservato() }

// Valido reports whether the address is correct and in canonical form.
func (p PEC) Valido() bool {
	x, err := LeggiPEC(string(p))
	return err == nil && x == p
}

// String gives the address. Not for logs.
func (p PEC) String() string { return string(p) }

// LogValue keeps the address out of logs.
func (p PEC) LogValue() slog.Value { return riservato() }
