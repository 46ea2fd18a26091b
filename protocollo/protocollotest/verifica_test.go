package protocollotest_test

import (
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
	"github.com/stretchr/testify/require"
)

// tutto is what the embedded register and Finto keep.
var tutto = protocollotest.Abilita{OggettoFedele: true, AllegatiFedeli: true, ImpronteFedeli: true}

func annoFisso() time.Time { return time.Date(1999, 6, 1, 8, 0, 0, 0, time.UTC) }

func fabbricaFinto(c protocollotest.Copione) protocollotest.Fabbrica {
	c.Orologio = annoFisso
	return protocollotest.Fabbrica{
		Nuovo: func() (protocollotest.Istanza, error) {
			f, err := protocollotest.New(c)
			if err != nil {
				return protocollotest.Istanza{}, err
			}
			return protocollotest.Istanza{Registro: f.Porta(), Effetti: func() int { return len(f.Effetti()) }}, nil
		},
		AltroEnte: "c_f205", Anno: 1999, Abilita: tutto,
	}
}

func TestFintoConforme(t *testing.T) {
	t.Parallel()
	for nome, c := range map[string]protocollotest.Copione{
		"completo":     {},
		"con cerca":    {Livello: protocollotest.ConCerca, CercaInaffidabile: true},
		"solo":         {Livello: protocollotest.SoloRegistra},
		"idempotente":  {Idempotente: true},
		"senza scelta": {Livello: protocollotest.SoloRegistra, Limiti: protocollo.Capacita{MassimoAllegati: -1}},
		"limiti": {Limiti: protocollo.Capacita{MassimoOggetto: 60, MassimoNome: 20, MassimoAllegati: 2,
			CaratteriVietatiNome: "àèìòù'&@#-", EstensioniAmmesse: []string{"p7m", "pdf"},
			MassimoByteDocumento: 1 << 20, MassimoByteTotale: 2 << 20}},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			protocollotest.Verifica(t, fabbricaFinto(c))
		})
	}
}

func TestDocumentoDelKit(t *testing.T) {
	t.Parallel()
	r := protocollotest.Richiesta("c_h501", "abcd", 2)
	require.NoError(t, r.Verifica())
	require.Len(t, r.Documenti(), 3)
}
