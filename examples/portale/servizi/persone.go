package servizi

import (
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Cittadini gives the demo citizens. Their codici fiscali are well formed; the
// persons do not exist.
func Cittadini() ([]web.Identita, error) {
	dati := []struct {
		codice, nome, cognome, luogo, provincia string
		belfiore                                anagrafica.Belfiore
		nascita                                 termini.Giorno
		sesso                                   anagrafica.Sesso
		livello                                 servizio.Livello
		metodo, descrizione                     string
	}{
		{"anna", "Anna", "Galbiati", "Milano", "MI", "F205", termini.Giorno{Anno: 1990, Mese: time.March, Giorno: 25}, anagrafica.Femminile, servizio.SPID2, "SPID", "SPID, livello 2"},
		{"bruno", "Bruno", "Ferraris", "Torino", "TO", "L219", termini.Giorno{Anno: 1978, Mese: time.November, Giorno: 3}, anagrafica.Maschile, servizio.CIE, "CIE", "Carta d'identità elettronica"},
		{"chiara", "Chiara", "D'Amico", "Roma", "RM", "H501", termini.Giorno{Anno: 1985, Mese: time.June, Giorno: 12}, anagrafica.Femminile, servizio.SPID1, "SPID", "SPID, livello 1: non basta per tutti i servizi"},
	}
	var v []web.Identita
	for _, d := range dati {
		cf, err := anagrafica.Calcola(d.cognome, d.nome, d.nascita, d.sesso, d.belfiore)
		if err != nil {
			return nil, fmt.Errorf("servizi: persona %s: %w", d.codice, err)
		}
		v = append(v, web.Identita{
			Codice: d.codice, Nome: d.nome + " " + d.cognome, Descrizione: d.descrizione,
			Attore: pratica.Attore{
				Ruolo: pratica.Cittadino, ID: d.codice, Ente: Ente().Codice, Livello: d.livello, Metodo: d.metodo,
				Persona: anagrafica.Persona{
					Nome: d.nome, Cognome: d.cognome, CodiceFiscale: cf, Nascita: d.nascita, Sesso: d.sesso,
					LuogoNascita: anagrafica.LuogoNascita{Comune: d.luogo, Provincia: d.provincia, Belfiore: d.belfiore},
				},
			},
		})
	}
	return v, nil
}

// Rubrica gives the demo operators: each with other services and offices.
func Rubrica() *web.Rubrica {
	return web.NuovaRubrica(Ente().Codice,
		web.Operatore{ID: "op-ferri", Nome: "Marta Ferri", Ruolo: "Ufficio Servizi educativi", Servizi: []string{IscrizioneNido, CentriEstivi}, Uffici: []string{"scuola"}},
		web.Operatore{ID: "op-conti", Nome: "Luca Conti", Ruolo: "Ufficio Suolo pubblico, centro e quartieri", Servizi: []string{OccupazioneSuolo, Segnalazione}, Uffici: []string{"suolo-centro", "suolo-quartieri"}},
		web.Operatore{ID: "op-riva", Nome: "Paola Riva", Ruolo: "Sportello polifunzionale: tutti i servizi", Servizi: []string{IscrizioneNido, OccupazioneSuolo, CartaIdentita, Segnalazione, CentriEstivi}, Uffici: []string{"scuola", "suolo-quartieri"}},
	)
}
