// Package schema publishes the format of forms (moduli) as JSON Schema, draft
// 2020-12: that of a definition, for the editors of who writes forms, and that
// of the answers to one form, for the programs that send them.
//
// The package is pure.
package schema

import (
	_ "embed" // modulo.schema.json
	"slices"
)

//go:embed modulo.schema.json
var definizione []byte

// URN is the $id of the schema of the definitions; its last part is the version
// of the format, which changes when a definition written for it would no longer
// be accepted or would mean something else.
const URN = "urn:sportello-digitale:pratiche:modulo:1"

// JSON gives the JSON Schema of modulo.Definizione, with titles and
// descriptions in Italian. It is the file modulo.schema.json beside this one;
// the bytes are a copy.
//
// What modulo.Leggi and modulo.Compila accept, it accepts. It refuses unknown
// keys and settings that a type does not have; what takes more than the shape
// (references, expressions, cycles) is for Compila to refuse.
func JSON() []byte { return slices.Clone(definizione) }
