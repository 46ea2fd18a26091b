package documento

import (
	"fmt"
	"time"
)

// DatiPreavviso are the data of a notice of refusal.
type DatiPreavviso struct {
	Atto
	Presentata        time.Time
	ProtocolloIstanza string
	Motivazione       string // required: the reasons that stand against the istanza
	Giorni            int    // days for observations, from receipt; at least the ten of the law, which is the default
}

// GiorniOsservazioni is the term for observations (L. 241/1990, art. 10-bis).
const GiorniOsservazioni = 10

// PreavvisoRigetto tells the applicant why the istanza is about to be refused.
func PreavvisoRigetto(in DatiPreavviso) Documento {
	d := in.documento(TipoPreavvisoRigetto, false)
	d.Motivazione = in.Motivazione
	d.Dispositivo = "Si comunica che " + dellIstanza(in.Presentata, in.ProtocolloIstanza) + " non può essere accolta per i motivi che seguono."
	in.chiudi(&d, NormaPreavvisoRigetto, Parte{Titolo: "Come presentare osservazioni", Paragrafi: []string{
		fmt.Sprintf("Entro %d giorni dal ricevimento di questa comunicazione è possibile presentare per iscritto osservazioni, eventualmente corredate "+
			"da documenti, dalla pagina della pratica nel portale dei servizi.", max(in.Giorni, GiorniOsservazioni)),
	}})
	return d
}

// DatiEsito are the data of an outcome.
type DatiEsito struct {
	Atto
	Favorevole        bool
	Presentata        time.Time
	ProtocolloIstanza string
	Motivazione       string   // required for a refusal
	Prescrizioni      []string // conditions of an approval
	Osservazioni      string   // how the observations to the notice of refusal were weighed (art. 10-bis)
	Pagamento         []Voce
	Ricorso           string // replaces the default text
}

// Esito is the decision on the istanza. How to appeal is printed in both cases:
// art. 3, comma 4, asks for it in every act notified, and an approval may carry
// conditions.
func Esito(in DatiEsito) Documento {
	t, verbo := TipoEsitoNegativo, "respinta"
	if in.Favorevole {
		t, verbo = TipoEsitoPositivo, "accolta"
	}
	d := in.documento(t, false)
	d.Motivazione = in.Motivazione
	s := dellIstanza(in.Presentata, in.ProtocolloIstanza)
	d.Dispositivo = "Esaminata la pratica n. " + in.Intestazione.NumeroPratica + ", " + s + " è " + verbo + "."
	in.chiudi(&d, NormaEsito,
		sePiena("Valutazione delle osservazioni", Parte{Paragrafi: paragrafi(in.Osservazioni)}),
		sePiena("Prescrizioni", Parte{Punti: in.Prescrizioni}),
		sePiena("Pagamento", Parte{Voci: in.Pagamento}),
		Parte{Titolo: "Come presentare ricorso", Paragrafi: righe(oppure(in.Ricorso, Ricorso))})
	return d
}

// DatiAnnullamento are the data of a cancellation by the office.
type DatiAnnullamento struct {
	Atto
	Presentata        time.Time
	ProtocolloIstanza string
	Motivazione       string // required
	Ricorso           string // replaces the default text
}

// Annullamento says that the office has cancelled the pratica. The default rule
// is that of a procedure closed with reasons; a service that annuls a measure
// already taken names L. 241/1990, art. 21-nonies, in Atto.Norma.
func Annullamento(in DatiAnnullamento) Documento {
	d := in.documento(TipoAnnullamento, false)
	d.Motivazione = in.Motivazione
	d.Dispositivo = "Si comunica che la pratica n. " + in.Intestazione.NumeroPratica + ", relativa al" + dellIstanza(in.Presentata, in.ProtocolloIstanza) + ", è annullata."
	in.chiudi(&d, NormaAnnullamento, Parte{Titolo: "Come presentare ricorso", Paragrafi: righe(oppure(in.Ricorso, Ricorso))})
	return d
}
