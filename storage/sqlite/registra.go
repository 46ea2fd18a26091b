package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// Registra implements storage.Store.
func (s *Store) Registra(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
	if err := proiezione.Identita(&c); err != nil {
		return storage.Ricevuta{}, err
	}
	// What costs time happens before the writer is taken; what is wrong with the
	// commit is told only where its key was not used before.
	g := registrazione{s: s, ctx: ctx, c: &c, ente: c.Pratica.Ente, id: string(c.Pratica.ID)}
	difetto := g.prepara()
	var r storage.Ricevuta
	err := s.scrive(ctx, "Registra", func(tx *sql.Tx) (err error) {
		g.tx = tx
		if c.Chiave != "" {
			vecchia, ok, err := ricevuta(g.riga(s.q.chiave, g.ente, g.id, c.Chiave))
			if err != nil {
				return err
			}
			if ok {
				r = vecchia
				return nil
			}
		}
		if difetto != nil {
			return errUtente{difetto}
		}
		r, err = g.scrivi()
		return err
	})
	if err != nil {
		return storage.Ricevuta{}, err
	}
	return r, nil
}

// registrazione is one commit on its way.
type registrazione struct {
	s          *Store
	ctx        context.Context //nolint:containedctx // lives as long as one call
	tx         *sql.Tx
	c          *storage.Commit
	ente, id   string
	proiezione []byte
	eventi     [][]byte
}

func (g *registrazione) prepara() error {
	if err := proiezione.Commit(g.c); err != nil {
		return err
	}
	var err error
	if g.proiezione, err = json.Marshal(g.c.Pratica); err != nil {
		return fmt.Errorf("%w: %w", storage.ErrNonValido, err)
	}
	for i := range g.c.Eventi {
		b, err := json.Marshal(g.c.Eventi[i])
		if err != nil {
			return fmt.Errorf("%w: %w", storage.ErrNonValido, err)
		}
		g.eventi = append(g.eventi, b)
	}
	return nil
}

func (g *registrazione) riga(q *sql.Stmt, v ...any) *sql.Row {
	return g.tx.StmtContext(g.ctx, q).QueryRowContext(g.ctx, v...)
}

// esegui runs a statement and says how many rows it changed.
func (g *registrazione) esegui(q *sql.Stmt, v ...any) (int64, error) {
	r, err := g.tx.StmtContext(g.ctx, q).ExecContext(g.ctx, v...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (g *registrazione) scrivi() (storage.Ricevuta, error) {
	for _, passo := range []func() error{g.scriviPratica, g.scriviUnici, g.concludi, g.scriviEventi, g.scriviEffetti} {
		if err := passo(); err != nil {
			return storage.Ricevuta{}, err
		}
	}
	r := storage.Ricevuta{Versione: g.c.Pratica.Versione, Stato: g.c.Pratica.Stato}
	if g.c.Chiave != "" {
		if _, err := g.esegui(g.s.q.registraChiave, g.ente, g.id, g.c.Chiave, r.Versione, string(r.Stato)); err != nil {
			return storage.Ricevuta{}, err
		}
	}
	return r, nil
}

func (g *registrazione) scriviPratica() error {
	if g.c.Elimina { // removed at the end: claims and effects are checked first
		var versione int
		err := g.riga(g.s.q.versione, g.ente, g.id).Scan(&versione)
		if errors.Is(err, sql.ErrNoRows) || err == nil && versione != g.c.Attesa {
			return errUtente{storage.ErrConflitto}
		}
		return err
	}
	q, v := g.s.q.inserisci, colonne(g.c.Pratica, g.proiezione)
	if g.c.Attesa > 0 {
		q, v = g.s.q.aggiorna, append(v, g.c.Attesa)
	}
	n, err := g.esegui(q, v...)
	if err == nil && n == 0 {
		return errUtente{storage.ErrConflitto}
	}
	return err
}

// colonne gives the values of the columns of a pratica in the order of the
// statements.
func colonne(p *pratica.Pratica, dati []byte) []any {
	r := proiezione.Riga(p, nil, false)
	return []any{
		p.Ente, string(p.ID), p.Versione, p.Servizio, string(p.Stato), proiezione.Bozza(p.Stato), p.Stato.Finale(),
		p.Numero.Anno, p.Numero.Progressivo, r.Oggetto, r.Richiedente, r.CodiceFiscale, p.Autenticazione.Anonimo,
		r.Ufficio, r.Operatore, r.Protocollo, proiezione.Istante(r.Creata), proiezione.Istante(r.PresentataIl),
		proiezione.Istante(proiezione.Presentazione(&r)), proiezione.Istante(r.CambioStato), proiezione.Istante(r.Aggiornata),
		" " + strings.Join(proiezione.Lessemi(p.Ente, &r, nil), " ") + " ", dati,
	}
}

func (g *registrazione) scriviUnici() error {
	for _, u := range g.c.Unici {
		n, err := g.esegui(g.s.q.unico, g.ente, u.Ambito, u.Chiave, g.id)
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		var di string
		if err := g.riga(g.s.q.diUnico, g.ente, u.Ambito, u.Chiave).Scan(&di); err != nil {
			return err
		}
		if di != g.id {
			return errUtente{&storage.ErroreUnico{Unico: u}}
		}
	}
	return nil
}

func (g *registrazione) concludi() error {
	e := g.c.Concluso
	if e == nil {
		return nil
	}
	n, err := g.esegui(g.s.q.concludi, proiezione.Istante(g.c.Ora), e.Diario != nil, e.Diario, g.ente, e.ID, g.id, e.Titolare, e.Gettone)
	if err == nil && n == 0 {
		return errUtente{storage.ErrPrenotazione}
	}
	return err
}

func (g *registrazione) scriviEventi() error {
	if g.c.Elimina {
		return nil
	}
	for i, b := range g.eventi {
		if _, err := g.esegui(g.s.q.evento, g.ente, g.id, g.c.Attesa+i+1, b); err != nil {
			return err
		}
	}
	return nil
}

// scriviEffetti adds the effects; before them, in a deletion, it removes all
// that the pratica had.
func (g *registrazione) scriviEffetti() error {
	if !g.c.Elimina && len(g.c.Effetti) == 0 {
		return nil
	}
	var ordine int64
	if err := g.riga(g.s.q.ordine, g.ente, g.id).Scan(&ordine); err != nil {
		return err
	}
	if g.c.Elimina {
		for _, q := range []*sql.Stmt{g.s.q.elimina, g.s.q.eliminaEffetti, g.s.q.eliminaChiavi} {
			if _, err := g.esegui(q, g.ente, g.id); err != nil {
				return err
			}
		}
	}
	for i := range g.c.Effetti {
		e := proiezione.Nuovo(g.c, g.c.Effetti[i], ordine+int64(i)+1)
		if _, err := g.esegui(g.s.q.effetto, e.Ente, e.ID, string(e.Pratica), e.Ordine, string(e.Genere), e.Riferimento, e.Corsia,
			proiezione.Istante(e.Causato), string(e.Stato), proiezione.Istante(e.Prossimo)); err != nil {
			return err
		}
	}
	return nil
}
