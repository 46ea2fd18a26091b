// Package storagetest is the kit that every Store, Archivio and Cassetto must
// pass. Only tests import it.
//
// Each Prova checks one promise of the contract on a store of its own and gives
// an error where it is broken; Verifica runs them all as subtests. That they
// give errors, and do not only fail a test, lets a kit be tested too: on stores
// that are wrong on purpose. An optional interface is checked where the store
// has it. Gemelli puts two handles of the same data under the checks; Misura
// times a store of any size.
package storagetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// Prova checks one promise of a T: storage.Store, storage.Archivio or
// cassetto.Cassetto.
type Prova[T any] struct {
	Nome string
	fn   func(*prova, T)
}

// Esegui runs the check on an empty store and says what is wrong with it.
// Whoever calls it closes the store.
func (p Prova[T]) Esegui(ctx context.Context, s T) error {
	x := &prova{ctx: ctx}
	x.Assertions = require.New(x)
	fatto := make(chan struct{})
	go func() { // FailNow ends the goroutine, not the caller
		defer close(fatto)
		defer func() {
			if v := recover(); v != nil { // what was to be there is not: a check reads it without asking
				x.Errorf("panic: %v\n%s", v, debug.Stack())
			}
		}()
		p.fn(x, s)
	}()
	<-fatto
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.difetti) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %w", p.Nome, errors.New(strings.Join(x.difetti, "\n")))
}

// prova collects what a check finds. It is the TestingT of its assertions.
type prova struct {
	*require.Assertions
	ctx context.Context //nolint:containedctx // lives as long as one check

	mu      sync.Mutex
	difetti []string
}

// Errorf implements require.TestingT.
func (x *prova) Errorf(formato string, v ...any) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.difetti = append(x.difetti, fmt.Sprintf(formato, v...))
}

// FailNow implements require.TestingT.
func (x *prova) FailNow() { runtime.Goexit() }

// insieme runs fn n times at once and collects what each gives.
func insieme[R any](n int, fn func(i int) (R, error)) ([]R, []error) {
	ris, errs := make([]R, n), make([]error, n)
	var pronti, gruppo sync.WaitGroup
	pronti.Add(n)
	for i := range n {
		gruppo.Go(func() {
			pronti.Done()
			pronti.Wait()
			ris[i], errs[i] = fn(i)
		})
	}
	gruppo.Wait()
	return ris, errs
}

// Verifica runs every check on a Store of its own; apri gives an empty one and
// arranges, with t.Cleanup, that it is closed. The drawer that every Store
// holds is checked as well, and so are the optional interfaces that it has:
// storage.Sveglia and storage.Riavvolgitore. Where processes share a store,
// apri gives two handles of it as Gemelli.
func Verifica(t *testing.T, apri func(t *testing.T) storage.Store) {
	t.Helper()
	esegui(t, Prove(), apri)
	Cassetto(t, func(t *testing.T) cassetto.Cassetto { return apri(t) })
}

// VerificaArchivio does the same for an Archivio. Where it is a Spazzino that is
// checked too.
func VerificaArchivio(t *testing.T, apri func(t *testing.T) storage.Archivio) {
	t.Helper()
	esegui(t, ProveArchivio(), apri)
}

// Cassetto does the same for a Cassetto.
func Cassetto(t *testing.T, apri func(t *testing.T) cassetto.Cassetto) {
	t.Helper()
	esegui(t, ProveCassetto(), apri)
}

func esegui[T any](t *testing.T, prove []Prova[T], apri func(t *testing.T) T) {
	t.Helper()
	for _, p := range prove {
		t.Run(p.Nome, func(t *testing.T) {
			t.Parallel()
			if err := p.Esegui(t.Context(), apri(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

// Prove gives the checks of a Store, without those of its Cassetto.
func Prove() []Prova[storage.Store] {
	return []Prova[storage.Store]{
		{"assente", provaAssente},
		{"andata_e_ritorno", provaAndataRitorno},
		{"stringhe_strane", provaStringheStrane},
		{"valori_grandi", provaValoriGrandi},
		{"conflitto", provaConflitto},
		{"chiave", provaChiave},
		{"atomicita", provaAtomicita},
		{"precedenze", provaPrecedenze},
		{"unici", provaUnici},
		{"liberi", provaLiberi},
		{"liberi_ripetuti", provaLiberiRipetuti},
		{"elimina", provaElimina},
		{"oscurati", provaOscurati},
		{"oscurati_errati", provaOscuratiErrati},
		{"in_uso", provaInUso},
		{"isolamento", provaIsolamento},
		{"alias", provaAlias},
		{"non_valido", provaNonValido},
		{"annullamento", provaAnnullamento},
		{"risposta_persa", provaRispostaPersa},
		{"numeri", provaNumeri},
		{"prenota", provaPrenota},
		{"prenota_limiti", provaPrenotaLimiti},
		{"corsie", provaCorsie},
		{"escludi_solo", provaEscludiSolo},
		{"gettone", provaGettone},
		{"aggiorna", provaAggiorna},
		{"concluso", provaConcluso},
		{"sblocca", provaSblocca},
		{"orologi_sfasati", provaOrologiSfasati},
		{"orologi", provaOrologi},
		{"sveglia", provaSveglia},
		{"riavvolgi", provaRiavvolgi},
		{"ordini", provaOrdini},
		{"pagine", provaPagine},
		{"pagine_concorrenti", provaPagineConcorrenti},
		{"servizi", provaServizi},
		{"testo", provaTesto},
		{"parole", provaParole},
		{"parole_frequenti", provaParoleFrequenti},
		{"filtri", provaFiltri},
		{"filtri_non_validi", provaFiltriNonValidi},
		{"riassunto", provaRiassunto},
		{"concorrenza_versioni", provaConcorrenzaVersioni},
		{"concorrenza_chiave", provaConcorrenzaChiave},
		{"concorrenza_numeri", provaConcorrenzaNumeri},
		{"concorrenza_effetti", provaConcorrenzaEffetti},
		{"concorrenza_orologi", provaConcorrenzaOrologi},
		{"concorrenza_unici", provaConcorrenzaUnici},
		{"concorrenza_liberi", provaConcorrenzaLiberi},
	}
}
