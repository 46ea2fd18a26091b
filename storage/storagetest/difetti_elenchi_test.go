package storagetest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// dopoCerca changes the page that Cerca gives.
func dopoCerca(fn func(d *difettoso, f storage.Filtro, p *storage.Pagina)) func(*difettoso) {
	return func(d *difettoso) {
		d.cerca = func(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
			p, err := d.Store.Cerca(ctx, f)
			if err == nil {
				fn(d, f, &p)
			}
			return p, err
		}
	}
}

// primaDiCerca changes the filter.
func primaDiCerca(fn func(f *storage.Filtro)) func(*difettoso) {
	return func(d *difettoso) {
		d.cerca = func(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
			fn(&f)
			return d.Store.Cerca(ctx, f)
		}
	}
}

func difettiDegliElenchi() map[string]difetto {
	// parolaPerParola searches by hand, with a rule of its own.
	parolaPerParola := func(vale func(avuta, cercata string) bool) func(*difettoso) {
		return func(d *difettoso) {
			d.cerca = func(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
				cercate := strings.Fields(strings.ToLower(f.Testo))
				f.Testo = ""
				if len(cercate) > 0 {
					f.Limite = 200
				}
				p, err := d.Store.Cerca(ctx, f)
				p.Righe = slices.DeleteFunc(p.Righe, func(r storage.Riga) bool {
					dove := strings.FieldsFunc(strings.ToLower(strings.Join([]string{r.Numero.String(), r.Protocollo, r.Richiedente, r.CodiceFiscale, r.Oggetto}, " ")),
						func(c rune) bool { return strings.ContainsRune(" -/", c) })
					return slices.ContainsFunc(cercate, func(c string) bool { return !slices.ContainsFunc(dove, func(p string) bool { return vale(p, c) }) })
				})
				return p, err
			}
		}
	}
	return map[string]difetto{
		// Pages.
		"pagina_che_salta": {dopoCerca(func(_ *difettoso, f storage.Filtro, p *storage.Pagina) {
			if f.Cursore != "" && len(p.Righe) > 1 && p.Seguente == "" {
				p.Righe = p.Righe[1:]
			}
		}), []string{"pagine", "pagine_concorrenti", "servizi"}},
		"pagina_a_scarti": {func(d *difettoso) { // OFFSET in the place of a key
			d.cerca = func(ctx context.Context, f storage.Filtro) (storage.Pagina, error) {
				da, limite := 0, f.Limite
				if limite == 0 {
					limite = 25
				}
				if strings.HasPrefix(f.Cursore, "da") {
					if _, err := fmt.Sscanf(f.Cursore, "da%d", &da); err != nil {
						return storage.Pagina{}, err
					}
					f.Cursore = ""
				}
				if da+limite > 200 || f.Cursore != "" || limite < 0 { // its defect is in the pages, not in the bounds
					return d.Store.Cerca(ctx, f)
				}
				f.Limite = 200
				p, err := d.Store.Cerca(ctx, f)
				if err != nil {
					return p, err
				}
				p.Seguente = ""
				if da+limite < len(p.Righe) {
					p.Seguente = fmt.Sprint("da", da+limite)
				}
				p.Righe = p.Righe[min(da, len(p.Righe)):min(da+limite, len(p.Righe))]
				return p, nil
			}
		}, []string{"pagine"}},
		"pari_saltati": {func(d *difettoso) { // a cursor without the ID
			ultime := map[string]storage.Riga{}
			dopoCerca(func(d *difettoso, f storage.Filtro, p *storage.Pagina) {
				d.mu.Lock()
				defer d.mu.Unlock()
				if u, ok := ultime[f.Cursore]; ok {
					p.Righe = slices.DeleteFunc(p.Righe, func(r storage.Riga) bool {
						return r.PresentataIl.Equal(u.PresentataIl) && r.Aggiornata.Equal(u.Aggiornata)
					})
				}
				if p.Seguente != "" && len(p.Righe) > 0 {
					ultime[p.Seguente] = p.Righe[len(p.Righe)-1]
				}
			})(d)
		}, []string{"pagine"}},
		"ultima_ripetuta": {func(d *difettoso) { // at or after the cursor, not after it
			ultime := map[string]storage.Riga{}
			dopoCerca(func(d *difettoso, f storage.Filtro, p *storage.Pagina) {
				d.mu.Lock()
				defer d.mu.Unlock()
				if p.Seguente != "" {
					ultime[p.Seguente] = p.Righe[len(p.Righe)-1]
				}
				if u, ok := ultime[f.Cursore]; ok && p.Seguente == "" {
					p.Righe = append([]storage.Riga{u}, p.Righe...)
				}
			})(d)
		}, []string{"pagine", "pagine_concorrenti", "parole_frequenti"}},
		"verso_ignorato": {primaDiCerca(func(f *storage.Filtro) {
			if f.Ordine == storage.PerAggiornamentoVecchie && f.Cursore == "" {
				f.Ordine = storage.PerAggiornamento
			}
		}), []string{"ordini"}},
		"bozze_in_fondo": {dopoCerca(func(_ *difettoso, _ storage.Filtro, p *storage.Pagina) { // drafts by nothing
			slices.SortStableFunc(p.Righe, func(a, b storage.Riga) int {
				return map[bool]int{true: 1}[a.PresentataIl.IsZero()] - map[bool]int{true: 1}[b.PresentataIl.IsZero()]
			})
		}), []string{"ordini", "servizi"}},
		"servizi_uniti_due_volte": {dopoCerca(func(_ *difettoso, f storage.Filtro, p *storage.Pagina) {
			if len(p.Righe) > 0 && len(slices.Compact(slices.Sorted(slices.Values(f.Servizi)))) < len(f.Servizi) {
				p.Righe = slices.Insert(p.Righe, 0, p.Righe[0])
			}
		}), []string{"servizi", "filtri"}},
		"servizi_nessuno_tutti": {primaDiCerca(func(f *storage.Filtro) {
			if len(f.Servizi) == 0 {
				f.Servizi = nil
			}
		}), []string{"servizi", "filtri"}},
		"righe_condivise": {func(d *difettoso) {
			viste := map[pratica.ID]map[string]string{}
			dopoCerca(func(_ *difettoso, _ storage.Filtro, p *storage.Pagina) {
				for i, r := range p.Righe {
					if viste[r.ID] == nil {
						viste[r.ID] = r.Campi
					}
					p.Righe[i].Campi = viste[r.ID]
				}
			})(d)
		}, []string{"alias"}},

		// Words.
		"sottostringa":       {parolaPerParola(strings.Contains), []string{"testo", "parole"}},
		"numero_a_prefisso":  {parolaPerParola(strings.HasPrefix), []string{"testo", "parole"}},
		"parola_intera":      {parolaPerParola(func(a, b string) bool { return a == b }), []string{"testo", "parole", "filtri"}},
		"senza_parole_tutto": {primaDiCerca(func(f *storage.Filtro) { f.Testo = strings.Trim(f.Testo, " %_-.()'\\\ufeff") }), []string{"testo"}},
		"nome_ovunque":       {primaDiCerca(func(f *storage.Filtro) { f.Testo, f.Nome = strings.TrimSpace(f.Testo+" "+f.Nome), "" }), []string{"filtri"}},
		"protocollo_alla_lettera": {dopoCerca(func(_ *difettoso, f storage.Filtro, p *storage.Pagina) {
			p.Righe = slices.DeleteFunc(p.Righe, func(r storage.Riga) bool { return f.Protocollo != "" && r.Protocollo != f.Protocollo })
		}), []string{"filtri"}},
		"campi_non_cercati": {dopoCerca(func(_ *difettoso, f storage.Filtro, p *storage.Pagina) {
			p.Righe = slices.DeleteFunc(p.Righe, func(r storage.Riga) bool { return f.Testo != "" && len(r.Campi) > 0 })
		}), []string{"parole", "filtri"}},
		"parole_di_prima": {func(d *difettoso) { // the index is not emptied
			d.registra = func(ctx context.Context, c storage.Commit) (storage.Ricevuta, error) {
				for _, v := range d.tentati() {
					if v.Pratica.Ente == c.Pratica.Ente && v.Pratica.ID == c.Pratica.ID && len(c.Campi) == 0 {
						c.Campi = v.Campi
					}
				}
				return d.Store.Registra(ctx, c)
			}
		}, []string{"parole", "riassunto"}},
		"frequenti_troncate": {func(d *difettoso) { // looks among the first 2,000 matches
			dopoCerca(func(d *difettoso, f storage.Filtro, p *storage.Pagina) {
				f.Servizi = nil
				if r, err := d.Store.Riassumi(context.Background(), f); f.Testo != "" && err == nil && r.Totale > 2000 {
					p.Righe = p.Righe[:len(p.Righe)*2000/r.Totale]
				}
			})(d)
		}, []string{"parole_frequenti"}},
		"al_confine": {func(d *difettoso) { // neither fewer than 2,000 nor more
			dopoCerca(func(d *difettoso, f storage.Filtro, p *storage.Pagina) {
				f.Servizi = nil
				if r, err := d.Store.Riassumi(context.Background(), f); f.Testo != "" && err == nil && r.Totale == 2000 {
					*p = storage.Pagina{}
				}
			})(d)
		}, []string{"parole_frequenti"}},

		// Filters.
		"dovuto_estremo_escluso": {dopoCerca(func(_ *difettoso, f storage.Filtro, p *storage.Pagina) {
			p.Righe = slices.DeleteFunc(p.Righe, func(r storage.Riga) bool {
				return f.DovutoMax.Valid && r.Dovuto.Equal(f.DovutoMax.Decimal) || f.DovutoMin.Valid && r.Dovuto.Equal(f.DovutoMin.Decimal)
			})
		}), []string{"filtri"}},
		"dovuto_in_euro_interi": {dopoCerca(func(_ *difettoso, _ storage.Filtro, p *storage.Pagina) {
			for i := range p.Righe {
				p.Righe[i].Dovuto = p.Righe[i].Dovuto.Truncate(0)
			}
		}), []string{"filtri"}},
		"con_dati_ignorato":  {primaDiCerca(func(f *storage.Filtro) { f.ConDati = false }), []string{"filtri", "oscurati"}},
		"anonimo_ignorato":   {primaDiCerca(func(f *storage.Filtro) { f.Anonimo = "" }), []string{"filtri"}},
		"escluso_dato":       {primaDiCerca(func(f *storage.Filtro) { f.Escludi = "" }), []string{"ordini"}},
		"al_compreso":        {primaDiCerca(func(f *storage.Filtro) { f.Al = dopoDi(f.Al) }), []string{"filtri"}},
		"cambio_al_compreso": {primaDiCerca(func(f *storage.Filtro) { f.CambioAl = dopoDi(f.CambioAl) }), []string{"filtri"}},
		"limiti_ignorati":    {primaDiCerca(func(f *storage.Filtro) { f.Limite = min(f.Limite, 200) }), []string{"filtri_non_validi"}},
		"riga_senza_campi": {dopoCerca(func(_ *difettoso, _ storage.Filtro, p *storage.Pagina) {
			for i := range p.Righe {
				p.Righe[i].Campi = nil
			}
		}), []string{"filtri", "stringhe_strane", "valori_grandi"}},
		"attenzione_dimenticata": {dopoCerca(func(_ *difettoso, _ storage.Filtro, p *storage.Pagina) {
			for i := range p.Righe {
				p.Righe[i].Attenzione = false
			}
		}), []string{"filtri", "sblocca"}},
	}
}

func dopoDi(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(1)
}

func difettiDelRiassunto() map[string]difetto {
	dopo := func(fn func(r *storage.Riepilogo)) func(*difettoso) {
		return func(d *difettoso) {
			d.riassumi = func(ctx context.Context, f storage.Filtro, campi ...string) (storage.Riepilogo, error) {
				r, err := d.Store.Riassumi(ctx, f, campi...)
				if err == nil {
					fn(&r)
				}
				return r, err
			}
		}
	}
	somme := func(fn func(s *storage.Somma)) func(*difettoso) {
		return dopo(func(r *storage.Riepilogo) {
			for k, s := range r.Campi {
				fn(&s)
				r.Campi[k] = s
			}
		})
	}
	prima := func(fn func(f *storage.Filtro)) func(*difettoso) {
		return func(d *difettoso) {
			d.riassumi = func(ctx context.Context, f storage.Filtro, campi ...string) (storage.Riepilogo, error) {
				fn(&f)
				return d.Store.Riassumi(ctx, f, campi...)
			}
		}
	}
	di := []string{"riassunto", "filtri"}
	return map[string]difetto{
		"somme_in_virgola_mobile": {somme(func(s *storage.Somma) { s.Totale = decimal.NewFromFloat(s.Totale.InexactFloat64()) }), di},
		"somme_in_centesimi":      {somme(func(s *storage.Somma) { s.Totale = s.Totale.Round(2) }), di},
		"minimo_zero":             {somme(func(s *storage.Somma) { s.Minimo.Valid = true }), di},
		"massimo_da_zero": {somme(func(s *storage.Somma) {
			if s.Massimo.Valid && s.Massimo.Decimal.IsNegative() {
				s.Massimo.Decimal = decimal.Decimal{}
			}
		}), []string{"filtri"}},
		"valori_di_tutte": {func(d *difettoso) {
			d.riassumi = func(ctx context.Context, f storage.Filtro, campi ...string) (storage.Riepilogo, error) {
				r, err := d.Store.Riassumi(ctx, f, campi...)
				for k, s := range r.Campi {
					s.Valori = r.Totale
					r.Campi[k] = s
				}
				return r, err
			}
		}, di},
		"campi_senza_valori_taciuti": {dopo(func(r *storage.Riepilogo) {
			for k, s := range r.Campi {
				if s.Valori == 0 {
					delete(r.Campi, k)
				}
			}
		}), di},
		"stati_a_zero": {dopo(func(r *storage.Riepilogo) {
			for _, s := range pratica.Stati() {
				r.PerStato[s] += 0
			}
		}), di},
		"bozze_contate":   {prima(func(f *storage.Filtro) { f.Bozze = true }), di},
		"testo_ignorato":  {prima(func(f *storage.Filtro) { f.Testo = "" }), []string{"filtri", "parole_frequenti"}},
		"conta_la_pagina": {dopo(func(r *storage.Riepilogo) { r.Totale = min(r.Totale, 25) }), []string{"parole_frequenti"}},
		"bada_alla_pagina": {func(d *difettoso) {
			d.riassumi = func(ctx context.Context, f storage.Filtro, campi ...string) (storage.Riepilogo, error) {
				if _, err := d.Store.Cerca(ctx, f); err != nil {
					return storage.Riepilogo{}, err
				}
				return d.Store.Riassumi(ctx, f, campi...)
			}
		}, []string{"riassunto", "filtri_non_validi"}},
	}
}
