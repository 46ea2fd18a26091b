// Package script runs the JavaScript of Form.io definitions in a sandbox.
//
// A script is compiled once with [Insieme.Compila] for what it must give (its
// [Genere]); a [Programma] is immutable and safe for concurrent use. As Form.io
// does, the source is the body of a function whose result is one variable:
// "show = data.x === 1" and "return data.x === 1" both work, and a plain
// expression leaves the variable as it was.
//
// Assignments of literals, member access, comparisons, && || ! ?: and if run
// natively in Go; anything else in goja, on a pool of runtimes whose every
// built-in is frozen: nothing that a script does is seen by the next one.
//
// # What a script sees
//
// The variables of [Variabili]; the built-ins of ECMAScript that are pure; "_"
// and "moment" with the functions of [Funzioni]; an instance that has getValue
// alone; a console that says nothing. The clock and the time zone are those
// given in [Contesto]. What else a script names is listed by
// [Programma.Bisogni], and then Esegui refuses it.
//
// # What is bounded
//
// Time, depth of calls, length of every text and array, size of what comes out.
// Regular expressions run on an engine that stops. A script that goes
// beyond gets [ErrTempo] or [ErrTroppoGrande], which it cannot catch.
package script

import (
	"errors"
	"time"
)

// Genere is what a script is for: it decides the variable that is its result.
type Genere int

const (
	Condizione  Genere = iota // customConditional: show, true unless assigned
	Innesco                   // trigger of a logic: result, true unless assigned
	Calcolo                   // calculateValue: value
	Predefinito               // customDefaultValue: value, null unless assigned
	Controllo                 // validate.custom: valid, true unless assigned
	Azione                    // value or custom action of a logic: value
	Schema                    // mergeComponentSchema of a logic: schema
	Opzioni                   // data.custom of a select: values
)

// variabile names the result.
func (g Genere) variabile() string {
	switch g {
	case Condizione:
		return "show"
	case Innesco:
		return "result"
	case Controllo:
		return "valid"
	case Schema:
		return "schema"
	case Opzioni:
		return "values"
	default:
		return "value"
	}
}

// Variabili are the names that Esegui takes; those not given are undefined.
func Variabili() []string {
	return []string{"data", "row", "value", "input", "component", "form", "submission", "rowIndex", "index",
		"path", "paths", "options", "config", "scope", "result", "valid", "show", "schema", "values", "item"}
}

const (
	// MaxSorgente is how long a source may be, in bytes.
	MaxSorgente = 64 << 10
	// MaxTesto is how long a text may become, in UTF-16 units.
	MaxTesto = 256 << 10
	// MaxElementi is how long an array may become.
	MaxElementi = 20_000
	// MaxNodi is how many values may go in or come out.
	MaxNodi = 50_000
	// MaxChiamate is how deep calls may nest.
	MaxChiamate = 200
	// TempoPredefinito is how long a script may run.
	TempoPredefinito = 250 * time.Millisecond
)

var (
	// ErrSintassi is a source that cannot be compiled, or is too long.
	ErrSintassi = errors.New("script: sintassi non valida")
	// ErrBisogni is a script that needs what is not here: see Bisogni.
	ErrBisogni = errors.New("script: richiede ciò che qui non c'è")
	// ErrEsecuzione is an exception of the script. It carries no text of it, which could hold answers.
	ErrEsecuzione = errors.New("script: eccezione")
	// ErrTempo is a script that did not end in its time.
	ErrTempo = errors.New("script: tempo scaduto")
	// ErrTroppoGrande is a script that made, was given or gave too much.
	ErrTroppoGrande = errors.New("script: limite di memoria superato")
)

// Contesto is what an evaluation knows of the world.
type Contesto struct {
	// Ora is the present instant: new Date() and moment().
	Ora time.Time
	// Fuso is where moment reads and writes; defaults to UTC. The Date of
	// goja keeps to the zone of the process.
	Fuso *time.Location
	// Tempo defaults to TempoPredefinito.
	Tempo time.Duration
}
