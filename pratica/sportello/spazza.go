package sportello

import (
	"context"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// etaMinima is how old a file must be to be swept: an upload is in the archive
// before the command that names it is committed, and no command takes so long.
const etaMinima = 24 * time.Hour

// SpazzaArchivio removes from the archive the files of an ente stored before
// prima that no pratica refers to: uploads whose command was refused, files of
// deleted drafts, and those of pratiche whose personal data were erased. It says
// how many it removed, also beside an error. prima must lie at least 24 hours
// back (ErrNonValido). For a job of the host, now and then; it may be stopped
// and run again, beside everything else.
//
// ErrNonConfigurato where the archive is no storage.Spazzino.
func (s *Sportello) SpazzaArchivio(ctx context.Context, ente string, prima time.Time) (int, error) {
	if _, ok := s.enti[ente]; !ok {
		return 0, pratica.ErrNonTrovato
	}
	a, ok := s.c.Archivio.(storage.Spazzino)
	if !ok {
		return 0, pratica.ErrNonConfigurato
	}
	if prima.After(s.ora().Add(-etaMinima)) {
		return 0, &pratica.Errore{Codice: pratica.CodiceNonValido, Campi: []pratica.ErroreCampo{{Percorso: "prima", Codice: "recente", Messaggio: "Si eliminano solo i file archiviati da almeno 24 ore."}}}
	}
	return a.Spazza(ctx, ente, prima, func(sha256 string) (bool, error) { return s.c.Store.InUso(ctx, ente, sha256) })
}
