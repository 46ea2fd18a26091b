package postgres

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

const (
	fraseLeggiVoce   = `SELECT valore FROM cassetto WHERE ente = $1 AND tabella = $2 AND chiave = $3`
	fraseScrivi      = `INSERT INTO cassetto VALUES ($1, $2, $3, $4) ON CONFLICT (ente, tabella, chiave) DO UPDATE SET valore = excluded.valore`
	fraseInserisci   = `INSERT INTO cassetto VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`
	fraseEliminaVoce = `DELETE FROM cassetto WHERE ente = $1 AND tabella = $2 AND chiave = $3`
)

// Transazione implements cassetto.Cassetto. Those of one ente run one at a time,
// whatever host they are on. fn must not call back into the Store: it would wait
// for itself. Keys that are not UTF-8 are storage.ErrNonValido.
func (s *Store) Transazione(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	if err := controlla(ente, "-", "-", nil); err != nil {
		return err
	}
	return s.scrive(ctx, "Transazione", func(ctx context.Context, c *pgxpool.Conn) error {
		inizio := &pgx.Batch{}
		inizio.Queue(`BEGIN`)
		inizio.Queue(`SELECT pg_advisory_xact_lock(serratura('cassetto', $1, ''))`, nome(ente))
		return s.inTx(ctx, c, inizio, &voci{s: s, ctx: ctx, c: c, ente: ente, scrive: true}, fn)
	})
}

// Lettura implements cassetto.Cassetto.
func (s *Store) Lettura(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	if err := controlla(ente, "-", "-", nil); err != nil {
		return err
	}
	return s.legge(ctx, "Lettura", func(ctx context.Context, c *pgxpool.Conn) error {
		inizio := &pgx.Batch{}
		inizio.Queue(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
		return s.inTx(ctx, c, inizio, &voci{s: s, ctx: ctx, c: c, ente: ente}, fn)
	})
}

// inTx runs fn between inizio and COMMIT. Before COMMIT is sent nothing is done,
// whatever breaks.
func (s *Store) inTx(ctx context.Context, c *pgxpool.Conn, inizio *pgx.Batch, v *voci, fn func(cassetto.Tx) error) error {
	defer func() { // also where fn panics
		if c.Conn().PgConn().TxStatus() == 'I' {
			return
		}
		annulla, fine := context.WithTimeout(context.WithoutCancel(ctx), margine)
		defer fine()
		_, _ = c.Exec(annulla, `ROLLBACK`) // a connection that cannot is closed by the pool
	}()
	if err := c.SendBatch(ctx, inizio).Close(); err != nil {
		return nonFatta{err}
	}
	err := fn(v)
	switch {
	case v.guasto != nil && (err == nil || contesa(v.guasto)):
		return nonFatta{v.guasto}
	case err != nil:
		return errUtente{err}
	case ctx.Err() != nil:
		return nonFatta{ctx.Err()}
	}
	_, err = c.Exec(ctx, `COMMIT`)
	return err
}

// controlla checks what is to be written.
func controlla(ente, tabella, chiave string, valore []byte) error {
	if err := cassetto.Controlla(ente, tabella, chiave, valore); err != nil {
		return err
	}
	if !utf8.ValidString(ente) || !utf8.ValidString(tabella) || !utf8.ValidString(chiave) {
		return fmt.Errorf("%w: nome che non è UTF-8", storage.ErrNonValido)
	}
	return nil
}

// voci is the Tx of one transaction.
type voci struct {
	s      *Store
	ctx    context.Context //nolint:containedctx // lives as long as one transaction
	c      *pgxpool.Conn
	ente   string
	scrive bool
	guasto error // the first failure of the database
}

func (v *voci) fallita(operazione string, err error) error {
	if v.guasto == nil {
		v.guasto = err
	}
	return traduci(v.ctx, operazione, err, false)
}

func (v *voci) Leggi(tabella, chiave string) ([]byte, error) {
	var b []byte
	err := v.c.QueryRow(v.ctx, fraseLeggiVoce, nome(v.ente), nome(tabella), nome(chiave)).Scan(&b)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, cassetto.ErrAssente
	}
	if err != nil {
		return nil, v.fallita("Leggi", err)
	}
	return v.s.apri(v.ctx, "Leggi", v.ente, contestoVoce(tabella, chiave), b)
}

func (v *voci) Scrivi(tabella, chiave string, valore []byte) error {
	_, err := v.muta(fraseScrivi, tabella, chiave, valore)
	return err
}

func (v *voci) Inserisci(tabella, chiave string, valore []byte) error {
	nuova, err := v.muta(fraseInserisci, tabella, chiave, valore)
	if err == nil && !nuova {
		return cassetto.ErrPresente
	}
	return err
}

func (v *voci) muta(frase, tabella, chiave string, valore []byte) (bool, error) {
	if !v.scrive {
		return false, cassetto.ErrSolaLettura
	}
	if err := controlla(v.ente, tabella, chiave, valore); err != nil {
		return false, err
	}
	b, err := v.s.busta.Chiudi(v.ctx, v.ente, contestoVoce(tabella, chiave), valore)
	if err != nil {
		return false, err
	}
	mutata, err := cambia(v.ctx, v.c, frase, nome(v.ente), nome(tabella), nome(chiave), vuoto(b))
	if err != nil {
		return false, v.fallita("Scrivi", err)
	}
	return mutata, nil
}

func (v *voci) Elimina(tabella, chiave string) error {
	if !v.scrive {
		return cassetto.ErrSolaLettura
	}
	if _, err := v.c.Exec(v.ctx, fraseEliminaVoce, nome(v.ente), nome(tabella), nome(chiave)); err != nil {
		return v.fallita("Elimina", err)
	}
	return nil
}

func (v *voci) Elenca(tabella string, i cassetto.Intervallo) ([]cassetto.Voce, error) {
	if !utf8.ValidString(i.Prefisso) || !utf8.ValidString(i.Dopo) {
		return nil, fmt.Errorf("%w: nome che non è UTF-8", storage.ErrNonValido)
	}
	var c condizioni
	c.e(`ente = $`, nome(v.ente))
	c.e(`tabella = $`, nome(tabella))
	if i.Prefisso != "" {
		c.e(`chiave >= $`, scrivi(i.Prefisso))
		if fine := successivo(scrivi(i.Prefisso)); fine != "" {
			c.e(`chiave < $`, fine)
		}
	}
	verso, segno := "ASC", ">"
	if i.Inverso {
		verso, segno = "DESC", "<"
	}
	if i.Dopo != "" {
		c.e(`chiave `+segno+` $`, scrivi(i.Dopo))
	}
	elenco, err := righe(v.ctx, v.c, leggiVoce, `SELECT chiave, valore FROM cassetto WHERE `+c.String()+` ORDER BY chiave `+verso+` LIMIT `+c.p(i.Massimo()), c.valori...)
	if err != nil {
		return nil, v.fallita("Elenca", err)
	}
	for n := range elenco {
		if elenco[n].Valore, err = v.s.apri(v.ctx, "Elenca", v.ente, contestoVoce(tabella, elenco[n].Chiave), elenco[n].Valore); err != nil {
			return nil, err
		}
	}
	return vuoto(elenco), nil
}

func leggiVoce(r pgx.Rows) (cassetto.Voce, error) {
	var x cassetto.Voce
	err := r.Scan(&x.Chiave, &x.Valore)
	x.Chiave = leggi(x.Chiave)
	return x, err
}
