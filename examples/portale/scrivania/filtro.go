package scrivania

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage"
)

const (
	massimoTesto = 200 // bytes, as storage.Filtro
	perPagina    = 25
)

// filtro is what an operator chose in the list, as typed.
type filtro struct {
	Servizio    string
	Stato       string
	Lavorazione storage.Lavorazione
	Attenzione  bool
	Testo       string
	Dal, Al     string // ISO days
	Cursore     string

	Errori map[string]string // by field
}

// leggiFiltro reads the fields of the form, or of a link.
func leggiFiltro(v url.Values) filtro {
	f := filtro{
		Servizio: v.Get("servizio"), Stato: v.Get("stato"), Attenzione: v.Get("attenzione") == "1",
		Testo: strings.TrimSpace(v.Get("testo")), Dal: v.Get("dal"), Al: v.Get("al"), Cursore: v.Get("pagina"),
		Errori: map[string]string{},
	}
	if l := storage.Lavorazione(v.Get("lavorazione")); l == storage.Mie || l == storage.NonAssegnate {
		f.Lavorazione = l
	}
	if f.Stato != "" && !pratica.Stato(f.Stato).Valido() {
		f.Stato = ""
	}
	if len(f.Testo) > massimoTesto || !utf8.ValidString(f.Testo) {
		f.Errori["testo"] = "Scrivi al massimo 200 caratteri."
	}
	dal, okDal := giorno(f.Dal)
	al, okAl := giorno(f.Al)
	if !okDal {
		f.Errori["dal"] = "Scrivi un giorno esistente, per esempio 31/03/2026."
	}
	if !okAl {
		f.Errori["al"] = "Scrivi un giorno esistente, per esempio 31/03/2026."
	}
	if !dal.IsZero() && !al.IsZero() && al.Prima(dal) {
		f.Errori["al"] = "Il giorno finale viene prima di quello iniziale."
	}
	if okDal && okAl && !dal.IsZero() {
		f.Dal = dal.String()
	}
	if okAl && !al.IsZero() {
		f.Al = al.String()
	}
	return f
}

// DalScritto is the first day as people write it; what is no day, as it was typed.
func (f filtro) DalScritto() string { return scritto(f.Dal) }

// AlScritto is the last day, in the same way.
func (f filtro) AlScritto() string { return scritto(f.Al) }

func scritto(s string) string {
	if g, ok := giorno(s); ok {
		return g.Italiano()
	}
	return s
}

// giorno reads a day in either writing; the empty one is the zero day.
func giorno(s string) (termini.Giorno, bool) {
	if s == "" {
		return termini.Giorno{}, true
	}
	if g, err := termini.LeggiGiorno(s); err == nil {
		return g, true
	}
	g, err := termini.LeggiGiornoItaliano(s)
	return g, err == nil
}

// perStore is the same for sportello.Elenca.
func (f filtro) perStore() storage.Filtro {
	q := storage.Filtro{Lavorazione: f.Lavorazione, Attenzione: f.Attenzione, Cursore: f.Cursore, Limite: perPagina}
	if f.Servizio != "" {
		q.Servizi = []string{f.Servizio}
	}
	if f.Stato != "" {
		q.Stati = []pratica.Stato{pratica.Stato(f.Stato)}
	}
	if n, err := pratica.LeggiNumero(f.Testo); err == nil {
		q.Numero = n
	} else {
		q.Testo = f.Testo
	}
	if g, ok := giorno(f.Dal); ok && !g.IsZero() {
		q.Dal = g.Inizio()
	}
	if g, ok := giorno(f.Al); ok && !g.IsZero() {
		q.Al = g.Fine()
	}
	return q
}

// indirizzo is the link to the list (or to what is at base) with these filters;
// the text is sealed, see sigillo.
func (f filtro) indirizzo(base string, a pratica.Attore, sg *sigillo) string {
	v := url.Values{}
	for nome, valore := range map[string]string{
		"servizio": f.Servizio, "stato": f.Stato, "lavorazione": string(f.Lavorazione),
		"dal": f.Dal, "al": f.Al, "pagina": f.Cursore, "cerca": sg.chiudi(a, f.Testo),
	} {
		if valore != "" {
			v.Set(nome, valore)
		}
	}
	if f.Attenzione {
		v.Set("attenzione", "1")
	}
	if len(v) == 0 {
		return base
	}
	return base + "?" + v.Encode()
}

// collegamento is a link of a page: a filter in force and what takes it away, a period.
type collegamento struct{ Testo, URL string }

func (f filtro) attivi(nomi map[string]string, via func(filtro) string) []collegamento {
	var v []collegamento
	togli := func(testo string, cambia func(*filtro)) {
		g := f
		g.Cursore = ""
		cambia(&g)
		v = append(v, collegamento{testo, via(g)})
	}
	if f.Testo != "" {
		togli("Cerca: "+f.Testo, func(g *filtro) { g.Testo = "" })
	}
	if f.Servizio != "" {
		nome := nomi[f.Servizio]
		if nome == "" {
			nome = f.Servizio
		}
		togli("Servizio: "+nome, func(g *filtro) { g.Servizio = "" })
	}
	if f.Stato != "" {
		togli("Stato: "+pratica.Stato(f.Stato).Etichetta(), func(g *filtro) { g.Stato = "" })
	}
	if g, ok := giorno(f.Dal); ok && !g.IsZero() {
		togli("Dal "+web.Giorno(g), func(g *filtro) { g.Dal = "" })
	}
	if g, ok := giorno(f.Al); ok && !g.IsZero() {
		togli("Al "+web.Giorno(g), func(g *filtro) { g.Al = "" })
	}
	return slices.Clip(v)
}
