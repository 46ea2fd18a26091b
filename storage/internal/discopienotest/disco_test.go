package discopienotest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage/internal/discopienotest"
)

func TestEsegui(t *testing.T) {
	t.Parallel()
	discopienotest.Esegui(t, 1<<20, func(t *testing.T, d discopienotest.Disco) {
		voci, err := os.ReadDir(d.Dir)
		require.NoError(t, err)
		require.Empty(t, voci)
		nome := filepath.Join(d.Dir, "file")
		for range 2 {
			require.NoError(t, os.WriteFile(nome, make([]byte, 512<<10), 0o600))
			require.NoError(t, os.Remove(nome))
			d.Riempi(t)
			require.ErrorIs(t, os.WriteFile(nome, []byte("x"), 0o600), syscall.ENOSPC)
			require.NoError(t, os.Remove(nome))
			d.Libera(t)
		}
		d.SolaLettura(t)
		require.ErrorIs(t, os.WriteFile(nome, []byte("x"), 0o600), syscall.EROFS)
	})
	t.Run("anche sotto/un altro", func(t *testing.T) {
		t.Parallel()
		discopienotest.Esegui(t, 1<<20, func(t *testing.T, d discopienotest.Disco) { d.Riempi(t) })
	})
}

const rotta = "PRATICHE_PROVA_ROTTA"

// TestRotta fails in the child, where TestSiAccorge asks it to.
func TestRotta(t *testing.T) {
	t.Parallel()
	if os.Getenv(rotta) == "" {
		return
	}
	discopienotest.Esegui(t, 1<<20, func(t *testing.T, _ discopienotest.Disco) { t.Error("rotta apposta") })
}

// TestSiAccorge: what fails in the child fails.
func TestSiAccorge(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run=^TestRotta$", "-test.v") //nolint:gosec // this very program
	cmd.Env = append(os.Environ(), rotta+"=1")
	uscita, err := cmd.CombinedOutput()
	if strings.Contains(string(uscita), "--- SKIP") {
		t.Skip("disco pieno non provato: il sistema non concede uno spazio di nomi")
	}
	require.Error(t, err)
	require.Contains(t, string(uscita), "rotta apposta")
}
