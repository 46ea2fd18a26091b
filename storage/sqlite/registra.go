package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
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
		vecchia, ok, err := g.guarda()
		if err != nil || ok {
			r = vecchia
			return err
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
	if g.nuova != "" {
		s.q.impara(ctx, s.scrittura, g.nuova)
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
	riga       int64    // of the pratica, 0 where there is none
	vecchi     []any    // of colonnePratica, before
	file       []string // that the pratica referred to, sorted
	ordine     int64    // of its last effect
	valori     []any    // of colonnePratica
	proiezione []byte   // sealed, as the rest
	oscurati   [][]byte
	eventi     [][]byte
	diario     []byte // of the effect that is done
	nuova      string // statement that was not prepared yet
}

func (g *registrazione) prepara() error {
	if err := proiezione.Commit(g.c); err != nil {
		return err
	}
	campi, err := proiezione.ScriviCampi(g.c.Campi)
	if err != nil {
		return fmt.Errorf("%w: %w", storage.ErrNonValido, err)
	}
	g.valori = valori(g.c.Pratica, g.c.Campi, string(campi))
	if g.proiezione, err = g.sigilla(luogoPratica(g.c.Pratica.ID), g.c.Pratica); err != nil {
		return err
	}
	if g.oscurati, err = g.sigillaEventi(g.c.Oscurati); err != nil {
		return err
	}
	if g.eventi, err = g.sigillaEventi(g.c.Eventi); err != nil {
		return err
	}
	if e := g.c.Concluso; e != nil {
		g.diario, err = g.s.chiude(g.ctx, g.ente, luogoEffetto(e.ID), e.Diario)
	}
	return err
}

// sigilla gives v as the database keeps it.
func (g *registrazione) sigilla(luogo string, v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", storage.ErrNonValido, err)
	}
	return g.s.chiude(g.ctx, g.ente, luogo, b)
}

func (g *registrazione) sigillaEventi(eventi []pratica.Evento) ([][]byte, error) {
	var dati [][]byte
	for i := range eventi {
		b, err := g.sigilla(luogoEvento(g.c.Pratica.ID, eventi[i].Progressivo), &eventi[i])
		if err != nil {
			return nil, err
		}
		dati = append(dati, b)
	}
	return dati, nil
}

func (g *registrazione) leggi(q *sql.Stmt, v ...any) *sql.Row {
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
	for _, passo := range []func() error{g.scriviPratica, g.scriviUnici, g.concludi, g.oscura, g.scriviEventi, g.scriviRiferimenti, g.scriviEffetti, g.cancellaParole} {
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

// guarda reads all that a commit wants to know of what is there, at once. With
// the key of an earlier commit it gives its receipt.
func (g *registrazione) guarda() (r storage.Ricevuta, ripetuta bool, err error) {
	var versione, riga sql.NullInt64
	var stato, file sql.NullString
	g.vecchi = make([]any, numeroColonne)
	dove := []any{&versione, &stato, &g.ordine, &file, &riga}
	for i := range g.vecchi {
		dove = append(dove, &g.vecchi[i])
	}
	if err := g.leggi(g.s.q.guarda, g.ente, g.id, g.c.Chiave).Scan(dove...); err != nil {
		return storage.Ricevuta{}, false, err
	}
	if versione.Valid {
		return storage.Ricevuta{Versione: int(versione.Int64), Stato: pratica.Stato(stato.String), Ripetuta: true}, true, nil
	}
	g.riga = riga.Int64
	if file.Valid {
		g.file = strings.Split(file.String, separa)
		slices.Sort(g.file)
	}
	return storage.Ricevuta{}, false, nil
}

func (g *registrazione) scriviPratica() error {
	versione := int64(0)
	if g.riga != 0 {
		versione, _ = g.vecchi[colonnaVersione].(int64)
	}
	switch {
	case versione != int64(g.c.Attesa):
		return errUtente{storage.ErrConflitto}
	case g.c.Elimina: // removed at the end: claims and effects are checked first
		return nil
	case g.riga == 0:
		if err := g.leggi(g.s.q.inserisci, g.valori...).Scan(&g.riga); err != nil {
			return err
		}
		_, err := g.esegui(g.s.q.proietta, g.riga, g.proiezione)
		return err
	}
	if err := g.aggiorna(); err != nil {
		return err
	}
	_, err := g.esegui(g.s.q.riproietta, g.proiezione, g.riga)
	return err
}

// aggiorna sets the columns that change.
func (g *registrazione) aggiorna() error {
	testo := "UPDATE pratiche SET "
	var v []any
	for i, colonna := range g.s.q.colonne {
		if g.valori[i] != g.vecchi[i] {
			if len(v) > 0 {
				testo += ", "
			}
			v = append(v, g.valori[i])
			testo += colonna + " = ?"
		}
	}
	if len(v) == 0 {
		return nil
	}
	testo += " WHERE riga = ?"
	v = append(v, g.riga)
	if q, ok := g.s.q.preparata(testo); ok {
		_, err := g.esegui(q, v...)
		return err
	}
	g.nuova = testo
	_, err := g.tx.ExecContext(g.ctx, testo, v...)
	return err
}

// Of colonnePratica.
const (
	colonnaVersione = 2
	numeroColonne   = 25
)

// valori gives the values of colonnePratica, as the database gives them back.
func valori(p *pratica.Pratica, campi []storage.Campo, campiJSON string) []any {
	r := proiezione.Riga(p, nil, false)
	return []any{
		p.Ente, string(p.ID), int64(p.Versione), p.Servizio, string(p.Stato), intero(proiezione.Bozza(p.Stato)), intero(p.Stato.Finale()),
		int64(p.Numero.Anno), p.Numero.Progressivo, r.Oggetto, r.Richiedente, r.CodiceFiscale, p.Autenticazione.Anonimo,
		r.Ufficio, r.Operatore, r.Protocollo, proiezione.Istante(r.Creata), proiezione.Istante(r.PresentataIl),
		proiezione.Istante(proiezione.Presentazione(&r)), proiezione.Istante(r.CambioStato), proiezione.Istante(r.Aggiornata),
		proiezione.Centesimi(p.Dovuto()), proiezione.Istante(p.Oscurata), campiJSON,
		lessemi(p.Ente, &r, campi),
	}
}

func intero(b bool) int64 {
	if b {
		return 1
	}
	return 0
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
		if err := g.leggi(g.s.q.diUnico, g.ente, u.Ambito, u.Chiave).Scan(&di); err != nil {
			return err
		}
		if di != g.id {
			return errUtente{&storage.ErroreUnico{Unico: u}}
		}
	}
	for _, u := range g.c.Liberi {
		if _, err := g.esegui(g.s.q.restituisci, g.ente, u.Ambito, u.Chiave, g.id); err != nil {
			return err
		}
	}
	return nil
}

func (g *registrazione) concludi() error {
	e := g.c.Concluso
	if e == nil {
		return nil
	}
	n, err := g.esegui(g.s.q.concludi, proiezione.Istante(g.c.Ora), e.Diario != nil, g.diario, g.ente, e.ID, g.id, e.Titolare, e.Gettone)
	if err == nil && n == 0 {
		return errUtente{storage.ErrPrenotazione}
	}
	return err
}

// oscura puts the erased events in the place of those stored, and empties the journals.
func (g *registrazione) oscura() error {
	if len(g.oscurati) == 0 {
		return nil
	}
	for i, b := range g.oscurati {
		n, err := g.esegui(g.s.q.oscuraEvento, g.ente, g.id, i+1, b)
		if err != nil {
			return err
		}
		if n != 1 {
			return errUtente{fmt.Errorf("%w: manca un evento", storage.ErrCorrotto)}
		}
	}
	_, err := g.esegui(g.s.q.oscuraDiari, g.ente, g.id)
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
	if g.c.Elimina {
		for _, q := range []*sql.Stmt{g.s.q.elimina, g.s.q.eliminaEffetti, g.s.q.eliminaChiavi} {
			if _, err := g.esegui(q, g.ente, g.id); err != nil {
				return err
			}
		}
	}
	for i := range g.c.Effetti {
		e := proiezione.Nuovo(g.c, g.c.Effetti[i], g.ordine+int64(i)+1)
		if _, err := g.esegui(g.s.q.effetto, e.Ente, e.ID, string(e.Pratica), e.Ordine, string(e.Genere), e.Riferimento, e.Corsia,
			proiezione.Istante(e.Causato), string(e.Stato), proiezione.Istante(e.Prossimo)); err != nil {
			return err
		}
	}
	return nil
}
