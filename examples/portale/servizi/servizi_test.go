package servizi_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/examples/portale/servizi"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

func Example() {
	elenco, err := servizi.Elenco()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range elenco {
		_, appuntamenti := s.Appuntamenti()
		fmt.Println(s.ID(), s.HaProtocollo(), s.HaPagamenti(), s.HaBolli(), appuntamenti, s.Inoltro())
	}
	// Output:
	// iscrizione-nido true false false false false
	// occupazione-suolo true true true false false
	// carta-identita false false false true false
	// segnalazione false false false false true
	// centri-estivi true false false false false
}

func TestSchedePerOgniServizio(t *testing.T) {
	t.Parallel()
	elenco, err := servizi.Elenco()
	require.NoError(t, err)
	schede := servizi.Schede()
	require.Len(t, schede, len(elenco))
	for _, s := range elenco {
		require.NotEmpty(t, schede[s.ID()].Serve, s.ID())
	}
}

func TestCalendariECittadini(t *testing.T) {
	t.Parallel()
	noti := map[string]bool{}
	for _, c := range servizi.Calendari() {
		require.NoError(t, c.Verifica())
		noti[c.ID] = true
	}
	elenco, err := servizi.Elenco()
	require.NoError(t, err)
	for _, s := range elenco {
		a, _ := s.Appuntamenti()
		for _, id := range a.Calendari {
			require.True(t, noti[id], id)
		}
	}
	cittadini, err := servizi.Cittadini()
	require.NoError(t, err)
	for _, c := range cittadini {
		require.True(t, c.Attore.Persona.CodiceFiscale.Valido())
	}
	require.Less(t, cittadini[2].Attore.Livello, servizio.SPID2, "one must be refused by some service")
}

func TestOperatoriDiServiziEUfficiVeri(t *testing.T) {
	t.Parallel()
	elenco, err := servizi.Elenco()
	require.NoError(t, err)
	noti, uffici := map[string]bool{}, map[string]bool{}
	for _, s := range elenco {
		noti[s.ID()] = true
		for _, u := range s.Uffici() {
			uffici[u.ID] = true
		}
	}
	for _, o := range servizi.Rubrica().Operatori() {
		for _, s := range o.Servizi {
			require.True(t, noti[s], s)
		}
		for _, u := range o.Uffici {
			require.True(t, uffici[u], u)
		}
	}
}

func TestMonta(t *testing.T) {
	t.Parallel()
	p, err := servizi.Monta(servizi.Impianto{Store: memoria.New(), Archivio: memoria.NewArchivio(), Indirizzo: "http://127.0.0.1:1"})
	require.NoError(t, err)
	require.NotNil(t, p.Sportello)
	_, err = servizi.Monta(servizi.Impianto{})
	require.Error(t, err)
	_, err = servizi.Monta(servizi.Impianto{Store: memoria.New(), Archivio: memoria.NewArchivio(), Indirizzo: "altrove"})
	require.Error(t, err)
	_, err = servizi.Monta(servizi.Impianto{Store: memoria.New(), Archivio: memoria.NewArchivio(), Indirizzo: "http://x", CartellaTema: t.TempDir()})
	require.Error(t, err)
}
