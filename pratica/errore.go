package pratica

import (
	"strings"
)

// Codice says what kind of refusal an Errore is.
type Codice string

// Codes, the same for every use case.
const (
	CodiceNonTrovato     Codice = "non_trovato"      // there is nothing, or nothing that you may see
	CodiceNonAutorizzato Codice = "non_autorizzato"  // you see it, but may not do this
	CodiceConflitto      Codice = "conflitto"        // somebody changed it meanwhile
	CodiceNonValido      Codice = "non_valido"       // the input is wrong: see Campi
	CodiceNonAmmesso     Codice = "non_ammesso"      // not now: see Motivi
	CodiceNonConfigurato Codice = "non_configurato"  // the service or the host does not offer it
	CodiceTroppoGrande   Codice = "troppo_grande"    // a bound of size or count
	CodiceEsterno        Codice = "servizio_esterno" // a system at the other side of a port failed: see Causa
)

// Errore is a refusal: a code, the wrong fields or the unmet conditions, all of
// them at once, and a cause. It holds no personal data and may be logged.
// Compare with errors.Is against ErrNonTrovato and its siblings.
type Errore struct {
	Codice Codice
	Campi  []ErroreCampo
	Motivi []Motivo
	Causa  error
}

// ErroreCampo is one wrong field. Percorso is its path ("figli[1].nome"),
// Messaggio says in Italian what to do.
type ErroreCampo struct {
	Percorso  string `json:"percorso"`
	Codice    string `json:"codice"`
	Messaggio string `json:"messaggio"`
}

// Motivo is one unmet condition. Operatore is set where the reason is somebody:
// the id of the operator who has the pratica in charge.
type Motivo struct {
	Codice    string `json:"codice"`
	Messaggio string `json:"messaggio"`
	Operatore string `json:"operatore,omitempty"`
}

// One value of each code, for errors.Is.
var (
	ErrNonTrovato     = &Errore{Codice: CodiceNonTrovato}
	ErrNonAutorizzato = &Errore{Codice: CodiceNonAutorizzato}
	ErrConflitto      = &Errore{Codice: CodiceConflitto}
	ErrNonValido      = &Errore{Codice: CodiceNonValido}
	ErrNonAmmesso     = &Errore{Codice: CodiceNonAmmesso}
	ErrNonConfigurato = &Errore{Codice: CodiceNonConfigurato}
	ErrTroppoGrande   = &Errore{Codice: CodiceTroppoGrande}
	ErrEsterno        = &Errore{Codice: CodiceEsterno}
)

// Error gives the code, the fields and the reasons by their codes: nothing that
// the applicant wrote.
func (e *Errore) Error() string {
	var b strings.Builder
	b.WriteString("pratica: ")
	b.WriteString(string(e.Codice))
	sep := ": "
	for _, c := range e.Campi {
		b.WriteString(sep + c.Percorso + " " + c.Codice)
		sep = ", "
	}
	for _, m := range e.Motivi {
		b.WriteString(sep + m.Codice)
		sep = ", "
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Errore) Unwrap() error { return e.Causa }

// Is reports whether the target is an Errore of the same code.
func (e *Errore) Is(target error) bool {
	t, ok := target.(*Errore)
	return ok && t.Codice == e.Codice
}

var messaggi = map[Codice]string{
	CodiceNonTrovato:     "La pratica non esiste o non è fra quelle che puoi consultare.",
	CodiceNonAutorizzato: "Non sei autorizzato a svolgere questa operazione.",
	CodiceConflitto:      "La pratica è stata modificata nel frattempo: ricarica la pagina e riprova.",
	CodiceNonValido:      "Alcuni dati vanno corretti.",
	CodiceNonAmmesso:     "L'operazione non è possibile in questo momento.",
	CodiceNonConfigurato: "Il servizio non prevede questa operazione.",
	CodiceTroppoGrande:   "Quanto inviato supera i limiti previsti.",
	CodiceEsterno:        "Un sistema collegato non risponde: riprova più tardi.",
}

// Messaggio is the refusal for people, in Italian: what happened, then each
// reason and each field.
func (e *Errore) Messaggio() string {
	parti := []string{messaggi[e.Codice]}
	for _, m := range e.Motivi {
		parti = append(parti, m.Messaggio)
	}
	for _, c := range e.Campi {
		parti = append(parti, c.Messaggio)
	}
	return strings.Join(parti, " ")
}

func nonAmmesso(m ...Motivo) error { return &Errore{Codice: CodiceNonAmmesso, Motivi: m} }

func nonValido(c ...ErroreCampo) error { return &Errore{Codice: CodiceNonValido, Campi: c} }
