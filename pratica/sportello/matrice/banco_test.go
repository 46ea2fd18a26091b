package matrice_test

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/appuntamenti/calendario"
	posizioni "github.com/sportello-digitale/pratiche/pagamenti/interno"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/messaggi"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/protocollo"
	registri "github.com/sportello-digitale/pratiche/protocollo/interno"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cartella"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// orologio stands still but for a millisecond at each reading: what has to wait
// is moved, so that nobody waits.
type orologio struct {
	mu  sync.Mutex
	ora time.Time
}

func (o *orologio) Ora() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ora = o.ora.Add(time.Millisecond)
	return o.ora
}

func (o *orologio) Avanza(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ora = o.ora.Add(d)
}

// incarico is what a process has to do: carry out the effects of the scena that
// was prepared in a folder.
type incarico struct {
	Cartella  string    `json:"cartella"`
	Deposito  string    `json:"deposito"`
	Indirizzo string    `json:"indirizzo"`
	Scena     string    `json:"scena"`
	Pratica   string    `json:"pratica"`
	Processo  int       `json:"processo"` // 0 prepares or examines
	Ora       time.Time `json:"ora"`
	Colpo     int       `json:"colpo"` // the punto at which it is killed; 0: never
}

func (i incarico) traccia() string {
	return filepath.Join(i.Cartella, "traccia-"+string(rune('0'+i.Processo)))
}

// banco is what a process works with.
type banco struct {
	s                    *sportello.Sportello
	store                chiudibile
	mondo                *mondo
	registro             *registro            // outside
	interno              protocollo.Cercatore // the library's own; nil where the registry is outside
	orologio             *orologio
	colpo                *colpo
	cittadino, operatore pratica.Attore
}

var errSconosciuto = errors.New("scena o deposito sconosciuto")

// durataLease is how long an effect stays with who took it.
const durataLease = 3 * time.Minute

func apriBanco(ctx context.Context, i incarico) (b *banco, err error) {
	ds, ss := depositi(), scene()
	d := slices.IndexFunc(ds, func(d deposito) bool { return d.nome == i.Deposito })
	s := slices.IndexFunc(ss, func(s scena) bool { return s.String() == i.Scena })
	if d < 0 || s < 0 {
		return nil, errSconosciuto
	}
	b = &banco{orologio: &orologio{ora: i.Ora}}
	if i.Processo > 0 {
		b.colpo = &colpo{ora: b.orologio.Ora, bersaglio: i.Colpo}
		if b.colpo.traccia, err = os.OpenFile(i.traccia(), os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
			return nil, err
		}
	}
	if b.store, err = ds[d].apri(ctx, i.Cartella, i.Indirizzo); err != nil {
		return nil, err
	}
	if b.mondo, err = apriMondo(filepath.Join(i.Cartella, "mondo"), i.Processo); err != nil {
		return nil, errors.Join(err, b.store.Close())
	}
	if err := b.monta(ss[s], i); err != nil {
		return nil, errors.Join(err, b.chiudi())
	}
	persona := anagrafica.Persona{Nome: "Mario", Cognome: "Rossi", CodiceFiscale: "RSSMRA80A01H501U", Email: "a@example.org"}
	b.cittadino = pratica.Attore{Ruolo: pratica.Cittadino, ID: "cit-1", Ente: ente, Persona: persona, Livello: servizio.SPID2, Metodo: "SPID"}
	b.operatore = pratica.Attore{Ruolo: pratica.Operatore, ID: "op-1", Ente: ente, Servizi: []string{"spoglio", "registrato", "prenotato", "pagato"}}
	return b, nil
}

func (b *banco) chiudi() error {
	err := errors.Join(b.store.Close(), b.mondo.Close())
	if b.colpo != nil {
		err = errors.Join(err, b.colpo.err, b.colpo.traccia.Close())
	}
	return err
}

// monta puts the systems of a scena around the store.
func (b *banco) monta(s scena, i incarico) error {
	store := &seguito{Store: b.store, k: b.colpo}
	var dove cassetto.Cassetto = b.mondo
	if s.interno {
		dove = store
	}
	file, err := cartella.New(filepath.Join(i.Cartella, "file"))
	if err != nil {
		return err
	}
	tr, err := posizioni.New(posizioni.Config{Cassetto: dove, BaseURL: "http://localhost/paga", Orologio: b.orologio.Ora})
	if err != nil {
		return err
	}
	calendari, err := calendario.Fissi(calendarioProva())
	if err != nil {
		return err
	}
	ag, err := calendario.New(calendario.Config{Cassetto: dove, Calendari: calendari, Orologio: b.orologio.Ora})
	if err != nil {
		return err
	}
	sv, err := servizi()
	if err != nil {
		return err
	}
	c := sportello.Config{
		Enti: []sportello.Ente{{Codice: ente, Nome: "Comune di Prova", Luogo: "Prova"}}, Servizi: sportello.NuovoCatalogo(ente, sv...),
		Store: store, Archivio: &archivio{file, b.colpo}, Tramite: tr, Agenda: ag,
		Canali:   []messaggi.Canale{&canale{"posta", b.mondo, b.colpo}, &canale{"app", b.mondo, b.colpo}},
		Orologio: b.orologio.Ora, NuovoID: ids(i.Processo),
		Lavoro: sportello.Lavoro{Paralleli: 1, Durata: durataLease}, // one at a time: the steps of a run are always the same
	}
	if s.interno {
		reg, err := registri.New(registri.Config{Cassetto: store, Orologio: b.orologio.Ora})
		if err != nil {
			return err
		}
		c.Registro, b.interno = reg, reg
	} else {
		b.registro = &registro{mondo: b.mondo, k: b.colpo, ora: b.orologio.Ora, parziale: s.parziale}
		c.Registro = b.registro
		if s.capacita != nil {
			b.registro.capacita = *s.capacita
		} else {
			b.registro.capacita.AllegatiNellaChiamata = true
			c.Registro = soloRegistra{b.registro}
		}
		if i.Processo > 0 {
			c.Tramite, c.Agenda = &tramite{tr, b.mondo, b.colpo}, &agenda{ag, b.mondo, b.colpo}
		}
	}
	b.s, err = sportello.New(c)
	return err
}

var _ protocollo.Predispositore = (*registro)(nil)

// ids gives ids that no other process gives.
func ids(processo int) func() string {
	var mu sync.Mutex
	n := uint64(processo) << 32
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		var u uuid.UUID
		binary.BigEndian.PutUint64(u[8:], n)
		u[6], u[8] = 0x70, 0x80
		return u.String()
	}
}

func (b *banco) esegui(t *testing.T, a pratica.Attore, id pratica.ID, d pratica.Dati) {
	t.Helper()
	_, err := b.s.Esegui(context.Background(), a, id, d)
	require.NoError(t, err)
}

func (b *banco) svuota(t *testing.T) {
	t.Helper()
	_, err := b.s.Svuota(context.Background())
	require.NoError(t, err)
}

// finisci lets time pass until nothing is left to do for the pratica, or only
// for an operator.
func (b *banco) finisci(ctx context.Context, id pratica.ID) error {
	for range 60 {
		if _, err := b.s.Svuota(ctx); err != nil {
			return err
		}
		ef, err := b.store.Effetti(ctx, ente, id)
		if err != nil || fermi(ef) {
			return err
		}
		b.orologio.Avanza(time.Minute)
	}
	return errors.New("gli effetti non finiscono")
}

func fermi(ef []storage.Effetto) bool {
	bloccate := map[string]bool{}
	for _, e := range ef {
		switch e.Stato {
		case storage.EsitoIgnoto, storage.Fallito:
			bloccate[e.Corsia] = true
		case storage.DaFare, storage.InCorso:
			if !bloccate[e.Corsia] {
				return false
			}
		}
	}
	return true
}

// avvicina carries out all that can be done beside the first effect of a kind,
// so that it is what a worker begins with, and gives its id.
func (b *banco) avvicina(t *testing.T, id pratica.ID, g pratica.GenereEffetto) string {
	t.Helper()
	ctx := context.Background()
	ef, err := b.store.Effetti(ctx, ente, id)
	require.NoError(t, err)
	i := slices.IndexFunc(ef, func(e storage.Effetto) bool { return e.Genere == g && e.Stato == storage.DaFare })
	require.GreaterOrEqual(t, i, 0, "niente da fare di genere %s", g)
	for _, e := range ef {
		if e.Stato == storage.DaFare && e.ID != ef[i].ID {
			_, err := b.s.EseguiEffetto(ctx, ente, e.ID)
			require.NoError(t, err)
		}
	}
	return ef[i].ID
}
