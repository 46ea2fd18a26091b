package matrice_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
)

// daLavorare tells the test binary that it is a worker, and what its task is.
const daLavorare = "PRATICHE_TEST_MATRICE"

func TestMain(m *testing.M) {
	if testo := os.Getenv(daLavorare); testo != "" {
		if err := lavora(testo); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// lavora is the life of a worker: it carries out all that there is to do, or
// dies on the way.
func lavora(testo string) error {
	var i incarico
	if err := json.Unmarshal([]byte(testo), &i); err != nil {
		return err
	}
	b, err := apriBanco(context.Background(), i)
	if err != nil {
		return err
	}
	return errors.Join(b.finisci(context.Background(), pratica.ID(i.Pratica)), b.chiudi())
}

// manda gives the task to a process of its own, and what it came by. Where the
// task says so, it must have died of a kill there, and of nothing else.
func manda(t *testing.T, i incarico) []punto {
	t.Helper()
	testo, err := json.Marshal(i)
	require.NoError(t, err)
	figlio := exec.Command(os.Args[0])                                          //nolint:gosec // this very program
	figlio.Env = append(os.Environ(), daLavorare+"="+string(testo), "GOGC=off") // it does not live long
	var errori bytes.Buffer
	figlio.Stderr = &errori
	err = figlio.Run()
	traccia := tracciaDi(t, i)
	if i.Colpo == 0 {
		require.NoError(t, err, errori.String())
		return traccia
	}
	require.Error(t, err, "it was to be killed, and ended by itself")
	require.Empty(t, errori.String())
	if s, ok := figlio.ProcessState.Sys().(syscall.WaitStatus); ok && s.Signaled() {
		require.Equal(t, syscall.SIGKILL, s.Signal())
	}
	require.Len(t, traccia, i.Colpo)
	return traccia
}

// tracciaDi reads what a process came by. What a step is for is known only once
// it goes on, and so is, for a lease, the effect.
func tracciaDi(t *testing.T, i incarico) []punto {
	t.Helper()
	testo, err := os.ReadFile(i.traccia())
	require.NoError(t, err)
	var traccia []punto
	for riga := range bytes.Lines(testo) {
		var p punto
		require.NoError(t, json.Unmarshal(riga, &p))
		traccia = append(traccia, p)
	}
	for n := len(traccia) - 2; n >= 0; n-- {
		p, q := &traccia[n], traccia[n+1]
		if p.Metodo != q.Metodo || q.Quando == prima || p.Quando == dopo {
			continue
		}
		if p.Glossa == "" && p.Metodo == "Store.Transazione" {
			p.Glossa = q.Glossa
		}
		if p.Effetto == "" {
			p.Effetto, p.Genere = q.Effetto, q.Genere
		}
	}
	return traccia
}
