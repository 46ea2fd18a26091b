package formio_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// generatore makes submissions from the components of a form: what the fields
// ask for, what they refuse, what they do not expect.
type generatore struct {
	r *rand.Rand
	// strano is how often, in a hundred, a value is of the wrong type
	strano int
	vuoto  int
}

func (g *generatore) dati(componenti []any, i int) map[string]any {
	g.strano, g.vuoto = 0, 10
	switch i % 5 {
	case 0:
		g.vuoto = 100
	case 1:
		g.vuoto = 0
	case 3:
		g.strano = 10
	case 4:
		g.strano, g.vuoto = 25, 30
	}
	if i%10 == 0 {
		g.vuoto = 80
	}
	q := map[string]any{}
	g.riempi(q, componenti, 0)
	if g.caso(20) {
		q["nonPrevisto"] = "x"
	}
	return q
}

func (g *generatore) caso(percento int) bool { return g.r.IntN(100) < percento }

func (g *generatore) uno(q ...any) any { return q[g.r.IntN(len(q))] }

func elenco(v any) []any { q, _ := v.([]any); return q }

func (g *generatore) riempi(q map[string]any, componenti []any, livello int) {
	for _, v := range componenti {
		c, ok := v.(map[string]any)
		if !ok {
			continue
		}
		tipo, _ := c["type"].(string)
		chiave, _ := c["key"].(string)
		if n, _ := c["name"].(string); tipo == "checkbox" && c["inputType"] == "radio" && n != "" {
			chiave = n
		}
		dentro := map[string]any{}
		for _, s := range []string{"components", "columns", "rows"} {
			for _, x := range elenco(c[s]) {
				for _, y := range append(elenco(x), x) {
					if m, ok := y.(map[string]any); ok && s != "components" {
						g.riempi(dentro, elenco(m["components"]), livello)
					}
				}
			}
		}
		switch tipo {
		case "panel", "fieldset", "well", "columns", "table", "tabs":
			g.riempi(dentro, elenco(c["components"]), livello)
			fallthrough
		case "content", "htmlelement", "button", "alertstripe":
			for k, v := range dentro {
				q[k] = v
			}
			continue
		}
		if chiave == "" || g.caso(g.vuoto) {
			continue
		}
		q[chiave] = g.valore(c, tipo, livello)
		if c["multiple"] == true && g.caso(85) {
			vv := []any{}
			for range g.r.IntN(4) {
				vv = append(vv, g.valore(c, tipo, livello))
			}
			q[chiave] = vv
		}
	}
}

func (g *generatore) valore(c map[string]any, tipo string, livello int) any {
	if g.caso(g.strano) {
		return g.uno(nil, "", " ", 0.0, -1.5, 12.0, "12", "abc", true, false, []any{}, []any{"a", 1.0}, map[string]any{}, map[string]any{"a": "b"}, "true", "0")
	}
	dentro := func() map[string]any {
		q := map[string]any{}
		if livello < 6 {
			g.riempi(q, elenco(c["components"]), livello+1)
		}
		return q
	}
	switch tipo {
	case "datagrid", "editgrid", "datatable":
		vv := []any{}
		for range g.r.IntN(4) {
			vv = append(vv, dentro())
		}
		return vv
	case "container":
		return dentro()
	case "form":
		return map[string]any{"data": dentro()}
	case "number", "currency":
		return g.uno(0.0, 1.0, 5.0, -3.0, 10.0, 100.0, 18.0, 99999.0, 2.5, "7", "1e3", "12abc", "")
	case "checkbox", "navCheckbox":
		return g.uno(true, false, true, "")
	case "select", "radio", "radiopanel", "simpleselect", "simpleradios", "navSelect":
		return g.voce(c)
	case "selectboxes", "simplecheckboxes":
		q := map[string]any{}
		for _, v := range elenco(c["values"]) {
			if m, ok := v.(map[string]any); ok {
				if s, ok := m["value"].(string); ok {
					q[s] = g.caso(40)
				}
			}
		}
		if g.caso(5) {
			q["estraneo"] = true
		}
		return q
	case "email", "simpleemail":
		return g.uno("mario@example.it", " Mario.Rossi@Example.IT ", "mario", "a@b", "", "a.b+c@d.co")
	case "url":
		return g.uno("https://example.it/a?b=1", "example.it", "http://", "niente", "ftp://x.it", "")
	case "phoneNumber":
		return g.uno("(555) 123-4567", "3331234567", "+39 333 1234567", "")
	case "day":
		return g.uno("01/02/2024", "12/31/1999", "31/12/1999", "00/00/0000", "13/13/2020", "02/30/2020", "1/2/2024", "2/2024", "2024", "", "30/02/2021", "05/2020")
	case "datetime", "date", "navDatepicker", "simpledatetime":
		return g.uno("2024-02-29T10:00:00.000Z", "2024-02-29", "2030-01-01T00:00:00+01:00", "invalid date", "ieri", "", "2020-13-40")
	case "time":
		return g.uno("10:30", "10:30:00", "25:00", "9:5", "", "abc")
	case "tags":
		return g.uno("a,b", []any{"a", "b"}, "", []any{})
	case "survey":
		q := map[string]any{}
		for _, v := range elenco(c["questions"]) {
			if m, ok := v.(map[string]any); ok && g.caso(80) {
				if s, ok := m["value"].(string); ok {
					q[s] = g.uno("a", "b", "buono", "")
				}
			}
		}
		return q
	case "address":
		return g.uno(map[string]any{"display_name": "Via Roma 1"}, map[string]any{"mode": "manual", "address": map[string]any{"city": "Roma", "zip": ""}}, map[string]any{})
	case "file", "sdcfile", "attachment", "simplefile":
		return g.uno([]any{map[string]any{"name": "a.pdf", "originalName": "a.pdf", "size": 10.0, "type": "application/pdf", "storage": "url", "url": "u"}}, []any{}, []any{})
	case "datamap":
		return map[string]any{"k": "v"}
	}
	return g.stringa(c)
}

func (g *generatore) voce(c map[string]any) any {
	voci := append(elenco(c["values"]), elenco(mappa(c["data"])["values"])...)
	if len(voci) > 0 && g.caso(85) {
		if m, ok := voci[g.r.IntN(len(voci))].(map[string]any); ok && m["value"] != nil {
			return m["value"]
		}
	}
	return g.uno("si", "no", "1", 1.0, true, "", "true", map[string]any{"value": "a"}, "estraneo")
}

func mappa(v any) map[string]any { m, _ := v.(map[string]any); return m }

func (g *generatore) stringa(c map[string]any) any {
	v := mappa(c["validate"])
	lunghezze := []int{}
	for _, k := range []string{"minLength", "maxLength"} {
		n, _ := v[k].(float64)
		if s, ok := v[k].(string); ok {
			n, _ = strconv.ParseFloat(s, 64)
		}
		if n > 0 && n < 5000 {
			lunghezze = append(lunghezze, int(n)-1, int(n), int(n)+1)
		}
	}
	if len(lunghezze) > 0 && g.caso(50) {
		return strings.Repeat("x", lunghezze[g.r.IntN(len(lunghezze))])
	}
	return g.uno("Mario", "Rossi", "via Roma 1", "", "  doppi  spazi ", "RSSMRA80A01H501U", "12345", "00100", "uno due tre quattro cinque sei", "si", "no", "true", "èàù€😀", "x", "2024-01-01", "-5", "a\nb")
}
