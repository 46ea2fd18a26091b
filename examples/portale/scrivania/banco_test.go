package scrivania_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/appuntamenti/calendario"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/examples/portale/scrivania"
	"github.com/sportello-digitale/pratiche/examples/portale/tema"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pagamenti/interno"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

const ente = "c_x999"

// banco is a portal on parts in memory, with two operators of every service, one
// of the bare one only, and one of none.
type banco struct {
	t        *testing.T
	s        *sportello.Sportello
	store    *memoria.Store
	tramite  *interno.Tramite
	registro *protocollotest.Finto
	server   *httptest.Server
	mario    pratica.Attore
	marche   int
	fermo    bool // the worker rests
	mu       sync.Mutex
	ora      time.Time
	rotta    string // operation of the store that fails, once
	dopo     int    // after so many that work
}

var errGuasto = errors.New("guasto del disco")

// guasta lets one operation of the store fail, after so many that work.
func (b *banco) guasta(operazione string, dopo int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rotta, b.dopo = operazione, dopo
}

func (b *banco) guasto(operazione string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if operazione != b.rotta {
		return nil
	}
	if b.dopo--; b.dopo >= 0 {
		return nil
	}
	b.rotta = ""
	return errGuasto
}

func (b *banco) Ora() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ora = b.ora.Add(time.Millisecond)
	return b.ora
}

func (b *banco) avanza(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ora = b.ora.Add(d)
}

func nuovoBanco(t *testing.T) *banco { return nuovoBancoCon(t, protocollotest.Copione{}) }

func nuovoBancoCon(t *testing.T, copione protocollotest.Copione) *banco {
	t.Helper()
	b := &banco{t: t, store: memoria.New(), ora: time.Date(2026, 3, 10, 8, 0, 0, 0, time.UTC)}
	b.store.Guasto = b.guasto
	var err error
	b.tramite, err = interno.New(interno.Config{Cassetto: b.store, BaseURL: "http://localhost/paga", Orologio: b.Ora})
	require.NoError(t, err)
	copione.Orologio = b.Ora
	b.registro, err = protocollotest.New(copione)
	require.NoError(t, err)
	calendari, err := calendario.Fissi(appuntamenti.Calendario{ID: "anagrafe", Ente: ente, Titolo: "Anagrafe", Aperture: []appuntamenti.Apertura{{
		ID: "mattina", Giorni: []time.Weekday{1, 2, 3, 4, 5}, Inizio: "09:00", Fine: "10:00", Minuti: 30, Capienza: 1}}})
	require.NoError(t, err)
	agenda, err := calendario.New(calendario.Config{Cassetto: b.store, Calendari: calendari, Orologio: b.Ora})
	require.NoError(t, err)
	rubrica := web.NuovaRubrica(ente,
		web.Operatore{ID: "ferri", Nome: "Marta Ferri", Ruolo: "Ufficio tecnico", Servizi: []string{"pieno", "spoglio", "inoltro"}, Uffici: []string{"tecnico"}},
		web.Operatore{ID: "riva", Nome: "Gino Riva", Servizi: []string{"pieno", "spoglio", "inoltro"}, Uffici: []string{"tecnico", "tributi"}},
		web.Operatore{ID: "sala", Nome: "Ada Sala", Servizi: []string{"spoglio"}},
		web.Operatore{ID: "nessuno", Nome: "Nino Nessuno"})
	catalogo := sportello.NuovoCatalogo(ente, pieno(t), spoglio(t), inoltro(t))
	comune := sportello.Ente{Codice: ente, Nome: "Comune di Prova", Luogo: "Prova"}
	b.s, err = sportello.New(sportello.Config{Enti: []sportello.Ente{comune}, Servizi: catalogo, Store: b.store, Archivio: memoria.NewArchivio(),
		Registro: b.registro.Porta(), Tramite: b.tramite, Agenda: agenda, Rubrica: rubrica, Orologio: b.Ora, Lavoro: sportello.Lavoro{Tentativi: 1}})
	require.NoError(t, err)
	th, err := tema.Handler("")
	require.NoError(t, err)
	p, err := web.Nuovo(web.Config{Sportello: b.s, Ente: comune, Servizi: catalogo, Tema: th, Agenda: agenda, Rubrica: rubrica, Orologio: b.Ora})
	require.NoError(t, err)
	mux := http.NewServeMux()
	p.Registra(mux)
	require.NoError(t, scrivania.Monta(mux, p))
	b.server = httptest.NewServer(p.Gestore(mux))
	t.Cleanup(b.server.Close)
	b.mario = pratica.Attore{Ruolo: pratica.Cittadino, ID: "cit", Ente: ente, Livello: servizio.SPID2, Metodo: "SPID",
		Persona: anagrafica.Persona{Nome: "Mario", Cognome: "Rossi", CodiceFiscale: "RSSMRA80A01H501U"}}
	return b
}

func formulario() modulo.Definizione {
	return modulo.Definizione{ID: "prova", Versione: 1, Titolo: "Richiesta", Sezioni: []modulo.Sezione{{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
		{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Obbligatorio: true},
		{ID: "via", Etichetta: "Via e numero", Tipo: modulo.Testo, Obbligatorio: true},
		{ID: "pianta", Etichetta: "Planimetria", Tipo: modulo.File, MassimoFile: 1},
		{ID: "quota", Etichetta: "Quota", Tipo: modulo.Importo},
		{ID: "metri", Etichetta: "Metri quadrati", Tipo: modulo.Decimale},
	}}}}
}

func crea(t *testing.T, c servizio.Configurazione) *servizio.Servizio {
	t.Helper()
	c.Versione = 1
	if c.Modulo.ID == "" {
		c.Modulo = formulario()
	}
	c.Precompila = map[string]string{"nome": "nome"}
	s, err := servizio.Nuovo(c)
	require.NoError(t, err)
	return s
}

// pieno configures everything.
func pieno(t *testing.T) *servizio.Servizio {
	return crea(t, servizio.Configurazione{ID: "pieno", Nome: "Occupazione di suolo", Accesso: servizio.SPID2,
		Uffici:       []servizio.Ufficio{{ID: "tecnico", Nome: "Ufficio tecnico"}, {ID: "tributi", Nome: "Ufficio tributi"}},
		Protocollo:   &servizio.Protocollo{Classifica: "06.05"},
		Pagamenti:    &servizio.Pagamenti{Posticipato: &servizio.Onere{Origine: servizio.ImportoOperatore, Causale: "Diritti"}},
		Bolli:        &servizio.Bolli{Richiesta: &servizio.Bollo{Quantita: 1}, Rilascio: &servizio.Bollo{Quantita: 1, Importo: decimal.NewFromInt(16)}},
		Appuntamenti: &servizio.Appuntamenti{Calendari: []string{"anagrafe"}},
		Integrazioni: &servizio.Integrazioni{}, Preavviso: &servizio.Preavviso{}, Riapertura: true})
}

// spoglio configures nothing but integrations and lists.
func spoglio(t *testing.T) *servizio.Servizio {
	return crea(t, servizio.Configurazione{ID: "spoglio", Nome: "Certificato", Accesso: servizio.SPID1, Integrazioni: &servizio.Integrazioni{Giorni: 15},
		Elenco: []servizio.CampoElenco{{Campo: "via", Titolo: "Luogo", Colonna: true, Cerca: true}, {Campo: "quota", Colonna: true, Somma: true}, {Campo: "metri", Somma: true}}})
}

func inoltro(t *testing.T) *servizio.Servizio {
	return crea(t, servizio.Configurazione{ID: "inoltro", Nome: "Segnalazione", Flusso: servizio.Inoltro, Accesso: servizio.SPID1})
}

func (b *banco) cittadino(id pratica.ID, d pratica.Dati) {
	b.t.Helper()
	_, err := b.s.Esegui(context.Background(), b.mario, id, d)
	require.NoError(b.t, err)
	b.svuota()
}

func (b *banco) svuota() {
	b.t.Helper()
	if b.fermo {
		return
	}
	_, err := b.s.Svuota(context.Background())
	require.NoError(b.t, err)
}

// inviata brings a request to the desk.
func (b *banco) inviata(servizioID string) pratica.ID { return b.inviataDa(b.mario, servizioID) }

// inviataDa takes field and answer by turns.
func (b *banco) inviataDa(a pratica.Attore, servizioID string, risposte ...string) pratica.ID {
	b.t.Helper()
	ctx := context.Background()
	id, err := b.s.ApriBozza(ctx, a, servizioID)
	require.NoError(b.t, err)
	r := b.carica(id).Risposte.Copia()
	r["via"] = "Via Roma 1"
	for i := 0; i < len(risposte); i += 2 {
		r[risposte[i]] = risposte[i+1]
	}
	_, err = b.s.Esegui(ctx, a, id, pratica.SalvaBozza{Risposte: r})
	require.NoError(b.t, err)
	invia := pratica.Invia{}
	if servizioID == "pieno" {
		invia.Bolli = []bolli.Contrassegno{b.marca()}
	}
	_, err = b.s.Esegui(ctx, a, id, invia)
	require.NoError(b.t, err)
	b.svuota()
	return id
}

// marca gives a stamp that was never used.
func (b *banco) marca() bolli.Contrassegno {
	b.marche++
	return bolli.Contrassegno{Tipo: bolli.Cartaceo, Seriale: fmt.Sprintf("%014d", 1230000+b.marche), Emissione: termini.Giorno{Anno: 2026, Mese: 3, Giorno: 1}, Importo: decimal.NewFromInt(16), Dichiarato: true}
}

func (b *banco) carica(id pratica.ID) *pratica.Pratica {
	b.t.Helper()
	p, err := b.store.Carica(context.Background(), ente, id)
	require.NoError(b.t, err)
	return p
}

// navigatore is a browser without scripts.
type navigatore struct {
	b *banco
	c *http.Client
}

// risposta is an answer that was read to its end.
type risposta struct {
	stato  int
	corpo  string
	header http.Header
	dove   string // address after the redirects
}

func (b *banco) entra(operatore string) *navigatore {
	b.t.Helper()
	barattolo, err := cookiejar.New(nil)
	require.NoError(b.t, err)
	n := &navigatore{b, &http.Client{Jar: barattolo}}
	p := n.vai("/accesso")
	f := url.Values{"_csrf": {csrf(b.t, p.corpo)}, "identita": {operatore}}
	p = n.invia("/accesso", f)
	require.Equal(b.t, http.StatusOK, p.stato, p.corpo)
	require.Equal(b.t, "/scrivania", p.dove)
	return n
}

func (n *navigatore) leggi(r *http.Response, err error) risposta {
	n.b.t.Helper()
	require.NoError(n.b.t, err)
	defer func() { require.NoError(n.b.t, r.Body.Close()) }()
	c, err := io.ReadAll(r.Body)
	require.NoError(n.b.t, err)
	return risposta{r.StatusCode, string(c), r.Header, r.Request.URL.RequestURI()}
}

func (n *navigatore) vai(dove string) risposta {
	n.b.t.Helper()
	return n.leggi(n.c.Get(n.b.server.URL + dove)) //nolint:bodyclose // leggi closes it
}

func (n *navigatore) invia(dove string, v url.Values) risposta {
	n.b.t.Helper()
	return n.leggi(n.c.PostForm(n.b.server.URL+dove, v)) //nolint:bodyclose // leggi closes it
}

type file struct{ nome, contenuto string }

func (n *navigatore) carica(dove string, v url.Values, ff ...file) risposta {
	n.b.t.Helper()
	var corpo bytes.Buffer
	m := multipart.NewWriter(&corpo)
	for k, valori := range v {
		for _, x := range valori {
			require.NoError(n.b.t, m.WriteField(k, x))
		}
	}
	for _, f := range ff {
		w, err := m.CreateFormFile("nuovi", f.nome)
		require.NoError(n.b.t, err)
		_, err = io.WriteString(w, f.contenuto)
		require.NoError(n.b.t, err)
	}
	require.NoError(n.b.t, m.Close())
	return n.leggi(n.c.Post(n.b.server.URL+dove, m.FormDataContentType(), &corpo)) //nolint:bodyclose // leggi closes it
}

var (
	formaCSRF   = regexp.MustCompile(`name="_csrf" value="([0-9a-f]+)"`)
	formaChiave = regexp.MustCompile(`name="_chiave" value="([0-9a-f]+)"`)
)

func csrf(t *testing.T, corpo string) string {
	t.Helper()
	m := formaCSRF.FindStringSubmatch(corpo)
	require.Len(t, m, 2, "no token in the page")
	return m[1]
}

// modulo opens the page of an act and gives the hidden fields of its form, with
// what is typed.
func (n *navigatore) modulo(id pratica.ID, az pratica.Azione, coppie ...string) url.Values {
	n.b.t.Helper()
	p := n.vai(azione(id, az))
	require.Equal(n.b.t, http.StatusOK, p.stato, p.corpo)
	i := strings.LastIndex(p.corpo, "action=\"/scrivania")
	require.Positive(n.b.t, i, p.corpo)
	k := formaChiave.FindStringSubmatch(p.corpo[i:])
	require.Len(n.b.t, k, 2, "no key in the form")
	v := url.Values{"_csrf": {csrf(n.b.t, p.corpo[i:])}, "_chiave": {k[1]}}
	for i := 0; i < len(coppie); i += 2 {
		v.Add(coppie[i], coppie[i+1])
	}
	return v
}

// fa does an act as a browser does: page, form, answer.
func (n *navigatore) fa(id pratica.ID, az pratica.Azione, coppie ...string) risposta {
	n.b.t.Helper()
	r := n.invia(azione(id, az), n.modulo(id, az, coppie...))
	n.b.svuota()
	return r
}

// riesce is fa where the act must succeed.
func (n *navigatore) riesce(id pratica.ID, az pratica.Azione, coppie ...string) risposta {
	n.b.t.Helper()
	r := n.fa(id, az, coppie...)
	require.Equal(n.b.t, http.StatusOK, r.stato, r.corpo)
	require.True(n.b.t, strings.HasPrefix(r.dove, pagina(id)), r.dove+r.corpo)
	require.Contains(n.b.t, r.corpo, "alert-success")
	return r
}

func pagina(id pratica.ID) string { return "/scrivania/pratica/" + string(id) }

func azione(id pratica.ID, az pratica.Azione) string { return pagina(id) + "/azione/" + string(az) }

// fa2 sends a form again.
func (n *navigatore) fa2(id pratica.ID, az pratica.Azione, v url.Values) risposta {
	n.b.t.Helper()
	return n.invia(azione(id, az), v)
}

// formaFascia finds the slots of a page.
var formaFascia = regexp.MustCompile(`name="fascia" value="([^"]+)"`)
