package modulo_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

func unico(id string, t modulo.Tipo, come string) modulo.Campo {
	c := campo(id, t)
	c.Unico = come
	return c
}

func TestUnivoci(t *testing.T) {
	t.Parallel()
	segreto := unico("nascosto", modulo.Testo, modulo.UnicoServizio)
	segreto.Se = `cf == ""`
	m := daCampi(t, unico("cf", modulo.CodiceFiscale, modulo.UnicoAnno), unico("targa", modulo.Testo, modulo.UnicoServizio), segreto,
		gruppo("figli", "Figlio", unico("cf", modulo.CodiceFiscale, modulo.UnicoAnno)))
	r := modulo.Risposte{"cf": "rssmra80a01h501u", "targa": "  ab  123 cd ", "nascosto": "x", "figli": []any{map[string]any{"cf": "RSSMRA80A01H501U"}, map[string]any{"cf": "storto"}, nil}}
	e := m.Valuta(r, modulo.Opzioni{Oggi: oggi, Bozza: true})
	impronta := func(campo, v string) string {
		h := sha256.Sum256([]byte("prova\x00" + campo + "\x00" + v))
		return hex.EncodeToString(h[:])
	}
	require.Equal(t, []modulo.Univoco{
		{Campo: "cf", Percorso: "cf", Periodo: "2026", Impronta: impronta("cf", "RSSMRA80A01H501U")},
		{Campo: "targa", Percorso: "targa", Impronta: impronta("targa", "AB 123 CD")},
		{Campo: "figli.cf", Percorso: "figli[0].cf", Periodo: "2026", Impronta: impronta("figli.cf", "RSSMRA80A01H501U")},
	}, e.Univoci())
	b, err := json.Marshal(e.Univoci())
	require.NoError(t, err)
	require.NotContains(t, strings.ToUpper(string(b)), "RSSMRA")
	require.Equal(t, e.Univoci(), m.Valuta(e.Valori, modulo.Opzioni{Oggi: oggi}).Univoci())

	r["figli"] = []any{map[string]any{"cf": "RSSMRA80A01H501U"}, map[string]any{"cf": "rssmra80a01h501u"}}
	e = m.Valuta(r, modulo.Opzioni{Oggi: oggi})
	require.Equal(t, []string{"figli[1].cf:doppio"}, codici(e.Errori))
	require.Len(t, e.Univoci(), 3)

	e = m.Valuta(r, modulo.Opzioni{})
	require.Equal(t, []string{"cf:calcolo", "figli[0].cf:calcolo", "figli[1].cf:calcolo"}, codici(e.Errori), "without a day there is no year, and without a claim nothing passes")
	require.Equal(t, "targa", e.Univoci()[0].Campo)

	require.Equal(t, []string{"sezioni[0].campi[0].unico"}, problemi(t, conCampi(unico("x", modulo.Testo, "mese"))))
	require.Equal(t, []string{"sezioni[0].campi[0].unico"}, problemi(t, conCampi(unico("x", modulo.SiNo, modulo.UnicoAnno))))
}
