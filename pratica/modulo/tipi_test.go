package modulo_test

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

func TestURL(t *testing.T) {
	t.Parallel()
	m := daCampi(t, campo("x", modulo.URL))
	for scritto, tenuto := range map[string]string{
		" HTTPS://WWW.Comune.Esempio.IT:443/Pagina?a=B#c ": "https://www.comune.esempio.it/Pagina?a=B#c",
		"http://esempio.it:80":                             "http://esempio.it",
		"http://esempio.it:8080/":                          "http://esempio.it:8080/",
		"www.esempio.it/x":                                 "https://www.esempio.it/x",
		"https://città.it":                                 "https://città.it",
		"https://10.0.0.1/":                                "https://10.0.0.1/",
		"https://www.\u202eesempio.it":                     "https://www.esempio.it",
	} {
		e := m.Valuta(modulo.Risposte{"x": scritto}, modulo.Opzioni{})
		require.Empty(t, e.Errori, scritto)
		require.Equal(t, tenuto, e.Valori["x"], scritto)
		require.Equal(t, e.Valori, m.Valuta(e.Valori, modulo.Opzioni{}).Valori, scritto)
	}
	for _, s := range []string{"ftp://esempio.it", "javascript:alert(1)", "data:text/html,x", "//esempio.it", "esempio.it", "https://", "https:///x", "https:esempio.it", "https://localhost", "https://u:p@esempio.it", "https://u@esempio.it",
		"https://esempio.it:", "https://esempio.it:x", "https://-a.it", "https://a..it", "https://[::1]/", "https://a.it/<script>", "https://a.it/a b", "https://a_b.it", "https://a.it/%zz", "https://" + strings.Repeat("a", 64) + ".it"} {
		e := m.Valuta(modulo.Risposte{"x": s}, modulo.Opzioni{})
		require.Equal(t, []string{"x:formato"}, codici(e.Errori), s)
		require.Contains(t, e.Errori[0].Messaggio, "pagina web")
		require.Equal(t, s, e.Valori["x"], "as typed")
	}
	require.Equal(t, []string{"x:troppo_lungo"}, codici(m.Valuta(modulo.Risposte{"x": "https://a.it/" + strings.Repeat("a", 2000)}, modulo.Opzioni{}).Errori))
}

// A consent may be refused, and nobody gives it for another.
func TestConsenso(t *testing.T) {
	t.Parallel()
	c := modulo.Campo{ID: "x", Etichetta: "Notizie", Testo: "Acconsento a ricevere notizie", Tipo: modulo.Consenso, Obbligatorio: true}
	m, err := modulo.Compila(conCampi(c), modulo.ConEstensione(estensione(func(r modulo.Risposte, _ modulo.Opzioni) modulo.Giudizio {
		return modulo.Giudizio{Calcolati: map[string]any{"x": true}}
	})))
	require.NoError(t, err)
	pre := modulo.Opzioni{Precompilate: modulo.Risposte{"x": true}}
	e := m.Valuta(nil, pre)
	require.Equal(t, []string{"x:obbligatorio"}, codici(e.Errori))
	require.Contains(t, e.Errori[0].Messaggio, "oppure no")
	require.False(t, m.Bloccato("x", pre.Precompilate))
	require.False(t, e.Calcolato("x"))
	for scritto, tenuto := range map[string]bool{"no": false, "si": true} {
		e = m.Valuta(modulo.Risposte{"x": scritto}, pre)
		require.Empty(t, e.Errori)
		require.Equal(t, modulo.Risposte{"x": tenuto}, e.Valori)
	}
	require.Equal(t, modulo.VoceRiepilogo{Percorso: "x", Etichetta: c.Testo, Valore: "No"}, m.Riepiloga(modulo.Risposte{"x": false}, nil).Sezioni[0].Voci[0])
	c.Predefinito = true
	require.Equal(t, []string{"sezioni[0].campi[0].predefinito"}, problemi(t, conCampi(c)))
	c.Predefinito, c.Calcolo, c.Obbligatorio = nil, "true", false
	require.Equal(t, []string{"sezioni[0].campi[0].calcolo"}, problemi(t, conCampi(c)))
}

func TestRiferimenti(t *testing.T) {
	t.Parallel()
	m := daCampi(t, campo("quando", modulo.Appuntamento), campo("marca", modulo.Bollo))
	r := modulo.Risposte{"quando": " a1 ", "marca": "b1"}
	o := modulo.Opzioni{Appuntamenti: map[string]modulo.InfoRiferimento{"a1": {Descrizione: "giovedì 9 aprile,\u202e ore 10:30"}}, Bolli: map[string]modulo.InfoRiferimento{"b1": {Descrizione: "01234567890123"}}}
	e := m.Valuta(r, o)
	require.Empty(t, e.Errori)
	require.Equal(t, modulo.Risposte{"quando": "a1", "marca": "b1"}, e.Valori)
	testi := func(rp modulo.Riepilogo) []string {
		q := []string{}
		for _, v := range rp.Sezioni[0].Voci {
			q = append(q, v.Valore)
		}
		return q
	}
	require.Equal(t, []string{"giovedì 9 aprile, ore 10:30", "01234567890123"}, testi(m.RiepilogaCon(e.Valori, o)))
	require.Equal(t, []string{"Appuntamento scelto", "Marca da bollo indicata"}, testi(m.Riepiloga(e.Valori, nil)))
	require.Equal(t, "Appuntamento scelto", m.Leggibile("quando", "a1"))

	o.Appuntamenti, o.Bolli = o.Bolli, o.Appuntamenti
	e = m.Valuta(r, o)
	require.Equal(t, []string{"quando:appuntamento_assente", "marca:bollo_assente"}, codici(e.Errori))
	require.Equal(t, "a1", e.Valori["quando"])
	require.Equal(t, []string{"Appuntamento non più disponibile", "Marca da bollo non più disponibile"}, testi(m.RiepilogaCon(e.Valori, o)))
	e = m.Valuta(modulo.Risposte{"quando": strings.Repeat("x", 201), "marca": "a b"}, o)
	require.Equal(t, []string{"quando:formato", "marca:formato"}, codici(e.Errori))
	require.Empty(t, e.Valori)
	var b strings.Builder
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "r", o.Bolli["a1"])
	require.NotContains(t, b.String(), "giovedì")
}

// The composite types are types, and no compiled form has them.
func TestTipiComposti(t *testing.T) {
	t.Parallel()
	for _, tipo := range modulo.TipiComposti() {
		require.True(t, tipo.Valido())
		require.NotContains(t, modulo.Tipi(), tipo)
	}
	require.False(t, modulo.Tipo("boh").Valido())
}

func TestTesti(t *testing.T) {
	t.Parallel()
	g := campo("figli", modulo.Gruppo)
	g.EtichettaRiga, g.Campi = "Figlio", []modulo.Campo{{ID: "foto", Etichetta: "Foto", Tipo: modulo.Consenso}}
	d := modulo.Campo{ID: "vero", Etichetta: "V", Tipo: modulo.Dichiarazione, Testo: "Dichiaro", VersioneTesto: "2026-01", Norma: "DPR 445/2000, art. 46"}
	sha := func(s string) string {
		h := sha256.Sum256([]byte(s))
		return hex.EncodeToString(h[:])
	}
	require.Equal(t, []modulo.TestoFirmato{
		{Campo: "vero", Tipo: modulo.Dichiarazione, Versione: "2026-01", Norma: "DPR 445/2000, art. 46", SHA256: sha("Dichiaro")},
		{Campo: "figli.foto", Tipo: modulo.Consenso, SHA256: sha("Foto")},
	}, daCampi(t, d, g).Testi())
	d.VersioneTesto = strings.Repeat("x", 41)
	require.Equal(t, []string{"sezioni[0].campi[0].versione_testo"}, problemi(t, conCampi(d)))
	n := campo("n", modulo.Testo)
	n.Norma = "x"
	require.Equal(t, []string{"sezioni[0].campi[0].norma"}, problemi(t, conCampi(n)))
}
