package proiezione_test

import (
	"flag"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

func TestPiega(t *testing.T) {
	t.Parallel()
	for s, attesa := range map[string]string{
		"":               "",
		"Niccolò D’Aquì": "niccolo d’aqui",
		"STRASSE Straße": "strasse strasse",
		"e\u0301É":       "ee",
		"Ⅷ ﬁne":          "viii fine",
		"a\x00b\tc":      "a b c",
		"a\xffb":         "a\ufffdb",
		"ΣΊΣΥΦΟΣ":        "σισυφοσ",
		"İstanbul":       "istanbul",
	} {
		require.Equal(t, attesa, proiezione.Piega(s), "%q", s)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		p := proiezione.Piega(s)
		require.True(t, utf8.ValidString(p))
		require.Equal(t, p, proiezione.Piega(p), "folding twice is folding once")
	})
}

func TestRiga(t *testing.T) {
	t.Parallel()
	ora := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	p := &pratica.Pratica{ID: "x", Versione: 7, Servizio: "s", Stato: pratica.InCarico, Numero: pratica.Numero{Anno: 2026, Progressivo: 4}, Oggetto: "Suolo",
		Richiedente: anagrafica.Persona{Nome: "Anna", Cognome: "Forlì", CodiceFiscale: "X"}, Ufficio: "u", Operatore: "o",
		Creata: ora, CambioStato: ora, Aggiornata: ora,
		Documenti: []pratica.Documento{{Tipo: pratica.DocIstanza, Registrazione: &protocollo.Registrazione{Estremi: protocollo.Estremi{Anno: 2026, Numero: "12"}}}}}
	r := proiezione.Riga(p, nil, true)
	require.Equal(t, storage.Riga{ID: "x", Versione: 7, Servizio: "s", Stato: pratica.InCarico, Numero: p.Numero, Oggetto: "Suolo", Richiedente: "Anna Forlì",
		CodiceFiscale: "X", Ufficio: "u", Operatore: "o", Protocollo: "0000012/2026", Creata: ora, CambioStato: ora, Aggiornata: ora, Attenzione: true,
		Dovuto: proiezione.Euro(0)}, r)
	require.Equal(t, ora, proiezione.Presentazione(&r))
	r.PresentataIl = ora.Add(time.Hour)
	require.Equal(t, r.PresentataIl, proiezione.Presentazione(&r))
}

func TestIstante(t *testing.T) {
	t.Parallel()
	ora := time.Now()
	require.True(t, ora.Equal(proiezione.Netto(ora)))
	require.True(t, proiezione.Netto(time.Time{}).IsZero())
	prima, dopo := time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	require.Less(t, proiezione.Istante(prima), proiezione.Istante(ora))
	require.Greater(t, proiezione.Istante(dopo), proiezione.Istante(ora))
}

func FuzzCursore(f *testing.F) {
	buono, err := proiezione.Posizione{Ordine: storage.PerAggiornamento, Istante: -7, ID: "è"}.Cursore()
	require.NoError(f, err)
	for _, s := range []string{"", buono, buono[:5], "e30", "bnVsbA", "=", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		filtro := storage.Filtro{Ente: "c_h501", Ordine: storage.PerAggiornamento, Cursore: s}
		_, p, err := proiezione.Filtro(filtro)
		if err != nil {
			require.ErrorIs(t, err, storage.ErrFiltro)
			require.Zero(t, p)
			return
		}
		if s == "" {
			return
		}
		filtro.Cursore, err = p.Cursore()
		require.NoError(t, err)
		_, q, err := proiezione.Filtro(filtro)
		require.NoError(t, err)
		require.Equal(t, p, q)
	})
}
