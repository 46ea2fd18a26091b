package anagrafica

import (
	"log/slog"
	"unicode"
	"unicode/utf8"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

const (
	massimoTesto     = 200 // bytes of a free text of an address or place
	massimoCAPEstero = 16
)

// LuogoNascita is a place of birth. Comune holds the place also when it is
// abroad, where Stato (ISO 3166-1 alpha-2, "" means Italy) says the country.
// Belfiore is the code that the codice fiscale holds, "" where not known.
type LuogoNascita struct {
	Comune    string   `json:"comune,omitempty"`
	Provincia string   `json:"provincia,omitempty"`
	Stato     string   `json:"stato,omitempty"`
	Belfiore  Belfiore `json:"belfiore,omitempty"`
}

// IsZero reports whether nothing is given.
func (l LuogoNascita) IsZero() bool { return l == LuogoNascita{} }

// String gives "Roma (RM)", or "Lyon (FR)" abroad. Not for logs.
func (l LuogoNascita) String() string {
	s := l.Provincia
	if l.Stato != "" && l.Stato != "IT" {
		s = l.Stato
	}
	if s == "" {
		return l.Comune
	}
	return unisci(" ", l.Comune, "("+s+")")
}

// LogValue keeps the place out of logs.
func (l LuogoNascita) LogValue() slog.Value { return riservato() }

// Persona is a natural person as she states herself or as the identity provider
// states her. No field is required here: what a procedure needs, its form says.
// The zero value is nobody. JSON leaves out what is not given.
type Persona struct {
	Nome          string         `json:"nome,omitempty"`
	Cognome       string         `json:"cognome,omitempty"`
	CodiceFiscale CodiceFiscale  `json:"codice_fiscale,omitempty"`
	Nascita       termini.Giorno `json:"nascita,omitzero"`
	LuogoNascita  LuogoNascita   `json:"luogo_nascita,omitzero"`
	Sesso         Sesso          `json:"sesso,omitempty"`
	Email         Email          `json:"email,omitempty"`
	PEC           PEC            `json:"pec,omitempty"`
	Telefono      Telefono       `json:"telefono,omitempty"`
	Residenza     Indirizzo      `json:"residenza,omitzero"`
}

// IsZero reports whether nothing is given.
func (p Persona) IsZero() bool { return p == Persona{} }

// Denominazione gives "Nome Cognome", or the one that there is.
func (p Persona) Denominazione() string { return unisci(" ", p.Nome, p.Cognome) }

// LogValue keeps the person out of logs.
func (p Persona) LogValue() slog.Value { return riservato() }

// Verifica checks the form of every field that is given; values must be
// canonical, as the Leggi… functions give them. All errors come at once, in the
// order of the fields. Whether the data agree with the codice fiscale is another
// question: see CodiceFiscale.Confronta. A zero oggi leaves out the checks of
// the birth date against it.
func (p Persona) Verifica(oggi termini.Giorno) Errori {
	var errs Errori
	segna := func(ok bool, cod Codice, campo string) {
		if !ok {
			errs = append(errs, errore(cod, campo))
		}
	}
	cod := difettoTesto(p.Nome, massimoNome)
	segna(cod == "", cod, CampoNome)
	cod = difettoTesto(p.Cognome, massimoNome)
	segna(cod == "", cod, CampoCognome)
	if p.CodiceFiscale != "" {
		cod = p.CodiceFiscale.difetto()
		segna(cod == "", cod, CampoCodiceFiscale)
	}
	if !p.Nascita.IsZero() {
		cod = difettoNascita(p.Nascita, oggi)
		segna(cod == "", cod, CampoNascita)
	}
	l := p.LuogoNascita
	cod = difettoTesto(l.Comune, massimoTesto)
	segna(cod == "", cod, CampoLuogoNascita+".comune")
	errs = append(errs, verificaSigle(CampoLuogoNascita+".", l.Provincia, l.Stato)...)
	segna(l.Belfiore == "" || l.Belfiore.Valido(), ErrBelfioreFormato, CampoLuogoNascita+".belfiore")
	segna(p.Sesso == "" || p.Sesso.Valido(), ErrSessoValore, CampoSesso)
	segna(p.Email == "" || p.Email.Valido(), ErrEmailFormato, CampoEmail)
	segna(p.PEC == "" || p.PEC.Valido(), ErrPECFormato, CampoPEC)
	segna(p.Telefono == "" || p.Telefono.Valido(), ErrTelefonoFormato, CampoTelefono)
	return append(errs, p.Residenza.Verifica(CampoResidenza)...)
}

// difettoTesto bounds a free text, in bytes, and refuses bytes that are not
// UTF-8, control characters, line breaks and marks that turn the direction of
// what is read: documents and registers cannot carry them.
func difettoTesto(s string, massimo int) Codice {
	if len(s) > massimo {
		return ErrTestoLunghezza
	}
	if !utf8.ValidString(s) {
		return ErrTestoCarattere
	}
	for _, r := range s {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return ErrTestoCarattere
		}
	}
	return ""
}
