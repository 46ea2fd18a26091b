package pratica

// Azione is the kind of a command. Values are stable, as those of Stato.
type Azione string

// Actions of the applicant (richiedente).
const (
	AzioneApriBozza            Azione = "apri_bozza"
	AzioneSalvaBozza           Azione = "salva_bozza"
	AzioneEliminaBozza         Azione = "elimina_bozza"
	AzioneAllega               Azione = "allega"
	AzioneRimuoviAllegato      Azione = "rimuovi_allegato"
	AzioneScegliAppuntamento   Azione = "scegli_appuntamento"
	AzioneInvia                Azione = "invia"
	AzioneTornaInBozza         Azione = "torna_in_bozza"
	AzioneRigeneraPagamento    Azione = "rigenera_pagamento"
	AzioneInviaIntegrazione    Azione = "invia_integrazione"
	AzionePresentaOsservazioni Azione = "presenta_osservazioni"
	AzioneFornisciBollo        Azione = "fornisci_bollo"
	AzioneRitira               Azione = "ritira"
)

// Actions of operators.
const (
	AzionePrendiInCarico       Azione = "prendi_in_carico"
	AzioneAssegna              Azione = "assegna"
	AzioneSubentra             Azione = "subentra"
	AzioneRichiediIntegrazione Azione = "richiedi_integrazione"
	AzioneAccettaIntegrazione  Azione = "accetta_integrazione"
	AzioneAnnullaIntegrazione  Azione = "annulla_integrazione"
	AzionePreavvisaRigetto     Azione = "preavvisa_rigetto"
	AzioneApprova              Azione = "approva"
	AzioneRifiuta              Azione = "rifiuta"
	AzioneRichiediPagamento    Azione = "richiedi_pagamento"
	AzioneRegistraPagamento    Azione = "registra_pagamento"
	AzioneRichiediBollo        Azione = "richiedi_bollo"
	AzioneAnnota               Azione = "annota"
	AzioneAnnulla              Azione = "annulla"
	AzioneRiapri               Azione = "riapri"
	AzioneArchivia             Azione = "archivia"
)

// Actions of both sides.
const (
	AzioneScriviMessaggio     Azione = "scrivi_messaggio"
	AzioneSpostaAppuntamento  Azione = "sposta_appuntamento"
	AzioneDisdiciAppuntamento Azione = "disdici_appuntamento"
)

// Actions of the system: outcomes of effects, and the erasure of personal data.
// AzioneProsegui has no command: it follows by itself when nothing is left to pay.
const (
	AzioneProsegui             Azione = "prosegui"
	AzioneDocumentoProdotto    Azione = "documento_prodotto"
	AzioneProtocolla           Azione = "protocolla"
	AzioneAggiornaPagamento    Azione = "aggiorna_pagamento"
	AzioneAggiornaAppuntamento Azione = "aggiorna_appuntamento"
	AzioneAvvisa               Azione = "avvisa"
	AzioneOscuraDati           Azione = "oscura_dati"
)

type schedaAzione struct {
	azione    Azione
	etichetta string
}

var azioni = [...]schedaAzione{
	{AzioneApriBozza, "Compila la richiesta"},
	{AzioneSalvaBozza, "Salva la bozza"},
	{AzioneEliminaBozza, "Elimina la bozza"},
	{AzioneAllega, "Carica un allegato"},
	{AzioneRimuoviAllegato, "Rimuovi l'allegato"},
	{AzioneScegliAppuntamento, "Scegli l'appuntamento"},
	{AzioneInvia, "Invia la richiesta"},
	{AzioneTornaInBozza, "Modifica la richiesta"},
	{AzioneRigeneraPagamento, "Riprova il pagamento"},
	{AzioneInviaIntegrazione, "Invia le integrazioni"},
	{AzionePresentaOsservazioni, "Presenta le osservazioni"},
	{AzioneFornisciBollo, "Inserisci la marca da bollo"},
	{AzioneRitira, "Ritira la richiesta"},
	{AzionePrendiInCarico, "Prendi in carico"},
	{AzioneAssegna, "Assegna"},
	{AzioneSubentra, "Subentra"},
	{AzioneRichiediIntegrazione, "Richiedi integrazioni"},
	{AzioneAccettaIntegrazione, "Accetta le integrazioni"},
	{AzioneAnnullaIntegrazione, "Annulla la richiesta di integrazioni"},
	{AzionePreavvisaRigetto, "Invia il preavviso di rigetto"},
	{AzioneApprova, "Approva"},
	{AzioneRifiuta, "Rifiuta"},
	{AzioneRichiediPagamento, "Richiedi un pagamento"},
	{AzioneRegistraPagamento, "Registra un pagamento"},
	{AzioneRichiediBollo, "Richiedi una marca da bollo"},
	{AzioneScriviMessaggio, "Scrivi un messaggio"},
	{AzioneAnnota, "Aggiungi una nota interna"},
	{AzioneAnnulla, "Annulla la pratica"},
	{AzioneRiapri, "Riapri la pratica"},
	{AzioneArchivia, "Archivia"},
	{AzioneSpostaAppuntamento, "Sposta l'appuntamento"},
	{AzioneDisdiciAppuntamento, "Disdici l'appuntamento"},
	{AzioneDocumentoProdotto, "Documento prodotto"},
	{AzioneProtocolla, "Protocolla"},
	{AzioneAggiornaPagamento, "Aggiorna il pagamento"},
	{AzioneAggiornaAppuntamento, "Aggiorna l'appuntamento"},
	{AzioneAvvisa, "Avvisa il richiedente"},
	{AzioneProsegui, "Prosegui dopo il pagamento"},
	{AzioneOscuraDati, "Oscura i dati personali"},
}

// Azioni gives every action, in the order in which a page would offer them.
func Azioni() []Azione {
	a := make([]Azione, len(azioni))
	for i := range azioni {
		a[i] = azioni[i].azione
	}
	return a
}

// Etichetta is what a button for the action says, in Italian.
func (a Azione) Etichetta() string {
	for i := range azioni {
		if azioni[i].azione == a {
			return azioni[i].etichetta
		}
	}
	return ""
}

// Valida reports whether a is one of Azioni.
func (a Azione) Valida() bool { return a.Etichetta() != "" }
