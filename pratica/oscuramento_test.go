package pratica_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/protocollo"
)

func concluse() []pratica.Stato {
	return slices.DeleteFunc(pratica.Stati(), func(s pratica.Stato) bool { return !s.Finale() })
}

// oscura erases, and checks what every erasure must keep to. It gives the iter
// as the store keeps it.
func (g *giro) oscura() []pratica.Evento {
	t := g.t
	for _, a := range g.p.Appuntamenti {
		if a.Fine.After(g.ora) {
			g.ora = a.Fine
		}
	}
	prima := slices.Clone(g.eventi)
	presentata, conclusa, cambio, stato := g.p.PresentataIl, g.p.ConclusaIl, g.p.CambioStato, g.p.Stato
	ora := g.ora
	ev := g.fa(sistema, pratica.OscuraDati{Motivo: " Nulla osta n. 12/2036 "})
	require.Len(t, ev, 1)
	require.Equal(t, ora, g.p.Oscurata)
	require.Equal(t, []any{presentata, conclusa, cambio, stato}, []any{g.p.PresentataIl, g.p.ConclusaIl, g.p.CambioStato, g.p.Stato})
	require.Contains(t, scritto(t, ev), `"Nulla osta n. 12/2036"`)

	iter := append(pratica.Oscura(prima), ev...)
	require.Equal(t, prima, g.eventi[:len(prima)], "Oscura changes nothing of what it is given")
	for _, e := range iter[:len(prima)] {
		require.Nil(t, e.Fatto)
		require.Empty(t, e.Sale)
	}
	for _, e := range [][]pratica.Evento{iter, riletti(t, iter), g.eventi} {
		require.NoError(t, pratica.Verifica(e))
		rifatta, err := pratica.Ripiega(e)
		require.NoError(t, err)
		require.JSONEq(t, scritto(t, g.p), scritto(t, rifatta), "the iter without content folds to the same pratica")
	}
	return iter
}

// nientePiu: after the erasure nobody may do anything, and is told why.
func (g *giro) nientePiu() {
	prima := scritto(g.t, g.p)
	for nome, a := range insiders {
		for _, sp := range pratica.AzioniPer(g.p, g.s, a, g.ora) {
			require.Fail(g.t, "offerta", "%s: %s", nome, sp.Azione)
		}
		for az, d := range comandi(g, nome) {
			_, err := g.prova(a, d)
			var e *pratica.Errore
			require.ErrorAs(g.t, err, &e, "%s: %s", nome, az)
			if e.Codice != pratica.CodiceNonAutorizzato { // the applicant is a stranger once his name is gone
				require.Equal(g.t, []string{"oscurata"}, motivi(e), "%s: %s", nome, az)
			}
			sp := pratica.Spiega(g.p, g.s, pratica.Comando{Attore: a, Dati: d}, g.ora)
			require.False(g.t, sp.Ammessa || sp.Offerta, "%s: %s", nome, az)
			require.Equal(g.t, e.Motivi, sp.Motivi)
		}
	}
	require.Equal(g.t, prima, scritto(g.t, g.p))
}

func TestOscuramento(t *testing.T) {
	t.Parallel()
	for _, stato := range concluse() {
		t.Run(string(stato), func(t *testing.T) {
			t.Parallel()
			g := porta(t, stato, true)
			iter := g.oscura()
			tutto := scritto(t, g.p) + scritto(t, iter)
			for _, s := range []string{"Mario", "Rossi", "RSSMRA80A01H501U", "Trasloco", "01240002186093", "SPID", "iur-"} {
				require.NotContains(t, tutto, s)
			}
			require.Equal(t, "2026-000012", g.p.Numero.String())
			require.False(t, g.p.Presenta(mario))
			g.nientePiu()
		})
	}
}

// TestOscuramentoTieneIlResto: what must stay is there, and what adds up does.
func TestOscuramentoTieneIlResto(t *testing.T) {
	t.Parallel()
	g := porta(t, pratica.Accettata, true)
	prima := g.p.Copia()
	g.oscura()
	p := g.p
	require.Equal(t, []any{prima.ID, prima.Ente, prima.Servizio, prima.VersioneServizio, prima.Creata, prima.Ufficio, prima.Operatore},
		[]any{p.ID, p.Ente, p.Servizio, p.VersioneServizio, p.Creata, p.Ufficio, p.Operatore})
	require.True(t, p.Esito.Positivo)
	require.Equal(t, prima.Esito.Deciso, p.Esito.Deciso)
	require.Len(t, p.Documenti, len(prima.Documenti))
	for i, d := range p.Documenti {
		v := prima.Documenti[i]
		require.Equal(t, []any{v.ID, v.Tipo, v.Direzione, v.SHA256, v.Chiesto, v.Prodotto}, []any{d.ID, d.Tipo, d.Direzione, d.SHA256, d.Chiesto, d.Prodotto})
		if v.Registrazione != nil {
			require.Equal(t, v.Registrazione.Estremi, d.Registrazione.Estremi)
		}
	}
	require.True(t, prima.Dovuto().Equal(p.Dovuto()))
	require.Len(t, p.Pagamenti, len(prima.Pagamenti))
	for i, x := range p.Pagamenti {
		require.True(t, prima.Pagamenti[i].Importo.Equal(x.Importo))
		require.Equal(t, prima.Pagamenti[i].Saldato(), x.Saldato())
		require.Equal(t, prima.Pagamenti[i].Aperto(), x.Aperto())
	}
	require.True(t, p.Bolli[0].Assolto())
	require.Equal(t, prima.Appuntamenti[0].Inizio, p.Appuntamenti[0].Inizio)
	_, ok := p.Protocollo()
	require.True(t, ok, "the number of the registry stays")
}

func TestOscuramentoRifiutato(t *testing.T) {
	t.Parallel()
	for _, stato := range pratica.Stati() {
		if !stato.Finale() {
			e := porta(t, stato, false).nega(sistema, pratica.OscuraDati{Motivo: "x"}, pratica.CodiceNonAmmesso)
			require.Equal(t, []string{"stato"}, motivi(e), stato)
		}
	}
	g := porta(t, pratica.Archiviata, false)
	for _, m := range []string{"", " ", "\xff", strings.Repeat("x", pratica.MassimoTesto+1)} {
		require.Equal(t, "motivo", g.nega(sistema, pratica.OscuraDati{Motivo: m}, pratica.CodiceNonValido).Campi[0].Percorso)
	}
	for nome, a := range insiders {
		if a.Ruolo != pratica.Sistema {
			require.Empty(t, g.nega(a, pratica.OscuraDati{Motivo: "x"}, pratica.CodiceNonAutorizzato).Motivi, nome)
		}
	}
	g.fa(sistema, pratica.OscuraDati{Motivo: "x", PrimaDelTermine: true})
	require.Contains(t, scritto(t, g.eventi), `"prima_del_termine":true`)

	g = porta(t, pratica.Accettata, false)
	require.Equal(t, []string{"appuntamento_futuro"}, motivi(g.nega(sistema, pratica.OscuraDati{Motivo: "x"}, pratica.CodiceNonAmmesso)))
	g.ora = g.p.AppuntamentoAttivo().Fine
	g.fa(sistema, pratica.OscuraDati{Motivo: "x"})
}

func TestOscuramentoProprieta(t *testing.T) {
	t.Parallel()
	viste := map[pratica.Stato]bool{}
	rapid.Check(t, func(t *rapid.T) {
		g := nuovoGiro(t, configurazioneACaso(t)).bozza()
		for range rapid.IntRange(5, 80).Draw(t, "passi") {
			if g.p.Stato.Finale() && rapid.Bool().Draw(t, "basta") {
				break
			}
			unPasso(t, g)
		}
		if g.p.Stato == pratica.Inviata || g.p.Stato == pratica.InCarico { // and of those that go on, many end
			g.fa(incarica, pratica.Annulla{Motivo: "Anna Bianchi rinuncia"})
		}
		if !g.p.Stato.Finale() {
			return
		}
		viste[g.p.Stato] = true
		if g.p.Oscurata.IsZero() { // else one of the steps did it
			g.oscura()
		}
		g.nientePiu()
	})
	require.NotEmpty(t, viste, "no sequence came to an end")
}

var marca1 = regexp.MustCompile(`marca:([A-Za-z0-9_.]+)`)

// marchiate gives the paths whose mark is in the text, each once.
func marchiate(s string) []string {
	var p []string
	for _, m := range marca1.FindAllStringSubmatch(s, -1) {
		p = append(p, m[1])
	}
	slices.Sort(p)
	return slices.Compact(p)
}

// riempi gives every field a value, and to every text its own path as a mark.
func riempi(t *rapid.T, v reflect.Value, percorso string) {
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = inizio
		return
	case *decimal.Decimal:
		*x = decimal.NewFromInt(7)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("marca:" + percorso)
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, percorso))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Range(1, 9).Draw(t, percorso))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		riempi(t, v.Elem(), percorso)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rapid.IntRange(1, 3).Draw(t, percorso), 3))
		for i := range v.Len() {
			riempi(t, v.Index(i), percorso)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		riempi(t, k, percorso+".chiave")
		riempi(t, e, percorso)
		v.SetMapIndex(k, e)
	case reflect.Interface:
		v.Set(reflect.ValueOf(map[string]any{"marca:" + percorso + ".chiave": []any{"marca:" + percorso}}))
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				riempi(t, v.Field(i), percorso+"."+f.Name)
			}
		}
	default:
		require.Fail(t, "di che tipo è", "%s: %s", percorso, v.Kind())
	}
}

// restano are the texts that an erasure keeps, by their path in Pratica: ids,
// codes and states. A new field of anything is erased unless it is put here.
var restano = []string{
	"p.Appuntamenti.Prenotazione.Stato", "p.Bolli.Momento",
	"p.Documenti.Di.ID", "p.Documenti.Di.Ruolo", "p.Documenti.Di.Ufficio", "p.Documenti.Direzione", "p.Documenti.ID",
	"p.Documenti.Registrazione.Estremi.AOO", "p.Documenti.Registrazione.Estremi.Ente", "p.Documenti.Registrazione.Estremi.Numero", "p.Documenti.Registrazione.Estremi.Registro",
	"p.Documenti.Registrazione.Fascicolo.Chiave", "p.Documenti.Registrazione.Fascicolo.Classifica", "p.Documenti.Registrazione.Fascicolo.Codice", "p.Documenti.Registrazione.Fascicolo.Numero",
	"p.Documenti.SHA256", "p.Documenti.Tipo",
	"p.Esito.Di.ID", "p.Esito.Di.Ruolo", "p.Esito.Di.Ufficio",
	"p.Operatore", "p.Pagamenti.Manuale.Di.ID", "p.Pagamenti.Manuale.Di.Ruolo", "p.Pagamenti.Manuale.Di.Ufficio", "p.Pagamenti.Momento", "p.Pagamenti.Posizione.Stato", "p.Ufficio",
}

// TestOscuramentoNienteSfugge fills every field of a pratica, whatever it is,
// and sees which texts are still there afterwards.
func TestOscuramentoNienteSfugge(t *testing.T) {
	t.Parallel()
	s, err := servizio.Nuovo(completa())
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		p := &pratica.Pratica{}
		riempi(t, reflect.ValueOf(p).Elem(), "p")
		p.ID, p.Ente, p.Servizio, p.Impronta, p.Oscurata = idProv, ente, s.ID(), "", time.Time{}
		p.Stato = rapid.SampledFrom(concluse()).Draw(t, "stato")
		require.Greater(t, len(marchiate(scritto(t, p))), 100)
		ev, err := pratica.Decidi(p, s, pratica.Comando{Attore: sistema, Dati: pratica.OscuraDati{Motivo: "x"}}, inizio)
		require.NoError(t, err)
		require.NoError(t, pratica.Sigilla("", ev, sale))
		require.NoError(t, p.Applica(ev[0]))
		require.Equal(t, restano, marchiate(scritto(t, p)))
		require.Equal(t, restano, marchiate(scritto(t, ev)))
	})
}

// TestOscuramentoDiUnaVita puts a mark into every text that a command, a
// registry or a payment system can bring, and follows the pratica to its end.
func TestOscuramentoDiUnaVita(t *testing.T) {
	t.Parallel()
	n := 0
	m := func() string { n++; return fmt.Sprintf("marca:m%d.", n) }
	c := completa()
	c.Accesso, c.Pagamenti.Anticipato.Causale = servizio.Anonimo, m()
	g := nuovoGiro(t, c)
	chi := mario
	chi.ID, chi.Metodo, chi.Persona.Nome, chi.Persona.Cognome = m(), m(), m(), m()
	chi.Persona.Email, chi.Persona.PEC, chi.Persona.Telefono = anagrafica.Email(m()), anagrafica.PEC(m()), anagrafica.Telefono(m())
	chi.Persona.LuogoNascita.Comune, chi.Persona.Residenza.Via = m(), m()
	g.fa(chi, pratica.ApriBozza{})
	g.fa(chi, pratica.SalvaBozza{Risposte: modulo.Risposte{"motivo": m(), "altro": m()}})
	carta := allegato("carta", pratica.OrigineRichiesta)
	carta.Allegato.Nome, carta.Allegato.MIME = m(), m()
	g.fa(chi, carta)
	g.fa(chi, pratica.SalvaBozza{Risposte: modulo.Risposte{"motivo": m(), "quartiere": "nord"}})
	pr := prenotazione("b-1")
	pr.Apertura = m()
	g.fa(chi, pratica.ScegliAppuntamento{Prenotazione: pr})
	g.fa(chi, pratica.Invia{Numero: pratica.Numero{Anno: 2026, Progressivo: 12}})
	g.fa(sistema, pratica.AggiornaPagamento{Posizione: pagamenti.Posizione{ID: g.ultimo().ID, Ente: ente, Stato: pagamenti.Pagato, Importo: euro("10"), IUV: m(), NAV: m(), IUD: m(),
		URLPagamento: m(), URLAvviso: m(), Esito: pagamenti.Esito{PSP: m(), Ricevuta: m(), IUR: m(), Motivo: m()}}})
	registra := func() {
		for _, d := range g.p.Documenti {
			if d.SHA256 == "" {
				x := prodotto(d.ID)
				x.Nome = m()
				g.fa(sistema, x)
			}
			if d.Direzione != "" && d.Registrazione == nil {
				x := protocollato(d.ID, g.n)
				r := &x.Registrazione
				r.Oggetto, r.IDDocumento, r.Correlazione, r.Ufficio = m(), m(), m(), m()
				r.Mittente.Denominazione, r.Destinatari = m(), []protocollo.Soggetto{{Denominazione: m(), Email: m()}}
				r.Allegati, r.Fascicolo = map[string]string{m(): m()}, &protocollo.Fascicolo{Chiave: "f/2026", Oggetto: m()}
				r.Modifiche = []protocollo.Modifica{{Da: m(), A: m(), Operatore: m()}}
				r.Annullata = &protocollo.Annullamento{Motivo: m(), Provvedimento: m(), Operatore: m(), Data: inizio}
				g.fa(sistema, x)
			}
		}
	}
	registra()
	g.fa(sistema, pratica.Avvisa{Stato: pratica.Protocollata, Oggetto: m(), Testo: m()})
	g.preso()
	g.fa(incarica, pratica.Annota{Testo: m()})
	g.fa(chi, pratica.ScriviMessaggio{Oggetto: m(), Testo: m()})
	g.fa(incarica, pratica.RichiediIntegrazione{Testo: m(), Campi: []string{"motivo"}})
	registra()
	g.fa(chi, pratica.InviaIntegrazione{Testo: m(), Risposte: modulo.Risposte{"motivo": m()}})
	registra()
	g.fa(incarica, pratica.RichiediIntegrazione{Testo: m()})
	registra()
	g.fa(incarica, pratica.AnnullaIntegrazione{Motivo: m()})
	g.fa(incarica, pratica.RichiediPagamento{Importo: euro("6"), Causale: m()})
	g.fa(incarica, pratica.RegistraPagamento{Pagamento: g.ultimo().ID, Motivo: m(), Riferimento: m()})
	g.fa(incarica, pratica.RichiediBollo{})
	g.fa(chi, pratica.FornisciBollo{Forniti: []bolli.Contrassegno{marca("01240002186093")}})
	g.fa(incarica, pratica.PreavvisaRigetto{Motivi: m()})
	g.fa(chi, pratica.PresentaOsservazioni{Testo: m()})
	g.fa(incarica, pratica.Rifiuta{Motivazione: m()})
	registra()
	g.fa(incarica, pratica.Riapri{Motivo: m()})
	g.fa(collega, pratica.Annulla{Motivo: m()})
	registra()
	pr.Stato = appuntamenti.Annullato
	g.fa(sistema, pratica.AggiornaAppuntamento{Prenotazione: pr})
	require.Equal(t, pratica.Annullata, g.p.Stato)
	scritti := marchiate(scritto(t, g.eventi))
	require.Len(t, scritti, n-1, "every mark was written, but the account of the applicant")

	iter := g.oscura()
	tutto := scritto(t, g.p) + scritto(t, iter)
	require.Empty(t, marchiate(tutto))
	require.NotContains(t, tutto, "01240002186093")
	require.NotContains(t, tutto, "RSSMRA80A01H501U")
	g.nientePiu()
}

// TestIterSenzaPersone: what is chained, and so stays for ever, names no
// applicant: of him only the role is written.
func TestIterSenzaPersone(t *testing.T) {
	t.Parallel()
	for _, stato := range concluse() {
		for _, e := range porta(t, stato, true).eventi {
			if e.Di.Ruolo == pratica.Cittadino {
				require.Equal(t, pratica.Firma{Ruolo: pratica.Cittadino}, e.Di)
			}
			var voci map[string]json.RawMessage
			require.NoError(t, json.Unmarshal([]byte(scritto(t, pratica.Oscura([]pratica.Evento{e})[0])), &voci))
			for k := range voci {
				require.Contains(t, []string{"pratica", "progressivo", "azione", "di", "quando", "da", "a", "impegno", "precedente", "impronta"}, k)
			}
		}
	}
}

func ExampleOscura() {
	iter := []pratica.Evento{{Pratica: idProv, Progressivo: 1, Azione: pratica.AzioneAnnota, Di: pratica.Firma{Ruolo: pratica.Operatore, ID: "op-1"},
		Quando: inizio, Fatto: pratica.NotaScritta{ID: "n", Testo: "Ha telefonato Mario Rossi"}}}
	if err := pratica.Sigilla("", iter, sale); err != nil {
		fmt.Println(err)
		return
	}
	oscurato := pratica.Oscura(iter)
	fmt.Println(iter[0].Fatto, pratica.Verifica(iter))
	fmt.Println(oscurato[0].Fatto, pratica.Verifica(oscurato))
	// Output:
	// {n Ha telefonato Mario Rossi} <nil>
	// <nil> <nil>
}
