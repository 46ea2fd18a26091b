package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

const parametriRegistra = 46

var fraseRegistra = func() string {
	p := make([]string, parametriRegistra)
	for i := range p {
		p[i] = "$" + strconv.Itoa(i+1)
	}
	return `SELECT o_esito, o_versione, o_stato FROM registra(` + strings.Join(p, ", ") + `)`
}()

// fraseRestituisce is fraseRegistra that gives claims back as well, where the
// commit was made: registra() runs once, and before the DELETE, which asks for its
// outcome. Not for a deletion, whose claims go in registra() itself.
var fraseRestituisce = `WITH r AS MATERIALIZED (` + fraseRegistra + `),
	d AS (DELETE FROM unici x USING unnest($` + strconv.Itoa(parametriRegistra+1) + `::text[], $` + strconv.Itoa(parametriRegistra+2) + `::text[]) u (ambito, chiave)
		WHERE x.ente = $1 AND x.pratica = $2 AND x.ambito = u.ambito AND x.chiave = u.chiave AND (SELECT o_esito FROM r) = 'fatto')
	SELECT o_esito, o_versione, o_stato FROM r`

// Registra implements storage.Store. It is one statement, and so one round trip
// and one transaction.
func (s *Store) Registra(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
	if err := proiezione.Identita(&c); err != nil {
		return storage.Ricevuta{}, err
	}
	valori, err := s.valori(ctx, &c)
	if err != nil { // told only where the key was not used before
		if c.Chiave != "" {
			if r, ok, e := s.Ripetuta(ctx, c.Pratica.Ente, c.Pratica.ID, c.Chiave); e != nil || ok {
				return r, e
			}
		}
		return storage.Ricevuta{}, err
	}
	r, err := s.registra(ctx, &c, valori)
	if len(c.Effetti) > 0 && (err == nil && !r.Ripetuta || guasto.Di(err) == guasto.EsitoIgnoto) {
		s.sveglia()
	}
	if err != nil {
		return storage.Ricevuta{}, err
	}
	return r, nil
}

func (s *Store) registra(ctx context.Context, c *storage.Commit, valori []any) (storage.Ricevuta, error) {
	frase := fraseRegistra
	if len(valori) > parametriRegistra {
		frase = fraseRestituisce
	}
	for range tentativi {
		var r storage.Ricevuta
		err := s.scrive(ctx, "Registra", func(ctx context.Context, conn *pgxpool.Conn) error {
			var esito string
			var versione *int
			var stato *string
			if err := conn.QueryRow(ctx, frase, valori...).Scan(&esito, &versione, &stato); err != nil {
				return rifiuto(err, c)
			}
			if esito == "conflitto" {
				return errUtente{storage.ErrConflitto}
			}
			r = storage.Ricevuta{Versione: *versione, Stato: pratica.Stato(leggi(*stato)), Ripetuta: esito == "ripetuta"}
			return nil
		})
		if !errors.Is(err, errPresente) && !errors.Is(err, errChiave) {
			return r, err
		}
		if c.Chiave != "" {
			if r, ok, e := s.Ripetuta(ctx, c.Pratica.Ente, c.Pratica.ID, c.Chiave); e != nil || ok {
				return r, e
			}
		}
		if errors.Is(err, errPresente) {
			return storage.Ricevuta{}, storage.ErrConflitto
		}
		// The key was there, and went with the deletion of its pratica.
	}
	return storage.Ricevuta{}, guasto.Nuovo(guasto.Transitorio, "postgres.Registra", "occupata", nil)
}

var (
	errPresente = errors.New("postgres: la pratica c'è già")
	errChiave   = errors.New("postgres: chiave già usata")
)

// rifiuto reads what registra() fails with.
func rifiuto(err error, c *storage.Commit) error {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code + e.ConstraintName {
	case statoDoppione + "pratiche_pkey":
		return errUtente{errPresente}
	case statoDoppione + "chiavi_pkey":
		return errUtente{errChiave}
	case statoDoppione + "effetti_pkey":
		return errUtente{fmt.Errorf("%w: effetto ripetuto", storage.ErrNonValido)}
	case statoUnico:
		if n, _ := strconv.Atoi(e.Detail); n >= 1 && n <= len(c.Unici) {
			return errUtente{&storage.ErroreUnico{Unico: c.Unici[n-1]}}
		}
	case statoPrenotazione:
		return errUtente{storage.ErrPrenotazione}
	}
	return err
}

// valori gives the parameters of fraseRegistra, or of fraseRestituisce where
// there is something to give back; ErrNonValido where the commit is not well formed.
func (s *Store) valori(ctx context.Context, c *storage.Commit) ([]any, error) {
	if err := proiezione.Commit(c); err != nil {
		return nil, err
	}
	p := c.Pratica
	r := proiezione.Riga(p, c.Campi, false)
	dati, err := s.chiudiJSON(ctx, p.Ente, contestoPratica(string(p.ID)), p)
	if err != nil {
		return nil, err
	}
	eventi, err := s.chiudiEventi(ctx, p, c.Eventi)
	if err != nil {
		return nil, err
	}
	oscurati, err := s.chiudiEventi(ctx, p, c.Oscurati)
	if err != nil {
		return nil, err
	}
	campi, cifre, err := campi(c.Campi)
	if err != nil {
		return nil, err
	}
	file := proiezione.File(p)
	for i := range file {
		file[i] = testo(file[i])
	}
	v := make([]any, 0, parametriRegistra)
	v = append(v, nome(p.Ente), nome(string(p.ID)), c.Attesa, nome(c.Chiave), proiezione.Istante(c.Ora), c.Elimina,
		p.Versione, testo(r.Servizio), testo(string(p.Stato)), p.Stato == pratica.Bozza, p.Stato.Finale(), !p.Oscurata.IsZero(),
		p.Numero.Anno, p.Numero.Progressivo, testo(r.Oggetto), testo(r.Richiedente), testo(r.CodiceFiscale), testo(p.Autenticazione.Anonimo),
		testo(r.Ufficio), testo(r.Operatore), testo(r.Protocollo), proiezione.Istante(r.Creata), proiezione.Istante(r.PresentataIl),
		proiezione.Istante(proiezione.Presentazione(&r)), proiezione.Istante(r.CambioStato), proiezione.Istante(r.Aggiornata),
		proiezione.Centesimi(r.Dovuto), campi, cifre, dati, vuoto(proiezione.Lessemi(p.Ente, &r, c.Campi)), vuoto(file), vuoto(eventi), vuoto(oscurati))
	v = append(v, effetti(c)...)
	v = append(v, unici(c.Unici)...)
	if e := c.Concluso; e == nil {
		v = append(v, nil, nil, nil, nil)
	} else {
		diario, err := s.chiudiDiario(ctx, p.Ente, e.ID, e.Diario)
		if err != nil {
			return nil, err
		}
		v = append(v, nome(e.ID), nome(e.Titolare), e.Gettone, diario)
	}
	if len(c.Liberi) > 0 && !c.Elimina {
		v = append(v, unici(c.Liberi)...)
	}
	return v, nil
}

// unici gives the scopes of the claims, and their keys.
func unici(elenco []storage.Unico) []any {
	ambiti, chiavi := make([]string, len(elenco)), make([]string, len(elenco))
	for i, u := range elenco {
		ambiti[i], chiavi[i] = nome(u.Ambito), nome(u.Chiave)
	}
	return []any{ambiti, chiavi}
}

// vuoto keeps an array that holds nothing from being NULL.
func vuoto[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}

func (s *Store) chiudiJSON(ctx context.Context, ente, contesto string, v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", storage.ErrNonValido, err)
	}
	return s.busta.Chiudi(ctx, ente, contesto, b)
}

func (s *Store) chiudiEventi(ctx context.Context, p *pratica.Pratica, eventi []pratica.Evento) ([][]byte, error) {
	var chiusi [][]byte
	for i := range eventi {
		b, err := s.chiudiJSON(ctx, p.Ente, contestoEvento(string(p.ID), eventi[i].Progressivo), &eventi[i])
		if err != nil {
			return nil, err
		}
		chiusi = append(chiusi, b)
	}
	return chiusi, nil
}

// campi gives the JSON of the fields, and their numbers by name; nil where there
// is none.
func campi(elenco []storage.Campo) (tutti []byte, cifre *string, err error) {
	if len(elenco) == 0 {
		return nil, nil, nil
	}
	if tutti, err = proiezione.ScriviCampi(elenco); err != nil {
		return nil, nil, err
	}
	numeri := map[string]json.Number{}
	for i := range elenco {
		if n := elenco[i].Numero; n.Valid {
			numeri[nome(elenco[i].Nome)] = json.Number(n.Decimal.String())
		}
	}
	if len(numeri) == 0 {
		return tutti, nil, nil
	}
	b, err := json.Marshal(numeri)
	testo := string(b)
	return tutti, &testo, err
}

func effetti(c *storage.Commit) []any {
	n := len(c.Effetti)
	id, genere, riferimento, corsia := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	primo, prossimo := make([]bool, n), make([]int64, n)
	corsie := map[string]bool{}
	for i := range c.Effetti {
		e := proiezione.Nuovo(c, c.Effetti[i], 0)
		id[i], genere[i], riferimento[i], corsia[i] = nome(e.ID), testo(string(e.Genere)), testo(e.Riferimento), testo(e.Corsia)
		primo[i], prossimo[i] = !corsie[e.Corsia], proiezione.Istante(e.Prossimo)
		corsie[e.Corsia] = true
	}
	return []any{id, genere, riferimento, corsia, primo, prossimo}
}
