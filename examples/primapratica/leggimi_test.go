package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// radice is the root of the module, from the folder of this test.
const radice = "../.."

func vaiGo(t *testing.T, argomenti ...string) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("serve il comando go nel PATH")
	}
	c := exec.Command("go", argomenti...)
	c.Dir = radice
	var errori strings.Builder
	c.Stderr = &errori
	uscita, err := c.Output()
	require.NoError(t, err, "%s", errori.String())
	return string(uscita)
}

// TestPrimoProgramma types what the README says: its first program compiles,
// runs and prints what the README shows, but for the year.
func TestPrimoProgramma(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.Join(radice, "README.md"))
	require.NoError(t, err)
	leggimi := strings.ReplaceAll(string(b), "\r\n", "\n")
	programma := regexp.MustCompile("(?s)```go\n(package main.*?)```").FindStringSubmatch(leggimi)
	atteso := regexp.MustCompile("(?s)```text\n(.*?)```").FindStringSubmatch(leggimi)
	require.NotNil(t, programma)
	require.NotNil(t, atteso)
	file := filepath.Join(t.TempDir(), "main.go")
	require.NoError(t, os.WriteFile(file, []byte(programma[1]), 0o600))
	anno := regexp.MustCompile(`\b20\d\d-`)
	require.Equal(t, anno.ReplaceAllString(atteso[1], "AAAA-"), anno.ReplaceAllString(vaiGo(t, "run", file), "AAAA-"))
}

// TestPrimaPratica runs the example as its user does and reads both views: the
// pages of registry, payments, stamps and appointments are in the first and not
// in the second.
func TestPrimaPratica(t *testing.T) {
	t.Parallel()
	uscita := vaiGo(t, "run", "./examples/primapratica", "-dati", filepath.Join(t.TempDir(), "nuova"))
	viste := strings.Split(uscita, strings.Repeat("═", 78))
	require.Len(t, viste, 3)
	sempre := []string{"ITER", "ULTIME PRATICHE DELLO STESSO RICHIEDENTE", "DATI GENERALI", "Numero richiesta", "Richiesta presentata il", "MODULO COMPILATO", "ALLEGATI", "MESSAGGI", "Accettata", "verificato"}
	soloConfigurate := []string{"Protocollo  ", "DATI DI PROTOCOLLAZIONE", "PAGAMENTI", "BOLLI", "APPUNTAMENTI"}
	for _, x := range sempre {
		require.Contains(t, viste[1], x)
		require.Contains(t, viste[2], x)
	}
	for _, x := range soloConfigurate {
		require.Contains(t, viste[1], x)
		require.NotContains(t, viste[2], x)
	}
	require.Contains(t, viste[1], "planimetria.pdf")
	require.Contains(t, viste[2], "File di richiesta")
}
