package scrivania

import (
	"net/http"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/storage"
)

// colonna is a field of the form in the list of one service.
type colonna struct {
	Campo, Titolo string
	Classe        string // of its cells: "num" at the right, "testo" with room for a few words
}

func classeDi(t modulo.Tipo) string {
	switch t {
	case modulo.Intero, modulo.Decimale, modulo.Importo:
		return "num"
	case modulo.Testo, modulo.TestoLungo, modulo.Scelta, modulo.SceltaMultipla:
		return "testo"
	default:
		return ""
	}
}

type cella struct {
	colonna
	Valore string
}

// somma is what a field adds up to, over all the pages of the list.
type somma struct {
	Titolo                         string
	Valori                         int
	Totale, Media, Minimo, Massimo string
}

// colonne puts the columns of the service into the view, where the list is of
// one alone, and gives the fields to add up.
func (s *scrivania) colonne(r *http.Request, a pratica.Attore, servizi []*servizio.Servizio, v *vistaElenco) ([]sportello.ColonnaElenco, error) {
	if !v.UnServizio {
		return nil, nil
	}
	tutte, err := s.p.Sportello.ColonneElenco(r.Context(), a, []string{servizi[0].ID()})
	if err != nil {
		return nil, err
	}
	var somme []sportello.ColonnaElenco
	for _, c := range tutte {
		if c.Colonna {
			v.Colonne = append(v.Colonne, colonna{c.Campo, c.Titolo, classeDi(c.Tipo)})
		}
		if c.Somma {
			somme = append(somme, c)
		}
	}
	return somme, nil
}

// conta puts into the view how many pratiche there are in each tray and state,
// each link changing one thing of the filter, and the sums.
func (s *scrivania) conta(r *http.Request, a pratica.Attore, g filtro, somme []sportello.ColonnaElenco, v *vistaElenco) error {
	campi := make([]string, 0, len(somme))
	for _, c := range somme {
		campi = append(campi, c.Campo)
	}
	riassumi := func(g filtro, campi ...string) (storage.Riepilogo, error) {
		return s.p.Sportello.Riassumi(r.Context(), a, g.perStore(), campi...)
	}
	link := func(g filtro) string { return g.indirizzo(web.URLScrivania, a, s.sigillo) }

	h := g
	h.Stato = ""
	stati, err := riassumi(h, campi...)
	if err != nil {
		return err
	}
	cifre := stati
	v.Totale = stati.Totale
	if g.Stato != "" {
		v.Totale = stati.PerStato[pratica.Stato(g.Stato)]
		if len(campi) > 0 {
			if cifre, err = riassumi(g, campi...); err != nil {
				return err
			}
		}
	}
	if len(stati.PerStato) > 1 || g.Stato != "" {
		v.PerStato = append(v.PerStato, conto{"Tutti gli stati", link(h), stati.Totale, g.Stato == ""})
		for _, st := range pratica.Stati() {
			if h.Stato = string(st); stati.PerStato[st] > 0 || h.Stato == g.Stato {
				v.PerStato = append(v.PerStato, conto{st.Etichetta(), link(h), stati.PerStato[st], h.Stato == g.Stato})
			}
		}
	}
	for _, c := range somme {
		if x := cifre.Campi[c.Campo]; x.Valori > 0 {
			media, _ := x.Media()
			v.Somme = append(v.Somme, somma{c.Titolo, x.Valori, cifra(x.Totale, c.Tipo), cifra(media, c.Tipo), cifra(x.Minimo.Decimal, c.Tipo), cifra(x.Massimo.Decimal, c.Tipo)})
		}
	}
	for _, t := range []struct {
		nome string
		l    storage.Lavorazione
		att  bool
	}{{"Tutte", storage.Tutte, false}, {"In carico a me", storage.Mie, false}, {"Non assegnate", storage.NonAssegnate, false}, {"Da risolvere", storage.Tutte, true}} {
		h := g
		h.Lavorazione, h.Attenzione = t.l, t.att
		c := conto{t.nome, link(h), v.Totale, t.l == g.Lavorazione && t.att == g.Attenzione}
		if !c.Attivo {
			x, err := riassumi(h)
			if err != nil {
				return err
			}
			c.Conta = x.Totale
		}
		v.Vassoi = append(v.Vassoi, c)
	}
	return nil
}

// cifra writes a number as people read it: "1.234,50 €", "12,5", "3".
func cifra(d decimal.Decimal, t modulo.Tipo) string {
	if t == modulo.Importo {
		return pagamenti.Euro(d)
	}
	segno := ""
	if d.IsNegative() {
		segno = "-"
	}
	intera, decimali, _ := strings.Cut(d.Abs().String(), ".")
	if n, err := decimal.NewFromString(intera); err == nil {
		intera = strings.TrimSuffix(pagamenti.Euro(n), ",00 €")
	}
	if decimali = strings.TrimRight(decimali, "0"); decimali != "" {
		decimali = "," + decimali
	}
	return segno + intera + decimali
}
