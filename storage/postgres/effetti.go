package postgres

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

const colonneEffetto = `e.id, e.ente, e.pratica, e.genere, e.riferimento, e.corsia, e.causato, e.ordine, e.stato, e.tentativi, e.prossimo,
	e.diario, e.ultimo_errore, e.concluso, e.titolare, e.gettone, e.scadenza`

// dovuto is the instant from which an effect may be given, as the indexes have it.
const dovuto = `(CASE stato WHEN 'in_corso' THEN scadenza ELSE prossimo END)`

const prenotabile = `in_testa AND stato IN ('da_fare', 'in_corso')`

// prende leases the effects that "scelti" locked: $1 holder, $2 end of the lease.
// What another worker has under its hands is passed over, not waited for.
const prende = ` UPDATE effetti e SET stato = 'in_corso', titolare = $1, scadenza = $2, gettone = gettone + 1, tentativi = tentativi + 1
	FROM scelti s WHERE e.ente = s.ente AND e.id = s.id RETURNING ` + colonneEffetto

const frasePrenota = `WITH scelti AS MATERIALIZED (SELECT ente, id FROM effetti WHERE ` + prenotabile + ` AND ` + dovuto + ` <= $3
	ORDER BY ` + dovuto + ` LIMIT $4 FOR UPDATE SKIP LOCKED)` + prende

// frasePrenotaSenza leaves out the kinds in $5 without going through them: it
// looks at the first effects of each other kind that has any.
const frasePrenotaSenza = `WITH RECURSIVE generi (genere) AS (
	(SELECT genere FROM effetti WHERE ` + prenotabile + ` ORDER BY genere LIMIT 1)
	UNION ALL SELECT (SELECT e.genere FROM effetti e WHERE e.` + prenotabileE + ` AND e.genere > g.genere ORDER BY e.genere LIMIT 1)
	FROM generi g WHERE g.genere IS NOT NULL),
	scelti AS MATERIALIZED (SELECT x.ente, x.id FROM generi g, LATERAL (SELECT ente, id, ` + dovuto + ` AS da FROM effetti
		WHERE ` + prenotabile + ` AND genere = g.genere AND ` + dovuto + ` <= $3 ORDER BY ` + dovuto + ` LIMIT $4 FOR UPDATE SKIP LOCKED) x
		WHERE g.genere <> ALL ($5::text[]) ORDER BY x.da LIMIT $4)` + prende

const prenotabileE = `in_testa AND e.stato IN ('da_fare', 'in_corso')`

// frasePrenotaSolo takes the effect with id $6, also before its time. The order
// asks for the index of ids.
const frasePrenotaSolo = `WITH scelti AS MATERIALIZED (SELECT ente, id FROM effetti WHERE ` + prenotabile + ` AND id >= $6 AND id <= $6
	AND (stato = 'da_fare' OR scadenza <= $3) AND genere <> ALL ($5::text[]) ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED)` + prende

const (
	fraseEffetto = `SELECT ` + colonneEffetto + ` FROM effetti e WHERE ente = $1 AND id = $2`
	fraseEffetti = `SELECT ` + colonneEffetto + ` FROM effetti e WHERE ente = $1 AND pratica = $2 ORDER BY ordine`

	frasePerso    = ` WHERE ente = $1 AND id = $2 AND stato = 'in_corso' AND titolare = $3 AND gettone = $4`
	fraseProlunga = `UPDATE effetti SET diario = $5, scadenza = $6` + frasePerso
	fraseRimanda  = `UPDATE effetti SET diario = $5, prossimo = $6, ultimo_errore = $7, stato = 'da_fare', titolare = '', scadenza = 0` + frasePerso
	fraseFatto    = `SELECT fatto($1, $2, $3, $4, $5, $6, $7, $8)`
	fraseFermo    = `SELECT fermo($1, $2, $3, $4, $5, $6, $7, $8)`
	fraseSblocca  = `SELECT sblocca($1, $2, $3)`
)

// Prenota implements storage.Store. Where nothing is due it only reads.
func (s *Store) Prenota(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
	if err := proiezione.Prenotazione(&p); err != nil {
		return nil, err
	}
	frase := frasePrenota
	valori := []any{nome(p.Titolare), proiezione.Istante(p.Ora.Add(p.Durata)), proiezione.Istante(p.Ora), p.Limite}
	switch {
	case p.Solo != "":
		frase, valori = frasePrenotaSolo, append(valori, nomi(p.Escludi), nome(p.Solo))
	case len(p.Escludi) > 0:
		frase, valori = frasePrenotaSenza, append(valori, nomi(p.Escludi))
	}
	var presi []storage.Effetto
	err := s.scrive(ctx, "Prenota", func(ctx context.Context, c *pgxpool.Conn) (err error) {
		presi, err = righe(ctx, c, leggiEffetto, frase, valori...)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(presi, func(a, b storage.Effetto) int { // RETURNING promises no order
		return cmp.Or(a.Prossimo.Compare(b.Prossimo), a.Causato.Compare(b.Causato), cmp.Compare(a.Ente, b.Ente), cmp.Compare(a.Pratica, b.Pratica), cmp.Compare(a.Ordine, b.Ordine))
	})
	return presi, s.apriDiari(ctx, "Prenota", presi)
}

// leggiEffetto reads a row; its journal is still sealed.
func leggiEffetto(r pgx.Rows) (storage.Effetto, error) {
	var e storage.Effetto
	var causato, prossimo, concluso, scadenza int64
	var id, genere, corsia, stato string
	err := r.Scan(&e.ID, &e.Ente, &id, &genere, &e.Riferimento, &corsia, &causato, &e.Ordine, &stato, &e.Tentativi, &prossimo,
		&e.Diario, &e.UltimoErrore, &concluso, &e.Titolare, &e.Gettone, &scadenza)
	leggiTutti(&e.ID, &e.Ente, &id, &genere, &e.Riferimento, &corsia, &e.UltimoErrore, &e.Titolare)
	e.Pratica, e.Genere, e.Corsia, e.Stato = pratica.ID(id), pratica.GenereEffetto(genere), corsia, storage.StatoEffetto(stato)
	e.Causato, e.Prossimo = proiezione.Quando(causato), proiezione.Quando(prossimo)
	e.Concluso, e.Scadenza = proiezione.Quando(concluso), proiezione.Quando(scadenza)
	return e, err
}

// Aggiorna implements storage.Store.
func (s *Store) Aggiorna(ctx context.Context, e storage.Effetto) error {
	if err := proiezione.Aggiornamento(&e); err != nil {
		return err
	}
	diario, err := s.chiudiDiario(ctx, e.Ente, e.ID, e.Diario)
	if err != nil {
		return err
	}
	chi := []any{nome(e.Ente), nome(e.ID), nome(e.Titolare), e.Gettone}
	prossimo := proiezione.Istante(e.Prossimo)
	return s.scrive(ctx, "Aggiorna", func(ctx context.Context, c *pgxpool.Conn) error {
		var nostro bool
		var err error
		switch e.Stato {
		case storage.Fatto:
			err = c.QueryRow(ctx, fraseFatto, append(chi, prossimo, diario, testo(e.UltimoErrore), proiezione.Istante(e.Concluso))...).Scan(&nostro)
		case storage.InCorso:
			nostro, err = cambia(ctx, c, fraseProlunga, append(chi, diario, proiezione.Istante(e.Scadenza))...)
		case storage.DaFare:
			nostro, err = cambia(ctx, c, fraseRimanda, append(chi, diario, prossimo, testo(e.UltimoErrore))...)
		default:
			err = c.QueryRow(ctx, fraseFermo, append(chi, diario, prossimo, string(e.Stato), testo(e.UltimoErrore))...).Scan(&nostro)
		}
		if err == nil && !nostro {
			return errUtente{storage.ErrPrenotazione}
		}
		return err
	})
}

// cambia runs a statement and says whether it changed anything.
func cambia(ctx context.Context, c *pgxpool.Conn, frase string, valori ...any) (bool, error) {
	t, err := c.Exec(ctx, frase, valori...)
	return t.RowsAffected() > 0, err
}

// Effetto implements storage.Store.
func (s *Store) Effetto(ctx context.Context, ente, id string) (storage.Effetto, error) {
	e, err := s.effetti(ctx, "Effetto", fraseEffetto, ente, id)
	if err != nil {
		return storage.Effetto{}, err
	}
	if len(e) == 0 {
		return storage.Effetto{}, storage.ErrNonTrovata
	}
	return e[0], nil
}

// Effetti implements storage.Store.
func (s *Store) Effetti(ctx context.Context, ente string, id pratica.ID) ([]storage.Effetto, error) {
	return s.effetti(ctx, "Effetti", fraseEffetti, ente, string(id))
}

func (s *Store) effetti(ctx context.Context, operazione, frase, ente, id string) ([]storage.Effetto, error) {
	var elenco []storage.Effetto
	err := s.legge(ctx, operazione, func(ctx context.Context, c *pgxpool.Conn) (err error) {
		elenco, err = righe(ctx, c, leggiEffetto, frase, nome(ente), nome(id))
		return err
	})
	if err != nil {
		return nil, err
	}
	return elenco, s.apriDiari(ctx, operazione, elenco)
}

// Sblocca implements storage.Store.
func (s *Store) Sblocca(ctx context.Context, ente, id string, diario []byte) error {
	if err := proiezione.Diario(diario); err != nil {
		return err
	}
	diario, err := s.chiudiDiario(ctx, ente, id, diario)
	if err != nil {
		return err
	}
	err = s.scrive(ctx, "Sblocca", func(ctx context.Context, c *pgxpool.Conn) error {
		var esito string
		if err := c.QueryRow(ctx, fraseSblocca, nome(ente), nome(id), diario).Scan(&esito); err != nil {
			return err
		}
		switch esito {
		case "assente":
			return errUtente{storage.ErrNonTrovata}
		case "conflitto":
			return errUtente{storage.ErrConflitto}
		}
		return nil
	})
	if err == nil {
		s.sveglia()
	}
	return err
}
