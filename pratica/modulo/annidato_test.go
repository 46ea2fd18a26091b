package modulo_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

func gruppo(id, riga string, campi ...modulo.Campo) modulo.Campo {
	return modulo.Campo{ID: id, Etichetta: strings.ToUpper(id), Tipo: modulo.Gruppo, EtichettaRiga: riga, Campi: campi}
}

// vaccini has a gruppo in a gruppo, and expressions in all the directions.
func vaccini() modulo.Definizione {
	con := func(id string, t modulo.Tipo, f func(*modulo.Campo)) modulo.Campo {
		c := campo(id, t)
		f(&c)
		return c
	}
	dentro := gruppo("vaccini", "Vaccino",
		con("costo", modulo.Importo, func(c *modulo.Campo) { c.Obbligatorio = true }),
		con("lordo", modulo.Importo, func(c *modulo.Campo) { c.Calcolo = "riga.costo * sopra.aliquota * base" }),
		con("medico", modulo.Testo, func(c *modulo.Campo) { c.Se = `sopra.nome != "Ugo" and riga.costo > 5` }),
		con("fatto", modulo.SiNo, func(*modulo.Campo) {}),
		con("libretto", modulo.File, func(*modulo.Campo) {}),
		con("comune", modulo.Scelta, func(c *modulo.Campo) { c.Elenco, c.DipendeDa = "comuni", "provincia" }),
	)
	dentro.Se, dentro.MassimoRighe, dentro.MinimoRighe = `riga.nome != ""`, 3, 0
	dentro.ObbligatorioSe = `riga.aliquota > 100`
	dentro.Campi[0].Predefinito = "5"
	fuori := gruppo("figli", "Figlio", campo("nome", modulo.Testo), campo("aliquota", modulo.Decimale), dentro,
		con("spesa", modulo.Importo, func(c *modulo.Campo) { c.Calcolo = `somma(riga.vaccini, "lordo") / conta(riga.vaccini)` }),
		con("fatti", modulo.Intero, func(c *modulo.Campo) { c.Calcolo = `conta(riga.vaccini, "fatto")` }),
		con("provincia", modulo.Scelta, func(c *modulo.Campo) { c.Elenco = "comuni" }),
	)
	d := conCampi(campo("base", modulo.Intero), fuori, con("tutto", modulo.Importo, func(c *modulo.Campo) { c.Calcolo = `somma(figli, "spesa")` }))
	d.Regole = []modulo.Regola{{ID: "caro", Campo: "figli.vaccini.costo", Se: "riga.costo > 10 * sopra.aliquota", Messaggio: "Caro"}, {ID: "pochi", Campo: "figli.vaccini", Se: `riga.nome == "Ada" and conta(riga.vaccini) < 2`, Messaggio: "Pochi"}}
	return d
}

func annidate() modulo.Risposte {
	return modulo.Risposte{"base": "2", "figli": []any{
		map[string]any{"nome": "Ada", "aliquota": "2", "provincia": "RM", "vaccini": []any{
			map[string]any{"costo": "21", "medico": "M", "fatto": "si", "comune": "H501", "ignoto": 1}}},
		map[string]any{"nome": "Ugo", "aliquota": "1", "provincia": "MI", "vaccini": []any{
			map[string]any{"costo": "6", "medico": "M", "comune": "H501"}, map[string]any{"costo": "4", "fatto": true}, map[string]any{"costo": "x"}, map[string]any{"costo": "9"}}},
		map[string]any{"vaccini": []any{map[string]any{"costo": "6"}}},
		map[string]any{"nome": "Eva", "aliquota": "101"},
	}}
}

func annidato(t testing.TB) *modulo.Modulo {
	t.Helper()
	m, err := modulo.Compila(vaccini(), modulo.ConElenco("comuni", comuni))
	require.NoError(t, err)
	return m
}

func TestAnnidato(t *testing.T) {
	t.Parallel()
	m := annidato(t)
	e := m.Valuta(annidate(), modulo.Opzioni{Oggi: oggi})
	require.Equal(t, []string{"figli[0].vaccini:pochi", "figli[0].vaccini[0].costo:caro", "figli[1].vaccini:righe", "figli[1].vaccini[0].comune:opzione", "figli[1].vaccini[2].costo:formato", "figli[3].vaccini:obbligatorio"}, codici(e.Errori))
	require.Equal(t, "Figlio 2: Vaccino 3: COSTO", e.Errori[4].Etichetta)
	require.Equal(t, "Figlio 1: VACCINI", e.Errori[0].Etichetta)
	require.Equal(t, "90.67", e.Valori["tutto"]) // 21×2×2 + (6×2 + 4×2 + nothing)/3
	require.Equal(t, []map[string]any{{"costo": "21.00", "lordo": "84.00", "medico": "M", "fatto": true, "comune": "H501"}}, e.Valori.Righe("figli[0].vaccini"))
	require.Equal(t, "84.00", e.Valori.Righe("figli")[0]["spesa"])
	require.NotContains(t, e.Valori.Righe("figli")[2], "vaccini")
	require.True(t, e.Visibile("figli[1].vaccini[2].costo"))
	require.True(t, e.Obbligatorio("figli[1].vaccini[2].costo"))
	require.True(t, e.Obbligatorio("figli[3].vaccini"))
	require.False(t, e.Visibile("figli[1].vaccini[0].medico"))
	require.False(t, e.Visibile("figli[1].vaccini[3].costo"))
	require.False(t, e.Visibile("figli[2].vaccini"))
	require.True(t, e.Calcolato("figli[0].vaccini[0].lordo"))

	voce := m.Riepiloga(e.Valori, nil).Sezioni[0].Voci[1].Righe[1]
	require.Equal(t, "Figlio 2 di 4", voce.Titolo)
	interna := voce.Voci[2]
	require.Equal(t, "figli[1].vaccini", interna.Percorso)
	require.Equal(t, "Vaccino 2 di 3", interna.Righe[1].Titolo)
	require.Equal(t, modulo.VoceRiepilogo{Percorso: "figli[1].vaccini[1].costo", Etichetta: "COSTO", Valore: "4,00 €"}, interna.Righe[1].Voci[0])
	require.Equal(t, "Comune di H501", m.Riepiloga(e.Valori, nil).Sezioni[0].Voci[1].Righe[0].Voci[2].Righe[0].Voci[4].Valore)
	require.Equal(t, voci("F205"), m.Voci("figli[1].vaccini[0].comune", e.Valori, oggi))

	for _, p := range []string{"figli.vaccini.costo", "figli[0].vaccini[3].costo"} {
		c, ok := m.Campo(p)
		require.True(t, ok)
		require.Equal(t, "costo", c.ID)
	}
	for _, p := range []string{"figli.vaccini.costo.x", "figli[0].vaccini[0]", "figli[0].vaccini[0].costo[0].x", "figli[0]..costo", "figli[0].x[0].y", "[0].x", "x]", "base[0].x[0].y"} {
		_, ok := m.Campo(p)
		require.False(t, ok, p)
		require.Empty(t, annidate().Righe(p))
	}
	require.Equal(t, map[string]any{"costo": "5.00"}, m.Iniziale("figli[2].vaccini"))
	require.Equal(t, "figli[1].vaccini[0].costo", modulo.Percorso(modulo.Percorso("figli", 1, "vaccini"), 0, "costo"))
}

func TestFileAnnidato(t *testing.T) {
	t.Parallel()
	m := annidato(t)
	r := annidate()
	p := "figli[1].vaccini[1].libretto"
	q, err := m.ConFile(r, p, "f1")
	require.NoError(t, err)
	require.Equal(t, []string{"f1"}, q.Elenco(p))
	require.Equal(t, annidate(), r, "the answers given are not changed")
	e := m.Valuta(q, modulo.Opzioni{Bozza: true})
	require.Equal(t, []string{"f1"}, e.Valori.Elenco(p))
	q, err = m.SenzaFile(q, p, "f1")
	require.NoError(t, err)
	require.Empty(t, q.Elenco(p))
	for _, p := range []string{"figli[1].vaccini[9].libretto", "figli[9].vaccini[0].libretto", "figli[2].libretto", "figli.vaccini.libretto", "figli[1].vaccini.libretto"} {
		_, err = m.ConFile(r, p, "f")
		require.ErrorIs(t, err, modulo.ErrFile, p)
	}
}

func TestAnnidatoProblemi(t *testing.T) {
	t.Parallel()
	con := func(f func(fuori, dentro *modulo.Campo)) modulo.Definizione {
		d := vaccini()
		f(&d.Sezioni[0].Campi[1], &d.Sezioni[0].Campi[1].Campi[2])
		return d
	}
	for testo, d := range map[string]modulo.Definizione{
		"sopra.nome si usa solo in un gruppo dentro un gruppo": con(func(f, _ *modulo.Campo) { f.Campi[0].Se = `sopra.nome == "x"` }),
		`la riga non ha il campo "boh"`:                        con(func(_, d *modulo.Campo) { d.Campi[0].Se = `sopra.boh == "x"` }),
		`"nome" non è un gruppo`:                               con(func(f, _ *modulo.Campo) { f.Campi[3].Calcolo = `somma(riga.nome, "x")` }),
		`non ha un campo numerico "fatto"`:                     con(func(f, _ *modulo.Campo) { f.Campi[3].Calcolo = `somma(riga.vaccini, "fatto")` }),
		"vaccini → spesa → vaccini":                            con(func(_, d *modulo.Campo) { d.Campi[0].Se = `sopra.spesa > 1` }),
		"vaccini → vaccini":                                    con(func(_, d *modulo.Campo) { d.Campi[0].Se = `conta(sopra.vaccini) > 1` }),
		"costo → lordo → costo":                                con(func(_, d *modulo.Campo) { d.Campi[0].Se = `riga.lordo > 1` }),
		"figli → figli":                                        con(func(_, d *modulo.Campo) { d.Campi[0].Se = `conta(figli) > 1` }),
		`il campo "vaccini" non esiste`:                        con(func(_, d *modulo.Campo) { d.Campi[0].Se = `conta(vaccini) > 1` }),
	} {
		_, err := modulo.Compila(d, modulo.ConElenco("comuni", comuni))
		require.ErrorContains(t, err, testo)
	}
}

// Rows are bounded in each gruppo and in all.
func TestRigheOstili(t *testing.T) {
	t.Parallel()
	in := gruppo("i", "I", campo("x", modulo.Testo))
	in.MassimoRighe = 500
	out := gruppo("o", "O", in)
	out.MassimoRighe = 500
	var viste modulo.Risposte
	m, err := modulo.Compila(conCampi(out), modulo.ConEstensione(estensione(func(r modulo.Risposte, _ modulo.Opzioni) modulo.Giudizio {
		viste = r
		return modulo.Giudizio{}
	})))
	require.NoError(t, err)
	righe := func(n int, r map[string]any) []any {
		q := make([]any, n)
		for i := range q {
			q[i] = r
		}
		return q
	}
	r := modulo.Risposte{"o": righe(10_000, map[string]any{"i": righe(10_000, map[string]any{"x": "\u202ey"})})}
	e := m.Valuta(r, modulo.Opzioni{})
	conta := func(r modulo.Risposte) int {
		n := 0
		for _, x := range r.Righe("o") {
			n++
			rr, _ := x["i"].([]map[string]any)
			n += len(rr)
		}
		return n
	}
	require.Equal(t, modulo.LimiteRigheTotali, conta(e.Valori))
	require.Equal(t, modulo.LimiteRigheTotali, conta(viste))
	require.Equal(t, "o:righe", codici(e.Errori)[0])
	require.Contains(t, e.Errori[0].Messaggio, "al massimo 500")
	require.Contains(t, codici(e.Errori), "o[0].i:righe")
	require.Contains(t, e.Errori[len(e.Errori)-1].Messaggio, "nel loro insieme")
	require.Equal(t, "y", e.Valori.Righe("o[0].i")[0]["x"])

	// Depth beyond what a form has is no answer, and no hurt.
	var fondo any = "x"
	for range 10_000 {
		fondo = []any{map[string]any{"i": fondo, "x": fondo}}
	}
	e = m.Valuta(modulo.Risposte{"o": fondo}, modulo.Opzioni{})
	require.Equal(t, []string{"o[0].i[0].x:formato"}, codici(e.Errori))
	require.NotNil(t, modulo.Risposte{"o": fondo}.Copia())
}

func TestAnnidatoStabile(t *testing.T) {
	t.Parallel()
	m := annidato(t)
	rapid.Check(t, func(t *rapid.T) {
		testo := rapid.SampledFrom([]string{"", "1", "6", "101", "1.234", "Ugo", "RM", "MI", "H501", "F205", "si", "\xff", "\u202e"})
		r := modulo.Risposte{"base": testo.Draw(t, "base")}
		var ff []any
		for i := range rapid.IntRange(0, 3).Draw(t, "figli") {
			f := map[string]any{}
			for _, k := range []string{"nome", "aliquota", "provincia", "spesa"} {
				f[k] = testo.Draw(t, fmt.Sprint(k, i))
			}
			var vv []any
			for j := range rapid.IntRange(0, 4).Draw(t, "vaccini") {
				x := map[string]any{}
				for _, k := range []string{"costo", "medico", "fatto", "libretto", "comune"} {
					x[k] = testo.Draw(t, fmt.Sprint(k, i, j))
				}
				vv = append(vv, x)
			}
			f["vaccini"] = vv
			ff = append(ff, f)
		}
		r["figli"] = ff
		stabile(t, m, r)
	})
}

func FuzzAnnidato(f *testing.F) {
	b, err := json.Marshal(annidate())
	require.NoError(f, err)
	f.Add(b)
	f.Add([]byte(`{"figli":[[{"vaccini":{}}],{"nome":"a","vaccini":[[],{"costo":[{}],"libretto":{"x":1}}]}]}`))
	m := annidato(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		var r modulo.Risposte
		if json.Unmarshal(b, &r) == nil {
			stabile(t, m, r)
		}
	})
}

// After the inner rows, the outer row is itself again, though they call their
// fields alike.
func TestAnnidatoOmonimi(t *testing.T) {
	t.Parallel()
	dopo := campo("dopo", modulo.Testo)
	dopo.ObbligatorioSe = `riga.x == "fuori"`
	calcolo := campo("calcolo", modulo.Testo)
	calcolo.Calcolo = "riga.x"
	m := daCampi(t, gruppo("a", "A", campo("x", modulo.Testo), gruppo("b", "B", campo("x", modulo.Testo)), dopo, calcolo))
	e := m.Valuta(modulo.Risposte{"a": []any{map[string]any{"x": "fuori", "b": []any{map[string]any{"x": "dentro"}}}, map[string]any{"x": "altro", "b": []any{map[string]any{"x": "fuori"}}}}}, modulo.Opzioni{})
	require.Equal(t, []string{"a[0].dopo:obbligatorio"}, codici(e.Errori))
	require.Equal(t, "fuori", e.Valori.Righe("a")[0]["calcolo"])
	require.Equal(t, "altro", e.Valori.Righe("a")[1]["calcolo"])
}
