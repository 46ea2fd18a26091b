package sqlite

import (
	"slices"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// ordine is how the order of a list reads an index: by which column, in which
// direction, from where.
type ordine struct {
	colonna, verso, segno string
	dopo                  *proiezione.Posizione // nil at the beginning
}

func ordineDi(f *storage.Filtro, dopo proiezione.Posizione) ordine {
	o := ordine{colonna: "presentazione", verso: "DESC", segno: "<"}
	if f.Ordine == storage.PerAggiornamento || f.Ordine == storage.PerAggiornamentoVecchie {
		o.colonna = "aggiornata"
	}
	if proiezione.Crescente(f.Ordine) {
		o.verso, o.segno = "ASC", ">"
	}
	if f.Cursore != "" {
		o.dopo = &dopo
	}
	return o
}

// inizio gives where in the list the page is: after the one before it and, what
// the days asked for say of an index by presentation, between them. Of two
// bounds on one side only the nearer is of use.
func (o ordine) inizio(c *condizioni, f *storage.Filtro) string {
	var frasi []string
	if o.dopo != nil {
		frasi = append(frasi, "("+o.colonna+", id) "+o.segno+" ("+c.v(o.dopo.Istante)+", "+c.v(string(o.dopo.ID))+")")
	}
	if o.colonna == "presentazione" {
		if !f.Dal.IsZero() && (o.dopo == nil || o.verso == "DESC") {
			frasi = append(frasi, "presentazione >= "+c.v(proiezione.Istante(f.Dal)))
		}
		if !f.Al.IsZero() && (o.dopo == nil || o.verso == "ASC") {
			frasi = append(frasi, "presentazione < "+c.v(proiezione.Istante(f.Al)))
		}
	}
	return e(frasi)
}

func e(frasi []string) string {
	testo := ""
	for _, x := range frasi {
		testo += " AND " + x
	}
	return testo
}

// frasiPagina writes the statements that give the rows of the plan: riga,
// instant, id in the order of the list. Each merges as many intervals as parti says; their
// number is rounded up, so that there are few statements to prepare. entro, if
// not 0, is how many rows each of them looks at for the words of a text.
func (p *piano) frasiPagina(o ordine, parti, entro int) []*condizioni {
	var tutte []*condizioni
	for parte := range slices.Chunk(p.intervalli, parti) {
		c := p.condizioni.copia()
		ente, inizio := c.v(p.f.Ente), o.inizio(c, p.f)
		testo := ""
		for i := 0; i < len(parte) || i&(i-1) != 0; i++ {
			x := parte[min(i, len(parte)-1)]
			if i > 0 {
				testo += " UNION ALL "
			}
			testo += "SELECT riga, " + o.colonna + " AS istante, id FROM pratiche INDEXED BY " + x.nome(o) + " WHERE ente = " + ente
			for _, k := range x.chiavi {
				if i < len(parte) {
					testo += " AND " + k.colonna + " = " + c.v(k.valore)
				} else {
					testo += " AND " + k.colonna + " = " + c.v(nil) // rounds up: no row has it
				}
			}
			testo += e(x.frasi) + e(p.condizioni.frasi) + inizio
			if entro == 0 {
				testo += e(p.testo)
			}
		}
		testo += " ORDER BY 2 " + o.verso + ", 3 " + o.verso + " LIMIT "
		if entro == 0 {
			testo += c.v(p.f.Limite + 1)
		} else {
			testo = "SELECT v.riga, v.istante, v.id FROM (" + testo + c.v(entro) + ") v CROSS JOIN pratiche p ON p.riga = v.riga WHERE p.ente = " + ente + e(p.testo) + " LIMIT " + c.v(p.f.Limite+1)
		}
		c.frasi = []string{testo}
		tutte = append(tutte, c)
	}
	return tutte
}

// nome is that of the index for the order.
func (x *intervallo) nome(o ordine) string {
	if x.sciolto {
		return x.indice
	}
	return x.indice + "_" + o.colonna
}
