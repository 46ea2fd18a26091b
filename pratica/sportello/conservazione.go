package sportello

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/storage"
)

// conservato is a service with retention terms, in its newest version.
type conservato struct {
	servizio string
	termini  servizio.Conservazione
}

// conservati gives the services that have retention terms, by id; nil means all
// that the ente offers. One that is offered no more is found by its id.
func (s *Sportello) conservati(ctx context.Context, ente string, ids []string) ([]conservato, error) {
	var tutti []*servizio.Servizio
	if ids == nil {
		var err error
		if tutti, err = s.c.Servizi.Elenco(ctx, ente); err != nil {
			return nil, err
		}
	}
	for _, id := range ids {
		sv, err := s.c.Servizi.Servizio(ctx, ente, id, 0)
		if errors.Is(err, pratica.ErrNonTrovato) {
			continue
		}
		if err != nil {
			return nil, err
		}
		tutti = append(tutti, sv)
	}
	var c []conservato
	for _, sv := range tutti {
		if t, ok := sv.Conservazione(); ok {
			c = append(c, conservato{sv.ID(), t})
		}
	}
	slices.SortFunc(c, func(a, b conservato) int { return cmp.Compare(a.servizio, b.servizio) })
	return slices.CompactFunc(c, func(a, b conservato) bool { return a.servizio == b.servizio }), nil
}

// termini gives the retention terms that hold for a pratica: those of the newest
// version of its service, because how long an archive is kept is a rule of the
// ente and not of the form; of the version it is pinned to where no other is left.
func (s *Sportello) termini(ctx context.Context, p *pratica.Pratica, sv *servizio.Servizio) (servizio.Conservazione, error) {
	nuovo, err := s.c.Servizi.Servizio(ctx, p.Ente, p.Servizio, 0)
	switch {
	case err == nil:
		sv = nuovo
	case !errors.Is(err, pratica.ErrNonTrovato):
		return servizio.Conservazione{}, err
	}
	t, _ := sv.Conservazione()
	return t, nil
}

// dove is the place in a list over several services.
type dove struct {
	Servizio string `json:"s"`
	Cursore  string `json:"c,omitempty"`
}

const massimoDove = 4096

// DaOscurare gives a page of the pratiche that ended, whose personal data are
// still there and whose retention term (servizio.Conservazione) has passed: by
// service, longest presented first. f narrows by Servizi, Stati, Ufficio, dates
// and text; Ente, Ordine, Bozze and ConDati are set here. Only the system of the
// ente may ask.
//
// It is a proposal: what is on it is erased only by OscuraDati, pratica by
// pratica, or OscuraTutte. The ids are what to keep while an authorisation to
// discard is waited for.
func (s *Sportello) DaOscurare(ctx context.Context, a pratica.Attore, f storage.Filtro) (storage.Pagina, error) {
	if err := s.soloEnte(a); err != nil {
		return storage.Pagina{}, err
	}
	servizi, err := s.conservati(ctx, a.Ente, f.Servizi)
	if err != nil {
		return storage.Pagina{}, err
	}
	qui, err := leggiDove(f.Cursore)
	if err != nil || f.Limite < 0 || f.Limite > 200 {
		return storage.Pagina{}, filtroNonValido(storage.ErrFiltro)
	}
	if len(f.Stati) == 0 {
		f.Stati = pratica.Stati()
	}
	f.Stati = slices.DeleteFunc(slices.Clone(f.Stati), func(x pratica.Stato) bool { return !x.Finale() })
	if len(f.Stati) == 0 {
		return storage.Pagina{}, nil
	}
	f.Ente, f.Ordine, f.Bozze, f.ConDati = a.Ente, storage.PerPresentazioneVecchie, false, true
	quante, fino, ora := cmp.Or(f.Limite, 25), f.CambioAl, s.ora()
	var pagina storage.Pagina
	for _, c := range servizi {
		limite := c.termini.Limite(ora)
		if c.servizio < qui.Servizio || limite.IsZero() {
			continue
		}
		if !fino.IsZero() && fino.Before(limite) {
			limite = fino
		}
		if len(pagina.Righe) == quante {
			pagina.Seguente, err = dove{Servizio: c.servizio}.scrivi()
			return pagina, err
		}
		// Of a pratica that ended, the last change of state is the end.
		f.Servizi, f.CambioAl, f.Limite, f.Cursore = []string{c.servizio}, limite, quante-len(pagina.Righe), ""
		if c.servizio == qui.Servizio {
			f.Cursore = qui.Cursore
		}
		pg, err := s.cerca(ctx, f)
		if err != nil {
			return storage.Pagina{}, err
		}
		pagina.Righe = append(pagina.Righe, pg.Righe...)
		if pg.Seguente != "" {
			pagina.Seguente, err = dove{c.servizio, pg.Seguente}.scrivi()
			return pagina, err
		}
	}
	return pagina, nil
}

func (d dove) scrivi() (string, error) {
	b, err := json.Marshal(d)
	return base64.RawURLEncoding.EncodeToString(b), err
}

func leggiDove(s string) (dove, error) {
	var d dove
	if s == "" {
		return d, nil
	}
	if len(s) > massimoDove {
		return d, storage.ErrFiltro
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &d)
	}
	return d, err
}

// PrimaDelTermine lets OscuraDati erase before the retention term: for an order
// of a judge or of the Garante, or a request that the ente grants (Regulation EU
// 2016/679, art. 17). The iter says so. It does not help where the service has
// no term: then nothing is erased.
func PrimaDelTermine() Opzione { return func(o *opzioni) { o.primaDelTermine = true } }

// TrascuraFalliti lets OscuraDati erase although effects of the pratica failed
// for good, and those that wait behind them: they are given up. One that is
// being carried out, or whose outcome is unknown, is never given up.
func TrascuraFalliti() Opzione { return func(o *opzioni) { o.trascuraFalliti = true } }

// OscuraDati erases the personal data of a pratica that ended: see
// pratica.Oscura for what stays. It cannot be undone. Only the system of the
// ente may: the host decides who gives the order, and his account is the
// Attore.ID that the iter keeps. motivo is the ground, as in pratica.OscuraDati.
//
// It is refused (ErrNonAmmesso) before the retention term has passed, see
// PrimaDelTermine; while effects are not finished, see TrascuraFalliti (notices
// that did not leave are given up in any case); with an appointment still to
// come; and where the service has no term (ErrNonConfigurato). An iter that was
// altered is not erased either: that it was would no longer show.
//
// The values that the service wants unique (modulo.Campo.Unico) are given back
// with the digests that claimed them, and may be used again. The files of the
// pratica are in use no more: they are not given to anybody, and SpazzaArchivio
// removes them. What other systems keep (registry, payments,
// channels, copies of the database) is not touched.
func (s *Sportello) OscuraDati(ctx context.Context, a pratica.Attore, id pratica.ID, motivo string, opz ...Opzione) (Esito, error) {
	var o opzioni
	for _, f := range opz {
		f(&o)
	}
	for range tentativiConflitto {
		p, sv, err := s.carica(ctx, a, id)
		if err != nil {
			return Esito{}, err
		}
		if err := s.soloEnte(a); err != nil {
			return Esito{}, err
		}
		if r, ripetuta, err := s.gia(ctx, p, opz); err != nil || ripetuta {
			return r, err
		}
		if o.versione != 0 && o.versione != p.Versione {
			return Esito{}, pratica.ErrConflitto
		}
		d := pratica.OscuraDati{Motivo: motivo}
		if p.Oscurata.IsZero() && p.Stato.Finale() { // else pratica.Decidi says why not
			if d.PrimaDelTermine, err = s.oscurabile(ctx, p, sv, o); err != nil {
				return Esito{}, err
			}
		}
		e, err := s.esegui(ctx, a, id, d, nil, append(slices.Clone(opz), SeVersione(p.Versione))...)
		if !errors.Is(err, pratica.ErrConflitto) {
			return e, err
		}
	}
	return Esito{}, pratica.ErrConflitto
}

// oscurabile checks what is not in the pratica: the term, and the effects.
// anticipata: the term has not passed, and does not matter.
func (s *Sportello) oscurabile(ctx context.Context, p *pratica.Pratica, sv *servizio.Servizio, o opzioni) (anticipata bool, err error) {
	t, err := s.termini(ctx, p, sv)
	if err != nil {
		return false, err
	}
	scade := t.Scadenza(p.ConclusaIl)
	if scade.IsZero() {
		return false, &pratica.Errore{Codice: pratica.CodiceNonConfigurato, Motivi: []pratica.Motivo{{Codice: "conservazione_illimitata", Messaggio: "Il servizio non prevede un termine di conservazione: i dati personali non si oscurano."}}}
	}
	var motivi []pratica.Motivo
	if anticipata = s.ora().Before(scade); anticipata && !o.primaDelTermine {
		motivi = append(motivi, pratica.Motivo{Codice: "conservazione_in_corso", Messaggio: "Il termine di conservazione dei dati personali non è ancora trascorso."})
	}
	effetti, err := s.c.Store.Effetti(ctx, p.Ente, p.ID)
	if err != nil {
		return false, err
	}
	if m, ok := inSospeso(effetti, o.trascuraFalliti); ok {
		motivi = append(motivi, m)
	}
	if len(motivi) > 0 {
		return false, &pratica.Errore{Codice: pratica.CodiceNonAmmesso, Motivi: motivi}
	}
	return anticipata, nil
}

// inSospeso gives the reason not to erase where something is still to be done
// for the pratica. A notice tells the applicant of a state: years later there is
// nobody to be told.
func inSospeso(effetti []storage.Effetto, trascura bool) (pratica.Motivo, bool) {
	var titoli []string
	rinunciate := map[string]bool{} // lanes behind a failure that is given up
	for _, e := range effetti {
		switch {
		case e.Stato == storage.Fatto || e.Genere == pratica.EffettoAvviso && e.Stato != storage.InCorso:
			continue
		case trascura && e.Stato == storage.Fallito:
			rinunciate[e.Corsia] = true
			continue
		case e.Stato == storage.DaFare && rinunciate[e.Corsia]:
			continue
		}
		if t := titoloEffetto(e.Genere); !slices.Contains(titoli, t) {
			titoli = append(titoli, t)
		}
	}
	if len(titoli) == 0 {
		return pratica.Motivo{}, false
	}
	return pratica.Motivo{Codice: "effetti_in_sospeso", Messaggio: "Restano operazioni da concludere: " + strings.Join(titoli, ", ") + "."}, true
}

// iterOscurato gives the earlier events as the store is to keep them.
func (s *Sportello) iterOscurato(ctx context.Context, p *pratica.Pratica) ([]pratica.Evento, error) {
	eventi, err := s.c.Store.Eventi(ctx, p.Ente, p.ID)
	if err != nil {
		return nil, err
	}
	if len(eventi) != p.Versione {
		return nil, storage.ErrConflitto
	}
	if err := pratica.Verifica(eventi); err != nil {
		return nil, err
	}
	if eventi[len(eventi)-1].Impronta != p.Impronta {
		return nil, &pratica.ErroreIter{Progressivo: p.Versione, Causa: "impronta"}
	}
	return pratica.Oscura(eventi), nil
}

// OscuraTutte erases the personal data of many pratiche, one by one as the
// caller ranges over it, and tells the outcome of each: nil where they are
// erased, also by an earlier call, so that an interrupted work is resumed by
// giving the same list again. A refusal of one does not stop the others. Where
// ctx ends, the first pratica that was not done is given with the error of ctx,
// and it stops.
func (s *Sportello) OscuraTutte(ctx context.Context, a pratica.Attore, ids []pratica.ID, motivo string, opz ...Opzione) iter.Seq2[pratica.ID, error] {
	return func(yield func(pratica.ID, error) bool) {
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				yield(id, err)
				return
			}
			_, err := s.OscuraDati(ctx, a, id, motivo, opz...)
			if giaOscurata(err) {
				err = nil
			}
			if !yield(id, err) {
				return
			}
		}
	}
}

func giaOscurata(err error) bool {
	var e *pratica.Errore
	return errors.As(err, &e) && e.Codice == pratica.CodiceNonAmmesso && len(e.Motivi) == 1 && e.Motivi[0].Codice == "oscurata"
}

// EliminaBozzeAbbandonate deletes the drafts that nobody changed for as long as
// their service says (servizio.Conservazione.GiorniBozza), one by one as the
// caller ranges over it, longest unchanged first, and tells the outcome of each.
// A draft that its applicant takes up meanwhile stays. One with a payment made
// is refused: somebody must look. What drafts held elsewhere is given back, as
// when the applicant deletes them. Only the system of the ente may; where ctx
// ends it stops with its error.
func (s *Sportello) EliminaBozzeAbbandonate(ctx context.Context, a pratica.Attore) iter.Seq2[pratica.ID, error] {
	return func(yield func(pratica.ID, error) bool) {
		err := s.soloEnte(a)
		var servizi []conservato
		if err == nil {
			servizi, err = s.conservati(ctx, a.Ente, nil)
		}
		if err != nil {
			yield("", err)
			return
		}
		ora := s.ora()
		for _, c := range servizi {
			if limite := c.termini.LimiteBozza(ora); !limite.IsZero() && !s.eliminaBozze(ctx, a, c.servizio, limite, yield) {
				return
			}
		}
	}
}

// eliminaBozze deletes the drafts of a service last changed before the limit;
// false: enough.
func (s *Sportello) eliminaBozze(ctx context.Context, a pratica.Attore, servizioID string, limite time.Time, yield func(pratica.ID, error) bool) bool {
	f := storage.Filtro{Ente: a.Ente, Servizi: []string{servizioID}, Stati: []pratica.Stato{pratica.Bozza}, Bozze: true, CambioAl: limite, Ordine: storage.PerAggiornamentoVecchie, Limite: 100}
	for {
		pg, err := s.cerca(ctx, f)
		if err != nil {
			yield("", err)
			return false
		}
		for i := range pg.Righe {
			r := &pg.Righe[i]
			if !r.Aggiornata.Before(limite) { // and so all that follow
				return true
			}
			if err := ctx.Err(); err != nil {
				yield(r.ID, err)
				return false
			}
			_, err := s.esegui(ctx, a, r.ID, pratica.EliminaBozza{}, nil, SeVersione(r.Versione))
			if errors.Is(err, pratica.ErrConflitto) || errors.Is(err, pratica.ErrNonTrovato) { // taken up, or deleted, meanwhile
				continue
			}
			if !yield(r.ID, err) {
				return false
			}
		}
		if f.Cursore = pg.Seguente; f.Cursore == "" {
			return true
		}
	}
}
