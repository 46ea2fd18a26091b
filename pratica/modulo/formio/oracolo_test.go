package formio_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
)

// programmaOracolo runs @formio/core: one case a line.
const programmaOracolo = `
const { processSync, Processors } = require('@formio/core');
console.warn = console.log = console.error = () => {};
let text = '[]';
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, components: given, data, repeat } = JSON.parse(line);
  if (given) text = JSON.stringify(given);
  const components = JSON.parse(text);
  let out;
  try {
    const scope = {};
    const ctx = { form: { components }, submission: { data }, data, components, processors: Processors, scope, config: { server: true } };
    processSync(ctx);
    out = { id, data: ctx.data,
      hidden: (scope.conditionals || []).filter((c) => c.conditionallyHidden).map((c) => c.path),
      errors: (scope.errors || []).map((e) => ({ path: e.context.path, rule: e.ruleName })) };
    if (repeat) {
      let ns = 0n;
      for (let i = 0; i < repeat; i++) {
        const { data } = JSON.parse(line), components = JSON.parse(text);
        const scope = {};
        const from = process.hrtime.bigint();
        processSync({ form: { components }, submission: { data }, data, components, processors: Processors, scope, config: { server: true } });
        if (i >= repeat / 2) ns += process.hrtime.bigint() - from;
      }
      out.ns = Number(ns) / Math.ceil(repeat / 2);
    }
  } catch (e) { out = { id, failed: String(e && e.message || e) }; }
  let written;
  try { written = JSON.stringify(out); } catch (e) { written = JSON.stringify({ id, failed: String(e.message) }); }
  process.stdout.write(written + '\n');
});`

type casoOracolo struct {
	ID         int            `json:"id"`
	Components []any          `json:"components,omitempty"`
	Data       map[string]any `json:"data"`
	Repeat     int            `json:"repeat,omitempty"`
}

type esitoOracolo struct {
	ID     int            `json:"id"`
	Data   map[string]any `json:"data"`
	Hidden []string       `json:"hidden"`
	Errors []coppia       `json:"errors"`
	Failed string         `json:"failed"`
	NS     float64        `json:"ns"`
}

type coppia struct {
	Path string `json:"path"`
	Rule string `json:"rule"`
}

// oracolo asks @formio/core; it skips where there is none.
func oracolo(t testing.TB, casi []casoOracolo) []esitoOracolo {
	t.Helper()
	dove := os.Getenv("PRATICHE_FORMIO")
	if dove == "" {
		t.Skip("PRATICHE_FORMIO non indica la cartella con node_modules/@formio/core: confronto saltato")
	}
	nodo, err := exec.LookPath("node")
	if err != nil {
		t.Skip("manca node: confronto con @formio/core saltato")
	}
	var entrata, uscita, guasti bytes.Buffer
	for _, c := range casi {
		b, err := json.Marshal(c)
		require.NoError(t, err)
		entrata.Write(append(b, '\n'))
	}
	cmd := exec.CommandContext(t.Context(), nodo, "-e", programmaOracolo)
	cmd.Dir = dove
	cmd.Env = []string{"NODE_PATH=" + filepath.Join(dove, "node_modules"), "TZ=UTC", "PATH=" + os.Getenv("PATH")}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &entrata, &uscita, &guasti
	require.NoError(t, cmd.Run(), guasti.String())
	var q []esitoOracolo
	righe := bufio.NewScanner(&uscita)
	righe.Buffer(nil, 1<<26)
	for righe.Scan() {
		var e esitoOracolo
		require.NoError(t, json.Unmarshal(righe.Bytes(), &e))
		q = append(q, e)
	}
	require.NoError(t, righe.Err())
	require.Len(t, q, len(casi))
	return q
}

const casiPerModulo = 200

func TestOracolo(t *testing.T) {
	moduli := corpus(t)
	dettagli := os.Getenv("PRATICHE_FORMIO_DETTAGLI")
	totale, uguali, nostri, severi, larghi := 0, 0, 0, 0, 0
	var tabella strings.Builder
	fmt.Fprintf(&tabella, "%-78s %6s %6s %6s %6s %7s\n", "modulo", "casi", "dati", "nasc.", "errori", "uguali")
	var casi []casoOracolo
	var scelti []moduloCorpus
	for _, k := range moduli {
		if dettagli != "" && dettagli != "1" && !strings.Contains(k.nome, dettagli) {
			continue
		}
		scelti = append(scelti, k)
		g := generatore{r: rand.New(rand.NewPCG(1, uint64(len(k.nome))))}
		for i := range casiPerModulo {
			casi = append(casi, casoOracolo{ID: i, Data: g.dati(k.componenti, i)})
		}
		casi[len(casi)-casiPerModulo].Components = k.componenti // the form once, for all its cases
	}
	tutti := oracolo(t, casi)
	for j, k := range scelti {
		m, _, err := formio.Importa(k.definito, formio.OpzioniImporta{})
		require.NoError(t, err)
		casi, attesi := casi[j*casiPerModulo:(j+1)*casiPerModulo], tutti[j*casiPerModulo:(j+1)*casiPerModulo]
		n, dati, nascosti, errori, tutto := 0, 0, 0, 0, 0
		for i, a := range attesi {
			if a.Failed != "" {
				continue // @formio/core itself broke: there is nothing to hold against
			}
			n++
			e := m.Elabora(casi[i].Data, formio.Opzioni{Fedele: true, Adesso: time.Now()})
			okD, okN, okE := reflect.DeepEqual(a.Data, giro(t, e.Dati)), ugualiSenzaOrdine(a.Hidden, e.Nascosti), reflect.DeepEqual(coppie(a.Errors), coppieDi(e.Errori))
			dati, nascosti, errori = dati+uno(okD), nascosti+uno(okN), errori+uno(okE)
			tutto += uno(okD && okN && okE)
			// without Fedele the differences are wanted: how many, and which way
			libero := m.Elabora(casi[i].Data, formio.Opzioni{Adesso: time.Now()})
			nostri += uno(reflect.DeepEqual(a.Data, giro(t, libero.Dati)) && reflect.DeepEqual(coppie(a.Errors), coppieDi(libero.Errori)))
			severi += uno(len(a.Errors) == 0 && !libero.Valido())
			larghi += uno(len(a.Errors) > 0 && libero.Valido())
			if dettagli != "" && len(a.Errors) > 0 && libero.Valido() {
				t.Logf("%s caso %d: rifiutato solo da Form.io: %v", k.nome, i, coppie(a.Errors))
			}
			if dettagli != "" && !(okD && okN && okE) && n-tutto <= 3 {
				t.Logf("%s caso %d", k.nome, i)
				if !okD {
					t.Logf("  dati: %s", scarto("", a.Data, giro(t, e.Dati)))
				}
				if !okN {
					t.Logf("  nascosti: attesi %v, avuti %v", a.Hidden, e.Nascosti)
				}
				if !okE {
					t.Logf("  errori: %s", scartoElenchi(coppie(a.Errors), coppieDi(e.Errori)))
				}
			}
		}
		totale, uguali = totale+n, uguali+tutto
		fmt.Fprintf(&tabella, "%-78s %6d %6s %6s %6s %7s\n", k.nome, n, percento(dati, n), percento(nascosti, n), percento(errori, n), percento(tutto, n))
	}
	fmt.Fprintf(&tabella, "in tutto %d casi, %d uguali: %s\n", totale, uguali, percento(uguali, totale))
	fmt.Fprintf(&tabella, "con le differenze volute: %s uguali; %d rifiutati solo qui, %d rifiutati solo da Form.io\n", percento(nostri, totale), severi, larghi)
	t.Log("\n" + tabella.String())
	require.GreaterOrEqual(t, float64(uguali), 0.99*float64(totale))
}

func uno(b bool) int {
	if b {
		return 1
	}
	return 0
}

func percento(a, b int) string {
	if b == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(a)/float64(b))
}

// giro gives the data as they would come back from JSON.
func giro(t testing.TB, v map[string]any) map[string]any {
	b, err := json.Marshal(v)
	require.NoError(t, err)
	var q map[string]any
	require.NoError(t, json.Unmarshal(b, &q))
	return q
}

func ugualiSenzaOrdine(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func coppie(q []coppia) []string {
	s := []string{}
	for _, x := range q {
		s = append(s, x.Path+" "+x.Rule)
	}
	slices.Sort(s)
	return s
}

func coppieDi(q []formio.Errore) []string {
	s := []string{}
	for _, x := range q {
		s = append(s, x.Percorso+" "+x.Regola)
	}
	slices.Sort(s)
	return s
}

func scartoElenchi(a, b []string) string {
	var q []string
	for _, x := range a {
		if !slices.Contains(b, x) {
			q = append(q, "manca "+x)
		}
	}
	for _, x := range b {
		if !slices.Contains(a, x) {
			q = append(q, "di troppo "+x)
		}
	}
	if q == nil {
		return fmt.Sprint(a, b)
	}
	return strings.Join(q, "; ")
}

// scarto says where two values part.
func scarto(dove string, a, b any) string {
	x, okx := a.(map[string]any)
	y, oky := b.(map[string]any)
	if !okx || !oky {
		p, _ := json.Marshal(a)
		q, _ := json.Marshal(b)
		return fmt.Sprintf("%s: atteso %.120s, avuto %.120s", dove, p, q)
	}
	var q []string
	for k := range x {
		if w, ok := y[k]; !ok {
			p, _ := json.Marshal(x[k])
			q = append(q, fmt.Sprintf("%s.%s manca (%.80s)", dove, k, p))
		} else if !reflect.DeepEqual(x[k], w) {
			q = append(q, scarto(dove+"."+k, x[k], w))
		}
	}
	for k := range y {
		if _, ok := x[k]; !ok {
			p, _ := json.Marshal(y[k])
			q = append(q, fmt.Sprintf("%s.%s di troppo (%.80s)", dove, k, p))
		}
	}
	return strings.Join(q, "; ")
}
