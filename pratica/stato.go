package pratica

// Stato is where a pratica stands. Values are stable: they are in the database
// and in JSON.
type Stato string

// States of a pratica. The empty Stato is "not there": before the draft is
// opened and after it was deleted.
const (
	Bozza                 Stato = "bozza"
	AttesaPagamento       Stato = "attesa_pagamento"
	Inviata               Stato = "inviata"
	Protocollata          Stato = "protocollata"
	InCarico              Stato = "in_carico"
	IntegrazioneRichiesta Stato = "integrazione_richiesta"
	AttesaIntegrazione    Stato = "attesa_integrazione"
	IntegrazioneInviata   Stato = "integrazione_inviata"
	AttesaOsservazioni    Stato = "attesa_osservazioni"
	AttesaPagamentoFinale Stato = "attesa_pagamento_finale"
	EsitoPositivo         Stato = "esito_positivo"
	EsitoNegativo         Stato = "esito_negativo"
	Accettata             Stato = "accettata"
	Rifiutata             Stato = "rifiutata"
	Ritirata              Stato = "ritirata"
	Annullata             Stato = "annullata"
	Archiviata            Stato = "archiviata"
)

// schedaStato is what is known of a state; stati keeps them in the order of the procedure.
type schedaStato struct {
	stato     Stato
	etichetta string
	opencity  string // status code of the OpenCity Italia API, "" where it has none
	finale    bool
}

var stati = [...]schedaStato{
	{Bozza, "Bozza", "1000", false},
	{AttesaPagamento, "In attesa di pagamento", "1500", false},
	{Inviata, "Inviata", "2000", false},
	{Protocollata, "Protocollata", "3000", false},
	{InCarico, "Presa in carico", "4000", false},
	{IntegrazioneRichiesta, "Richiesta integrazioni", "4100", false},
	{AttesaIntegrazione, "In attesa di integrazioni", "4200", false},
	{IntegrazioneInviata, "Integrazioni inviate", "4300", false},
	{AttesaOsservazioni, "Preavviso di rigetto: in attesa di osservazioni", "4200", false},
	{AttesaPagamentoFinale, "In attesa di pagamento per il rilascio", "1500", false},
	{EsitoPositivo, "Accettata (esito in corso di emissione)", "6000", false},
	{EsitoNegativo, "Rifiutata (esito in corso di emissione)", "8000", false},
	{Accettata, "Accettata", "7000", true},
	{Rifiutata, "Rifiutata", "9000", true},
	{Ritirata, "Ritirata", "20000", true},
	{Annullata, "Annullata", "50000", true},
	{Archiviata, "Archiviata", "", true},
}

// Stati gives every state in the order of the procedure.
func Stati() []Stato {
	s := make([]Stato, len(stati))
	for i := range stati {
		s[i] = stati[i].stato
	}
	return s
}

func (s Stato) scheda() schedaStato {
	for i := range stati {
		if stati[i].stato == s {
			return stati[i]
		}
	}
	return schedaStato{}
}

// Valido reports whether s is one of Stati.
func (s Stato) Valido() bool { return s.scheda().stato != "" }

// Etichetta is the label that people read, in Italian; "" for an unknown state.
func (s Stato) Etichetta() string { return s.scheda().etichetta }

// Finale reports whether the procedure ended. A final state has no exit but a
// reopening (riapertura), where the service allows it.
func (s Stato) Finale() bool { return s.scheda().finale }

// CodiceOpenCity is the status code of the OpenCity Italia API for the state,
// "" where it has none (Archiviata).
func (s Stato) CodiceOpenCity() string { return s.scheda().opencity }
