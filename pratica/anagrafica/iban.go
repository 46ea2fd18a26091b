package anagrafica

import (
	"log/slog"
	"strings"
)

// IBAN is the international number of a payment account (ISO 13616), in capitals
// without blanks. In Italy and San Marino it is 27 long: country, two control
// digits, CIN (a control letter), ABI (bank) and CAB (branch) of five digits,
// account of twelve characters.
type IBAN string

// abiPoste is the ABI of accounts at Poste Italiane (BancoPosta).
const abiPoste = "07601"

// LeggiIBAN normalises and checks an IBAN: country of the ISO 13616 registry,
// its length, control digits modulo 97 (ISO 7064), and for IT and SM the
// structure and the CIN. The error is an *Errore of field "iban".
func LeggiIBAN(s string) (IBAN, error) {
	if len(s) > massimoScritto {
		return "", errore(ErrIBANLunghezza, CampoIBAN)
	}
	i := IBAN(compatta(s))
	if cod := i.difetto(); cod != "" {
		return "", errore(cod, CampoIBAN)
	}
	return i, nil
}

func (i IBAN) difetto() Codice {
	s := string(i)
	switch {
	case s == "":
		return ErrIBANVuoto
	case !tutte(s, func(c byte) bool { return cifra(c) || lettera(c) }):
		return ErrIBANCarattere
	case len(s) < 2 || lunghezzaIBAN(s[:2]) == 0:
		return ErrIBANPaese
	case len(s) != lunghezzaIBAN(s[:2]):
		return ErrIBANLunghezza
	case !tutte(s[2:4], cifra):
		return ErrIBANStruttura
	case i.italiano() && (!lettera(s[4]) || !tutte(s[5:15], cifra)):
		return ErrIBANStruttura
	// 00, 01 and 99 leave the right remainder too, but no IBAN is made with them.
	case s[2:4] < "02" || s[2:4] > "98" || resto97(s[4:]+s[:4]) != 1:
		return ErrIBANCifreControllo
	case i.italiano() && controlloAlfabetico(s[5:]) != s[4]:
		return ErrIBANCin
	default:
		return ""
	}
}

// resto97 reads letters as the numbers 10…35 and gives the remainder by 97.
func resto97(s string) int {
	r := 0
	for k := range len(s) {
		if cifra(s[k]) {
			r = (r*10 + int(s[k]-'0')) % 97
		} else {
			r = (r*100 + int(s[k]-'A') + 10) % 97
		}
	}
	return r
}

// Valido reports whether the IBAN is correct and in canonical form.
func (i IBAN) Valido() bool { return i.difetto() == "" }

// Paese gives the ISO 3166 code of the country, or "" if not Valido.
func (i IBAN) Paese() string {
	if !i.Valido() {
		return ""
	}
	return string(i[:2])
}

// SEPA reports whether the account is in a country of the single euro payments
// area, where a transfer in euro can reach it.
func (i IBAN) SEPA() bool { return i.Valido() && sepa(string(i[:2])) }

func (i IBAN) italiano() bool {
	return strings.HasPrefix(string(i), "IT") || strings.HasPrefix(string(i), "SM")
}

// ABI gives the code of the bank, or "" if the account is not in IT or SM.
func (i IBAN) ABI() string {
	if !i.italiano() || !i.Valido() {
		return ""
	}
	return string(i[5:10])
}

// CAB gives the code of the branch, or "" if the account is not in IT or SM.
func (i IBAN) CAB() string {
	if !i.italiano() || !i.Valido() {
		return ""
	}
	return string(i[10:15])
}

// Postale reports whether the account is at Poste Italiane: pagoPA treats such
// accounts apart.
func (i IBAN) Postale() bool { return i.Paese() == "IT" && i.ABI() == abiPoste }

// Gruppi gives the IBAN in groups of four, as it is printed on paper.
func (i IBAN) Gruppi() string {
	var b strings.Builder
	for k, c := range string(i) {
		if k > 0 && k%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// String gives the whole IBAN. Not for logs.
func (i IBAN) String() string { return string(i) }

// LogValue keeps the IBAN out of logs.
func (i IBAN) LogValue() slog.Value { return riservato() }
