package main_test

import (
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
)

// banco are the pages of the operators: the list, a pratica on each of its
// tabs, what can be done to it, what could not be done by itself.
func (x *teatro) banco(nido, suolo, carta, segnalazione pratica.ID, pdf []byte) {
	x.t.Helper()
	x.elenco()
	o := x.entra("op-conti")
	x.sospeso(o, suolo)
	o.invia(atto(suolo, pratica.AzionePrendiInCarico))
	o.vai(delBanco(suolo)).ferma("banco-modulo", 200, "Azioni possibili")
	for _, a := range []pratica.Azione{pratica.AzioneAssegna, pratica.AzioneRichiediPagamento, pratica.AzioneAnnulla, pratica.AzioneScriviMessaggio, pratica.AzioneAnnota, pratica.AzionePreavvisaRigetto, pratica.AzioneRichiediIntegrazione} {
		o.vai(atto(suolo, a)).ferma("banco-"+string(a), 200, a.Etichetta())
	}
	o.invia(atto(suolo, pratica.AzioneRichiediIntegrazione), "testo", "", "giorni", "mille", "campi", "luogo").ferma("banco-integrazione-errore", 422)
	o.vai(atto(suolo, pratica.AzioneAssegna)).invia(atto(suolo, pratica.AzioneAssegna), "ufficio", "", "operatore", "").ferma("banco-assegna-errore", 422)
	o.vai(atto(suolo, pratica.AzioneScriviMessaggio))
	o.carica(atto(suolo, pratica.AzioneScriviMessaggio), []documento{{"nuovi", "parere.pdf", pdf}, {"nuovi", "virus.exe", []byte("MZ")}}, "testo", "").ferma("banco-messaggio-errore", 422, "File già caricati")
	o.vai(delBanco(suolo)+"?pagina=allegati").ferma("banco-allegati", 200, "Da inviare")
	o.invia(trova(x.t, o, delBanco(suolo)+"/allegato/")).ferma("banco-allegato-tolto", 200)
	o.fa(suolo, pratica.AzioneScriviMessaggio, "oggetto", "Sopralluogo", "testo", "Passiamo domani.")
	o.fa(suolo, pratica.AzioneAnnota, "testo", "Da sentire la polizia locale.")
	o.vai(delBanco(suolo)+"?pagina=messaggi").ferma("banco-messaggi", 200, "Passiamo domani")
	x.accettazione(o, suolo)
	o.vai(atto(suolo, pratica.AzioneApprova)).ferma("banco-approva", 200)
	o.invia(atto(suolo, pratica.AzioneApprova), "motivazione", "Nulla osta.").ferma("banco-approvata", 200, "è stata approvata")
	x.lavora()
	for _, s := range []string{"protocollo", "pagamenti", "bolli"} {
		o.vai(delBanco(suolo)+"?pagina="+s).ferma("banco-"+s, 200)
	}
	o.vai(atto(suolo, pratica.AzioneRegistraPagamento)).ferma("banco-registra-pagamento", 200)
	o.invia(atto(suolo, pratica.AzioneRegistraPagamento), "motivo", "").ferma("banco-registra-pagamento-errore", 422)
	o.vai(atto(suolo, pratica.AzioneApprova)).ferma("banco-non-ammessa", 409)
	x.entra("anna").vai(paginaDi(suolo, "bollo")).ferma("suolo-bollo-rilascio", 200, "per il rilascio")

	p := x.entra("op-riva")
	p.vai(delBanco(carta)).ferma("banco-carta", 200)
	p.invia(atto(carta, pratica.AzionePrendiInCarico))
	p.vai(atto(carta, pratica.AzioneScegliAppuntamento)).ferma("banco-fasce", 200)
	p.invia(atto(carta, pratica.AzioneScegliAppuntamento)).ferma("banco-fasce-errore", 422)
	fasce := strings.Split(string(x.ultima().corpo), `name="fascia" value="`)
	require.Greater(x.t, len(fasce), 2)
	fascia, _, _ := strings.Cut(fasce[1], `"`)
	p.vai(atto(carta, pratica.AzioneScegliAppuntamento)).invia(atto(carta, pratica.AzioneScegliAppuntamento), "fascia", fascia)
	p.vai(delBanco(carta)+"?pagina=appuntamenti").ferma("banco-appuntamenti", 200)
	p.vai(atto(carta, pratica.AzioneDisdiciAppuntamento)).ferma("banco-disdici", 200)
	p.vai(delBanco(segnalazione)).ferma("banco-segnalazione", 200)
	p.vai(atto(segnalazione, pratica.AzioneArchivia)).ferma("banco-archivia", 200)
	x.entra("op-conti").vai(delBanco(nido)).ferma("banco-404", 404)
}

// elenco is the list: all, by service, empty, with wrong filters.
func (x *teatro) elenco() {
	x.t.Helper()
	o := x.entra("op-conti")
	o.vai("/scrivania").ferma("banco-elenco", 200, "Scarica l'elenco")
	o.invia("/scrivania", "servizio", "occupazione-suolo").ferma("banco-elenco-servizio", 200, "Somme e medie")
	o.invia("/scrivania", "testo", "nulla del genere").ferma("banco-elenco-vuoto", 200, "Nessuna pratica corrisponde")
	o.invia("/scrivania", "testo", "", "dovuto_min", "tanto", "dal", "ieri").ferma("banco-elenco-errore", 422)
	o.invia("/scrivania", "testo", "", "dovuto_min", "1,00", "dal", "01/03/2026").ferma("banco-elenco-filtri", 200, "Filtri attivi")
	o.vai("/scrivania?lavorazione=mie").ferma("banco-elenco-mie", 200)
}

// sospeso is a document to which the registry gave a number, and then was silent.
func (x *teatro) sospeso(o *persona, id pratica.ID) {
	x.t.Helper()
	o.vai(delBanco(id)).ferma("banco-sospeso", 200, "Esito ignoto")
	dove := trova(x.t, o, delBanco(id)+"/sospeso/")
	o.vai(dove).ferma("banco-sospeso-verifica", 200, "Il documento è già protocollato")
	o.invia(dove, "modo", "riprova").ferma("banco-sospeso-non-verificato", 422)
	o.invia(dove, "modo", "adotta", "numero", " ", "data", "10/13/2026").ferma("banco-sospeso-errore", 422)
	o.invia(dove, "modo", "adotta", "numero", "77", "data", "09/03/2026").ferma("banco-sospeso-risolto", 200, "è stato registrato")
	x.lavora()
	o.vai(delBanco(id))
}

// accettazione takes a message of the applicant as his answer.
func (x *teatro) accettazione(o *persona, id pratica.ID) {
	x.t.Helper()
	o.fa(id, pratica.AzioneRichiediIntegrazione, "testo", "Indica il lato della piazza.", "giorni", "5")
	n := x.entra("anna").vai(paginaDi(id))
	n.invia(paginaDi(id, "messaggi"), "testo", "Lato ovest.")
	o.vai(atto(id, pratica.AzioneAccettaIntegrazione)).ferma("banco-accetta", 200)
	o.invia(atto(id, pratica.AzioneAccettaIntegrazione), "messaggi", "").ferma("banco-accetta-errore", 422)
	o.vai(atto(id, pratica.AzioneAnnullaIntegrazione)).ferma("banco-annulla-integrazione", 200)
	o.fa(id, pratica.AzioneAnnullaIntegrazione, "motivo", "Basta il messaggio.")
}
