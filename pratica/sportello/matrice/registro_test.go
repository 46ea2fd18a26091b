package matrice_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

const (
	tabRegistrazioni = "registro.registrazione" // number → Registrazione
	tabFascicoli     = "registro.fascicolo"     // key/how many of that key → Fascicolo
	tabInVolo        = "registro.in_volo"       // token → Richiesta that nobody waits for any more
	tabNumeri        = "registro.numero"
)

// registro is a registry like real ones: it takes no key, so that the same
// document twice gets two numbers, and the same fascicolo is opened twice.
type registro struct {
	*mondo
	k        *colpo
	capacita protocollo.Capacita
	ora      func() time.Time
	// parziale: the call never takes attachments, although it says so.
	parziale bool
}

// soloRegistra hides every ability but the one that all registries have.
type soloRegistra struct{ protocollo.Registro }

// Capacita implements protocollo.Registro.
func (r *registro) Capacita() protocollo.Capacita { return r.capacita }

// Registra implements protocollo.Registro. In the middle of it the request is
// under way: the registry gives it a number when nobody waits for it any more.
func (r *registro) Registra(ctx context.Context, q protocollo.Richiesta) (reg protocollo.Registrazione, err error) {
	err = r.k.passo("Registro.Registra", "", func(p *passo) error {
		for _, d := range q.Documenti() {
			if err := leggi(ctx, d); err != nil {
				return err
			}
		}
		p.nelMezzo("arriva più tardi", func() error { return r.parte(q) })
		reg, err = r.numera(q)
		return err
	})
	if err == nil && r.parziale && len(q.Allegati) > 0 {
		p := protocollo.Parziale{Registrazione: reg}
		for _, a := range q.Allegati {
			p.Mancanti = append(p.Mancanti, a.ID)
		}
		return protocollo.Registrazione{}, p
	}
	return reg, err
}

func leggi(ctx context.Context, d protocollo.Documento) error {
	f, err := d.ApriVerificato(ctx)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, f)
	return errors.Join(err, f.Close())
}

func (r *registro) parte(q protocollo.Richiesta) error {
	return r.Transazione(context.Background(), q.Ente, func(tx cassetto.Tx) error {
		return cassetto.ScriviJSON(tx, tabInVolo, q.Correlazione, q)
	})
}

// arriva gives a number to what was under way.
func (r *registro) arriva() error {
	var partite []protocollo.Richiesta
	err := r.Transazione(context.Background(), ente, func(tx cassetto.Tx) error {
		voci, err := tx.Elenca(tabInVolo, cassetto.Intervallo{})
		if err != nil {
			return err
		}
		for _, v := range voci {
			var q protocollo.Richiesta
			if err := json.Unmarshal(v.Valore, &q); err != nil {
				return err
			}
			partite = append(partite, q)
			if err := tx.Elimina(tabInVolo, v.Chiave); err != nil {
				return err
			}
		}
		return nil
	})
	for _, q := range partite {
		if err == nil {
			_, err = r.numera(q)
		}
	}
	return err
}

func (r *registro) numera(q protocollo.Richiesta) (reg protocollo.Registrazione, err error) {
	if err := r.chiesto("Registro.Registra", q.Correlazione); err != nil {
		return reg, err
	}
	err = r.Transazione(context.Background(), q.Ente, func(tx cassetto.Tx) error {
		n, err := cassetto.Conta(tx, tabNumeri, "2026")
		if err != nil {
			return err
		}
		reg = protocollo.Registrazione{
			Estremi:      protocollo.Estremi{Ente: q.Ente, Registro: "PG", Anno: 2026, Numero: fmt.Sprint(n), Data: r.ora()},
			Correlazione: q.Correlazione, Oggetto: q.Oggetto, Direzione: q.Direzione, Fascicolo: q.Fascicolo, Classifica: q.Classifica,
			IDDocumento: "doc-" + fmt.Sprint(n), Allegati: map[string]string{}, Impronte: map[string]protocollo.Impronta{q.Principale.ID: q.Principale.Impronta},
		}
		if r.capacita.AllegatiNellaChiamata && !r.parziale {
			for _, a := range q.Allegati {
				reg.Allegati[a.ID], reg.Impronte[a.ID] = "all-"+a.ID, a.Impronta
			}
		}
		return cassetto.InserisciJSON(tx, tabRegistrazioni, fmt.Sprintf("%07d", n), reg)
	})
	return reg.Clone(), err
}

// registrazioni gives all of them, in the order of their numbers.
func (m *mondo) registrazioni() (tutte []protocollo.Registrazione, err error) {
	err = m.Lettura(context.Background(), ente, func(tx cassetto.Tx) error {
		voci, err := tx.Elenca(tabRegistrazioni, cassetto.Intervallo{})
		for _, v := range voci {
			var reg protocollo.Registrazione
			if err := json.Unmarshal(v.Valore, &reg); err != nil {
				return err
			}
			tutte = append(tutte, reg)
		}
		return err
	})
	return tutte, err
}

// Cerca implements protocollo.Cercatore. What was under way arrives right after
// the answer is made, the worst moment for whoever believes it.
func (r *registro) Cerca(_ context.Context, c protocollo.Criteri) (trovate []protocollo.Registrazione, err error) {
	err = r.k.passo("Registro.Cerca", "", func(*passo) error {
		tutte, err := r.registrazioni()
		if err != nil {
			return err
		}
		for _, reg := range tutte {
			if c.Corrisponde(reg) {
				trovate = append(trovate, reg)
			}
		}
		return r.arriva()
	})
	return trovate, err
}

// Allega implements protocollo.Allegatore.
func (r *registro) Allega(ctx context.Context, e protocollo.Estremi, d protocollo.Documento) (id string, err error) {
	err = r.k.passo("Registro.Allega", "", func(*passo) error {
		if err := leggi(ctx, d); err != nil {
			return err
		}
		if err := r.chiesto("Registro.Allega", d.ID); err != nil {
			return err
		}
		return r.Transazione(ctx, e.Ente, func(tx cassetto.Tx) error {
			var reg protocollo.Registrazione
			chiave := fmt.Sprintf("%07s", e.Numero)
			if err := cassetto.LeggiJSON(tx, tabRegistrazioni, chiave, &reg); err != nil {
				return err
			}
			if _, gia := reg.Allegati[d.ID]; gia {
				return guasto.Nuovo(guasto.GiaFatto, "protocollo.Allega", "gia_allegato", nil)
			}
			if reg.Allegati == nil {
				reg.Allegati = map[string]string{}
			}
			id = "all-" + d.ID
			reg.Allegati[d.ID], reg.Impronte[d.ID] = id, d.Impronta
			return cassetto.ScriviJSON(tx, tabRegistrazioni, chiave, reg)
		})
	})
	return id, err
}

// TrovaFascicolo implements protocollo.Fascicolatore.
func (r *registro) TrovaFascicolo(ctx context.Context, ente, chiave string) (f protocollo.Fascicolo, err error) {
	err = r.k.passo("Registro.TrovaFascicolo", "", func(*passo) error {
		return r.Lettura(ctx, ente, func(tx cassetto.Tx) error {
			f, err = primoFascicolo(tx, chiave)
			return err
		})
	})
	return f, err
}

func primoFascicolo(tx cassetto.Tx, chiave string) (f protocollo.Fascicolo, err error) {
	voci, err := tx.Elenca(tabFascicoli, cassetto.Intervallo{Prefisso: chiave + "#", Limite: 1})
	if err != nil {
		return f, err
	}
	if len(voci) == 0 {
		return f, protocollo.ErrNonTrovato
	}
	return f, json.Unmarshal(voci[0].Valore, &f)
}

// CreaFascicolo implements protocollo.Fascicolatore.
func (r *registro) CreaFascicolo(ctx context.Context, ente string, nuovo protocollo.Fascicolo) (f protocollo.Fascicolo, err error) {
	err = r.k.passo("Registro.CreaFascicolo", "", func(*passo) error {
		if err := r.chiesto("Registro.CreaFascicolo", nuovo.Chiave); err != nil {
			return err
		}
		return r.Transazione(ctx, ente, func(tx cassetto.Tx) error {
			if r.capacita.FascicoliUnici {
				if f, err = primoFascicolo(tx, nuovo.Chiave); !errors.Is(err, protocollo.ErrNonTrovato) {
					return err
				}
			}
			n, err := cassetto.Conta(tx, tabNumeri, "fascicoli")
			if err != nil {
				return err
			}
			f = nuovo
			f.Codice = fmt.Sprintf("F%d", n)
			return cassetto.InserisciJSON(tx, tabFascicoli, fmt.Sprintf("%s#%d", nuovo.Chiave, n), f)
		})
	})
	return f, err
}

// Predisponi implements protocollo.Predispositore: a draft is its request.
func (r *registro) Predisponi(ctx context.Context, q protocollo.Richiesta) (b protocollo.Bozza, err error) {
	err = r.k.passo("Registro.Predisponi", "", func(*passo) error {
		if err := leggi(ctx, q.Principale); err != nil {
			return err
		}
		if err := r.chiesto("Registro.Predisponi", q.Correlazione); err != nil {
			return err
		}
		testo, err := json.Marshal(q)
		b = protocollo.Bozza{Ente: q.Ente, ID: string(testo), Correlazione: q.Correlazione}
		return err
	})
	return b, err
}

// Conferma implements protocollo.Predispositore.
func (r *registro) Conferma(_ context.Context, b protocollo.Bozza) (reg protocollo.Registrazione, err error) {
	var q protocollo.Richiesta
	if err := json.Unmarshal([]byte(b.ID), &q); err != nil {
		return reg, err
	}
	err = r.k.passo("Registro.Conferma", "", func(p *passo) error {
		p.nelMezzo("arriva più tardi", func() error { return r.parte(q) })
		reg, err = r.numera(q)
		return err
	})
	return reg, err
}
