package cartacea

import (
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Help texts for the fields, Italian, to be shown beside them.
const (
	AiutoSeriale = "Scrivi le 14 cifre dell'identificativo, stampato sotto il codice a barre del contrassegno. Puoi lasciare spazi o trattini."
	AiutoData    = "Scrivi la data di emissione stampata sul contrassegno, per esempio 31/03/2026."
	AiutoOra     = "Scrivi l'ora di emissione stampata sul contrassegno, per esempio 09:30."
	AiutoUso     = "Annulla il contrassegno, per esempio scrivendo la data a cavallo tra il contrassegno e il foglio su cui lo applichi. Usa contrassegni diversi per la richiesta e per il rilascio."
)

// Testo is a text with the norm it comes from.
type Testo struct {
	Testo string
	Norma bolli.Norma
}

// Dichiarazione is what the applicant declares for every paper stamp, and what
// bolli.Contrassegno.Dichiarato records: the stamp serves this act only, and its
// original, annulled, is kept three years (DM 10/11/2011, art. 3; DPR 642/1972,
// art. 37). The citation is that of the day.
func Dichiarazione(giorno termini.Giorno) Testo {
	fonte := bolli.Norma{Testo: "DM 10/11/2011, art. 3; DPR 642/1972, art. 37", Al: bolli.InizioTestoUnico().Piu(-1)}
	if !fonte.Vigente(giorno) {
		fonte = bolli.Norma{Testo: "DM 10/11/2011, art. 3; D.Lgs. 123/2025 (già DPR 642/1972, art. 37)", Dal: bolli.InizioTestoUnico()}
	}
	return Testo{
		Testo: "Dichiaro che il contrassegno indicato è stato annullato e che è utilizzato esclusivamente per questo atto. " +
			"Mi impegno a conservare l'originale per tre anni e a esibirlo a richiesta degli uffici preposti ai controlli.",
		Norma: fonte,
	}
}

// DichiarazioneEsenzione is what the applicant declares when claiming an
// exemption (DPR 445/2000, art. 46, 47 and 76).
func DichiarazioneEsenzione(e bolli.Esenzione) Testo {
	return Testo{
		Testo: "Consapevole delle sanzioni previste dall'art. 76 del DPR 445/2000 per le dichiarazioni non veritiere, dichiaro, " +
			"ai sensi degli artt. 46 e 47 dello stesso decreto, che l'atto è esente dall'imposta di bollo per il seguente motivo: " +
			e.Titolo + " (" + e.Norma.Testo + ").",
		Norma: bolli.Norma{Testo: "DPR 445/2000, artt. 46, 47 e 76"},
	}
}
