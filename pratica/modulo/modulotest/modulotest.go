// Package modulotest tries forms (moduli) by scenarios: these answers are given
// on this day, this must be seen, required, computed, refused and summed up.
// Scenarios are written in Go or in JSON, by who knows the service rather than
// the code, and [Copertura] says what none of them has tried.
//
//	scenari, err := modulotest.Leggi(file)
//	modulotest.Esegui(t, m, scenari...).Pretendi(t, 90)
//
// Only tests import it.
package modulotest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Scenario is one filled-in form and what must come of it.
type Scenario struct {
	Nome string `json:"nome"`
	// Giorno is today; the zero value leaves oggi() empty.
	Giorno       termini.Giorno                    `json:"giorno,omitzero"`
	Risposte     modulo.Risposte                   `json:"risposte,omitempty"` // as posted
	Precompilate modulo.Risposte                   `json:"precompilate,omitempty"`
	Allegati     map[string]modulo.InfoFile        `json:"allegati,omitempty"`
	Appuntamenti map[string]modulo.InfoRiferimento `json:"appuntamenti,omitempty"`
	Bolli        map[string]modulo.InfoRiferimento `json:"bolli,omitempty"`
	// Bozza evaluates a draft, which has no errors.
	Bozza  bool   `json:"bozza,omitempty"`
	Attesi Attesi `json:"attesi"`
}

// Attesi is what a scenario expects. What is nil is not looked at; at least one
// thing must be expected. Paths are those of the answers: "reddito",
// "figli[0].nome".
type Attesi struct {
	Visibili []string `json:"visibili,omitzero"`
	Nascosti []string `json:"nascosti,omitzero"`
	// Sezioni are all the sections shown, in order.
	Sezioni     []string `json:"sezioni,omitzero"`
	Obbligatori []string `json:"obbligatori,omitzero"`
	Facoltativi []string `json:"facoltativi,omitzero"`
	// Valori are answers as they are kept: "12.50", "2026-03-31", true; null for
	// none. A gruppo may be expected whole or by the paths of its rows.
	Valori map[string]any `json:"valori,omitzero"`
	// Errori are all the errors, "path:code" (":code" for the form as a whole), in
	// order; empty and not nil expects none.
	Errori []string `json:"errori,omitzero"`
	// Riepilogo are texts of the summary, as a person reads them: "12,50 €"; ""
	// for what the summary must not have.
	Riepilogo map[string]string `json:"riepilogo,omitzero"`
}

func (a Attesi) niente() bool {
	return a.Visibili == nil && a.Nascosti == nil && a.Sezioni == nil && a.Obbligatori == nil && a.Facoltativi == nil &&
		a.Valori == nil && a.Errori == nil && a.Riepilogo == nil
}

const limiteScenari = 16 << 20

// Leggi reads a JSON array of scenarios, at most 16 MB, strictly: an unknown key
// is an error, because it would be an expectation that nobody looks at. Numbers
// are kept digit by digit.
func Leggi(r io.Reader) ([]Scenario, error) {
	b, err := io.ReadAll(io.LimitReader(r, limiteScenari+1))
	if err != nil {
		return nil, fmt.Errorf("modulotest: lettura: %w", err)
	}
	if len(b) > limiteScenari {
		return nil, fmt.Errorf("modulotest: oltre %d byte", limiteScenari)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	var q []Scenario
	if err := dec.Decode(&q); err != nil {
		return nil, fmt.Errorf("modulotest: %w", err)
	}
	if dec.More() {
		return nil, fmt.Errorf("modulotest: testo dopo gli scenari")
	}
	return q, nil
}

// Esegui tries the scenarios on the form. Each one that is not as expected is
// one error of t, which lists every difference; all of them are tried. What the
// scenarios of one call have covered is in the Copertura. m is only read; a
// scenario too.
func Esegui(t testing.TB, m *modulo.Modulo, scenari ...Scenario) Copertura {
	t.Helper()
	c := nuovaCopertura(m)
	if len(scenari) == 0 {
		t.Errorf("nessuno scenario")
	}
	for i, s := range scenari {
		nome := s.Nome
		if nome == "" {
			nome = fmt.Sprintf("scenario %d", i+1)
		}
		e := m.Valuta(s.Risposte, s.opzioni())
		c.segna(s, e)
		if d := (&esame{m: m, s: s, e: e}).differenze(); len(d) > 0 {
			t.Errorf("%s:\n\t%s", nome, strings.Join(d, "\n\t"))
		}
	}
	return c
}

func (s Scenario) opzioni() modulo.Opzioni {
	return modulo.Opzioni{
		Bozza: s.Bozza, Oggi: s.Giorno, Allegati: s.Allegati,
		Appuntamenti: s.Appuntamenti, Bolli: s.Bolli, Precompilate: s.Precompilate,
	}
}
