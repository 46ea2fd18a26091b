package scrivania

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// giorniMostrati is how many days of slots a page lists.
const giorniMostrati = 7

// campiFasce lists the free slots of a calendar for a week, with links to the
// next ones and to the other calendars.
func campiFasce(x *caso) []campo {
	f := campo{Nome: "fascia", Etichetta: "Orari liberi", Tipo: radio, Obbligatorio: true}
	ap, ok := x.sv.Appuntamenti()
	if !ok || len(ap.Calendari) == 0 {
		return []campo{f}
	}
	scelto := x.r.FormValue("calendario")
	if !slices.Contains(ap.Calendari, scelto) {
		scelto = ap.Calendari[0]
	}
	oggi := termini.GiornoDi(x.s.p.Orologio())
	dal, valido := giorno(x.r.FormValue("dal"))
	if !valido || dal.IsZero() || dal.Prima(oggi) || oggi.Piu(appuntamenti.MassimoGiorni*4).Prima(dal) {
		dal = oggi
	}
	al := dal.Piu(giorniMostrati - 1)
	f.Etichetta = "Orari liberi dal " + web.Giorno(dal) + " al " + web.Giorno(al)
	if len(ap.Calendari) > 1 {
		f.Etichetta += " – " + x.s.calendario(scelto)
	}
	fasce, err := x.s.p.Sportello.Fasce(x.r.Context(), x.a, x.p.ID, scelto, dal, al)
	if err != nil {
		x.s.p.Logger.WarnContext(x.r.Context(), "fasce non disponibili", "pratica", x.p.ID, "errore", err)
		f.Errori = append(f.Errori, "L'agenda non risponde: riprova più tardi.")
	}
	for _, fa := range fasce {
		if fa.Liberi > 0 {
			f.Opzioni = append(f.Opzioni, opzione{Valore: scriviFascia(fa), Nome: web.Ora(fa.Inizio) + " – " + web.Ora(fa.Fine), Gruppo: maiuscola(web.GiornoSettimana(fa.Inizio))})
		}
	}
	if len(f.Opzioni) == 0 {
		f.Aiuto = "In questo periodo non ci sono orari liberi: guarda i giorni successivi."
	}
	qui := func(calendario string, g termini.Giorno) string {
		return x.r.URL.Path + "?" + url.Values{"calendario": {calendario}, "dal": {g.String()}}.Encode()
	}
	x.qui = qui(scelto, dal)
	periodo := func(testo, calendario string, g termini.Giorno) {
		x.link = append(x.link, collegamento{testo, qui(calendario, g)})
	}
	if prima := dal.Piu(-giorniMostrati); oggi.Prima(dal) {
		if prima.Prima(oggi) {
			prima = oggi
		}
		periodo("Giorni precedenti", scelto, prima)
	}
	periodo("Giorni successivi", scelto, dal.Piu(giorniMostrati))
	for _, c := range ap.Calendari {
		if c != scelto {
			periodo(x.s.calendario(c), c, dal)
		}
	}
	return []campo{f}
}

func maiuscola(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// scriviFascia writes a slot as the value of a radio button. Ids of calendars
// and openings have no space (appuntamenti.IDValido).
func scriviFascia(f appuntamenti.Fascia) string {
	return strings.Join([]string{f.Calendario, f.Apertura, strconv.FormatInt(f.Inizio.Unix(), 10), strconv.FormatInt(f.Fine.Unix(), 10)}, " ")
}

func leggiFascia(s string) (appuntamenti.Fascia, bool) {
	p := strings.Split(s, " ")
	if len(p) != 4 || !appuntamenti.IDValido(p[0]) || !appuntamenti.IDValido(p[1]) {
		return appuntamenti.Fascia{}, false
	}
	inizio, err1 := strconv.ParseInt(p[2], 10, 64)
	fine, err2 := strconv.ParseInt(p[3], 10, 64)
	if err1 != nil || err2 != nil || inizio <= 0 || fine <= inizio || fine-inizio > int64(appuntamenti.DurataMassima/time.Second) {
		return appuntamenti.Fascia{}, false
	}
	return appuntamenti.Fascia{Calendario: p[0], Apertura: p[1], Inizio: time.Unix(inizio, 0).UTC(), Fine: time.Unix(fine, 0).UTC()}, true
}

// prenota books or moves: the Sportello knows which. The agenda checks that the
// slot is offered and free.
func prenota(s *scrivania, r *http.Request, x *caso, v valori) error {
	f, ok := leggiFascia(v.testo("fascia"))
	if !ok {
		v.sbagliato("fascia", "Scegli un orario.")
		return nil
	}
	_, err := s.p.Sportello.PrenotaAppuntamento(r.Context(), x.a, x.p.ID, f, chiaveDi(r)...)
	return err
}

func disdici(s *scrivania, r *http.Request, x *caso, _ valori) error {
	_, err := s.p.Sportello.DisdiciAppuntamento(r.Context(), x.a, x.p.ID, chiaveDi(r)...)
	return err
}
