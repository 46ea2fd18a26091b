package matrice_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// scena is a pratica with an effect to carry out, and the systems around it: a
// group of rows of the matrix.
type scena struct {
	genere pratica.GenereEffetto
	nome   string // what sets it apart from others of the same kind
	// interno: registry, payments and appointments are the library's own, on the
	// store, instead of systems outside.
	interno bool
	// capacita of the registry outside; nil: it can only register.
	capacita *protocollo.Capacita
	parziale bool
	// ripresa: who takes over after a registration without an answer is killed
	// at each step too.
	ripresa bool
	// prepara leaves an effect of that kind to do.
	prepara func(*testing.T, *banco) pratica.ID
}

func (s scena) String() string {
	if s.nome == "" {
		return string(s.genere)
	}
	return string(s.genere) + ", " + s.nome
}

// lascia names what an effect of the kind leaves in another system.
func (s scena) lascia() string {
	switch s.genere {
	case pratica.EffettoProtocollo:
		if s.capacita == nil || !s.capacita.Fascicoli {
			return "" // registrations are counted one by one
		}
		return "sportello.fascicoli"
	case pratica.EffettoPagamento, pratica.EffettoAnnullaPagamento:
		return "pagamenti.posizione"
	case pratica.EffettoProlungaAppuntamento, pratica.EffettoConfermaAppuntamento, pratica.EffettoAnnullaAppuntamento:
		return "appuntamenti.prenotazione"
	case pratica.EffettoAvviso:
		return tabAvvisi
	default:
		return ""
	}
}

// scene has at least one for each kind of effect: see TestOgniGenere.
func scene() []scena {
	return []scena{
		{genere: pratica.EffettoDocumento, prepara: inviata("spoglio")},

		{genere: pratica.EffettoProtocollo, nome: "registro interno", interno: true, prepara: inviata("registrato")},
		{genere: pratica.EffettoProtocollo, nome: "ricerca affidabile", ripresa: true, prepara: inviata("registrato"),
			capacita: &protocollo.Capacita{Cerca: true, CercaAffidabile: true, Fascicoli: true, AllegatiDopo: true}},
		{genere: pratica.EffettoProtocollo, nome: "ricerca non affidabile, risposta parziale", parziale: true, prepara: inviata("registrato"),
			capacita: &protocollo.Capacita{Cerca: true, AllegatiNellaChiamata: true, AllegatiDopo: true}},
		{genere: pratica.EffettoProtocollo, nome: "due fasi", prepara: inviata("registrato"),
			capacita: &protocollo.Capacita{Cerca: true, CercaAffidabile: true, Predispone: true, Fascicoli: true, FascicoliUnici: true, AllegatiNellaChiamata: true}},
		{genere: pratica.EffettoProtocollo, nome: "senza ricerca", prepara: inviata("registrato")},

		{genere: pratica.EffettoPagamento, prepara: daPagare},
		{genere: pratica.EffettoPagamento, nome: "tramite interno", interno: true, prepara: daPagare},
		{genere: pratica.EffettoAnnullaPagamento, prepara: ripensata},
		{genere: pratica.EffettoAnnullaPagamento, nome: "tramite interno", interno: true, prepara: ripensata},
		{genere: pratica.EffettoAnnullaPagamento, nome: "bozza eliminata", prepara: eliminata},

		{genere: pratica.EffettoProlungaAppuntamento, prepara: daPagare},
		{genere: pratica.EffettoProlungaAppuntamento, nome: "agenda interna", interno: true, prepara: daPagare},
		{genere: pratica.EffettoConfermaAppuntamento, prepara: inviata("prenotato")},
		{genere: pratica.EffettoConfermaAppuntamento, nome: "agenda interna", interno: true, prepara: inviata("prenotato")},
		{genere: pratica.EffettoAnnullaAppuntamento, prepara: disdetta},
		{genere: pratica.EffettoAnnullaAppuntamento, nome: "agenda interna", interno: true, prepara: disdetta},
		{genere: pratica.EffettoAnnullaAppuntamento, nome: "bozza eliminata", prepara: eliminata},

		{genere: pratica.EffettoAvviso, prepara: inviata("spoglio")},
	}
}

const ente = "c_x999"

// servizi are named after what they configure.
func servizi() ([]*servizio.Servizio, error) {
	m := modulo.Definizione{ID: "prova", Versione: 1, Titolo: "Richiesta di prova", Sezioni: []modulo.Sezione{{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
		{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Obbligatorio: true},
		{ID: "pianta", Etichetta: "Planimetria", Tipo: modulo.File, TipiFile: []string{"image/jpeg"}},
	}}}}
	agenda := &servizio.Appuntamenti{Calendari: []string{"anagrafe"}}
	var tutti []*servizio.Servizio
	for _, c := range []servizio.Configurazione{
		{ID: "spoglio", Messaggi: map[string]servizio.Messaggio{"inviata": {Oggetto: "Richiesta {numero}", Testo: "La richiesta {numero} è arrivata."}}},
		{ID: "registrato", Protocollo: &servizio.Protocollo{Classifica: "06.05"}},
		{ID: "prenotato", Appuntamenti: agenda},
		{ID: "pagato", Appuntamenti: agenda, Pagamenti: &servizio.Pagamenti{Anticipato: &servizio.Onere{Origine: servizio.ImportoFisso, Importo: decimal.NewFromInt(20), Causale: "Diritti"}}},
	} {
		c.Versione, c.Nome, c.Modulo, c.Accesso = 1, "Servizio "+c.ID, m, servizio.SPID1
		s, err := servizio.Nuovo(c)
		if err != nil {
			return nil, err
		}
		tutti = append(tutti, s)
	}
	return tutti, nil
}

func calendarioProva() appuntamenti.Calendario {
	return appuntamenti.Calendario{ID: "anagrafe", Ente: ente, Titolo: "Anagrafe", Aperture: []appuntamenti.Apertura{{
		ID: "mattina", Dal: termini.Giorno{Anno: 2026, Mese: 3, Giorno: 1}, Al: termini.Giorno{Anno: 2026, Mese: 12, Giorno: 31},
		Giorni: []time.Weekday{1, 2, 3, 4, 5}, Inizio: "09:00", Fine: "12:00", Minuti: 30, Capienza: 1,
	}}}
}

// bozza opens a draft, with an attachment where it will be registered and a
// place held where there is an agenda.
func bozza(t *testing.T, b *banco, quale string) pratica.ID {
	t.Helper()
	ctx := context.Background()
	id, err := b.s.ApriBozza(ctx, b.cittadino, quale)
	require.NoError(t, err)
	b.esegui(t, b.cittadino, id, pratica.SalvaBozza{Risposte: modulo.Risposte{"nome": "Mario"}})
	if quale == "registrato" {
		var foto bytes.Buffer
		require.NoError(t, jpeg.Encode(&foto, image.NewGray(image.Rect(0, 0, 8, 8)), nil))
		_, err := b.s.Allega(ctx, b.cittadino, id, sportello.NuovoAllegato{Nome: "casa.jpg", Campo: "pianta", Origine: pratica.OrigineRichiesta}, &foto)
		require.NoError(t, err)
	}
	_, sv, err := b.s.Leggi(ctx, b.cittadino, id)
	require.NoError(t, err)
	if _, c := sv.Appuntamenti(); c {
		g := termini.Giorno{Anno: 2026, Mese: 3, Giorno: 19} // a Thursday
		fasce, err := b.s.Fasce(ctx, b.cittadino, id, "anagrafe", g, g)
		require.NoError(t, err)
		_, err = b.s.PrenotaAppuntamento(ctx, b.cittadino, id, fasce[0])
		require.NoError(t, err)
	}
	return id
}

func inviata(quale string) func(*testing.T, *banco) pratica.ID {
	return func(t *testing.T, b *banco) pratica.ID {
		t.Helper()
		id := bozza(t, b, quale)
		b.esegui(t, b.cittadino, id, pratica.Invia{})
		return id
	}
}

// daPagare waits for a payment; the place of its appointment is kept meanwhile.
func daPagare(t *testing.T, b *banco) pratica.ID { return inviata("pagato")(t, b) }

// ripensata went back to a draft with the payment already asked for.
func ripensata(t *testing.T, b *banco) pratica.ID {
	t.Helper()
	id := daPagare(t, b)
	b.svuota(t)
	b.esegui(t, b.cittadino, id, pratica.TornaInBozza{})
	return id
}

// eliminata is gone, and what it held is still to be given back.
func eliminata(t *testing.T, b *banco) pratica.ID {
	t.Helper()
	id := ripensata(t, b)
	b.esegui(t, b.cittadino, id, pratica.EliminaBozza{})
	return id
}

func disdetta(t *testing.T, b *banco) pratica.ID {
	t.Helper()
	id := inviata("prenotato")(t, b)
	b.svuota(t)
	_, err := b.s.DisdiciAppuntamento(context.Background(), b.operatore, id)
	require.NoError(t, err)
	return id
}
