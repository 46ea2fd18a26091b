package modulo

import (
	"log/slog"
	"strings"
)

// Esito is the outcome of an evaluation. It is a value of its own: changing
// Valori changes nothing else.
type Esito struct {
	// Valori are the answers cleaned, see Modulo.Valuta.
	Valori Risposte
	Errori Errori

	visibili    map[string]bool
	obbligatori map[string]bool
	calcolati   map[string]bool
	bloccati    map[string]bool // gruppi too, that lock their rows
	provenienze map[string]string
	univoci     []Univoco
	sezioni     []string
}

// LogValue logs counts and error codes, never values.
func (e Esito) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("campi", len(e.Valori)), slog.Any("errori", e.Errori))
}

// Visibile reports whether the field at the path ("reddito", "figli",
// "figli[0].nome") is shown. Paths of rows that do not exist are not.
func (e Esito) Visibile(percorso string) bool { return e.visibili[percorso] }

// Obbligatorio reports whether the field at the path is shown and must be
// answered, as things stand.
func (e Esito) Obbligatorio(percorso string) bool { return e.obbligatori[percorso] }

// Calcolato reports whether the field at the path is shown and has a computed
// value, by its Calcolo or by the Estensione: what is posted for it is ignored.
func (e Esito) Calcolato(percorso string) bool { return e.calcolati[percorso] }

// SolaLettura reports whether the Estensione wants the field at the path shown
// locked, alone or with the gruppo around it; its posted value counts.
func (e Esito) SolaLettura(percorso string) bool {
	for p, altro := percorso, true; altro; {
		if e.bloccati[p] {
			return e.visibili[percorso]
		}
		i := strings.LastIndexByte(p, '[')
		if altro = i >= 0; altro {
			p = p[:i]
		}
	}
	return false
}

// Provenienza says where the value of a shown field comes from, if it is one of
// the locked Precompilate and the Provenienze name it; "" otherwise, because an
// answer that the citizen may change is the citizen's.
func (e Esito) Provenienza(percorso string) string { return e.provenienze[percorso] }

// SezioniVisibili gives the ids of the sections shown, in order. A section
// whose fields are all hidden is not shown.
func (e Esito) SezioniVisibili() []string { return append([]string(nil), e.sezioni...) }
