package modulo_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

type fonte func(context.Context, *modulo.Modulo) (map[string]modulo.Precompilato, error)

func (f fonte) Precompila(ctx context.Context, m *modulo.Modulo) (map[string]modulo.Precompilato, error) {
	return f(ctx, m)
}

func conPersona(t *testing.T) *modulo.Modulo {
	t.Helper()
	comune := campo("comune", modulo.Scelta)
	comune.Elenco, comune.DipendeDa = "comuni", "provincia"
	provincia := campo("provincia", modulo.Scelta)
	provincia.Elenco = "comuni"
	calcolato := campo("calcolato", modulo.Testo)
	calcolato.Calcolo = `"x"`
	m, err := modulo.Compila(conCampi(modulo.Campo{ID: "tu", Etichetta: "Tu", Tipo: modulo.Persona}, campo("email", modulo.Email), campo("via", modulo.Testo), comune, provincia, calcolato,
		campo("delega", modulo.File), modulo.Campo{ID: "vero", Etichetta: "V", Tipo: modulo.Dichiarazione, Testo: "D"}, campo("notizie", modulo.Consenso), campo("quando", modulo.Appuntamento),
		gruppo("figli", "Figlio", campo("nome", modulo.Testo))), modulo.ConElenco("comuni", comuni))
	require.NoError(t, err)
	return m
}

var mario = modulo.Identita{
	Persona: anagrafica.Persona{Nome: "Mario", CodiceFiscale: "RSSMRA80A01H501U", Nascita: termini.Giorno{Anno: 1980, Mese: 1, Giorno: 1}, Sesso: anagrafica.Maschile,
		LuogoNascita: anagrafica.LuogoNascita{Comune: "Roma", Provincia: "RM", Belfiore: "H501"}, Email: "mario@example.it", Residenza: anagrafica.Indirizzo{Via: "Via Appia"}},
	Provenienza: "SPID", Persone: []string{"tu", "boh"}, Campi: map[string]string{"email": "email", "via": "residenza.via", "boh": "nome", "notizie": "ignoto"},
}

func TestPrecompila(t *testing.T) {
	t.Parallel()
	m := conPersona(t)
	vecchia := modulo.PraticaPrecedente{Provenienza: "Pratica 2025-000123", Risposte: modulo.Risposte{
		"tu_nome": "Altro", "tu_cognome": "Rossi", "email": "vecchia@example.it", "provincia": "RM", "comune": "H501", "calcolato": "y", "delega": []string{"f"}, "vero": true, "notizie": true, "quando": "a", "boh": 1,
		"figli": []map[string]any{{"nome": "Zoe"}}}}
	p, err := m.Precompila(t.Context(), mario, vecchia)
	require.NoError(t, err)
	require.Equal(t, modulo.Risposte{"tu_nome": "Mario", "tu_codice_fiscale": "RSSMRA80A01H501U", "tu_nascita": "1980-01-01", "tu_sesso": "M", "tu_luogo_nascita": "Roma (RM)"}, p.Bloccate())
	require.Equal(t, modulo.Risposte{"tu_nome": "Mario", "tu_codice_fiscale": "RSSMRA80A01H501U", "tu_nascita": "1980-01-01", "tu_sesso": "M", "tu_luogo_nascita": "Roma (RM)",
		"tu_cognome": "Rossi", "email": "mario@example.it", "via": "Via Appia", "provincia": "RM", "comune": "H501", "figli": []map[string]any{{"nome": "Zoe"}}}, p.Prime())
	require.Equal(t, "SPID", p.Provenienze()["email"])
	require.Equal(t, "Pratica 2025-000123", p.Provenienze()["tu_cognome"])

	// A locked value stands, one that is only proposed may change.
	o := modulo.Opzioni{Oggi: oggi, Bozza: true, Precompilate: p.Bloccate(), Provenienze: p.Provenienze()}
	e := m.Valuta(modulo.Risposte{"tu_nome": "Falso", "email": "nuova@example.it", "tu_cognome": ""}, o)
	require.Equal(t, "Mario", e.Valori["tu_nome"])
	require.Equal(t, "nuova@example.it", e.Valori["email"])
	require.NotContains(t, e.Valori, "tu_cognome", "nobody answers for the citizen twice")
	require.Equal(t, "SPID", e.Provenienza("tu_nome"))
	require.Empty(t, e.Provenienza("email")+e.Provenienza("tu_cognome")+e.Provenienza("boh"))

	p.Prime().Righe("figli")[0]["nome"] = "altro"
	require.Equal(t, "Zoe", p.Prime().Righe("figli")[0]["nome"])
	var b strings.Builder
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "p", p, "uno", p["tu_nome"])
	require.NotContains(t, b.String(), "Mario")
}

// What is empty, wrong or of no option fills and locks nothing.
func TestPrecompilaOrdine(t *testing.T) {
	t.Parallel()
	m := conPersona(t)
	da := func(v map[string]any) modulo.Fonte {
		return fonte(func(context.Context, *modulo.Modulo) (map[string]modulo.Precompilato, error) {
			q := map[string]modulo.Precompilato{}
			for id, x := range v {
				q[id] = modulo.Precompilato{Valore: x, Blocca: true}
			}
			return q, nil
		})
	}
	rotta := errors.New("rotta")
	p, err := m.Precompila(t.Context(),
		fonte(func(context.Context, *modulo.Modulo) (map[string]modulo.Precompilato, error) { return nil, rotta }),
		fonte(func(context.Context, *modulo.Modulo) (map[string]modulo.Precompilato, error) { panic("Mario Rossi") }),
		da(map[string]any{"tu_nome": " ", "email": "storta", "tu_nascita": nil, "provincia": "XX", "comune": "H501", "figli": []any{}}),
		da(map[string]any{"tu_nome": "Ada", "email": "a@example.it", "tu_nascita": "boh", "provincia": "MI"}))
	require.ErrorIs(t, err, modulo.ErrFonte)
	require.ErrorIs(t, err, rotta)
	require.NotContains(t, err.Error(), "Mario")
	require.Equal(t, modulo.Risposte{"tu_nome": "Ada", "email": "a@example.it", "provincia": "MI"}, p.Bloccate())
	p, err = m.Precompila(t.Context(), da(map[string]any{"comune": "H501"}))
	require.NoError(t, err)
	require.Empty(t, p, "the municipality without its province")
	p, err = m.Precompila(t.Context(), modulo.PraticaPrecedente{Risposte: modulo.Risposte{"nome": "Eva"}, Campi: map[string]string{"tu_nome": "nome", "via": "assente"}})
	require.NoError(t, err)
	require.Equal(t, modulo.Risposte{"tu_nome": "Eva"}, p.Prime())
	require.Empty(t, p.Bloccate())
}

func TestIdentitaConElenco(t *testing.T) {
	t.Parallel()
	luoghi := modulo.ElencoPer(map[string][]modulo.Opzione{"": voci("RM"), "RM": voci("H501")})
	m, err := modulo.Compila(conCampi(modulo.Campo{ID: "tu", Etichetta: "Tu", Tipo: modulo.Persona, Elenco: "luoghi"}, campo("pec", modulo.PEC), campo("tel", modulo.Telefono), campo("cap", modulo.CAP), campo("c", modulo.Testo), campo("p", modulo.Testo), campo("n", modulo.Testo), campo("cogn", modulo.Testo)), modulo.ConElenco("luoghi", luoghi))
	require.NoError(t, err)
	i := mario
	i.Persona.PEC, i.Persona.Telefono, i.Persona.Cognome = "m@pec.it", "061234567", "Rossi"
	i.Persona.Residenza = anagrafica.Indirizzo{Civico: "1", CAP: "00184", Comune: "Roma", Provincia: "RM"}
	i.Campi = map[string]string{"pec": "pec", "tel": "telefono", "cap": "residenza.cap", "c": "residenza.comune", "p": "residenza.provincia", "n": "residenza.civico", "cogn": "cognome"}
	p, err := m.Precompila(t.Context(), i)
	require.NoError(t, err)
	require.Equal(t, modulo.Risposte{"tu_nome": "Mario", "tu_cognome": "Rossi", "tu_codice_fiscale": "RSSMRA80A01H501U", "tu_nascita": "1980-01-01", "tu_sesso": "M", "tu_provincia_nascita": "RM", "tu_luogo_nascita": "H501", "cogn": "Rossi"}, p.Bloccate())
	require.Len(t, p, 14)
	require.Empty(t, m.Valuta(p.Prime(), modulo.Opzioni{Oggi: oggi, Precompilate: p.Bloccate()}).Errori)
}
