package scrivania

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pagamenti"
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
	Servizio             string
	Stato                string
	Lavorazione          storage.Lavorazione
	Attenzione           bool
	Testo                string
	Nome                 string
	Protocollo           string
	Dal, Al              string // ISO days
	DovutoMin, DovutoMax string // euro
	Ordine               storage.Ordine
	Cursore              string

	Errori map[string]string // by field
}

// ordini are the orders of the list, as people choose them.
var ordini = []struct {
	valore storage.Ordine
	nome   string
}{
	{storage.PerPresentazione, "Presentate più di recente"}, {storage.PerPresentazioneVecchie, "Presentate da più tempo"},
	{storage.PerAggiornamento, "Modificate più di recente"}, {storage.PerAggiornamentoVecchie, "Ferme da più tempo"},
}

// leggiFiltro reads the fields of the form, or of a link.
func leggiFiltro(v url.Values) filtro {
	f := filtro{
		Servizio: v.Get("servizio"), Stato: v.Get("stato"), Attenzione: v.Get("attenzione") == "1",
		Testo: strings.TrimSpace(v.Get("testo")), Nome: strings.TrimSpace(v.Get("nome")), Protocollo: strings.TrimSpace(v.Get("protocollo")),
		Dal: v.Get("dal"), Al: v.Get("al"), DovutoMin: strings.TrimSpace(v.Get("dovuto_min")), DovutoMax: strings.TrimSpace(v.Get("dovuto_max")),
		Cursore: v.Get("pagina"), Errori: map[string]string{},
	}
	for _, o := range ordini {
		if v.Get("ordine") == string(o.valore) {
			f.Ordine = o.valore
		}
	}
	if l := storage.Lavorazione(v.Get("lavorazione")); l == storage.Mie || l == storage.NonAssegnate {
		f.Lavorazione = l
	}
	if f.Stato != "" && !pratica.Stato(f.Stato).Valido() {
		f.Stato = ""
	}
	for campo, testo := range map[string]string{"testo": f.Testo, "nome": f.Nome, "protocollo": f.Protocollo} {
		if len(testo) > massimoTesto || !utf8.ValidString(testo) || strings.Contains(testo, separatoreSigillo) {
			f.Errori[campo] = "Scrivi al massimo 200 caratteri."
		}
	}
	f.importi()
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

// importi checks the bounds of what is still to pay, and writes them in one way.
func (f *filtro) importi() {
	leggi := func(campo string, v *string) (decimal.Decimal, bool) {
		d, ok := importo(*v)
		if !ok {
			f.Errori[campo] = "Scrivi un importo in euro, per esempio 16,50."
		} else if *v != "" {
			*v = d.StringFixed(2)
		}
		return d, ok && *v != ""
	}
	minimo, okMin := leggi("dovuto_min", &f.DovutoMin)
	massimo, okMax := leggi("dovuto_max", &f.DovutoMax)
	if okMin && okMax && massimo.LessThan(minimo) {
		f.Errori["dovuto_max"] = "L'importo massimo è più basso di quello minimo."
	}
}

// importo reads an amount; the empty one is zero.
func importo(s string) (decimal.Decimal, bool) {
	if s == "" {
		return decimal.Zero, true
	}
	d, err := pagamenti.LeggiImporto(s)
	return d, err == nil
}

func importoScritto(s string) string {
	if d, ok := importo(s); ok && s != "" {
		return strings.TrimSuffix(pagamenti.Euro(d), " €")
	}
	return s
}

// Altri reports whether a filter beside the first three is in use, or wrong.
func (f filtro) Altri() bool {
	for _, campo := range []string{"nome", "protocollo", "dal", "al", "dovuto_min", "dovuto_max"} {
		if f.Errori[campo] != "" {
			return true
		}
	}
	return f.Nome+f.Protocollo+f.Dal+f.Al+f.DovutoMin+f.DovutoMax+string(f.Ordine) != ""
}

// campoFiltro is a field of the form of the filters that people type into.
type campoFiltro struct {
	Nome, Etichetta, Aiuto, Valore, Errore string
	Tastiera                               string // attribute inputmode
	Largo                                  int    // columns of twelve
}

// Descritto are the ids of what explains the field.
func (c campoFiltro) Descritto() string {
	var id []string
	if c.Aiuto != "" {
		id = append(id, "q-"+c.Nome+"-a")
	}
	if c.Errore != "" {
		id = append(id, "q-"+c.Nome+"-e")
	}
	return strings.Join(id, " ")
}

// Campo gives a field of the form, with what was typed, or as people write it.
func (f filtro) Campo(nome string) campoFiltro {
	const giorno, euro = "gg/mm/aaaa", "in euro, per esempio 16,50"
	c := map[string]campoFiltro{
		"testo":      {Etichetta: "Numero, nome, codice fiscale o altro", Valore: f.Testo, Largo: 4},
		"nome":       {Etichetta: "Nome del richiedente", Valore: f.Nome, Largo: 4},
		"protocollo": {Etichetta: "Numero di protocollo", Aiuto: "numero o numero/anno", Valore: f.Protocollo, Largo: 4},
		"dal":        {Etichetta: "Presentata dal", Aiuto: giorno, Valore: scritto(f.Dal), Tastiera: "numeric", Largo: 3},
		"al":         {Etichetta: "Presentata fino al", Aiuto: giorno, Valore: scritto(f.Al), Tastiera: "numeric", Largo: 3},
		"dovuto_min": {Etichetta: "Da pagare almeno", Aiuto: euro, Valore: importoScritto(f.DovutoMin), Tastiera: "decimal", Largo: 3},
		"dovuto_max": {Etichetta: "Da pagare al massimo", Aiuto: euro, Valore: importoScritto(f.DovutoMax), Tastiera: "decimal", Largo: 3},
	}[nome]
	c.Nome, c.Errore = nome, f.Errori[nome]
	return c
}

// Sbagliati are the fields with an error, in their order on the page.
func (f filtro) Sbagliati() []campoFiltro {
	var v []campoFiltro
	for _, nome := range []string{"testo", "nome", "protocollo", "dal", "al", "dovuto_min", "dovuto_max"} {
		if f.Errori[nome] != "" {
			v = append(v, f.Campo(nome))
		}
	}
	return v
}

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
	q := storage.Filtro{Lavorazione: f.Lavorazione, Attenzione: f.Attenzione, Nome: f.Nome, Protocollo: f.Protocollo, Ordine: f.Ordine, Cursore: f.Cursore, Limite: perPagina}
	for _, x := range []struct {
		testo   string
		estremo *decimal.NullDecimal
	}{{f.DovutoMin, &q.DovutoMin}, {f.DovutoMax, &q.DovutoMax}} {
		if d, ok := importo(x.testo); ok && x.testo != "" {
			*x.estremo = decimal.NewNullDecimal(d)
		}
	}
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
// the texts are sealed, see sigillo.
func (f filtro) indirizzo(base string, a pratica.Attore, sg *sigillo) string {
	v := url.Values{}
	for nome, valore := range map[string]string{
		"servizio": f.Servizio, "stato": f.Stato, "lavorazione": string(f.Lavorazione),
		"dal": f.Dal, "al": f.Al, "dovuto_min": f.DovutoMin, "dovuto_max": f.DovutoMax, "ordine": string(f.Ordine),
		"pagina": f.Cursore, "cerca": sg.chiudi(a, f.Testo, f.Nome, f.Protocollo),
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
	if f.Nome != "" {
		togli("Richiedente: "+f.Nome, func(g *filtro) { g.Nome = "" })
	}
	if f.Protocollo != "" {
		togli("Protocollo: "+f.Protocollo, func(g *filtro) { g.Protocollo = "" })
	}
	if d, ok := importo(f.DovutoMin); ok && f.DovutoMin != "" {
		togli("Da pagare almeno "+pagamenti.Euro(d), func(g *filtro) { g.DovutoMin = "" })
	}
	if d, ok := importo(f.DovutoMax); ok && f.DovutoMax != "" {
		togli("Da pagare al massimo "+pagamenti.Euro(d), func(g *filtro) { g.DovutoMax = "" })
	}
	if g, ok := giorno(f.Dal); ok && !g.IsZero() {
		togli("Dal "+web.Giorno(g), func(g *filtro) { g.Dal = "" })
	}
	if g, ok := giorno(f.Al); ok && !g.IsZero() {
		togli("Al "+web.Giorno(g), func(g *filtro) { g.Al = "" })
	}
	return slices.Clip(v)
}
