package modulo

// valutaGruppo evaluates the rows of the gruppo at the path; sopra is what
// expressions see of the row around it, if there is one.
func (v *valutazione) valutaGruppo(g *campo, percorso string, grezzo any, sopra map[string]any) (valori, ambienti []map[string]any) {
	if x, ok := v.giudizio.Calcolati[percorso]; ok {
		grezzo = x
		v.esito.calcolati[percorso] = true
	}
	rr := righe(grezzo)
	if n := min(len(rr), g.maxRighe, v.residuo.righe); n < len(rr) {
		rr = rr[:n]
		v.fuori[percorso] = true
	}
	v.residuo.righe -= len(rr)
	valori = make([]map[string]any, 0, len(rr))
	ambienti = make([]map[string]any, 0, len(rr))
	for i, r := range rr {
		valori = append(valori, make(map[string]any, len(g.figli)))
		ambiente := make(map[string]any, len(g.figli))
		for _, c := range g.figli {
			ambiente[c.ID] = vuotoDi(c.Tipo.genere())
		}
		v.entra(ambiente, sopra)
		for _, c := range g.ordineFigli {
			p := Percorso(percorso, i, c.ID)
			if !v.mostra(c, p) {
				continue
			}
			v.esito.visibili[p] = true
			if c.Tipo == Gruppo {
				dentro, aa := v.valutaGruppo(c, p, r[c.ID], ambiente)
				ambiente[c.ID] = aa
				if len(dentro) > 0 {
					valori[i][c.ID] = dentro
				}
				v.entra(ambiente, sopra)
				continue
			}
			l := v.leggi(c, p, r[c.ID])
			ambiente[c.ID] = l.espr
			v.env[prefissoRiga+c.ID] = l.espr
			if l.valore != nil {
				valori[i][c.ID] = l.valore
			}
		}
		ambienti = append(ambienti, ambiente)
	}
	return valori, ambienti
}

// entra makes riga.x mean the fields of one row, and sopra.x those of the row
// around it.
func (v *valutazione) entra(riga, sopra map[string]any) {
	for id, x := range riga {
		v.env[prefissoRiga+id] = x
	}
	for id, x := range sopra {
		v.env[prefissoSopra+id] = x
	}
}
