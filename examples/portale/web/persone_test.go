package web_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

func TestPerLePersone(t *testing.T) {
	t.Parallel()
	estate := time.Date(2026, 7, 31, 22, 30, 0, 0, time.UTC)
	require.Equal(t, "1º agosto 2026, 00:30", web.DataOra(estate))
	require.Equal(t, "sabato 1º agosto 2026", web.GiornoSettimana(estate))
	require.Empty(t, web.DataOra(time.Time{})+web.Data(time.Time{})+web.Ora(time.Time{})+web.GiornoSettimana(time.Time{})+web.Giorno(termini.Giorno{}))
	require.Equal(t, "8 aprile 2026", web.Entro(termini.Giorno{Anno: 2026, Mese: time.April, Giorno: 8}.Fine()))
	require.Empty(t, web.Entro(time.Time{}))
	for importo, atteso := range map[string]string{"0": "0,00 €", "12.5": "12,50 €", "1234.56": "1.234,56 €", "1234567": "1.234.567,00 €", "-7": "-7,00 €", "999.995": "1.000,00 €"} {
		require.Equal(t, atteso, web.Euro(decimal.RequireFromString(importo)))
	}
	for _, s := range append(pratica.Stati(), "nuovo") {
		require.Regexp(t, `^bg-(primary|warning|success|danger|secondary)$`, web.Classe(s))
	}
}

func Example() {
	fmt.Println(web.DataOra(time.Date(2026, 3, 13, 8, 2, 0, 0, time.UTC)))
	fmt.Println(web.Euro(decimal.RequireFromString("1234.5")))
	// Output:
	// 13 marzo 2026, 09:02
	// 1.234,50 €
}

func TestRubrica(t *testing.T) {
	t.Parallel()
	b := web.NuovaRubrica("c_z999", web.Operatore{ID: "x", Nome: "Xenia", Servizi: []string{"s"}, Uffici: []string{"u"}})
	n, ok := b.Nome(t.Context(), "c_z999", "x")
	require.True(t, ok)
	require.Equal(t, "Xenia", n)
	_, ok = b.Nome(t.Context(), "c_altro", "x")
	require.False(t, ok)
	a, ok := b.Operatore(t.Context(), "c_z999", "x")
	require.True(t, ok)
	require.True(t, a.AbilitatoA("s") && a.DellUfficio("u"))
	_, ok = b.Operatore(t.Context(), "c_z999", "y")
	require.False(t, ok)
	require.Len(t, b.Operatori(), 1)
}

// TestAnonimo: the capability of an anonymous applicant outlives his session, in
// his browser alone.
func TestAnonimo(t *testing.T) {
	t.Parallel()
	x := monta(t)
	c := x.entra("anonimo")
	_, corpo := x.vai(c, "/chi")
	require.Contains(t, corpo, "true cittadino 64")
	require.Contains(t, corpo, "Utente non identificato")
	nomi := func() map[string]string {
		m := map[string]string{}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, x.server.URL, nil)
		require.NoError(t, err)
		for _, k := range c.Jar.Cookies(req.URL) {
			m[k.Name] = k.Value
		}
		return m
	}
	prima := nomi()
	x.invia(c, "/uscita", nascosti(corpo))
	_, corpo = x.vai(c, "/chi")
	require.Contains(t, corpo, "false  0")
	_, corpo = x.vai(c, "/accesso")
	v := nascosti(corpo)
	v.Set("identita", "anonimo")
	x.invia(c, "/accesso", v)
	dopo := nomi()
	require.Equal(t, prima["portale_anonimo"], dopo["portale_anonimo"])
	require.NotEqual(t, prima["portale_sessione"], dopo["portale_sessione"])
}

func TestFunzioniDeiModelli(t *testing.T) {
	t.Parallel()
	x := monta(t)
	_, corpo := x.vai(x.navigatore(), "/stato")
	require.Contains(t, corpo, "In attesa di pagamento|bg-warning|<p>a</p><p>b</p>|3")
}
