package modulo

import (
	"context"

	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
)

// Identita is the Fonte of who signed in: the attributes of SPID or CIE as a
// Persona. What the identity provider vouches for is locked; email, pec,
// telefono and residenza are proposed.
type Identita struct {
	Persona     anagrafica.Persona
	Provenienza string // "SPID", "CIE"
	// Campi says which attribute fills a field: field id → "nome", "cognome",
	// "codice_fiscale", "nascita", "luogo_nascita" (the Belfiore code for a
	// scelta, the name of the place otherwise), "sesso", "email", "pec",
	// "telefono", "residenza.via", ".civico", ".cap", ".comune", ".provincia".
	Campi map[string]string
	// Persone are the ids of the fields of type persona that are filled whole.
	Persone []string
}

// Precompila gives the attributes that are there. There is no error.
func (i Identita) Precompila(_ context.Context, m *Modulo) (map[string]Precompilato, error) {
	q := map[string]Precompilato{}
	metti := func(id, attributo string) {
		c, ok := m.Campo(id)
		if v := i.attributo(attributo, c); ok && v != nil {
			q[id] = Precompilato{Valore: v, Provenienza: i.Provenienza, Blocca: garantito(attributo)}
		}
	}
	for _, p := range i.Persone {
		for _, a := range []string{anagrafica.CampoNome, anagrafica.CampoCognome, anagrafica.CampoCodiceFiscale,
			anagrafica.CampoNascita, anagrafica.CampoLuogoNascita, anagrafica.CampoSesso} {
			metti(p+"_"+a, a)
		}
		if c, ok := m.Campo(p + "_provincia_nascita"); ok && c.Elenco != "" && i.Persona.LuogoNascita.Belfiore != "" && i.Persona.LuogoNascita.Provincia != "" {
			q[c.ID] = Precompilato{Valore: i.Persona.LuogoNascita.Provincia, Provenienza: i.Provenienza, Blocca: true}
		}
	}
	for id, a := range i.Campi {
		metti(id, a)
	}
	return q, nil
}

func garantito(attributo string) bool {
	switch attributo {
	case anagrafica.CampoNome, anagrafica.CampoCognome, anagrafica.CampoCodiceFiscale,
		anagrafica.CampoNascita, anagrafica.CampoLuogoNascita, anagrafica.CampoSesso:
		return true
	default:
		return false
	}
}

func (i Identita) attributo(nome string, c Campo) any {
	p := i.Persona
	switch nome {
	case anagrafica.CampoNome:
		return p.Nome
	case anagrafica.CampoCognome:
		return p.Cognome
	case anagrafica.CampoCodiceFiscale:
		return string(p.CodiceFiscale)
	case anagrafica.CampoNascita:
		if p.Nascita.IsZero() {
			return nil
		}
		return p.Nascita.String()
	case anagrafica.CampoLuogoNascita:
		if c.Tipo == Scelta {
			return string(p.LuogoNascita.Belfiore)
		}
		return p.LuogoNascita.String()
	case anagrafica.CampoSesso:
		return string(p.Sesso)
	case anagrafica.CampoEmail:
		return string(p.Email)
	case anagrafica.CampoPEC:
		return string(p.PEC)
	case anagrafica.CampoTelefono:
		return string(p.Telefono)
	case "residenza.via":
		return p.Residenza.Via
	case "residenza.civico":
		return p.Residenza.Civico
	case "residenza.cap":
		return string(p.Residenza.CAP)
	case "residenza.comune":
		return p.Residenza.Comune
	case "residenza.provincia":
		return p.Residenza.Provincia
	default:
		return nil
	}
}

// PraticaPrecedente is the Fonte of what the same person answered before: it
// proposes, and locks nothing.
type PraticaPrecedente struct {
	Risposte    Risposte
	Provenienza string // "Pratica 2025-000123"
	// Campi says which answers: field id here → field id there. Nil proposes every
	// answer whose id this form has too.
	Campi map[string]string
}

// Precompila gives the answers of that pratica. There is no error.
func (p PraticaPrecedente) Precompila(_ context.Context, m *Modulo) (map[string]Precompilato, error) {
	campi := p.Campi
	if campi == nil {
		campi = make(map[string]string, len(p.Risposte))
		for id := range p.Risposte {
			campi[id] = id
		}
	}
	q := map[string]Precompilato{}
	for qui, la := range campi {
		if v, ok := p.Risposte[la]; ok {
			q[qui] = Precompilato{Valore: v, Provenienza: p.Provenienza}
		}
	}
	return q, nil
}
