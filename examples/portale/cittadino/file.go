package cittadino

import (
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/sportello-digitale/pratiche/pratica"
)

// scarica sends a file to be saved, never to be shown in the page's origin.
func (l *lato) scarica(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	f, err := l.Sportello.Scarica(r.Context(), a, idPratica(r), r.PathValue("file"))
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	defer func() { _ = f.Close() }()
	h := w.Header()
	h.Set("Content-Type", f.MIME)
	h.Set("Content-Length", strconv.FormatInt(f.Dimensione, 10))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Nome}))
	h.Set("Cache-Control", "private, no-store")
	if _, err := io.Copy(w, f); err != nil {
		l.Logger.WarnContext(r.Context(), "file non consegnato per intero", "pratica", idPratica(r), "errore", err)
	}
}

// rimuovi takes away a file that waits to be sent.
func (l *lato) rimuovi(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	if err := l.Sportello.RimuoviAllegato(r.Context(), a, idPratica(r), r.PathValue("file")); err != nil {
		l.Errore(w, r, err)
		return
	}
	pagina := urlPratica(idPratica(r))
	switch r.PostFormValue("torna") {
	case "integrazione":
		pagina = urlPratica(idPratica(r), "integrazione")
	case "osservazioni":
		pagina = urlPratica(idPratica(r), "osservazioni")
	default:
	}
	l.Vai(w, r, pagina, "File rimosso.")
}
