package documento

import (
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// DatiRicevuta are the data of a receipt.
type DatiRicevuta struct {
	Atto
	Presentata      time.Time      // instant of the submission
	Giorni          int            // days in which the administration must answer; printed where > 0
	Entro           termini.Giorno // the same as a day; printed where set
	SilenzioAssenso bool           // silence at the term counts as consent (L. 241/1990, art. 20)
	Responsabile    string         // person in charge of the procedure (art. 8)
	Contatti        string         // of the office
}

// Ricevuta attests that the istanza was presented and says by when the
// administration answers (L. 241/1990, art. 18-bis). Where office, person in
// charge and term are there it is also the notice that the procedure has begun
// (arts. 7 and 8).
func Ricevuta(in DatiRicevuta) Documento {
	d := in.documento(TipoRicevuta, false)
	d.Dispositivo = "Si attesta che l’istanza in oggetto è stata presentata il " + istante(in.Presentata) +
		" e ha ricevuto il numero di pratica " + in.Intestazione.NumeroPratica + "."
	var t []string
	termine := ""
	if in.Giorni > 0 {
		termine = fmt.Sprintf("entro %d giorni", in.Giorni)
	}
	if !in.Entro.IsZero() {
		if termine != "" {
			termine += ", cioè "
		}
		termine += "entro il " + in.Entro.Italiano()
	}
	if termine != "" {
		t = append(t, "L’amministrazione è tenuta a concludere il procedimento "+termine+", salve le sospensioni previste dalla legge.")
		if in.SilenzioAssenso {
			t = append(t, "Trascorso il termine senza risposta, il silenzio dell’amministrazione equivale ad accoglimento dell’istanza "+
				"(art. 20 della legge 241/1990).")
		}
	}
	var v []Voce
	for _, x := range []Voce{
		{Etichetta: "Ufficio competente", Valore: in.Intestazione.Ufficio},
		{Etichetta: "Responsabile del procedimento", Valore: in.Responsabile},
		{Etichetta: "Contatti", Valore: in.Contatti},
	} {
		if !vuoto(x.Valore) {
			v = append(v, x)
		}
	}
	norma := NormaRicevuta
	if termine != "" && !vuoto(in.Responsabile) && !vuoto(in.Intestazione.Ufficio) && !vuoto(in.Contatti) {
		norma += "\n" + NormaAvvio
	}
	in.chiudi(&d, norma, sePiena("Termini del procedimento", Parte{Paragrafi: t}), sePiena("A chi rivolgersi", Parte{Voci: v}))
	return d
}
