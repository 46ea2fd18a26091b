package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// Riversa commits in one transaction what commit gives for 0…n-1, by the same
// statements as Registra.
func (s *Store) Riversa(ctx context.Context, n int, commit func(i int) storage.Commit) error {
	return s.scrive(ctx, "Riversa", func(tx *sql.Tx) error {
		for i := range n {
			c := commit(i)
			g := registrazione{s: s, ctx: ctx, tx: tx, c: &c, ente: c.Pratica.Ente, id: string(c.Pratica.ID)}
			if err := g.prepara(); err != nil {
				return err
			}
			if _, err := g.scrivi(); err != nil {
				return err
			}
		}
		return nil
	})
}

// MassimePagine bounds the file, as a full disk does.
func (s *Store) MassimePagine(ctx context.Context, n int) error {
	_, err := s.scrittura.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", n))
	return err
}

// SoglieMinime makes lists take the ways that are meant for many rows.
func (s *Store) SoglieMinime() {
	s.soglie = soglie{parti: 2, incroci: 3, periodi: 2, contate: 1, raccolte: 1, percorse: 2, espanse: 1}
}

// Spiega says how SQLite reads a list: EXPLAIN QUERY PLAN of each statement that
// it may take, one step a line. unione are those of lists without text, raccolta
// puts in order what a text collected, percorsa walks the list for its words.
func (s *Store) Spiega(ctx context.Context, f storage.Filtro) (unione, raccolta, percorsa []string, err error) {
	f, dopo, err := proiezione.Filtro(f)
	if err != nil {
		return nil, nil, nil, err
	}
	err = s.legge(ctx, "Spiega", func(tx *sql.Tx) error {
		termini, _ := proiezione.Ricerca(&f)
		p, o := nuovoPiano(&f, termini), ordineDi(&f, dopo)
		proprio := p.proprio()
		if !proprio {
			if err := p.dividi(ctx, s, tx); err != nil {
				return err
			}
		}
		if unione, err = spiega(ctx, tx, p.frasiPagina(o, s.soglie.parti, 0)...); err != nil || proprio || len(termini) == 0 {
			return err
		}
		q, err := p.fraseRaccolte(o, []int64{1, 2})
		if err != nil {
			return err
		}
		if raccolta, err = spiega(ctx, tx, q); err != nil {
			return err
		}
		if percorsa, err = spiega(ctx, tx, p.frasiPagina(o, s.soglie.parti, s.soglie.percorse)...); err != nil {
			return err
		}
		p.infine("x")
		altra, err := spiega(ctx, tx, p.frasiPagina(o, s.soglie.parti, 0)...)
		percorsa = append(percorsa, altra...)
		return err
	})
	return unione, raccolta, percorsa, err
}

func spiega(ctx context.Context, tx *sql.Tx, frasi ...*condizioni) ([]string, error) {
	var passi []string
	for _, q := range frasi {
		righe, err := tx.QueryContext(ctx, "EXPLAIN QUERY PLAN "+q.String(), q.valori...)
		if err != nil {
			return nil, err
		}
		err = scorri(righe, func() error {
			var a, b, c int
			var passo string
			err := righe.Scan(&a, &b, &c, &passo)
			passi = append(passi, passo)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return passi, nil
}

// SpiegaFrasi does the same for every prepared statement.
func (s *Store) SpiegaFrasi(ctx context.Context) (map[string][]string, error) {
	piani := map[string][]string{}
	err := s.legge(ctx, "Spiega", func(tx *sql.Tx) error {
		for _, f := range append(s.q.scrive(), s.q.legge()...) {
			valori := make([]any, 32)
			passi, err := spiega(ctx, tx, &condizioni{frasi: []string{f.testo}, valori: valori[:parametri(f.testo)]})
			if err != nil {
				return fmt.Errorf("%s: %w", f.testo, err)
			}
			piani[f.testo] = passi
		}
		return nil
	})
	return piani, err
}

// parametri counts those of a statement.
func parametri(testo string) int {
	massimo, semplici := 0, 0
	for i := range len(testo) {
		if testo[i] != '?' {
			continue
		}
		semplici++
		n := 0
		for j := i + 1; j < len(testo) && testo[j] >= '0' && testo[j] <= '9'; j++ {
			n = 10*n + int(testo[j]-'0')
		}
		massimo = max(massimo, n)
	}
	if massimo > 0 {
		return massimo
	}
	return semplici
}

// Lessemi gives what a search looks into, as it is stored.
func Lessemi(p *pratica.Pratica) string {
	r := proiezione.Riga(p, nil, false)
	return lessemi(p.Ente, &r, nil)
}
