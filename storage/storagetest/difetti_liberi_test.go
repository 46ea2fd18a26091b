package storagetest_test

import (
	"context"
	"errors"
	"slices"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// restituisce gives claims back in a commit of their own.
func (d *difettoso) restituisce(ctx context.Context, c storage.Commit, id pratica.ID, u []storage.Unico) error {
	p, err := d.Store.Carica(ctx, c.Pratica.Ente, id)
	if err != nil {
		return err
	}
	_, err = d.Store.Registra(ctx, storage.Commit{Pratica: p, Attesa: p.Versione, Ora: p.Aggiornata, Campi: d.campi(p), Liberi: u})
	return err
}

// difettiDeiLiberi do not give back what they were asked to, or something else.
func difettiDeiLiberi() map[string]difetto {
	return map[string]difetto{
		"liberi_ignorati": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				c.Liberi = nil
				return d.Store.Registra(ctx, c)
			}
		}, []string{"liberi", "atomicita", "concorrenza_liberi", "non_valido"}},
		"liberi_a_parte":            {aParte(storage.ErrPrenotazione, func(v *storage.Commit, c storage.Commit) { v.Liberi = c.Liberi }), []string{"atomicita"}},
		"liberi_anche_in_conflitto": {aParte(storage.ErrConflitto, func(v *storage.Commit, c storage.Commit) { v.Liberi = c.Liberi }), []string{"atomicita"}},
		"liberi_prima": {func(d *difettoso) { // and then the rest, if it can be
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				if len(c.Liberi) > 0 && c.Pratica != nil && !slices.ContainsFunc(c.Liberi, func(u storage.Unico) bool { return slices.Contains(c.Unici, u) }) {
					_ = d.restituisce(ctx, c, c.Pratica.ID, c.Liberi)
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"atomicita"}},
		"liberi_a_ogni_ripetizione": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				r, err := d.Store.Registra(ctx, c)
				if err == nil && r.Ripetuta && len(c.Liberi) > 0 {
					err = d.restituisce(ctx, c, c.Pratica.ID, c.Liberi)
				}
				return r, err
			}
		}, []string{"liberi_ripetuti"}},
		"liberi_di_chiunque": {func(d *difettoso) { // whoever holds them
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				r, err := d.Store.Registra(ctx, c)
				for _, v := range d.tentati() {
					if err == nil && len(c.Liberi) > 0 && v.Pratica.Ente == c.Pratica.Ente && v.Pratica.ID != c.Pratica.ID {
						err = d.restituisce(ctx, c, v.Pratica.ID, c.Liberi)
					}
				}
				return r, err
			}
		}, []string{"liberi"}},
		"liberi_di_ogni_ente": {func(d *difettoso) {
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				r, err := d.Store.Registra(ctx, c)
				for _, v := range d.tentati() {
					if err == nil && len(c.Liberi) > 0 && v.Pratica.Ente != c.Pratica.Ente && v.Pratica.ID == c.Pratica.ID {
						err = d.restituisce(ctx, v, v.Pratica.ID, c.Liberi)
					}
				}
				return r, err
			}
		}, []string{"liberi"}},
		"liberi_tutti": {func(d *difettoso) { // all that the pratica holds
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				r, err := d.Store.Registra(ctx, c)
				for _, v := range d.tentati() {
					if err == nil && len(c.Liberi) > 0 && !c.Elimina && v.Pratica.Ente == c.Pratica.Ente && v.Pratica.ID == c.Pratica.ID {
						err = d.restituisce(ctx, c, c.Pratica.ID, slices.DeleteFunc(slices.Clone(v.Unici), func(u storage.Unico) bool { return slices.Contains(c.Unici, u) }))
					}
				}
				return r, err
			}
		}, []string{"liberi"}},
		"liberi_solo_se_tenuti": {func(d *difettoso) { // what it never claimed is an error
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				for _, u := range c.Liberi {
					if !slices.ContainsFunc(d.tentati(), func(v storage.Commit) bool { return v.Pratica.ID == c.Pratica.ID && slices.Contains(v.Unici, u) }) {
						return storage.Ricevuta{}, storage.ErrNonValido
					}
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"liberi"}},
		"liberi_per_ambito": {func(d *difettoso) { // the scope alone
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				r, err := d.Store.Registra(ctx, c)
				var tutti []storage.Unico
				for _, v := range d.tentati() {
					for _, u := range v.Unici {
						if slices.ContainsFunc(c.Liberi, func(l storage.Unico) bool { return l.Ambito == u.Ambito }) && !slices.Contains(c.Unici, u) {
							tutti = append(tutti, u)
						}
					}
				}
				if err == nil && len(tutti) > 0 && !c.Elimina {
					err = d.restituisce(ctx, c, c.Pratica.ID, tutti)
				}
				return r, err
			}
		}, []string{"liberi"}},
		"preso_e_libero": {func(d *difettoso) { // claims, and gives back at once
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				r, err := d.Store.Registra(ctx, c)
				if errors.Is(err, storage.ErrNonValido) && len(c.Unici) > 0 && len(c.Liberi) > 0 {
					c.Liberi = slices.DeleteFunc(slices.Clone(c.Liberi), func(u storage.Unico) bool { return slices.Contains(c.Unici, u) })
					return d.Store.Registra(ctx, c)
				}
				return r, err
			}
		}, []string{"non_valido"}},
	}
}
