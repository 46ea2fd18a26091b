package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A NOTIFY within the commits would put all of them in one line, because the
// server orders the notices of a database under one lock. So commits leave word
// with a goroutine of the Store, which tells once for many.

// traAvvisi is the least time between two notices.
const traAvvisi = 20 * time.Millisecond

// canale is the channel of a schema: channels are those of the whole database.
func canale(schema string) string {
	h := sha256.Sum256([]byte(schema))
	return "pratiche_effetti_" + hex.EncodeToString(h[:8])
}

// sveglia leaves word that effects were caused.
func (s *Store) sveglia() {
	select {
	case s.causati <- struct{}{}:
	default: // to be told anyway
	}
}

// avvisa tells all hosts, until Close. A notice that fails is not lost: it is
// tried again later.
func (s *Store) avvisa() {
	pausa := time.NewTimer(0)
	defer pausa.Stop()
	for {
		select {
		case <-s.vita.Done():
			return
		case <-pausa.C:
		}
		select {
		case <-s.vita.Done():
			return
		case <-s.causati:
		}
		attesa := traAvvisi
		if err := s.notifica(); err != nil && s.vita.Err() == nil {
			s.logger.Warn("postgres: avviso agli altri processi non inviato: si ritenta", slog.Any("errore", err))
			s.sveglia()
			attesa = time.Second
		}
		pausa.Reset(attesa)
	}
}

func (s *Store) notifica() error {
	return s.scrive(s.vita, "avviso", func(ctx context.Context, c *pgxpool.Conn) error {
		b := &pgx.Batch{} // a notice need not be on disk
		b.Queue(`BEGIN`)
		b.Queue(`SET LOCAL synchronous_commit = off`)
		b.Queue(`SELECT pg_notify($1, '')`, s.canale)
		b.Queue(`COMMIT`)
		return c.SendBatch(ctx, b).Close()
	})
}

// orecchio is the connection that listens.
type orecchio struct {
	preso chan struct{} // holds one while somebody has the fields below
	conn  *pgx.Conn
	perso bool // the connection was lost: something may have been missed
}

// Attendi implements storage.Sveglia, on a connection of its own that stays open
// between calls, until Close. Where it was lost and could be made again, Attendi
// returns at once, since it may have missed something.
func (s *Store) Attendi(ctx context.Context) error {
	ctx, fine := context.WithCancel(ctx)
	defer fine()
	smetti := context.AfterFunc(s.vita, fine)
	defer smetti()
	select {
	case s.preso <- struct{}{}:
		defer func() { <-s.preso }()
	case <-ctx.Done():
		return s.smesso(ctx)
	}
	for ctx.Err() == nil {
		if s.conn == nil {
			if err := s.ascolta(ctx); err != nil {
				if ctx.Err() != nil {
					break
				}
				return traduci(ctx, "Attendi", err, false)
			}
			if s.perso {
				s.perso = false
				return nil
			}
		}
		_, err := s.conn.WaitForNotification(ctx)
		if err == nil {
			return nil
		}
		if s.conn.IsClosed() {
			s.conn, s.perso = nil, true
		}
		if ctx.Err() == nil {
			s.logger.Warn("postgres: connessione di ascolto persa", slog.Any("errore", traduci(ctx, "Attendi", err, false)))
		}
	}
	return s.smesso(ctx)
}

func (s *Store) ascolta(ctx context.Context) error {
	c := s.pool.Config().ConnConfig
	c.BuildContextWatcherHandler = func(p *pgconn.PgConn) ctxwatch.Handler { // there is no statement to stop
		return &pgconn.DeadlineContextWatcherHandler{Conn: p.Conn()}
	}
	ctx, fine := context.WithTimeout(ctx, c.ConnectTimeout+margine)
	defer fine()
	conn, err := pgx.ConnectConfig(ctx, c)
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `LISTEN `+s.canale); err != nil { // hexadecimal digits
		_ = conn.Close(ctx)
		return err
	}
	s.conn = conn
	return nil
}

// zittisci closes the connection that listens; Attendi gives no other from now on.
func (s *Store) zittisci() {
	s.preso <- struct{}{}
	if s.conn != nil {
		ctx, fine := context.WithTimeout(context.Background(), margine)
		defer fine()
		_ = s.conn.Close(ctx)
		s.conn = nil
	}
	<-s.preso
}

// smesso says why nobody waits any more.
func (s *Store) smesso(ctx context.Context) error {
	if s.vita.Err() != nil {
		return fmt.Errorf("postgres.Attendi: %w", errChiuso)
	}
	return fmt.Errorf("postgres.Attendi: %w", ctx.Err())
}
