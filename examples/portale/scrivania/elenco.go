package scrivania

import (
	"net/http"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage"
)

// riga is one line of the list, with names in the place of ids.
type riga struct {
	storage.Riga
	NomeServizio  string
	NomeUfficio   string
	NomeOperatore string
	Link          string
	Presentata    string // 31/03/2026: a table has little room
	Cambio        string
	Celle         []cella // of the columns that the service chose
}

// conto is a link with how many pratiche it leads to: a tray (vassoio) of the
// desk, which cuts the list by who works on it, or a state.
type conto struct {
	Nome   string
	URL    string
	Conta  int
	Attivo bool
}

type vistaElenco struct {
	Filtro     filtro
	Servizi    []scelta
	Stati      []scelta
	Ordini     []scelta
	Vassoi     []conto
	PerStato   []conto
	Attivi     []collegamento
	SenzaNulla bool // the operator is enabled for no service
	UnServizio bool // all rows are of one
	Colonne    []colonna
	Righe      []riga
	Somme      []somma
	Totale     int
	Inizio     string // back to the first page; empty on it
	Seguente   string
	Esporta    string
	Azzera     string
}

type scelta struct {
	Valore, Nome string
	Scelta       bool
}

// filtra receives the form of the filters and goes to the list that they select.
func (s *scrivania) filtra(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	f := leggiFiltro(r.PostForm)
	f.Cursore = ""
	if len(f.Errori) > 0 {
		s.mostraElenco(w, r, a, http.StatusUnprocessableEntity, f)
		return
	}
	http.Redirect(w, r, f.indirizzo(web.URLScrivania, a, s.sigillo), http.StatusSeeOther)
}

func (s *scrivania) elenco(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	f := s.daLink(r, a)
	stato := http.StatusOK
	if len(f.Errori) > 0 {
		stato = http.StatusUnprocessableEntity
	}
	s.mostraElenco(w, r, a, stato, f)
}

// daLink reads the filters of a link. Texts sealed before a restart are lost,
// and said to be.
func (s *scrivania) daLink(r *http.Request, a pratica.Attore) filtro {
	q := r.URL.Query()
	campi := []string{"testo", "nome", "protocollo"}
	testi, ok := s.sigillo.apri(a, q.Get("cerca"), len(campi))
	for i, c := range campi {
		q.Set(c, testi[i])
	}
	f := leggiFiltro(q)
	if !ok {
		f.Errori["testo"] = "La ricerca è scaduta: scrivi di nuovo che cosa cerchi."
	}
	return f
}

func (s *scrivania) mostraElenco(w http.ResponseWriter, r *http.Request, a pratica.Attore, stato int, f filtro) {
	servizi, err := s.abilitati(r, a)
	if err != nil {
		s.p.Errore(w, r, err)
		return
	}
	link := func(g filtro) string { return g.indirizzo(web.URLScrivania, a, s.sigillo) }
	v := vistaElenco{Filtro: f, SenzaNulla: len(servizi) == 0, Azzera: link(filtro{Lavorazione: f.Lavorazione, Attenzione: f.Attenzione})}
	nomi := map[string]string{}
	for _, sv := range servizi {
		nomi[sv.ID()] = sv.Nome()
		v.Servizi = append(v.Servizi, scelta{sv.ID(), sv.Nome(), sv.ID() == f.Servizio})
	}
	for _, st := range pratica.Stati() {
		if st != pratica.Bozza {
			v.Stati = append(v.Stati, scelta{string(st), st.Etichetta(), string(st) == f.Stato})
		}
	}
	for _, o := range ordini {
		v.Ordini = append(v.Ordini, scelta{string(o.valore), o.nome, o.valore == f.Ordine})
	}
	v.Attivi = f.attivi(nomi, link)
	if len(f.Errori) == 0 && !v.SenzaNulla {
		if err := s.riempi(r, a, f, servizi, &v); err != nil {
			s.p.Errore(w, r, err)
			return
		}
	}
	titolo := "Scrivania"
	if len(f.Errori) > 0 {
		titolo = "Errore: " + titolo
	}
	s.p.Mostra(w, r, stato, "scrivania/elenco", web.Pagina{
		Titolo: titolo, Sezione: web.SezioneScrivania, Dati: v,
		Briciole: []web.Briciola{{Testo: "Home", URL: web.URLServizi}, {Testo: "Scrivania"}},
	})
}

// riempi puts the rows, the counts and the sums into the view.
func (s *scrivania) riempi(r *http.Request, a pratica.Attore, f filtro, servizi []*servizio.Servizio, v *vistaElenco) error {
	pg, err := s.p.Sportello.Elenca(r.Context(), a, f.perStore())
	if err != nil {
		return err
	}
	g := f
	if g.Cursore = ""; f.Cursore != "" {
		v.Inizio = g.indirizzo(web.URLScrivania, a, s.sigillo)
	}
	if f.Servizio != "" {
		servizi = slices.DeleteFunc(servizi, func(sv *servizio.Servizio) bool { return sv.ID() != f.Servizio })
	}
	v.UnServizio = len(servizi) == 1
	somme, err := s.colonne(r, a, servizi, v)
	if err != nil {
		return err
	}
	if err := s.conta(r, a, g, somme, v); err != nil {
		return err
	}
	for _, x := range pg.Righe {
		v.Righe = append(v.Righe, s.riga(r, servizi, v.Colonne, x))
	}
	v.Esporta = g.indirizzo(web.URLScrivania+"/esporta.csv", a, s.sigillo)
	if pg.Seguente != "" {
		f.Cursore = pg.Seguente
		v.Seguente = f.indirizzo(web.URLScrivania, a, s.sigillo)
	}
	return nil
}

// abilitati gives the services that the operator may see, in their order.
func (s *scrivania) abilitati(r *http.Request, a pratica.Attore) ([]*servizio.Servizio, error) {
	tutti, err := s.p.Servizi.Elenco(r.Context(), a.Ente)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(tutti), func(sv *servizio.Servizio) bool { return !a.AbilitatoA(sv.ID()) }), nil
}

func (s *scrivania) riga(r *http.Request, servizi []*servizio.Servizio, colonne []colonna, x storage.Riga) riga {
	v := riga{Riga: x, NomeServizio: x.Servizio, NomeUfficio: x.Ufficio, Link: indirizzo(x.ID), Presentata: breve(x.PresentataIl), Cambio: breve(x.CambioStato)}
	for _, sv := range servizi {
		if sv.ID() != x.Servizio {
			continue
		}
		v.NomeServizio = sv.Nome()
		if u, ok := sv.Ufficio(x.Ufficio); ok {
			v.NomeUfficio = u.Nome
		}
	}
	if x.Operatore != "" {
		v.NomeOperatore = s.nome(r, x.Operatore)
	}
	for _, c := range colonne {
		v.Celle = append(v.Celle, cella{c, x.Campi[c.Campo]})
	}
	return v
}

func breve(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return termini.GiornoDi(t).Italiano()
}
