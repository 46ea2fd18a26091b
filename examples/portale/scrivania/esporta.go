package scrivania

import (
	"encoding/csv"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

const (
	perBlocco    = 200 // rows read at once
	massimeRighe = 100_000
)

var intestazione = []string{
	"Numero richiesta", "Servizio", "Richiedente", "Codice fiscale", "Presentata il", "Ultimo cambio di stato",
	"Stato", "Ufficio", "Operatore", "Protocollo", "Da risolvere",
}

// esporta streams the list as CSV, page after page: nothing of it is kept in
// memory. Separator and byte order mark are those that spreadsheets with Italian
// settings expect.
func (s *scrivania) esporta(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	f := s.daLink(r, a)
	if len(f.Errori) > 0 {
		s.mostraElenco(w, r, a, http.StatusUnprocessableEntity, f)
		return
	}
	q := f.perStore()
	q.Cursore, q.Limite = "", perBlocco
	pg, err := s.p.Sportello.Elenca(r.Context(), a, q)
	if err != nil {
		s.p.Errore(w, r, err)
		return
	}
	servizi, err := s.abilitati(r, a)
	if err != nil {
		s.p.Errore(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", `attachment; filename="pratiche-`+termini.GiornoDi(s.p.Orologio()).String()+`.csv"`)
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return
	}
	c := csv.NewWriter(w)
	c.Comma, c.UseCRLF = ';', true
	err = c.Write(intestazione)
	for righe := 0; err == nil; {
		for _, x := range pg.Righe {
			if err = c.Write(linea(s.riga(r, servizi, x))); err != nil {
				break
			}
		}
		c.Flush()
		righe += len(pg.Righe)
		if err == nil {
			err = c.Error()
		}
		if err != nil || pg.Seguente == "" || righe >= massimeRighe {
			break
		}
		q.Cursore = pg.Seguente
		pg, err = s.p.Sportello.Elenca(r.Context(), a, q)
	}
	if err != nil { // the status is gone already: a list cut short must not look whole
		s.p.Logger.WarnContext(r.Context(), "esportazione interrotta", "errore", err)
		interrompi(w)
	}
}

// interrompi cuts the connection, so that the browser reports a failed download.
func interrompi(w http.ResponseWriter) {
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = c.Close()
	}
}

func linea(x riga) []string {
	attenzione := "no"
	if x.Attenzione {
		attenzione = "sì"
	}
	campi := []string{
		x.Numero.String(), x.NomeServizio, x.Richiedente, x.CodiceFiscale, istante(x.PresentataIl), istante(x.CambioStato),
		x.Stato.Etichetta(), x.NomeUfficio, x.NomeOperatore, x.Protocollo, attenzione,
	}
	for i := range campi {
		campi[i] = innocuo(campi[i])
	}
	return campi
}

func istante(t time.Time) string {
	return strings.TrimSpace(breve(t) + " " + web.Ora(t))
}

// innocuo keeps a spreadsheet from taking a text for a formula: what begins like
// one gets an apostrophe before it (OWASP, CSV Injection).
func innocuo(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}
