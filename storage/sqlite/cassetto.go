package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// Transazione implements cassetto.Cassetto. fn must not call back into the
// Store: it would wait for itself.
func (s *Store) Transazione(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	if err := cassetto.Controlla(ente, "-", "-", nil); err != nil {
		return err
	}
	return s.scrive(ctx, "Transazione", func(tx *sql.Tx) error {
		return utente(fn(&voci{s: s, ctx: ctx, tx: tx, ente: ente, scrive: true}))
	})
}

// Lettura implements cassetto.Cassetto.
func (s *Store) Lettura(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	if err := cassetto.Controlla(ente, "-", "-", nil); err != nil {
		return err
	}
	return s.legge(ctx, "Lettura", func(tx *sql.Tx) error {
		return utente(fn(&voci{s: s, ctx: ctx, tx: tx, ente: ente}))
	})
}

func utente(err error) error {
	if err == nil {
		return nil
	}
	return errUtente{err}
}

// voci is the Tx of one transaction.
type voci struct {
	s      *Store
	ctx    context.Context //nolint:containedctx // lives as long as one transaction
	tx     *sql.Tx
	ente   string
	scrive bool
}

func (v *voci) Leggi(tabella, chiave string) ([]byte, error) {
	q := v.s.q.leggiVoce
	if v.scrive {
		q = v.s.q.leggi
	}
	var b []byte
	err := v.tx.StmtContext(v.ctx, q).QueryRowContext(v.ctx, v.ente, tabella, chiave).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, cassetto.ErrAssente
	}
	if err != nil {
		return nil, traduci(v.ctx, "Leggi", err)
	}
	return v.s.apre(v.ctx, v.ente, luogoVoce(tabella, chiave), append([]byte{}, b...))
}

func (v *voci) Scrivi(tabella, chiave string, valore []byte) error {
	_, err := v.muta(v.s.q.scrivi, tabella, chiave, valore)
	return err
}

func (v *voci) Inserisci(tabella, chiave string, valore []byte) error {
	n, err := v.muta(v.s.q.inserisciVoce, tabella, chiave, valore)
	if err == nil && n == 0 {
		return cassetto.ErrPresente
	}
	return err
}

func (v *voci) muta(q *sql.Stmt, tabella, chiave string, valore []byte) (int64, error) {
	if !v.scrive {
		return 0, cassetto.ErrSolaLettura
	}
	if err := cassetto.Controlla(v.ente, tabella, chiave, valore); err != nil {
		return 0, err
	}
	dati, err := v.s.chiude(v.ctx, v.ente, luogoVoce(tabella, chiave), append([]byte{}, valore...))
	if err != nil {
		return 0, err
	}
	r, err := v.tx.StmtContext(v.ctx, q).ExecContext(v.ctx, v.ente, tabella, chiave, dati)
	if err != nil {
		return 0, traduci(v.ctx, "Scrivi", err)
	}
	return r.RowsAffected()
}

func (v *voci) Elimina(tabella, chiave string) error {
	if !v.scrive {
		return cassetto.ErrSolaLettura
	}
	_, err := v.tx.StmtContext(v.ctx, v.s.q.eliminaVoce).ExecContext(v.ctx, v.ente, tabella, chiave)
	return traduci(v.ctx, "Elimina", err)
}

func (v *voci) Elenca(tabella string, i cassetto.Intervallo) ([]cassetto.Voce, error) {
	var c condizioni
	c.e("ente = "+c.v(v.ente), "tabella = "+c.v(tabella))
	if i.Prefisso != "" {
		c.e("chiave >= " + c.v(i.Prefisso))
		if fine := successivo(i.Prefisso); fine != "" {
			c.e("chiave < " + c.v(fine))
		}
	}
	verso, segno := "ASC", ">"
	if i.Inverso {
		verso, segno = "DESC", "<"
	}
	if i.Dopo != "" {
		c.e("chiave " + segno + " " + c.v(i.Dopo))
	}
	testo := `SELECT chiave, valore FROM cassetto WHERE ` + c.String() + ` ORDER BY chiave ` + verso + ` LIMIT ` + c.v(i.Massimo())
	righe, err := v.tx.QueryContext(v.ctx, testo, c.valori...)
	if err != nil {
		return nil, traduci(v.ctx, "Elenca", err)
	}
	elenco := []cassetto.Voce{}
	err = scorri(righe, func() error {
		var x cassetto.Voce
		err := righe.Scan(&x.Chiave, &x.Valore)
		if err == nil {
			x.Valore, err = v.s.apre(v.ctx, v.ente, luogoVoce(tabella, x.Chiave), append([]byte{}, x.Valore...))
		}
		elenco = append(elenco, x)
		return err
	})
	if err != nil {
		return nil, traduci(v.ctx, "Elenca", err)
	}
	return elenco, nil
}

// successivo is the first string after all those that begin with prefisso, ""
// where there is none.
func successivo(prefisso string) string {
	b := []byte(prefisso)
	for len(b) > 0 {
		if n := len(b) - 1; b[n] < 0xff {
			b[n]++
			return string(b)
		}
		b = b[:len(b)-1]
	}
	return ""
}
