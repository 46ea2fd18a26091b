package allegato

import "slices"

// Segnalazione is a flag: something seen in a file that was not a reason to refuse it.
type Segnalazione string

// Flags; the values are stable.
const (
	NonEsaminato      Segnalazione = "non_esaminato"      // of a type, or in a form, that is not looked into
	Cifrato           Segnalazione = "cifrato"            // admitted by Politica
	Macro             Segnalazione = "macro"              // admitted by Politica
	Script            Segnalazione = "script"             // JavaScript or a program started, admitted by Politica
	Incorporati       Segnalazione = "incorporati"        // files inside a PDF, admitted by Politica; objects in an office document
	AzioneApertura    Segnalazione = "azione_apertura"    // a PDF that does something when opened: mostly shows a page
	ModuloInterattivo Segnalazione = "modulo_interattivo" // XFA form
	FlussoIlleggibile Segnalazione = "flusso_illeggibile" // a PDF stream that does not expand
)

// Firma is the format of a signature, as the content declares it. Nobody verified it.
type Firma string

// Formats of signatures; the empty one is none.
const (
	CAdES Firma = "cades" // .p7m
	PAdES Firma = "pades" // in a PDF
	ASiC  Firma = "asic"  // .asice, .asics
)

// Esito is what was found of a file that was not refused.
type Esito struct {
	MIME string // by content, without parameters
	// Contenuto is the type of what a signed envelope encloses, the innermost;
	// MIME where there is no envelope.
	Contenuto    string
	Byte         int64          // that passed
	Firma        Firma          // of the outermost envelope
	Firme        int            // signatures declared at the outermost level
	Buste        int            // .p7m one in the other
	Segnalazioni []Segnalazione // in order, each once
}

// Ha reports whether a flag was raised.
func (e Esito) Ha(s Segnalazione) bool { return slices.Contains(e.Segnalazioni, s) }

func (e *Esito) segnala(s Segnalazione) {
	if !e.Ha(s) {
		e.Segnalazioni = append(e.Segnalazioni, s)
	}
}

// Codice says why a file is refused.
type Codice string

// Codes of refusals; the values are stable.
const (
	CodiceVuoto         Codice = "vuoto"
	CodiceTroppoGrande  Codice = "troppo_grande"
	CodiceTipo          Codice = "tipo"           // not among those admitted
	CodiceEstensione    Codice = "estensione"     // the name says another type
	CodiceMalformato    Codice = "malformato"     // damaged, or written so that readers differ about it
	CodiceTroncato      Codice = "troncato"       // its end is missing
	CodiceEspansione    Codice = "espansione"     // expands to far more than it is
	CodiceVoci          Codice = "voci"           // too many entries or objects
	CodiceAnnidamento   Codice = "annidamento"    // too many containers one in the other
	CodicePercorso      Codice = "percorso"       // an entry that leaves the folder
	CodiceContenuto     Codice = "contenuto"      // what it encloses is not admitted
	CodiceFirmaStaccata Codice = "firma_staccata" // a signature without its document
	CodiceCifrato       Codice = "cifrato"
	CodiceMacro         Codice = "macro"
	CodiceScript        Codice = "script"
	CodiceIncorporati   Codice = "incorporati"
	CodicePixel         Codice = "pixel"
	CodiceVirus         Codice = "virus"   // said by an Antivirus
	CodiceFirma         Codice = "firma"   // said by a VerificaFirma
	CodiceRiprova       Codice = "riprova" // a control did not answer
)

var messaggi = map[Codice]string{
	CodiceVuoto:         "Il file è vuoto: scegline un altro.",
	CodiceTroppoGrande:  "Il file supera la dimensione massima: riducilo o dividilo.",
	CodiceTipo:          "Questo tipo di file non è ammesso.",
	CodiceEstensione:    "Il nome del file non corrisponde al suo contenuto: controlla l'estensione o scegli un altro file.",
	CodiceMalformato:    "Il file è danneggiato o non è leggibile: salvalo di nuovo e ricaricalo.",
	CodiceTroncato:      "Il file è incompleto: controlla che si apra e ricaricalo.",
	CodiceEspansione:    "Il file, una volta aperto, è troppo grande: caricane uno più semplice.",
	CodiceVoci:          "Il file contiene troppi elementi: dividilo.",
	CodiceAnnidamento:   "Il file contiene troppi archivi o buste uno dentro l'altro: carica il documento da solo.",
	CodicePercorso:      "L'archivio contiene nomi di file non ammessi: ricrealo.",
	CodiceContenuto:     "Il file contiene documenti di un tipo non ammesso.",
	CodiceFirmaStaccata: "Il file contiene solo la firma e non il documento firmato: carica il documento firmato completo.",
	CodiceCifrato:       "Il file è protetto da password: togli la protezione e ricaricalo.",
	CodiceMacro:         "Il documento contiene macro: salvalo senza macro, per esempio in PDF.",
	CodiceScript:        "Il PDF contiene istruzioni eseguibili: salvalo di nuovo senza, per esempio stampandolo in PDF.",
	CodiceIncorporati:   "Il PDF contiene altri file al suo interno: caricali separatamente.",
	CodicePixel:         "L'immagine è troppo grande in pixel: riduci la risoluzione.",
	CodiceVirus:         "Il file è stato riconosciuto come pericoloso e non può essere caricato.",
	CodiceFirma:         "La firma digitale del file non è valida: firmalo di nuovo e ricaricalo.",
	CodiceRiprova:       "Il file non può essere controllato in questo momento: riprova più tardi.",
}

// Rifiuto is the refusal of a file. It holds nothing of the file or of its name
// and may be logged; compare by its code: errors.Is(err, &Rifiuto{Codice: CodiceTipo}).
type Rifiuto struct{ Codice Codice }

// Error gives the code.
func (r *Rifiuto) Error() string { return "allegato: " + string(r.Codice) }

// Messaggio says in Italian what happened and what to do.
func (r *Rifiuto) Messaggio() string { return messaggi[r.Codice] }

// Is reports whether the target is a Rifiuto of the same code.
func (r *Rifiuto) Is(target error) bool {
	t, ok := target.(*Rifiuto)
	return ok && t.Codice == r.Codice
}

func rifiuto(c Codice) error { return &Rifiuto{c} }
