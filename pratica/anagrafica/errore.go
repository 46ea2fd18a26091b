package anagrafica

import "strings"

// Codice says what is wrong. It is stable, so that hosts may translate it, and
// it is an error itself: errors.Is(err, anagrafica.ErrCFLunghezza).
type Codice string

// The codes, grouped by the value that they speak of.
const (
	ErrCFVuoto              Codice = "cf_vuoto"
	ErrCFLunghezza          Codice = "cf_lunghezza"
	ErrCFCarattere          Codice = "cf_carattere"
	ErrCFData               Codice = "cf_data"
	ErrCFCarattereControllo Codice = "cf_carattere_controllo"
	ErrCFNumerico           Codice = "cf_numerico"

	ErrPIVAVuota             Codice = "piva_vuota"
	ErrPIVALunghezza         Codice = "piva_lunghezza"
	ErrPIVACarattere         Codice = "piva_carattere"
	ErrPIVACifraControllo    Codice = "piva_cifra_controllo"
	ErrIBANVuoto             Codice = "iban_vuoto"
	ErrIBANCarattere         Codice = "iban_carattere"
	ErrIBANPaese             Codice = "iban_paese"
	ErrIBANLunghezza         Codice = "iban_lunghezza"
	ErrIBANStruttura         Codice = "iban_struttura"
	ErrIBANCifreControllo    Codice = "iban_cifre_controllo"
	ErrIBANCin               Codice = "iban_cin"
	ErrCAPVuoto              Codice = "cap_vuoto"
	ErrCAPFormato            Codice = "cap_formato"
	ErrEmailVuota            Codice = "email_vuota"
	ErrEmailLunghezza        Codice = "email_lunghezza"
	ErrEmailFormato          Codice = "email_formato"
	ErrPECVuota              Codice = "pec_vuota"
	ErrPECLunghezza          Codice = "pec_lunghezza"
	ErrPECFormato            Codice = "pec_formato"
	ErrTelefonoVuoto         Codice = "telefono_vuoto"
	ErrTelefonoFormato       Codice = "telefono_formato"
	ErrBelfioreFormato       Codice = "belfiore_formato"
	ErrSessoValore           Codice = "sesso_valore"
	ErrProvinciaFormato      Codice = "provincia_formato"
	ErrStatoFormato          Codice = "stato_formato"
	ErrTestoLunghezza        Codice = "testo_lunghezza"
	ErrTestoCarattere        Codice = "testo_carattere"
	ErrCognomeVuoto          Codice = "cognome_vuoto"
	ErrCognomeLettere        Codice = "cognome_lettere"
	ErrNomeVuoto             Codice = "nome_vuoto"
	ErrNomeLettere           Codice = "nome_lettere"
	ErrNascitaData           Codice = "nascita_data"
	ErrNascitaFutura         Codice = "nascita_futura"
	ErrNascitaRemota         Codice = "nascita_remota"
	ErrOggiMancante          Codice = "oggi_mancante"
	ErrValidatoreMancante    Codice = "validatore_mancante"
	ErrCognomeDiscorde       Codice = "cognome_discorde"
	ErrNomeDiscorde          Codice = "nome_discorde"
	ErrNascitaDiscorde       Codice = "nascita_discorde"
	ErrSessoDiscorde         Codice = "sesso_discorde"
	ErrLuogoDiscorde         Codice = "luogo_nascita_discorde"
	ErrCodiceFiscaleDiscorde Codice = "codice_fiscale_discorde"
)

// Error gives the code behind the package's name.
func (c Codice) Error() string { return "anagrafica: " + string(c) }

// Names of the fields that errors and discordances speak of; they are the JSON
// keys of Persona. Fields of an address have a path: "residenza.cap".
const (
	CampoNome          = "nome"
	CampoCognome       = "cognome"
	CampoCodiceFiscale = "codice_fiscale"
	CampoPartitaIVA    = "partita_iva"
	CampoIBAN          = "iban"
	CampoCAP           = "cap"
	CampoNascita       = "nascita"
	CampoLuogoNascita  = "luogo_nascita"
	CampoSesso         = "sesso"
	CampoEmail         = "email"
	CampoPEC           = "pec"
	CampoTelefono      = "telefono"
	CampoResidenza     = "residenza"
)

// Errore is one thing wrong with one field. It never holds the value.
type Errore struct {
	Codice Codice `json:"codice"`
	Campo  string `json:"campo,omitempty"`
}

func errore(c Codice, campo string) *Errore { return &Errore{Codice: c, Campo: campo} }

// Error gives code and field, for logs; Messaggio is the text for people.
func (e *Errore) Error() string {
	if e.Campo == "" {
		return e.Codice.Error()
	}
	return e.Codice.Error() + " (" + e.Campo + ")"
}

// Unwrap gives the code, so that errors.Is finds it.
func (e *Errore) Unwrap() error { return e.Codice }

// Messaggio is the Italian text for whoever filled in the field.
func (e *Errore) Messaggio() string { return e.Codice.Messaggio() }

// Errori are all the errors found in one value, in the order of its fields.
// errors.Is and errors.As look into each of them.
type Errori []*Errore

// Error gives the codes and fields, separated by "; ".
func (e Errori) Error() string {
	parti := make([]string, len(e))
	for i, x := range e {
		parti[i] = x.Error()
	}
	return strings.Join(parti, "; ")
}

// Unwrap gives the single errors.
func (e Errori) Unwrap() []error {
	u := make([]error, len(e))
	for i, x := range e {
		u[i] = x
	}
	return u
}

// Err gives the list as an error, nil where it is empty. An empty Errori put in a
// variable of type error would not be nil.
func (e Errori) Err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}
