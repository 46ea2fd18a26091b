package anagrafica_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/stretchr/testify/require"
)

// verificaRiservo checks an error of a Leggi… function: typed, of the field, with
// a message, and without the value.
func verificaRiservo(t *testing.T, err error, valore, campo string) {
	t.Helper()
	var e *anagrafica.Errore
	require.ErrorAs(t, err, &e)
	require.Equal(t, campo, e.Campo)
	require.NotEmpty(t, e.Messaggio())
	require.Equal(t, "anagrafica: "+string(e.Codice)+" ("+campo+")", err.Error())
	if len(valore) > 5 && valore == strings.ToUpper(valore) { // no code is in capitals
		require.NotContains(t, err.Error(), valore)
	}
}

// TestMessaggi reads the codes from the source, so that none is left without a
// message of its own.
func TestMessaggi(t *testing.T) {
	t.Parallel()
	f, err := parser.ParseFile(token.NewFileSet(), "errore.go", nil, 0)
	require.NoError(t, err)
	generale := anagrafica.Codice("altro").Messaggio()
	require.NotEmpty(t, generale)
	n := 0
	ast.Inspect(f, func(nodo ast.Node) bool {
		v, ok := nodo.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(v.Names[0].Name, "Err") {
			return true
		}
		s, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		require.NoError(t, err)
		m := anagrafica.Codice(s).Messaggio()
		require.NotEqual(t, generale, m, s)
		require.True(t, strings.HasSuffix(m, "."), s)
		n++
		return true
	})
	require.Greater(t, n, 40)
}

func TestErrori(t *testing.T) {
	t.Parallel()
	require.NoError(t, anagrafica.Errori(nil).Err())
	err := anagrafica.Errori{
		{Codice: anagrafica.ErrCFVuoto, Campo: "codice_fiscale"},
		{Codice: anagrafica.ErrIBANPaese},
	}.Err()
	require.EqualError(t, err, "anagrafica: cf_vuoto (codice_fiscale); anagrafica: iban_paese")
	require.ErrorIs(t, err, anagrafica.ErrIBANPaese)
	require.NotErrorIs(t, err, anagrafica.ErrIBANCin)
	var e *anagrafica.Errore
	require.True(t, errors.As(err, &e))
	require.Equal(t, "codice_fiscale", e.Campo)
}
