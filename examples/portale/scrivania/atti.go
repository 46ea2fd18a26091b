package scrivania

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

// Styles of the buttons.
const (
	primario   = "btn-primary"
	secondario = "btn-outline-primary"
	pericoloso = "btn-outline-danger"
)

// atto is what the page of an action asks and the command that it makes. What is
// allowed is not here: that is in the table of package pratica.
type atto struct {
	stile     string
	immediato bool // nothing to ask: the button does it
	spiega    string
	campi     func(x *caso) []campo
	file      pratica.Origine // uploads go with the act as this; "" takes none
	dati      func(v valori) pratica.Dati
	svolgi    func(s *scrivania, r *http.Request, x *caso, v valori) error // in the place of dati
	fatto     string
	pagina    string // tab to show afterwards
}

// caso is the pratica on which an act is done, as its page needs it.
type caso struct {
	s     *scrivania
	r     *http.Request
	a     pratica.Attore
	p     *pratica.Pratica
	sv    *servizio.Servizio
	vista *sportello.Vista
	link  []collegamento // links of the page, beside the form
	qui   string         // address of the form, where it is more than that of the act
}

// valori is what the form brought. Wrong ones are collected in errori.
type valori struct {
	url.Values
	file   []string // ids of the attachments to send
	errori *[]pratica.ErroreCampo
}

func (v valori) testo(nome string) string { return strings.TrimSpace(v.Get(nome)) }

func (v valori) sbagliato(nome, messaggio string) {
	*v.errori = append(*v.errori, pratica.ErroreCampo{Percorso: nome, Codice: nome, Messaggio: messaggio})
}

// importo reads an amount; the empty one is zero.
func (v valori) importo(nome string) decimal.Decimal {
	s := v.testo(nome)
	if s == "" {
		return decimal.Zero
	}
	d, err := pagamenti.LeggiImporto(s)
	if err != nil {
		v.sbagliato(nome, "Scrivi un importo in euro, per esempio 12,50.")
	}
	return d
}

// numero reads a whole number; the empty one is zero, which means the default.
func (v valori) numero(nome, messaggio string) int {
	s := v.testo(nome)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		v.sbagliato(nome, messaggio)
	}
	return n
}

// scelti gives the values chosen in a list, never nil: nothing chosen is nothing.
func (v valori) scelti(nome string) []string { return append([]string{}, v.Values[nome]...) }

func testo(nome, etichetta, aiuto string, obbligatorio bool) campo {
	return campo{Nome: nome, Etichetta: etichetta, Aiuto: aiuto, Tipo: area, Obbligatorio: obbligatorio}
}

func soloTesto(nome, etichetta, aiuto string, obbligatorio bool) func(*caso) []campo {
	return func(*caso) []campo { return []campo{testo(nome, etichetta, aiuto, obbligatorio)} }
}

// atti are the acts of the desk. Those that Vista offers and that are not here
// (uploading and removing a file) are part of others.
var atti = map[pratica.Azione]atto{
	pratica.AzionePrendiInCarico: {stile: primario, immediato: true, fatto: "La pratica è in carico a te.",
		dati: func(v valori) pratica.Dati { return pratica.PrendiInCarico{Ufficio: v.testo("ufficio")} }},
	pratica.AzioneSubentra: {stile: secondario, spiega: "La pratica passa a te dall'operatore che l'ha in carico ora: il passaggio resta scritto nell'iter.",
		campi: campiSubentra, fatto: "Sei subentrato nell'incarico.",
		dati: func(v valori) pratica.Dati { return pratica.Subentra{Ufficio: v.testo("ufficio")} }},
	pratica.AzioneAssegna: {stile: secondario, spiega: "Se indichi solo l'ufficio, la pratica può essere presa in carico da qualunque suo operatore abilitato.",
		campi: campiAssegna, fatto: "La pratica è stata assegnata.",
		dati: func(v valori) pratica.Dati {
			return pratica.Assegna{Ufficio: v.testo("ufficio"), Operatore: v.testo("operatore")}
		}},

	pratica.AzioneRichiediIntegrazione: {stile: secondario, spiega: "Il richiedente riceve il documento con la tua richiesta, registrato nel protocollo se il servizio lo prevede. Può cambiare solo i campi che riapri.",
		campi: campiIntegrazione, file: pratica.OrigineEnte, fatto: "La richiesta di integrazioni è stata inviata.",
		dati: func(v valori) pratica.Dati {
			return pratica.RichiediIntegrazione{Testo: v.testo("testo"), Campi: v.scelti("campi"), Giorni: v.numero("giorni", "Scrivi un numero di giorni da 1 a 365."), Allegati: v.file}
		}},
	pratica.AzioneAccettaIntegrazione: {stile: primario, spiega: "Scegli i messaggi del richiedente che valgono come risposta: con i loro allegati diventano il documento di integrazione.",
		campi: campiAccetta, fatto: "Le integrazioni sono state accettate.",
		dati: func(v valori) pratica.Dati { return pratica.AccettaIntegrazione{Messaggi: v.scelti("messaggi")} }},
	pratica.AzioneAnnullaIntegrazione: {stile: secondario, spiega: "La pratica torna in lavorazione senza attendere la risposta.",
		campi: soloTesto("motivo", "Motivo", "Il richiedente lo legge nell'iter.", false), fatto: "La richiesta di integrazioni è stata annullata.",
		dati: func(v valori) pratica.Dati { return pratica.AnnullaIntegrazione{Motivo: v.testo("motivo")} }},

	pratica.AzionePreavvisaRigetto: {stile: secondario, spiega: "Comunica al richiedente i motivi che impediscono l'accoglimento (L. 241/1990, art. 10-bis): ha tempo per presentare osservazioni prima della decisione.",
		campi: soloTesto("motivi", "Motivi che impediscono l'accoglimento", "", true), fatto: "Il preavviso di rigetto è stato inviato.",
		dati: func(v valori) pratica.Dati { return pratica.PreavvisaRigetto{Motivi: v.testo("motivi")} }},
	pratica.AzioneApprova: {stile: primario, spiega: "La decisione diventa un documento e chiude il procedimento. Non si può approvare due volte.",
		campi: campiApprova, file: pratica.OrigineEnte, fatto: "La pratica è stata approvata.",
		dati: func(v valori) pratica.Dati {
			return pratica.Approva{Motivazione: v.testo("motivazione"), Allegati: v.file, Importo: v.importo("importo")}
		}},
	pratica.AzioneRifiuta: {stile: pericoloso, spiega: "La decisione diventa un documento e chiude il procedimento. La motivazione è obbligatoria (L. 241/1990, art. 3).",
		campi: func(x *caso) []campo {
			return append([]campo{testo("motivazione", "Motivazione", "", true)}, x.campiFile(pratica.OrigineEnte)...)
		}, file: pratica.OrigineEnte, fatto: "La pratica è stata rifiutata.",
		dati: func(v valori) pratica.Dati {
			return pratica.Rifiuta{Motivazione: v.testo("motivazione"), Allegati: v.file}
		}},

	pratica.AzioneRichiediPagamento: {stile: secondario, spiega: "Il richiedente riceve un avviso di pagamento. L'esito favorevole si rilascia quando ha pagato.",
		campi: campiPagamento, fatto: "Il pagamento è stato richiesto.", pagina: "pagamenti",
		dati: func(v valori) pratica.Dati {
			return pratica.RichiediPagamento{Importo: v.importo("importo"), Causale: v.testo("causale")}
		}},
	pratica.AzioneRegistraPagamento: {stile: secondario, spiega: "Usa questa funzione solo se il pagamento è avvenuto in altro modo, per esempio allo sportello. La registrazione non si può annullare.",
		campi: campiRegistra, fatto: "Il pagamento è stato registrato.", pagina: "pagamenti",
		dati: func(v valori) pratica.Dati {
			return pratica.RegistraPagamento{Pagamento: v.testo("pagamento"), Motivo: v.testo("motivo"), Riferimento: v.testo("riferimento")}
		}},
	pratica.AzioneRichiediBollo: {stile: secondario, spiega: "Il richiedente indica le marche da bollo per il rilascio nella pagina della pratica.",
		campi: campiBollo, fatto: "Le marche da bollo sono state richieste.", pagina: "bolli",
		dati: func(v valori) pratica.Dati {
			return pratica.RichiediBollo{Quantita: v.numero("quantita", "Scrivi quante marche da bollo occorrono, da 1 a 20.")}
		}},

	pratica.AzioneScriviMessaggio: {stile: secondario, spiega: "Il richiedente legge il messaggio nella sua area personale.",
		campi: campiMessaggio, file: pratica.OrigineMessaggio, fatto: "Il messaggio è stato inviato.", pagina: "messaggi",
		dati: func(v valori) pratica.Dati {
			return pratica.ScriviMessaggio{Oggetto: v.testo("oggetto"), Testo: v.testo("testo"), Allegati: v.file}
		}},
	pratica.AzioneAnnota: {stile: secondario, spiega: "La nota resta fra gli operatori: il richiedente non la vede.",
		campi: soloTesto("testo", "Nota", "", true), fatto: "La nota è stata aggiunta.", pagina: "messaggi",
		dati: func(v valori) pratica.Dati { return pratica.Annota{Testo: v.testo("testo")} }},

	pratica.AzioneScegliAppuntamento: {stile: secondario, spiega: "Prenota un appuntamento per conto del richiedente.",
		campi: campiFasce, svolgi: prenota, fatto: "L'appuntamento è stato prenotato.", pagina: "appuntamenti"},
	pratica.AzioneSpostaAppuntamento: {stile: secondario, spiega: "Il posto prenotato si libera quando il nuovo è preso.",
		campi: campiFasce, svolgi: prenota, fatto: "L'appuntamento è stato spostato.", pagina: "appuntamenti"},
	pratica.AzioneDisdiciAppuntamento: {stile: pericoloso, spiega: "Il posto torna libero. Avvisa il richiedente con un messaggio.",
		svolgi: disdici, fatto: "L'appuntamento è stato disdetto.", pagina: "appuntamenti"},

	pratica.AzioneAnnulla: {stile: pericoloso, spiega: "La pratica si chiude senza una decisione. Un documento di annullamento ne conserva il motivo.",
		campi: soloTesto("motivo", "Motivo dell'annullamento", "", true), fatto: "La pratica è stata annullata.",
		dati: func(v valori) pratica.Dati { return pratica.Annulla{Motivo: v.testo("motivo")} }},
	pratica.AzioneRiapri: {stile: secondario, spiega: "La pratica torna in lavorazione, in carico a te.",
		campi: soloTesto("motivo", "Motivo della riapertura", "", true), fatto: "La pratica è stata riaperta.",
		dati: func(v valori) pratica.Dati { return pratica.Riapri{Motivo: v.testo("motivo")} }},
	pratica.AzioneArchivia: {stile: primario, spiega: "La richiesta è stata trattata: si chiude e resta consultabile.",
		campi: soloTesto("motivo", "Annotazione di chiusura", "", false), fatto: "La pratica è stata archiviata.",
		dati: func(v valori) pratica.Dati { return pratica.Archivia{Motivo: v.testo("motivo")} }},
}
