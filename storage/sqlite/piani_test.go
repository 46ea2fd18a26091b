package sqlite_test

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

// indici says which indexes a list is read from, each once or more.
func indici() map[string][]string {
	const tutte, servizio, stato = "pratiche_", "pratiche_servizio_", "pratiche_stato_"
	return map[string][]string{
		"tutte": {tutte}, "bozze": {tutte, stato}, "un_mese": {tutte}, "da_pagare": {"pratiche_dovuto_"},
		"servizi": {servizio}, "servizi_rari": {servizio}, "servizi_40": {servizio}, "ufficio": {"pratiche_ufficio_"},
		"stato": {stato}, "stato_raro": {stato}, "aperte": {stato},
		"scrivania": {servizio, stato}, "scrivania_40": {servizio, stato},
		"scrivania_stato": {"pratiche_incrocio_"}, "scrivania_stato_raro": {"pratiche_incrocio_"}, "scrivania_40_aperte": {stato}, // there are few, in an empty file
		"mie": {"pratiche_operatore_"}, "mie_stato": {"pratiche_operatore_"}, "libere": {"pratiche_libere_", stato},
	}
}

// TestPianiElenco asks SQLite how it reads every kind of list, and wants no
// step that reads or sorts more than the page or a bounded number of rows.
func TestPianiElenco(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := apri(t, filepath.Join(t.TempDir(), "p.db"))
	for _, x := range forme() {
		for _, o := range ordini() {
			for _, dopo := range []bool{false, true} {
				f := x.f
				f.Ente, f.Ordine = ente, o
				segno, colonna := "<", "presentazione"
				if proiezione.Crescente(o) {
					segno = ">"
				}
				if o == storage.PerAggiornamento || o == storage.PerAggiornamentoVecchie {
					colonna = "aggiornata"
				}
				if dopo {
					var err error
					f.Cursore, err = proiezione.Posizione{Ordine: o, Istante: 1, ID: "x"}.Cursore()
					require.NoError(t, err)
				}
				unione, _, _, err := s.Spiega(ctx, f)
				require.NoError(t, err)
				visti := map[string]bool{}
				for _, passo := range unione {
					switch passo {
					case "MERGE (UNION ALL)", "LEFT", "RIGHT":
						continue
					}
					if x.tabella {
						passo = strings.Replace(passo, " INDEX ", " COVERING INDEX ", 1)
						passo = strings.Replace(passo, "COVERING COVERING", "COVERING", 1)
					}
					require.True(t, strings.HasPrefix(passo, "SEARCH pratiche USING COVERING INDEX pratiche_"), "%s/%s: %s", x.nome, o, passo)
					_, indice, _ := strings.Cut(passo, "COVERING INDEX ")
					indice, resto, _ := strings.Cut(indice, " ")
					require.True(t, strings.HasSuffix(indice, colonna) && strings.HasPrefix(resto, "(ente=?"), "%s/%s: %s", x.nome, o, passo)
					visti[strings.TrimSuffix(indice, colonna)] = true
					if dopo {
						require.Contains(t, passo, " AND ("+colonna+",id)"+segno+"(?,?)", "%s/%s", x.nome, o)
					}
				}
				require.ElementsMatch(t, indici()[x.nome], slices.Collect(maps.Keys(visti)), x.nome)
				f.Testo = "rossi"
				_, raccolta, percorsa, err := s.Spiega(ctx, f)
				require.NoError(t, err)
				require.Equal(t, "SEARCH pratiche USING INTEGER PRIMARY KEY (rowid=?)", raccolta[0])
				for _, passo := range percorsa {
					limitata := strings.HasPrefix(passo, "SEARCH ") || passo == "SCAN v" || strings.HasPrefix(passo, "SCAN ricerca VIRTUAL TABLE")
					require.True(t, limitata || !strings.Contains(passo, "SCAN") && !strings.Contains(passo, "TEMP"), "%s/%s: %s", x.nome, o, passo)
				}
			}
		}
	}
}

// TestPianiPropri looks at the filters that have few rows by nature.
func TestPianiPropri(t *testing.T) {
	t.Parallel()
	s := apri(t, filepath.Join(t.TempDir(), "p.db"))
	for indice, f := range map[string]storage.Filtro{
		"pratiche_numero (ente=? AND anno=? AND progressivo=?)": {Numero: pratica.Numero{Anno: 2026, Progressivo: 1}},
		"pratiche_codice_fiscale (ente=? AND codice_fiscale=?)": {Richiedente: "RSSMRA80A01H501U"},
		"pratiche_anonimo (ente=? AND anonimo=?)":               {Anonimo: "ab"},
		"pratiche_attenzione_presentazione (ente=?)":            {Attenzione: true},
	} {
		f.Ente, f.Bozze, f.Testo = ente, true, "rossi"
		passi, _, _, err := s.Spiega(context.Background(), f)
		require.NoError(t, err)
		require.Contains(t, passi[0], " USING INDEX "+indice)
		ordinata := len(passi) == 1
		require.Equal(t, !strings.Contains(indice, "numero") && !strings.Contains(indice, "anonimo"), ordinata, "%v", passi)
	}
}

// TestPianiFrasi does the same for all prepared statements.
func TestPianiFrasi(t *testing.T) {
	t.Parallel()
	piani, err := apri(t, filepath.Join(t.TempDir(), "p.db")).SpiegaFrasi(context.Background())
	require.NoError(t, err)
	require.Greater(t, len(piani), 30)
	for frase, passi := range piani {
		for _, passo := range passi {
			if strings.HasPrefix(passo, "SCAN ") {
				cosa := strings.Fields(passo)[1]
				require.Contains(t, []string{"CONSTANT", "json_each", "ricerca", "ricerca_parole", "(subquery-1)", "(subquery-3)"}, cosa, frase)
			}
			if strings.Contains(passo, "TEMP B-TREE") {
				require.Contains(t, frase, "WHERE e.id = ?3", "one effect: %s", frase)
			}
		}
		if strings.Contains(frase, "FROM effetti e WHERE e.stato") {
			require.Contains(t, passi, "SEARCH e USING INDEX effetti_da_dare (<expr><?)", "what is not due is not read")
		}
	}
}

// TestPianiPeriodo looks at days in the order of the last change, which are read
// period by period once there are pratiche.
func TestPianiPeriodo(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := apri(t, filepath.Join(t.TempDir(), "p.db"))
	for i := range 3 {
		giorno := inizioRighe().AddDate(i, 0, 0)
		c, err := storagetest.Scheda{Ente: ente, ID: storagetest.ID(i), Servizio: "s", Stato: pratica.InCarico, Creata: giorno, Presentata: giorno, Cambio: giorno}.Commit()
		require.NoError(t, err)
		_, err = s.Registra(ctx, c)
		require.NoError(t, err)
	}
	for n, f := range map[int]storage.Filtro{
		2:  {Dal: inizioRighe().AddDate(1, 0, 0), Al: inizioRighe().AddDate(1, 1, 0)},
		15: {Dal: inizioRighe().AddDate(1, 0, 0), Servizi: []string{"s"}, Stati: []pratica.Stato{pratica.InCarico}},
		1:  {Al: inizioRighe().AddDate(-5, 0, 0)},
	} {
		f.Ente = ente
		for _, f.Ordine = range []storage.Ordine{storage.PerAggiornamento, storage.PerAggiornamentoVecchie} {
			passi, _, _, err := s.Spiega(ctx, f)
			require.NoError(t, err)
			letti := 0
			for _, passo := range passi {
				require.NotContains(t, passo, "SCAN")
				if strings.HasPrefix(passo, "SEARCH") {
					require.True(t, strings.HasPrefix(passo, "SEARCH pratiche USING COVERING INDEX pratiche_periodo_aggiornata (ente=? AND <expr>=?"), passo)
					letti++
				}
			}
			require.GreaterOrEqual(t, letti, n)
		}
	}
}
