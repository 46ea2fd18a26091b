package modulo

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// The values of Campo.Unico.
const (
	UnicoServizio = "servizio" // one pratica of the service may have the value
	UnicoAnno     = "anno"     // one in a calendar year, that of Opzioni.Oggi
)

// Univoco is a value that no other pratica of the service may have. Who submits
// claims (service, Campo, Periodo, Impronta), all or none.
type Univoco struct {
	Campo    string `json:"campo"`    // in the definition: "codice_fiscale", "figli.codice_fiscale"
	Percorso string `json:"percorso"` // where in the answers, to report that the value is taken
	Periodo  string `json:"periodo"`  // "2026", or "" for ever
	// Impronta is the SHA-256, hexadecimal, of the id of the form, Campo and the
	// value (in capital letters, one blank between words), with a zero byte between
	// them. There is no key: it does not show the value, but whoever can try them
	// all (codici fiscali are few) finds it. Keep it as personal data are kept.
	Impronta string `json:"impronta"`
}

func (t Tipo) univoco() bool {
	switch t {
	case Testo, Intero, Data, Scelta, Email, PEC, Telefono, CodiceFiscale, PartitaIVA, IBAN, URL:
		return true
	default:
		return false
	}
}

// Univoci gives the values to be claimed at submission, in the order of the
// form: of the fields with Unico that are shown, answered and read by their
// type. On a submission, a value twice in the same gruppo is an error of code
// "doppio".
func (e Esito) Univoci() []Univoco { return append([]Univoco(nil), e.univoci...) }

// annota keeps the value of a field with Unico.
func (v *valutazione) annota(c controllo) {
	l := v.letti[c.percorso]
	s, ok := l.valore.(string)
	if c.Unico == "" || !ok || l.vuoto || l.codice != "" {
		return
	}
	u := Univoco{Campo: c.percorsoDefinizione(), Percorso: c.percorso}
	if c.Unico == UnicoAnno {
		if v.o.Oggi.IsZero() {
			v.guasti[c.percorso] = true // no year, no claim: nothing may pass
			return
		}
		u.Periodo = strconv.Itoa(v.o.Oggi.Anno)
	}
	s = strings.ToUpper(strings.Join(strings.Fields(s), " "))
	h := sha256.Sum256([]byte(v.m.def.ID + "\x00" + u.Campo + "\x00" + s))
	u.Impronta = hex.EncodeToString(h[:])
	if v.impronte[u.Impronta] {
		v.errore(c, codiceDoppio, "Questo valore compare già in un'altra riga: controllalo")
		return
	}
	if v.impronte == nil {
		v.impronte = map[string]bool{}
	}
	v.impronte[u.Impronta] = true
	v.esito.univoci = append(v.esito.univoci, u)
}
