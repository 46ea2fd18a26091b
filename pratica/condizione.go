package pratica

import (
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// Condizione is something that must hold for a transition. Testo says in
// Italian what is missing.
type Condizione struct {
	Codice string
	Testo  string
	vale   func(*contesto) bool
}

// contesto is what a condition may look at.
type contesto struct {
	p   *Pratica
	s   *servizio.Servizio
	c   *Comando
	ora time.Time
	// spiega: only whether the action is offered is asked, the command is empty;
	// conditions on its content hold.
	spiega bool
	// valutato is the form as valuta found it: a submission asks for it at
	// every turn, and nothing in one decision changes it.
	valutato *modulo.Esito
}

func (x *contesto) valuta() *modulo.Esito {
	if x.valutato == nil {
		e := Valuta(x.p, x.s, x.ora)
		x.valutato = &e
	}
	return x.valutato
}

// Conditions on who asks.
var (
	accessoSufficiente = &Condizione{"accesso_insufficiente", "Per questo servizio occorre un accesso con identità digitale di livello più alto.",
		func(x *contesto) bool { return x.c.Attore.Livello >= x.s.Accesso() }}
	servizioAmmetteAnonimi = &Condizione{"richiedente_ignoto", "Per questo servizio occorre identificarsi.",
		func(x *contesto) bool {
			return x.c.Attore.Persona.CodiceFiscale != "" || x.s.Accesso() == servizio.Anonimo && len(x.c.Attore.Anonimo) >= 32
		}}
	richiedenteRaggiungibile = &Condizione{"richiedente_anonimo", "Il richiedente non si è identificato: non è possibile scrivergli.",
		func(x *contesto) bool { return x.p.Richiedente.CodiceFiscale != "" }}
	senzaIncaricato = &Condizione{"gia_in_carico", "La pratica è già in carico a un operatore.",
		func(x *contesto) bool { return x.p.Operatore == "" }}
	incaricoAltrui = &Condizione{"nessun_subentro", "Non c'è un altro operatore a cui subentrare.",
		func(x *contesto) bool { return x.p.Operatore != "" && x.p.Operatore != x.c.Attore.ID }}
	ufficioCompetente = &Condizione{"ufficio", "Non appartieni all'ufficio indicato, o l'ufficio non tratta questo servizio.",
		func(x *contesto) bool { _, ok := ufficioScelto(x); return ok }}
	operatoreIndicato  = &Condizione{"operatore", "Indica l'operatore.", func(x *contesto) bool { d, ok := x.c.Dati.(Assegna); return ok && d.Operatore != "" }}
	destinatarioValido = &Condizione{"destinatario", "Indica un ufficio che tratta questo servizio, o un operatore diverso da chi ha già la pratica.",
		func(x *contesto) bool {
			d, ok := x.c.Dati.(Assegna)
			if !ok {
				return x.spiega
			}
			if _, noto := x.s.Ufficio(d.Ufficio); !noto && d.Ufficio != "" {
				return false
			}
			switch {
			case d.Ufficio == "" && d.Operatore == "" || len(d.Operatore) > MassimoNome || !valido(d.Operatore):
				return false
			case d.Operatore == "":
				return d.Ufficio != x.p.Ufficio || x.p.Operatore != ""
			default:
				return d.Operatore != x.p.Operatore || d.Ufficio != "" && d.Ufficio != x.p.Ufficio
			}
		}}
)

// Conditions on what a system command names. An unknown document is a wrong
// field, not an unmet condition.
var (
	praticaNuova = &Condizione{"gia_aperta", "La pratica esiste già.", func(x *contesto) bool { return x.p.Versione == 0 }}
	daProdurre   = &Condizione{"gia_prodotto", "Il documento è già stato prodotto.",
		func(x *contesto) bool {
			d, ok := x.c.Dati.(RegistraDocumento)
			doc := x.p.documento(d.ID)
			return !ok || doc == nil || doc.SHA256 == ""
		}}
	nonProtocollato = &Condizione{"gia_protocollato", "Il documento è già protocollato.",
		func(x *contesto) bool {
			d, ok := x.c.Dati.(Protocolla)
			doc := x.p.documento(d.Documento)
			if !ok || doc == nil || doc.Registrazione == nil {
				return true
			}
			// The same number again is news only of attachments that it had not yet.
			return doc.Registrazione.Stessi(d.Registrazione.Estremi) && len(d.Registrazione.Allegati) > len(doc.Registrazione.Allegati)
		}}
	daProtocollare = &Condizione{"non_da_protocollare", "Il documento non è da protocollare, o non è ancora prodotto.",
		func(x *contesto) bool {
			d, ok := x.c.Dati.(Protocolla)
			doc := x.p.documento(d.Documento)
			return !ok || doc == nil || doc.Direzione != "" && doc.SHA256 != ""
		}}
	integrazioneAperta = &Condizione{"nessuna_integrazione", "Non c'è una richiesta di integrazioni aperta.", func(x *contesto) bool { return x.p.IntegrazioneAperta() != nil }}
)

// Conditions on the service.
var (
	flussoApprovazione  = &Condizione{"flusso_inoltro", "Il servizio inoltra le richieste: non prevede questa operazione.", func(x *contesto) bool { return !x.s.Inoltro() }}
	flussoInoltro       = &Condizione{"flusso_approvazione", "Il servizio prevede una decisione: la pratica non si archivia prima.", func(x *contesto) bool { return x.s.Inoltro() }}
	senzaProtocollo     = &Condizione{"in_protocollazione", "La richiesta è in corso di protocollazione: attendi il numero di protocollo.", func(x *contesto) bool { return !x.s.HaProtocollo() }}
	integrazioniAmmesse = &Condizione{"integrazioni_non_previste", "Il servizio non prevede richieste di integrazioni.", func(x *contesto) bool { return x.s.GiorniIntegrazione() > 0 }}
	preavvisoPrevisto   = &Condizione{"preavviso_non_previsto", "Il servizio non prevede il preavviso di rigetto.", func(x *contesto) bool { return x.s.GiorniPreavviso() > 0 }}
	riaperturaAmmessa   = &Condizione{"riapertura_non_prevista", "Il servizio non prevede la riapertura delle pratiche concluse.", func(x *contesto) bool { return x.s.Riapertura() }}
	conAppuntamenti     = &Condizione{"appuntamenti_non_previsti", "Il servizio non prevede appuntamenti.",
		func(x *contesto) bool {
			a, ok := x.s.Appuntamenti()
			if d, scelta := x.c.Dati.(ScegliAppuntamento); ok && scelta {
				return slices.Contains(a.Calendari, d.Prenotazione.Calendario)
			}
			return ok
		}}
	pagamentiPrevisti            = &Condizione{"pagamenti_non_previsti", "Il servizio non prevede pagamenti.", func(x *contesto) bool { return x.s.HaPagamenti() }}
	bolliPrevisti                = &Condizione{"bolli_non_previsti", "Il servizio non prevede marche da bollo.", func(x *contesto) bool { return x.s.HaBolli() }}
	pagamentoPosticipatoPrevisto = &Condizione{"pagamento_non_previsto", "Il servizio non prevede pagamenti per il rilascio.", func(x *contesto) bool { return x.s.Posticipato() != nil }}
	bolloRilascioPrevisto        = &Condizione{"bollo_non_previsto", "Il servizio non prevede marche da bollo per il rilascio.", func(x *contesto) bool { return x.s.BolloRilascio() != nil }}
	ritiroAmmesso                = &Condizione{"ritiro_non_previsto", "Il servizio non prevede il ritiro della richiesta in questa fase.",
		func(x *contesto) bool { return x.s.Ritiro() && (!x.s.Inoltro() || x.p.Stato == Inviata) }}
)

// delServizio are the conditions that only another configuration can change, or
// nothing any more: a page does not offer what they refuse.
var delServizio = []*Condizione{
	conDati,
	flussoApprovazione, flussoInoltro, integrazioniAmmesse, preavvisoPrevisto, riaperturaAmmessa, conAppuntamenti,
	pagamentiPrevisti, bolliPrevisti, pagamentoPosticipatoPrevisto, bolloRilascioPrevisto, ritiroAmmesso,
}

// Conditions on what happened before.
var (
	appuntamentoPresente = &Condizione{"appuntamento_mancante", "Scegli un appuntamento prima di inviare la richiesta.",
		func(x *contesto) bool { return !x.s.AppuntamentoObbligatorio() || x.p.AppuntamentoAttivo() != nil }}
	appuntamentoAttivo = &Condizione{"nessun_appuntamento", "Non c'è un appuntamento attivo.", func(x *contesto) bool { return x.p.AppuntamentoAttivo() != nil }}
	nessunAppuntamento = &Condizione{"appuntamento_presente", "La richiesta ha già un appuntamento: puoi spostarlo.", func(x *contesto) bool { return x.p.AppuntamentoAttivo() == nil }}
	perInviare         = []*Condizione{appuntamentoPresente}
	perProdurre        = []*Condizione{daProdurre}
	perProtocollare    = []*Condizione{nonProtocollato, daProtocollare}

	nienteDiPagato = &Condizione{"gia_pagato", "Un pagamento risulta già eseguito.",
		func(x *contesto) bool { return !slices.ContainsFunc(x.p.Pagamenti, Pagamento.Saldato) }}
	pagamentoNonAvviato = &Condizione{"pagamento_avviato", "Un pagamento è in corso: attendi l'esito.",
		func(x *contesto) bool {
			return !slices.ContainsFunc(x.p.Pagamenti, func(p Pagamento) bool { return p.Aperto() && p.Posizione.Stato == pagamenti.Avviato })
		}}
	pagamentoRigenerabile = &Condizione{"pagamento_attivo", "Il pagamento può ancora essere eseguito con l'avviso già emesso.",
		func(x *contesto) bool {
			id := ""
			if d, ok := x.c.Dati.(RigeneraPagamento); ok {
				id = d.Pagamento
			}
			return slices.ContainsFunc(x.p.Pagamenti, func(p Pagamento) bool {
				return p.Aperto() && (id == "" || p.ID == id) && rigenerabile(p, x.ora)
			})
		}}
	pagamentoAperto = &Condizione{"nessun_pagamento", "Non c'è un pagamento da eseguire.",
		func(x *contesto) bool {
			id := ""
			if d, ok := x.c.Dati.(RegistraPagamento); ok {
				id = d.Pagamento
			}
			return slices.ContainsFunc(x.p.Pagamenti, func(p Pagamento) bool { return p.Aperto() && (id == "" || p.ID == id) })
		}}
	importoIndicato = &Condizione{"importo_mancante", "Indica l'importo da pagare, in euro.",
		func(x *contesto) bool { return x.spiega || importoRilascio(x).IsPositive() }}
	nienteDaPagareAlRilascio = &Condizione{"pagamento_gia_richiesto", "Un pagamento per il rilascio è già stato richiesto.",
		func(x *contesto) bool { return len(x.p.DaPagare(AlRilascio)) == 0 }}
	nessunBolloDaFornire = &Condizione{"bollo_gia_richiesto", "Una marca da bollo per il rilascio è già stata richiesta.",
		func(x *contesto) bool {
			return !slices.ContainsFunc(x.p.Bolli, func(b Bollo) bool { return b.Momento == AlRilascio && !b.Assolto() })
		}}
	bolloDaFornire = &Condizione{"nessun_bollo", "Non ci sono marche da bollo da inserire.",
		func(x *contesto) bool {
			id := ""
			if d, ok := x.c.Dati.(FornisciBollo); ok {
				id = d.Bollo
			}
			return slices.ContainsFunc(x.p.Bolli, func(b Bollo) bool { return !b.Assolto() && (id == "" || b.ID == id) })
		}}
	messaggiDopoLaRichiesta = &Condizione{"nessuna_risposta", "Il richiedente non ha ancora scritto dopo la richiesta di integrazioni.",
		func(x *contesto) bool { return len(messaggiDiRisposta(x.p)) > 0 }}
	integrazioneNonVuota = &Condizione{"integrazione_vuota", "Scrivi una risposta, modifica un campo o carica un allegato.",
		func(x *contesto) bool {
			d, ok := x.c.Dati.(InviaIntegrazione)
			return !ok || d.Testo != "" || len(d.Risposte) > 0 || len(d.Allegati) > 0 || len(allegatiInAttesa(x.p, OrigineIntegrazione)) > 0
		}}
	preavvisoNonInviato = &Condizione{"preavviso_gia_inviato", "Il preavviso di rigetto è già stato inviato.", func(x *contesto) bool { return x.p.Preavviso == nil }}
	preavvisoSvolto     = &Condizione{"preavviso_mancante", "Prima del rifiuto occorrono il preavviso di rigetto e il termine per le osservazioni (L. 241/1990, art. 10-bis).",
		func(x *contesto) bool {
			v := x.p.Preavviso
			return x.s.GiorniPreavviso() == 0 || v != nil && (!v.Presentate.IsZero() || !x.ora.Before(v.Scadenza))
		}}
	allegatoRimovibile = &Condizione{"allegato_inviato", "L'allegato è già stato inviato e non può essere rimosso.",
		func(x *contesto) bool {
			d, ok := x.c.Dati.(RimuoviAllegato)
			if !ok {
				return x.spiega
			}
			a, trovato := x.p.Allegato(d.Allegato)
			return trovato && a.Riferimento == "" && (a.Origine != OrigineRichiesta || x.p.Stato == Bozza) &&
				a.Di == x.c.Attore.firma("")
		}}
	conDati = &Condizione{"oscurata", "I dati personali della pratica sono stati oscurati: nessuna operazione è più possibile.",
		func(x *contesto) bool { return x.p.Oscurata.IsZero() }}
	appuntamentoPassato = &Condizione{"appuntamento_futuro", "La pratica ha un appuntamento non ancora passato.",
		func(x *contesto) bool { a := x.p.AppuntamentoAttivo(); return a == nil || !a.Fine.After(x.ora) }}
)

// Selectors: which of two rows is taken.
var (
	importoDovuto    = &Condizione{"importo_dovuto", "C'è un importo da pagare.", func(x *contesto) bool { return residuoAnticipato(x).IsPositive() }}
	dovutoAlRilascio = &Condizione{"dovuto_al_rilascio", "C'è qualcosa da pagare prima del rilascio.",
		func(x *contesto) bool {
			return !x.p.saldato(AlRilascio) || pagamentoDaChiedere(x).IsPositive() || bolloDaChiedere(x) != nil
		}}
	eIlDocumentoAtteso = &Condizione{"altro_documento", "Il documento non è quello atteso in questo stato.",
		func(x *contesto) bool {
			d, ok := x.c.Dati.(Protocolla)
			if !ok {
				return false
			}
			doc := x.p.documento(d.Documento)
			return doc != nil && doc.Tipo == attesoIn(x.p.Stato)
		}}
	eIlDocumentoSenzaProtocollo = &Condizione{"documento_non_protocollato", "Il documento non va protocollato.",
		func(x *contesto) bool {
			d, ok := x.c.Dati.(RegistraDocumento)
			if !ok {
				return false
			}
			doc := x.p.documento(d.ID)
			return doc != nil && doc.Direzione == "" && doc.Tipo == attesoIn(x.p.Stato)
		}}
)

// attesoIn gives the kind of document whose completion moves the state on.
func attesoIn(s Stato) TipoDocumento {
	switch s {
	case Inviata:
		return DocIstanza
	case IntegrazioneRichiesta:
		return DocRichiestaIntegrazione
	case IntegrazioneInviata:
		return DocIntegrazione
	case EsitoPositivo:
		return DocEsitoPositivo
	case EsitoNegativo:
		return DocEsitoNegativo
	default:
		return ""
	}
}

func rigenerabile(p Pagamento, ora time.Time) bool {
	switch p.Posizione.Stato {
	case pagamenti.Fallito, pagamenti.Scaduto, pagamenti.Annullato:
		return true
	default:
		return !ora.Before(p.Scadenza)
	}
}

func messaggiDiRisposta(p *Pratica) []string {
	i := p.IntegrazioneAperta()
	if i == nil {
		return nil
	}
	var ids []string
	for _, m := range p.Messaggi {
		if m.Di.Ruolo == Cittadino && !m.Quando.Before(i.Richiesta) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func allegatiInAttesa(p *Pratica, o Origine) []string {
	var ids []string
	for _, a := range p.Allegati {
		if a.Origine == o && a.Riferimento == "" {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// ufficioScelto gives the office in which the operator acts: the one he names,
// else the one the pratica is assigned to, else his first of the service's.
func ufficioScelto(x *contesto) (string, bool) {
	chiesto := ""
	switch d := x.c.Dati.(type) {
	case PrendiInCarico:
		chiesto = d.Ufficio
	case Subentra:
		chiesto = d.Ufficio
	}
	a := &x.c.Attore
	attende := x.p.Ufficio != "" && x.p.Operatore == "" // somebody of that office
	if chiesto != "" {
		_, noto := x.s.Ufficio(chiesto)
		return chiesto, noto && a.DellUfficio(chiesto) && (!attende || chiesto == x.p.Ufficio)
	}
	if a.DellUfficio(x.p.Ufficio) {
		return x.p.Ufficio, true
	}
	if attende {
		return "", false
	}
	for _, u := range a.Uffici {
		if _, noto := x.s.Ufficio(u); noto {
			return u, true
		}
	}
	return "", !x.s.HaUffici()
}
