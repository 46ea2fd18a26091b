package postgres_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
	"github.com/sportello-digitale/pratiche/storage/postgres"
)

// The pratiche of a large town over three years: 40 services, of which a few
// make most of the work, names and streets as frequent as they are, a backlog of
// one in ten. The same number gives always the same pratica.
const (
	servizi   = 40
	operatori = 60
	giorni    = 3 * 365
)

var (
	nomiPropri = strings.Fields(`Giuseppe Maria Giovanni Anna Antonio Francesca Mario Giulia Luigi Sara Francesco Laura Angelo Elena Vincenzo Martina
		Pietro Chiara Salvatore Alessia Carlo Silvia Franco Federica Domenico Valentina Bruno Paola Paolo Roberta Michele Elisa Giorgio Simona
		Aldo Daniela Sergio Claudia Luciano Cristina Roberto Monica Marco Barbara Andrea Rosa Stefano Giovanna Niccolò Mariangela`)
	cognomi = strings.Fields(`Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De_Luca Mancini Costa Giordano
		Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini Leone Longo Gentile Martinelli Vitale Lombardo
		Serra Coppola De_Santis D'Angelo Marchetti Parisi Villa Conte Ferraro Ferri Fabbri Bianco Marini Grasso Valentini Messina Sala De_Angelis
		Gatti Pellegrini Palumbo Sanna Farina Rizzi Monti Cattaneo Morelli Amato Silvestri Mazza Testa Grassi Pellegrino Carbone Giuliani Benedetti
		Barone Rossetti Caputo Montanari Guerra Palmieri Bernardi Martino Fiore De_Rosa Ferretti Bellini Basile Riva Donati Piras Vitali Battaglia
		Sartori Neri Costantini Milani Pagano Ruggiero Sorrentino D'Amico Orlando Damico Negri Zanetti Bevilacqua Quintavalle`)
	oggetti = []string{"Occupazione di suolo pubblico", "Passo carrabile", "Iscrizione all'asilo nido", "Contrassegno per persone con disabilità", "Accesso agli atti",
		"Permesso di costruire", "Segnalazione certificata di inizio attività", "Tassa sui rifiuti: riduzione", "Residenza: cambio di abitazione", "Mensa scolastica"}
	vie = strings.Fields(`Roma Garibaldi Mazzini Cavour Verdi Dante Marconi Matteotti Europa Libertà Battisti Gramsci Vittoria Repubblica Kennedy Leopardi
		Carducci Manzoni Petrarca Foscolo Galilei Volta Colombo Vespucci Trento Trieste Piave Isonzo Carso Grappa Quattroventi`)
	pesi = []struct { // in a thousand
		stato pratica.Stato
		peso  int
	}{
		{pratica.Accettata, 640}, {pratica.Rifiutata, 120}, {pratica.Ritirata, 60}, {pratica.Annullata, 30}, {pratica.InCarico, 40}, {pratica.Bozza, 50},
		{pratica.Protocollata, 25}, {pratica.AttesaIntegrazione, 15}, {pratica.AttesaPagamento, 8}, {pratica.Inviata, 6}, {pratica.AttesaOsservazioni, 4},
		{pratica.IntegrazioneRichiesta, 2},
	}
)

// pesca draws from a list of which the first are the most frequent.
func pesca[T any](r *rand.Rand, v []T) T {
	x := r.Float64()
	return v[int(x*x*float64(len(v)))]
}

// unaRiga gives the n-th of quante pratiche, with the fields that lists show.
func unaRiga(n, quante int) (*pratica.Pratica, []storage.Campo) {
	r := rand.New(rand.NewPCG(uint64(n), 7))
	creata := time.Date(2023, 1, 1, 7, 0, 0, 0, time.UTC).Add(time.Duration(float64(giorni*24)*float64(time.Hour)*float64(n)/float64(quante)) + time.Duration(r.IntN(3600))*time.Second)
	var stato pratica.Stato
	peso := r.IntN(1000)
	for _, x := range pesi {
		if peso -= x.peso; peso < 0 {
			stato = x.stato
			break
		}
	}
	nome, cognome, via := pesca(r, nomiPropri), strings.ReplaceAll(pesca(r, cognomi), "_", " "), pesca(r, vie)
	x := r.Float64()
	servizio := int(x * x * servizi)
	p := &pratica.Pratica{
		ID: pratica.ID(fmt.Sprintf("%08x-%04x-7000-8000-%012x", creata.Unix(), r.IntN(1<<16), n)), Ente: ente, Versione: 3, Impronta: strings.Repeat("ab", 32),
		Servizio: "servizio-" + strconv.Itoa(servizio), VersioneServizio: 1, Stato: stato, Oggetto: oggetti[servizio%len(oggetti)] + ", via " + via + " " + strconv.Itoa(1+r.IntN(200)),
		Richiedente: anagrafica.Persona{Nome: nome, Cognome: cognome, CodiceFiscale: anagrafica.CodiceFiscale(fmt.Sprintf("%.3s%.3s%02dA%02dH501%c",
			strings.ToUpper(cognome+"XXX"), strings.ToUpper(nome[:3]), r.IntN(100), 1+r.IntN(28), 'A'+rune(r.IntN(26))))},
		Creata: creata, CambioStato: creata, Aggiornata: creata,
		Risposte: map[string]any{"indirizzo": "Via " + via, "note": strings.Repeat("testo libero della domanda ", 12), "dal": "2026-05-01", "metri": r.IntN(100), "dichiarazioni": []any{true, true, false}},
	}
	if stato != pratica.Bozza && stato != pratica.AttesaPagamento {
		p.PresentataIl = creata.Add(time.Duration(r.IntN(48)) * time.Hour)
		p.CambioStato = p.PresentataIl.Add(time.Duration(r.IntN(60*24)) * time.Hour)
		p.Aggiornata = p.CambioStato.Add(time.Duration(r.IntN(24)) * time.Hour)
		p.Numero = pratica.Numero{Anno: creata.Year(), Progressivo: int64(n + 1)}
		p.Ufficio = "ufficio-" + strconv.Itoa(servizio%8)
		p.Documenti = []pratica.Documento{{ID: "istanza", Tipo: pratica.DocIstanza, SHA256: fmt.Sprintf("%064x", n),
			Registrazione: &protocollo.Registrazione{Estremi: protocollo.Estremi{Ente: ente, Anno: creata.Year(), Numero: strconv.Itoa(n + 1)}}}}
		if stato != pratica.Inviata && stato != pratica.Protocollata {
			p.Operatore = "operatore-" + strconv.Itoa((servizio+r.IntN(6))%operatori)
		}
	}
	if stato == pratica.AttesaPagamento || r.IntN(50) == 0 {
		p.Pagamenti = []pratica.Pagamento{{ID: "p", Importo: decimal.New(int64(1000+r.IntN(20_000)), -2)}}
	}
	return p, []storage.Campo{
		{Nome: "indirizzo", Testo: "Via " + via, Cercabile: true},
		{Nome: "metri", Testo: strconv.Itoa(n % 100), Numero: decimal.NewNullDecimal(decimal.NewFromInt(int64(n % 100)))},
	}
}

// quanteRighe says on how many pratiche to measure beside 10,000: PRATICHE_RIGHE,
// 30,000 where it is not set.
func quanteRighe(tb testing.TB) int {
	tb.Helper()
	v := os.Getenv("PRATICHE_RIGHE")
	if v == "" {
		return 30_000
	}
	n, err := strconv.Atoi(v)
	require.NoError(tb, err)
	return n
}

// carica opens a store of that many pratiche. They are copied into the tables
// without indexes, and these are made again: a million takes minutes. Where
// PRATICHE_RIGHE_SCHEMA is set they stay, in schemas that begin so, for the next
// run.
func carica(tb testing.TB, quante int) *postgres.Store {
	tb.Helper()
	ctx := context.Background()
	schema := os.Getenv("PRATICHE_RIGHE_SCHEMA")
	if schema == "" {
		schema = nuovoSchema(tb)
	} else {
		schema += strconv.Itoa(quante)
	}
	s := apri(tb, postgres.Config{Schema: schema})
	conn := collega(tb, schema)
	defer func() { require.NoError(tb, conn.Close(ctx)) }()
	var gia int
	require.NoError(tb, conn.QueryRow(ctx, `SELECT count(*) FROM pratiche`).Scan(&gia))
	if gia == quante {
		return s
	}
	require.Zero(tb, gia, "a schema half full: drop it")
	righe, err := conn.Query(ctx, `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename IN ('pratiche', 'ricerca', 'effetti')
		AND indexname NOT IN (SELECT conname FROM pg_constraint)`)
	require.NoError(tb, err)
	var nomi, indici []string
	var nome, indice string
	_, err = pgx.ForEachRow(righe, []any{&nome, &indice}, func() error {
		nomi, indici = append(nomi, nome), append(indici, indice)
		return nil
	})
	require.NoError(tb, err)
	fai := func(frase string) {
		_, err := conn.Exec(ctx, frase)
		require.NoError(tb, err, frase)
	}
	fai(`DROP INDEX ` + strings.Join(nomi, ", "))
	fai(`CREATE UNLOGGED TABLE riversa (ente text, id text, servizio text, presentazione bigint, lessemi text[])`)
	const lotto = 20_000
	for da := 0; da < quante; da += lotto {
		riversa(tb, conn, da, min(da+lotto, quante), quante)
	}
	fai(`INSERT INTO ricerca SELECT ente, id, servizio, presentazione, array_to_tsvector(lessemi) FROM riversa ORDER BY presentazione, id`)
	fai(`DROP TABLE riversa`)
	// What was done for them, and for a few still waits for somebody.
	fai(`INSERT INTO effetti (ente, id, pratica, ordine, genere, riferimento, corsia, in_testa, causato, prossimo, stato, tentativi, concluso)
		SELECT ente, id || '/' || n, id, n, 'avviso', '', 'avvisi', progressivo % 500 = 7, creata, creata,
		CASE progressivo % 500 WHEN 7 THEN 'fallito' ELSE 'fatto' END, 1, creata FROM pratiche, generate_series(1, 2) n`)
	for _, x := range indici {
		fai(x)
	}
	fai(`VACUUM (ANALYZE) pratiche, proiezioni, ricerca, effetti`) // not the tables of other tests
	return s
}

// riversa copies the rows from da to a.
func riversa(tb testing.TB, conn *pgx.Conn, da, a, quante int) {
	tb.Helper()
	var pratiche, proiezioni, ricerca [][]any
	t := proiezione.Istante
	for n := da; n < a; n++ {
		p, campi := unaRiga(n, quante)
		dati, err := json.Marshal(p)
		require.NoError(tb, err)
		tutti, err := proiezione.ScriviCampi(campi)
		require.NoError(tb, err)
		r := proiezione.Riga(p, campi, false)
		pres := t(proiezione.Presentazione(&r))
		pratiche = append(pratiche, []any{p.Ente, string(p.ID), p.Versione, p.Servizio, string(p.Stato), p.Stato == pratica.Bozza, p.Stato.Finale(), false,
			p.Numero.Anno, p.Numero.Progressivo, r.Oggetto, r.Richiedente, r.CodiceFiscale, "", r.Ufficio, r.Operatore, r.Protocollo, t(r.Creata), t(r.PresentataIl), pres,
			t(r.CambioStato), t(r.Aggiornata), proiezione.Centesimi(r.Dovuto), p.Numero.Progressivo%500 == 7, tutti, `{"metri": ` + strconv.Itoa(n%100) + `}`})
		proiezioni = append(proiezioni, []any{p.Ente, string(p.ID), dati})
		ricerca = append(ricerca, []any{p.Ente, string(p.ID), p.Servizio, pres, proiezione.Lessemi(p.Ente, &r, campi)})
	}
	for tabella, righe := range map[string][][]any{"pratiche": pratiche, "proiezioni": proiezioni, "riversa": ricerca} {
		var colonne []string
		r, err := conn.Query(context.Background(), `SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`, tabella)
		require.NoError(tb, err)
		colonne, err = pgx.CollectRows(r, pgx.RowTo[string])
		require.NoError(tb, err)
		_, err = conn.CopyFrom(context.Background(), pgx.Identifier{tabella}, colonne, pgx.CopyFromRows(righe))
		require.NoError(tb, err)
	}
}
