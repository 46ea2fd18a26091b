package protocollo

import "log/slog"

// TipoSoggetto is the kind of a party.
type TipoSoggetto string

// The kinds of party.
const (
	PersonaFisica    TipoSoggetto = "persona_fisica"
	PersonaGiuridica TipoSoggetto = "persona_giuridica"
	PA               TipoSoggetto = "pa" // public administration
)

// Soggetto is a party of a registration: mittente (sender) or destinatario
// (addressee). It holds personal data; logged with slog it shows its kind only.
type Soggetto struct {
	Tipo          TipoSoggetto `json:"tipo"`
	Nome          string       `json:"nome,omitempty"`          // persona fisica
	Cognome       string       `json:"cognome,omitempty"`       // persona fisica
	Denominazione string       `json:"denominazione,omitempty"` // persona giuridica, pa
	// CodiceFiscale is optional: some foreign citizens have none. For a persona
	// giuridica it is the numeric tax code, for a pa the IPA code may stand in
	// Richiesta.Parametri instead.
	CodiceFiscale string `json:"codice_fiscale,omitempty"`
	Email         string `json:"email,omitempty"`
	PEC           string `json:"pec,omitempty"` // certified mail address
}

// IsZero reports whether no party is set.
func (s Soggetto) IsZero() bool { return s == Soggetto{} }

// NomeCompleto is the name as a registry shows it: "Cognome Nome" for a persona
// fisica, the denominazione otherwise. It is personal data.
func (s Soggetto) NomeCompleto() string {
	if s.Tipo != PersonaFisica {
		return s.Denominazione
	}
	switch {
	case s.Cognome == "":
		return s.Nome
	case s.Nome == "":
		return s.Cognome
	default:
		return s.Cognome + " " + s.Nome
	}
}

// LogValue implements slog.LogValuer without personal data.
func (s Soggetto) LogValue() slog.Value {
	return slog.GroupValue(slog.String("tipo", string(s.Tipo)))
}

func (s Soggetto) verifica(e *elenco, campo string) {
	switch s.Tipo {
	case PersonaFisica:
		if s.Cognome == "" && s.Nome == "" {
			e.aggiungi(CodiceMancante, campo+".cognome")
		}
	case PersonaGiuridica, PA:
		if s.Denominazione == "" {
			e.aggiungi(CodiceMancante, campo+".denominazione")
		}
	default:
		e.aggiungi(CodiceSconosciuto, campo+".tipo")
	}
	e.testo(campo+".nome", s.Nome, MassimoTesto)
	e.testo(campo+".cognome", s.Cognome, MassimoTesto)
	e.testo(campo+".denominazione", s.Denominazione, MassimoTesto)
	e.testo(campo+".codice_fiscale", s.CodiceFiscale, MassimoCodice)
	e.testo(campo+".email", s.Email, MassimoTesto)
	e.testo(campo+".pec", s.PEC, MassimoTesto)
}
