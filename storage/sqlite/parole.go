package sqlite

import (
	"strings"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// lessemi gives the words of a pratica as the column keeps them: each after a
// space, and a space at the end.
func lessemi(ente string, r *storage.Riga, campi []storage.Campo) string {
	return " " + strings.Join(proiezione.Lessemi(ente, r, campi), " ") + " "
}

// passoFusione is how much of the full-text index a cancellation merges, in
// pages of 4 kB.
const passoFusione = 128

// cancellaParole takes from the file the words that are removed: the index only
// notes that they are gone, and leaves them out where it merges its parts. A
// small index is merged at once, a large one little by little, with each
// cancellation that follows.
func (g *registrazione) cancellaParole() error {
	if !g.c.Elimina && len(g.oscurati) == 0 {
		return nil
	}
	_, err := g.esegui(g.s.q.fondi, -passoFusione)
	return err
}
