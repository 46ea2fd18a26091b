package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// Lexemes of these lengths the index has as beginnings.
const prefissoMinimo, prefissoMassimo = 12, 17

// trovaTesto gives the rows of a page of a search: rare words are looked up and
// their rows put in order; frequent ones are met by walking the list; where they
// are not, the list is walked with all their rows at hand.
func (l *elenco) trovaTesto(p *piano, o ordine, termini []proiezione.Termine) ([]trovata, error) {
	cerca, err := l.s.esprime(l.ctx, l.tx, termini)
	if err != nil || cerca == "" {
		return nil, err
	}
	righe, err := l.s.raccogli(l.ctx, l.tx, cerca)
	if err != nil || len(righe) == 0 {
		return nil, err
	}
	if len(righe) <= l.s.soglie.raccolte {
		q, err := p.fraseRaccolte(o, righe)
		if err != nil {
			return nil, err
		}
		return l.esegui(q)
	}
	if err := p.dividi(l.ctx, l.s, l.tx); err != nil {
		return nil, err
	}
	trovate, piene, err := l.unisci(p, o, p.frasiPagina(o, l.s.soglie.parti, l.s.soglie.percorse))
	if err != nil || piene {
		return trovate, err
	}
	p.infine(cerca)
	trovate, _, err = l.unisci(p, o, p.frasiPagina(o, l.s.soglie.parti, 0))
	return trovate, err
}

// infine is the plan that finds frequent words wherever they are. A part of the
// list that has few rows by itself is read whole. Elsewhere what the full-text
// index finds is a set at hand while the list is walked, not a way into the table.
func (p *piano) infine(cerca string) {
	if p.suo() {
		return
	}
	p.intero()
	p.condizioni.e("+riga IN (SELECT rowid FROM ricerca WHERE ricerca MATCH " + p.condizioni.v(cerca) + ")")
}

// raccogli gives the rows that the full-text index finds, at most one more than
// soglie.raccolte.
func (s *Store) raccogli(ctx context.Context, tx *sql.Tx, cerca string) ([]int64, error) {
	trovate, err := tx.StmtContext(ctx, s.q.raccogli).QueryContext(ctx, cerca, s.soglie.raccolte+1)
	if err != nil {
		return nil, err
	}
	var righe []int64
	err = scorri(trovate, func() error {
		var n int64
		err := trovate.Scan(&n)
		righe = append(righe, n)
		return err
	})
	return righe, err
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
		e(p.resto()) + e(p.condizioni.frasi) + e(p.testo) + o.inizio(c, p.f) + " ORDER BY 2 " + o.verso + ", 3 " + o.verso + " LIMIT " + c.v(p.f.Limite+1)
	c.frasi = []string{testo}
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
			if len(parole) > s.soglie.espanse {
				tutti = append(tutti, `"`+t.Lessema+`" *`)
			} else {
				tutti = append(tutti, `("`+strings.Join(parole, `" OR "`)+`")`)
			}
		}
	}
	return strings.Join(tutti, " AND "), nil
}

// espandi gives the words that begin so, at most one more than soglie.espanse.
func (s *Store) espandi(ctx context.Context, tx *sql.Tx, inizio string) ([]string, error) {
	q := tx.StmtContext(ctx, s.q.parola)
	var parole []string
	for da := inizio; len(parole) <= s.soglie.espanse; {
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
