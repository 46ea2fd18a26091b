package html_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

func lettura(t testing.TB, m *modulo.Modulo, v modulo.Risposte, st html.StatoLettura) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, renderer(t).Lettura(&b, m, v, st))
	controllaMarcatura(t, b.String())
	return b.String()
}

var aprile12 = termini.Giorno{Anno: 2026, Mese: time.April, Giorno: 12}

// In Italian, without a version before, it is the summary of modulo, word by word.
func TestLetturaRiepilogo(t *testing.T) {
	t.Parallel()
	m := daFile(t, "assegno_nucleo")
	e := m.Valuta(risposte(), modulo.Opzioni{Oggi: oggi, Allegati: allegati()})
	modifica := func(s string) string { return "?passo=" + s + "&ritorna=riepilogo" }
	var b strings.Builder
	require.NoError(t, renderer(t).Riepilogo(&b, m.Riepiloga(e.Valori, allegati()), modifica))
	require.Equal(t, b.String(), lettura(t, m, e.Valori, html.StatoLettura{Allegati: allegati(), Modifica: modifica}))
	p := lettura(t, m, e.Valori, html.StatoLettura{Allegati: allegati(), Avviso: true})
	require.Contains(t, p, "hanno valore di dichiarazione")
	require.NotContains(t, p, "Modifica<")
	require.NotContains(t, p, "IBAN", "hidden sections are not shown")
}

func TestDifferenze(t *testing.T) {
	t.Parallel()
	m := completo(t, "Voce")
	o := modulo.Opzioni{Bozza: true, Oggi: oggi, Allegati: allegati()}
	prima := m.Valuta(pieni(), o).Valori
	cambia := func(f func(modulo.Risposte)) modulo.Risposte {
		v := prima.Copia()
		f(v)
		return m.Valuta(v, o).Valori
	}
	riga := func(n string) map[string]any {
		return map[string]any{"nome": n, "dentro": []map[string]any{{"data": "2026-03-31"}}}
	}
	for nome, c := range map[string]struct {
		dopo  modulo.Risposte
		segni []string
		senza []string
	}{
		"niente":        {prima, nil, []string{"integrazione"}},
		"modificato":    {cambia(func(v modulo.Risposte) { v["c_testo"] = "zeta" }), []string{`zeta`, `<p class="mb-0"><strong>Modificato con l&#39;integrazione del 12/04/2026</strong>; prima: <del>a</del></p>`}, []string{"Aggiunto", "Tolto"}},
		"righe":         {cambia(func(v modulo.Risposte) { v["c_testo_lungo"] = "a\nc" }), []string{`a<br>c`, `prima: <del>a<br>b</del>`}, nil},
		"tolto":         {cambia(func(v modulo.Risposte) { delete(v, "c_testo") }), []string{`nessuna risposta`, `<strong>Tolto con l&#39;integrazione del 12/04/2026</strong>; prima: <del>a</del>`}, []string{"Aggiunto", "Modificato"}},
		"file":          {cambia(func(v modulo.Risposte) { v["c_file"] = []string{"f1", "f2"} }), []string{`iscrizione.pdf (120 kB)<br>foto.png (9 MB)`, `prima: <del>iscrizione.pdf (120 kB)</del>`}, nil},
		"riga nuova":    {cambia(func(v modulo.Risposte) { v["c_gruppo"] = []map[string]any{riga("A"), riga("A"), riga("C")} }), []string{`<strong>Aggiunto con l&#39;integrazione del 12/04/2026</strong>`}, []string{"Modificato", "Tolto"}},
		"riga tolta":    {cambia(func(v modulo.Risposte) { v["c_gruppo"] = []map[string]any{riga("A")} }), []string{`<strong>Tolto con l&#39;integrazione del 12/04/2026</strong>`}, []string{"Modificato", "Aggiunto"}},
		"riga mutata":   {cambia(func(v modulo.Risposte) { v["c_gruppo"] = []map[string]any{riga("A"), riga("Zeta")} }), []string{`Zeta`, `prima: <del>A</del>`}, []string{"Aggiunto", "Tolto"}},
		"riga in testa": {cambia(func(v modulo.Risposte) { v["c_gruppo"] = []map[string]any{riga("Nuova"), riga("A"), riga("A")} }), []string{"Aggiunto"}, []string{"Modificato", "Tolto"}},
		"dentro": {cambia(func(v modulo.Risposte) {
			v["c_gruppo"] = []map[string]any{riga("A"), {"nome": "A", "dentro": []map[string]any{{"data": "2026-04-01"}}}}
		}), []string{"01/04/2026", "prima: <del>31/03/2026</del>"}, []string{"Aggiunto", "Tolto"}},
	} {
		p := lettura(t, m, c.dopo, html.StatoLettura{Allegati: allegati(), Prima: prima, Data: aprile12})
		for _, s := range c.segni {
			require.Contains(t, p, s, nome)
		}
		for _, s := range c.senza {
			require.NotContains(t, p, s, nome)
		}
	}
	aggiunto := lettura(t, m, prima, html.StatoLettura{Allegati: allegati(), Prima: cambia(func(v modulo.Risposte) { delete(v, "c_email") })})
	require.Equal(t, 1, strings.Count(aggiunto, "<strong>Aggiunto con l&#39;integrazione</strong>"), "the day is not known")
	gemelli := map[string]modulo.InfoFile{"f1": allegati()["f1"], "f3": allegati()["f1"]}
	p := lettura(t, m, cambia(func(v modulo.Risposte) { v["c_file"] = []string{"f3"} }), html.StatoLettura{Allegati: gemelli, Prima: prima})
	require.Equal(t, 1, strings.Count(p, "<strong>Modificato"), "another file of the same name and size")
	var b strings.Builder
	require.NoError(t, renderer(t).In(lingua.Tedesco, nil).Lettura(&b, m, cambia(func(v modulo.Risposte) { v["c_data"] = "2026-05-01" }), html.StatoLettura{Prima: prima, Data: aprile12}))
	require.Contains(t, b.String(), "Mit der Ergänzung vom 12. 4. 2026 geändert</strong>; vorher: <del>31. 3. 2026</del>")
	require.Contains(t, b.String(), "nicht mehr verfügbar", "a file that is gone")
}

// The marks tell the truth: there are some exactly where the summaries differ.
func TestDifferenzeProprieta(t *testing.T) {
	t.Parallel()
	m := completo(t, "Voce")
	o := modulo.Opzioni{Bozza: true, Oggi: oggi, Allegati: allegati()}
	genera := rapid.Custom(func(t *rapid.T) modulo.Risposte {
		v := modulo.Risposte{
			"c_testo": rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "testo"), "c_si_no": rapid.SampledFrom([]string{"", "si", "no"}).Draw(t, "si"),
			"c_scelta_multipla": rapid.SliceOfN(rapid.SampledFrom([]string{"v1", "v2"}), 0, 2).Draw(t, "scelte"), "c_file": rapid.SliceOfN(rapid.SampledFrom([]string{"f1", "f2"}), 0, 2).Draw(t, "file"),
		}
		var rr []map[string]any
		for range rapid.IntRange(0, 4).Draw(t, "righe") {
			rr = append(rr, map[string]any{"nome": rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "nome")})
		}
		v["c_gruppo"] = rr
		return m.Valuta(v, o).Valori
	})
	rapid.Check(t, func(rt *rapid.T) {
		prima, dopo := genera.Draw(rt, "prima"), genera.Draw(rt, "dopo")
		p := lettura(t, m, dopo, html.StatoLettura{Allegati: allegati(), Prima: prima, Data: aprile12})
		uguali := testoRiepilogo(m.Riepiloga(prima, allegati())) == testoRiepilogo(m.Riepiloga(dopo, allegati()))
		require.Equal(rt, uguali, !strings.Contains(p, "<strong>"))
	})
}

// testoRiepilogo writes the answers without the options' labels, which are all alike here.
func testoRiepilogo(rp modulo.Riepilogo) string {
	var b strings.Builder
	var scrivi func([]modulo.VoceRiepilogo)
	scrivi = func(vv []modulo.VoceRiepilogo) {
		for _, v := range vv {
			b.WriteString(v.Percorso + "=" + v.Valore + ";")
			for _, r := range v.Righe {
				b.WriteString("[")
				scrivi(r.Voci)
				b.WriteString("]")
			}
		}
	}
	for _, s := range rp.Sezioni {
		scrivi(s.Voci)
	}
	return b.String()
}
