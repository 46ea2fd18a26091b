package modulo

import (
	"errors"
	"log/slog"
	"strconv"
)

// ErrFile is the cause of a file that cannot be put into, or taken from, the answers.
var ErrFile = errors.New("modulo: file non ammesso")

// InfoFile is what the host knows of an uploaded file (allegato): the answers
// hold only its id.
type InfoFile struct {
	Nome   string `json:"nome"`   // as the citizen named it
	Tipo   string `json:"tipo"`   // MIME type, found by looking at the content
	Byte   int64  `json:"byte"`   // size
	SHA256 string `json:"sha256"` // hexadecimal; empty if not known
}

// LogValue leaves the name out: it may hold personal data.
func (f InfoFile) LogValue() slog.Value {
	return slog.GroupValue(slog.String("tipo", f.Tipo), slog.Int64("byte", f.Byte))
}

// Descrizione is the file in one line for people: "carta.pdf (120 kB)".
func (f InfoFile) Descrizione() string {
	return f.Nome + " (" + Dimensione(f.Byte) + ")"
}

// Dimensione writes a size for people, in decimal units: "1,2 MB".
func Dimensione(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + " byte"
	case n < 1_000_000:
		return strconv.FormatInt((n+500)/1000, 10) + " kB"
	default:
		d := (n + 50_000) / 100_000
		s := strconv.FormatInt(d/10, 10)
		if d%10 != 0 {
			s += "," + strconv.FormatInt(d%10, 10)
		}
		return s + " MB"
	}
}
