package confronto_test

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/confronto"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

func percorsi(cc []confronto.Conseguenza) (q []string) {
	for _, c := range cc {
		q = append(q, c.Percorso+":"+c.Codice)
	}
	return q
}

func TestPer(t *testing.T) {
	t.Parallel()
	d := base()
	d.Versione = 2
	chi, dati := d.Sezioni[0].Campi, d.Sezioni[1].Campi
	chi[0].ID = "nome_proprio"
	chi[2].Opzioni = chi[2].Opzioni[1:]
	chi[2].Obbligatorio = true
	chi[3].Se = `tipo == "b" and isee > 500`
	dati[0].Massimo = "100"
	dati[2].Calcolo = "isee * 0.20"
	dati[3].MassimoRighe = 2
	dati[3].Campi[0].ID = "nome_figlio"
	d.Sezioni[1].Campi = append(dati, modulo.Campo{ID: "cf", Etichetta: "Codice fiscale", Tipo: modulo.CodiceFiscale, Obbligatorio: true})
	diff := confronto.Confronta(compila(t, base()), compila(t, d))

	r := modulo.Risposte{
		"nome": "Zzanna", "tipo": "a", "isee": "200", "vero": true,
		"figli": []map[string]any{{"nome": "Zzuno", "eta": "3"}, {"nome": "Zzdue"}, {"eta": "9"}},
	}
	prima := r.Copia()
	i := diff.Per(r, modulo.Opzioni{Oggi: oggi, Bozza: true})
	require.Equal(t, prima, r)
	require.Equal(t, []string{
		"nome:campo_tolto", "tipo:illeggibile", "figli[0].nome:campo_tolto", "figli[1].nome:campo_tolto", "figli[2].eta:riga_di_troppo",
	}, percorsi(i.Perse))
	require.Equal(t, "nome_proprio", i.Perse[0].Forse)
	require.Equal(t, "figli[1].nome_figlio", i.Perse[3].Forse)
	require.Equal(t, []string{"isee:massimo", "figli:righe"}, percorsi(i.NonValide))
	require.Equal(t, []string{"nome_proprio:obbligatorio", "tipo:opzione", "cf:obbligatorio"}, percorsi(i.Mancanti))
	require.Equal(t, []string{"retta:calcolo"}, percorsi(i.Ricalcolate))
	require.Contains(t, i.String(), "Nome (nome): campo_tolto, forse ora nome_proprio\n")
	require.NotContains(t, i.String(), "Zz")

	i = diff.Per(modulo.Risposte{"nome": "x", "tipo": "b", "altro": "y", "isee": "50", "vero": true}, modulo.Opzioni{Oggi: oggi})
	require.Equal(t, []string{"nome:campo_tolto", "altro:nascosto"}, percorsi(i.Perse))
	require.Empty(t, i.NonValide)
	require.Equal(t, "Nessuna conseguenza\n", confronto.Impatto{}.String())
}

// Answers of row ten come after those of row nine.
func TestPerOrdine(t *testing.T) {
	t.Parallel()
	d := base()
	d.Sezioni[1].Campi[3].MassimoRighe = 12
	e := base()
	e.Sezioni[1].Campi[3].MassimoRighe = 12
	e.Sezioni[1].Campi[3].Campi = e.Sezioni[1].Campi[3].Campi[:1]
	var rr []map[string]any
	for range 11 {
		rr = append(rr, map[string]any{"eta": "1"})
	}
	i := confronto.Confronta(compila(t, d), compila(t, e)).Per(modulo.Risposte{"figli": rr}, modulo.Opzioni{})
	require.Equal(t, "figli[9].eta", i.Perse[9].Percorso)
	require.Equal(t, "figli[10].eta", i.Perse[10].Percorso)
}

// Blocks and rows in rows: what counts is where a field ends up.
func TestPerAnnidati(t *testing.T) {
	t.Parallel()
	forma := func(versione, dosi int, campo, regola string) *modulo.Modulo {
		return compila(t, modulo.Definizione{
			ID: "m", Versione: versione, Titolo: "M",
			Blocchi: []modulo.Blocco{{ID: "cane", Campi: []modulo.Campo{
				{ID: campo, Etichetta: "Nome", Tipo: modulo.Testo}, {ID: "eta", Etichetta: "Età", Tipo: modulo.Intero},
			}, Regole: []modulo.Regola{{Se: regola, Messaggio: "Controlla l'età", Campo: "eta"}}}},
			Sezioni: []modulo.Sezione{{ID: "s", Titolo: "S", Campi: []modulo.Campo{
				{ID: "mio", Etichetta: "Il tuo cane", Tipo: modulo.DaBlocco, Blocco: "cane"},
				{ID: "altri", Etichetta: "Altri", Tipo: modulo.Gruppo, EtichettaRiga: "Cane", Campi: []modulo.Campo{
					{ID: "dosi", Etichetta: "Dosi", Tipo: modulo.Gruppo, EtichettaRiga: "Dose", MassimoRighe: dosi, Campi: []modulo.Campo{
						{ID: "giorno", Etichetta: "Giorno", Tipo: modulo.Data},
					}},
				}},
			}}},
		})
	}
	d := confronto.Confronta(forma(1, 3, "nome", "eta > 30"), forma(2, 1, "appellativo", "eta > 20"))
	var codici []string
	for _, v := range d.Voci {
		codici = append(codici, v.Codice+" "+v.Percorso)
	}
	require.Equal(t, []string{"campo_rinominato mio_appellativo", "limite_stretto altri.dosi", "regola "}, codici)
	i := d.Per(modulo.Risposte{"mio_nome": "Fido", "mio_eta": "25", "altri": []map[string]any{
		{"dosi": []map[string]any{{"giorno": "2026-01-01"}}}, {"dosi": []map[string]any{{"giorno": "2026-01-01"}, {"giorno": "2026-01-02"}}},
	}}, modulo.Opzioni{})
	require.Equal(t, []string{"mio_nome:campo_tolto", "altri[1].dosi[1].giorno:riga_di_troppo"}, percorsi(i.Perse))
	require.Equal(t, []string{"mio_eta:regola", "altri[1].dosi:righe"}, percorsi(i.NonValide))
}

// What the weights promise, tried on answers: a difference that is compatible
// harms no answers that were complete, and without an incompatible or doubtful
// one nothing is lost.
func TestPesiMantenuti(t *testing.T) {
	t.Parallel()
	cambi := []func(*modulo.Definizione){
		func(d *modulo.Definizione) { d.Titolo = "Altro" },
		func(d *modulo.Definizione) { slices.Reverse(d.Sezioni) },
		func(d *modulo.Definizione) { trova(d, "nome").Obbligatorio = false },
		func(d *modulo.Definizione) { trova(d, "nome").MassimoCaratteri = 200 },
		func(d *modulo.Definizione) { trova(d, "nome").MassimoCaratteri = 3 },
		func(d *modulo.Definizione) { trova(d, "nome").Tipo = modulo.TestoLungo },
		func(d *modulo.Definizione) { trova(d, "nascita").Massimo = "oggi+5" },
		func(d *modulo.Definizione) { trova(d, "nascita").Massimo = "2000-01-01" },
		func(d *modulo.Definizione) { trova(d, "isee").Massimo = "" },
		func(d *modulo.Definizione) { trova(d, "isee").Massimo = "10" },
		func(d *modulo.Definizione) { trova(d, "isee").Obbligatorio = true },
		func(d *modulo.Definizione) { trova(d, "altro").Se = "" },
		func(d *modulo.Definizione) { trova(d, "altro").Se = `tipo == "a"` },
		func(d *modulo.Definizione) { trova(d, "retta").Calcolo = "isee + 1" },
		func(d *modulo.Definizione) { slices.Reverse(trova(d, "tipo").Opzioni) },
		func(d *modulo.Definizione) {
			o := trova(d, "tipo")
			o.Opzioni = append(o.Opzioni, modulo.Opzione{Valore: "c", Etichetta: "C"})
		},
		func(d *modulo.Definizione) { g := trova(d, "figli"); g.MassimoRighe = 2 },
		func(d *modulo.Definizione) {
			g := trova(d, "figli")
			g.MassimoRighe = 9
			g.Campi[1].Tipo = modulo.Decimale
		},
		func(d *modulo.Definizione) { d.Regole = nil },
		func(d *modulo.Definizione) { d.Regole[0].Se = "eta(nascita) < 60" },
		func(d *modulo.Definizione) {
			s := &d.Sezioni[1]
			s.Campi = append(s.Campi, modulo.Campo{ID: "nuovo", Etichetta: "Nuovo", Tipo: modulo.Testo})
		},
	}
	prima := compila(t, base())
	innocui, dannosi := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d := base()
		d.Versione = 2
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(cambi)-1), 1, 3, rapid.ID[int]).Draw(t, "cambi") {
			if i == 18 || len(d.Regole) > 0 {
				cambi[i](&d)
			}
		}
		diff := confronto.Confronta(prima, compila(t, d))
		r := modulo.Risposte{
			"nome":    rapid.SampledFrom([]string{"Anna", "Zoe", ""}).Draw(t, "nome"),
			"nascita": rapid.SampledFrom([]string{"1980-01-01", "2026-03-31", "", "x"}).Draw(t, "nascita"),
			"tipo":    rapid.SampledFrom([]string{"a", "b", ""}).Draw(t, "tipo"),
			"altro":   rapid.SampledFrom([]string{"segno", ""}).Draw(t, "altro"),
			"isee":    rapid.SampledFrom([]string{"5", "500", ""}).Draw(t, "isee"),
			"vero":    true,
		}
		var rr []map[string]any
		for range rapid.IntRange(0, 3).Draw(t, "righe") {
			rr = append(rr, map[string]any{"nome": "segno", "eta": "4"})
		}
		r["figli"] = rr
		i := diff.Per(r, modulo.Opzioni{Oggi: oggi})
		if diff.Peso().Supera(confronto.Compatibile) {
			if !i.Indenne() {
				dannosi++
			}
		} else {
			innocui++
			require.True(t, i.Indenne(), "%s%s", diff, i)
		}
		require.False(t, strings.Contains(i.String(), "segno"))
	})
	require.Positive(t, innocui)
	require.Positive(t, dannosi)
}

func trova(d *modulo.Definizione, id string) *modulo.Campo {
	for i := range d.Sezioni {
		for j := range d.Sezioni[i].Campi {
			if d.Sezioni[i].Campi[j].ID == id {
				return &d.Sezioni[i].Campi[j]
			}
		}
	}
	return nil
}
