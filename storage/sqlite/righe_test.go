package sqlite_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
)

// The pratiche of a town of some size over three years: 40 services, of which a
// few make most of the work, all states, names and streets as frequent as they
// are. The same number gives always the same pratica.
const (
	servizi   = 40
	operatori = 60
	uffici    = 8
	giorni    = 3 * 365
)

func nomiPropri() []string {
	return strings.Fields(`Giuseppe Maria Giovanni Anna Antonio Francesca Mario Giulia Luigi Sara Francesco Laura Angelo Elena Vincenzo Martina
		Pietro Chiara Salvatore Alessia Carlo Silvia Franco Federica Domenico Valentina Bruno Paola Paolo Roberta Michele Elisa Giorgio Simona
		Aldo Daniela Sergio Claudia Luciano Cristina Roberto Monica Marco Barbara Andrea Rosa Stefano Giovanna Niccolò Mariangela`)
}

func cognomi() []string {
	return strings.Fields(`Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De_Luca Mancini Costa Giordano
		Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini Leone Longo Gentile Martinelli Vitale Lombardo
		Serra Coppola De_Santis D'Angelo Marchetti Parisi Villa Conte Ferraro Ferri Fabbri Bianco Marini Grasso Valentini Messina Sala De_Angelis
		Gatti Pellegrini Palumbo Sanna Farina Rizzi Monti Cattaneo Morelli Amato Silvestri Mazza Testa Grassi Pellegrino Carbone Giuliani Benedetti
		Barone Rossetti Caputo Montanari Guerra Palmieri Bernardi Martino Fiore De_Rosa Ferretti Bellini Basile Riva Donati Piras Vitali Battaglia
		Sartori Neri Costantini Milani Pagano Ruggiero Sorrentino D'Amico Orlando Damico Negri Zanetti Bevilacqua Quintavalle`)
}

func oggetti() []string {
	return strings.Split(`Occupazione di suolo pubblico;Passo carrabile;Iscrizione all'asilo nido;Contrassegno per persone con disabilità;Accesso agli atti;
		Permesso di costruire;Segnalazione certificata di inizio attività;Tassa sui rifiuti: riduzione;Residenza: cambio di abitazione;Mensa scolastica;
		Trasporto scolastico;Abbattimento di alberi;Manifestazione temporanea;Concessione cimiteriale;Bonus sociale;Patrocinio;
		Uso di sala comunale;Pubblicità temporanea;Autorizzazione allo scarico;Licenza di taxi`, ";")
}

func vie() []string {
	return strings.Fields(`Roma Garibaldi Mazzini Cavour Verdi Dante Marconi Matteotti Europa Libertà Battisti Gramsci Vittoria Repubblica Kennedy Leopardi
		Carducci Manzoni Petrarca Foscolo Galilei Volta Colombo Vespucci Trento Trieste Piave Isonzo Carso Grappa Quattroventi`)
}

func stati() []struct {
	stato pratica.Stato
	peso  int // in a thousand
} {
	return []struct {
		stato pratica.Stato
		peso  int
	}{
		{pratica.Accettata, 640}, {pratica.Rifiutata, 120}, {pratica.Ritirata, 60}, {pratica.Annullata, 30}, {pratica.InCarico, 40}, {pratica.Bozza, 50},
		{pratica.Protocollata, 25}, {pratica.AttesaIntegrazione, 15}, {pratica.AttesaPagamento, 8}, {pratica.Inviata, 6}, {pratica.AttesaOsservazioni, 4},
		{pratica.IntegrazioneRichiesta, 2},
	}
}

// pesca draws from a list of which the first are the most frequent.
func pesca[T any](r *rand.Rand, v []T) T {
	x := r.Float64()
	return v[int(x*x*float64(len(v)))]
}

// treLettere are those of a codice fiscale, consonants first.
func treLettere(s string) string {
	s = strings.ToUpper(s)
	tieni := func(vocali bool) string {
		return strings.Map(func(r rune) rune {
			if r >= 'A' && r <= 'Z' && strings.ContainsRune("AEIOU", r) == vocali {
				return r
			}
			return -1
		}, s)
	}
	return (tieni(false) + tieni(true) + "XXX")[:3]
}

func idServizio(n int) string { return "servizio-" + strconv.Itoa(n) }

// inizioRighe is the day of the first pratica.
func inizioRighe() time.Time { return time.Date(2023, 1, 1, 7, 0, 0, 0, time.UTC) }

// unaRiga gives the n-th of quante pratiche.
func unaRiga(n, quante int) storage.Commit {
	r := rand.New(rand.NewPCG(uint64(n), 7))
	creata := inizioRighe().Add(time.Duration(float64(giorni*24)*float64(time.Hour)*float64(n)/float64(quante)) + time.Duration(r.IntN(3600))*time.Second)
	peso := r.IntN(1000)
	var stato pratica.Stato
	for _, x := range stati() {
		if peso -= x.peso; peso < 0 {
			stato = x.stato
			break
		}
	}
	nome, cognome := pesca(r, nomiPropri()), strings.ReplaceAll(pesca(r, cognomi()), "_", " ")
	numeri := make([]int, servizi)
	for i := range numeri {
		numeri[i] = i
	}
	servizio := pesca(r, numeri)
	via := pesca(r, vie())
	p := &pratica.Pratica{
		ID: pratica.ID(fmt.Sprintf("%08x-%04x-7000-8000-%012x", creata.Unix(), r.IntN(1<<16), n)), Ente: ente, Versione: 3, Impronta: strings.Repeat("ab", 32),
		Servizio: idServizio(servizio), VersioneServizio: 1, Stato: stato,
		Oggetto: strings.TrimSpace(oggetti()[servizio%len(oggetti())]) + ", via " + via + " " + strconv.Itoa(1+r.IntN(200)),
		Richiedente: anagrafica.Persona{Nome: nome, Cognome: cognome,
			CodiceFiscale: anagrafica.CodiceFiscale(fmt.Sprintf("%s%s%02dA%02dH501%c", treLettere(cognome), treLettere(nome), r.IntN(100), 1+r.IntN(28), 'A'+rune(r.IntN(26))))},
		Creata: creata, CambioStato: creata, Aggiornata: creata,
		Risposte: map[string]any{"indirizzo": "Via " + via, "note": strings.Repeat("testo libero della domanda ", 12), "dal": "2026-05-01", "al": "2026-05-31",
			"motivo": "lavori", "metri": r.IntN(100), "dichiarazioni": []any{true, true, false}},
	}
	if stato != pratica.Bozza && stato != pratica.AttesaPagamento {
		p.PresentataIl = creata.Add(time.Duration(r.IntN(48)) * time.Hour)
		p.CambioStato = p.PresentataIl.Add(time.Duration(r.IntN(60*24)) * time.Hour)
		p.Aggiornata = p.CambioStato.Add(time.Duration(r.IntN(24)) * time.Hour)
		p.Numero = pratica.Numero{Anno: creata.Year(), Progressivo: int64(n + 1)}
		p.Ufficio = "ufficio-" + strconv.Itoa(servizio%uffici)
		p.Documenti = []pratica.Documento{{ID: "istanza", Tipo: pratica.DocIstanza, SHA256: fmt.Sprintf("%064x", n),
			Registrazione: &protocollo.Registrazione{Estremi: protocollo.Estremi{Ente: ente, Anno: creata.Year(), Numero: strconv.Itoa(n + 1)}}}}
		if stato != pratica.Inviata && stato != pratica.Protocollata {
			p.Operatore = "operatore-" + strconv.Itoa((servizio+r.IntN(6))%operatori)
		}
	}
	if stato == pratica.AttesaPagamento || r.IntN(50) == 0 {
		p.Pagamenti = []pratica.Pagamento{{ID: "p", Importo: decimal.New(int64(1000+r.IntN(20000)), -2)}}
	}
	var eventi []pratica.Evento
	for i := range p.Versione {
		eventi = append(eventi, pratica.Evento{Pratica: p.ID, Progressivo: i + 1, Azione: pratica.AzioneSalvaBozza, Quando: creata, A: stato,
			Fatto: pratica.NotaScritta{ID: strconv.Itoa(i), Testo: "nota"}, Sale: strings.Repeat("ab", 16), Impronta: p.Impronta})
	}
	return storage.Commit{Pratica: p, Eventi: eventi, Ora: creata, Chiave: "k", Campi: []storage.Campo{
		{Nome: "indirizzo", Testo: "Via " + via, Cercabile: true},
		{Nome: "metri", Testo: strconv.Itoa(n % 100), Numero: decimal.NewNullDecimal(decimal.NewFromInt(int64(n % 100)))},
	}}
}

// righe gives how many pratiche the measures load, and a file that holds them.
// PRATICHE_RIGHE says how many (20,000 where it does not), PRATICHE_RIGHE_FILE a
// file in which they stay from one run to the next.
func righe(tb testing.TB) (int, string) {
	tb.Helper()
	quante := 20_000
	if v := os.Getenv("PRATICHE_RIGHE"); v != "" {
		var err error
		quante, err = strconv.Atoi(v)
		require.NoError(tb, err)
	}
	percorso := os.Getenv("PRATICHE_RIGHE_FILE")
	if percorso == "" {
		percorso = filepath.Join(tb.TempDir(), "righe.db")
	}
	return quante, percorso
}

// carica opens a store with that many pratiche.
func carica(tb testing.TB, percorso string, quante int) *sqlite.Store {
	tb.Helper()
	s := apri(tb, percorso)
	ctx := context.Background()
	const lotto = 20_000
	r, err := s.Riassumi(ctx, storage.Filtro{Ente: ente, Bozze: true})
	require.NoError(tb, err)
	for n := r.Totale; n < quante; n += lotto {
		require.NoError(tb, s.Riversa(ctx, min(lotto, quante-n), func(i int) storage.Commit { return unaRiga(n+i, quante) }))
	}
	return s
}
