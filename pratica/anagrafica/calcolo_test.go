package anagrafica_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/stretchr/testify/require"
)

var capodanno80 = termini.Giorno{Anno: 1980, Mese: time.January, Giorno: 1}

func TestCalcola(t *testing.T) {
	t.Parallel()
	for _, caso := range []struct{ cognome, nome, attese string }{
		{"Rossi", "Mario", "RSSMRA"},
		{"ROSSI", "Maria Teresa", "RSSMTR"}, // four consonants: 1st, 3rd, 4th
		{"Rossi", "Gianfranco", "RSSGFR"},
		{"Rossi", "Marco", "RSSMRC"}, // three consonants
		{"Rossi", "Anna", "RSSNNA"},
		{"Fo", "Io", "FOXIOX"},
		{"Ng", "Ai", "NGXAIX"},
		{"O", "Ea", "OXXEAX"},
		{"Aiello", "Eva", "LLAVEA"},
		{"Rosi", "Ada", "RSODAA"},
		{"Re", "Ugo", "REXGUO"},
		{"Aio", "Aoi", "AIOAOI"},
		{"D'Angelo", "Nicolò", "DNGNCL"},
		{"Dell’Anno", "Noè", "DLLNOE"},
		{"De  Rossi-Bianchi", "Gian-Luca", "DRSGLC"},
		{"Müller", "Jörg", "MLLJRG"},
		{"Öz", "Ülo", "ZOELUE"},             // AE, OE, UE of circolare 34/E
		{"O\u0308z", "U\u0308lo", "ZOELUE"}, // the same, decomposed
		{"Strauß", "Æsa", "STRSAE"},
		{"Œil", "Þor", "LOETHR"},
		{"Ñu", "Ĳf", "NUXJFI"},
		{"Čapek", "Łukasz", "CPKLSZ"},
		{"Nguyễn", "Ðặng", "NGYDNG"},
		{"Nguye\u0302\u0303n", "São", "NGYSAO"},
	} {
		t.Run(caso.cognome+"_"+caso.nome, func(t *testing.T) {
			t.Parallel()
			cf, err := anagrafica.Calcola(caso.cognome, caso.nome, capodanno80, anagrafica.Maschile, "H501")
			require.NoError(t, err)
			require.Equal(t, conControllo(caso.attese+"80A01H501"), string(cf))
		})
	}
	donna, err := anagrafica.Calcola("Rossi", "Maria", termini.Giorno{Anno: 2004, Mese: time.December, Giorno: 9}, anagrafica.Femminile, "Z404")
	require.NoError(t, err)
	require.Equal(t, conControllo("RSSMRA04T49Z404"), string(donna))
}

func TestCalcolaErrori(t *testing.T) {
	t.Parallel()
	_, err := anagrafica.Calcola(" ' ", "Иван", termini.Giorno{Anno: 1981, Mese: 2, Giorno: 29}, "X", "h501")
	var errs anagrafica.Errori
	require.ErrorAs(t, err, &errs)
	require.Equal(t, anagrafica.Errori{
		{Codice: anagrafica.ErrCognomeVuoto, Campo: "cognome"},
		{Codice: anagrafica.ErrNomeLettere, Campo: "nome"},
		{Codice: anagrafica.ErrNascitaData, Campo: "nascita"},
		{Codice: anagrafica.ErrSessoValore, Campo: "sesso"},
		{Codice: anagrafica.ErrBelfioreFormato, Campo: "luogo_nascita"},
	}, errs)
	_, err = anagrafica.Calcola("Ross1", "", capodanno80, anagrafica.Maschile, "H501")
	require.ErrorIs(t, err, anagrafica.ErrCognomeLettere)
	require.ErrorIs(t, err, anagrafica.ErrNomeVuoto)
	_, err = anagrafica.Calcola(strings.Repeat("R", 401), "Mario", capodanno80, anagrafica.Maschile, "H501")
	require.ErrorIs(t, err, anagrafica.ErrCognomeLettere)
}

func TestConfronta(t *testing.T) {
	t.Parallel()
	const cf = anagrafica.CodiceFiscale("RSSMRA80A01H501U")
	mario := anagrafica.Persona{
		Nome: "Mario", Cognome: "Rossi", CodiceFiscale: cf, Nascita: capodanno80, Sesso: anagrafica.Maschile,
		LuogoNascita: anagrafica.LuogoNascita{Comune: "Roma", Belfiore: "H501"},
	}
	numerico := anagrafica.CodiceFiscale("00743110157")
	for nome, caso := range map[string]struct {
		cf     anagrafica.CodiceFiscale
		cambia func(*anagrafica.Persona)
		attese []anagrafica.Discordanza
	}{
		"concorde":       {cf, func(*anagrafica.Persona) {}, nil},
		"nulla_dato":     {cf, func(p *anagrafica.Persona) { *p = anagrafica.Persona{} }, nil},
		"omocodia":       {anagrafica.CodiceFiscale(conControllo("RSSMRA80A01H50M")), func(p *anagrafica.Persona) { p.CodiceFiscale = "" }, nil},
		"nome":           {cf, func(p *anagrafica.Persona) { p.Nome = "Marco" }, []anagrafica.Discordanza{{"nome", anagrafica.ErrNomeDiscorde}}},
		"nome_cirillico": {cf, func(p *anagrafica.Persona) { p.Nome = "Марио" }, []anagrafica.Discordanza{{"nome", anagrafica.ErrNomeDiscorde}}},
		"cognome":        {cf, func(p *anagrafica.Persona) { p.Cognome = "Bianchi" }, []anagrafica.Discordanza{{"cognome", anagrafica.ErrCognomeDiscorde}}},
		"anno":           {cf, func(p *anagrafica.Persona) { p.Nascita.Anno = 1981 }, []anagrafica.Discordanza{{"nascita", anagrafica.ErrNascitaDiscorde}}},
		"mese":           {cf, func(p *anagrafica.Persona) { p.Nascita.Mese = 2 }, []anagrafica.Discordanza{{"nascita", anagrafica.ErrNascitaDiscorde}}},
		"giorno":         {cf, func(p *anagrafica.Persona) { p.Nascita.Giorno = 2 }, []anagrafica.Discordanza{{"nascita", anagrafica.ErrNascitaDiscorde}}},
		"futura":         {cf, func(p *anagrafica.Persona) { p.Nascita.Anno = 2080 }, []anagrafica.Discordanza{{"nascita", anagrafica.ErrNascitaFutura}}},
		"remota":         {cf, func(p *anagrafica.Persona) { p.Nascita.Anno = 1880 }, []anagrafica.Discordanza{{"nascita", anagrafica.ErrNascitaRemota}}},
		"inesistente":    {cf, func(p *anagrafica.Persona) { p.Nascita.Giorno = 32 }, []anagrafica.Discordanza{{"nascita", anagrafica.ErrNascitaData}}},
		"sesso":          {cf, func(p *anagrafica.Persona) { p.Sesso = anagrafica.Femminile }, []anagrafica.Discordanza{{"sesso", anagrafica.ErrSessoDiscorde}}},
		"luogo":          {cf, func(p *anagrafica.Persona) { p.LuogoNascita.Belfiore = "F205" }, []anagrafica.Discordanza{{"luogo_nascita", anagrafica.ErrLuogoDiscorde}}},
		"altro_codice":   {cf, func(p *anagrafica.Persona) { p.CodiceFiscale = numerico }, []anagrafica.Discordanza{{"codice_fiscale", anagrafica.ErrCodiceFiscaleDiscorde}}},
		"scritto_minusc": {cf, func(p *anagrafica.Persona) { p.CodiceFiscale = "rssmra80a01 h501u" }, nil},
		"sbagliato":      {"RSSMRA80A01H501V", func(*anagrafica.Persona) {}, []anagrafica.Discordanza{{"codice_fiscale", anagrafica.ErrCFCarattereControllo}}},
		"numerico":       {numerico, func(p *anagrafica.Persona) { p.CodiceFiscale, p.Nascita.Anno = "", 2080 }, []anagrafica.Discordanza{{"nascita", anagrafica.ErrNascitaFutura}}},
		"tutto": {cf, func(p *anagrafica.Persona) {
			*p = anagrafica.Persona{Nome: "Ada", Cognome: "Fo", Nascita: oggi, Sesso: "F", LuogoNascita: anagrafica.LuogoNascita{Belfiore: "Z404"}}
		}, []anagrafica.Discordanza{
			{"nome", anagrafica.ErrNomeDiscorde}, {"cognome", anagrafica.ErrCognomeDiscorde}, {"nascita", anagrafica.ErrNascitaDiscorde},
			{"luogo_nascita", anagrafica.ErrLuogoDiscorde}, {"sesso", anagrafica.ErrSessoDiscorde},
		}},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			p := mario
			caso.cambia(&p)
			d := caso.cf.Confronta(p, oggi)
			require.Equal(t, caso.attese, d)
			for _, x := range d {
				require.NotEmpty(t, x.Messaggio())
			}
		})
	}
}

func TestConfrontaCasi(t *testing.T) {
	t.Parallel()
	// The year is known only by two digits: whoever was born in 1926 is not a
	// newborn of 2026.
	vecchio := anagrafica.CodiceFiscale(conControllo("RSSMRA26A01H501"))
	require.Empty(t, vecchio.Confronta(anagrafica.Persona{Nascita: termini.Giorno{Anno: 1926, Mese: 1, Giorno: 1}}, oggi))
	// Without today the future is not told.
	require.Empty(t, vecchio.Confronta(anagrafica.Persona{Nascita: termini.Giorno{Anno: 2126, Mese: 1, Giorno: 1}}, termini.Giorno{}))
	// Registers wrote the diaeresis in two ways.
	for _, sigla := range []string{"ZOE", "ZOX"} {
		cf := anagrafica.CodiceFiscale(conControllo(sigla + "MRA80A01H501"))
		require.Empty(t, cf.Confronta(anagrafica.Persona{Cognome: "Öz"}, oggi))
		require.Empty(t, cf.Confronta(anagrafica.Persona{Cognome: "O\u0308z"}, oggi))
	}
}
