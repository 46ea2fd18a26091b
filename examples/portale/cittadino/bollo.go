package cittadino

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/bolli/cartacea"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// datiBollo is what was typed on the page of the stamps. For the request it
// stays in the session until the request is sent; for the release it is sent at once.
type datiBollo struct {
	Contrassegni []bolli.Contrassegno
	Esenzione    string
	Titolo       string // of the exemption
}

func chiaveBollo(id pratica.ID) string { return "bollo/" + string(id) }

func (l *lato) bolloRicordato(r *http.Request, id pratica.ID) (datiBollo, bool) {
	v, ok := l.Ricordato(r, chiaveBollo(id))
	d, giusto := v.(datiBollo)
	return d, ok && giusto
}

type vistaBollo struct {
	URL, Indietro string
	Stepper       template.HTML
	Errori        errori
	Quantita      int
	Importo       decimal.Decimal
	Marche        []marca
	Esenzioni     []bolli.Esenzione
	Esenzione     string
	Dichiarato    bool
	Dichiarazione string
	Rilascio      bool
}

// marca is one row of the page, as typed.
type marca struct{ Numero, Seriale, Data, Ora string }

// dovuto is the stamp that the page is about: the one of a draft's sending, or
// the first still missing for the release.
type dovuto struct {
	c         percorso
	id        string // of the pratica.Bollo; "" for the request
	quantita  int
	importo   decimal.Decimal
	cfg       *servizio.Bollo
	richiesta bool
}

func (l *lato) dovuto(w http.ResponseWriter, r *http.Request, a pratica.Attore) (dovuto, bool) {
	p, sv, err := l.Sportello.Leggi(r.Context(), a, idPratica(r))
	if err != nil {
		l.Errore(w, r, err)
		return dovuto{}, false
	}
	if p.Stato == pratica.Bozza && sv.BolloRichiesta() != nil {
		d := dovuto{c: l.percorso(p, sv), cfg: sv.BolloRichiesta(), richiesta: true}
		d.quantita, d.importo = d.cfg.Quantita, d.cfg.Importo
		if !d.importo.IsPositive() {
			if d.importo, _, err = bolli.Importo(bolli.Istanza, termini.GiornoDi(l.Orologio())); err != nil {
				l.Errore(w, r, err)
				return dovuto{}, false
			}
		}
		return d, true
	}
	for _, b := range p.Bolli {
		if !b.Assolto() {
			return dovuto{c: percorso{p: p, sv: sv}, id: b.ID, quantita: b.Quantita, importo: b.Importo, cfg: sv.BolloRilascio()}, true
		}
	}
	l.Vai(w, r, urlPratica(p.ID), "Non ci sono marche da bollo da inserire.")
	return dovuto{}, false
}

func (l *lato) bollo(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	d, ok := l.dovuto(w, r, a)
	if !ok {
		return
	}
	v := vistaBollo{}
	if gia, ok := l.bolloRicordato(r, d.c.p.ID); ok && d.richiesta {
		v.Esenzione, v.Dichiarato = gia.Esenzione, true
		for _, x := range gia.Contrassegni {
			v.Marche = append(v.Marche, marca{Seriale: cartacea.Seriale(x.Seriale), Data: x.Emissione.Italiano(), Ora: x.Ora})
		}
	}
	l.mostraBollo(w, r, d, v)
}

func (l *lato) mostraBollo(w http.ResponseWriter, r *http.Request, d dovuto, v vistaBollo) {
	id := d.c.p.ID
	v.URL, v.Indietro, v.Quantita, v.Importo, v.Rilascio = urlPratica(id, "bollo"), urlPratica(id), d.quantita, d.importo, !d.richiesta
	oggi := termini.GiornoDi(l.Orologio())
	v.Dichiarazione = cartacea.Dichiarazione(oggi).Testo
	for len(v.Marche) < d.quantita {
		v.Marche = append(v.Marche, marca{})
	}
	for i := range v.Marche {
		v.Marche[i].Numero = fmt.Sprint(i)
	}
	if d.cfg != nil {
		for _, e := range bolli.Esenzioni(oggi) {
			for _, ammessa := range d.cfg.Esenzioni {
				if e.Codice == ammessa {
					v.Esenzioni = append(v.Esenzioni, e)
				}
			}
		}
	}
	nome := "Marca da bollo – " + d.c.sv.Nome()
	if d.richiesta {
		var err error
		if v.Stepper, err = l.stepper(r, d.c.sv.Modulo(), d.c.html(passoBollo)); err != nil {
			l.Errore(w, r, err)
			return
		}
		nome, v.Indietro = d.c.titolo(passoBollo), d.c.prima(passoBollo)
	}
	l.Mostra(w, r, stato(v.Errori), "cittadino/bollo", web.Pagina{
		Titolo: titolo(nome, v.Errori), Sezione: web.SezioneArea, Briciole: briciole(id, d.c.sv.Nome(), "Marca da bollo"), Dati: v,
	})
}

// inserisciBollo reads the stamps. Those of a draft are checked here and once
// more when the request is sent.
func (l *lato) inserisciBollo(w http.ResponseWriter, r *http.Request, a pratica.Attore) {
	d, ok := l.dovuto(w, r, a)
	if !ok {
		return
	}
	v := vistaBollo{Esenzione: r.PostFormValue("esenzione"), Dichiarato: r.PostFormValue("dichiarato") == "si"}
	dati := datiBollo{Esenzione: v.Esenzione}
	oggi := termini.GiornoDi(l.Orologio())
	for i := range d.quantita {
		nome := func(s string) string { return fmt.Sprintf("bolli.forniti[%d].%s", i, s) }
		x := marca{Seriale: r.PostFormValue(nome("seriale")), Data: r.PostFormValue(nome("emissione")), Ora: r.PostFormValue(nome("ora"))}
		v.Marche = append(v.Marche, x)
		if v.Esenzione != "" {
			continue
		}
		c, err := cartacea.Leggi(cartacea.Digitato{Seriale: x.Seriale, Data: x.Data, Ora: x.Ora, Dichiarato: v.Dichiarato}, d.importo, oggi)
		dati.Contrassegni = append(dati.Contrassegni, c)
		v.Errori = append(v.Errori, erroriMarca(err, nome)...)
	}
	switch {
	case v.Esenzione != "" && !v.Dichiarato:
		v.Errori = append(v.Errori, errore{"dichiarato", "Dichiara di avere diritto all'esenzione (DPR 445/2000, artt. 46 e 47)."})
	case v.Esenzione != "":
		e, err := bolli.CatalogoBase().Trova(v.Esenzione, oggi)
		if err != nil {
			v.Errori = append(v.Errori, errore{"bolli.esenzione", "Scegli un'esenzione dell'elenco."})
		}
		dati.Titolo = e.Titolo
	}
	if len(v.Errori) > 0 {
		l.mostraBollo(w, r, d, v)
		return
	}
	if d.richiesta {
		l.Ricorda(w, r, chiaveBollo(d.c.p.ID), dati)
		l.Vai(w, r, d.c.dopo(passoBollo), "")
		return
	}
	_, err := l.Sportello.Esegui(r.Context(), a, d.c.p.ID, pratica.FornisciBollo{Bollo: d.id, Forniti: dati.Contrassegni, Esenzione: dati.Esenzione}, sportello.ConChiave(web.Chiave(r)))
	if e, si := correggibili(err); si {
		v.Errori = e
		l.mostraBollo(w, r, d, v)
		return
	}
	l.concludi(w, r, err, "Marca da bollo inserita.")
}

// erroriMarca gives the mistakes of one stamp; the declaration is one for all.
func erroriMarca(err error, nome func(string) string) errori {
	var nv *bolli.NonValido
	if !errors.As(err, &nv) {
		return nil
	}
	var e errori
	for _, p := range nv.Problemi {
		campo := nome(p.Campo)
		if p.Campo == "dichiarato" {
			campo = "dichiarato"
		}
		e = append(e, errore{campo, p.Messaggio})
	}
	return e
}
