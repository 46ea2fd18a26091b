package sportello

import (
	"context"
	"errors"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// Elenca gives a page of the operator's list: pratiche of the services that he
// is enabled for and of no other, drafts left out but those that wait for a
// payment. In f he may narrow by all the rest and choose any order; Ente,
// Operatore and Bozze are set here. The Campi of a row are those that
// ColonneElenco names.
func (s *Sportello) Elenca(ctx context.Context, a pratica.Attore, f storage.Filtro) (storage.Pagina, error) {
	f, niente, err := s.filtroScrivania(a, f)
	if err != nil || niente {
		return storage.Pagina{}, err
	}
	return s.cerca(ctx, f)
}

// Riassumi gives the figures of what Elenca lists with the same filter: how
// many, in which states, and the sums of the fields of the form named. A field
// that none of the operator's services adds up (ColonneElenco) is not valid.
func (s *Sportello) Riassumi(ctx context.Context, a pratica.Attore, f storage.Filtro, campi ...string) (storage.Riepilogo, error) {
	f, niente, err := s.filtroScrivania(a, f)
	if err == nil {
		err = s.sommabili(ctx, a, campi)
	}
	if err != nil || niente {
		return storage.Riepilogo{}, err
	}
	r, err := s.c.Store.Riassumi(ctx, f, campi...)
	return r, filtroNonValido(err)
}

// filtroScrivania narrows a filter to what an operator may see; niente: that is
// nothing.
func (s *Sportello) filtroScrivania(a pratica.Attore, f storage.Filtro) (_ storage.Filtro, niente bool, err error) {
	if _, ok := s.enti[a.Ente]; !ok || a.Ruolo != pratica.Operatore || a.ID == "" {
		return f, false, pratica.ErrNonAutorizzato
	}
	f.Ente, f.Operatore = a.Ente, a.ID
	abilitati := append([]string{}, a.Servizi...) // not nil: no service means nothing
	if f.Servizi != nil {
		abilitati = slices.DeleteFunc(abilitati, func(x string) bool { return !slices.Contains(f.Servizi, x) })
	}
	f.Servizi = abilitati
	f.Bozze = true // to show those that wait for a payment
	if len(f.Stati) == 0 {
		f.Stati = pratica.Stati()
	}
	f.Stati = slices.DeleteFunc(slices.Clone(f.Stati), func(x pratica.Stato) bool { return x == pratica.Bozza })
	return f, len(f.Stati) == 0, nil
}

// MiePratiche gives a page of the citizen's own pratiche, drafts included. Only
// Servizi, Stati, Numero, Testo, dates and the page are read from f. As in Apri,
// a decision that is not issued yet is not told: the state is InCarico. Rows have
// what is still to pay (Dovuto), and no Campi: those are columns of the office,
// and answers of the form are shown by Apri, to whom is identified surely enough
// for the service. For the same reason a Testo is not looked for in the pratiche
// of services that ask for a higher level.
func (s *Sportello) MiePratiche(ctx context.Context, a pratica.Attore, f storage.Filtro) (storage.Pagina, error) {
	f, niente, err := s.filtroArea(ctx, a, f)
	if err != nil || niente {
		return storage.Pagina{}, err
	}
	pg, err := s.cerca(ctx, f)
	for i := range pg.Righe {
		r := &pg.Righe[i]
		r.Stato, r.Operatore, r.Attenzione, r.Campi = statoPer(a, r.Stato), "", false, nil
	}
	return pg, err
}

// QuanteMie says how many pratiche MiePratiche lists with the same filter.
func (s *Sportello) QuanteMie(ctx context.Context, a pratica.Attore, f storage.Filtro) (int, error) {
	f, niente, err := s.filtroArea(ctx, a, f)
	if err != nil || niente {
		return 0, err
	}
	r, err := s.c.Store.Riassumi(ctx, f)
	return r.Totale, filtroNonValido(err)
}

// filtroArea narrows a filter to what is the citizen's own.
func (s *Sportello) filtroArea(ctx context.Context, a pratica.Attore, f storage.Filtro) (_ storage.Filtro, niente bool, err error) {
	if _, ok := s.enti[a.Ente]; !ok || a.Ruolo != pratica.Cittadino {
		return f, false, pratica.ErrNonAutorizzato
	}
	f.Ente, f.Bozze, f.Lavorazione, f.Operatore, f.Ufficio, f.Attenzione = a.Ente, true, storage.Tutte, "", "", false
	f.Nome, f.Protocollo, f.DovutoMin, f.DovutoMax, f.ConDati = "", "", decimal.NullDecimal{}, decimal.NullDecimal{}, false
	switch f.Richiedente, f.Anonimo = string(a.Persona.CodiceFiscale), ""; {
	case f.Richiedente != "":
	case a.Anonimo != "":
		f.Anonimo = pratica.ImpegnoAnonimo(a.Anonimo)
	default:
		return f, false, pratica.ErrNonAutorizzato
	}
	if len(f.Stati) > 0 { // a decision that is not issued is not found by which way it went
		f.Stati = slices.DeleteFunc(slices.Clone(f.Stati), decisa)
		switch {
		case slices.Contains(f.Stati, pratica.InCarico):
			f.Stati = append(f.Stati, pratica.EsitoPositivo, pratica.EsitoNegativo)
		case len(f.Stati) == 0:
			return f, true, nil
		}
	}
	if f.Testo != "" {
		f.Servizi, err = s.accessibili(ctx, a, f.Servizi)
	}
	return f, false, err
}

// accessibili leaves out of a choice of services (nil: all) those for which the
// citizen is not identified surely enough.
func (s *Sportello) accessibili(ctx context.Context, a pratica.Attore, servizi []string) ([]string, error) {
	tutti, err := s.c.Servizi.Elenco(ctx, a.Ente)
	if err != nil {
		return nil, err
	}
	scelti, esclusi := []string{}, []string{}
	for _, sv := range tutti {
		if a.Livello < sv.Accesso() {
			esclusi = append(esclusi, sv.ID())
		} else {
			scelti = append(scelti, sv.ID())
		}
	}
	switch {
	case len(esclusi) == 0:
		return servizi, nil
	case servizi == nil:
		return scelti, nil
	}
	return slices.DeleteFunc(slices.Clone(servizi), func(x string) bool { return slices.Contains(esclusi, x) }), nil
}

func (s *Sportello) cerca(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
	pg, err := s.c.Store.Cerca(ctx, f)
	return pg, filtroNonValido(err)
}

func filtroNonValido(err error) error {
	if errors.Is(err, storage.ErrFiltro) {
		return &pratica.Errore{Codice: pratica.CodiceNonValido, Causa: err, Campi: []pratica.ErroreCampo{{Percorso: "filtro", Codice: "filtro", Messaggio: "Il filtro o la pagina richiesta non sono validi: torna all'elenco."}}}
	}
	return err
}
