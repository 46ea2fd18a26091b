package documento

import (
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// DatiRichiestaIntegrazione are the data of a request for additions.
type DatiRichiestaIntegrazione struct {
	Atto
	Presentata        time.Time // instant of the istanza
	ProtocolloIstanza string
	Motivazione       string         // required: why, in the operator's words
	Elementi          []string       // what is asked for, one by one
	Giorni            int            // days to answer, from receipt; printed where > 0
	Entro             termini.Giorno // last day to answer; printed where set
	Sospende          bool           // says that the terms of the procedure are suspended
}

// RichiestaIntegrazione asks the applicant for additions (L. 241/1990, art. 6).
func RichiestaIntegrazione(in DatiRichiestaIntegrazione) Documento {
	d := in.documento(TipoRichiestaIntegrazione, false)
	d.Motivazione = in.Motivazione
	d.Dispositivo = "Per proseguire l’esame del" + dellIstanza(in.Presentata, in.ProtocolloIstanza) + ", si chiede di integrarla come indicato di seguito."
	var t []string
	switch {
	case !in.Entro.IsZero():
		t = append(t, "Le integrazioni vanno presentate entro il "+in.Entro.Italiano()+", dalla pagina della pratica nel portale dei servizi.")
	case in.Giorni > 0:
		t = append(t, fmt.Sprintf("Le integrazioni vanno presentate entro %d giorni dal ricevimento di questa richiesta, dalla pagina della pratica nel portale dei servizi.", in.Giorni))
	}
	if in.Sospende {
		t = append(t, "I termini di conclusione del procedimento sono sospesi fino alla presentazione delle integrazioni, nei limiti di legge.")
	}
	in.chiudi(&d, NormaRichiestaIntegrazione,
		sePiena("Elementi richiesti", Parte{Punti: in.Elementi}),
		sePiena("Termine per rispondere", Parte{Paragrafi: t}))
	return d
}

// DatiIntegrazione are the data of the applicant's answer.
type DatiIntegrazione struct {
	Atto
	Richiesta           time.Time // instant of the request answered
	ProtocolloRichiesta string
	Risposta            string
	Riepilogo           modulo.Riepilogo // the answers that changed
	Sezioni             []Sezione        // sections that do not come from a form
}

// Integrazione is the applicant's answer to a request for additions.
func Integrazione(in DatiIntegrazione) Documento {
	d := in.documento(TipoIntegrazione, true)
	d.Dispositivo = "Il/la sottoscritto/a integra l’istanza relativa alla pratica n. " + in.Intestazione.NumeroPratica
	if !in.Richiesta.IsZero() {
		d.Dispositivo += ", in risposta alla richiesta del " + giorno(in.Richiesta)
	}
	if in.ProtocolloRichiesta != "" {
		d.Dispositivo += ", protocollo " + in.ProtocolloRichiesta
	}
	d.Dispositivo += "."
	in.chiudi(&d, NormaIntegrazione, append([]Parte{sePiena("Risposta", Parte{Paragrafi: paragrafi(in.Risposta)})}, sezioni(in.Riepilogo, in.Sezioni)...)...)
	return d
}
