package postgres

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// What the tests look at from within.

// Scritture of a name, of what is looked for and of a value, and their reading.
var (
	Nome       = nome
	Testo      = testo
	Scrivi     = scrivi
	Leggi      = leggi
	Successivo = successivo
	Traduci    = traduci
)

// Frasi gives the statements by which Cerca may find a page, by name, and their values.
func Frasi(f storage.Filtro, servizi ...string) (map[string]string, map[string][]any) {
	f, dopo, _ := proiezione.Filtro(f)
	termini, _ := proiezione.Ricerca(&f)
	e := elenco{f: &f, dopo: dopo, parole: parole(termini), n: f.Limite + 1, misure: misureNormali()}
	if f.Servizi != nil {
		servizi = f.Servizi
	}
	frasi, valori := map[string]string{}, map[string][]any{}
	for nome, come := range map[string]func() (string, []any){
		"raccolte": e.raccolte, "collezioni": e.collezioni, "inizio": e.inizio,
		"assaggio":  func() (string, []any) { return e.camminate(true) },
		"camminata": func() (string, []any) { return e.camminate(false) },
		"tratti":    func() (string, []any) { return e.frase(e.tratti(nomi(servizi))) },
	} {
		frasi[nome], valori[nome] = come()
	}
	return frasi, valori
}

// Corta has every way to a page given up early, so that few rows take them all.
func (s *Store) Corta() {
	s.misure = misure{assaggio: 3, candidate: 5, assaggioAggiornate: 2, candidateAggiornate: 4, tratti: 4}
}

// FraseRegistra gives the statement of a commit and its values.
func (s *Store) FraseRegistra(ctx context.Context, c storage.Commit) (string, []any, error) {
	v, err := s.valori(ctx, &c)
	if len(c.Liberi) > 0 {
		return fraseRestituisce, v, err
	}
	return fraseRegistra, v, err
}

// FrasiEffetti are those that lease effects.
func FrasiEffetti() map[string]string {
	return map[string]string{"prenota": frasePrenota, "prenota_senza": frasePrenotaSenza, "prenota_solo": frasePrenotaSolo}
}

// Con runs fn on one of the connections of the Store.
func (s *Store) Con(ctx context.Context, fn func(context.Context, *pgxpool.Conn) error) error {
	return s.legge(ctx, "prova", fn)
}
