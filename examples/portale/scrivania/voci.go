package scrivania

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// gruppoFile are the files that came the same way.
type gruppoFile struct {
	Titolo string
	File   []sportello.VoceFile
}

// gruppi orders the attachments by what they came with. Where there are none the
// PDF of the filled form stands in their place.
func gruppi(v *sportello.Vista) []gruppoFile {
	var g []gruppoFile
	for _, o := range []struct {
		origine pratica.Origine
		titolo  string
	}{
		{pratica.OrigineRichiesta, "Allegati alla richiesta"}, {pratica.OrigineIntegrazione, "Allegati alle integrazioni"},
		{pratica.OrigineOsservazioni, "Allegati alle osservazioni"}, {pratica.OrigineMessaggio, "Allegati ai messaggi"},
		{pratica.OrigineEnte, "Allegati dell'ufficio"},
	} {
		x := gruppoFile{Titolo: o.titolo}
		for _, f := range v.Allegati {
			if f.Origine == o.origine {
				x.File = append(x.File, f)
			}
		}
		if len(x.File) > 0 {
			g = append(g, x)
		}
	}
	if len(g) == 0 && v.FileDiRichiesta != nil {
		g = append(g, gruppoFile{"File di richiesta", []sportello.VoceFile{*v.FileDiRichiesta}})
	}
	return g
}

// integrazione is a round of additions, with the fields that it changed.
type integrazione struct {
	pratica.Integrazione
	Campi    []string // labels of the fields reopened
	Cambiate []cambio
	Segnata  bool // its changes are marked in the form below
}

// cambio is a field as an integration found it and left it.
type cambio struct{ Campo, Prima, Ora string }

// integrazioni gives the rounds, with the changes of all but the last that
// changed something: those are marked in the form itself.
func integrazioni(v *sportello.Vista, p *pratica.Pratica, sv *servizio.Servizio) []integrazione {
	m := sv.Modulo()
	etichetta := func(campo string) string {
		c, ok := m.Campo(campo)
		switch {
		case !ok || c.Etichetta == "":
			return campo
		case c.EtichettaInsieme != "":
			return c.EtichettaInsieme + ": " + c.Etichetta
		default:
			return c.Etichetta
		}
	}
	q := make([]integrazione, len(v.Integrazioni))
	risposte, segnata := p.Risposte, false
	for i := len(q) - 1; i >= 0; i-- {
		x := v.Integrazioni[i]
		y := integrazione{Integrazione: x}
		for _, c := range x.Campi {
			y.Campi = append(y.Campi, etichetta(c))
		}
		if len(x.Prima) > 0 {
			y.Segnata, segnata = !segnata, true
			dopo := risposte
			risposte = primaDi(dopo, x)
			for c := range x.Prima {
				if !y.Segnata {
					y.Cambiate = append(y.Cambiate, cambio{etichetta(c), m.Leggibile(c, risposte[c]), m.Leggibile(c, dopo[c])})
				}
			}
			slices.SortFunc(y.Cambiate, func(a, b cambio) int { return strings.Compare(a.Campo, b.Campo) })
		}
		q[i] = y
	}
	return q
}

// primaDi gives the answers as an integration found them.
func primaDi(dopo modulo.Risposte, i pratica.Integrazione) modulo.Risposte {
	r := dopo.Copia()
	for k, v := range i.Prima {
		if v == nil {
			delete(r, k)
		} else {
			r[k] = v
		}
	}
	return r
}

// lettura shows the answers with what the last integration changed.
func lettura(p *pratica.Pratica) html.StatoLettura {
	st := html.StatoLettura{Allegati: p.FileModulo()}
	for _, i := range slices.Backward(p.Integrazioni) {
		if len(i.Prima) > 0 {
			st.Prima, st.Data = primaDi(p.Risposte, i), termini.GiornoDi(i.Inviata)
			break
		}
	}
	return st
}

// registrato is a document on the page of the registry.
type registrato struct {
	sportello.VoceDocumento
	Direzione string
	Numero    string // "" while it is awaited
	Allegati  []allegatoRegistrato
}

type allegatoRegistrato struct{ Nome, ID string } // ID as the registry knows it

func registrati(v *sportello.Vista) []registrato {
	q := make([]registrato, 0, len(v.Protocollo.Documenti))
	for _, d := range v.Protocollo.Documenti {
		x := registrato{VoceDocumento: d, Direzione: "in partenza"}
		if d.Direzione == protocollo.Arrivo {
			x.Direzione = "in arrivo"
		}
		if d.Registrazione != nil {
			x.Numero = d.Registrazione.Estremi.String()
		}
		for _, id := range d.Documento.Allegati {
			i := slices.IndexFunc(v.Allegati, func(f sportello.VoceFile) bool { return f.ID == id })
			if i < 0 {
				continue
			}
			y := allegatoRegistrato{Nome: v.Allegati[i].Nome}
			if d.Registrazione != nil {
				y.ID = d.Registrazione.Allegati[id]
			}
			x.Allegati = append(x.Allegati, y)
		}
		q = append(q, x)
	}
	return q
}

// pagamento is a payment with its state in words.
type pagamento struct {
	pratica.Pagamento
	Stato, Classe string
	Quando        string
	Registrato    string // who recorded it by hand
}

func (s *scrivania) pagamenti(r *http.Request, v *sportello.Vista) []pagamento {
	q := make([]pagamento, 0, len(v.Pagamenti.Pagamenti))
	for _, x := range v.Pagamenti.Pagamenti {
		y := pagamento{Pagamento: x, Quando: momento(x.Momento)}
		y.Stato, y.Classe = statoPagamento(x)
		if x.Manuale != nil {
			y.Registrato = s.nome(r, x.Manuale.Di.ID)
		}
		q = append(q, y)
	}
	return q
}

func momento(m pratica.Momento) string {
	if m == pratica.AlRilascio {
		return "Per il rilascio"
	}
	return "Con la richiesta"
}

func statoPagamento(x pratica.Pagamento) (testo, classe string) {
	switch {
	case x.Manuale != nil:
		return "Registrato dall'ufficio", "bg-success"
	case x.Sostituito:
		return "Sostituito da un nuovo avviso", "bg-secondary"
	}
	switch x.Posizione.Stato {
	case pagamenti.Pagato:
		return "Pagato", "bg-success"
	case pagamenti.InAttesa:
		return "Da pagare", "bg-warning"
	case pagamenti.Avviato:
		return "Pagamento in corso", "bg-warning"
	case pagamenti.Fallito:
		return "Non riuscito: si può riprovare", "bg-danger"
	case pagamenti.Scaduto:
		return "Scaduto", "bg-danger"
	case pagamenti.Annullato:
		return "Annullato", "bg-secondary"
	case pagamenti.DaCreare:
		return "Avviso in preparazione", "bg-warning"
	default:
		return "Avviso in preparazione", "bg-warning"
	}
}

// appuntamento is a booking with its state in words.
type appuntamento struct {
	pratica.Appuntamento
	Stato, Classe string
	Dove          string // title of the calendar
	Attivo        bool
}

func (s *scrivania) prenotazioni(v *sportello.Vista) []appuntamento {
	q := make([]appuntamento, 0, len(v.Appuntamenti.Appuntamenti))
	for _, x := range v.Appuntamenti.Appuntamenti {
		y := appuntamento{Appuntamento: x, Stato: x.Stato.Etichetta(), Dove: s.calendario(x.Calendario), Classe: "bg-secondary"}
		switch {
		case x.Perso:
			y.Stato, y.Classe = "Posto perso: scegliere un altro appuntamento", "bg-danger"
		case x.Stato == appuntamenti.Confermato:
			y.Classe, y.Attivo = "bg-success", true
		case x.Stato == appuntamenti.Bloccato:
			y.Classe, y.Attivo = "bg-warning", true
		}
		q = append(q, y)
	}
	return q
}
