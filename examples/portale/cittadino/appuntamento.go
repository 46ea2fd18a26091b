package cittadino

import (
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// giorniMostrati is how far ahead the page looks, in days.
const giorniMostrati = 35

// vistaAppuntamento is a booking for people.
type vistaAppuntamento struct {
	Inizio, Fine time.Time
	Dove, Luogo  string
	Stato        string
	Fino         time.Time // end of the hold; zero once confirmed
	Perso        bool
	Attivo       bool
}

func (l *lato) vediAppuntamento(a pratica.Appuntamento) vistaAppuntamento {
	v := vistaAppuntamento{Inizio: a.Inizio, Fine: a.Fine, Dove: l.calendari[a.Calendario], Luogo: l.luoghi[a.Calendario], Perso: a.Perso}
	st := a.StatoA(l.Orologio())
	v.Stato = st.Etichetta()
	if st == appuntamenti.Bloccato {
		v.Fino = a.ScadenzaBlocco
	}
	v.Attivo = !a.Perso && (st == appuntamenti.Bloccato || st == appuntamenti.Confermato)
	return v
}

type vistaScelta struct {
	URL, Indietro string
	Stepper       template.HTML
	Errori        errori
	Attuale       *vistaAppuntamento
	Calendari     []opzione
	Calendario    string
	Luogo         string
	Giorni        []opzione
	Giorno        string
	Fasce         []fascia
	Bozza         bool
	Avanti        string // where to go on with the booking there is; "" where there is none or need not be
	Facoltativo   bool
}

type opzione struct {
	Valore, Testo string
	Scelta        bool
}

type fascia struct {
	Valore, ID string
	Inizio     time.Time
	Fine       time.Time
	Liberi     int
	Scelta     bool
}

func (l *lato) appuntamento(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	l.mostraScelta(w, r, a, nil)
}

// mostraScelta shows one calendar, its days with free places, and the slots of
// one day: each choice is a form that works without a script.
func (l *lato) mostraScelta(w http.ResponseWriter, r *http.Request, a pratica.Attore, e errori) {
	p, sv, err := l.Sportello.Leggi(r.Context(), a, idPratica(r))
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	ap, ok := sv.Appuntamenti()
	if !ok {
		l.Errore(w, r, pratica.ErrNonConfigurato)
		return
	}
	v := vistaScelta{URL: urlPratica(p.ID, "appuntamento"), Indietro: urlPratica(p.ID), Errori: e, Bozza: p.Stato == pratica.Bozza, Facoltativo: !ap.Obbligatorio}
	nome := "Appuntamento – " + sv.Nome()
	if v.Bozza {
		c := l.percorso(p, sv)
		if v.Stepper, err = l.stepper(r, c.sv.Modulo(), c.html(passoAppuntamento)); err != nil {
			l.Errore(w, r, err)
			return
		}
		v.Indietro, nome = c.prima(passoAppuntamento), c.titolo(passoAppuntamento)
		if p.AppuntamentoAttivo() != nil || v.Facoltativo {
			v.Avanti = c.dopo(passoAppuntamento)
		}
	}
	if attivo := p.AppuntamentoAttivo(); attivo != nil {
		x := l.vediAppuntamento(*attivo)
		v.Attuale = &x
	}
	if err := l.fasce(r, a, p, ap, &v); err != nil {
		l.Errore(w, r, err)
		return
	}
	l.Mostra(w, r, stato(e), "cittadino/appuntamento", web.Pagina{
		Titolo: titolo(nome, e), Sezione: web.SezioneArea, Briciole: briciole(p.ID, sv.Nome(), "Appuntamento"), Dati: v,
	})
}

func (l *lato) fasce(r *http.Request, a pratica.Attore, p *pratica.Pratica, ap servizio.Appuntamenti, v *vistaScelta) error {
	v.Calendario = r.FormValue("calendario")
	if !slices.Contains(ap.Calendari, v.Calendario) {
		v.Calendario = ap.Calendari[0]
	}
	for _, id := range ap.Calendari {
		v.Calendari = append(v.Calendari, opzione{id, l.calendari[id], id == v.Calendario})
	}
	v.Luogo = l.luoghi[v.Calendario]
	oggi := termini.GiornoDi(l.Orologio())
	tutte, err := l.Sportello.Fasce(r.Context(), a, p.ID, v.Calendario, oggi, oggi.Piu(giorniMostrati))
	if err != nil {
		return err
	}
	v.Giorno = r.FormValue("giorno")
	for _, f := range tutte {
		if g := termini.GiornoDi(f.Inizio).String(); f.Liberi > 0 && (len(v.Giorni) == 0 || v.Giorni[len(v.Giorni)-1].Valore != g) {
			v.Giorni = append(v.Giorni, opzione{g, web.GiornoSettimana(f.Inizio), g == v.Giorno})
		}
	}
	if !slices.ContainsFunc(v.Giorni, func(o opzione) bool { return o.Scelta }) && len(v.Giorni) > 0 {
		v.Giorni[0].Scelta, v.Giorno = true, v.Giorni[0].Valore
	}
	for _, f := range tutte {
		if f.Liberi > 0 && termini.GiornoDi(f.Inizio).String() == v.Giorno {
			val := f.Apertura + "|" + f.Inizio.UTC().Format(time.RFC3339)
			v.Fasce = append(v.Fasce, fascia{Valore: val, ID: "c-fascia", Inizio: f.Inizio, Fine: f.Fine, Liberi: f.Liberi, Scelta: r.PostFormValue("fascia") == val})
		}
	}
	for i := range v.Fasce[min(1, len(v.Fasce)):] {
		v.Fasce[i+1].ID = "c-fascia-" + v.Fasce[i+1].Inizio.UTC().Format("1504")
	}
	return nil
}

// prenota books the slot, or moves the booking there is.
func (l *lato) prenota(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	apertura, istante, _ := strings.Cut(r.PostFormValue("fascia"), "|")
	inizio, err := time.Parse(time.RFC3339, istante)
	if apertura == "" || err != nil {
		l.mostraScelta(w, r, a, errori{{"fascia", "Scegli l'orario dell'appuntamento."}})
		return
	}
	f := appuntamenti.Fascia{Calendario: r.PostFormValue("calendario"), Apertura: apertura, Inizio: inizio.UTC()}
	e, err := l.Sportello.PrenotaAppuntamento(r.Context(), a, idPratica(r), f, sportello.ConChiave(web.Chiave(r)))
	if pe := motivi(err); len(pe) > 0 {
		l.mostraScelta(w, r, a, pe)
		return
	}
	if err == nil && e.Stato == pratica.Bozza {
		if c, ok := l.bozza(w, r, a); ok {
			l.Vai(w, r, c.dopo(passoAppuntamento), "Ti abbiamo riservato il posto: invia la richiesta per confermarlo.")
		}
		return
	}
	l.concludi(w, r, err, "Appuntamento registrato.")
}

// motivi gives the reasons for which a slot was refused, to choose another.
func motivi(err error) errori {
	if e, ok := comeRifiuto(err); ok && (e.Codice == pratica.CodiceNonAmmesso || e.Codice == pratica.CodiceNonValido) {
		var v errori
		for _, m := range e.Motivi {
			v = append(v, errore{"fascia", m.Messaggio})
		}
		for _, c := range e.Campi {
			v = append(v, errore{"fascia", c.Messaggio})
		}
		return v
	}
	return nil
}

func (l *lato) disdici(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	_, err := l.Sportello.DisdiciAppuntamento(r.Context(), a, idPratica(r), sportello.ConChiave(web.Chiave(r)))
	l.concludi(w, r, err, "Appuntamento disdetto.")
}
