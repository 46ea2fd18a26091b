package pratica

import (
	"github.com/sportello-digitale/pratiche/protocollo"
)

// Chi says who may make a transition.
type Chi string

const (
	// Richiedente: the applicant of the pratica.
	Richiedente Chi = "richiedente"
	// Abilitato: an operator enabled for the service.
	Abilitato Chi = "abilitato"
	// Incaricato: the operator who has the pratica in charge.
	Incaricato Chi = "incaricato"
	// Automatico: the system, with the outcome of an effect or by itself.
	Automatico Chi = "automatico"
)

// DocumentoDovuto is a document that a transition produces. Direzione is the
// direction in which it is registered, where the service has a protocollo;
// empty: never registered.
type DocumentoDovuto struct {
	Tipo      TipoDocumento
	Direzione protocollo.Direzione
}

// Transizione is one row of the table: in state Da the action leads to A. Of
// several rows for the same state, action and actor, the first whose Quando
// holds is taken; it is then refused unless every one of Se holds.
type Transizione struct {
	Da        Stato // "" before the draft exists
	Azione    Azione
	A         Stato // "" after it was deleted
	Chi       Chi
	Quando    *Condizione
	Se        []*Condizione
	Documenti []DocumentoDovuto
}

var (
	docIstanza = []DocumentoDovuto{{DocIstanza, protocollo.Arrivo}, {DocRicevuta, ""}} // ricevuta: L. 241/1990, art. 18-bis

	vive       = []Stato{Inviata, Protocollata, InCarico, IntegrazioneRichiesta, AttesaIntegrazione, IntegrazioneInviata, AttesaOsservazioni, AttesaPagamentoFinale, EsitoPositivo, EsitoNegativo}
	inAttesa   = []Stato{InCarico, IntegrazioneRichiesta, AttesaIntegrazione, IntegrazioneInviata, AttesaOsservazioni, AttesaPagamentoFinale}
	conAgenda  = []Stato{Inviata, Protocollata, InCarico, IntegrazioneRichiesta, AttesaIntegrazione, IntegrazioneInviata, AttesaOsservazioni, AttesaPagamentoFinale, Accettata}
	concluse   = []Stato{Accettata, Rifiutata, Ritirata, Annullata, Archiviata}
	presentate = append(append([]Stato{}, vive...), concluse...)
	tutte      = append([]Stato{Bozza, AttesaPagamento}, presentate...)
)

// transizioni is the one table. What is accepted, what a page offers, the
// diagram and the documentation all come from it.
var transizioni = finoAllOscuramento(unisci(
	// The draft.
	riga("", AzioneApriBozza, Bozza, Richiedente, praticaNuova, accessoSufficiente, servizioAmmetteAnonimi),
	riga(Bozza, AzioneSalvaBozza, Bozza, Richiedente),
	riga(Bozza, AzioneEliminaBozza, "", Richiedente, nienteDiPagato),
	riga(Bozza, AzioneEliminaBozza, "", Automatico, nienteDiPagato), // abandoned
	riga(Bozza, AzioneScegliAppuntamento, Bozza, Richiedente, conAppuntamenti),
	righe(Transizione{Da: Bozza, Azione: AzioneInvia, A: AttesaPagamento, Chi: Richiedente, Quando: importoDovuto, Se: perInviare}),
	righe(Transizione{Da: Bozza, Azione: AzioneInvia, A: Inviata, Chi: Richiedente, Se: perInviare, Documenti: docIstanza}),

	// Payment in advance: an error is never a dead end.
	riga(AttesaPagamento, AzioneRigeneraPagamento, AttesaPagamento, Richiedente, pagamentoRigenerabile),
	riga(AttesaPagamento, AzioneTornaInBozza, Bozza, Richiedente, nienteDiPagato, pagamentoNonAvviato),
	righe(Transizione{Da: AttesaPagamento, Azione: AzioneProsegui, A: Inviata, Chi: Automatico, Documenti: docIstanza}),

	// Registration of the request; taking it in charge.
	righe(Transizione{Da: Inviata, Azione: AzioneProtocolla, A: Protocollata, Chi: Automatico, Quando: eIlDocumentoAtteso, Se: perProtocollare}),
	riga(Inviata, AzionePrendiInCarico, InCarico, Abilitato, flussoApprovazione, senzaProtocollo, ufficioCompetente),
	riga(Protocollata, AzionePrendiInCarico, InCarico, Abilitato, flussoApprovazione, ufficioCompetente),
	cicli(inAttesa, AzionePrendiInCarico, Abilitato, senzaIncaricato, ufficioCompetente), // after an assignment to an office
	righe(Transizione{Da: Inviata, Azione: AzioneAssegna, A: InCarico, Chi: Abilitato, Quando: operatoreIndicato, Se: []*Condizione{flussoApprovazione, senzaProtocollo, destinatarioValido}}),
	riga(Inviata, AzioneAssegna, Inviata, Abilitato, flussoApprovazione, destinatarioValido),
	righe(Transizione{Da: Protocollata, Azione: AzioneAssegna, A: InCarico, Chi: Abilitato, Quando: operatoreIndicato, Se: []*Condizione{flussoApprovazione, destinatarioValido}}),
	riga(Protocollata, AzioneAssegna, Protocollata, Abilitato, flussoApprovazione, destinatarioValido),
	cicli(inAttesa, AzioneAssegna, Abilitato, destinatarioValido),
	cicli(inAttesa, AzioneSubentra, Abilitato, incaricoAltrui, ufficioCompetente),
	riga(Inviata, AzioneArchivia, Archiviata, Abilitato, flussoInoltro, senzaProtocollo),
	riga(Protocollata, AzioneArchivia, Archiviata, Abilitato, flussoInoltro),

	// Integrations.
	righe(Transizione{Da: InCarico, Azione: AzioneRichiediIntegrazione, A: IntegrazioneRichiesta, Chi: Incaricato, Se: []*Condizione{integrazioniAmmesse},
		Documenti: []DocumentoDovuto{{DocRichiestaIntegrazione, protocollo.Partenza}}}),
	righe(Transizione{Da: IntegrazioneRichiesta, Azione: AzioneProtocolla, A: AttesaIntegrazione, Chi: Automatico, Quando: eIlDocumentoAtteso, Se: perProtocollare}),
	righe(Transizione{Da: IntegrazioneRichiesta, Azione: AzioneDocumentoProdotto, A: AttesaIntegrazione, Chi: Automatico, Quando: eIlDocumentoSenzaProtocollo, Se: perProdurre}),
	righe(Transizione{Da: AttesaIntegrazione, Azione: AzioneInviaIntegrazione, A: IntegrazioneInviata, Chi: Richiedente, Se: []*Condizione{integrazioneAperta, integrazioneNonVuota},
		Documenti: []DocumentoDovuto{{DocIntegrazione, protocollo.Arrivo}}}),
	righe(Transizione{Da: AttesaIntegrazione, Azione: AzioneAccettaIntegrazione, A: IntegrazioneInviata, Chi: Incaricato, Se: []*Condizione{integrazioneAperta, messaggiDopoLaRichiesta},
		Documenti: []DocumentoDovuto{{DocIntegrazione, protocollo.Arrivo}}}),
	riga(AttesaIntegrazione, AzioneAnnullaIntegrazione, InCarico, Incaricato, integrazioneAperta),
	righe(Transizione{Da: IntegrazioneInviata, Azione: AzioneProtocolla, A: InCarico, Chi: Automatico, Quando: eIlDocumentoAtteso, Se: perProtocollare}),
	righe(Transizione{Da: IntegrazioneInviata, Azione: AzioneDocumentoProdotto, A: InCarico, Chi: Automatico, Quando: eIlDocumentoSenzaProtocollo, Se: perProdurre}),

	// Decision. L. 241/1990, art. 10-bis: notice first, then ten days for observations.
	righe(Transizione{Da: InCarico, Azione: AzionePreavvisaRigetto, A: AttesaOsservazioni, Chi: Incaricato, Se: []*Condizione{preavvisoPrevisto, preavvisoNonInviato},
		Documenti: []DocumentoDovuto{{DocPreavviso, protocollo.Partenza}}}),
	righe(Transizione{Da: AttesaOsservazioni, Azione: AzionePresentaOsservazioni, A: InCarico, Chi: Richiedente,
		Documenti: []DocumentoDovuto{{DocOsservazioni, protocollo.Arrivo}}}),
	approva(InCarico), approva(AttesaOsservazioni),
	rifiuta(InCarico), rifiuta(AttesaOsservazioni),
	riga(AttesaPagamentoFinale, AzioneRigeneraPagamento, AttesaPagamentoFinale, Richiedente, pagamentoRigenerabile),
	righe(Transizione{Da: AttesaPagamentoFinale, Azione: AzioneProsegui, A: EsitoPositivo, Chi: Automatico,
		Documenti: []DocumentoDovuto{{DocEsitoPositivo, protocollo.Partenza}}}),
	righe(Transizione{Da: EsitoPositivo, Azione: AzioneProtocolla, A: Accettata, Chi: Automatico, Quando: eIlDocumentoAtteso, Se: perProtocollare}),
	righe(Transizione{Da: EsitoPositivo, Azione: AzioneDocumentoProdotto, A: Accettata, Chi: Automatico, Quando: eIlDocumentoSenzaProtocollo, Se: perProdurre}),
	righe(Transizione{Da: EsitoNegativo, Azione: AzioneProtocolla, A: Rifiutata, Chi: Automatico, Quando: eIlDocumentoAtteso, Se: perProtocollare}),
	righe(Transizione{Da: EsitoNegativo, Azione: AzioneDocumentoProdotto, A: Rifiutata, Chi: Automatico, Quando: eIlDocumentoSenzaProtocollo, Se: perProdurre}),

	// Other ends, and the way back.
	ritira(Inviata), ritira(Protocollata), ritira(InCarico), ritira(AttesaIntegrazione), ritira(AttesaOsservazioni),
	annulla(append([]Stato{AttesaPagamento}, vive...)...),
	riga(Accettata, AzioneRiapri, InCarico, Abilitato, riaperturaAmmessa),
	riga(Rifiutata, AzioneRiapri, InCarico, Abilitato, riaperturaAmmessa),
	riga(Ritirata, AzioneRiapri, InCarico, Abilitato, riaperturaAmmessa),

	// What can happen without a change of state.
	cicli([]Stato{Bozza, AttesaIntegrazione, AttesaOsservazioni}, AzioneAllega, Richiedente),
	cicli([]Stato{Inviata, Protocollata, InCarico, IntegrazioneRichiesta, IntegrazioneInviata, AttesaPagamentoFinale}, AzioneAllega, Richiedente, flussoApprovazione),
	cicli(inAttesa, AzioneAllega, Incaricato),
	cicli(append([]Stato{Bozza}, vive...), AzioneRimuoviAllegato, Richiedente, allegatoRimovibile),
	cicli(inAttesa, AzioneRimuoviAllegato, Incaricato, allegatoRimovibile),
	cicli([]Stato{Inviata, Protocollata, InCarico, IntegrazioneRichiesta, AttesaIntegrazione, IntegrazioneInviata, AttesaOsservazioni, AttesaPagamentoFinale}, AzioneScriviMessaggio, Richiedente, flussoApprovazione),
	cicli(inAttesa, AzioneScriviMessaggio, Incaricato, richiedenteRaggiungibile),
	cicli(presentate, AzioneAnnota, Abilitato),
	cicli([]Stato{InCarico}, AzioneRichiediPagamento, Incaricato, pagamentoPosticipatoPrevisto, importoIndicato, nienteDaPagareAlRilascio),
	cicli([]Stato{AttesaPagamento, InCarico, AttesaPagamentoFinale}, AzioneRegistraPagamento, Abilitato, pagamentiPrevisti, pagamentoAperto),
	cicli([]Stato{InCarico}, AzioneRichiediBollo, Incaricato, bolloRilascioPrevisto, nessunBolloDaFornire),
	cicli([]Stato{InCarico, IntegrazioneRichiesta, AttesaIntegrazione, IntegrazioneInviata, AttesaOsservazioni, AttesaPagamentoFinale}, AzioneFornisciBollo, Richiedente, bolliPrevisti, bolloDaFornire),
	cicli(conAgenda, AzioneScegliAppuntamento, Richiedente, conAppuntamenti, nessunAppuntamento),
	cicli(conAgenda, AzioneScegliAppuntamento, Abilitato, conAppuntamenti, nessunAppuntamento),
	cicli(append([]Stato{Bozza}, conAgenda...), AzioneSpostaAppuntamento, Richiedente, conAppuntamenti, appuntamentoAttivo),
	cicli(conAgenda, AzioneSpostaAppuntamento, Abilitato, conAppuntamenti, appuntamentoAttivo),
	cicli(append([]Stato{Bozza}, conAgenda...), AzioneDisdiciAppuntamento, Richiedente, conAppuntamenti, appuntamentoAttivo),
	cicli(conAgenda, AzioneDisdiciAppuntamento, Abilitato, conAppuntamenti, appuntamentoAttivo),

	// News from outside is recorded in whatever state it arrives.
	cicli(presentate, AzioneDocumentoProdotto, Automatico, perProdurre...),
	cicli(presentate, AzioneProtocolla, Automatico, perProtocollare...),
	cicli(tutte, AzioneAggiornaPagamento, Automatico),
	cicli(tutte, AzioneAggiornaAppuntamento, Automatico),
	cicli(append([]Stato{AttesaPagamento}, presentate...), AzioneAvvisa, Automatico),

	// The end of personal data: see Oscura.
	cicli(concluse, AzioneOscuraDati, Automatico, appuntamentoPassato),
))

// finoAllOscuramento adds to what may happen after the end that it may no more
// once the personal data were erased.
func finoAllOscuramento(tabella []Transizione) []Transizione {
	for i := range tabella {
		if t := &tabella[i]; t.Da.Finale() {
			t.Se = append([]*Condizione{conDati}, t.Se...)
		}
	}
	return tabella
}

func approva(da Stato) []Transizione {
	return []Transizione{
		{Da: da, Azione: AzioneApprova, A: AttesaPagamentoFinale, Chi: Incaricato, Quando: dovutoAlRilascio, Se: []*Condizione{flussoApprovazione}},
		{Da: da, Azione: AzioneApprova, A: EsitoPositivo, Chi: Incaricato, Se: []*Condizione{flussoApprovazione},
			Documenti: []DocumentoDovuto{{DocEsitoPositivo, protocollo.Partenza}}},
	}
}

func rifiuta(da Stato) []Transizione {
	return []Transizione{{Da: da, Azione: AzioneRifiuta, A: EsitoNegativo, Chi: Incaricato, Se: []*Condizione{flussoApprovazione, preavvisoSvolto},
		Documenti: []DocumentoDovuto{{DocEsitoNegativo, protocollo.Partenza}}}}
}

func ritira(da Stato) []Transizione {
	return []Transizione{{Da: da, Azione: AzioneRitira, A: Ritirata, Chi: Richiedente, Se: []*Condizione{ritiroAmmesso},
		Documenti: []DocumentoDovuto{{DocRitiro, protocollo.Arrivo}}}}
}

func annulla(da ...Stato) []Transizione {
	var t []Transizione
	for _, s := range da {
		x := Transizione{Da: s, Azione: AzioneAnnulla, A: Annullata, Chi: Abilitato}
		if s != AttesaPagamento { // nothing was presented yet: there is nothing to revoke by an act
			x.Documenti = []DocumentoDovuto{{DocAnnullamento, protocollo.Partenza}}
		}
		t = append(t, x)
	}
	return t
}

func riga(da Stato, az Azione, a Stato, chi Chi, se ...*Condizione) []Transizione {
	return []Transizione{{Da: da, Azione: az, A: a, Chi: chi, Se: se}}
}

func righe(t ...Transizione) []Transizione { return t }

func cicli(in []Stato, az Azione, chi Chi, se ...*Condizione) []Transizione {
	t := make([]Transizione, len(in))
	for i, s := range in {
		t[i] = Transizione{Da: s, Azione: az, A: s, Chi: chi, Se: se}
	}
	return t
}

func unisci(gruppi ...[]Transizione) []Transizione {
	var t []Transizione
	for _, g := range gruppi {
		t = append(t, g...)
	}
	return t
}

// Transizioni gives a copy of the table.
func Transizioni() []Transizione { return append([]Transizione{}, transizioni...) }

type passo struct {
	da Stato
	az Azione
}

// perPasso indexes the table: the look-up of a decision.
var perPasso = indicizza(transizioni)

func indicizza(tabella []Transizione) map[passo][]Transizione {
	m := make(map[passo][]Transizione, len(tabella))
	for _, t := range tabella {
		k := passo{t.Da, t.Azione}
		m[k] = append(m[k], t)
	}
	return m
}

// Possibili gives the rows of the table for a state and an action; the caller
// must not change them. It does not allocate.
func Possibili(da Stato, az Azione) []Transizione { return perPasso[passo{da, az}] }
