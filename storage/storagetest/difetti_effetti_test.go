package storagetest_test

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

func difettiDegliEffetti() map[string]difetto {
	// dopo changes what Prenota gives.
	dopo := func(fn func(d *difettoso, p storage.Prenotazione, presi []storage.Effetto) []storage.Effetto) func(*difettoso) {
		return func(d *difettoso) {
			d.prenota = func(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
				presi, err := d.Store.Prenota(ctx, p)
				if err != nil {
					return nil, err
				}
				return fn(d, p, presi), nil
			}
		}
	}
	return map[string]difetto{
		"effetto_due_volte": {func(d *difettoso) { // reads what is due now and later forgets who took it
			d.prenota = func(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
				p.Ora = p.Ora.Add(2 * p.Durata)
				e, err := d.Store.Prenota(ctx, p)
				for i := range e {
					e[i].Scadenza = e[i].Scadenza.Add(-2 * p.Durata)
				}
				return e, err
			}
		}, []string{"prenota", "orologi"}},
		"effetto_dato_a_tutti": {func(d *difettoso) {
			var dati []storage.Effetto
			d.prenota = func(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
				e, err := d.Store.Prenota(ctx, p)
				d.mu.Lock()
				defer d.mu.Unlock()
				if err == nil && len(e) == 0 && len(dati) > 0 {
					e, dati = dati[:1], nil
					return e, nil
				}
				dati = append(dati, e...)
				return e, err
			}
		}, []string{"prenota", "concorrenza_effetti"}},
		"mai_ripreso": {dopo(func(_ *difettoso, _ storage.Prenotazione, presi []storage.Effetto) []storage.Effetto { // at most once
			return slices.DeleteFunc(presi, func(e storage.Effetto) bool { return e.Tentativi > 1 })
		}), []string{"prenota", "orologi"}},
		"senza_ordine": {dopo(func(_ *difettoso, _ storage.Prenotazione, presi []storage.Effetto) []storage.Effetto {
			slices.Reverse(presi)
			return presi
		}), []string{"prenota"}},
		"corsie_ignorate": {dopo(func(d *difettoso, p storage.Prenotazione, presi []storage.Effetto) []storage.Effetto {
			if len(presi) > 0 && p.Solo == "" {
				tutti, _ := d.Store.Effetti(context.Background(), presi[0].Ente, presi[0].Pratica)
				for _, e := range tutti {
					if e.Stato == storage.DaFare && e.Corsia == presi[0].Corsia {
						return append(presi, e)
					}
				}
			}
			return presi
		}), []string{"corsie", "orologi"}},
		"una_corsia_sola": {dopo(func(d *difettoso, _ storage.Prenotazione, presi []storage.Effetto) []storage.Effetto {
			viste := map[string]bool{}
			return slices.DeleteFunc(presi, func(e storage.Effetto) bool {
				k := e.Ente + string(e.Pratica)
				gia := viste[k]
				viste[k] = true
				if gia {
					e.Stato = storage.DaFare
					_ = d.Store.Aggiorna(context.Background(), e)
				}
				return gia
			})
		}), []string{"corsie", "orologi"}},
		"corsia_per_istante": {dopo(func(d *difettoso, _ storage.Prenotazione, presi []storage.Effetto) []storage.Effetto { // by Causato, not by Ordine
			return slices.DeleteFunc(presi, func(e storage.Effetto) bool {
				tutti, _ := d.Store.Effetti(context.Background(), e.Ente, e.Pratica)
				dopo := slices.ContainsFunc(tutti, func(v storage.Effetto) bool {
					return v.Corsia == e.Corsia && v.Stato == storage.DaFare && v.Causato.Before(e.Causato)
				})
				if dopo {
					e.Stato = storage.DaFare
					_ = d.Store.Aggiorna(context.Background(), e)
				}
				return dopo
			})
		}), []string{"orologi_sfasati", "orologi"}},
		"bloccati_dati": {func(d *difettoso) { // what failed is tried again by itself
			d.prenota = func(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
				for _, c := range d.tentati() {
					for _, e := range c.Effetti {
						_ = d.Store.Sblocca(ctx, c.Pratica.Ente, e.ID, nil)
					}
				}
				return d.Store.Prenota(ctx, p)
			}
		}, []string{"corsie", "sblocca"}},
		"escludi_ignorato": {func(d *difettoso) {
			d.prenota = func(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
				p.Escludi = nil
				return d.Store.Prenota(ctx, p)
			}
		}, []string{"escludi_solo"}},
		"solo_a_suo_tempo": {func(d *difettoso) {
			d.prenota = func(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
				for _, c := range d.tentati() {
					if e, err := d.Store.Effetto(ctx, c.Pratica.Ente, p.Solo); err == nil && e.Prossimo.After(p.Ora) {
						return nil, nil
					}
				}
				return d.Store.Prenota(ctx, p)
			}
		}, []string{"escludi_solo"}},
		"gettone_ignorato": {func(d *difettoso) {
			d.aggiorna = func(ctx context.Context, e storage.Effetto) error {
				if v, err := d.Store.Effetto(ctx, e.Ente, e.ID); err == nil && v.Titolare == e.Titolare {
					e.Gettone = v.Gettone
				}
				return d.Store.Aggiorna(ctx, e)
			}
		}, []string{"gettone", "orologi"}},
		"titolare_ignorato": {func(d *difettoso) {
			d.aggiorna = func(ctx context.Context, e storage.Effetto) error {
				if v, err := d.Store.Effetto(ctx, e.Ente, e.ID); err == nil {
					e.Titolare = v.Titolare
				}
				return d.Store.Aggiorna(ctx, e)
			}
		}, []string{"gettone"}},
		"prenotazione_ignorata": {func(d *difettoso) { // whoever comes last writes
			d.aggiorna = func(ctx context.Context, e storage.Effetto) error {
				err := d.Store.Aggiorna(ctx, e)
				if errors.Is(err, storage.ErrPrenotazione) {
					return nil
				}
				return err
			}
		}, []string{"gettone", "orologi", "concorrenza_orologi"}},
		"gettone_fermo": {func(d *difettoso) {
			fermo := func(e *storage.Effetto) { e.Gettone = min(e.Gettone, 1) }
			d.prenota = func(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
				presi, err := d.Store.Prenota(ctx, p)
				for i := range presi {
					fermo(&presi[i])
				}
				return presi, err
			}
			d.effetto = func(ctx context.Context, ente, id string) (storage.Effetto, error) {
				e, err := d.Store.Effetto(ctx, ente, id)
				fermo(&e)
				return e, err
			}
			d.aggiorna = func(ctx context.Context, e storage.Effetto) error {
				if v, err := d.Store.Effetto(ctx, e.Ente, e.ID); err == nil {
					e.Gettone = v.Gettone
				}
				return d.Store.Aggiorna(ctx, e)
			}
		}, []string{"prenota", "sblocca"}},
		"orologio_proprio": {func(d *difettoso) { // a lease ends by the clock of the store, not by the token
			d.aggiorna = func(ctx context.Context, e storage.Effetto) error {
				if v, err := d.Store.Effetto(ctx, e.Ente, e.ID); err == nil && v.Stato == storage.InCorso && v.Scadenza.Before(time.Now()) {
					return storage.ErrPrenotazione
				}
				return d.Store.Aggiorna(ctx, e)
			}
		}, []string{"gettone", "orologi_sfasati"}},
		"orologio_che_non_torna": {func(d *difettoso) {
			var ultima time.Time
			d.prenota = func(ctx context.Context, p storage.Prenotazione) ([]storage.Effetto, error) {
				d.mu.Lock()
				if p.Ora.Before(ultima) {
					p.Ora = ultima
				}
				ultima = p.Ora
				d.mu.Unlock()
				return d.Store.Prenota(ctx, p)
			}
		}, []string{"orologi"}},
		"causato_adesso": {func(d *difettoso) { // effects due by the clock of the store
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				c.Effetti = slices.Clone(c.Effetti)
				for i := range c.Effetti {
					if c.Effetti[i].Prossimo.IsZero() {
						c.Effetti[i].Prossimo = time.Now()
					}
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"prenota", "andata_e_ritorno", "orologi_sfasati"}},
		"sblocca_tutto": {func(d *difettoso) {
			d.sblocca = func(ctx context.Context, ente, id string, diario []byte) error {
				err := d.Store.Sblocca(ctx, ente, id, diario)
				if errors.Is(err, storage.ErrConflitto) {
					return nil
				}
				return err
			}
		}, []string{"sblocca"}},
		"sblocca_svuota": {func(d *difettoso) {
			d.sblocca = func(ctx context.Context, ente, id string, diario []byte) error {
				return d.Store.Sblocca(ctx, ente, id, append([]byte{}, diario...))
			}
		}, []string{"sblocca"}},
		"diario_condiviso": {func(d *difettoso) {
			tenuti := map[string][]byte{}
			d.aggiorna = func(ctx context.Context, e storage.Effetto) error {
				tenuti[e.ID] = e.Diario
				return d.Store.Aggiorna(ctx, e)
			}
			d.effetto = func(ctx context.Context, ente, id string) (storage.Effetto, error) {
				e, err := d.Store.Effetto(ctx, ente, id)
				e.Diario = tenuti[id]
				return e, err
			}
		}, []string{"alias"}},
		"sorda": {func(d *difettoso) {
			d.attendi = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		}, []string{"sveglia"}},
		"insonne": {func(d *difettoso) {
			d.attendi = func(ctx context.Context) error { return ctx.Err() }
		}, []string{"sveglia"}},
		"effetti_di_prima": {func(d *difettoso) { // the effects of a pratica, without those that are done
			d.effetti = func(ctx context.Context, ente string, id pratica.ID) ([]storage.Effetto, error) {
				tutti, err := d.Store.Effetti(ctx, ente, id)
				return slices.DeleteFunc(tutti, func(e storage.Effetto) bool { return e.Stato == storage.Fatto }), err
			}
		}, []string{"oscurati"}},
	}
}
