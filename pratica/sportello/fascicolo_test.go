package sportello_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/protocollo"
	registro "github.com/sportello-digitale/pratiche/protocollo/interno"
	"github.com/sportello-digitale/pratiche/protocollo/protocollotest"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// senzaUnici is a registry that opens a new fascicolo whenever it is asked to,
// and finds the first of them.
type senzaUnici struct {
	*registro.Registro
	mu      sync.Mutex
	aperti  []protocollo.Fascicolo
	perduta int // so many answers of CreaFascicolo are lost after the effect
	cade    int // so many calls of Registra fail
}

func (r *senzaUnici) Registra(ctx context.Context, q protocollo.Richiesta) (protocollo.Registrazione, error) {
	r.mu.Lock()
	cade := r.cade > 0
	r.cade--
	r.mu.Unlock()
	if cade {
		return protocollo.Registrazione{}, guasto.Nuovo(guasto.Transitorio, "protocollo.Registra", "giu", nil)
	}
	return r.Registro.Registra(ctx, q)
}

func (r *senzaUnici) Capacita() protocollo.Capacita {
	c := r.Registro.Capacita()
	c.FascicoliUnici = false
	return c
}

func (r *senzaUnici) TrovaFascicolo(_ context.Context, _, chiave string) (protocollo.Fascicolo, error) {
	defer time.Sleep(2 * time.Millisecond) // room for others between the look and the opening
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.aperti {
		if f.Chiave == chiave {
			return f, nil
		}
	}
	return protocollo.Fascicolo{}, protocollo.ErrNonTrovato
}

func (r *senzaUnici) CreaFascicolo(_ context.Context, _ string, f protocollo.Fascicolo) (protocollo.Fascicolo, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f.Numero = fmt.Sprint(len(r.aperti) + 1)
	f.Codice = f.Classifica + "." + f.Numero
	r.aperti = append(r.aperti, f)
	if r.perduta > 0 {
		r.perduta--
		return protocollo.Fascicolo{}, guasto.Nuovo(guasto.EsitoIgnoto, "protocollo.CreaFascicolo", "risposta_persa", nil)
	}
	return f, nil
}

func nuovoSenzaUnici(t *testing.T, perduta int) *senzaUnici {
	t.Helper()
	r, err := registro.New(registro.Config{Cassetto: &cassetto.Memoria{}})
	require.NoError(t, err)
	return &senzaUnici{Registro: r, perduta: perduta}
}

// capodanno is an instant around midnight of 1 January 2027 in Europe/Rome,
// when in UTC it is still the year before.
func capodanno(d time.Duration) time.Time {
	return time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC).Add(d)
}

// TestFascicoloACapodanno: many pratiche presented at midnight, many workers: one
// fascicolo for each year, and each pratica in that of its own.
func TestFascicoloACapodanno(t *testing.T) {
	t.Parallel()
	for nome, quante := range map[string]int{"due": 2, "trentadue": 32} {
		for _, unici := range []bool{true, false} {
			if unici && quante > 2 {
				continue // the registry keeps them apart by itself
			}
			t.Run(fmt.Sprint(nome, " unici ", unici), func(t *testing.T) {
				t.Parallel()
				ctx := context.Background()
				r := nuovoSenzaUnici(t, 0)
				b := nuovoBanco(t, func(c *sportello.Config) {
					if !unici {
						c.Registro = r
					}
				})
				b.orologio.mu.Lock()
				b.orologio.ora = capodanno(-time.Minute)
				b.orologio.mu.Unlock()
				anno := map[pratica.ID]int{}
				var ids []pratica.ID
				for i := range quante {
					if i == quante/2 {
						b.orologio.mu.Lock()
						b.orologio.ora = capodanno(0)
						b.orologio.mu.Unlock()
					}
					id := b.bozza("registrato")
					b.esegui(b.cittadino, id, pratica.Invia{})
					anno[id] = 2026
					if i >= quante/2 {
						anno[id] = 2027
					}
					ids = append(ids, id)
				}
				var gruppo sync.WaitGroup
				for n := range 4 {
					c := b.config
					c.Lavoro.Titolare = fmt.Sprint("lavoratore-", n)
					s, err := sportello.New(c)
					require.NoError(t, err)
					gruppo.Go(func() { _, _ = s.Svuota(ctx) })
				}
				gruppo.Wait()
				b.drena(ids...)
				codici := map[int]map[string]bool{2026: {}, 2027: {}}
				for id, a := range anno {
					p := b.carica(id)
					require.Equal(t, pratica.Protocollata, p.Stato)
					require.Equal(t, a, p.Numero.Anno)
					reg, _ := p.Protocollo()
					require.NotNil(t, reg.Fascicolo)
					require.Equal(t, fmt.Sprintf("registrato/%d", a), reg.Fascicolo.Chiave)
					codici[a][reg.Fascicolo.Codice] = true
				}
				require.Len(t, codici[2026], 1)
				require.Len(t, codici[2027], 1)
				require.NotEqual(t, codici[2026], codici[2027])
				if !unici {
					require.Len(t, r.aperti, 2)
				}
			})
		}
	}
}

// TestFascicoloRestaConLaPratica: presented in one year, decided in the next.
func TestFascicoloRestaConLaPratica(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	b.orologio.Avanza(capodanno(-48 * time.Hour).Sub(b.orologio.Ora()))
	id := b.inviata("registrato")
	b.esegui(b.operatore, id, pratica.PrendiInCarico{})
	b.orologio.Avanza(20 * 24 * time.Hour)
	altra := b.inviata("registrato")
	b.esegui(b.operatore, id, pratica.Approva{})
	b.svuota()
	p := b.carica(id)
	require.Equal(t, pratica.Accettata, p.Stato)
	var numeri []protocollo.Registrazione
	for _, d := range p.Documenti {
		if d.Registrazione != nil {
			numeri = append(numeri, *d.Registrazione)
		}
	}
	require.Len(t, numeri, 2)
	require.Equal(t, []int{2026, 2027}, []int{numeri[0].Anno, numeri[1].Anno}, "the number is of its year")
	require.Equal(t, numeri[0].Fascicolo, numeri[1].Fascicolo, "the fascicolo of its pratica")
	q := b.carica(altra)
	reg, _ := q.Protocollo()
	require.Equal(t, "registrato/2027", reg.Fascicolo.Chiave)
	require.Equal(t, "2027-000001", q.Numero.String())
	v, err := b.s.Apri(context.Background(), b.operatore, id)
	require.NoError(t, err)
	require.Equal(t, "registrato/2026", v.Protocollo.Fascicolo.Chiave)
}

// TestFascicoloRispostaPersa: an opening that was answered to nobody is found
// again and not made twice; waiting for it uses up no attempt.
func TestFascicoloRispostaPersa(t *testing.T) {
	t.Parallel()
	r := nuovoSenzaUnici(t, 1)
	r.cade = 1
	b := nuovoBanco(t, func(c *sportello.Config) { c.Registro, c.Lavoro.Tentativi = r, 3 })
	id := b.inviata("registrato")
	for range 200 {
		b.orologio.Avanza(2 * time.Second)
		b.svuota()
	}
	require.Equal(t, pratica.Protocollata, b.stato(id))
	require.Len(t, r.aperti, 1)
}

// TestFascicoloGuasti: clear failures around the fascicolo let go of the claim.
func TestFascicoloGuasti(t *testing.T) {
	t.Parallel()
	var f *protocollotest.Finto
	passo := func(op protocollotest.Operazione, g protocollotest.Guasto) protocollotest.Passo {
		return protocollotest.Passo{Operazione: op, Guasto: g}
	}
	b := nuovoBanco(t, conFinto(t, &f, protocollotest.Copione{Passi: []protocollotest.Passo{
		passo(protocollotest.OpCrea, protocollotest.PrimaEffetto), passo(protocollotest.OpCrea, protocollotest.PrimaEffetto), passo(protocollotest.OpCrea, protocollotest.DopoEffetto)}}))
	id := b.inviata("registrato")
	b.drena(id)
	require.Equal(t, pratica.Protocollata, b.stato(id))
	require.Equal(t, 1, registrazioni(f), "no number before its fascicolo")
}

// TestStrategieFascicolo: one for each pratica, one by hand, none.
func TestStrategieFascicolo(t *testing.T) {
	t.Parallel()
	nuovo := func(p servizio.Protocollo) *servizio.Servizio {
		p.Classifica = "06.05"
		return crea(t, servizio.Configurazione{ID: "registrato", Versione: 2, Nome: "S", Modulo: moduloProva(), Accesso: servizio.SPID1, Precompila: map[string]string{"nome": "nome", "cf": "codice_fiscale"}, Protocollo: &p})
	}
	b := nuovoBanco(t)
	catalogo := b.config.Servizi.(*sportello.Catalogo)
	catalogo.Pubblica(ente, nuovo(servizio.Protocollo{Fascicolo: servizio.PerPratica}))
	for range 2 {
		id := b.inviata("registrato")
		p := b.carica(id)
		reg, _ := p.Protocollo()
		require.Equal(t, "pratica/"+string(id), reg.Fascicolo.Chiave)
	}
	catalogo.Pubblica(ente, nuovo(servizio.Protocollo{Fascicolo: servizio.Fisso, CodiceFascicolo: "06.05.1"}))
	id := b.inviata("registrato")
	p := b.carica(id)
	reg, _ := p.Protocollo()
	require.Equal(t, "06.05.1", reg.Fascicolo.Codice)

	var f *protocollotest.Finto
	b = nuovoBanco(t, conFinto(t, &f, protocollotest.Copione{Livello: protocollotest.ConCerca}))
	p = b.carica(b.inviata("registrato"))
	require.Equal(t, pratica.Protocollata, p.Stato, "a registry without fascicoli makes do with the key")
}
