package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

const (
	// massimoRaccolte bounds what a search of text collects from the index: more
	// matches than these are met soon enough by walking the list itself.
	massimoRaccolte = 4000
	// massimoEspanse bounds the words that a long beginning stands for. One that
	// has more is a code, of which each word is rare.
	massimoEspanse = 64
	// Lexemes of these lengths the index has as beginnings.
	prefissoMinimo, prefissoMassimo = 12, 17
)

// raccogli gives the rows that have the terms, where they are few.
func (s *Store) raccogli(ctx context.Context, tx *sql.Tx, termini []proiezione.Termine) (righe []int64, tutte bool, err error) {
	cerca, err := s.esprime(ctx, tx, termini)
	if err != nil || cerca == "" {
		return nil, true, err
	}
	trovate, err := tx.StmtContext(ctx, s.q.raccogli).QueryContext(ctx, cerca, massimoRaccolte+1)
	if err != nil {
		return nil, false, err
	}
	err = scorri(trovate, func() error {
		var n int64
		err := trovate.Scan(&n)
		righe = append(righe, n)
		return err
	})
	return righe, len(righe) <= massimoRaccolte, err
}

// fraseRaccolte is the statement that puts rows already found in the order of
// the list: riga, instant, id.
func (p *piano) fraseRaccolte(o ordine, righe []int64) (*condizioni, error) {
	b, err := json.Marshal(righe)
	if err != nil {
		return nil, err
	}
	c := p.condizioni.copia()
	testo := "SELECT riga, " + o.colonna + ", id FROM pratiche NOT INDEXED WHERE riga IN (SELECT value FROM json_each(" + c.v(string(b)) + ")) AND ente = " + c.v(p.f.Ente) +
		e(p.resto()) + e(p.condizioni.frasi) + o.inizio(c, p.f)
	c.frasi = []string{testo + o.fine(c, p.f)}
	return c, nil
}

// esprime writes terms as the full-text index reads them; "" where one of them
// is in no pratica. What it writes is read step by step, however frequent the
// words are: the index would read a beginning that it does not have whole, so
// that is spelled out. Lexemes are letters, digits and underscores.
func (s *Store) esprime(ctx context.Context, tx *sql.Tx, termini []proiezione.Termine) (string, error) {
	var tutti []string
	for _, t := range termini {
		switch n := len(t.Lessema); {
		case t.Intero:
			tutti = append(tutti, `"`+t.Lessema+`"`)
		case n >= prefissoMinimo && n <= prefissoMassimo:
			tutti = append(tutti, `"`+t.Lessema+`" *`)
		default:
			parole, err := s.espandi(ctx, tx, t.Lessema)
			if err != nil || len(parole) == 0 {
				return "", err
			}
			if len(parole) > massimoEspanse {
				tutti = append(tutti, `"`+t.Lessema+`" *`)
			} else {
				tutti = append(tutti, `("`+strings.Join(parole, `" OR "`)+`")`)
			}
		}
	}
	return strings.Join(tutti, " AND "), nil
}

// espandi gives the words that begin so, at most one more than massimoEspanse.
func (s *Store) espandi(ctx context.Context, tx *sql.Tx, inizio string) ([]string, error) {
	q := tx.StmtContext(ctx, s.q.parola)
	var parole []string
	for da := inizio; len(parole) <= massimoEspanse; {
		var p string
		err := q.QueryRowContext(ctx, da, inizio+"\x7f").Scan(&p)
		if errors.Is(err, sql.ErrNoRows) {
			break
		}
		if err != nil {
			return nil, err
		}
		parole = append(parole, p)
		da = p + "\x01" // the next one: no word has this character
	}
	return parole, nil
}
