// Package servizi is the municipality of the example portal: its services, its
// offices and calendars, the demo citizens and operators. Everything in it is
// invented. Monta puts the portal together from it.
package servizi

import (
	"embed"
	"fmt"

	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

//go:embed configurazioni/*.json
var configurazioni embed.FS

// Ids of the services.
const (
	IscrizioneNido   = "iscrizione-nido"   // protocollo, integrations, notice of refusal, withdrawal
	OccupazioneSuolo = "occupazione-suolo" // fee in advance, stamps, assignment, payment at release
	CartaIdentita    = "carta-identita"    // an appointment and nothing else
	Segnalazione     = "segnalazione"      // forwarded, open to everybody
	CentriEstivi     = "centri-estivi"     // its form comes from Form.io
)

// Ente is the invented municipality.
func Ente() sportello.Ente {
	return sportello.Ente{Codice: "c_z999", Nome: "Comune di Borgo Sereno", Luogo: "Borgo Sereno"}
}

// Elenco reads the services, in the order in which they are offered.
func Elenco() ([]*servizio.Servizio, error) {
	var elenco []*servizio.Servizio
	for _, id := range []string{IscrizioneNido, OccupazioneSuolo, CartaIdentita, Segnalazione} {
		s, err := leggi("configurazioni/" + id + ".json")
		if err != nil {
			return nil, fmt.Errorf("servizi: %s: %w", id, err)
		}
		elenco = append(elenco, s)
	}
	s, err := importa(CentriEstivi)
	if err != nil {
		return nil, fmt.Errorf("servizi: %s: %w", CentriEstivi, err)
	}
	return append(elenco, s), nil
}

func leggi(nome string) (*servizio.Servizio, error) {
	f, err := configurazioni.Open(nome)
	if err != nil {
		return nil, err
	}
	s, err := servizio.Leggi(f)
	if chiuso := f.Close(); err == nil {
		err = chiuso
	}
	return s, err
}
