package sportello

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage"
)

// FormatoCSV says how EsportaCSV writes. The zero value is what Excel with
// Italian settings opens at a double click.
type FormatoCSV struct {
	Separatore rune // ';', ',' or a tab; defaults to ';'
	SenzaBOM   bool // no byte order mark, by which spreadsheets know UTF-8
	SenzaFine  bool // no last line that says how many they are: for programs
	// Campi are the fields of the form to write, of those that ColonneElenco
	// gives for the services of the filter; nil means all its columns.
	Campi []string
}

const (
	perBlocco = 200 // rows read at once: what a store gives at most

	// margineEsporta covers the clocks of processes, and commits decided before
	// the beginning that come to rest after it.
	margineEsporta = 10 * time.Minute
)

var intestazione = []string{
	"Numero richiesta", "Servizio", "Richiedente", "Codice fiscale", "Presentata il", "Ultimo cambio di stato",
	"Stato", "Ufficio", "Operatore", "Protocollo", "Da pagare", "Da risolvere",
}

// EsportaCSV writes the whole list that Elenca would give page by page, as CSV
// in UTF-8 with an Italian heading: its columns, and those of the fields of the
// form. Days and hours are those of Europe/Rome, numbers have a comma and no
// unit; every cell is between quotes, lines end in CR LF. Texts that a
// spreadsheet would take for a formula have an apostrophe before them.
//
// Newest requests come first, oldest where f.Ordine is one of the orders from
// the oldest; Limite and Cursore do not matter. While others work, each pratica
// that the filter selects all the time is written exactly once: those presented
// meanwhile may come last. It holds a page of rows, and a few bytes for each
// request that still waits for its payment.
//
// Nothing is written where the call is refused. An error after that leaves a
// file that is not whole: it lacks the last line, "Fine dell'elenco" with the
// number of the pratiche. A host that answers over HTTP breaks the connection
// then, so that the browser does not keep what came.
func (s *Sportello) EsportaCSV(ctx context.Context, a pratica.Attore, f storage.Filtro, w io.Writer, o FormatoCSV) error {
	o.Separatore = cmp.Or(o.Separatore, ';')
	if !strings.ContainsRune(";,\t", o.Separatore) {
		return &pratica.Errore{Codice: pratica.CodiceNonValido, Campi: []pratica.ErroreCampo{{Percorso: "separatore", Codice: "separatore", Messaggio: "I campi si separano con punto e virgola, virgola o tabulazione."}}}
	}
	f, niente, err := s.filtroScrivania(a, f)
	if err != nil {
		return err
	}
	servizi, err := s.c.Servizi.Elenco(ctx, a.Ente)
	if err != nil {
		return err
	}
	e := &elencoCSV{s: s, ctx: ctx, a: a, f: nuovoFoglio(w, o.Separatore), servizi: map[string]*servizio.Servizio{}, nomi: map[string]string{}, scritte: map[[16]byte]struct{}{}}
	for _, sv := range servizi {
		e.servizi[sv.ID()] = sv
	}
	if e.colonne, err = colonneScelte(colonne(servizi, f.Servizi), o.Campi); err != nil {
		return err
	}
	e.testa = func() error {
		if !o.SenzaBOM {
			if _, err := e.f.w.WriteString("\ufeff"); err != nil {
				return err
			}
		}
		return e.titoli()
	}
	if !niente {
		if err := e.elenco(f); err != nil {
			return err
		}
	} else if err := e.testa(); err != nil {
		return err
	}
	if !o.SenzaFine {
		quante := strconv.Itoa(e.righe) + " pratiche"
		if e.righe == 1 {
			quante = "1 pratica"
		}
		celle := make([]string, len(intestazione)+len(e.colonne))
		celle[0], celle[1] = "Fine dell'elenco", quante
		if err := e.f.riga(celle); err != nil {
			return err
		}
	}
	return e.f.w.Flush()
}

func colonneScelte(tutte []ColonnaElenco, campi []string) ([]ColonnaElenco, error) {
	if campi == nil {
		return slices.DeleteFunc(tutte, func(c ColonnaElenco) bool { return !c.Colonna }), nil
	}
	v := make([]ColonnaElenco, 0, len(tutte))
	for _, x := range campi {
		i := slices.IndexFunc(tutte, func(c ColonnaElenco) bool { return c.Campo == x })
		if i < 0 || slices.ContainsFunc(v, func(c ColonnaElenco) bool { return c.Campo == x }) {
			return nil, campoIgnoto("Una colonna da esportare non è fra quelle dei servizi scelti.")
		}
		v = append(v, tutte[i])
	}
	return v, nil
}

// elencoCSV is one file being written.
type elencoCSV struct {
	s       *Sportello
	ctx     context.Context
	a       pratica.Attore
	f       *foglio
	testa   func() error
	servizi map[string]*servizio.Servizio
	nomi    map[string]string // of operators
	colonne []ColonnaElenco
	righe   int
	// scritte are the rows already written that may come again: a request that
	// waits for its payment changes its place once, when it is presented.
	scritte map[[16]byte]struct{}
}

// elenco writes the rows: the list from end to end, then what was presented
// meanwhile, and so went to a place already passed.
func (e *elencoCSV) elenco(f storage.Filtro) error {
	da := e.s.ora().Add(-margineEsporta)
	f.Cursore, f.Limite = "", perBlocco
	switch f.Ordine {
	case storage.PerAggiornamento: // rows would go to places already passed whenever somebody works
		f.Ordine = storage.PerPresentazione
	case storage.PerAggiornamentoVecchie:
		f.Ordine = storage.PerPresentazioneVecchie
	default:
	}
	if err := e.pagine(f, da); err != nil {
		return err
	}
	if !f.Al.IsZero() && !f.Al.After(da) {
		return nil
	}
	if f.Ordine = storage.PerPresentazioneVecchie; f.Dal.Before(da) {
		f.Dal = da
	}
	return e.pagine(f, da)
}

func (e *elencoCSV) pagine(f storage.Filtro, da time.Time) error {
	for {
		if err := e.ctx.Err(); err != nil {
			return err
		}
		pg, err := e.s.cerca(e.ctx, f)
		if err != nil {
			return err
		}
		if e.testa != nil {
			if err := e.testa(); err != nil {
				return err
			}
			e.testa = nil
		}
		for i := range pg.Righe {
			r := &pg.Righe[i]
			if e.gia(r, da) {
				continue
			}
			if err := e.f.riga(e.celle(r)); err != nil {
				return err
			}
			e.righe++
		}
		if err := e.f.w.Flush(); err != nil {
			return err
		}
		if f.Cursore = pg.Seguente; f.Cursore == "" {
			return nil
		}
	}
}

// gia reports whether a row that may come twice came already.
func (e *elencoCSV) gia(r *storage.Riga, da time.Time) bool {
	if !r.PresentataIl.IsZero() && r.PresentataIl.Before(da) {
		return false
	}
	h := sha256.Sum256([]byte(r.ID))
	k := [16]byte(h[:16])
	_, c := e.scritte[k]
	e.scritte[k] = struct{}{}
	return c
}

func (e *elencoCSV) titoli() error {
	celle := slices.Clone(intestazione)
	for _, c := range e.colonne {
		celle = append(celle, testoCella(c.Titolo))
	}
	return e.f.riga(celle)
}

func (e *elencoCSV) celle(r *storage.Riga) []string {
	nomeServizio, ufficio := r.Servizio, r.Ufficio
	if sv := e.servizi[r.Servizio]; sv != nil {
		nomeServizio = sv.Nome()
		if u, ok := sv.Ufficio(r.Ufficio); ok {
			ufficio = u.Nome
		}
	}
	attenzione := "no"
	if r.Attenzione {
		attenzione = "sì"
	}
	celle := []string{
		r.Numero.String(), nomeServizio, r.Richiedente, r.CodiceFiscale, quando(r.PresentataIl), quando(r.CambioStato),
		r.Stato.Etichetta(), ufficio, e.nome(r.Operatore), r.Protocollo, "", attenzione,
	}
	for i := range celle {
		celle[i] = testoCella(celle[i])
	}
	celle[10] = strings.Replace(r.Dovuto.StringFixed(2), ".", ",", 1)
	for i := range e.colonne {
		c := &e.colonne[i]
		t := r.Campi[c.Campo]
		if n, ok := numeroCella(t); ok && c.numerica() {
			celle = append(celle, n)
		} else {
			celle = append(celle, testoCella(t))
		}
	}
	return celle
}

// nome gives the name of an operator; names are asked for once.
func (e *elencoCSV) nome(operatore string) string {
	const massimi = 10_000
	if operatore == "" || e.s.c.Rubrica == nil {
		return operatore
	}
	n, c := e.nomi[operatore]
	if !c {
		var ok bool
		if n, ok = e.s.c.Rubrica.Nome(e.ctx, e.a.Ente, operatore); !ok {
			n = operatore
		}
		if len(e.nomi) < massimi {
			e.nomi[operatore] = n
		}
	}
	return n
}

// quando writes an instant as "31/03/2026 09:05", "" for none.
func quando(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s %s", termini.GiornoDi(t).Italiano(), t.In(termini.Roma()).Format("15:04"))
}
