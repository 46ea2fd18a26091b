package storagetest

import (
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage"
)

// provaInUso follows the files of two pratiche: attached, produced, taken away,
// erased, deleted.
func provaInUso(x *prova, s storage.Store) {
	usati := func(perche string, attesi ...int) {
		avuti := []int{}
		for n := range 8 {
			si, err := s.InUso(x.ctx, ente, sha(n))
			x.NoError(err)
			if si {
				avuti = append(avuti, n)
			}
			si, err = s.InUso(x.ctx, altro, sha(n))
			x.NoError(err)
			x.False(si, "of another ente")
		}
		if attesi == nil {
			attesi = []int{}
		}
		x.Equal(attesi, avuti, perche)
	}
	fai := func(p *pratica.Pratica, fatti ...pratica.Fatto) *pratica.Pratica {
		c, err := Poi(p, p.Stato, Ora().Add(time.Duration(p.Versione)*time.Minute), fatti...)
		x.NoError(err)
		x.registra(s, c)
		return c.Pratica
	}
	usati("nothing yet")
	p, q := x.apre(s, ente, 1), x.apre(s, ente, 2)
	p = fai(p, allegato("a", sha(1)), allegato("b", sha(2)))
	usati("attached", 1, 2)
	p = fai(p, allegato("c", sha(1)))
	q = fai(q, allegato("a", sha(2)), allegato("b", sha(3)))
	usati("the same file twice, and by two", 1, 2, 3)
	p = fai(p, pratica.AllegatoRimosso{ID: "a"})
	usati("still attached once", 1, 2, 3)
	p = fai(p, pratica.AllegatoRimosso{ID: "c"})
	usati("taken away", 2, 3)
	p = fai(p, pratica.DocumentoChiesto{ID: "istanza", Tipo: pratica.DocIstanza, Direzione: protocollo.Arrivo})
	usati("a document that is not there yet", 2, 3)
	p = fai(p, pratica.DocumentoProdotto{ID: "istanza", Nome: "istanza.pdf", SHA256: sha(4), Dimensione: 1})
	usati("produced", 2, 3, 4)
	p = fai(p, pratica.NotaScritta{ID: "n", Testo: "nota"})
	usati("a commit that is not about files", 2, 3, 4)
	x.registra(s, storage.Commit{Pratica: p, Attesa: p.Versione, Ora: Ora()})
	usati("nor about anything", 2, 3, 4)
	respinta, err := Poi(p, p.Stato, Ora(), allegato("z", sha(7)))
	x.NoError(err)
	respinta.Concluso = &storage.Effetto{ID: "manca"}
	_, err = s.Registra(x.ctx, respinta)
	x.ErrorIs(err, storage.ErrPrenotazione)
	usati("a commit that failed", 2, 3, 4)

	iter, err := s.Eventi(x.ctx, ente, ID(1))
	x.NoError(err)
	c := x.oscurata(p, iter)
	x.registra(s, c)
	usati("erased: it needs none of its files", 2, 3)
	via := x.poi(q, "via")
	via.Elimina = true
	x.registra(s, via)
	usati("deleted")
	p = fai(c.Pratica, pratica.NotaScritta{ID: "poi", Testo: "poi"})
	usati("erased for good")
	r := x.apre(s, ente, 3)
	r = fai(r, allegato("a", sha(5)))
	usati("another one", 5)
	via = x.poi(p, "via")
	via.Elimina = true
	x.registra(s, via)
	via = x.poi(r, "via")
	via.Elimina = true
	x.registra(s, via)
	usati("all deleted")
	// Another pratica under the id of a deleted one begins with nothing.
	x.apre(s, ente, 1)
	usati("a new one")
	for _, n := range []string{"", "boh", sha(4)[:10]} {
		si, err := s.InUso(x.ctx, ente, n)
		x.NoError(err)
		x.False(si, n)
	}
}
