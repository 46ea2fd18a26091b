package cittadino

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// daFare are the states in which the next move is the applicant's, with what he
// should do.
var daFare = []struct {
	stato pratica.Stato
	testo string
}{
	{pratica.AttesaPagamento, "Paga per completare l'invio"},
	{pratica.AttesaIntegrazione, "Rispondi alla richiesta di integrazioni"},
	{pratica.AttesaOsservazioni, "Leggi il preavviso di rigetto e presenta le tue osservazioni"},
	{pratica.AttesaPagamentoFinale, "Completa pagamento e marca da bollo per il rilascio"},
}

type rigaArea struct {
	URL, Servizio, Protocollo, Fare string
	Numero                          string
	Stato                           pratica.Stato
	Presentata, Aggiornata          time.Time
}

type vistaArea struct {
	DaFare   []rigaArea
	Bozze    []rigaArea
	Pratiche []rigaArea
	Totale   int
	Seguente string // address of the next page
	Filtrato bool
	Testo    string
	Stati    []opzione
	Servizi  []opzione
	Anonimo  bool
}

const massimoTestoFiltro = 200

func (l *lato) area(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	q := r.URL.Query()
	nomi, opzioni, err := l.nomiServizi(r, q.Get("servizio"))
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	v := vistaArea{Testo: strings.ToValidUTF8(taglia(q.Get("testo"), massimoTestoFiltro), ""), Servizi: opzioni, Anonimo: a.Persona.CodiceFiscale == ""}
	f := storage.Filtro{Testo: v.Testo, Cursore: q.Get("cursore"), Limite: 20}
	if s := q.Get("servizio"); nomi[s] != "" {
		f.Servizi = []string{s}
	}
	scelto := pratica.Stato(q.Get("stato"))
	for _, s := range pratica.Stati() {
		if s != pratica.Bozza {
			v.Stati = append(v.Stati, opzione{string(s), s.Etichetta(), s == scelto})
			if !scelto.Valido() || scelto == pratica.Bozza || s == scelto {
				f.Stati = append(f.Stati, s)
			}
		}
	}
	v.Filtrato = v.Testo != "" || f.Servizi != nil || len(f.Stati) == 1
	pg, err := l.Sportello.MiePratiche(r.Context(), a, f)
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	if v.Totale, err = l.Sportello.QuanteMie(r.Context(), a, f); err != nil {
		l.Errore(w, r, err)
		return
	}
	v.Pratiche = righeArea(pg.Righe, nomi)
	if pg.Seguente != "" {
		v.Seguente = web.URLArea + "?" + url.Values{"testo": {v.Testo}, "servizio": {q.Get("servizio")}, "stato": {q.Get("stato")}, "cursore": {pg.Seguente}}.Encode()
	}
	if f.Cursore == "" && !v.Filtrato {
		if err := l.primeCose(r, a, &v, nomi); err != nil {
			l.Errore(w, r, err)
			return
		}
	}
	l.Mostra(w, r, http.StatusOK, "cittadino/area", web.Pagina{
		Titolo: "Area personale", Sezione: web.SezioneArea, Briciole: []web.Briciola{{Testo: "Home", URL: web.URLServizi}, {Testo: "Area personale"}}, Dati: v,
	})
}

// primeCose adds what waits for the person: above everything else.
func (l *lato) primeCose(r *http.Request, a pratica.Attore, v *vistaArea, nomi map[string]string) error {
	stati := make([]pratica.Stato, len(daFare))
	for i, d := range daFare {
		stati[i] = d.stato
	}
	pg, err := l.Sportello.MiePratiche(r.Context(), a, storage.Filtro{Stati: stati, Limite: 50})
	if err != nil {
		return err
	}
	v.DaFare = righeArea(pg.Righe, nomi)
	pg, err = l.Sportello.MiePratiche(r.Context(), a, storage.Filtro{Stati: []pratica.Stato{pratica.Bozza}, Ordine: storage.PerAggiornamento, Limite: 50})
	if err != nil {
		return err
	}
	v.Bozze = righeArea(pg.Righe, nomi)
	return nil
}

func righeArea(righe []storage.Riga, nomi map[string]string) []rigaArea {
	v := make([]rigaArea, len(righe))
	for i, x := range righe {
		v[i] = rigaArea{URL: urlPratica(x.ID), Servizio: nomi[x.Servizio], Numero: x.Numero.String(), Stato: x.Stato, Protocollo: x.Protocollo, Presentata: x.PresentataIl, Aggiornata: x.Aggiornata}
		if v[i].Servizio == "" { // no longer offered
			v[i].Servizio = x.Oggetto
		}
		for _, d := range daFare {
			if d.stato == x.Stato {
				v[i].Fare = d.testo
			}
		}
	}
	return v
}

// nomiServizi gives the names by id, and the options of the filter.
func (l *lato) nomiServizi(r *http.Request, scelto string) (map[string]string, []opzione, error) {
	elenco, err := l.Servizi.Elenco(r.Context(), l.Ente.Codice)
	if err != nil {
		return nil, nil, err
	}
	nomi := map[string]string{}
	var v []opzione
	for _, s := range elenco {
		nomi[s.ID()] = s.Nome()
		v = append(v, opzione{s.ID(), s.Nome(), s.ID() == scelto})
	}
	return nomi, v, nil
}

func taglia(s string, massimo int) string {
	if len(s) > massimo {
		return s[:massimo]
	}
	return s
}
