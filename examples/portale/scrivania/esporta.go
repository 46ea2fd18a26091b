package scrivania

import (
	"net/http"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// attesaScrittura is how long the browser may take for one piece of the file:
// the whole of it may take much longer than any other page.
const attesaScrittura = time.Minute

// esporta streams the list as CSV: nothing of it is kept in memory.
func (s *scrivania) esporta(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	f := s.daLink(r, a)
	if len(f.Errori) > 0 {
		s.mostraElenco(w, r, a, http.StatusUnprocessableEntity, f)
		return
	}
	d := &scaricamento{ResponseWriter: w, nome: "pratiche-" + termini.GiornoDi(s.p.Orologio()).String() + ".csv"}
	err := s.p.Sportello.EsportaCSV(r.Context(), a, f.perStore(), d, sportello.FormatoCSV{})
	switch {
	case err == nil:
	case !d.iniziato:
		s.p.Errore(w, r, err)
	default: // the status is gone already: a list cut short must not look whole
		s.p.Logger.WarnContext(r.Context(), "esportazione interrotta", "errore", err)
		interrompi(w)
	}
}

// scaricamento is a file on its way to the browser. Its head goes out with the
// first piece, so that whatever is refused before is a page like any other.
type scaricamento struct {
	http.ResponseWriter
	nome     string
	iniziato bool
}

// Write implements io.Writer.
func (d *scaricamento) Write(b []byte) (int, error) {
	if !d.iniziato {
		d.iniziato = true
		h := d.Header()
		h.Set("Content-Type", "text/csv; charset=utf-8")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Disposition", `attachment; filename="`+d.nome+`"`)
	}
	_ = http.NewResponseController(d.ResponseWriter).SetWriteDeadline(time.Now().Add(attesaScrittura)) // a server without deadlines has none to move
	return d.ResponseWriter.Write(b)
}

// interrompi cuts the connection, so that the browser reports a failed download.
func interrompi(w http.ResponseWriter) {
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = c.Close()
	}
}
