package sportello_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/appuntamenti/calendario"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti/interno"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/messaggi"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
	registro "github.com/sportello-digitale/pratiche/protocollo/interno"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

const ente = "c_x999"

// orologio is a clock that tests move; each reading is a millisecond later.
type orologio struct {
	mu  sync.Mutex
	ora time.Time
}

func (o *orologio) Ora() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ora = o.ora.Add(time.Millisecond)
	return o.ora
}

func (o *orologio) Avanza(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ora = o.ora.Add(d)
}

// banco is a Sportello on parts in memory.
type banco struct {
	t         testing.TB
	s         *sportello.Sportello
	store     *memoria.Store
	deposito  storage.Store // where the pratiche are: store, unless a test says otherwise
	archivio  storage.Archivio
	orologio  *orologio
	tramite   *interno.Tramite
	registro  protocollo.Registro
	canale    *messaggi.Memoria
	cittadino pratica.Attore
	operatore pratica.Attore
	config    sportello.Config
}

type scelta func(*sportello.Config)

func nuovoBanco(t testing.TB, scelte ...scelta) *banco {
	t.Helper()
	b := &banco{t: t, store: memoria.New(), archivio: memoria.NewArchivio(), canale: &messaggi.Memoria{},
		orologio: &orologio{ora: time.Date(2026, 3, 10, 8, 0, 0, 0, time.UTC)}}
	var err error
	b.tramite, err = interno.New(interno.Config{Cassetto: b.store, BaseURL: "http://localhost/paga", Orologio: b.orologio.Ora})
	require.NoError(t, err)
	reg, err := registro.New(registro.Config{Cassetto: b.store, Orologio: b.orologio.Ora})
	require.NoError(t, err)
	calendari, err := calendario.Fissi(agendaProva())
	require.NoError(t, err)
	agenda, err := calendario.New(calendario.Config{Cassetto: b.store, Calendari: calendari, Orologio: b.orologio.Ora})
	require.NoError(t, err)
	n := uint64(0)
	var mu sync.Mutex
	b.config = sportello.Config{
		Enti:    []sportello.Ente{{Codice: ente, Nome: "Comune di Prova", Luogo: "Prova"}, {Codice: "c_y888", Nome: "Comune di Altrove"}},
		Servizi: sportello.NuovoCatalogo(ente, pieno(t), spoglio(t), inoltro(t), registrato(t)),
		Store:   b.store, Archivio: b.archivio, Registro: reg, Tramite: b.tramite, Agenda: agenda, Canali: []messaggi.Canale{b.canale},
		Orologio: b.orologio.Ora,
		NuovoID: func() string {
			mu.Lock()
			defer mu.Unlock()
			n++
			var u uuid.UUID
			binary.BigEndian.PutUint64(u[8:], n)
			u[6], u[8] = 0x70, 0x80
			return u.String()
		},
	}
	for _, f := range scelte {
		f(&b.config)
	}
	b.registro, b.deposito = b.config.Registro, b.store
	b.s, err = sportello.New(b.config)
	require.NoError(t, err)
	b.cittadino = pratica.Attore{Ruolo: pratica.Cittadino, ID: "cit-1", Ente: ente, Persona: persona("RSSMRA80A01H501U", "Mario", "Rossi"), Livello: servizio.SPID2, Metodo: "SPID"}
	b.operatore = pratica.Attore{Ruolo: pratica.Operatore, ID: "op-1", Ente: ente, Servizi: []string{"pieno", "spoglio", "inoltro", "registrato"}, Uffici: []string{"tecnico"}}
	return b
}

func persona(cf, nome, cognome string) anagrafica.Persona {
	return anagrafica.Persona{Nome: nome, Cognome: cognome, CodiceFiscale: anagrafica.CodiceFiscale(cf), Email: "a@example.org"}
}

func agendaProva() appuntamenti.Calendario {
	return appuntamenti.Calendario{ID: "anagrafe", Ente: ente, Titolo: "Anagrafe", Aperture: []appuntamenti.Apertura{{
		ID: "mattina", Dal: termini.Giorno{Anno: 2026, Mese: 3, Giorno: 1}, Al: termini.Giorno{Anno: 2026, Mese: 12, Giorno: 31},
		Giorni: []time.Weekday{1, 2, 3, 4, 5}, Inizio: "09:00", Fine: "12:00", Minuti: 30, Capienza: 1,
	}}}
}

func moduloProva() modulo.Definizione {
	return modulo.Definizione{ID: "prova", Versione: 1, Titolo: "Richiesta di prova", Sezioni: []modulo.Sezione{
		{ID: "richiedente", Titolo: "Richiedente", Campi: []modulo.Campo{
			{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Obbligatorio: true},
			{ID: "cf", Etichetta: "Codice fiscale", Tipo: modulo.CodiceFiscale, Obbligatorio: true},
		}},
		{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
			{ID: "metri", Etichetta: "Metri quadrati", Tipo: modulo.Intero, Obbligatorio: true},
			{ID: "canone", Etichetta: "Canone", Tipo: modulo.Importo, Calcolo: "metri * 2"},
			{ID: "zona", Etichetta: "Zona", Tipo: modulo.Scelta, Opzioni: []modulo.Opzione{{Valore: "nord", Etichetta: "Nord"}, {Valore: "sud", Etichetta: "Sud"}}},
			{ID: "pianta", Etichetta: "Planimetria", Tipo: modulo.File, TipiFile: []string{"application/pdf", "image/jpeg"}, MassimoFile: 2},
		}},
	}}
}

func crea(t testing.TB, c servizio.Configurazione) *servizio.Servizio {
	t.Helper()
	s, err := servizio.Nuovo(c)
	require.NoError(t, err)
	return s
}

// pieno configures everything.
func pieno(t testing.TB) *servizio.Servizio {
	messaggi := map[string]servizio.Messaggio{}
	for _, s := range []string{"protocollata", "attesa_integrazione", "accettata", "rifiutata"} {
		messaggi[s] = servizio.Messaggio{Oggetto: "Richiesta {numero}", Testo: "La richiesta {numero} è nello stato {stato}. {motivo}"}
	}
	return crea(t, servizio.Configurazione{
		ID: "pieno", Versione: 1, Nome: "Servizio pieno", Modulo: moduloProva(), Accesso: servizio.SPID2,
		Uffici:       []servizio.Ufficio{{ID: "tecnico", Nome: "Ufficio tecnico"}, {ID: "tributi", Nome: "Ufficio tributi"}},
		Precompila:   map[string]string{"nome": "nome", "cf": "codice_fiscale"},
		Protocollo:   &servizio.Protocollo{Classifica: "06.05"},
		Pagamenti:    &servizio.Pagamenti{Anticipato: &servizio.Onere{Origine: servizio.ImportoDalModulo, Campo: "canone", Causale: "Canone"}, Posticipato: &servizio.Onere{Origine: servizio.ImportoFisso, Importo: decimal.New(2050, -2), Causale: "Diritti di rilascio"}},
		Bolli:        &servizio.Bolli{Richiesta: &servizio.Bollo{Quantita: 1, Esenzioni: []string{"B27bis"}}, Rilascio: &servizio.Bollo{Quantita: 1}},
		Appuntamenti: &servizio.Appuntamenti{Calendari: []string{"anagrafe"}},
		Integrazioni: &servizio.Integrazioni{}, Preavviso: &servizio.Preavviso{}, Ritiro: true, Riapertura: true, Messaggi: messaggi,
		Conservazione: &servizio.Conservazione{Anni: 10, GiorniBozza: 60},
	})
}

// spoglio configures nothing.
func spoglio(t testing.TB) *servizio.Servizio {
	return crea(t, servizio.Configurazione{ID: "spoglio", Versione: 1, Nome: "Servizio spoglio", Modulo: moduloProva(), Accesso: servizio.SPID1,
		Precompila: map[string]string{"nome": "nome", "cf": "codice_fiscale"}, Integrazioni: &servizio.Integrazioni{}})
}

// registrato configures the registry and nothing else.
func registrato(t testing.TB) *servizio.Servizio {
	return crea(t, servizio.Configurazione{ID: "registrato", Versione: 1, Nome: "Servizio registrato", Modulo: moduloProva(), Accesso: servizio.SPID1,
		Precompila: map[string]string{"nome": "nome", "cf": "codice_fiscale"}, Protocollo: &servizio.Protocollo{Classifica: "06.05"}, Integrazioni: &servizio.Integrazioni{}})
}

func inoltro(t testing.TB) *servizio.Servizio {
	return crea(t, servizio.Configurazione{ID: "inoltro", Versione: 1, Nome: "Segnalazione", Flusso: servizio.Inoltro, Accesso: servizio.Anonimo,
		Modulo: modulo.Definizione{ID: "s", Versione: 1, Titolo: "Segnalazione", Sezioni: []modulo.Sezione{{ID: "s", Titolo: "Che cosa", Campi: []modulo.Campo{{ID: "testo", Etichetta: "Descrizione", Tipo: modulo.TestoLungo, Obbligatorio: true}}}}}})
}

func marca(seriale string) bolli.Contrassegno {
	return bolli.Contrassegno{Tipo: bolli.Cartaceo, Seriale: seriale, Emissione: termini.Giorno{Anno: 2026, Mese: 3, Giorno: 1}, Importo: decimal.NewFromInt(16), Dichiarato: true}
}

func foto(t testing.TB) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	m.Set(1, 1, color.White)
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, m, nil))
	return b.Bytes()
}

func (b *banco) esegui(a pratica.Attore, id pratica.ID, d pratica.Dati, opz ...sportello.Opzione) sportello.Esito {
	b.t.Helper()
	e, err := b.s.Esegui(context.Background(), a, id, d, opz...)
	require.NoError(b.t, err)
	return e
}

func (b *banco) svuota() {
	b.t.Helper()
	_, err := b.s.Svuota(context.Background())
	require.NoError(b.t, err)
}

func (b *banco) stato(id pratica.ID) pratica.Stato {
	b.t.Helper()
	return b.carica(id).Stato
}

func (b *banco) carica(id pratica.ID) *pratica.Pratica {
	b.t.Helper()
	p, err := b.deposito.Carica(context.Background(), ente, id)
	require.NoError(b.t, err)
	return p
}

// bozza opens a draft and fills the form.
func (b *banco) bozza(servizioID string) pratica.ID {
	b.t.Helper()
	id, err := b.s.ApriBozza(context.Background(), b.cittadino, servizioID)
	require.NoError(b.t, err)
	p := b.carica(id)
	r := p.Risposte.Copia()
	if r == nil {
		r = modulo.Risposte{}
	}
	if servizioID == "inoltro" {
		r["testo"] = "Buca in strada"
	} else {
		r["metri"], r["zona"] = "10", "nord"
	}
	b.esegui(b.cittadino, id, pratica.SalvaBozza{Risposte: r})
	return id
}

// inviata brings a request of a service without payment in advance to the desk.
func (b *banco) inviata(servizioID string) pratica.ID {
	b.t.Helper()
	id := b.bozza(servizioID)
	b.esegui(b.cittadino, id, pratica.Invia{})
	b.svuota()
	return id
}

// protocollata brings a request of the full service through payment to the registry.
func (b *banco) protocollata(seriale string) pratica.ID {
	b.t.Helper()
	id := b.bozza("pieno")
	b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca(seriale)}})
	b.svuota()
	b.paga(id)
	b.svuota()
	return id
}

// paga pays whatever waits.
func (b *banco) paga(id pratica.ID) {
	b.t.Helper()
	for _, x := range b.carica(id).Pagamenti {
		if x.Aperto() {
			_, err := b.tramite.Simula(context.Background(), ente, x.ID, interno.Paga)
			require.NoError(b.t, err)
			_, err = b.s.NotificaPagamento(context.Background(), ente, id, x.ID)
			require.NoError(b.t, err)
		}
	}
}

var _ cassetto.Cassetto = (*memoria.Store)(nil)
