package cittadino

import (
	"net/http"

	"github.com/sportello-digitale/pratiche/examples/portale/servizi"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

type voceCatalogo struct {
	ID, Nome, Descrizione, Categoria string
}

func (l *lato) catalogo(w http.ResponseWriter, r *http.Request) {
	elenco, err := l.Servizi.Elenco(r.Context(), l.Ente.Codice)
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	var voci []voceCatalogo
	for _, s := range elenco {
		voci = append(voci, voceCatalogo{s.ID(), s.Nome(), s.Configurazione().Descrizione, l.schede[s.ID()].Categoria})
	}
	l.Mostra(w, r, http.StatusOK, "cittadino/catalogo", web.Pagina{Titolo: "Servizi", Sezione: web.SezioneServizi, Dati: voci})
}

type vistaServizio struct {
	ID, Nome, Descrizione string
	servizi.Scheda
	Accesso      string
	Giorni       int
	Appuntamento bool
	Passi        []string
	Operatore    bool
}

func (l *lato) servizio(w http.ResponseWriter, r *http.Request) {
	sv, err := l.Servizi.Servizio(r.Context(), l.Ente.Codice, r.PathValue("servizio"), 0)
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	c := sv.Configurazione()
	v := vistaServizio{
		ID: c.ID, Nome: c.Nome, Descrizione: c.Descrizione,
		Scheda: l.schede[c.ID], Accesso: accessoNecessario(c.Accesso),
	}
	if !sv.Inoltro() {
		v.Giorni = sv.TempoMassimo()
	}
	_, v.Appuntamento = sv.Appuntamenti()
	for _, s := range sv.Modulo().Sezioni() {
		v.Passi = append(v.Passi, s.Titolo)
	}
	a, _ := l.Attore(r)
	v.Operatore = a.Ruolo == pratica.Operatore
	l.Mostra(w, r, http.StatusOK, "cittadino/servizio", web.Pagina{
		Titolo: c.Nome, Sezione: web.SezioneServizi,
		Briciole: []web.Briciola{{Testo: "Home", URL: web.URLServizi}, {Testo: c.Nome}}, Dati: v,
	})
}

func accessoNecessario(livello servizio.Livello) string {
	switch livello {
	case servizio.Anonimo:
		return "Chiunque, anche senza identificarsi"
	case servizio.Social:
		return "Occorre un accesso"
	case servizio.SPID1:
		return "SPID di livello 1 o superiore, o CIE"
	case servizio.SPID2:
		return "SPID di livello 2 o superiore, o CIE"
	case servizio.CIE:
		return "Carta d'identità elettronica"
	default:
		return ""
	}
}

// apri opens a draft and goes to its first section. The form's key makes a
// double click open one.
func (l *lato) apri(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	id, err := l.Sportello.ApriBozza(r.Context(), a, r.PathValue("servizio"), sportello.ConChiave(web.Chiave(r)))
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	p, sv, err := l.Sportello.Leggi(r.Context(), a, id)
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	if p.Stato != pratica.Bozza { // sent already, and the key is that of its opening
		l.Vai(w, r, urlPratica(id), "")
		return
	}
	l.Vai(w, r, l.percorso(p, sv).daCompilare(), "")
}
