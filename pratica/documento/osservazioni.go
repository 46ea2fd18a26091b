package documento

import "time"

// DatiOsservazioni are the data of the applicant's observations.
type DatiOsservazioni struct {
	Atto
	Preavviso           time.Time // instant of the notice answered
	ProtocolloPreavviso string
	Testo               string
}

// Osservazioni are the applicant's observations on a notice of refusal
// (L. 241/1990, art. 10-bis).
func Osservazioni(in DatiOsservazioni) Documento {
	d := in.documento(TipoOsservazioni, true)
	d.Dispositivo = "Il/la sottoscritto/a presenta le proprie osservazioni al preavviso di rigetto relativo alla pratica n. " + in.Intestazione.NumeroPratica
	if !in.Preavviso.IsZero() {
		d.Dispositivo += " del " + giorno(in.Preavviso)
	}
	if in.ProtocolloPreavviso != "" {
		d.Dispositivo += " (protocollo " + in.ProtocolloPreavviso + ")"
	}
	d.Dispositivo += "."
	in.chiudi(&d, NormaOsservazioni, sePiena("Osservazioni", Parte{Paragrafi: paragrafi(in.Testo)}))
	return d
}
