package modulo_test

import (
	"fmt"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// The options of a choice that no definition can list come from Go, by the value
// of another field.
func ExampleConElenco() {
	comuni := modulo.ElencoPer(map[string][]modulo.Opzione{
		"":   {{Valore: "RM", Etichetta: "Roma"}, {Valore: "MI", Etichetta: "Milano"}},
		"RM": {{Valore: "H501", Etichetta: "Roma"}, {Valore: "A132", Etichetta: "Albano Laziale"}},
		"MI": {{Valore: "F205", Etichetta: "Milano"}},
	})
	m, err := modulo.Compila(modulo.Definizione{
		ID: "residenza", Versione: 1, Titolo: "Residenza",
		Sezioni: []modulo.Sezione{{ID: "dove", Titolo: "Dove", Campi: []modulo.Campo{
			{ID: "provincia", Etichetta: "Provincia", Tipo: modulo.Scelta, Elenco: "comuni"},
			{ID: "comune", Etichetta: "Comune", Tipo: modulo.Scelta, Elenco: "comuni", DipendeDa: "provincia"},
		}}},
	}, modulo.ConElenco("comuni", comuni))
	if err != nil {
		fmt.Println(err)
		return
	}
	r := modulo.Risposte{"provincia": "RM", "comune": "A132"}
	for _, o := range m.Voci("comune", r, modulo.Opzioni{}.Oggi) {
		fmt.Println(o.Valore, o.Etichetta)
	}
	r["provincia"] = "MI"
	fmt.Println(m.Valuta(r, modulo.Opzioni{Bozza: true}).Valori)
	// Output:
	// H501 Roma
	// A132 Albano Laziale
	// map[provincia:MI]
}

// soglia is an Estensione: it asks for a document above a threshold that the
// host knows.
type soglia struct{ campo, documento string }

func (s soglia) Valuta(r modulo.Risposte, _ modulo.Opzioni) modulo.Giudizio {
	v, _ := r[s.campo].(string)
	alto := len(v) > 4
	return modulo.Giudizio{
		Nascosti:    map[string]bool{s.documento: !alto},
		Obbligatori: map[string]bool{s.documento: alto},
	}
}

// What expressions cannot say, Go decides.
func ExampleConEstensione() {
	m, err := modulo.Compila(modulo.Definizione{
		ID: "rimborso", Versione: 1, Titolo: "Rimborso",
		Sezioni: []modulo.Sezione{{ID: "spesa", Titolo: "Spesa", Campi: []modulo.Campo{
			{ID: "spesa", Etichetta: "Spesa", Tipo: modulo.Intero},
			{ID: "fattura", Etichetta: "Fattura", Tipo: modulo.File},
		}}},
	}, modulo.ConEstensione(soglia{"spesa", "fattura"}))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, spesa := range []string{"900", "12000"} {
		e := m.Valuta(modulo.Risposte{"spesa": spesa}, modulo.Opzioni{})
		fmt.Println(spesa, e.Visibile("fattura"), e.Errori.Error())
	}
	// Output:
	// 900 false modulo: 0 errori
	// 12000 true modulo: 1 errori fattura:obbligatorio
}

// A piece of form is written once; persons and addresses are ready.
func ExampleBlocco() {
	m, err := modulo.Compila(modulo.Definizione{
		ID: "passo", Versione: 1, Titolo: "Passo carrabile",
		Blocchi: []modulo.Blocco{{ID: "veicolo", Campi: []modulo.Campo{
			{ID: "targa", Etichetta: "Targa", Tipo: modulo.Testo},
			{ID: "estera", Etichetta: "È una targa estera", Tipo: modulo.SiNo, Se: "not vuoto(targa)"},
		}}},
		Sezioni: []modulo.Sezione{{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
			{ID: "auto", Etichetta: "Automobile", Tipo: modulo.DaBlocco, Blocco: "veicolo"},
			{ID: "dove", Etichetta: "Dove si trova il passo", Tipo: modulo.Indirizzo},
		}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range m.Sezioni()[0].Campi[:5] {
		fmt.Printf("%s: %s (%s)\n", c.Insieme, c.ID, c.Se)
	}
	// Output:
	// auto: auto_targa ()
	// auto: auto_estera (not vuoto(auto_targa))
	// dove: dove_estero ()
	// dove: dove_via ()
	// dove: dove_civico ()
}
