package pratica_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	ente   = "comune-di-prova"
	idProv = pratica.ID("0197f000-0000-7000-8000-000000000001")
	segr   = "0123456789abcdef0123456789abcdef"
)

var (
	inizio = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

	mario    = pratica.Attore{Ruolo: pratica.Cittadino, Ente: ente, Livello: servizio.SPID2, Metodo: "SPID", Persona: anagrafica.Persona{Nome: "Mario", Cognome: "Rossi", CodiceFiscale: "RSSMRA80A01H501U"}}
	altro    = pratica.Attore{Ruolo: pratica.Cittadino, Ente: ente, Livello: servizio.SPID2, Persona: anagrafica.Persona{Nome: "Anna", CodiceFiscale: "BNCNNA80A41H501X"}}
	anonimo  = pratica.Attore{Ruolo: pratica.Cittadino, Ente: ente, Anonimo: segr}
	sistema  = pratica.Attore{Ruolo: pratica.Sistema, ID: "lavoratore", Ente: ente}
	incarica = operatore("op-1", "anagrafe")
	collega  = operatore("op-2", "anagrafe")
	dellUrp  = operatore("op-3", "urp")
)

func operatore(id string, uffici ...string) pratica.Attore {
	return pratica.Attore{Ruolo: pratica.Operatore, ID: id, Ente: ente, Servizi: []string{"certificato"}, Uffici: uffici}
}

func euro(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// completa is a service with everything.
func completa() servizio.Configurazione {
	return servizio.Configurazione{
		ID: "certificato", Versione: 3, Nome: "Certificato di prova", Accesso: servizio.SPID1,
		Modulo: modulo.Definizione{ID: "certificato", Versione: 1, Titolo: "Certificato", Sezioni: []modulo.Sezione{{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
			{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo},
			{ID: "motivo", Etichetta: "Motivo", Tipo: modulo.Testo, Obbligatorio: true, MassimoCaratteri: 100},
			{ID: "quartiere", Etichetta: "Quartiere", Tipo: modulo.Scelta, Opzioni: []modulo.Opzione{{Valore: "nord", Etichetta: "Nord"}, {Valore: "sud", Etichetta: "Sud"}, {Valore: "est", Etichetta: "Est"}}},
			{ID: "diritti", Etichetta: "Diritti", Tipo: modulo.Importo},
			{ID: "carta", Etichetta: "Carta", Tipo: modulo.File, MassimoFile: 3},
			{ID: "figli", Etichetta: "Figli", Tipo: modulo.Gruppo, EtichettaRiga: "Figlio", Campi: []modulo.Campo{{ID: "eta", Etichetta: "Età", Tipo: modulo.Intero}}},
		}}}},
		Uffici:       []servizio.Ufficio{{ID: "anagrafe", Nome: "Anagrafe"}, {ID: "urp", Nome: "URP"}},
		Precompila:   map[string]string{"nome": "nome"},
		Protocollo:   &servizio.Protocollo{Classifica: "2.1"},
		Pagamenti:    &servizio.Pagamenti{Anticipato: &servizio.Onere{Origine: servizio.ImportoFisso, Importo: euro("10"), Causale: "Diritti di istruttoria"}, Posticipato: &servizio.Onere{Origine: servizio.ImportoOperatore, Causale: "Diritti di rilascio"}},
		Bolli:        &servizio.Bolli{Rilascio: &servizio.Bollo{Quantita: 1, Esenzioni: []string{"B16"}}},
		Appuntamenti: &servizio.Appuntamenti{Calendari: []string{"cal-1"}},
		Integrazioni: &servizio.Integrazioni{},
		Preavviso:    &servizio.Preavviso{},
		Assegnazione: &servizio.Assegnazione{Campo: "quartiere", PerValore: map[string]string{"nord": "anagrafe", "sud": "urp"}},
		Ritiro:       true, Riapertura: true,
		Messaggi: map[string]servizio.Messaggio{"protocollata": {Oggetto: "Protocollo", Testo: "Numero {protocollo}"}},
	}
}

// semplice is a service that only has a form and a decision.
func semplice() servizio.Configurazione {
	c := completa()
	c.Uffici, c.Protocollo, c.Pagamenti, c.Bolli, c.Appuntamenti, c.Integrazioni, c.Preavviso, c.Assegnazione, c.Messaggi = nil, nil, nil, nil, nil, nil, nil, nil, nil
	return c
}

// giro drives one pratica.
type giro struct {
	t       require.TestingT
	s       *servizio.Servizio
	p       *pratica.Pratica
	ora     time.Time
	n       int
	eventi  []pratica.Evento
	effetti []pratica.Effetto
}

func nuovoGiro(t require.TestingT, c servizio.Configurazione) *giro {
	s, err := servizio.Nuovo(c)
	require.NoError(t, err)
	return &giro{t: t, s: s, p: &pratica.Pratica{ID: idProv}, ora: inizio}
}

func (g *giro) id() string {
	g.n++
	return fmt.Sprintf("0197f000-0000-7000-9000-%012d", g.n)
}

func sale() ([]byte, error) { return bytes.Repeat([]byte{7}, 16), nil }

// prova decides and, where accepted, applies.
func (g *giro) prova(a pratica.Attore, d pratica.Dati) ([]pratica.Evento, error) {
	ev, err := pratica.Decidi(g.p, g.s, pratica.Comando{Attore: a, ID: g.id(), Dati: d}, g.ora)
	if err != nil {
		require.Empty(g.t, ev)
		return nil, err
	}
	g.effetti = append(g.effetti, pratica.Effetti(g.p, g.s, ev)...)
	require.NoError(g.t, pratica.Sigilla(g.p.Impronta, ev, sale))
	for _, e := range ev {
		require.NoError(g.t, g.p.Applica(e))
	}
	g.eventi = append(g.eventi, ev...)
	g.ora = g.ora.Add(time.Minute)
	return ev, nil
}

func (g *giro) fa(a pratica.Attore, d pratica.Dati) []pratica.Evento {
	ev, err := g.prova(a, d)
	if err != nil {
		var e *pratica.Errore
		require.ErrorAs(g.t, err, &e)
		require.NoError(g.t, err, "%s in %s: %s", d.Azione(), g.p.Stato, e.Messaggio())
	}
	return ev
}

// nega expects a refusal with that code, and gives it.
func (g *giro) nega(a pratica.Attore, d pratica.Dati, codice pratica.Codice) *pratica.Errore {
	_, err := g.prova(a, d)
	var e *pratica.Errore
	require.ErrorAs(g.t, err, &e, "%s in %s", d.Azione(), g.p.Stato)
	require.Equal(g.t, codice, e.Codice, "%s in %s: %v", d.Azione(), g.p.Stato, err)
	return e
}

func motivi(e *pratica.Errore) []string {
	var m []string
	for _, x := range e.Motivi {
		m = append(m, x.Codice)
	}
	return m
}

func (g *giro) bozza() *giro {
	g.fa(mario, pratica.ApriBozza{})
	g.fa(mario, pratica.SalvaBozza{Risposte: modulo.Risposte{"motivo": "Trasloco", "quartiere": "nord", "diritti": "7,50"}})
	return g
}

func (g *giro) invia(b ...bolli.Contrassegno) *giro {
	g.fa(mario, pratica.Invia{Numero: pratica.Numero{Anno: 2026, Progressivo: 12}, Bolli: b})
	return g
}

func (g *giro) ultimo() pratica.Pagamento { return g.p.Pagamenti[len(g.p.Pagamenti)-1] }

// notizia is news of a payment.
func (g *giro) notizia(id string, stati ...pagamenti.Stato) *giro {
	for _, s := range stati {
		n := pagamenti.Posizione{ID: id, Ente: ente, Stato: s, Importo: euro("10")}
		if s == pagamenti.Pagato {
			n.Pagata, n.Esito = g.ora, pagamenti.Esito{IUR: "iur-" + id, ImportoPagato: euro("10")}
		}
		g.fa(sistema, pratica.AggiornaPagamento{Posizione: n})
	}
	return g
}

func (g *giro) paga() *giro {
	return g.notizia(g.ultimo().ID, pagamenti.InAttesa, pagamenti.Pagato)
}

// documenti produces and, where due, registers whatever waits.
func (g *giro) documenti() *giro {
	for _, d := range append([]pratica.Documento{}, g.p.Documenti...) {
		if d.SHA256 == "" {
			g.fa(sistema, prodotto(d.ID))
		}
		if d.Direzione != "" && d.Registrazione == nil {
			g.fa(sistema, protocollato(d.ID, g.n))
		}
	}
	return g
}

func prodotto(id string) pratica.RegistraDocumento {
	return pratica.RegistraDocumento{ID: id, Nome: id + ".pdf", SHA256: strings.Repeat("a", 64), Dimensione: 1000}
}

func protocollato(id string, n int) pratica.Protocolla {
	return pratica.Protocolla{Documento: id, Registrazione: protocollo.Registrazione{
		Estremi: protocollo.Estremi{Ente: ente, Anno: 2026, Numero: fmt.Sprint(n), Data: inizio}, Impronte: map[string]protocollo.Impronta{},
	}}
}

func (g *giro) preso() *giro {
	g.fa(incarica, pratica.PrendiInCarico{})
	return g
}

// inCarico brings a request to an operator, whatever the service asks before.
func (g *giro) inCarico() *giro {
	g.bozza().invia()
	if g.p.Stato == pratica.AttesaPagamento {
		g.paga()
	}
	return g.documenti().preso()
}

func allegato(id string, o pratica.Origine) pratica.Allega {
	return pratica.Allega{Allegato: pratica.Allegato{ID: id, Nome: "foglio.pdf", MIME: "application/pdf", Dimensione: 10, SHA256: strings.Repeat("b", 64), Origine: o}}
}

func marca(seriale string) bolli.Contrassegno {
	return bolli.Contrassegno{Tipo: bolli.Cartaceo, Seriale: seriale, Emissione: termini.Giorno{Anno: 2026, Mese: 3, Giorno: 1}, Importo: euro("16"), Dichiarato: true}
}

func prenotazione(id string) appuntamenti.Prenotazione {
	return appuntamenti.Prenotazione{ID: id, Ente: ente, Calendario: "cal-1", Apertura: "a", Inizio: inizio.AddDate(0, 0, 7), Fine: inizio.AddDate(0, 0, 7).Add(time.Hour), Riferimento: string(idProv), Stato: appuntamenti.Bloccato}
}

func scritto(t require.TestingT, v any) string {
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

func (g *giro) ha(genere pratica.GenereEffetto, rif string) bool {
	for _, e := range g.effetti {
		if e.Genere == genere && e.Riferimento == rif {
			return true
		}
	}
	return false
}

// clona gives a second giro from the same point.
func (g *giro) clona(t require.TestingT) *giro {
	p, err := pratica.Ripiega(g.eventi)
	require.NoError(t, err)
	if p.ID == "" {
		p.ID = idProv
	}
	c := *g
	c.t, c.p = t, p
	c.eventi = append([]pratica.Evento{}, g.eventi...)
	c.effetti = append([]pratica.Effetto{}, g.effetti...)
	return &c
}

func golden(t *testing.T, file, contenuto string) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile("testdata/"+file, []byte(contenuto), 0o644))
	}
	b, err := os.ReadFile("testdata/" + file)
	require.NoError(t, err)
	require.Equal(t, string(b), contenuto, "run the tests with -update and read the difference")
}
