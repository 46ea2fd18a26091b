package cittadino

import (
	"bytes"
	"html/template"
	"net/http"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/examples/portale/servizi"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
)

type vistaDettaglio struct {
	*sportello.Vista
	URL          string
	Riepilogo    template.HTML
	Errori       errori // of the message
	Testo        string
	Pagamenti    []vistaPagamento
	Bolli        []vistaMarche
	Appuntamenti []vistaAppuntamento
	Inviati      []sportello.VoceFile // attachments that were sent
	DaInviare    []pratica.Allegato   // files that wait for a message
	InCorso      bool                 // something goes on by itself: the page is worth another look
	DaFare       []faccenda
	Calendari    bool

	Scrivere, Ritirare, Spostare, Disdire, Prenotare, Modificare bool
}

// faccenda is something that waits for the applicant.
type faccenda struct {
	Testo, URL, Bottone string
	Invia               bool // a form posts to URL; otherwise a link leads there
}

type vistaPagamento struct {
	pratica.Pagamento
	Etichetta     string
	Paga, Riprova string // addresses
}

type vistaMarche struct {
	pratica.Bollo
	Titolo    string
	Esenzione string
	Marche    []bolli.Contrassegno
	Inserisci bool
}

func (l *lato) dettaglio(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	l.mostraDettaglio(w, r, a, nil, "")
}

func (l *lato) mostraDettaglio(w http.ResponseWriter, r *http.Request, a pratica.Attore, e errori, testo string) {
	v, err := l.Sportello.Apri(r.Context(), a, idPratica(r))
	if err != nil {
		l.Errore(w, r, err)
		return
	}
	if v.Stato == pratica.Bozza {
		l.Vai(w, r, urlPratica(v.ID, "compila"), "")
		return
	}
	d := vistaDettaglio{Vista: v, URL: urlPratica(v.ID), Errori: e, Testo: testo}
	if d.Riepilogo, err = frammento(func(b *bytes.Buffer) error { return l.diParte.Riepilogo(b, v.Modulo, nil) }); err != nil {
		l.Errore(w, r, err)
		return
	}
	d.Scrivere, d.Ritirare, d.Modificare = v.Puo(pratica.AzioneScriviMessaggio), v.Puo(pratica.AzioneRitira), v.Puo(pratica.AzioneTornaInBozza)
	l.allegati(r, a, &d)
	l.oneri(&d)
	if v.Appuntamenti != nil {
		d.Calendari = true
		for _, x := range v.Appuntamenti.Appuntamenti {
			d.Appuntamenti = append(d.Appuntamenti, l.vediAppuntamento(x))
		}
		d.Spostare, d.Disdire, d.Prenotare = v.Puo(pratica.AzioneSpostaAppuntamento), v.Puo(pratica.AzioneDisdiciAppuntamento), v.Puo(pratica.AzioneScegliAppuntamento)
	}
	d.faccende()
	for _, x := range v.Documenti {
		d.InCorso = d.InCorso || !x.Pronto || x.Direzione != "" && v.Protocollo != nil && x.Registrazione == nil
	}
	l.Mostra(w, r, stato(e), "cittadino/dettaglio", web.Pagina{
		Titolo: titolo("Richiesta n. "+v.Generali.Numero.String()+" – "+v.NomeServizio, e), Sezione: web.SezioneArea, Briciole: briciole(v.ID, v.NomeServizio, ""), Dati: d,
	})
}

// allegati parts what was sent from what still waits.
func (l *lato) allegati(r *http.Request, a pratica.Attore, d *vistaDettaglio) {
	for _, f := range d.Allegati {
		if !f.InAttesa {
			d.Inviati = append(d.Inviati, f)
		}
	}
	if p, _, err := l.Sportello.Leggi(r.Context(), a, d.ID); err == nil {
		d.DaInviare = inAttesa(p, pratica.OrigineMessaggio)
	}
}

// oneri prepares payments and stamps.
func (l *lato) oneri(d *vistaDettaglio) {
	if d.Vista.Pagamenti != nil {
		for _, p := range d.Vista.Pagamenti.Pagamenti {
			x := vistaPagamento{Pagamento: p, Etichetta: p.Posizione.Stato.Etichetta()}
			if p.Posizione.Stato == "" {
				x.Etichetta = pagamenti.DaCreare.Etichetta()
			}
			if p.Manuale != nil {
				x.Etichetta = pagamenti.Pagato.Etichetta()
			}
			if p.Sostituito {
				x.Etichetta = "Sostituito da un nuovo avviso"
			}
			if p.Aperto() {
				l.comePagare(d, &x)
			}
			d.Pagamenti = append(d.Pagamenti, x)
		}
	}
	if d.Vista.Bolli != nil {
		for _, b := range d.Vista.Bolli.Bolli {
			x := vistaMarche{Bollo: b, Titolo: "Per la richiesta", Marche: b.Forniti, Inserisci: !b.Assolto() && d.Puo(pratica.AzioneFornisciBollo)}
			if b.Momento == pratica.AlRilascio {
				x.Titolo = "Per il rilascio"
			}
			for _, e := range bolli.CatalogoBase() {
				if e.Codice == b.Esenzione {
					x.Esenzione = e.Titolo
				}
			}
			d.Bolli = append(d.Bolli, x)
		}
	}
}

// comePagare says where to pay, or how to try again after a failure.
func (l *lato) comePagare(d *vistaDettaglio, x *vistaPagamento) {
	switch x.Posizione.Stato {
	case pagamenti.Fallito, pagamenti.Scaduto, pagamenti.Annullato:
		if d.Puo(pratica.AzioneRigeneraPagamento) {
			x.Riprova = urlPratica(d.ID, "riprova", x.ID)
		}
	case pagamenti.InAttesa, pagamenti.Avviato:
		// The demo payment page is ours: it is reached under the name by which the
		// browser knows the portal. Another payment system gives URLPagamento.
		x.Paga = servizi.URLPaga + "/" + x.ID
	default:
		d.InCorso = true
	}
}

// faccende lists what waits for the applicant, the first thing that he reads.
func (d *vistaDettaglio) faccende() {
	for _, p := range d.Pagamenti {
		switch {
		case p.Paga != "":
			d.DaFare = append(d.DaFare, faccenda{Testo: "Paga " + web.Euro(p.Importo) + " entro il " + web.Entro(p.Scadenza) + ": " + p.Causale, URL: p.Paga, Bottone: "Paga ora"})
		case p.Riprova != "":
			d.DaFare = append(d.DaFare, faccenda{Testo: p.Etichetta, URL: p.Riprova, Bottone: "Riprova il pagamento", Invia: true})
		}
	}
	for _, b := range d.Bolli {
		if b.Inserisci {
			d.DaFare = append(d.DaFare, faccenda{Testo: "Per il rilascio serve una marca da bollo da " + web.Euro(b.Importo) + ".", URL: d.URL + "/bollo", Bottone: "Inserisci la marca da bollo"})
		}
	}
	if d.Puo(pratica.AzioneInviaIntegrazione) && d.Stato == pratica.AttesaIntegrazione {
		d.DaFare = append(d.DaFare, faccenda{Testo: "L'ufficio ti chiede altre informazioni.", URL: d.URL + "/integrazione", Bottone: "Rispondi"})
	}
	if d.Puo(pratica.AzionePresentaOsservazioni) {
		d.DaFare = append(d.DaFare, faccenda{Testo: "L'ufficio ti ha inviato un preavviso di rigetto: puoi presentare osservazioni.", URL: d.URL + "/osservazioni", Bottone: "Presenta osservazioni"})
	}
}
