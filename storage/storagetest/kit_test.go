package storagetest_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/sportello-digitale/pratiche/storage/memoria"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

// fallite gives the names of the checks that a store does not pass, of those named.
func fallite[T any](t *testing.T, prove []storagetest.Prova[T], nomi []string, apri func() T) []string {
	t.Helper()
	fallite := []string{}
	for _, p := range prove {
		if nomi != nil && !slices.Contains(nomi, p.Nome) {
			continue
		}
		if err := p.Esegui(t.Context(), apri()); err != nil {
			require.ErrorContains(t, err, p.Nome+": ")
			fallite = append(fallite, p.Nome)
		}
	}
	return fallite
}

// TestIlKitTrovaIDifetti: each of these stores breaks one promise, and the
// checks named beside it say so.
func TestIlKitTrovaIDifetti(t *testing.T) {
	t.Parallel()
	for _, difetti := range []map[string]difetto{difettiDiRegistra(), difettiDeiLiberi(), difettiDiIsolamento(), difettiDegliEffetti(), difettiDegliElenchi(), difettiDelRiassunto()} {
		for nome, d := range difetti {
			t.Run(nome, func(t *testing.T) {
				t.Parallel()
				require.ElementsMatch(t, d.trova, fallite(t, storagetest.Prove(), d.trova, func() storage.Store { return nuovo(d.guasta) }))
			})
		}
	}
}

func TestIlKitAssolveChiHaRagione(t *testing.T) {
	t.Parallel()
	require.Empty(t, fallite(t, storagetest.Prove(), nil, func() storage.Store {
		d := nuovo(nil)
		return storagetest.Gemelli(d, d)
	}))
	require.Empty(t, fallite(t, storagetest.ProveCassetto(), nil, func() cassetto.Cassetto { return new(cassetto.Memoria) }))
	require.Empty(t, fallite(t, storagetest.ProveArchivio(), nil, func() storage.Archivio { return memoria.NewArchivio() }))
}

// senzaSveglia hides all but the Store.
type senzaSveglia struct{ storage.Store }

// riavvolgitore is a right one that has nothing to do, unless it is told otherwise.
type riavvolgitore struct {
	storage.Store
	fn func(ctx context.Context) (int, error)
}

func (r riavvolgitore) Riavvolgi(ctx context.Context) (int, error) {
	if r.fn == nil {
		return 0, ctx.Err()
	}
	return r.fn(ctx)
}

func TestIlKitChiedeSoloQuelCheUnoSa(t *testing.T) {
	t.Parallel()
	abilita := []string{"sveglia", "riavvolgi"}
	for nome, apri := range map[string]func(m storage.Store) storage.Store{
		"nulla":         func(m storage.Store) storage.Store { return senzaSveglia{m} },
		"riavvolge":     func(m storage.Store) storage.Store { return riavvolgitore{Store: senzaSveglia{m}} },
		"gemelli":       func(m storage.Store) storage.Store { return storagetest.Gemelli(m, m) },
		"senza":         func(m storage.Store) storage.Store { return storagetest.Gemelli(senzaSveglia{m}, m) },
		"che_riavvolge": func(m storage.Store) storage.Store { return storagetest.Gemelli(riavvolgitore{Store: m}, m) },
		"tutto": func(m storage.Store) storage.Store {
			return storagetest.Gemelli(struct {
				riavvolgitore
				storage.Sveglia
			}{riavvolgitore{Store: m}, m.(storage.Sveglia)}, m)
		},
	} {
		s := apri(memoria.New())
		_, sveglia := s.(storage.Sveglia)
		_, riavvolge := s.(storage.Riavvolgitore)
		require.Equal(t, nome == "gemelli" || nome == "tutto", sveglia, nome)
		require.Equal(t, nome == "riavvolge" || nome == "che_riavvolge" || nome == "tutto", riavvolge, nome)
		require.Empty(t, fallite(t, storagetest.Prove(), abilita, func() storage.Store { return apri(memoria.New()) }), nome)
	}
}

// TestIlKitSopravvive: a store that gives nothing where something was promised,
// or panics, fails its checks and not the whole run.
func TestIlKitSopravvive(t *testing.T) {
	t.Parallel()
	for _, guasta := range []func(*difettoso){
		func(d *difettoso) {
			d.prenota = func(context.Context, storage.Prenotazione) ([]storage.Effetto, error) { return nil, nil }
		},
		func(d *difettoso) {
			d.prenota = func(context.Context, storage.Prenotazione) ([]storage.Effetto, error) { panic("boh") }
		},
	} {
		nomi := []string{"prenota", "corsie", "gettone", "sblocca", "orologi"}
		require.ElementsMatch(t, nomi, fallite(t, storagetest.Prove(), nomi, func() storage.Store { return nuovo(guasta) }))
	}
}

func TestDueDepositiNonSonoGemelli(t *testing.T) {
	t.Parallel()
	nomi := []string{"andata_e_ritorno", "chiave"}
	require.Equal(t, nomi, fallite(t, storagetest.Prove(), nomi, func() storage.Store { return storagetest.Gemelli(memoria.New(), memoria.New()) }))
}

func TestIlKitTrovaChiRiavvolgeMale(t *testing.T) {
	t.Parallel()
	for nome, apri := range map[string]func() storage.Store{
		"conta_sempre": func() storage.Store {
			return riavvolgitore{memoria.New(), func(ctx context.Context) (int, error) { return 1, ctx.Err() }}
		},
		"rovina": func() storage.Store {
			m := memoria.New()
			return riavvolgitore{m, func(ctx context.Context) (int, error) {
				_ = m.Sblocca(ctx, "c_h501", "e2", []byte("rovinato")) // where there is one
				return 0, ctx.Err()
			}}
		},
	} {
		require.Equal(t, []string{"riavvolgi"}, fallite(t, storagetest.Prove(), []string{"riavvolgi"}, apri), nome)
	}
}

// TestNomi: the name of a check is a part of the name of a subtest, given once.
func TestNomi(t *testing.T) {
	t.Parallel()
	nomi := map[string]int{}
	for _, p := range storagetest.Prove() {
		nomi[p.Nome]++
	}
	for _, p := range storagetest.ProveCassetto() {
		nomi[p.Nome]++
	}
	for _, p := range storagetest.ProveArchivio() {
		nomi[p.Nome]++
	}
	for _, n := range slices.Sorted(maps.Keys(nomi)) {
		require.Regexp(t, `^[a-z_]+$`, n)
		require.Equal(t, 1, nomi[n], n)
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
