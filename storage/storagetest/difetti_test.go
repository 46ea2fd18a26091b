package storagetest_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/sportello-digitale/pratiche/storage/memoria"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

// difettoso is a memoria.Store with methods replaced.
type difettoso struct {
	*memoria.Store
	mu       sync.Mutex
	visti    map[string]*pratica.Pratica
	enti     map[string]bool
	registra func(d *difettoso, ctx context.Context, c storage.Commit) (storage.Ricevuta, error)
	carica   func(d *difettoso, ctx context.Context, ente string, id pratica.ID) (*pratica.Pratica, error)
	cerca    func(d *difettoso, ctx context.Context, f storage.Filtro) (storage.Pagina, error)
	numera   func(d *difettoso, ctx context.Context, ente, serie string, anno int, id pratica.ID) (int64, error)
	prenota  func(d *difettoso, ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error)
	aggiorna func(d *difettoso, ctx context.Context, e storage.Effetto) error
	sblocca  func(d *difettoso, ctx context.Context, ente, id string, diario []byte) error
}

func (d *difettoso) Registra(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
	if d.registra == nil {
		return d.Store.Registra(ctx, c)
	}
	return d.registra(d, ctx, c)
}

func (d *difettoso) Carica(ctx context.Context, ente string, id pratica.ID) (*pratica.Pratica, error) {
	if d.carica == nil {
		return d.Store.Carica(ctx, ente, id)
	}
	return d.carica(d, ctx, ente, id)
}

func (d *difettoso) Cerca(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
	if d.cerca == nil {
		return d.Store.Cerca(ctx, f)
	}
	return d.cerca(d, ctx, f)
}

func (d *difettoso) Numera(ctx context.Context, ente, serie string, anno int, id pratica.ID) (int64, error) {
	if d.numera == nil {
		return d.Store.Numera(ctx, ente, serie, anno, id)
	}
	return d.numera(d, ctx, ente, serie, anno, id)
}

func (d *difettoso) Prenota(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
	if d.prenota == nil {
		return d.Store.Prenota(ctx, p)
	}
	return d.prenota(d, ctx, p)
}

func (d *difettoso) Aggiorna(ctx context.Context, e storage.Effetto) error {
	if d.aggiorna == nil {
		return d.Store.Aggiorna(ctx, e)
	}
	return d.aggiorna(d, ctx, e)
}

func (d *difettoso) Sblocca(ctx context.Context, ente, id string, diario []byte) error {
	if d.sblocca == nil {
		return d.Store.Sblocca(ctx, ente, id, diario)
	}
	return d.sblocca(d, ctx, ente, id, diario)
}

func nuovo() *difettoso {
	return &difettoso{Store: memoria.New(), visti: map[string]*pratica.Pratica{}, enti: map[string]bool{}}
}

// fallite gives the names of the checks that a store does not pass.
func fallite[T any](t *testing.T, prove []storagetest.Prova[T], apri func() T) []string {
	t.Helper()
	var nomi []string
	for _, p := range prove {
		if err := p.Esegui(t.Context(), apri()); err != nil {
			require.ErrorContains(t, err, p.Nome+": ")
			nomi = append(nomi, p.Nome)
		}
	}
	return nomi
}

func TestIlKitTrovaIDifetti(t *testing.T) {
	t.Parallel()
	for nome, caso := range map[string]struct {
		guasta func(d *difettoso)
		trova  []string // at least these
	}{
		"aggiornamento_perso": {func(d *difettoso) {
			d.registra = func(d *difettoso, ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				r, err := d.Store.Registra(ctx, c)
				if errors.Is(err, storage.ErrConflitto) {
					return storage.Ricevuta{Versione: c.Pratica.Versione, Stato: c.Pratica.Stato}, nil
				}
				return r, err
			}
		}, []string{"conflitto", "concorrenza_versioni", "atomicita"}},
		"effetto_due_volte": {func(d *difettoso) {
			d.prenota = func(d *difettoso, ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
				// Reads what is due now and later forgets who took it.
				p.Ora = p.Ora.Add(2 * p.Durata)
				e, err := d.Store.Prenota(ctx, p)
				for i := range e {
					e[i].Scadenza = e[i].Scadenza.Add(-2 * p.Durata)
				}
				return e, err
			}
		}, []string{"prenota"}},
		"effetto_dato_a_tutti": {func(d *difettoso) {
			var dati []storage.Effetto
			d.prenota = func(d *difettoso, ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
				e, err := d.Store.Prenota(ctx, p)
				d.mu.Lock()
				defer d.mu.Unlock()
				if err == nil && len(e) == 0 && len(dati) > 0 {
					e, dati = dati[:1], nil
					return e, nil
				}
				dati = append(dati, e...)
				return e, err
			}
		}, []string{"prenota", "concorrenza_effetti"}},
		"ente_altrui": {func(d *difettoso) {
			d.registra = func(d *difettoso, ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				if c.Pratica != nil {
					d.mu.Lock()
					d.enti[c.Pratica.Ente] = true
					d.mu.Unlock()
				}
				return d.Store.Registra(ctx, c)
			}
			d.carica = func(d *difettoso, ctx context.Context, ente string, id pratica.ID) (*pratica.Pratica, error) {
				p, err := d.Store.Carica(ctx, ente, id)
				if !errors.Is(err, storage.ErrNonTrovata) {
					return p, err
				}
				d.mu.Lock()
				defer d.mu.Unlock()
				for e := range d.enti {
					if p, err := d.Store.Carica(ctx, e, id); err == nil {
						return p, nil
					}
				}
				return nil, err
			}
		}, []string{"isolamento"}},
		"condiviso": {func(d *difettoso) {
			d.carica = func(d *difettoso, ctx context.Context, ente string, id pratica.ID) (*pratica.Pratica, error) {
				p, err := d.Store.Carica(ctx, ente, id)
				if err != nil {
					return nil, err
				}
				d.mu.Lock()
				defer d.mu.Unlock()
				if v := d.visti[p.Impronta]; v != nil {
					return v, nil
				}
				d.visti[p.Impronta] = p
				return p, nil
			}
		}, []string{"alias"}},
		"pagina_che_salta": {func(d *difettoso) {
			d.cerca = func(d *difettoso, ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
				p, err := d.Store.Cerca(ctx, f)
				if err == nil && f.Cursore != "" && len(p.Righe) > 1 && p.Seguente == "" {
					p.Righe = p.Righe[1:]
				}
				return p, err
			}
		}, []string{"pagine"}},
		"pagina_a_scarti": {func(d *difettoso) { // OFFSET in the place of a key
			d.cerca = func(d *difettoso, ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
				da, limite := 0, f.Limite
				if limite == 0 {
					limite = 25
				}
				if strings.HasPrefix(f.Cursore, "da") {
					if _, err := fmt.Sscanf(f.Cursore, "da%d", &da); err != nil {
						return storage.Pagina{}, err
					}
					f.Cursore = ""
				}
				if da+limite > 200 || f.Cursore != "" {
					return d.Store.Cerca(ctx, f)
				}
				if limite < 0 { // its defect is in the pages, not in the bounds
					return d.Store.Cerca(ctx, f)
				}
				f.Limite = 200
				p, err := d.Store.Cerca(ctx, f)
				if err != nil {
					return p, err
				}
				p.Seguente = ""
				if da+limite < len(p.Righe) {
					p.Seguente = fmt.Sprint("da", da+limite)
				}
				p.Righe = p.Righe[min(da, len(p.Righe)):min(da+limite, len(p.Righe))]
				return p, nil
			}
		}, []string{"pagine"}},
		"a_meta": {func(d *difettoso) {
			d.registra = func(d *difettoso, ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				r, err := d.Store.Registra(ctx, c)
				var u *storage.ErroreUnico
				if errors.As(err, &u) {
					c.Unici, c.Concluso = nil, nil
					if _, e := d.Store.Registra(ctx, c); e != nil {
						return r, e
					}
				}
				return r, err
			}
		}, []string{"atomicita"}},
		"concluso_a_parte": {func(d *difettoso) {
			d.registra = func(d *difettoso, ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				if c.Concluso != nil && c.Pratica != nil {
					e := *c.Concluso
					e.Ente, e.Stato = c.Pratica.Ente, storage.Fatto
					_ = d.Store.Aggiorna(ctx, e)
					c.Concluso = nil
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"atomicita", "concluso", "gettone"}},
		"chiave_ignorata": {func(d *difettoso) {
			d.registra = func(d *difettoso, ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				c.Chiave = ""
				return d.Store.Registra(ctx, c)
			}
		}, []string{"chiave", "concorrenza_chiave"}},
		"chiave_dopo_la_versione": {func(d *difettoso) {
			d.registra = func(d *difettoso, ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				if c.Pratica != nil {
					if p, err := d.Store.Carica(ctx, c.Pratica.Ente, c.Pratica.ID); err == nil && p.Versione != c.Attesa {
						return storage.Ricevuta{}, storage.ErrConflitto
					}
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"chiave"}},
		"gettone_ignorato": {func(d *difettoso) {
			d.aggiorna = func(d *difettoso, ctx context.Context, e storage.Effetto) error {
				if v, err := d.Store.Effetto(ctx, e.Ente, e.ID); err == nil && v.Titolare == e.Titolare {
					e.Gettone = v.Gettone
				}
				return d.Store.Aggiorna(ctx, e)
			}
		}, []string{"gettone"}},
		"numeri_con_buchi": {func(d *difettoso) {
			d.numera = func(d *difettoso, ctx context.Context, ente, serie string, anno int, id pratica.ID) (int64, error) {
				n, err := d.Store.Numera(ctx, ente, serie, anno, id)
				return n * 2, err
			}
		}, []string{"numeri", "concorrenza_numeri"}},
		"sblocca_tutto": {func(d *difettoso) {
			d.sblocca = func(d *difettoso, ctx context.Context, ente, id string, diario []byte) error {
				err := d.Store.Sblocca(ctx, ente, id, diario)
				if errors.Is(err, storage.ErrConflitto) {
					return nil
				}
				return err
			}
		}, []string{"sblocca"}},
		"escludi_ignorato": {func(d *difettoso) {
			d.prenota = func(d *difettoso, ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
				p.Escludi = nil
				return d.Store.Prenota(ctx, p)
			}
		}, []string{"escludi_solo"}},
		"contesto_ignorato": {func(d *difettoso) {
			d.registra = func(d *difettoso, ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				return d.Store.Registra(context.WithoutCancel(ctx), c)
			}
		}, []string{"annullamento"}},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			prove := slices.DeleteFunc(storagetest.Prove(), func(p storagetest.Prova[storage.Store]) bool { return !slices.Contains(caso.trova, p.Nome) })
			require.ElementsMatch(t, caso.trova, fallite(t, prove, func() storage.Store {
				d := nuovo()
				caso.guasta(d)
				return d
			}))
		})
	}
}

func TestIlKitAssolveChiHaRagione(t *testing.T) {
	t.Parallel()
	require.Empty(t, fallite(t, storagetest.Prove(), func() storage.Store { return nuovo() }))
	require.Empty(t, fallite(t, storagetest.ProveCassetto(), func() cassetto.Cassetto { return new(cassetto.Memoria) }))
	require.Empty(t, fallite(t, storagetest.ProveArchivio(), func() storage.Archivio { return memoria.NewArchivio() }))
}

type cassettoGuasto struct {
	cassetto.Memoria
	transazione func(c *cassettoGuasto, ctx context.Context, ente string, fn func(cassetto.Tx) error) error
}

func (c *cassettoGuasto) Transazione(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	return c.transazione(c, ctx, ente, fn)
}

func TestIlKitTrovaICassettiGuasti(t *testing.T) {
	t.Parallel()
	for nome, caso := range map[string]struct {
		fn    func(c *cassettoGuasto, ctx context.Context, ente string, fn func(cassetto.Tx) error) error
		trova string
	}{
		"tiene_quel_che_fallisce": {func(c *cassettoGuasto, ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
			var err error
			if e := c.Memoria.Transazione(ctx, ente, func(tx cassetto.Tx) error { err = fn(tx); return nil }); e != nil {
				return e
			}
			return err
		}, "cassetto_atomico"},
		"avvolge_l_errore": {func(c *cassettoGuasto, ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
			if err := c.Memoria.Transazione(ctx, ente, fn); err != nil {
				return fmt.Errorf("guasto: %w", err)
			}
			return nil
		}, "cassetto_atomico"},
		"un_solo_ente": {func(c *cassettoGuasto, ctx context.Context, _ string, fn func(cassetto.Tx) error) error {
			return c.Memoria.Transazione(ctx, "tutti", fn)
		}, "cassetto_isolamento"},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, fallite(t, storagetest.ProveCassetto(), func() cassetto.Cassetto { return &cassettoGuasto{transazione: caso.fn} }), caso.trova)
		})
	}
}

type archivioGuasto struct {
	*memoria.Archivio
	scrivi func(a *memoria.Archivio, ctx context.Context, ente string, r io.Reader, massimo int64) (storage.File, error)
	spazza func(a *memoria.Archivio, ctx context.Context, ente string, prima time.Time, serve func(string) (bool, error)) (int, error)
}

func (a *archivioGuasto) Scrivi(ctx context.Context, ente string, r io.Reader, massimo int64) (storage.File, error) {
	if a.scrivi == nil {
		return a.Archivio.Scrivi(ctx, ente, r, massimo)
	}
	return a.scrivi(a.Archivio, ctx, ente, r, massimo)
}

func (a *archivioGuasto) Spazza(ctx context.Context, ente string, prima time.Time, serve func(string) (bool, error)) (int, error) {
	if a.spazza == nil {
		return a.Archivio.Spazza(ctx, ente, prima, serve)
	}
	return a.spazza(a.Archivio, ctx, ente, prima, serve)
}

func TestIlKitTrovaGliArchiviGuasti(t *testing.T) {
	t.Parallel()
	for nome, caso := range map[string]struct {
		guasta func(a *archivioGuasto)
		trova  string
	}{
		"tronca": {func(a *archivioGuasto) {
			a.scrivi = func(a *memoria.Archivio, ctx context.Context, ente string, r io.Reader, massimo int64) (storage.File, error) {
				return a.Scrivi(ctx, ente, io.LimitReader(r, max(massimo, 0)), massimo)
			}
		}, "file_limiti"},
		"tiene_il_mezzo": {func(a *archivioGuasto) {
			a.scrivi = func(a *memoria.Archivio, ctx context.Context, ente string, r io.Reader, massimo int64) (storage.File, error) {
				b, err := io.ReadAll(io.LimitReader(r, 1<<22))
				f, e := a.Scrivi(ctx, ente, strings.NewReader(string(b)), massimo)
				return f, errors.Join(err, e)
			}
		}, "file_interrotto"},
		"ente_altrui": {func(a *archivioGuasto) {
			a.scrivi = func(a *memoria.Archivio, ctx context.Context, ente string, r io.Reader, massimo int64) (storage.File, error) {
				b, err := io.ReadAll(io.LimitReader(r, 1<<22))
				if err != nil {
					return storage.File{}, err
				}
				if _, err := a.Scrivi(ctx, "c_f205", strings.NewReader(string(b)), massimo); err != nil {
					return storage.File{}, err
				}
				return a.Scrivi(ctx, ente, strings.NewReader(string(b)), massimo)
			}
		}, "file_isolamento"},
		"spazza_giovani": {func(a *archivioGuasto) {
			a.spazza = func(a *memoria.Archivio, ctx context.Context, ente string, _ time.Time, serve func(string) (bool, error)) (int, error) {
				return a.Spazza(ctx, ente, time.Now().Add(time.Hour), serve)
			}
		}, "spazza"},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, fallite(t, storagetest.ProveArchivio(), func() storage.Archivio {
				a := &archivioGuasto{Archivio: memoria.NewArchivio()}
				caso.guasta(a)
				return a
			}), caso.trova)
		})
	}
}

func ExampleVerifica() {
	// In a test of the store:
	_ = func(t *testing.T) {
		storagetest.Verifica(t, func(*testing.T) storage.Store { return memoria.New() })
	}
	c, err := storagetest.Bozza("c_h501", storagetest.ID(1), "occupazione-suolo", anagrafica.Persona{Nome: "Mario"}, storagetest.Ora())
	fmt.Println(c.Pratica.Stato, c.Attesa, len(c.Eventi), err)
	// Output: bozza 0 1 <nil>
}
