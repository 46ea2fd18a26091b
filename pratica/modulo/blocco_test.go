package modulo_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

func usa(id, blocco string) modulo.Campo {
	return modulo.Campo{ID: id, Etichetta: strings.ToUpper(id), Tipo: modulo.DaBlocco, Blocco: blocco}
}

// veicoli uses a block in a section, in a gruppo and inside another block.
func veicoli() modulo.Definizione {
	targa := campo("targa", modulo.Testo)
	targa.Obbligatorio = true
	peso := campo("peso", modulo.Importo)
	peso.Se = `targa != "targa" and not vuoto(targa)`
	doppio := campo("doppio", modulo.Importo)
	doppio.Calcolo = "peso * 2"
	assi := campo("assi", modulo.Gruppo)
	carico := campo("carico", modulo.Importo)
	carico.ObbligatorioSe = `not vuoto(targa) and vuoto(riga.nota)`
	assi.EtichettaRiga, assi.Campi = "Asse", []modulo.Campo{carico, campo("nota", modulo.Testo)}
	d := conCampi(campo("ha", modulo.SiNo), usa("auto", "veicolo"), usa("flotta", "doppio"))
	d.Sezioni[0].Campi[1].Se = "ha"
	d.Blocchi = []modulo.Blocco{
		{ID: "veicolo", Campi: []modulo.Campo{targa, peso, doppio, assi}, Regole: []modulo.Regola{
			{ID: "pesante", Campo: "peso", Se: "peso > 35", Messaggio: "Troppo pesante"}, {ID: "carico", Campo: "assi.carico", Se: "riga.carico > peso", Messaggio: "Più del peso"}, {ID: "prima", Se: `targa == "X"`, Messaggio: "Non X"}}},
		{ID: "semplice", Campi: []modulo.Campo{targa, peso, doppio}},
		{ID: "doppio", Campi: []modulo.Campo{usa("uno", "semplice"), campo("quanti", modulo.Intero)}, Regole: []modulo.Regola{{ID: "nessuno", Campo: "quanti", Se: `quanti == 0 and uno_peso > 1`, Messaggio: "m"}}},
	}
	righe := campo("righe", modulo.Gruppo)
	righe.EtichettaRiga, righe.Campi = "Riga", []modulo.Campo{usa("v", "doppio"), campo("altro", modulo.Testo)}
	d.Sezioni = append(d.Sezioni, modulo.Sezione{ID: "altre", Titolo: "Altre", Campi: []modulo.Campo{righe}})
	return d
}

func TestBlocchi(t *testing.T) {
	t.Parallel()
	m, err := modulo.Compila(veicoli())
	require.NoError(t, err)
	var ids []string
	for _, s := range m.Sezioni() {
		for _, c := range s.Campi {
			ids = append(ids, c.ID+":"+c.Insieme+":"+c.EtichettaInsieme)
		}
	}
	require.Equal(t, []string{"ha::", "auto_targa:auto:AUTO", "auto_peso:auto:AUTO", "auto_doppio:auto:AUTO", "auto_assi:auto:AUTO",
		"flotta_uno_targa:flotta_uno:UNO", "flotta_uno_peso:flotta_uno:UNO", "flotta_uno_doppio:flotta_uno:UNO", "flotta_quanti:flotta:FLOTTA", "righe::"}, ids)
	c, ok := m.Campo("righe.v_uno_peso")
	require.True(t, ok)
	require.Equal(t, `riga.v_uno_targa != "targa" and not vuoto(riga.v_uno_targa)`, c.Se)
	require.Equal(t, "v_uno", c.Insieme)
	c, _ = m.Campo("auto_peso")
	require.Equal(t, `(ha) and (auto_targa != "targa" and not vuoto(auto_targa))`, c.Se)
	require.Equal(t, veicoli(), m.Definizione())

	e := m.Valuta(modulo.Risposte{"ha": true, "auto_targa": "X", "auto_peso": "36", "auto_assi": []any{map[string]any{"carico": "37"}, nil}, "flotta_uno_targa": "A", "flotta_uno_peso": "2", "flotta_quanti": "0",
		"righe": []any{map[string]any{"v_uno_targa": "B", "v_uno_peso": "4", "v_quanti": "0"}, map[string]any{"v_uno_targa": "targa", "v_uno_peso": "4"}}}, modulo.Opzioni{})
	require.Equal(t, []string{"auto_targa:prima", "auto_peso:pesante", "auto_assi[0].carico:carico", "auto_assi[1].carico:obbligatorio", "flotta_quanti:nessuno", "righe[0].v_quanti:nessuno"}, codici(e.Errori))
	require.Equal(t, "72.00", e.Valori["auto_doppio"])
	require.Equal(t, []map[string]any{{"v_uno_targa": "B", "v_uno_peso": "4.00", "v_uno_doppio": "8.00", "v_quanti": "0"}, {"v_uno_targa": "targa"}}, e.Valori["righe"])
	require.Equal(t, []string{"flotta_uno_targa:obbligatorio"}, codici(m.Valuta(nil, modulo.Opzioni{}).Errori), "the block that is not shown asks for nothing")

	// What a form with blocks is written out to is a form of its own, and the same.
	d := veicoli()
	d.Sezioni, d.Blocchi = m.Sezioni(), nil
	_, err = modulo.Compila(d)
	require.NoError(t, err)
	b, err := json.Marshal(veicoli())
	require.NoError(t, err)
	letta, err := modulo.Leggi(strings.NewReader(string(b)))
	require.NoError(t, err)
	require.Equal(t, veicoli(), letta)
}

func TestBlocchiProblemi(t *testing.T) {
	t.Parallel()
	con := func(f func(*modulo.Definizione)) modulo.Definizione {
		d := veicoli()
		f(&d)
		return d
	}
	x := []modulo.Campo{campo("x", modulo.Testo)}
	for nome, c := range map[string]struct {
		d     modulo.Definizione
		testo string
	}{
		"assente":        {con(func(d *modulo.Definizione) { d.Sezioni[0].Campi[1].Blocco = "boh" }), `sezioni[0].campi[1].blocco (auto): il blocco "boh" non esiste`},
		"muto":           {con(func(d *modulo.Definizione) { d.Sezioni[0].Campi[1].Blocco = "" }), `il blocco "" non esiste`},
		"etichetta":      {con(func(d *modulo.Definizione) { d.Sezioni[0].Campi[1].Etichetta = " " }), "sezioni[0].campi[1].etichetta"},
		"estraneo":       {con(func(d *modulo.Definizione) { d.Sezioni[0].Campi[1].Obbligatorio = true }), "ha solo id, etichetta, tipo, se e blocco"},
		"persona":        {con(func(d *modulo.Definizione) { d.Sezioni[0].Campi[1].Tipo = modulo.Persona }), "ha solo id, etichetta, tipo, se, obbligatorio ed elenco"},
		"id":             {con(func(d *modulo.Definizione) { d.Sezioni[0].Campi[1].ID = "A" }), "sezioni[0].campi[1].id"},
		"id lungo":       {con(func(d *modulo.Definizione) { d.Sezioni[0].Campi[1].ID = strings.Repeat("a", 60) }), "blocchi[0].campi[0].id"},
		"urto":           {con(func(d *modulo.Definizione) { d.Sezioni[0].Campi[0].ID, d.Sezioni[0].Campi[1].Se = "auto_targa", "" }), `"auto_targa" compare due volte`},
		"dentro":         {con(func(d *modulo.Definizione) { d.Blocchi[0].Campi[1].Se = "boh > 1" }), "blocchi[0].campi[1].se (auto_peso)"},
		"sintassi":       {con(func(d *modulo.Definizione) { d.Blocchi[0].Campi[1].Se = `targa == "` }), "blocchi[0].campi[1].se (auto_peso)"},
		"regola":         {con(func(d *modulo.Definizione) { d.Blocchi[0].Regole[0].Campo = "boh" }), `il campo "auto_boh" non esiste`},
		"doppio":         {con(func(d *modulo.Definizione) { d.Blocchi[1].ID = "veicolo" }), `il blocco "veicolo" compare due volte`},
		"nome":           {con(func(d *modulo.Definizione) { d.Blocchi[1].ID = "Uno due" }), "blocchi[1].id"},
		"vuoto":          {con(func(d *modulo.Definizione) { d.Blocchi[1].Campi = nil }), "blocchi[1].campi"},
		"insieme muto":   {con(func(d *modulo.Definizione) { d.Sezioni[0].Campi[0].Insieme = "x" }), "sezioni[0].campi[0].insieme"},
		"insieme storto": {con(func(d *modulo.Definizione) { d.Sezioni[0].Campi[0].EtichettaInsieme = "x" }), "sezioni[0].campi[0].etichetta_insieme"},
		"ciclo":          {con(func(d *modulo.Definizione) { d.Blocchi[1].Campi = []modulo.Campo{usa("w", "doppio")} }), "doppio → semplice → doppio"},
		"di sé":          {con(func(d *modulo.Definizione) { d.Blocchi[1].Campi = []modulo.Campo{usa("w", "semplice")} }), "semplice → semplice"},
		"tanti": {con(func(d *modulo.Definizione) {
			for i := range modulo.LimiteBlocchi {
				d.Blocchi = append(d.Blocchi, modulo.Blocco{ID: fmt.Sprintf("b%d", i), Campi: x})
			}
		}), "oltre 100 blocchi"},
		"profondi": {con(func(d *modulo.Definizione) {
			d.Blocchi = []modulo.Blocco{{ID: "semplice", Campi: x}, {ID: "veicolo", Campi: x}, {ID: "doppio", Campi: []modulo.Campo{usa("w", "b0")}}}
			for i := range 4 {
				d.Blocchi = append(d.Blocchi, modulo.Blocco{ID: fmt.Sprintf("b%d", i), Campi: []modulo.Campo{usa("w", fmt.Sprintf("b%d", i+1))}})
			}
			d.Blocchi = append(d.Blocchi, modulo.Blocco{ID: "b4", Campi: x})
		}), "oltre 4 blocchi l'uno nell'altro"},
		"bomba": {con(func(d *modulo.Definizione) {
			d.Blocchi = []modulo.Blocco{{ID: "veicolo", Campi: x}, {ID: "b3", Campi: x}}
			for i, n := range []string{"doppio", "b1", "b2"} {
				b := modulo.Blocco{ID: n}
				for j := range 500 {
					b.Campi = append(b.Campi, usa(fmt.Sprintf("w%d", j), fmt.Sprintf("b%d", i+1)))
				}
				d.Blocchi = append(d.Blocchi, b)
			}
		}), "i blocchi danno oltre 1000 campi"},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			_, err := modulo.Compila(c.d)
			require.ErrorContains(t, err, c.testo)
		})
	}
	// A definition that holds itself ends as well.
	g := []modulo.Campo{{ID: "g", Etichetta: "G", Tipo: modulo.Gruppo, EtichettaRiga: "R"}}
	g[0].Campi = g
	_, err := modulo.Compila(conCampi(g...))
	require.ErrorContains(t, err, "non può contenere")
}

func TestPersona(t *testing.T) {
	t.Parallel()
	p := modulo.Campo{ID: "tu", Etichetta: "I tuoi dati", Tipo: modulo.Persona, Obbligatorio: true}
	g := campo("figli", modulo.Gruppo)
	g.EtichettaRiga, g.Campi = "Figlio", []modulo.Campo{{ID: "p", Etichetta: "Figlio", Tipo: modulo.Persona, Elenco: "luoghi"}}
	luoghi := modulo.ElencoPer(map[string][]modulo.Opzione{"": voci("RM", "EE"), "RM": voci("H501", "A132"), "EE": voci("Z110")})
	m, err := modulo.Compila(conCampi(p, g), modulo.ConElenco("luoghi", luoghi))
	require.NoError(t, err)
	require.Equal(t, []string{"tu_nome:obbligatorio", "tu_cognome:obbligatorio", "tu_codice_fiscale:obbligatorio", "tu_nascita:obbligatorio", "tu_luogo_nascita:obbligatorio", "tu_sesso:obbligatorio"}, codici(m.Valuta(nil, modulo.Opzioni{}).Errori))
	buono := func() modulo.Risposte {
		return modulo.Risposte{"tu_nome": "Mario", "tu_cognome": "Rossi", "tu_codice_fiscale": "RSSMRA80A01H501U", "tu_nascita": "1/1/1980", "tu_luogo_nascita": "Roma", "tu_sesso": "M"}
	}
	o := modulo.Opzioni{Oggi: oggi}
	require.Empty(t, m.Valuta(buono(), o).Errori)
	r := buono()
	r["tu_codice_fiscale"] = "RSSMRA80A01H50MM" // omocodia of the same
	require.Empty(t, m.Valuta(r, o).Errori)
	for id, v := range map[string]string{"tu_nome": "Anna", "tu_cognome": "Bianchi", "tu_nascita": "2/1/1980", "tu_sesso": "F"} {
		r = buono()
		r[id] = v
		e := m.Valuta(r, o)
		require.Len(t, e.Errori, 1, id)
		require.Equal(t, id, e.Errori[0].Percorso)
		require.NotContains(t, e.Errori[0].Messaggio, v)
		o.Bozza = true
		require.Empty(t, m.Valuta(r, o).Errori)
		o.Bozza = false
	}
	r = buono()
	r["tu_nascita"] = "1/1/2080"
	require.Equal(t, []string{"tu_nascita:massimo"}, codici(m.Valuta(r, o).Errori), "said once")
	r["tu_nascita"], r["tu_codice_fiscale"] = "boh", "boh"
	require.Equal(t, []string{"tu_codice_fiscale:formato", "tu_nascita:formato"}, codici(m.Valuta(r, o).Errori))

	r = buono()
	r["figli"] = []any{
		map[string]any{"p_codice_fiscale": "RSSMRA80A01H501U", "p_provincia_nascita": "RM", "p_luogo_nascita": "H501"},
		map[string]any{"p_codice_fiscale": "RSSMRA80A01H501U", "p_provincia_nascita": "RM", "p_luogo_nascita": "A132", "p_sesso": "F"},
	}
	require.Equal(t, []string{"figli[1].p_luogo_nascita:luogo_nascita_discorde", "figli[1].p_sesso:sesso_discorde"}, codici(m.Valuta(r, o).Errori))
}

func TestIndirizzo(t *testing.T) {
	t.Parallel()
	c := modulo.Campo{ID: "dove", Etichetta: "Dove abiti", Tipo: modulo.Indirizzo, Obbligatorio: true}
	scelto := modulo.Campo{ID: "altro", Etichetta: "Altro", Tipo: modulo.Indirizzo, Elenco: "comuni", Se: `dove_comune == "Roma"`}
	m, err := modulo.Compila(conCampi(c, scelto), modulo.ConElenco("comuni", comuni))
	require.NoError(t, err)
	r := modulo.Risposte{"dove_via": "Via Appia", "dove_civico": "1", "dove_cap": "00184", "dove_comune": "Roma", "dove_provincia": "RM", "dove_stato": "Francia", "altro_provincia": "RM", "altro_comune": "F205"}
	e := m.Valuta(r, modulo.Opzioni{})
	require.Equal(t, []string{"altro_comune:opzione"}, codici(e.Errori))
	require.NotContains(t, e.Valori, "dove_stato")
	r["dove_provincia"] = "Roma"
	require.Contains(t, codici(m.Valuta(r, modulo.Opzioni{}).Errori), "dove_provincia:schema")
	r["dove_estero"] = "si"
	e = m.Valuta(r, modulo.Opzioni{})
	require.Equal(t, []string{"dove_citta_estera:obbligatorio"}, codici(e.Errori))
	require.Equal(t, modulo.Risposte{"dove_estero": true, "dove_via": "Via Appia", "dove_civico": "1", "dove_stato": "Francia"}, e.Valori)
}

// A block that holds a gruppo may be used in a row: its own become those of the
// row around.
func TestBlocchiInRiga(t *testing.T) {
	t.Parallel()
	d := veicoli()
	d.Sezioni[0].Campi = []modulo.Campo{gruppo("parco", "Mezzo", usa("v", "veicolo"))}
	d.Sezioni = d.Sezioni[:1]
	m, err := modulo.Compila(d)
	require.NoError(t, err)
	c, ok := m.Campo("parco.v_assi.carico")
	require.True(t, ok)
	require.Equal(t, "not vuoto(sopra.v_targa) and vuoto(riga.nota)", c.ObbligatorioSe)
	e := m.Valuta(modulo.Risposte{"parco": []any{map[string]any{"v_targa": "X", "v_peso": "36", "v_assi": []any{map[string]any{"carico": "37"}, nil}}}}, modulo.Opzioni{})
	require.Equal(t, []string{"parco[0].v_targa:prima", "parco[0].v_peso:pesante", "parco[0].v_assi[0].carico:carico", "parco[0].v_assi[1].carico:obbligatorio"}, codici(e.Errori))
	require.Equal(t, "72.00", e.Valori.Righe("parco")[0]["v_doppio"])
}

// Only the names of the fields are rewritten: not those of the inner row, of the
// functions, nor what is between quotes.
func TestBlocchiOmonimi(t *testing.T) {
	t.Parallel()
	quale := campo("quale", modulo.Testo)
	quale.Se = `riga.anno == "anno" and anno(giorno) > 2000 and anno != "anno" and not vuoto(giorno)`
	dentro := gruppo("righe", "R", campo("anno", modulo.Testo), quale)
	d := conCampi(usa("b", "b"))
	d.Blocchi = []modulo.Blocco{{ID: "b", Campi: []modulo.Campo{campo("anno", modulo.Testo), campo("giorno", modulo.Data), dentro}}}
	m, err := modulo.Compila(d)
	require.NoError(t, err)
	c, _ := m.Campo("b_righe.quale")
	require.Equal(t, `riga.anno == "anno" and anno(b_giorno) > 2000 and b_anno != "anno" and not vuoto(b_giorno)`, c.Se)
	e := m.Valuta(modulo.Risposte{"b_anno": "x", "b_giorno": "2026-01-01", "b_righe": []any{map[string]any{"anno": "anno"}, map[string]any{"anno": "x"}}}, modulo.Opzioni{})
	require.True(t, e.Visibile("b_righe[0].quale"))
	require.False(t, e.Visibile("b_righe[1].quale"))
}
