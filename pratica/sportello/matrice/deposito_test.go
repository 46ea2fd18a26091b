package matrice_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
)

// deposito is a kind of store that more than one process can open: a column of
// the matrix.
type deposito struct {
	nome string
	// manca says what to do to switch it on; empty where it can run.
	manca string
	// copiabile: all of it is in the folder, so that a copy of the folder is a copy of it.
	copiabile bool
	// prepara gives what makes room for an empty store, until the end of its test,
	// and gives its address; what it makes is gone when the test of prepara ends.
	prepara func(*testing.T) func(*testing.T) string
	apri    func(ctx context.Context, cartella, indirizzo string) (chiudibile, error)
}

type chiudibile interface {
	storage.Store
	Close() error
}

// depositi are the columns of the matrix.
func depositi() []deposito {
	return []deposito{
		{
			nome: "sqlite", copiabile: true,
			prepara: func(*testing.T) func(*testing.T) string { return func(*testing.T) string { return "" } },
			apri: func(ctx context.Context, cartella, _ string) (chiudibile, error) {
				return sqlite.Open(ctx, sqlite.Config{Percorso: filepath.Join(cartella, "pratiche.db")})
			},
		},
		conPostgres(os.Getenv(serverPostgres)),
	}
}

// seguito is a store that follows the steps of its process: those that write.
type seguito struct {
	storage.Store
	k *colpo
}

// scritture are the methods that an effect writes with.
func scritture() []string { return []string{"Aggiorna", "Prenota", "Registra", "Transazione"} }

// letture are the methods of a store that write nothing: a process that ends
// around them leaves what the step before left.
func letture() []string {
	return []string{"Carica", "Cerca", "Effetti", "Effetto", "Eventi", "InUso", "Lettura", "Riassumi", "Ripetuta"}
}

// soloComandi are those that no effect uses: commands of people do.
func soloComandi() []string { return []string{"Numera", "Sblocca"} }

// Registra implements storage.Store.
func (s *seguito) Registra(ctx context.Context, c storage.Commit) (r storage.Ricevuta, err error) {
	var nomi []string
	for _, e := range c.Eventi {
		nomi = append(nomi, nomeFatto(e))
	}
	glossa := strings.Join(nomi, ", ")
	if c.Concluso != nil {
		glossa += ", effetto concluso"
	}
	err = s.k.passo("Store.Registra", glossa, func(*passo) error {
		r, err = s.Store.Registra(ctx, c)
		return err
	})
	return r, err
}

func nomeFatto(e pratica.Evento) string { return reflect.TypeOf(e.Fatto).Name() }

// Prenota implements storage.Store. What it gives is what the process works at
// from then on.
func (s *seguito) Prenota(ctx context.Context, p storage.Prenotazione) (presi []storage.Effetto, err error) {
	s.k.lavora()
	err = s.k.passo("Store.Prenota", "", func(*passo) error {
		presi, err = s.Store.Prenota(ctx, p)
		s.k.lavora(presi...)
		return err
	})
	return presi, err
}

// Aggiorna implements storage.Store.
func (s *seguito) Aggiorna(ctx context.Context, e storage.Effetto) error {
	return s.k.passo("Store.Aggiorna", glossaDi(e), func(*passo) error { return s.Store.Aggiorna(ctx, e) })
}

// glossaDi says what an update writes: the end of an attempt, or the journal.
func glossaDi(e storage.Effetto) string {
	if e.Stato != storage.InCorso {
		return "effetto " + string(e.Stato)
	}
	var d struct {
		Tappa    string   `json:"tappa"`
		Mancanti []string `json:"mancanti"`
		Vuota    *string  `json:"vuota"`
	}
	if err := json.Unmarshal(e.Diario, &d); err != nil {
		return "diario illeggibile"
	}
	switch {
	case d.Tappa == "in_invio" && d.Vuota != nil:
		return nienteTrovato
	case d.Tappa == "in_invio":
		return intento
	case d.Tappa == "registrata" && len(d.Mancanti) > 0:
		return fmt.Sprintf("%s, allegati da mandare: %d", numeroNoto, len(d.Mancanti))
	case d.Tappa == "registrata":
		return numeroNoto
	default:
		return "diario: niente inviato"
	}
}

const (
	intento       = "diario: intento"
	nienteTrovato = "diario: prima ricerca vuota"
	numeroNoto    = "diario: numero"
)

// Transazione implements cassetto.Cassetto. In the middle of it all is written
// and nothing is committed.
func (s *seguito) Transazione(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	return s.k.passo("Store.Transazione", "", func(p *passo) error {
		return s.Store.Transazione(ctx, ente, func(tx cassetto.Tx) error {
			scritti := &scrivano{Tx: tx}
			if err := fn(scritti); err != nil {
				return err
			}
			p.glossa = glossaScritti(scritti.cambi)
			p.nelMezzo(p.glossa, nil)
			return nil
		})
	})
}

// glossaScritti says what a transaction of the drawer was for.
func glossaScritti(cambi []cambio) string {
	for _, c := range cambi {
		porta, _, _ := strings.Cut(c.Tabella, ".")
		switch {
		case c.Tabella == "sportello.fascicoli" && strings.Contains(string(c.Valore), `"apre"`):
			return "fascicolo: lo apre questo processo"
		case c.Tabella == "sportello.fascicoli":
			return "fascicolo: aperto"
		case c.Tabella == "protocollo.fascicolo":
			return "registro interno: fascicolo"
		case c.Tabella == "protocollo.voce":
			return numeroInterno
		case porta == "pagamenti":
			return "tramite interno: posizione"
		case porta == "appuntamenti":
			return "agenda interna: prenotazione"
		default:
		}
	}
	return "nessuna scrittura"
}

const numeroInterno = "registro interno: numero"
