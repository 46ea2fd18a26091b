package pagamenti_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/stretchr/testify/require"
)

func euro(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func dovuto() pagamenti.Dovuto {
	return pagamenti.Dovuto{
		ID: "0195c3a0-7f6e-7a51-9c51-000000000001", Ente: "c_h501", Causale: "Diritti di segreteria", Importo: euro("51.65"),
		Voci: []pagamenti.Voce{
			{Capitolo: "3100", Importo: euro("50")},
			{Capitolo: "3110", Causale: "Spese", Importo: euro("1.650")},
		},
		Pagatore:   pagamenti.Pagatore{Tipo: pagamenti.PersonaFisica, CodiceFiscale: "VRDMRN92A12H501Z", Nome: "Marina Verdi", Email: "marina@example.it", Indirizzo: "Via Roma", Civico: "1", CAP: "00100", Localita: "Roma", Provincia: "RM", Nazione: "IT"},
		RitornoURL: "https://portale.example/ritorno?t=abc",
	}
}

func ExampleDovuto_Verifica() {
	d := pagamenti.Dovuto{
		ID: "a-1", Ente: "c_h501", Causale: "Diritti per RSSMRA30A01H501I", Importo: decimal.RequireFromString("10.005"),
		Pagatore: pagamenti.Pagatore{Tipo: pagamenti.PersonaFisica, CodiceFiscale: "RSSMRA30A01H501I", Nome: "Mario Rossi"},
	}
	var e *pagamenti.NonValido
	if errors.As(d.Verifica(), &e) {
		for _, p := range e.Problemi {
			fmt.Println(p.Campo, p.Codice)
		}
	}
	// Output:
	// causale dati_personali
	// importo importo
}

func TestDovutoVerifica(t *testing.T) {
	t.Parallel()
	require.NoError(t, dovuto().Verifica())
	senza := dovuto()
	senza.Voci, senza.RitornoURL = nil, ""
	require.NoError(t, senza.Verifica())
	limite := senza
	limite.Importo = pagamenti.ImportoMassimo()
	limite.Causale = strings.Repeat("è", 140)
	require.NoError(t, limite.Verifica())

	for nome, caso := range map[string]struct {
		guasta func(*pagamenti.Dovuto)
		attesi string
	}{
		"id vuoto":           {func(d *pagamenti.Dovuto) { d.ID = "" }, "id formato"},
		"id con barra":       {func(d *pagamenti.Dovuto) { d.ID = "a/b" }, "id formato"},
		"id lungo":           {func(d *pagamenti.Dovuto) { d.ID = strings.Repeat("a", 65) }, "id formato"},
		"ente":               {func(d *pagamenti.Dovuto) { d.Ente = " " }, "ente mancante"},
		"causale vuota":      {func(d *pagamenti.Dovuto) { d.Causale = "" }, "causale mancante"},
		"causale lunga":      {func(d *pagamenti.Dovuto) { d.Causale = strings.Repeat("è", 141) }, "causale lungo"},
		"causale a capo":     {func(d *pagamenti.Dovuto) { d.Causale = "a\nb" }, "causale caratteri"},
		"causale non utf8":   {func(d *pagamenti.Dovuto) { d.Causale = "a\xff" }, "causale caratteri"},
		"causale con nome":   {func(d *pagamenti.Dovuto) { d.Causale = "Diritti di marina  verdi" }, "causale dati_personali"},
		"causale con cf":     {func(d *pagamenti.Dovuto) { d.Causale = "Pratica vrdmrn92a12h501z" }, "causale dati_personali"},
		"causale cf altrui":  {func(d *pagamenti.Dovuto) { d.Causale = "x RSSMRA30A01H501I." }, "causale dati_personali"},
		"causale omocodia":   {func(d *pagamenti.Dovuto) { d.Causale = "RSSMRA30A01H50MI" }, "causale dati_personali"},
		"zero":               {func(d *pagamenti.Dovuto) { d.Importo = euro("0") }, "importo importo"},
		"negativo":           {func(d *pagamenti.Dovuto) { d.Importo = euro("-1") }, "importo importo"},
		"tre decimali":       {func(d *pagamenti.Dovuto) { d.Importo = euro("51.651") }, "importo importo"},
		"enorme":             {func(d *pagamenti.Dovuto) { d.Importo = euro("1000000000") }, "importo importo"},
		"smisurato":          {func(d *pagamenti.Dovuto) { d.Importo = decimal.New(1, 2_000_000_000) }, "importo importo"},
		"minuscolo":          {func(d *pagamenti.Dovuto) { d.Importo = decimal.New(1, -2_000_000_000) }, "importo importo"},
		"somma":              {func(d *pagamenti.Dovuto) { d.Importo = euro("51.64") }, "voci somma"},
		"somma per difetto":  {func(d *pagamenti.Dovuto) { d.Importo = euro("51.66") }, "voci somma"},
		"voce zero":          {func(d *pagamenti.Dovuto) { d.Voci[1].Importo = euro("0") }, "voci[1].importo importo"},
		"voce capitolo":      {func(d *pagamenti.Dovuto) { d.Voci[0].Capitolo = strings.Repeat("1", 65) }, "voci[0].capitolo lungo"},
		"voce causale":       {func(d *pagamenti.Dovuto) { d.Voci[0].Causale = "VRDMRN92A12H501Z" }, "voci[0].causale dati_personali"},
		"troppe voci":        {func(d *pagamenti.Dovuto) { d.Voci = make([]pagamenti.Voce, 101) }, "voci numero"},
		"pagatore":           {func(d *pagamenti.Dovuto) { d.Pagatore = pagamenti.Pagatore{} }, "pagatore.tipo tipo, pagatore.codice_fiscale formato, pagatore.nome mancante"},
		"cf minuscolo":       {func(d *pagamenti.Dovuto) { d.Pagatore.CodiceFiscale = "vrdmrn92a12h501z" }, "pagatore.codice_fiscale formato"},
		"nome lungo":         {func(d *pagamenti.Dovuto) { d.Pagatore.Nome = strings.Repeat("a", 71) }, "pagatore.nome lungo"},
		"email":              {func(d *pagamenti.Dovuto) { d.Pagatore.Email = "marina" }, "pagatore.email formato"},
		"indirizzo":          {func(d *pagamenti.Dovuto) { d.Pagatore.Indirizzo = "a\x00" }, "pagatore.indirizzo caratteri"},
		"provincia":          {func(d *pagamenti.Dovuto) { d.Pagatore.Provincia = "Roma" }, "pagatore.provincia formato"},
		"ritorno relativo":   {func(d *pagamenti.Dovuto) { d.RitornoURL = "/ritorno" }, "ritorno_url formato"},
		"ritorno javascript": {func(d *pagamenti.Dovuto) { d.RitornoURL = "javascript://x/%0aalert(1)" }, "ritorno_url formato"},
		"ritorno con utente": {func(d *pagamenti.Dovuto) { d.RitornoURL = "https://a@portale.example" }, "ritorno_url formato"},
		"ritorno lungo":      {func(d *pagamenti.Dovuto) { d.RitornoURL += strings.Repeat("a", 2048) }, "ritorno_url formato"},
		"ritorno rotto":      {func(d *pagamenti.Dovuto) { d.RitornoURL = "https://[a" }, "ritorno_url formato"},
		"ritorno con cf":     {func(d *pagamenti.Dovuto) { d.RitornoURL += "&cf=VRDMRN92A12H501Z" }, "ritorno_url dati_personali"},
		"tutto insieme": {func(d *pagamenti.Dovuto) { *d = pagamenti.Dovuto{} },
			"id formato, ente mancante, causale mancante, importo importo, pagatore.tipo tipo, pagatore.codice_fiscale formato, pagatore.nome mancante"},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			d := dovuto()
			caso.guasta(&d)
			err := d.Verifica()
			require.EqualError(t, err, "pagamenti: dati non validi: "+caso.attesi)
			require.ErrorIs(t, err, pagamenti.ErrNonValido)
			require.NotErrorIs(t, err, pagamenti.ErrImporto)
			require.Equal(t, guasto.Permanente, guasto.Di(err))
		})
	}
}

func TestCausaleDiPersonaGiuridica(t *testing.T) {
	t.Parallel()
	d := dovuto()
	d.Pagatore = pagamenti.Pagatore{Tipo: pagamenti.PersonaGiuridica, CodiceFiscale: "15376371009", Nome: "Mensa scolastica Srl"}
	d.Causale = "Mensa scolastica Srl, servizio 2026"
	require.NoError(t, d.Verifica(), "the name of a company is no personal data")
}

func TestRiservatezza(t *testing.T) {
	t.Parallel()
	d := dovuto()
	var b bytes.Buffer
	l := slog.New(slog.NewTextHandler(&b, nil))
	l.Info("x", "dovuto", d, "pagatore", d.Pagatore)
	smisurato := d
	smisurato.Importo = decimal.New(1, 2_000_000_000)
	l.Info("x", "dovuto", smisurato)
	_, err := fmt.Fprintf(&b, "%v %+v %#v %s", d.Pagatore, d.Pagatore, d.Pagatore, d.Pagatore)
	require.NoError(t, err)
	for _, v := range []string{"VRDMRN", "Verdi", "marina", "Roma"} {
		require.NotContains(t, b.String(), v)
	}
	require.Contains(t, b.String(), d.ID)
	require.Contains(t, b.String(), "51.65")
	require.Contains(t, b.String(), "fuori_limite")
}

func TestDovutoJSON(t *testing.T) {
	t.Parallel()
	d := dovuto()
	d.Scadenza = time.Date(2026, 6, 8, 22, 0, 0, 0, time.UTC)
	b, err := json.Marshal(d)
	require.NoError(t, err)
	require.Contains(t, string(b), `"importo":"51.65"`)
	var letto pagamenti.Dovuto
	require.NoError(t, json.Unmarshal(b, &letto))
	require.True(t, d.Importo.Equal(letto.Importo))
	d.Importo, d.Voci, letto.Importo, letto.Voci = decimal.Decimal{}, nil, decimal.Decimal{}, nil
	require.Equal(t, d, letto)
}
