package matrice_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/storage"
)

// generi reads the kinds of effects from the source of package pratica.
func generi(t *testing.T) []pratica.GenereEffetto {
	t.Helper()
	nomi, err := filepath.Glob("../../*.go")
	require.NoError(t, err)
	var tutti []pratica.GenereEffetto
	for _, nome := range nomi {
		f, err := parser.ParseFile(token.NewFileSet(), nome, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			c, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if tipo, ok := c.Type.(*ast.Ident); !ok || tipo.Name != "GenereEffetto" {
				return true
			}
			for _, v := range c.Values {
				valore, ok := v.(*ast.BasicLit)
				require.True(t, ok, nome)
				s, err := strconv.Unquote(valore.Value)
				require.NoError(t, err)
				tutti = append(tutti, pratica.GenereEffetto(s))
			}
			return true
		})
	}
	return tutti
}

// TestOgniGenere: a new kind of effect has its rows in the matrix.
func TestOgniGenere(t *testing.T) {
	t.Parallel()
	inMatrice := map[pratica.GenereEffetto]bool{}
	for _, s := range scene() {
		inMatrice[s.genere] = true
	}
	tutti := generi(t)
	require.Contains(t, tutti, pratica.EffettoProtocollo)
	require.ElementsMatch(t, tutti, slices.Collect(maps.Keys(inMatrice)), "scene() has a row for each kind of effect")
}

// TestOgniPorta: whatever the configuration of a sportello takes from outside is
// followed by the matrix, or is known to change nothing.
func TestOgniPorta(t *testing.T) {
	t.Parallel()
	seguite := []string{"Agenda", "Archivio", "Canali", "Registro", "Store", "Tramite"}
	innocue := []string{"Casuale", "Rubrica", "Servizi"}
	var porte []string
	for c := range reflect.TypeFor[sportello.Config]().Fields() {
		tipo := c.Type
		if tipo.Kind() == reflect.Slice {
			tipo = tipo.Elem()
		}
		if tipo.Kind() == reflect.Interface {
			porte = append(porte, c.Name)
		}
	}
	require.ElementsMatch(t, append(seguite, innocue...), porte, "banco.monta follows each port")
}

// TestOgniScrittura: whatever a store can write is a step of the matrix.
func TestOgniScrittura(t *testing.T) {
	t.Parallel()
	var metodi []string
	for m := range reflect.TypeFor[storage.Store]().Methods() {
		metodi = append(metodi, m.Name)
	}
	require.ElementsMatch(t, slices.Concat(scritture(), letture(), soloComandi()), metodi, "what writes is followed by seguito, what reads is among letture")
}
