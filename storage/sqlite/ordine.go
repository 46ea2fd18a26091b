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

// fine puts the rows in order.
func (o ordine) fine(c *condizioni, f *storage.Filtro) string {
	return " ORDER BY 2 " + o.verso + ", 3 " + o.verso + " LIMIT " + c.v(f.Limite+1)
}

const massimaParte = 32 // intervals of one statement

// frasiPagina writes the statements that give the rows of the plan: riga,
// instant, id in the order of the list. Each merges some of the intervals; their
// number is rounded up, so that there are few statements to prepare.
func (p *piano) frasiPagina(o ordine) []*condizioni {
	var tutte []*condizioni
	for parte := range slices.Chunk(p.intervalli, massimaParte) {
		c := p.condizioni.copia()
		ente, inizio := c.v(p.f.Ente), ""
		inizio = o.inizio(c, p.f)
		testo := ""
		for i := 0; i < len(parte) || i&(i-1) != 0; i++ {
			x := parte[min(i, len(parte)-1)]
			var valore any = x.valore
			if i >= len(parte) {
				valore = nil // rounds up: no row has it
			}
			if i > 0 {
				testo += " UNION ALL "
			}
			indice := x.indice
			if !x.sciolto {
				indice += "_" + o.colonna
			}
			testo += "SELECT riga, " + o.colonna + ", id FROM pratiche INDEXED BY " + indice + " WHERE ente = " + ente
			if x.colonna != "" {
				testo += " AND " + x.colonna + " = " + c.v(valore)
			}
			testo += e(x.frasi) + e(p.condizioni.frasi) + inizio
		}
		c.frasi = []string{testo + o.fine(c, p.f)}
		tutte = append(tutte, c)
	}
	return tutte
}
