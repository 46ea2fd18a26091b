package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// Cerca implements storage.Store. A page is of one snapshot.
func (s *Store) Cerca(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
	f, dopo, err := proiezione.Filtro(f)
	if err != nil {
		return storage.Pagina{}, err
	}
	termini, niente := proiezione.Ricerca(&f)
	if niente {
		return storage.Pagina{}, nil
	}
	var pagina storage.Pagina
	var nuove []string
	err = s.legge(ctx, "Cerca", func(tx *sql.Tx) error {
		l := elenco{s: s, ctx: ctx, tx: tx}
		trovate, err := l.trova(nuovoPiano(&f, termini), ordineDi(&f, dopo), termini)
		if err == nil && len(trovate) > 0 {
			pagina.Righe, err = l.righe(trovate)
		}
		nuove = l.nuove
		return err
	})
	if err != nil {
		return storage.Pagina{}, err
	}
	for _, testo := range nuove {
		s.q.impara(ctx, s.lettura, testo)
	}
	if len(pagina.Righe) > f.Limite {
		pagina.Righe = pagina.Righe[:f.Limite]
		if pagina.Seguente, err = proiezione.Dopo(f.Ordine, &pagina.Righe[f.Limite-1]).Cursore(); err != nil {
			return storage.Pagina{}, err
		}
	}
	return pagina, nil
}

// elenco is one list on its way.
type elenco struct {
	s     *Store
	ctx   context.Context //nolint:containedctx // lives as long as one call
	tx    *sql.Tx
	nuove []string // statements that were not prepared yet
}

// trovata is a row of a page, still to be read.
type trovata struct {
	riga, istante int64
	id            pratica.ID
}

// trova gives the rows of a page in their order, one more than it has.
func (l *elenco) trova(p *piano, o ordine, termini []proiezione.Termine) ([]trovata, error) {
	if !p.proprio() {
		if len(termini) > 0 {
			return l.trovaTesto(p, o, termini)
		}
		if err := p.dividi(l.ctx, l.s, l.tx); err != nil {
			return nil, err
		}
	}
	trovate, _, err := l.unisci(p, o, p.frasiPagina(o, l.s.soglie.parti, 0))
	return trovate, err
}

// unisci merges what the statements give; piene: each of them gave a whole page.
func (l *elenco) unisci(p *piano, o ordine, frasi []*condizioni) (tutte []trovata, piene bool, err error) {
	piene = true
	for _, q := range frasi {
		trovate, err := l.esegui(q)
		if err != nil {
			return nil, false, err
		}
		tutte = append(tutte, trovate...)
		piene = piene && len(trovate) > p.f.Limite
	}
	slices.SortFunc(tutte, func(a, b trovata) int {
		if o.verso == "DESC" {
			a, b = b, a
		}
		return cmp.Or(cmp.Compare(a.istante, b.istante), cmp.Compare(a.id, b.id))
	})
	return tutte[:min(len(tutte), p.f.Limite+1)], piene, nil
}

func (l *elenco) esegui(c *condizioni) ([]trovata, error) {
	righe, err := l.interroga(c)
	if err != nil {
		return nil, err
	}
	var trovate []trovata
	err = scorri(righe, func() error {
		var t trovata
		err := righe.Scan(&t.riga, &t.istante, &t.id)
		trovate = append(trovate, t)
		return err
	})
	return trovate, err
}

// interroga runs a statement; one that is new is prepared after the transaction,
// which has a connection that preparing might wait for.
func (l *elenco) interroga(c *condizioni) (*sql.Rows, error) {
	testo := c.String()
	if q, ok := l.s.q.preparata(testo); ok {
		return l.tx.StmtContext(l.ctx, q).QueryContext(l.ctx, c.valori...)
	}
	l.nuove = append(l.nuove, testo)
	return l.tx.QueryContext(l.ctx, testo, c.valori...)
}

// righe reads the rows found, in their order.
func (l *elenco) righe(trovate []trovata) ([]storage.Riga, error) {
	posto := make(map[int64]int, len(trovate))
	numeri := make([]int64, len(trovate))
	for i, t := range trovate {
		posto[t.riga], numeri[i] = i, t.riga
	}
	b, err := json.Marshal(numeri)
	if err != nil {
		return nil, err
	}
	lette, err := l.tx.StmtContext(l.ctx, l.s.q.righe).QueryContext(l.ctx, string(b))
	if err != nil {
		return nil, err
	}
	righe := make([]storage.Riga, len(trovate))
	err = scorri(lette, func() error {
		n, r, err := leggiRiga(lette)
		if i, c := posto[n]; c {
			righe[i] = r
		}
		return err
	})
	return righe, err
}

func leggiRiga(righe *sql.Rows) (n int64, r storage.Riga, err error) {
	var creata, presentata, cambio, aggiornata, dovuto int64
	var campi []byte
	err = righe.Scan(&n, &r.ID, &r.Versione, &r.Servizio, &r.Stato, &r.Numero.Anno, &r.Numero.Progressivo, &r.Oggetto, &r.Richiedente, &r.CodiceFiscale,
		&r.Ufficio, &r.Operatore, &r.Protocollo, &creata, &presentata, &cambio, &aggiornata, &r.Attenzione, &dovuto, &campi)
	r.Creata, r.PresentataIl = proiezione.Quando(creata), proiezione.Quando(presentata)
	r.CambioStato, r.Aggiornata = proiezione.Quando(cambio), proiezione.Quando(aggiornata)
	r.Dovuto = proiezione.Euro(dovuto)
	if err == nil {
		r.Campi, err = proiezione.LeggiCampi(campi)
	}
	return n, r, err
}
