package sportello

import (
	"encoding/json"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// Rinvio asks to try later without counting as a failure of the destination.
type Rinvio struct {
	Fino   time.Time
	Motivo string
}

// Error implements error.
func (r *Rinvio) Error() string { return "sportello: rinviato (" + r.Motivo + ")" }

// ClasseGuasto implements guasto.Classificato.
func (r *Rinvio) ClasseGuasto() guasto.Classe { return guasto.Transitorio }

// The store counts every lease of an effect; how many of them were only
// postponed is kept in its journal, beside what the executor writes there.
const voceRinvii = "rinvii"

// rinviiDi gives how many attempts were postponed.
func rinviiDi(diario []byte) int {
	var d struct {
		Rinvii int `json:"rinvii"`
	}
	if len(diario) == 0 || json.Unmarshal(diario, &d) != nil {
		return 0
	}
	return d.Rinvii
}

// conRinvio gives the journal with one more; one that cannot be read stays as it is.
func conRinvio(diario []byte) []byte { return conRinvii(diario, rinviiDi(diario)+1) }

func conRinvii(diario []byte, n int) []byte {
	voci := map[string]json.RawMessage{}
	if len(diario) > 0 && json.Unmarshal(diario, &voci) != nil {
		return diario
	}
	if voci == nil { // JSON null
		voci = map[string]json.RawMessage{}
	}
	b, err := json.Marshal(n)
	if err != nil {
		return diario
	}
	voci[voceRinvii] = b
	if b, err = json.Marshal(voci); err != nil {
		return diario
	}
	return b
}
