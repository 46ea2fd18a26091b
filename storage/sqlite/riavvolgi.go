package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

var _ storage.Riavvolgitore = (*Store)(nil)

// deposito is a table of sealed contents.
type deposito struct {
	tabella   string
	colonna   string   // of the content
	da        string   // where it is read
	chiave    []string // by which it is read in order; the first is the ente
	parametri string   // of the key
	uguale    string   // the condition that the key is these parameters
	luogo     func(chiave []string) string
}

func depositi() []deposito {
	return []deposito{
		{"proiezioni", "dati", "pratiche CROSS JOIN proiezioni USING (riga)", []string{"ente", "id"}, "(?, ?)",
			"riga = (SELECT riga FROM pratiche WHERE (ente, id) = (?, ?))",
			func(k []string) string { return luogoPratica(pratica.ID(k[1])) }},
		{"eventi", "evento", "eventi", []string{"ente", "pratica", "progressivo"}, "(?, ?, CAST(? AS INTEGER))",
			"(ente, pratica, progressivo) = (?, ?, CAST(? AS INTEGER))",
			func(k []string) string {
				n, _ := strconv.Atoi(k[2])
				return luogoEvento(pratica.ID(k[1]), n)
			}},
		{"effetti", "diario", "effetti", []string{"ente", "id"}, "(?, ?)", "(ente, id) = (?, ?)",
			func(k []string) string { return luogoEffetto(k[1]) }},
		{"cassetto", "valore", "cassetto", []string{"ente", "tabella", "chiave"}, "(?, ?, ?)", "(ente, tabella, chiave) = (?, ?, ?)",
			func(k []string) string { return luogoVoce(k[1], k[2]) }},
	}
}

// contenuto is a sealed content and its place.
type contenuto struct {
	chiave         []any
	vecchio, nuovo []byte
}

const (
	lottoRiavvolgi     = 100 // contents of one transaction
	tentativiRiavvolgi = 20
)

var errConteso = errors.New("un contenuto cambia di continuo: ripetere")

// Riavvolgi implements storage.Riavvolgitore. A content that somebody else
// changed meanwhile is left alone and looked at again. Where Config has no Busta
// it fails on the first content that is sealed, and does nothing otherwise. What
// a content was before stays in unused parts of the file until they are used
// again, or until VACUUM.
func (s *Store) Riavvolgi(ctx context.Context) (int, error) {
	cambiati := 0
	for _, d := range depositi() {
		var dopo []any
		for {
			lotto, err := s.contenuti(ctx, &d, dopo)
			if err != nil {
				return cambiati, err
			}
			if len(lotto) == 0 {
				break
			}
			dopo = lotto[len(lotto)-1].chiave
			n, err := s.riavvolgi(ctx, &d, lotto)
			if cambiati += n; err != nil {
				return cambiati, err
			}
		}
	}
	return cambiati, nil
}

// riavvolgi brings some contents under the active key and says how many changed.
func (s *Store) riavvolgi(ctx context.Context, d *deposito, lotto []contenuto) (int, error) {
	cambiati := 0
	for range tentativiRiavvolgi {
		da, err := s.sotto(ctx, d, lotto)
		if err != nil || len(da) == 0 {
			return cambiati, err
		}
		lotto = lotto[:0]
		err = s.scrive(ctx, "Riavvolgi", func(tx *sql.Tx) error {
			for _, c := range da {
				r, err := tx.ExecContext(ctx, "UPDATE "+d.tabella+" SET "+d.colonna+" = ? WHERE "+d.uguale+" AND "+d.colonna+" = ?", append(append([]any{c.nuovo}, c.chiave...), c.vecchio)...)
				if err != nil {
					return err
				}
				n, err := r.RowsAffected()
				if err != nil {
					return err
				}
				if n == 0 {
					lotto = append(lotto, c)
				}
			}
			return nil
		})
		if err != nil {
			return cambiati, err
		}
		cambiati += len(da) - len(lotto)
		if lotto, err = s.rileggi(ctx, d, lotto); err != nil {
			return cambiati, err
		}
	}
	return cambiati, fmt.Errorf("sqlite.Riavvolgi: %w", errConteso)
}

// sotto gives the contents that are not under the active key, and how they must be.
func (s *Store) sotto(ctx context.Context, d *deposito, lotto []contenuto) ([]contenuto, error) {
	var da []contenuto
	for _, c := range lotto {
		testi := make([]string, len(c.chiave))
		for i := range c.chiave {
			testi[i], _ = c.chiave[i].(string)
		}
		nuovo, cambiato, err := s.busta.Riavvolgi(ctx, testi[0], d.luogo(testi), c.vecchio)
		if err != nil {
			return nil, sigillo(err)
		}
		if cambiato {
			c.nuovo = nuovo
			da = append(da, c)
		}
	}
	return da, nil
}

// contenuti gives the contents after a key.
func (s *Store) contenuti(ctx context.Context, d *deposito, dopo []any) ([]contenuto, error) {
	dove := ""
	if dopo != nil {
		dove = " AND (" + strings.Join(d.chiave, ", ") + ") > " + d.parametri
	}
	return s.leggiContenuti(ctx, d, dove+" ORDER BY "+strings.Join(d.chiave, ", ")+" LIMIT "+strconv.Itoa(lottoRiavvolgi), dopo)
}

// rileggi reads contents again; those that are gone are left out.
func (s *Store) rileggi(ctx context.Context, d *deposito, lotto []contenuto) ([]contenuto, error) {
	var letti []contenuto
	for _, c := range lotto {
		l, err := s.leggiContenuti(ctx, d, " AND ("+strings.Join(d.chiave, ", ")+") = "+d.parametri, c.chiave)
		if err != nil {
			return nil, err
		}
		letti = append(letti, l...)
	}
	return letti, nil
}

func (s *Store) leggiContenuti(ctx context.Context, d *deposito, coda string, valori []any) ([]contenuto, error) {
	righe, err := s.lettura.QueryContext(ctx, "SELECT "+strings.Join(d.chiave, ", ")+", "+d.colonna+" FROM "+d.da+" WHERE "+d.colonna+" IS NOT NULL"+coda, valori...)
	if err != nil {
		return nil, traduci(ctx, "Riavvolgi", err)
	}
	var letti []contenuto
	err = scorri(righe, func() error {
		chiave := make([]string, len(d.chiave))
		c := contenuto{chiave: make([]any, len(d.chiave))}
		dove := []any{}
		for i := range chiave {
			dove = append(dove, &chiave[i])
		}
		err := righe.Scan(append(dove, &c.vecchio)...)
		for i := range chiave {
			c.chiave[i] = chiave[i]
		}
		c.vecchio = append([]byte{}, c.vecchio...) // empty, not none
		letti = append(letti, c)
		return err
	})
	return letti, traduci(ctx, "Riavvolgi", err)
}
