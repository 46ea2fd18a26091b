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
}

// vassoio (tray) is one of the ways to cut the list by who works on it.
type vassoio struct {
	Nome   string
	URL    string
	Conta  int
	Attivo bool
}

type vistaElenco struct {
	Filtro     filtro
	Servizi    []scelta
	Stati      []scelta
	Vassoi     []vassoio
	Attivi     []collegamento
	SenzaNulla bool // the operator is enabled for no service
	Righe      []riga
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

// daLink reads the filters of a link. A text sealed before a restart is lost,
// and said to be.
func (s *scrivania) daLink(r *http.Request, a pratica.Attore) filtro {
	q := r.URL.Query()
	testo, ok := s.sigillo.apri(a, q.Get("cerca"))
	q.Set("testo", testo)
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
	v := vistaElenco{Filtro: f, SenzaNulla: len(servizi) == 0, Azzera: filtro{Lavorazione: f.Lavorazione, Attenzione: f.Attenzione}.indirizzo(web.URLScrivania, a, s.sigillo)}
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
	link := func(g filtro) string { return g.indirizzo(web.URLScrivania, a, s.sigillo) }
	v.Attivi = f.attivi(nomi, link)
	if len(f.Errori) == 0 {
		if err := s.riempi(r, a, f, servizi, &v); err != nil {
			s.p.Errore(w, r, err)
			return
		}
	}
	s.p.Mostra(w, r, stato, "scrivania/elenco", web.Pagina{
		Titolo: "Scrivania", Sezione: web.SezioneScrivania, Dati: v,
		Briciole: []web.Briciola{{Testo: "Home", URL: web.URLServizi}, {Testo: "Scrivania"}},
	})
}

// riempi puts the rows and the counts into the view.
func (s *scrivania) riempi(r *http.Request, a pratica.Attore, f filtro, servizi []*servizio.Servizio, v *vistaElenco) error {
	pg, err := s.p.Sportello.Elenca(r.Context(), a, f.perStore())
	if err != nil {
		return err
	}
	tutte, err := s.p.Sportello.Riassumi(r.Context(), a, f.perStore())
	if err != nil {
		return err
	}
	v.Totale = tutte.Totale
	for _, x := range pg.Righe {
		v.Righe = append(v.Righe, s.riga(r, servizi, x))
	}
	g := f
	if g.Cursore = ""; f.Cursore != "" {
		v.Inizio = g.indirizzo(web.URLScrivania, a, s.sigillo)
	}
	v.Esporta = g.indirizzo(web.URLScrivania+"/esporta.csv", a, s.sigillo)
	if pg.Seguente != "" {
		f.Cursore = pg.Seguente
		v.Seguente = f.indirizzo(web.URLScrivania, a, s.sigillo)
	}
	for _, t := range []struct {
		nome string
		l    storage.Lavorazione
		att  bool
	}{{"Tutte", storage.Tutte, false}, {"In carico a me", storage.Mie, false}, {"Non assegnate", storage.NonAssegnate, false}, {"Da risolvere", storage.Tutte, true}} {
		h := g
		h.Lavorazione, h.Attenzione = t.l, t.att
		vs := vassoio{Nome: t.nome, URL: h.indirizzo(web.URLScrivania, a, s.sigillo), Attivo: t.l == g.Lavorazione && t.att == g.Attenzione}
		conta, err := s.p.Sportello.Riassumi(r.Context(), a, h.perStore())
		if err != nil {
			return err
		}
		vs.Conta = conta.Totale
		v.Vassoi = append(v.Vassoi, vs)
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

func (s *scrivania) riga(r *http.Request, servizi []*servizio.Servizio, x storage.Riga) riga {
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
	return v
}

func breve(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return termini.GiornoDi(t).Italiano()
}
