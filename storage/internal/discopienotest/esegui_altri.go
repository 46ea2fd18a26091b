//go:build !linux

package discopienotest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Esegui needs Linux: here the test skips.
func Esegui(t *testing.T, _ int64, _ func(t *testing.T, d Disco)) {
	t.Helper()
	t.Skip("disco pieno non provato: serve Linux, per un disco piccolo in uno spazio di nomi")
}

// SolaLettura is never reached here.
func (d Disco) SolaLettura(t require.TestingT) { require.Fail(t, "serve Linux") }
