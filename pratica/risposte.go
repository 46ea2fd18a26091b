package pratica

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// precompila fills the form fields that come from the identity; what the
// identity does not know stays open.
func precompila(s *servizio.Servizio, p *anagrafica.Persona) modulo.Risposte {
	r := modulo.Risposte{}
	for campo, attributo := range s.Precompila() {
		if v := attributoDi(p, attributo); v != "" {
			r[campo] = v
		}
	}
	return r
}

func attributoDi(p *anagrafica.Persona, attributo string) string {
	switch attributo {
	case "nome":
		return p.Nome
	case "cognome":
		return p.Cognome
	case "codice_fiscale":
		return string(p.CodiceFiscale)
	case "nascita":
		return p.Nascita.String()
	case "luogo_nascita":
		return p.LuogoNascita.Comune
	case "email":
		return string(p.Email)
	case "pec":
		return string(p.PEC)
	case "telefono":
		return string(p.Telefono)
	default:
		return ""
	}
}

// Precompilate gives the answers that come from the applicant's identity: the
// form shows them and whatever is posted for them is ignored.
func Precompilate(p *Pratica, s *servizio.Servizio) modulo.Risposte {
	return precompila(s, &p.Richiedente)
}

// risposteBloccate keeps the answers that come from the identity.
func risposteBloccate(s *servizio.Servizio, vecchie, nuove modulo.Risposte) modulo.Risposte {
	r := nuove.Copia()
	if r == nil {
		r = modulo.Risposte{}
	}
	for campo := range s.Precompila() {
		if v, ok := vecchie[campo]; ok {
			r[campo] = v
		}
	}
	return r
}

// risposteSalvabili gives the answers as they come back from the database, so
// that what is sealed now is what is read later, or refuses what cannot be kept
// there or is too much of it.
func risposteSalvabili(r modulo.Risposte) (modulo.Risposte, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return nil, nonValido(ErroreCampo{"risposte", "formato", "Le risposte non si possono salvare: ricarica la pagina e riprova."})
	}
	if len(b) > modulo.LimiteRisposte {
		return nil, troppi("risposte", "Le risposte sono troppo lunghe: accorciale.")
	}
	salvabili := modulo.Risposte{}
	if err := json.Unmarshal(b, &salvabili); err != nil {
		return nil, nonValido(ErroreCampo{"risposte", "formato", "Le risposte non si possono salvare: ricarica la pagina e riprova."})
	}
	return salvabili, nil
}

func opzioniModulo(p *Pratica, s *servizio.Servizio, ora time.Time) modulo.Opzioni {
	return modulo.Opzioni{Oggi: termini.GiornoDi(ora), Allegati: p.FileModulo(), Precompilate: precompila(s, &p.Richiedente)}
}

// Valuta evaluates the form of a pratica as a submission at that instant would.
func Valuta(p *Pratica, s *servizio.Servizio, ora time.Time) modulo.Esito {
	return s.Modulo().Valuta(p.Risposte, opzioniModulo(p, s, ora))
}

// differenze gives the answers of b that are not those of a; what b no longer
// has becomes nil.
func differenze(a, b modulo.Risposte) modulo.Risposte {
	d := modulo.Risposte{}
	for k, v := range b {
		if w, ok := a[k]; !ok || !uguali(v, w) {
			d[k] = v
		}
	}
	for k := range a {
		if _, ok := b[k]; !ok {
			d[k] = nil
		}
	}
	return d
}

// uguali compares two answers, of which one may have been through JSON.
func uguali(a, b any) bool {
	return reflect.DeepEqual(a, b) || string(canonico(a)) == string(canonico(b))
}

// fineGiorno is the end of the civil day (Europe/Rome) giorni after the instant:
// the day of the act does not count (code of civil procedure, art. 155).
func fineGiorno(ora time.Time, giorni int) time.Time {
	return termini.GiornoDi(ora).Piu(giorni).Fine()
}

// ImpegnoAnonimo is what is kept of the capability of an anonymous applicant.
func ImpegnoAnonimo(segreto string) string {
	h := sha256.Sum256([]byte("pratica/anonimo\x00" + segreto))
	return hex.EncodeToString(h[:])
}
