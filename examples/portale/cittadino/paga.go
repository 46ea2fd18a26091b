package cittadino

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"

	"github.com/sportello-digitale/pratiche/examples/portale/servizi"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pagamenti/interno"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

type vistaPaga struct {
	interno.Pagina
	URL     string
	Ritorno string
	Errore  string
}

// posizione gives the payment of the page and its pratica, if it is one of the
// person's own. The page plays the payment system, which in reality is
// elsewhere and knows no pratica: the way back is in the address of return.
func (l *lato) posizione(ctx context.Context, a pratica.Attore, id string) (interno.Pagina, pratica.ID, error) {
	if l.Pagamenti == nil {
		return interno.Pagina{}, "", pratica.ErrNonConfigurato
	}
	g, err := l.Pagamenti.Pagina(ctx, a.Ente, id)
	if errors.Is(err, pagamenti.ErrIgnota) {
		return g, "", pratica.ErrNonTrovato
	}
	if err != nil {
		return g, "", err
	}
	u, err := url.Parse(g.RitornoURL)
	if err != nil {
		return g, "", pratica.ErrNonTrovato
	}
	p, _, err := l.Sportello.Leggi(ctx, a, pratica.ID(path.Base(u.Path)))
	if err != nil {
		return g, "", err
	}
	for _, x := range p.Pagamenti {
		if x.ID == id {
			return g, p.ID, nil
		}
	}
	return g, "", pratica.ErrNonTrovato
}

func (l *lato) paga(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	g, id, err := l.posizione(r.Context(), a, r.PathValue("pagamento"))
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	l.Mostra(w, r, http.StatusOK, "cittadino/paga", web.Pagina{
		Titolo: "Pagamento dimostrativo", Briciole: []web.Briciola{{Testo: "Home", URL: web.URLServizi}, {Testo: "La tua richiesta", URL: urlPratica(id)}, {Testo: "Pagamento"}},
		Dati: vistaPaga{Pagina: g, URL: servizi.URLPaga + "/" + g.Posizione.ID, Ritorno: urlPratica(id)},
	})
}

// esitoPagamento makes happen what the person chose, tells the desk, as the
// payment system would, and goes back to the pratica.
func (l *lato) esitoPagamento(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	g, id, err := l.posizione(r.Context(), a, r.PathValue("pagamento"))
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	messaggio := "Pagamento annullato: puoi pagare più tardi."
	switch esito := interno.Esito(r.PostFormValue("esito")); esito {
	case interno.Paga, interno.Fallisce:
		messaggio = "Pagamento eseguito."
		if esito == interno.Fallisce {
			messaggio = "Il pagamento non è riuscito: non ti è stato addebitato nulla. Puoi riprovare."
		}
		if _, err := l.Pagamenti.Simula(r.Context(), a.Ente, g.Posizione.ID, esito); err != nil {
			l.nonEseguito(w, r, id, err)
			return
		}
		if _, err := l.Sportello.NotificaPagamento(r.Context(), a.Ente, id, g.Posizione.ID); err != nil {
			l.Errore(w, r, err)
			return
		}
	default:
	}
	l.Vai(w, r, urlPratica(id), messaggio)
}

// nonEseguito tells that the position takes no such outcome any longer.
func (l *lato) nonEseguito(w http.ResponseWriter, r *http.Request, id pratica.ID, err error) {
	if errors.Is(err, pagamenti.ErrPagato) {
		l.Vai(w, r, urlPratica(id), "Il pagamento risulta già eseguito.")
		return
	}
	l.Errore(w, r, err)
}

func (l *lato) riprovaPagamento(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	_, err := l.Sportello.Esegui(r.Context(), a, idPratica(r), pratica.RigeneraPagamento{Pagamento: r.PathValue("pagamento")}, sportello.ConChiave(web.Chiave(r)))
	l.concludi(w, r, err, "Abbiamo chiesto un nuovo avviso di pagamento: tra poco potrai riprovare.")
}
