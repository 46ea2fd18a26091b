package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// massimoRaccolte bounds what a search of text collects from the index: more
// matches than these are met soon enough by walking the list itself.
const massimoRaccolte = 2000

// raccogli gives the rows that have the terms, where they are few.
func (s *Store) raccogli(ctx context.Context, tx *sql.Tx, termini []proiezione.Termine) (righe []int64, tutte bool, err error) {
	trovate, err := tx.StmtContext(ctx, s.q.raccogli).QueryContext(ctx, esprime(termini), massimoRaccolte+1)
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

// esprime writes terms as the full-text index reads them. Lexemes are letters,
// digits and underscores.
func esprime(termini []proiezione.Termine) string {
	var b strings.Builder
	for i, t := range termini {
		if i > 0 {
			b.WriteString(" AND ")
		}
		b.WriteString(`"` + t.Lessema + `"`)
		if !t.Intero {
			b.WriteString(" *")
		}
	}
	return b.String()
}
