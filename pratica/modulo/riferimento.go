package modulo

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
)

// InfoRiferimento is what the host knows of an appointment or of a stamp of the
// pratica: the answers hold only its id.
type InfoRiferimento struct {
	// Descrizione is one line for people: "giovedì 9 aprile 2026, ore 10:30,
	// Anagrafe", "marca da bollo 01234567890123 del 31/03/2026".
	Descrizione string `json:"descrizione"`
}

// LogValue leaves the description out: it may hold personal data.
func (InfoRiferimento) LogValue() slog.Value { return slog.StringValue("riferimento") }

// riferimenti gives what the options describe for the type; nil if it has none.
func (o Opzioni) riferimenti(t Tipo) map[string]InfoRiferimento {
	switch t {
	case Appuntamento:
		return o.Appuntamenti
	case Bollo:
		return o.Bolli
	default:
		return nil
	}
}

// descriviRiferimento writes an appointment or a stamp for people, who have no
// use for its id.
func descriviRiferimento(t Tipo, id string, noti map[string]InfoRiferimento) string {
	if f, ok := noti[id]; ok {
		return pulisci(f.Descrizione, false)
	}
	switch {
	case t == Appuntamento && noti == nil:
		return "Appuntamento scelto"
	case t == Appuntamento:
		return "Appuntamento non più disponibile"
	case noti == nil:
		return "Marca da bollo indicata"
	default:
		return "Marca da bollo non più disponibile"
	}
}

// TestoFirmato is a text that the citizen subscribes, a dichiarazione or a
// consenso: what a host keeps to prove to which words somebody said yes.
type TestoFirmato struct {
	Campo    string `json:"campo"` // in the definition: "veridicita", "figli.consenso"
	Tipo     Tipo   `json:"tipo"`
	Versione string `json:"versione,omitempty"` // VersioneTesto of the field
	Norma    string `json:"norma,omitempty"`
	SHA256   string `json:"sha256"` // of the bytes of Testo (of Etichetta, where a consenso has no Testo), hexadecimal
}

// Testi lists the texts that the citizen subscribes, in the order of the form.
func (m *Modulo) Testi() []TestoFirmato {
	var q []TestoFirmato
	m.ogniCampo(func(c *campo) {
		if c.Tipo != Dichiarazione && c.Tipo != Consenso {
			return
		}
		h := sha256.Sum256([]byte(c.testoFirmato()))
		q = append(q, TestoFirmato{Campo: c.percorsoDefinizione(), Tipo: c.Tipo,
			Versione: c.VersioneTesto, Norma: c.Norma, SHA256: hex.EncodeToString(h[:])})
	})
	return q
}

func (c *campo) testoFirmato() string {
	if c.Testo == "" {
		return c.Etichetta
	}
	return c.Testo
}

// ogniCampo visits the fields in the order of the form, each gruppo before its own.
func (m *Modulo) ogniCampo(f func(*campo)) {
	var visita func([]*campo)
	visita = func(cc []*campo) {
		for _, c := range cc {
			f(c)
			visita(c.figli)
		}
	}
	for _, s := range m.sezioni {
		visita(s.campi)
	}
}
