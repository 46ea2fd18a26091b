package modulo

// Tipo is the type of a field. The values are stable: they are written in the
// definitions and in the database.
type Tipo string

// The types of field. In the comment, how the answer is kept in Risposte.
const (
	Testo          Tipo = "testo"           // one line: string
	TestoLungo     Tipo = "testo_lungo"     // several lines: string, lines ended by \n
	Intero         Tipo = "intero"          // string "1234"
	Decimale       Tipo = "decimale"        // string "12.5"; never just three decimals, see Modulo.Valuta
	Importo        Tipo = "importo"         // money in euro: string "12.50", always two decimals
	Data           Tipo = "data"            // civil day: string "2026-03-31"
	Ora            Tipo = "ora"             // time of day: string "09:05"
	SiNo           Tipo = "si_no"           // yes or no: bool, absent if not answered
	Scelta         Tipo = "scelta"          // one of the options: string
	SceltaMultipla Tipo = "scelta_multipla" // any of the options: []string, in the order of the options
	Email          Tipo = "email"           // string
	PEC            Tipo = "pec"             // certified e-mail (posta elettronica certificata): string
	Telefono       Tipo = "telefono"        // string "+390612345678"
	CodiceFiscale  Tipo = "codice_fiscale"  // tax code of a person or body: string
	PartitaIVA     Tipo = "partita_iva"     // VAT number: string
	IBAN           Tipo = "iban"            // string
	CAP            Tipo = "cap"             // postal code: string
	File           Tipo = "file"            // attachments: []string of attachment ids
	Dichiarazione  Tipo = "dichiarazione"   // statement that must be ticked: true, or absent
	Gruppo         Tipo = "gruppo"          // repeatable rows: []map[string]any
	Nota           Tipo = "nota"            // static text, no answer
	URL            Tipo = "url"             // address of a web page, http or https: string
	Consenso       Tipo = "consenso"        // consent that may be refused (GDPR, art. 7): bool, absent if not answered
	Appuntamento   Tipo = "appuntamento"    // an appointment of the pratica: string, its id
	Bollo          Tipo = "bollo"           // a revenue stamp (marca da bollo) of the pratica: string, its id
)

// The composite types: Compila writes such a field out as the fields of a
// block, "<campo>_<figlio>", so that no compiled form has them.
const (
	// Persona is a natural person: nome, cognome, codice_fiscale, nascita,
	// luogo_nascita, sesso; with an Elenco, provincia_nascita too. The data are
	// compared with the codice fiscale (package anagrafica).
	Persona Tipo = "persona"
	// Indirizzo is a postal address: estero, via, civico, then cap, provincia,
	// comune or, abroad, cap_estero, citta_estera, stato.
	Indirizzo Tipo = "indirizzo"
	// DaBlocco is a use of the Blocco of the definition that the field names.
	DaBlocco Tipo = "blocco"
)

// TipiComposti gives the composite types.
func TipiComposti() []Tipo { return []Tipo{Persona, Indirizzo, DaBlocco} }

func (t Tipo) composto() bool { return t == Persona || t == Indirizzo || t == DaBlocco }

// Tipi gives the types that have an answer of their own, and Nota, in the order
// of the constants.
func Tipi() []Tipo {
	return []Tipo{Testo, TestoLungo, Intero, Decimale, Importo, Data, Ora, SiNo, Scelta, SceltaMultipla,
		Email, PEC, Telefono, CodiceFiscale, PartitaIVA, IBAN, CAP, File, Dichiarazione, Gruppo, Nota,
		URL, Consenso, Appuntamento, Bollo}
}

// Valido reports whether t is one of Tipi or of TipiComposti.
func (t Tipo) Valido() bool {
	if t.composto() {
		return true
	}
	for _, v := range Tipi() {
		if t == v {
			return true
		}
	}
	return false
}

func (t Tipo) numerico() bool { return t == Intero || t == Decimale || t == Importo }

func (t Tipo) conOpzioni() bool { return t == Scelta || t == SceltaMultipla }

// testuale: kept as one string of free characters.
func (t Tipo) testuale() bool { return t == Testo || t == TestoLungo }

// sottoscritto: a text that the citizen says yes to.
func (t Tipo) sottoscritto() bool { return t == Dichiarazione || t == Consenso }

// riferimento: the id of something of the pratica that Opzioni describes.
func (t Tipo) riferimento() bool { return t == Appuntamento || t == Bollo }

// genere gives the type that an expression sees.
func (t Tipo) genere() genere {
	switch t {
	case Intero, Decimale, Importo:
		return gNumero
	case Data:
		return gGiorno
	case SiNo, Dichiarazione, Consenso:
		return gVero
	case SceltaMultipla, File:
		return gElenco
	case Gruppo:
		return gGruppo
	case Nota:
		return gNessuno
	default:
		return gTesto
	}
}
