package postgres_test

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// piano gives how the server carries out a statement of the Store, and how many
// pages of the tables it looked at.
func piano(t *testing.T, s *postgres.Store, frase string, valori []any) (passi string, pagine int) {
	t.Helper()
	err := s.Con(context.Background(), func(ctx context.Context, c *pgxpool.Conn) error {
		if _, err := c.Exec(ctx, `BEGIN`); err != nil {
			return err
		}
		defer func() { _, _ = c.Exec(ctx, `ROLLBACK`) }()
		d, err := c.Conn().Prepare(ctx, fmt.Sprintf("piano_%d", time.Now().UnixNano()), frase)
		if err != nil {
			return err
		}
		valoriScritti := make([]string, len(valori))
		for i, v := range valori {
			valoriScritti[i] = letterale(v)
		}
		frase := `EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) EXECUTE ` + d.Name
		if len(valori) > 0 {
			frase += `(` + strings.Join(valoriScritti, ", ") + `)`
		}
		r, err := c.Query(ctx, frase, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			return err
		}
		righe, err := pgx.CollectRows(r, pgx.RowTo[string])
		passi = strings.Join(righe, "\n")
		return err
	})
	require.NoError(t, err, frase)
	for _, n := range regexp.MustCompile(`Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?`).FindAllStringSubmatch(passi, 1) { // the first is of the whole
		for _, x := range n[1:] {
			if x != "" {
				p, err := strconv.Atoi(x)
				require.NoError(t, err)
				pagine += p
			}
		}
	}
	return passi, pagine
}

// letterale writes a value as SQL does.
func letterale(v any) string {
	switch v := v.(type) {
	case nil:
		return `NULL`
	case string:
		return `'` + strings.ReplaceAll(v, `'`, `''`) + `'`
	case []byte:
		if v == nil {
			return `NULL`
		}
		return fmt.Sprintf(`'\x%x'`, v)
	case *string:
		if v == nil {
			return `NULL`
		}
		return letterale(*v)
	case []string:
		return vettore(v, "text")
	case [][]byte:
		return vettore(v, "bytea")
	case []bool:
		return vettore(v, "boolean")
	case []int64:
		return vettore(v, "bigint")
	}
	return fmt.Sprint(v)
}

func vettore[T any](v []T, tipo string) string {
	s := make([]string, len(v))
	for i := range v {
		s[i] = letterale(v[i])
	}
	return `ARRAY[` + strings.Join(s, ", ") + `]::` + tipo + `[]`
}

var ordina = regexp.MustCompile(`(?m)^\s*(->\s+)?(Incremental )?Sort \(`)

// TestPiani looks at the plans that the server makes for lists, whether it knows
// the tables or only what the migration showed it: each walks the index that was made for it,
// sorts nothing, and looks at about as many pages as it shows rows.
func TestPiani(t *testing.T) {
	t.Parallel()
	ignoti := apri(t, postgres.Config{}) // never analysed
	for n := range 40 {
		c := comando(t, n)
		_, err := ignoti.Registra(context.Background(), c)
		require.NoError(t, err)
	}
	var servizi []string
	for i := range 40 {
		servizi = append(servizi, fmt.Sprint("servizio-", i))
	}
	for nome, s := range map[string]*postgres.Store{"ignoti": ignoti, "noti": carica(t, 4_000)} {
		indici := map[string]string{
			"tutte": "pratiche_presentazione", "vecchie": "pratiche_presentazione", "aggiornate": "pratiche_aggiornata", "con_bozze": "pratiche_presentazione",
			"servizio_raro": "pratiche_servizio_presentazione", "servizi_3_rari": "pratiche_servizio_presentazione", "servizi_10": "pratiche_servizio_presentazione",
			"scrivania_30": "pratiche_servizio_presentazione", "stato_raro": "pratiche_stato_presentazione", "stato_raro_vecchie": "pratiche_stato_aggiornata",
			"stato_comune": "pratiche_stato_presentazione", "stato_e_servizi": "pratiche_stato_presentazione", "mie": "pratiche_operatore_presentazione",
			"mie_aggiornate": "pratiche_operatore_aggiornata", "libere": "pratiche_libere_presentazione", "ufficio": "pratiche_ufficio_presentazione",
			"attenzione": "pratiche_attenzione_presentazione", "da_pagare": "pratiche_dovuto_presentazione", "periodo": "pratiche_presentazione",
		}
		for _, x := range elenchi() {
			x.f.Ente, x.f.Limite = ente, 10
			frasi, valori := postgres.Frasi(x.f, servizi...)
			passi, pagine := piano(t, s, frasi["tratti"], valori["tratti"])
			require.Contains(t, passi, indici[x.nome]+" ", "%s, %s:\n%s", nome, x.nome, passi)
			require.NotContains(t, passi, "Seq Scan", "%s, %s", nome, x.nome)
			require.NotRegexp(t, ordina, passi, "%s, %s", nome, x.nome)
			require.Less(t, pagine, 400, "%s, %s:\n%s", nome, x.nome, passi)
			delete(indici, x.nome)
		}
		require.Empty(t, indici)
		for n, caso := range map[string]struct {
			f             storage.Filtro
			indici        []string
			senzaOrdinare bool
		}{
			"assaggio":   {storage.Filtro{Testo: "rossi mario"}, []string{"ricerca_presentazione", "pratiche_pkey"}, true},
			"camminata":  {storage.Filtro{Testo: "rossi mario"}, []string{"ricerca_presentazione", "pratiche_pkey"}, true},
			"collezioni": {storage.Filtro{Testo: "quintavalle"}, []string{"ricerca_lessemi"}, false},
			"tratti":     {storage.Filtro{Testo: "rossi", Servizi: []string{"servizio-1"}}, []string{"pratiche_servizio_presentazione", "ricerca_pkey"}, true},
			"inizio":     {storage.Filtro{CambioDal: storagetest.Ora()}, []string{"pratiche_presentazione"}, true},
			"raccolte":   {storage.Filtro{Richiedente: "RSSMRA80A01H501U", Testo: "rossi"}, []string{"pratiche_codice_fiscale"}, false},
		} {
			if n == "raccolte" && nome == "ignoti" {
				continue // few rows are found by any index
			}
			caso.f.Ente = ente
			frasi, valori := postgres.Frasi(caso.f)
			passi, _ := piano(t, s, frasi[n], valori[n])
			for _, i := range caso.indici {
				require.Contains(t, passi, i+" ", "%s, %s:\n%s", nome, n, passi)
			}
			require.NotContains(t, passi, "Seq Scan", "%s, %s:\n%s", nome, n, passi)
			if caso.senzaOrdinare {
				require.NotRegexp(t, ordina, passi, "%s, %s", nome, n)
			}
		}
		ora := storagetest.Ora().UnixNano()
		for n, caso := range map[string]struct {
			valori []any
			indice string
		}{
			"prenota":       {[]any{"w", ora, ora, 10}, "effetti_da_dare"},
			"prenota_senza": {[]any{"w", ora, ora, 10, []string{string(pratica.EffettoAvviso)}}, "effetti_da_dare_genere"},
			"prenota_solo":  {[]any{"w", ora, ora, 10, []string{}, "e"}, "effetti_id"},
		} {
			passi, _ := piano(t, s, postgres.FrasiEffetti()[n], caso.valori)
			require.Contains(t, passi, caso.indice+" ", "%s, %s:\n%s", nome, n, passi)
			require.Contains(t, passi, "LockRows")
			require.NotContains(t, passi, "Seq Scan", "%s, %s:\n%s", nome, n, passi)
		}
	}
}

// TestPianiDeiCommit looks at how much a commit and a lease read, once there are
// some thousands of rows, with the plans that were made when there was none.
func TestPianiDeiCommit(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := apri(t, postgres.Config{Connessioni: 1})
	const quanti = 1_200
	var primo storage.Commit
	for n := range quanti {
		c := comando(t, n)
		c.Unici, c.Effetti[0].Prossimo, c.Effetti[1].Prossimo = []storage.Unico{{Ambito: "a", Chiave: fmt.Sprint(n)}}, storagetest.Ora().AddDate(1, 0, 0), storagetest.Ora().AddDate(1, 0, 0)
		if n == 0 {
			primo, c.Effetti[0].Prossimo = c, storagetest.Ora()
		}
		_, err := s.Registra(ctx, c)
		require.NoError(t, err)
		if n > 0 {
			continue
		}
		presi, err := s.Prenota(ctx, storage.Prenotazione{Titolare: "w", Ora: storagetest.Ora(), Durata: time.Hour, Limite: 1})
		require.NoError(t, err)
		require.Len(t, presi, 1)
		c = nota(t, primo.Pratica, "uno") // all statements are planned
		c.Concluso = &presi[0]
		_, err = s.Registra(ctx, c)
		require.NoError(t, err)
		primo = c
		_, err = s.Numera(ctx, ente, "s", 2026, "x")
		require.NoError(t, err)
	}
	presi, err := s.Prenota(ctx, storage.Prenotazione{Titolare: "w", Ora: storagetest.Ora().AddDate(1, 0, 1), Durata: time.Hour, Limite: 1})
	require.NoError(t, err)
	require.Len(t, presi, 1)
	p, err := s.Carica(ctx, ente, presi[0].Pratica)
	require.NoError(t, err)
	cambia := nota(t, p, "due")
	cambia.Concluso, cambia.Unici = &presi[0], []storage.Unico{{Ambito: "a", Chiave: "nuovo"}}
	libera := nota(t, p, "tre")
	libera.Liberi = []storage.Unico{{Ambito: "a", Chiave: "7"}, {Ambito: "a", Chiave: "8"}}
	for nome, c := range map[string]storage.Commit{"crea": comando(t, quanti), "cambia": cambia, "libera": libera} {
		frase, valori, err := s.FraseRegistra(ctx, c)
		require.NoError(t, err)
		passi, pagine := piano(t, s, frase, valori)
		require.Positive(t, pagine)
		require.Less(t, pagine, 300, "%s:\n%s", nome, passi)
	}
	ora := storagetest.Ora().AddDate(1, 0, 1).UnixNano()
	passi, pagine := piano(t, s, postgres.FrasiEffetti()["prenota"], []any{"w", ora, ora, 1})
	require.Less(t, pagine, 100, passi)
	passi, pagine = piano(t, s, `SELECT numera($1, $2, $3, $4)`, []any{ente, "s", 2026, "y"})
	require.Less(t, pagine, 100, passi)
}
