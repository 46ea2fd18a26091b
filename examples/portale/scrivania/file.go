package scrivania

import (
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/sportello-digitale/pratiche/pratica"
)

// scarica sends an attachment or a document, always to be saved and never shown
// in the page of the portal: what a citizen uploaded must not act there.
func (s *scrivania) scarica(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	id, err := idDi(r)
	if err != nil {
		s.p.Errore(w, r, err)
		return
	}
	f, err := s.p.Sportello.Scarica(r.Context(), a, id, r.PathValue("file"))
	if err != nil {
		s.p.Errore(w, r, err)
		return
	}
	defer func() { _ = f.Close() }()
	h := w.Header()
	h.Set("Content-Type", f.MIME)
	h.Set("Content-Length", strconv.FormatInt(f.Dimensione, 10))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Nome}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
	if r.Method == http.MethodHead {
		return
	}
	if _, err := io.Copy(w, f); err != nil { // the content is verified while it is read
		s.p.Logger.ErrorContext(r.Context(), "file non consegnato per intero", "pratica", id, "errore", err)
		interrompi(w)
	}
}

// rimuovi takes away a file that the operator uploaded and did not send.
func (s *scrivania) rimuovi(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	id, err := idDi(r)
	if err == nil {
		err = s.p.Sportello.RimuoviAllegato(r.Context(), a, id, r.PathValue("allegato"), chiaveDi(r)...)
	}
	if err != nil {
		s.p.Errore(w, r, err)
		return
	}
	s.p.Vai(w, r, indirizzo(id)+"?pagina=allegati", "Il file è stato rimosso.")
}
