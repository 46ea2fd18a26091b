package storagetest_test

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

func difettiDiRegistra() map[string]difetto {
	return map[string]difetto{
		"aggiornamento_perso": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				r, err := d.Store.Registra(ctx, c)
				if errors.Is(err, storage.ErrConflitto) {
					return storage.Ricevuta{Versione: c.Pratica.Versione, Stato: c.Pratica.Stato}, nil
				}
				return r, err
			}
		}, []string{"conflitto", "concorrenza_versioni", "atomicita"}},

		// What fails leaves a part of itself.
		"eventi_a_parte": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				r, err := d.Store.Registra(ctx, c)
				var u *storage.ErroreUnico
				if errors.As(err, &u) {
					c.Unici, c.Concluso = nil, nil
					_, e := d.Store.Registra(ctx, c)
					return r, errors.Join(err, e)
				}
				return r, err
			}
		}, []string{"atomicita"}},
		"effetti_a_parte":  {aParte(storage.ErrPrenotazione, func(v *storage.Commit, c storage.Commit) { v.Effetti = c.Effetti }), []string{"atomicita"}},
		"campi_a_parte":    {aParte(storage.ErrPrenotazione, func(v *storage.Commit, c storage.Commit) { v.Campi = c.Campi }), []string{"atomicita"}},
		"unici_a_parte":    {aParte(storage.ErrPrenotazione, func(v *storage.Commit, c storage.Commit) { v.Unici = c.Unici }), []string{"atomicita"}},
		"chiave_a_parte":   {aParte(storage.ErrPrenotazione, func(v *storage.Commit, c storage.Commit) { v.Chiave = c.Chiave }), []string{"atomicita"}},
		"oscurati_a_parte": {aParte(storage.ErrPrenotazione, func(v *storage.Commit, c storage.Commit) { v.Oscurati = c.Oscurati }), []string{"atomicita"}},
		"elimina_a_parte":  {aParte(storage.ErrPrenotazione, func(v *storage.Commit, c storage.Commit) { v.Elimina = c.Elimina }), []string{"atomicita"}},
		"file_a_parte": {aParte(storage.ErrPrenotazione, func(v *storage.Commit, c storage.Commit) { v.Pratica.Allegati = c.Pratica.Allegati }),
			[]string{"atomicita", "in_uso"}},
		"effetti_anche_in_conflitto": {aParte(storage.ErrConflitto, func(v *storage.Commit, c storage.Commit) { v.Effetti = c.Effetti }), []string{"atomicita", "concorrenza_versioni"}},
		"concluso_a_parte": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				if c.Concluso != nil && c.Pratica != nil {
					e := *c.Concluso
					e.Ente, e.Stato = c.Pratica.Ente, storage.Fatto
					_ = d.Store.Aggiorna(ctx, e)
					c.Concluso = nil
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"atomicita", "concluso", "gettone"}},
		"contesto_ignorato": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				return d.Store.Registra(context.WithoutCancel(ctx), c)
			}
		}, []string{"annullamento", "atomicita"}},
		"conferma_che_si_perde": {func(d *difettoso) { // confirmed, and not there
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				if r, ok, err := d.Store.Ripetuta(ctx, c.Pratica.Ente, c.Pratica.ID, c.Chiave); ok || err != nil {
					return r, err
				}
				if c.Attesa > 0 && len(d.tentati())%7 == 0 {
					return storage.Ricevuta{Versione: c.Pratica.Versione, Stato: c.Pratica.Stato}, nil
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"risposta_persa"}},

		// Keys.
		"chiave_ignorata": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				c.Chiave = ""
				return d.Store.Registra(ctx, c)
			}
		}, []string{"chiave", "concorrenza_chiave", "risposta_persa"}},
		"chiave_dopo_la_versione": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				if c.Pratica != nil {
					if p, err := d.Store.Carica(ctx, c.Pratica.Ente, c.Pratica.ID); err == nil && p.Versione != c.Attesa {
						return storage.Ricevuta{}, storage.ErrConflitto
					}
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"chiave"}},
		"chiave_di_ogni_pratica": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				for _, v := range d.tentati() {
					if c.Chiave == "" || c.Pratica.Ente != v.Pratica.Ente {
						continue
					}
					if r, ok, err := d.Store.Ripetuta(ctx, v.Pratica.Ente, v.Pratica.ID, c.Chiave); ok || err != nil {
						return r, err
					}
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"chiave"}},
		"ricevuta_di_adesso": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				r, err := d.Store.Registra(ctx, c)
				if p, e := d.Store.Carica(ctx, c.Pratica.Ente, c.Pratica.ID); e == nil && r.Ripetuta {
					r.Versione = p.Versione
				}
				return r, err
			}
		}, []string{"chiave"}},
		"conflitto_prima_del_resto": {func(d *difettoso) { // of the reasons against, the wrong one
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				if c.Pratica != nil && c.Ora.IsZero() {
					if p, err := d.Store.Carica(ctx, c.Pratica.Ente, c.Pratica.ID); err == nil && p.Versione != c.Attesa {
						return storage.Ricevuta{}, storage.ErrConflitto
					}
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"precedenze"}},

		// Deletion.
		"chiave_persa_con_la_pratica": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				if c.Elimina {
					c.Chiave = ""
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"elimina"}},
		"effetti_persi_con_la_pratica": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				if c.Elimina {
					c.Effetti = nil
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"elimina"}},
		"chiavi_rimaste": {func(d *difettoso) {
			d.ripetuta = func(ctx context.Context, ente string, id pratica.ID, chiave string) (storage.Ricevuta, bool, error) {
				r, ok, err := d.Store.Ripetuta(ctx, ente, id, chiave)
				for _, c := range d.tentati() {
					ok = ok || err == nil && chiave != "" && c.Pratica.Ente == ente && c.Pratica.ID == id && c.Chiave == chiave
				}
				return r, ok, err
			}
		}, []string{"elimina"}},
		"unici_rimasti": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				for _, v := range d.tentati() {
					for _, u := range v.Unici {
						if v.Pratica.Ente == c.Pratica.Ente && v.Pratica.ID < c.Pratica.ID && slices.Contains(c.Unici, u) {
							return storage.Ricevuta{}, &storage.ErroreUnico{Unico: u}
						}
					}
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"unici"}},
		"unici_di_un_commit_solo": {func(d *difettoso) { // a claim lasts until the next commit
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				r, err := d.Store.Registra(ctx, c)
				var u *storage.ErroreUnico
				if errors.As(err, &u) {
					for _, v := range slices.Backward(d.tentati()[:len(d.tentati())-1]) {
						if v.Pratica.ID != c.Pratica.ID && !slices.Contains(v.Unici, u.Unico) {
							c.Unici = slices.DeleteFunc(slices.Clone(c.Unici), func(x storage.Unico) bool { return x == u.Unico })
							return d.Store.Registra(ctx, c)
						}
					}
				}
				return r, err
			}
		}, []string{"unici"}},

		// Numbers.
		"numeri_con_buchi": {func(d *difettoso) {
			d.numera = func(ctx context.Context, ente, serie string, anno int, id pratica.ID) (int64, error) {
				n, err := d.Store.Numera(ctx, ente, serie, anno, id)
				return n * 2, err
			}
		}, []string{"numeri", "concorrenza_numeri"}},
		"numero_nuovo_a_ogni_domanda": {func(d *difettoso) {
			n := 0
			d.numera = func(ctx context.Context, ente, serie string, anno int, id pratica.ID) (int64, error) {
				d.mu.Lock()
				n++
				id += pratica.ID(rune(n))
				d.mu.Unlock()
				return d.Store.Numera(ctx, ente, serie, anno, id)
			}
		}, []string{"numeri", "concorrenza_numeri", "elimina"}},
		"anni_insieme": {func(d *difettoso) {
			d.numera = func(ctx context.Context, ente, serie string, _ int, id pratica.ID) (int64, error) {
				return d.Store.Numera(ctx, ente, serie, 2026, id)
			}
		}, []string{"numeri", "concorrenza_numeri"}},
		"serie_insieme": {func(d *difettoso) {
			d.numera = func(ctx context.Context, ente, _ string, anno int, id pratica.ID) (int64, error) {
				return d.Store.Numera(ctx, ente, "tutte", anno, id)
			}
		}, []string{"numeri", "concorrenza_numeri"}},
		"numero_riusato": {func(d *difettoso) { // MAX(numero) + 1 over the pratiche that are there
			d.numera = func(ctx context.Context, ente, serie string, anno int, id pratica.ID) (int64, error) {
				n, err := d.Store.Numera(ctx, ente, serie, anno, id)
				for _, c := range d.tentati() {
					if c.Elimina && c.Pratica.Ente == ente && c.Pratica.ID != id {
						n--
					}
				}
				return max(n, 1), err
			}
		}, []string{"numeri", "elimina"}},

		// Erasure and files.
		"oscurati_ignorati": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				c.Oscurati = nil
				return d.Store.Registra(ctx, c)
			}
		}, []string{"oscurati", "oscurati_errati"}},
		"diari_rimasti": {func(d *difettoso) {
			diari := map[string][]byte{}
			d.aggiorna = func(ctx context.Context, e storage.Effetto) error {
				err := d.Store.Aggiorna(ctx, e)
				if err == nil {
					diari[e.Ente+e.ID] = e.Diario
				}
				return err
			}
			d.effetti = func(ctx context.Context, ente string, id pratica.ID) ([]storage.Effetto, error) {
				tutti, err := d.Store.Effetti(ctx, ente, id)
				for i := range tutti {
					if tutti[i].Stato == storage.Fallito {
						tutti[i].Diario = diari[ente+tutti[i].ID]
					}
				}
				return tutti, err
			}
		}, []string{"oscurati"}},
		"oscurati_senza_controllo": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				r, err := d.Store.Registra(ctx, c)
				if len(c.Oscurati) > 0 && errors.Is(err, storage.ErrNonValido) {
					c.Oscurati = nil
					return d.Store.Registra(ctx, c)
				}
				return r, err
			}
		}, []string{"oscurati_errati", "atomicita"}},
		"file_rimasti": {func(d *difettoso) {
			d.inUso = func(ctx context.Context, ente, sha256 string) (bool, error) {
				si, err := d.Store.InUso(ctx, ente, sha256)
				for _, c := range d.tentati() {
					for i := range c.Pratica.Allegati {
						si = si || err == nil && c.Pratica.Ente == ente && c.Pratica.Allegati[i].SHA256 == sha256
					}
				}
				return si, err
			}
		}, []string{"in_uso", "oscurati"}},
		"documenti_dimenticati": {func(d *difettoso) {
			d.inUso = func(ctx context.Context, ente, sha256 string) (bool, error) {
				si, err := d.Store.InUso(ctx, ente, sha256)
				for _, c := range d.tentati() {
					for i := range c.Pratica.Documenti {
						si = si && c.Pratica.Documenti[i].SHA256 != sha256
					}
				}
				return si, err
			}
		}, []string{"in_uso"}},

		// Values.
		"campi_tagliati": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				c.Campi = slices.Clone(c.Campi)
				for i := range c.Campi {
					c.Campi[i].Testo = c.Campi[i].Testo[:min(len(c.Campi[i].Testo), storage.MassimoCampo)]
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"non_valido"}},
		"al_secondo": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				c.Ora = c.Ora.Truncate(time.Second)
				return d.Store.Registra(ctx, c)
			}
		}, []string{"andata_e_ritorno"}},
		"condiviso": {func(d *difettoso) {
			visti := map[string]*pratica.Pratica{}
			d.carica = func(ctx context.Context, ente string, id pratica.ID) (*pratica.Pratica, error) {
				p, err := d.Store.Carica(ctx, ente, id)
				if err != nil {
					return nil, err
				}
				if v := visti[p.Impronta]; v != nil {
					return v, nil
				}
				visti[p.Impronta] = p
				return p, nil
			}
		}, []string{"alias"}},
	}
}

// difettiDiIsolamento answer, where an ente has nothing, with what another has.
func difettiDiIsolamento() map[string]difetto {
	di := []string{"isolamento"}
	return map[string]difetto{
		"carica_altrui": {func(d *difettoso) {
			d.carica = func(ctx context.Context, ente string, id pratica.ID) (p *pratica.Pratica, err error) {
				if p, err = d.Store.Carica(ctx, ente, id); errors.Is(err, storage.ErrNonTrovata) {
					d.altrove(ente, func(e string) bool { p, err = d.Store.Carica(ctx, e, id); return err == nil })
				}
				return p, err
			}
		}, di},
		"eventi_altrui": {func(d *difettoso) {
			d.eventi = func(ctx context.Context, ente string, id pratica.ID) (iter []pratica.Evento, err error) {
				if iter, err = d.Store.Eventi(ctx, ente, id); errors.Is(err, storage.ErrNonTrovata) {
					d.altrove(ente, func(e string) bool { iter, err = d.Store.Eventi(ctx, e, id); return err == nil })
				}
				return iter, err
			}
		}, di},
		"ripetuta_altrui": {func(d *difettoso) {
			d.ripetuta = func(ctx context.Context, ente string, id pratica.ID, chiave string) (r storage.Ricevuta, ok bool, err error) {
				if r, ok, err = d.Store.Ripetuta(ctx, ente, id, chiave); !ok {
					d.altrove(ente, func(e string) bool { r, ok, err = d.Store.Ripetuta(ctx, e, id, chiave); return ok })
				}
				return r, ok, err
			}
		}, []string{"isolamento", "chiave"}},
		"effetto_altrui": {func(d *difettoso) {
			d.effetto = func(ctx context.Context, ente, id string) (v storage.Effetto, err error) {
				if v, err = d.Store.Effetto(ctx, ente, id); err != nil {
					d.altrove(ente, func(e string) bool { v, err = d.Store.Effetto(ctx, e, id); return err == nil })
				}
				return v, err
			}
		}, di},
		"effetti_altrui": {func(d *difettoso) {
			d.effetti = func(ctx context.Context, ente string, id pratica.ID) (v []storage.Effetto, err error) {
				if v, err = d.Store.Effetti(ctx, ente, id); len(v) == 0 {
					d.altrove(ente, func(e string) bool { v, err = d.Store.Effetti(ctx, e, id); return len(v) > 0 })
				}
				return v, err
			}
		}, di},
		"cerca_altrui": {func(d *difettoso) {
			d.cerca = func(ctx context.Context, f storage.Filtro) (p storage.Pagina, err error) {
				if p, err = d.Store.Cerca(ctx, f); f.Testo != "" && len(p.Righe) == 0 {
					d.altrove(f.Ente, func(e string) bool { f.Ente = e; p, err = d.Store.Cerca(ctx, f); return len(p.Righe) > 0 })
				}
				return p, err
			}
		}, di},
		"riassumi_altrui": {func(d *difettoso) {
			d.riassumi = func(ctx context.Context, f storage.Filtro, campi ...string) (r storage.Riepilogo, err error) {
				if r, err = d.Store.Riassumi(ctx, f, campi...); r.Totale == 0 {
					d.altrove(f.Ente, func(e string) bool { f.Ente = e; r, err = d.Store.Riassumi(ctx, f, campi...); return r.Totale > 0 })
				}
				return r, err
			}
		}, di},
		"in_uso_altrui": {func(d *difettoso) {
			d.inUso = func(ctx context.Context, ente, sha256 string) (si bool, err error) {
				if si, err = d.Store.InUso(ctx, ente, sha256); !si {
					d.altrove(ente, func(e string) bool { si, err = d.Store.InUso(ctx, e, sha256); return si })
				}
				return si, err
			}
		}, []string{"isolamento"}},
		"sblocca_altrui": {func(d *difettoso) {
			d.sblocca = func(ctx context.Context, ente, id string, diario []byte) (err error) {
				if err = d.Store.Sblocca(ctx, ente, id, diario); err != nil {
					d.altrove(ente, func(e string) bool { err = d.Store.Sblocca(ctx, e, id, diario); return err == nil })
				}
				return err
			}
		}, di},
		"attenzione_altrui": {func(d *difettoso) { // effects joined by pratica without the ente
			d.cerca = func(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
				p, err := d.Store.Cerca(ctx, f)
				for i := range p.Righe {
					d.altrove(f.Ente, func(e string) bool {
						effetti, _ := d.Store.Effetti(ctx, e, p.Righe[i].ID)
						p.Righe[i].Attenzione = p.Righe[i].Attenzione || slices.ContainsFunc(effetti, func(x storage.Effetto) bool { return x.Stato == storage.Fallito || x.Stato == storage.EsitoIgnoto })
						return false
					})
				}
				return p, err
			}
		}, di},
		"unici_altrui": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				for _, v := range d.tentati() {
					for _, u := range v.Unici {
						if v.Pratica.Ente != c.Pratica.Ente && slices.Contains(c.Unici, u) {
							return storage.Ricevuta{}, &storage.ErroreUnico{Unico: u}
						}
					}
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"unici", "isolamento"}},
		"numeri_altrui": {func(d *difettoso) {
			d.numera = func(ctx context.Context, _, serie string, anno int, id pratica.ID) (int64, error) {
				return d.Store.Numera(ctx, "tutti", serie, anno, id)
			}
		}, []string{"numeri", "concorrenza_numeri"}},
	}
}
