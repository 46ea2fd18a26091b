package pratica

import (
	"fmt"
	"slices"
	"strings"
)

// Diagramma draws the table as a Mermaid state diagram. Rows that stay in their
// state are left out; actions between the same two states share an arrow.
func Diagramma() string {
	type arco struct{ da, a Stato }
	var ordine []arco
	etichette := map[arco][]string{}
	for _, t := range transizioni {
		if t.Da == t.A {
			continue
		}
		k := arco{t.Da, t.A}
		if _, c := etichette[k]; !c {
			ordine = append(ordine, k)
		}
		e := string(t.Azione)
		for _, d := range t.Documenti {
			if d.Direzione != "" {
				e += fmt.Sprintf(" [%s, %s]", d.Tipo, d.Direzione)
			}
		}
		if !slices.Contains(etichette[k], e) {
			etichette[k] = append(etichette[k], e)
		}
	}
	nodo := func(s Stato) string {
		if s == "" {
			return "[*]"
		}
		return string(s)
	}
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, s := range stati {
		fmt.Fprintf(&b, "    %s: %s\n", s.stato, strings.ReplaceAll(s.etichetta, ":", " –"))
	}
	for _, k := range ordine {
		fmt.Fprintf(&b, "    %s --> %s: %s\n", nodo(k.da), nodo(k.a), strings.Join(etichette[k], "\\n"))
	}
	for _, s := range stati {
		if s.finale {
			fmt.Fprintf(&b, "    %s --> [*]\n", s.stato)
		}
	}
	return b.String()
}
