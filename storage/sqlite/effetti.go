package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// Prenota implements storage.Store. Where nothing is due it only reads, so that
// idle workers do not keep the writer busy.
func (s *Store) Prenota(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
	if err := proiezione.Prenotazione(&p); err != nil {
		return nil, err
	}
	escludi, err := json.Marshal(append([]pratica.GenereEffetto{}, p.Escludi...))
	if err != nil {
		return nil, err
	}
	ora, scadenza := proiezione.Istante(p.Ora), proiezione.Istante(p.Ora.Add(p.Durata))
	q := s.q.prenotaSolo
	if p.Solo == "" {
		q = s.q.prenota
		var pronti bool
		if err := s.q.pronti.QueryRowContext(ctx, ora, string(escludi)).Scan(&pronti); err != nil || !pronti {
			return nil, traduci(ctx, "Prenota", err)
		}
	}
	var presi []storage.Effetto
	err = s.scrive(ctx, "Prenota", func(tx *sql.Tx) error {
		righe, err := tx.StmtContext(ctx, q).QueryContext(ctx, ora, string(escludi), p.Solo, p.Titolare, scadenza, p.Limite)
		if err != nil {
			return err
		}
		presi, err = leggiEffetti(righe)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := s.apreDiari(ctx, presi); err != nil {
		return nil, err
	}
	slices.SortFunc(presi, func(a, b storage.Effetto) int { // RETURNING promises no order
		return cmp.Or(a.Prossimo.Compare(b.Prossimo), a.Causato.Compare(b.Causato), cmp.Compare(a.Ente, b.Ente), cmp.Compare(a.Pratica, b.Pratica), cmp.Compare(a.Ordine, b.Ordine))
	})
	return presi, nil
}

func leggiEffetti(righe *sql.Rows) ([]storage.Effetto, error) {
	var effetti []storage.Effetto
	err := scorri(righe, func() error {
		e, err := leggiEffetto(righe.Scan)
		effetti = append(effetti, e)
		return err
	})
	return effetti, err
}

func leggiEffetto(scan func(...any) error) (storage.Effetto, error) {
	var e storage.Effetto
	var causato, prossimo, concluso, scadenza int64
	err := scan(&e.ID, &e.Ente, &e.Pratica, &e.Genere, &e.Riferimento, &e.Corsia, &causato, &e.Ordine, &e.Stato, &e.Tentativi, &prossimo,
		&e.Diario, &e.UltimoErrore, &concluso, &e.Titolare, &e.Gettone, &scadenza)
	e.Causato, e.Prossimo = proiezione.Quando(causato), proiezione.Quando(prossimo)
	e.Concluso, e.Scadenza = proiezione.Quando(concluso), proiezione.Quando(scadenza)
	return e, err
}

// apreDiari opens the journals. What fails to open stays leased until its lease
// ends.
func (s *Store) apreDiari(ctx context.Context, effetti []storage.Effetto) error {
	for i := range effetti {
		e := &effetti[i]
		var err error
		if e.Diario, err = s.apre(ctx, e.Ente, luogoEffetto(e.ID), e.Diario); err != nil {
			return err
		}
	}
	return nil
}

// Aggiorna implements storage.Store.
func (s *Store) Aggiorna(ctx context.Context, e storage.Effetto) error {
	if err := proiezione.Aggiornamento(&e); err != nil {
		return err
	}
	diario, err := s.chiude(ctx, e.Ente, luogoEffetto(e.ID), e.Diario)
	if err != nil {
		return err
	}
	return s.scrive(ctx, "Aggiorna", func(tx *sql.Tx) error {
		q, v := s.q.termina, []any{string(e.Stato), proiezione.Istante(e.Prossimo), diario, e.UltimoErrore, proiezione.Istante(e.Concluso)}
		if e.Stato == storage.InCorso {
			q, v = s.q.prolunga, []any{diario, proiezione.Istante(e.Scadenza)}
		}
		r, err := tx.StmtContext(ctx, q).ExecContext(ctx, append(v, e.Ente, e.ID, e.Titolare, e.Gettone)...)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err == nil && n == 0 {
			return errUtente{storage.ErrPrenotazione}
		}
		return err
	})
}

// Effetto implements storage.Store.
func (s *Store) Effetto(ctx context.Context, ente, id string) (storage.Effetto, error) {
	e, err := leggiEffetto(s.q.effettoDi.QueryRowContext(ctx, ente, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return storage.Effetto{}, storage.ErrNonTrovata
	}
	if err != nil {
		return storage.Effetto{}, traduci(ctx, "Effetto", err)
	}
	if e.Diario, err = s.apre(ctx, ente, luogoEffetto(id), e.Diario); err != nil {
		return storage.Effetto{}, err
	}
	return e, nil
}

// Effetti implements storage.Store.
func (s *Store) Effetti(ctx context.Context, ente string, id pratica.ID) ([]storage.Effetto, error) {
	righe, err := s.q.effettiDi.QueryContext(ctx, ente, string(id))
	if err != nil {
		return nil, traduci(ctx, "Effetti", err)
	}
	effetti, err := leggiEffetti(righe)
	if err != nil {
		return nil, traduci(ctx, "Effetti", err)
	}
	if err := s.apreDiari(ctx, effetti); err != nil {
		return nil, err
	}
	return effetti, nil
}

// Sblocca implements storage.Store.
func (s *Store) Sblocca(ctx context.Context, ente, id string, diario []byte) error {
	if err := proiezione.Diario(diario); err != nil {
		return err
	}
	diario, err := s.chiude(ctx, ente, luogoEffetto(id), diario)
	if err != nil {
		return err
	}
	return s.scrive(ctx, "Sblocca", func(tx *sql.Tx) error {
		r, err := tx.StmtContext(ctx, s.q.sblocca).ExecContext(ctx, diario != nil, diario, ente, id)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err != nil || n > 0 {
			return err
		}
		var c bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM effetti WHERE ente = ? AND id = ?)`, ente, id).Scan(&c); err != nil {
			return err
		}
		if !c {
			return errUtente{storage.ErrNonTrovata}
		}
		return errUtente{storage.ErrConflitto}
	})
}
