package allegato

import "cmp"

// Limiti bounds what one file may cost. The zero value is ready to use.
type Limiti struct {
	// Expansion, of ZIP entries and PDF streams at every depth together: the
	// greatest of what was expanded is Base + Rapporto × bytes read so far, and
	// never more than Espanso.
	Base     int64 // bytes; defaults to 64 MiB
	Rapporto int64 // defaults to 200
	Espanso  int64 // bytes; defaults to 1 GiB

	Voci        int   // ZIP entries at every depth together; defaults to 5000
	Annidamento int   // containers one in the other, ZIP and signed envelopes; defaults to 3
	Oggetti     int   // of one PDF; defaults to 200 000
	Filtri      int   // of one PDF stream; defaults to 4
	Pixel       int64 // width × height that an image declares; defaults to 120 million
}

// predefiniti fills in what is not positive.
func (l Limiti) predefiniti() Limiti {
	return Limiti{
		Base: cmp.Or(max(l.Base, 0), 64<<20), Rapporto: cmp.Or(max(l.Rapporto, 0), 200), Espanso: cmp.Or(max(l.Espanso, 0), 1<<30),
		Voci: cmp.Or(max(l.Voci, 0), 5000), Annidamento: cmp.Or(max(l.Annidamento, 0), 3),
		Oggetti: cmp.Or(max(l.Oggetti, 0), 200_000), Filtri: cmp.Or(max(l.Filtri, 0), 4), Pixel: cmp.Or(max(l.Pixel, 0), 120_000_000),
	}
}

// Politica says what is admitted of that which is refused by default. What is
// admitted is still reported in Esito.Segnalazioni.
type Politica struct {
	Cifrati     bool // encrypted PDF and ZIP entries: they cannot be examined
	Macro       bool // macros of office documents
	Script      bool // JavaScript in a PDF, and actions that start a program
	Incorporati bool // files inside a PDF
}

// Opzioni say what is expected of one file.
type Opzioni struct {
	Nome string // as the person named it; its extension must suit the content
	// Tipi are the MIME types admitted (modulo.Campo.TipiFile). None: nothing is.
	Tipi []string
	// Contenuti are the types admitted inside a ZIP or a signed envelope;
	// defaults to Tipi without the containers themselves.
	Contenuti []string
	Massimo   int64 // bytes; defaults to 20 MiB
	Limiti    Limiti
	Politica  Politica
}
