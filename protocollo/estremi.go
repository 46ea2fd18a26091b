package protocollo

import (
	"strconv"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// cifre is the least number of digits shown (DPR 445/2000, art. 57: "almeno
// sette cifre").
const cifre = 7

// Estremi identify one registration. All of them come from the registry.
type Estremi struct {
	Ente     string `json:"ente"`
	AOO      string `json:"aoo,omitempty"`
	Registro string `json:"registro,omitempty"`
	Anno     int    `json:"anno"`
	// Numero is kept as the registry wrote it: text, of any length, never
	// truncated nor parsed. NumeroEsteso gives the form to show.
	Numero string `json:"numero"`
	// Data is the instant of registration, UTC. Where the registry gives only a
	// day it is the beginning of that day in Europe/Rome.
	Data time.Time `json:"data,omitzero"`
}

// IsZero reports whether there is no number.
func (e Estremi) IsZero() bool { return e.Numero == "" }

// NumeroEsteso is the number with at least seven digits: "123" gives "0000123".
// A number that is longer, or not only digits, is left as it is.
func (e Estremi) NumeroEsteso() string {
	if e.Numero == "" || !soloCifre(e.Numero) || len(e.Numero) >= cifre {
		return e.Numero
	}
	return strings.Repeat("0", cifre-len(e.Numero)) + e.Numero
}

// String gives "0000123/2026", or "" where there is no number.
func (e Estremi) String() string {
	if e.IsZero() {
		return ""
	}
	return e.NumeroEsteso() + "/" + strconv.Itoa(e.Anno)
}

// Segnatura is the line that marks a document (DPR 445/2000, art. 55: number,
// date, administration and AOO): "c_h501 - AOO1 - PG - 0000123 - 02/01/2026".
// Parts that the registry did not give are left out.
func (e Estremi) Segnatura() string {
	if e.IsZero() {
		return ""
	}
	quando := strconv.Itoa(e.Anno)
	if !e.Data.IsZero() {
		quando = termini.GiornoDi(e.Data).Italiano()
	}
	var parti []string
	for _, p := range []string{e.Ente, e.AOO, e.Registro, e.NumeroEsteso(), quando} {
		if p != "" {
			parti = append(parti, p)
		}
	}
	return strings.Join(parti, " - ")
}

// Stessi reports whether e and f identify the same registration: leading zeros
// of a number do not count, nor does Data.
func (e Estremi) Stessi(f Estremi) bool {
	return !e.IsZero() && e.Ente == f.Ente && e.AOO == f.AOO && e.Registro == f.Registro &&
		e.Anno == f.Anno && senzaZeri(e.Numero) == senzaZeri(f.Numero)
}

func senzaZeri(n string) string {
	if !soloCifre(n) {
		return n
	}
	return strings.TrimLeft(n, "0")
}

func soloCifre(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
