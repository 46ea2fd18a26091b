package appuntamentitest_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/appuntamenti/appuntamentitest"
	"github.com/sportello-digitale/pratiche/appuntamenti/calendario"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
	"github.com/stretchr/testify/require"
)

func giusta(c []appuntamenti.Calendario, o *appuntamentitest.Orologio) (appuntamenti.Agenda, error) {
	return appuntamentitest.NuovaFinta(c, o.Ora)
}

func TestFintaContratto(t *testing.T) {
	t.Parallel()
	appuntamentitest.Verifica(t, giusta)
}

// soloPorta hides the optional abilities.
type soloPorta struct{ appuntamenti.Agenda }

// An Agenda may lack every ability that is optional, and may refuse to take an
// expired hold again.
func TestSoloPorta(t *testing.T) {
	t.Parallel()
	saltate := map[string]bool{}
	for _, p := range appuntamentitest.Prove() {
		err := p.Esegui(t.Context(), func(c []appuntamenti.Calendario, o *appuntamentitest.Orologio) (appuntamenti.Agenda, error) {
			f, err := appuntamentitest.NuovaFinta(c, o.Ora)
			return soloPorta{f}, err
		})
		if errors.Is(err, appuntamentitest.ErrNonApplicabile) {
			saltate[p.Nome] = true
			continue
		}
		require.NoError(t, err, p.Nome)
	}
	require.ElementsMatch(t, []string{"sposta", "sposta_concorrente", "limite_cittadino", "esita", "elenca"}, slices.Collect(maps.Keys(saltate)))
}

func TestSenzaRipresa(t *testing.T) {
	t.Parallel()
	require.NoError(t, prova("conferma_scaduta").Esegui(t.Context(), difetto(func(d *difettosa) { d.senzaRipresa = true })))
}

func prova(nome string) appuntamentitest.Prova {
	i := slices.IndexFunc(appuntamentitest.Prove(), func(p appuntamentitest.Prova) bool { return p.Nome == nome })
	return appuntamentitest.Prove()[i]
}

// difettosa is a Finta with one thing broken.
type difettosa struct {
	*appuntamentitest.Finta
	mu sync.Mutex

	traccia      func(id string) string // renames the id at each Blocca
	annulloFinto map[string]bool
	ripresaCieca map[string]bool

	unEnte, nuda, oraria, senzaLimite, senzaRipresa, senzaStato, spostaConta, esitaSempre, elencaTutto, dimentica, allunga bool

	agendaSenzaRiferimento bool
}

func difetto(rompi func(*difettosa)) appuntamentitest.Fabbrica {
	return conCalendari(func(*appuntamenti.Calendario) {}, rompi)
}

// conCalendari breaks the calendars and the Agenda.
func conCalendari(rompi func(*appuntamenti.Calendario), poi func(*difettosa)) appuntamentitest.Fabbrica {
	return func(c []appuntamenti.Calendario, o *appuntamentitest.Orologio) (appuntamenti.Agenda, error) {
		c = slices.Clone(c)
		for i := range c {
			c[i].Aperture = slices.Clone(c[i].Aperture)
			rompi(&c[i])
		}
		f, err := appuntamentitest.NuovaFinta(c, o.Ora)
		d := &difettosa{Finta: f}
		poi(d)
		return d, err
	}
}

func (d *difettosa) ente(e string) string {
	if d.unEnte {
		return "c_a001"
	}
	return e
}

func (d *difettosa) err(err error) error {
	if d.nuda && err != nil {
		return errors.Unwrap(err)
	}
	return err
}

func (d *difettosa) Blocca(ctx context.Context, p appuntamenti.Prenotazione) (appuntamenti.Prenotazione, error) {
	chiesta := p
	p.Ente = d.ente(p.Ente)
	if d.agendaSenzaRiferimento {
		p.Riferimento = ""
	}
	if d.traccia != nil {
		p.ID = d.traccia(p.ID)
	}
	q, err := d.Finta.Blocca(ctx, p)
	if d.dimentica && errors.Is(err, appuntamenti.ErrIDUsato) {
		q, err = d.Leggi(ctx, p.Ente, p.ID)
	}
	q.ID, q.Riferimento, q.Ente = chiesta.ID, chiesta.Riferimento, chiesta.Ente
	return q, d.err(err)
}

func (d *difettosa) Prolunga(ctx context.Context, e, id string, fino time.Time) (appuntamenti.Prenotazione, error) {
	if d.allunga {
		p, err := d.Finta.Prolunga(ctx, d.ente(e), id, fino)
		p.ScadenzaBlocco = fino
		return p, err
	}
	if d.senzaRipresa {
		if p, err := d.Leggi(ctx, e, id); err == nil && p.Stato == appuntamenti.Scaduto {
			return p, appuntamenti.Rifiuto("Prolunga", appuntamenti.ErrBloccoScaduto)
		}
	}
	p, err := d.Finta.Prolunga(ctx, d.ente(e), id, fino)
	return p, d.err(err)
}

func (d *difettosa) Conferma(ctx context.Context, e, id string) (appuntamenti.Prenotazione, error) {
	if d.senzaRipresa {
		if p, err := d.Leggi(ctx, e, id); err == nil && p.Stato == appuntamenti.Scaduto {
			return p, appuntamenti.Rifiuto("Conferma", appuntamenti.ErrBloccoScaduto)
		}
	}
	p, err := d.Finta.Conferma(ctx, d.ente(e), id)
	if d.ripresaCieca != nil && errors.Is(err, appuntamenti.ErrBloccoScaduto) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.ripresaCieca[id] = true
		p.Stato = appuntamenti.Confermato
		return p, nil
	}
	if d.senzaStato && errors.Is(err, appuntamenti.ErrStato) {
		return p, nil
	}
	return p, d.err(err)
}

func (d *difettosa) Annulla(ctx context.Context, e, id string) (appuntamenti.Prenotazione, error) {
	if d.annulloFinto != nil {
		p, err := d.Finta.Leggi(ctx, e, id)
		d.mu.Lock()
		defer d.mu.Unlock()
		d.annulloFinto[id] = true
		p.Stato = appuntamenti.Annullato
		return p, err
	}
	p, err := d.Finta.Annulla(ctx, d.ente(e), id)
	return p, d.err(err)
}

func (d *difettosa) Leggi(ctx context.Context, e, id string) (appuntamenti.Prenotazione, error) {
	p, err := d.Finta.Leggi(ctx, d.ente(e), id)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.annulloFinto[id] {
		p.Stato = appuntamenti.Annullato
	}
	return p, d.err(err)
}

func (d *difettosa) Disponibili(ctx context.Context, e, c string, dal, al termini.Giorno) ([]appuntamenti.Fascia, error) {
	fasce, err := d.Finta.Disponibili(ctx, d.ente(e), c, dal, al)
	if d.oraria { // the hours of winter all year round
		for i := range fasce {
			_, scarto := fasce[i].Inizio.In(termini.Roma()).Zone()
			sposta := time.Duration(scarto-3600) * time.Second
			fasce[i].Inizio, fasce[i].Fine = fasce[i].Inizio.Add(sposta), fasce[i].Fine.Add(sposta)
		}
	}
	return fasce, d.err(err)
}

func (d *difettosa) Sposta(ctx context.Context, e, id string, f appuntamenti.Fascia) (appuntamenti.Prenotazione, error) {
	p, err := d.Finta.Sposta(ctx, e, id, f)
	if d.spostaConta {
		p.Spostamenti = 0
	}
	return p, err
}

func (d *difettosa) AnnullaCittadino(ctx context.Context, e, id string) (appuntamenti.Prenotazione, error) {
	if d.senzaLimite {
		return d.Finta.Annulla(ctx, e, id)
	}
	return d.Finta.AnnullaCittadino(ctx, e, id)
}

func (d *difettosa) Esita(ctx context.Context, e, id string, s appuntamenti.Stato) (appuntamenti.Prenotazione, error) {
	p, err := d.Finta.Esita(ctx, e, id, s)
	if d.esitaSempre && errors.Is(err, appuntamenti.ErrStato) {
		return p, nil
	}
	return p, err
}

func (d *difettosa) Elenca(ctx context.Context, e, c string, dal, al termini.Giorno) ([]appuntamenti.Prenotazione, error) {
	if d.elencaTutto {
		return d.Finta.Elenca(ctx, "c_a001", c, dal, al)
	}
	return d.Finta.Elenca(ctx, e, c, dal, al)
}

// spezzato is a drawer that reads and writes in two moments: the check of the
// places and the taking of one are no longer one step. The first four
// transactions read before any of them writes: it is for checks that begin with
// four or more at once.
type spezzato struct {
	cassetto.Memoria
	letture atomic.Int32
	tutti   chan struct{}
}

type txSpezzata struct {
	cassetto.Tx
	scritte []func(cassetto.Tx) error
}

func (t *txSpezzata) Scrivi(tabella, chiave string, v []byte) error {
	t.scritte = append(t.scritte, func(tx cassetto.Tx) error { return tx.Scrivi(tabella, chiave, v) })
	return nil
}

func (t *txSpezzata) Elimina(tabella, chiave string) error {
	t.scritte = append(t.scritte, func(tx cassetto.Tx) error { return tx.Elimina(tabella, chiave) })
	return nil
}

func (s *spezzato) Transazione(ctx context.Context, ente string, fn func(cassetto.Tx) error) error {
	t := &txSpezzata{}
	err := s.Lettura(ctx, ente, func(tx cassetto.Tx) error {
		t.Tx = tx
		return fn(t)
	})
	if err != nil {
		return err
	}
	if s.letture.Add(1) == 4 {
		close(s.tutti)
	}
	select {
	case <-s.tutti:
	case <-ctx.Done():
		return ctx.Err()
	}
	return s.Memoria.Transazione(ctx, ente, func(tx cassetto.Tx) error {
		for _, scrivi := range t.scritte {
			if err := scrivi(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

func senzaTransazioni(c []appuntamenti.Calendario, o *appuntamentitest.Orologio) (appuntamenti.Agenda, error) {
	r, err := calendario.Fissi(c...)
	if err != nil {
		return nil, err
	}
	return calendario.New(calendario.Config{Cassetto: &spezzato{tutti: make(chan struct{})}, Calendari: r, Orologio: o.Ora})
}

// senzaOrologio does not see the time pass.
func senzaOrologio(c []appuntamenti.Calendario, o *appuntamentitest.Orologio) (appuntamenti.Agenda, error) {
	return appuntamentitest.NuovaFinta(c, appuntamentitest.NuovoOrologio(o.Ora()).Ora)
}

// senzaContesto goes on after the context has ended.
type senzaContesto struct{ *appuntamentitest.Finta }

func (s senzaContesto) Blocca(ctx context.Context, p appuntamenti.Prenotazione) (appuntamenti.Prenotazione, error) {
	return s.Finta.Blocca(context.WithoutCancel(ctx), p)
}

func niente(*difettosa) {}

// Each line is an Agenda with one defect and a check that must find it.
func TestDifettose(t *testing.T) {
	t.Parallel()
	for nome, caso := range map[string]struct {
		agenda appuntamentitest.Fabbrica
		prova  []string
	}{
		"un posto di troppo":         {conCalendari(func(c *appuntamenti.Calendario) { c.Aperture[0].Capienza++ }, niente), []string{"capienza_concorrente", "disponibili", "sposta_concorrente"}},
		"controllo e presa separati": {senzaTransazioni, []string{"capienza_concorrente", "riferimento_concorrente"}},
		"il tempo non passa":         {senzaOrologio, []string{"scadenza", "riferimento"}},
		"un posto a ogni clic": {difetto(func(d *difettosa) {
			n := 0
			d.traccia = func(id string) string {
				d.mu.Lock()
				defer d.mu.Unlock()
				if n++; n == 1 {
					return id
				}
				return fmt.Sprint(id, "-", n)
			}
			d.agendaSenzaRiferimento = true
		}), []string{"idempotenza_concorrente", "idempotenza"}},
		"id usato senza errore":     {difetto(func(d *difettosa) { d.dimentica = true }), []string{"idempotenza"}},
		"enti mescolati":            {difetto(func(d *difettosa) { d.unEnte = true }), []string{"enti"}},
		"annullo che non libera":    {difetto(func(d *difettosa) { d.annulloFinto = map[string]bool{} }), []string{"annullo"}},
		"ripresa senza contare":     {difetto(func(d *difettosa) { d.ripresaCieca = map[string]bool{} }), []string{"conferma_scaduta", "ripresa_concorrente"}},
		"annullata che si conferma": {difetto(func(d *difettosa) { d.senzaStato = true }), []string{"annullo"}},
		"riferimento ignorato":      {difetto(func(d *difettosa) { d.agendaSenzaRiferimento = true }), []string{"riferimento", "riferimento_concorrente"}},
		"chiusure ignorate":         {conCalendari(func(c *appuntamenti.Calendario) { c.Chiusure = nil }, niente), []string{"limiti", "disponibili"}},
		"anticipo ignorato":         {conCalendari(func(c *appuntamenti.Calendario) { c.AnticipoMinimo = 0 }, niente), []string{"limiti"}},
		"ultimo giorno ignorato":    {conCalendari(func(c *appuntamenti.Calendario) { c.GiorniMassimi = 180 }, niente), []string{"limiti", "limite_cittadino"}},
		"errori senza classe":       {difetto(func(d *difettosa) { d.nuda = true }), []string{"rifiuti", "capienza_concorrente"}},
		"ora solare tutto l'anno":   {difetto(func(d *difettosa) { d.oraria = true }), []string{"ora_legale"}},
		"blocco oltre l'inizio":     {difetto(func(d *difettosa) { d.allunga = true }), []string{"prolunga"}},
		"blocco più corto":          {conCalendari(func(c *appuntamenti.Calendario) { c.DurataBlocco = 5 * time.Minute }, niente), []string{"blocco", "scadenza"}},
		"contesto ignorato": {func(c []appuntamenti.Calendario, o *appuntamentitest.Orologio) (appuntamenti.Agenda, error) {
			f, err := appuntamentitest.NuovaFinta(c, o.Ora)
			return senzaContesto{f}, err
		}, []string{"contesto"}},
		"cittadino senza limite":  {difetto(func(d *difettosa) { d.senzaLimite = true }), []string{"limite_cittadino"}},
		"spostamenti non contati": {difetto(func(d *difettosa) { d.spostaConta = true }), []string{"sposta"}},
		"esito prima dell'inizio": {difetto(func(d *difettosa) { d.esitaSempre = true }), []string{"esita"}},
		"elenco di un altro ente": {difetto(func(d *difettosa) { d.elencaTutto = true }), []string{"elenca"}},
		"fabbrica che non fabbrica": {func([]appuntamenti.Calendario, *appuntamentitest.Orologio) (appuntamenti.Agenda, error) {
			return nil, errors.New("no")
		}, []string{"ora_solare"}},
		"ora solare senza una fascia": {conCalendari(func(c *appuntamenti.Calendario) { c.Aperture[1].Fine = "04:30" }, niente), []string{"ora_solare", "ora_legale"}},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			for _, p := range caso.prova {
				require.Error(t, prova(p).Esegui(t.Context(), caso.agenda), p)
			}
		})
	}
}

// A check never overlooks a call that fails: whichever one of its calls is made
// to fail, it says so.
func TestOgniGuastoSiVede(t *testing.T) {
	t.Parallel()
	for _, p := range appuntamentitest.Prove() {
		t.Run(p.Nome, func(t *testing.T) {
			t.Parallel()
			var f *appuntamentitest.Finta
			con := func(copione ...appuntamentitest.Guasto) appuntamentitest.Fabbrica {
				return func(c []appuntamenti.Calendario, o *appuntamentitest.Orologio) (appuntamenti.Agenda, error) {
					var err error
					f, err = appuntamentitest.NuovaFinta(c, o.Ora)
					f.Copione(copione...)
					return f, err
				}
			}
			require.NoError(t, p.Esegui(t.Context(), con()))
			chiamate := len(f.Chiamate())
			for n := 0; n < chiamate; n += 1 + chiamate/60 { // the concurrent ones are many and alike
				copione := append(make([]appuntamentitest.Guasto, n), appuntamentitest.Guasto{Modo: appuntamentitest.PrimaEffetto, Errore: errors.New("guasto")})
				require.Error(t, p.Esegui(t.Context(), con(copione...)), "chiamata %d di %d", n, chiamate)
			}
		})
	}
}
