package allegato_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/allegato"
)

// FuzzEsamina: whatever arrives ends, with a verdict or a Rifiuto and nothing
// else, the same however it is read, and what passes passes unchanged.
func FuzzEsamina(f *testing.F) {
	for nome, b := range buoni(f) {
		f.Add(nome, b)
	}
	f.Add("a.pdf", []byte(pdf(flusso(2, "/Type/ObjStm/N 1/Filter[/ASCIIHexDecode/FlateDecode]", "789c>"))))
	f.Add("a.tif", unTiff(le, 3, 2, 0))
	f.Fuzz(func(t *testing.T, nome string, b []byte) {
		o := allegato.Opzioni{Nome: nome, Tipi: tutti, Massimo: 1 << 20, Limiti: allegato.Limiti{Base: 1 << 20, Rapporto: 10}}
		e, err := allegato.Esamina(bytes.NewReader(b), o)
		var r *allegato.Rifiuto
		require.True(t, err == nil || errors.As(err, &r), "%v", err)
		l := allegato.New(iotest.HalfReader(bytes.NewReader(b)), o)
		defer l.Close()
		letti, errLento := io.ReadAll(l)
		if err != nil {
			require.Error(t, errLento)
			return
		}
		require.NoError(t, errLento)
		require.True(t, bytes.Equal(b, letti))
		lento, err := l.Esito()
		require.NoError(t, err)
		require.Equal(t, e, lento)
	})
}

func FuzzPulisciNome(f *testing.F) {
	f.Add("../CON.pdf")
	f.Fuzz(func(t *testing.T, nome string) {
		n := allegato.PulisciNome(nome)
		require.Equal(t, n, allegato.PulisciNome(n))
		require.LessOrEqual(t, len(n), allegato.MassimoNomeByte)
	})
}
