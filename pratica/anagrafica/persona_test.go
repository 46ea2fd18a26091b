package anagrafica_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/go-playground/validator/v10"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/stretchr/testify/require"
)

func maria() anagrafica.Persona {
	return anagrafica.Persona{
		Nome: "Maria", Cognome: "Rossi", CodiceFiscale: "RSSMRA80A41H501Y", Nascita: capodanno80,
		LuogoNascita: anagrafica.LuogoNascita{Comune: "Roma", Provincia: "RM", Belfiore: "H501"},
		Sesso:        anagrafica.Femminile, Email: "maria@esempio.it", PEC: "maria@pec.esempio.it", Telefono: "+39061234567",
		Residenza: anagrafica.Indirizzo{Presso: "Bianchi", Via: "Via Appia", Civico: "1/B", CAP: "00184", Comune: "Roma", Provincia: "RM"},
	}
}

func TestPersonaJSON(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(maria())
	require.NoError(t, err)
	require.JSONEq(t, `{"nome":"Maria","cognome":"Rossi","codice_fiscale":"RSSMRA80A41H501Y","nascita":"1980-01-01",
		"luogo_nascita":{"comune":"Roma","provincia":"RM","belfiore":"H501"},"sesso":"F","email":"maria@esempio.it",
		"pec":"maria@pec.esempio.it","telefono":"+39061234567","residenza":{"presso":"Bianchi","via":"Via Appia",
		"civico":"1/B","cap":"00184","comune":"Roma","provincia":"RM"}}`, string(b))
	var p anagrafica.Persona
	require.NoError(t, json.Unmarshal(b, &p))
	require.Equal(t, maria(), p)

	b, err = json.Marshal(anagrafica.Persona{})
	require.NoError(t, err)
	require.JSONEq(t, `{}`, string(b))
	require.True(t, anagrafica.Persona{}.IsZero())
	require.False(t, maria().IsZero())
}

func TestRiserbo(t *testing.T) {
	t.Parallel()
	p := maria()
	var b bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&b, nil))
	valori := []any{
		p, &p, p.CodiceFiscale, p.Email, p.PEC, p.Telefono, p.LuogoNascita, p.Residenza, p.Residenza.CAP,
		anagrafica.PartitaIVA("00743110157"), anagrafica.IBAN("IT60X0542811101000000123456"),
	}
	for _, v := range valori {
		log.Info("prova", "valore", v)
	}
	righe := strings.Split(strings.TrimSpace(b.String()), "\n")
	require.Len(t, righe, len(valori))
	for k, r := range righe {
		var m map[string]any
		require.NoError(t, json.Unmarshal([]byte(r), &m))
		require.Equal(t, "[riservato]", m["valore"], "%T", valori[k])
	}
	for _, v := range valori[2:6] {
		require.Equal(t, reflect.ValueOf(v).String(), v.(interface{ String() string }).String())
	}
	require.Equal(t, "00743110157", anagrafica.PartitaIVA("00743110157").String())
	require.Equal(t, "IT60X0542811101000000123456", anagrafica.IBAN("IT60X0542811101000000123456").String())
	require.Equal(t, "00184", p.Residenza.CAP.String())
}

func TestTesti(t *testing.T) {
	t.Parallel()
	require.Equal(t, "Maria Rossi", maria().Denominazione())
	require.Equal(t, "Rossi", anagrafica.Persona{Cognome: "Rossi"}.Denominazione())
	require.Empty(t, anagrafica.Persona{}.Denominazione())
	require.Equal(t, "presso Bianchi, Via Appia 1/B, 00184 Roma (RM)", maria().Residenza.String())
	estero := anagrafica.Indirizzo{Via: "Rue Esempio", CAP: "69001", Comune: "Lyon", Stato: "FR"}
	require.Equal(t, "Rue Esempio, 69001 Lyon, FR", estero.String())
	require.True(t, estero.Estero())
	require.False(t, anagrafica.Indirizzo{Stato: "IT"}.Estero())
	require.Empty(t, anagrafica.Indirizzo{}.String())
	require.True(t, anagrafica.Indirizzo{}.IsZero())
	require.Equal(t, "Roma (RM)", maria().LuogoNascita.String())
	require.Equal(t, "Lyon (FR)", anagrafica.LuogoNascita{Comune: "Lyon", Stato: "FR"}.String())
	require.Equal(t, "Roma", anagrafica.LuogoNascita{Comune: "Roma", Stato: "IT"}.String())
	require.True(t, anagrafica.LuogoNascita{}.IsZero())
}

func TestPersonaVerifica(t *testing.T) {
	t.Parallel()
	require.Nil(t, maria().Verifica(oggi))
	require.Nil(t, anagrafica.Persona{}.Verifica(oggi))
	cattiva := anagrafica.Persona{
		Nome: "Ma\x00ria", Cognome: strings.Repeat("R", 401), CodiceFiscale: "RSSMRA80A41H501Z",
		Nascita:      termini.Giorno{Anno: 2026, Mese: time.April, Giorno: 1},
		LuogoNascita: anagrafica.LuogoNascita{Comune: "\xff", Provincia: "Roma", Stato: "ita", Belfiore: "h501"},
		Sesso:        "D", Email: "maria", PEC: "maria@", Telefono: "casa",
		Residenza: anagrafica.Indirizzo{
			Presso: "a\u202eb", Via: "a\nb", Civico: strings.Repeat("1", 201), CAP: "184", Comune: "a\u2028b", Provincia: "rm", Stato: "IT",
		},
	}
	errs := cattiva.Verifica(oggi)
	var campi []string
	for _, e := range errs {
		campi = append(campi, e.Campo+" "+string(e.Codice))
	}
	require.Equal(t, []string{
		"nome testo_carattere", "cognome testo_lunghezza", "codice_fiscale cf_carattere_controllo", "nascita nascita_futura",
		"luogo_nascita.comune testo_carattere", "luogo_nascita.provincia provincia_formato", "luogo_nascita.stato stato_formato",
		"luogo_nascita.belfiore belfiore_formato", "sesso sesso_valore", "email email_formato", "pec pec_formato",
		"telefono telefono_formato", "residenza.presso testo_carattere", "residenza.via testo_carattere",
		"residenza.civico testo_lunghezza", "residenza.comune testo_carattere", "residenza.cap cap_formato",
		"residenza.provincia provincia_formato",
	}, campi)
	for _, r := range errs.Error() {
		require.Less(t, r, rune(unicode.MaxASCII))
	}

	require.Nil(t, anagrafica.Indirizzo{CAP: "SW1A 1AA", Stato: "GB"}.Verifica(""))
	errs = anagrafica.Indirizzo{CAP: "12345678901234567", Stato: "GB"}.Verifica("")
	require.Equal(t, anagrafica.Errori{{Codice: anagrafica.ErrTestoLunghezza, Campo: "cap"}}, errs)
}

func TestRegistra(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, anagrafica.Registra(nil), anagrafica.ErrValidatoreMancante)
	v := validator.New(validator.WithRequiredStructEnabled())
	require.NoError(t, anagrafica.Registra(v))
	type dati struct {
		CF   string                   `validate:"omitempty,cf"`
		Tipo anagrafica.CodiceFiscale `validate:"omitempty,cf"`
		Punt *string                  `validate:"omitempty,cf"`
		PIVA string                   `validate:"omitempty,piva"`
		IBAN string                   `validate:"omitempty,iban"`
		CAP  string                   `validate:"omitempty,cap"`
		PEC  string                   `validate:"omitempty,pec"`
		Num  int                      `validate:"omitempty,cap"`
	}
	require.NoError(t, v.Struct(dati{}))
	cf := "rssmra80a01 h501u"
	require.NoError(t, v.Struct(dati{
		CF: cf, Tipo: "RSSMRA80A01H501U", Punt: &cf, PIVA: "00743110157",
		IBAN: "IT60X0542811101000000123456", CAP: "00184", PEC: "a@pec.esempio.it",
	}))
	no := "no"
	err := v.Struct(dati{CF: no, Tipo: "no", Punt: &no, PIVA: no, IBAN: no, CAP: no, PEC: no, Num: 12345})
	var errs validator.ValidationErrors
	require.ErrorAs(t, err, &errs)
	var tag []string
	for _, e := range errs {
		tag = append(tag, e.Field()+":"+e.Tag())
	}
	require.Equal(t, []string{"CF:cf", "Tipo:cf", "Punt:cf", "PIVA:piva", "IBAN:iban", "CAP:cap", "PEC:pec", "Num:cap"}, tag)
	require.Error(t, v.Var("", "cf"), "empty fails without omitempty")
}
