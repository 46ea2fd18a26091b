// Package cartacea holds the rules of the paper stamp (contrassegno telematico)
// given for a request filed electronically: reading what a citizen copies from
// it, the words shown beside the fields, the declaration to be made, and the
// check of what was given against what is asked.
//
// Everything is pure. That the same stamp is not spent twice among all the
// requests of an ente is for the store that accepts the act, by
// bolli.Contrassegno.Chiave in bolli.Ambito; here only repetitions within one
// request are seen.
package cartacea

import (
	"errors"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// ErrSeriale is the cause of a serial that cannot be read.
var ErrSeriale = errors.New("cartacea: identificativo non valido")

// massimoTesto bounds, in bytes, what a citizen types in one field.
const massimoTesto = 128

// LeggiSeriale reads the identificativo as typed: 14 digits, with spaces or
// dashes among them. Letters are never guessed to be digits. Fails with ErrSeriale.
func LeggiSeriale(s string) (string, error) {
	if len(s) > massimoTesto {
		return "", ErrSeriale
	}
	s = bolli.NormalizzaSeriale(s)
	if len(s) != bolli.CifreSeriale || strings.Trim(s, "0123456789") != "" {
		return "", ErrSeriale
	}
	return s, nil
}

// Seriale writes a serial in groups, as it is easier to compare with the stamp:
// "0123 4567 8901 23". What is no serial is given as it is.
func Seriale(s string) string {
	if len(s) != bolli.CifreSeriale {
		return s
	}
	return s[0:4] + " " + s[4:8] + " " + s[8:12] + " " + s[12:14]
}

// Digitato is what a citizen typed for one stamp.
type Digitato struct {
	Seriale    string
	Data       string // "31/03/2026" or "2026-03-31"
	Ora        string // "9:30", "09.30", "09:30:15"; may be empty
	Dichiarato bool   // the declaration (Dichiarazione) was accepted
}

var formaOra = regexp.MustCompile(`^([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?$`)

// Leggi makes a stamp of the given value out of what was typed and verifies it
// as of today's day. All that is wrong comes back at once, a *bolli.NonValido;
// the stamp is given all the same, with what could be read and the rest as
// typed, so that a page can show it again.
func Leggi(d Digitato, importo decimal.Decimal, oggi termini.Giorno) (bolli.Contrassegno, error) {
	c := bolli.Contrassegno{Tipo: bolli.Cartaceo, Importo: importo, Dichiarato: d.Dichiarato}
	c.Seriale = tronca(d.Seriale)
	if s, err := LeggiSeriale(d.Seriale); err == nil {
		c.Seriale = s
	}
	var dataErrata bool
	c.Emissione, dataErrata = leggiData(d.Data)
	c.Ora = leggiOra(d.Ora)
	err := c.Verifica(oggi)
	if !dataErrata {
		return c, err
	}
	// A date that was typed but cannot be read is not a missing one.
	var e *bolli.NonValido
	if !errors.As(err, &e) {
		return c, err
	}
	problemi := make([]bolli.Problema, len(e.Problemi))
	copy(problemi, e.Problemi)
	for i, p := range problemi {
		if p.Campo == "emissione" && p.Codice == "mancante" {
			problemi[i] = bolli.Problema{Campo: "emissione", Codice: "formato", Messaggio: "Scrivi la data di emissione come giorno/mese/anno, per esempio 31/03/2026."}
		}
	}
	return c, guasto.NuovoNonValido(bolli.ErrNonValido, problemi)
}

func leggiData(s string) (g termini.Giorno, errata bool) {
	s = strings.TrimSpace(s)
	if len(s) > massimoTesto {
		return termini.Giorno{}, true
	}
	for _, leggi := range []func(string) (termini.Giorno, error){termini.LeggiGiorno, termini.LeggiGiornoItaliano} {
		if g, err := leggi(s); err == nil {
			return g, false
		}
	}
	return termini.Giorno{}, true
}

// leggiOra gives "09:30" out of "9.30"; what it cannot read stays, and is
// refused by Verifica.
func leggiOra(s string) string {
	s = tronca(strings.TrimSpace(s))
	m := formaOra.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	ora := m[1] + ":" + m[2]
	if len(m[1]) == 1 {
		ora = "0" + ora
	}
	if m[3] != "" {
		ora += ":" + m[3]
	}
	return ora
}

func tronca(s string) string {
	if len(s) > massimoTesto {
		return strings.ToValidUTF8(s[:massimoTesto], "")
	}
	return s
}
