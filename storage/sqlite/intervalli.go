package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"strconv"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/internal/proiezione"
)

// A list is read from intervals of indexes, each of which has its rows in the
// order of the list: those of one service, of one state, of one operator. Merged
// they give the page without looking at what is not on it. Conditions that no
// interval says are tested row by row.

// intervallo is a part of an index.
type intervallo struct {
	indice  string
	sciolto bool     // one index for all orders; otherwise there is one for each
	chiavi  []chiave // where it lies, beside the ente and what all rows have in common
	frasi   []string // what the index does not say, and what a partial index wants to read
}

// chiave is a column of an index and the value that all rows of an interval have.
type chiave struct {
	colonna string
	valore  any
}

// piano says how a list is read: the rows of all intervals of which the
// conditions hold. No row is in two of them.
type piano struct {
	f          *storage.Filtro
	condizioni *condizioni // of every row, but for these:
	testo      []string    // the words that it has
	servizi    string
	presentate string // states of what was presented
	bozze      string // states of drafts
	intervalli []intervallo
}

func nuovoPiano(f *storage.Filtro, termini []proiezione.Termine) *piano {
	p := &piano{f: f, condizioni: dove(f)}
	for _, t := range termini {
		l := " " + t.Lessema
		if t.Intero {
			l += " "
		}
		p.testo = append(p.testo, "instr(lessemi, "+p.condizioni.v(l)+") > 0")
	}
	if f.Servizi != nil {
		p.servizi = tra(p.condizioni, "servizio", f.Servizi)
	}
	if len(f.Stati) > 0 {
		presentate, bozze := stati(f)
		p.presentate = tra(p.condizioni, "stato", presentate)
		if f.Bozze {
			p.bozze = tra(p.condizioni, "stato", bozze)
		}
	}
	return p
}

// resto is what Servizi, Stati and Bozze say of a row, where no interval does.
func (p *piano) resto() []string {
	var frasi []string
	if p.servizi != "" {
		frasi = append(frasi, p.servizi)
	}
	switch {
	case !p.f.Bozze && p.presentate != "":
		frasi = append(frasi, "bozza = 0", p.presentate)
	case !p.f.Bozze:
		frasi = append(frasi, "bozza = 0")
	case p.presentate != "":
		frasi = append(frasi, "("+p.presentate+" OR "+p.bozze+")")
	}
	return frasi
}

// proprio reports whether f asks for what has an index of its own, with few rows
// by nature.
func (p *piano) proprio() bool {
	i := intervallo{}
	switch f := p.f; {
	case f.Numero.Progressivo != 0:
		i = intervallo{indice: "pratiche_numero", sciolto: true, frasi: []string{"progressivo <> 0"}}
	case f.Anonimo != "":
		i = intervallo{indice: "pratiche_anonimo", sciolto: true}
	case f.Richiedente != "":
		i = intervallo{indice: "pratiche_codice_fiscale", sciolto: true}
	case f.Attenzione:
		i.indice = "pratiche_attenzione"
	default:
		return false
	}
	i.frasi = append(i.frasi, p.resto()...)
	p.intervalli = []intervallo{i}
	return true
}

// dividi chooses the intervals of all other lists. tx only counts, where two
// ways are open.
func (p *piano) dividi(ctx context.Context, s *Store, tx *sql.Tx) error {
	if p.suo() {
		return nil
	}
	f := p.f
	if si, err := p.perPeriodo(ctx, s, tx); si || err != nil {
		return err
	}
	presentate, bozze := stati(f)
	switch {
	case len(presentate) == 0:
	case f.Lavorazione == storage.NonAssegnate:
		p.intero()
		return nil
	case tutti(presentate) && f.Ufficio != "":
		p.perUfficio()
		return nil
	case tutti(presentate) && f.Servizi == nil:
		p.intero()
		return nil
	case f.Servizi == nil:
		p.perStato("pratiche_stato", presentate)
	case tutti(presentate):
		p.perServizio()
	case len(f.Servizi)*len(presentate) <= s.soglie.incroci:
		p.perServizioEStato(presentate)
	default:
		pochi, err := s.pochiDiStato(ctx, tx, f.Ente, presentate)
		if err != nil {
			return err
		}
		if pochi {
			p.perStato("pratiche_stato", presentate)
		} else {
			p.perServizio()
		}
	}
	if f.Bozze {
		p.perStato("pratiche_stato", bozze) // last: what rounds up a part repeats its last interval
	}
	return nil
}

// suo reads an index of just these rows, drafts and others.
func (p *piano) suo() bool {
	minimo, _ := proiezione.Dovuto(p.f)
	switch f := p.f; {
	case f.Lavorazione == storage.Mie:
		presentate, bozze := stati(f)
		if f.Bozze {
			presentate = append(presentate, bozze...)
		}
		p.intervalli = nil
		p.perStato("pratiche_operatore", presentate)
	case f.DovutoMin.Valid && minimo > 0:
		p.intervalli = []intervallo{{indice: "pratiche_dovuto", frasi: append([]string{"dovuto > 0"}, p.resto()...)}}
	default:
		return false
	}
	return true
}

// intero reads the whole list, or all that is in charge to nobody, as few
// intervals as can be.
func (p *piano) intero() {
	i := intervallo{indice: "pratiche", frasi: piene("bozza = 0", p.servizi, p.presentate)}
	if p.f.Lavorazione == storage.NonAssegnate {
		i.indice = "pratiche_libere"
	}
	p.intervalli = []intervallo{i}
	if p.f.Bozze {
		_, bozze := stati(p.f)
		p.perStato("pratiche_stato", bozze)
	}
}

// piene gives the conditions that say something.
func piene(frasi ...string) []string {
	return slices.DeleteFunc(frasi, func(x string) bool { return x == "" })
}

// stati gives the states that f asks for, those of drafts apart.
func stati(f *storage.Filtro) (presentate, bozze []pratica.Stato) {
	chiesti := f.Stati
	if len(chiesti) == 0 {
		chiesti = pratica.Stati()
	}
	for _, s := range chiesti {
		if proiezione.Bozza(s) {
			bozze = append(bozze, s)
		} else {
			presentate = append(presentate, s)
		}
	}
	return presentate, bozze
}

// tutti reports whether these are all states but those of drafts.
func tutti(presentate []pratica.Stato) bool {
	return !slices.ContainsFunc(pratica.Stati(), func(s pratica.Stato) bool {
		return !proiezione.Bozza(s) && !slices.Contains(presentate, s)
	})
}

// durataPeriodo is how long the periods of pratiche_periodo are, as a power of
// two of nanoseconds.
const durataPeriodo = 51

// perPeriodo reads the days asked for in the order of the last change, which no
// index has together: period by period. What is not presented has no day.
func (p *piano) perPeriodo(ctx context.Context, s *Store, tx *sql.Tx) (bool, error) {
	f := p.f
	if ordineDi(f, proiezione.Posizione{}).colonna != "aggiornata" || f.Dal.IsZero() && f.Al.IsZero() || f.Lavorazione == storage.NonAssegnate {
		return false, nil
	}
	var prima, ultima sql.NullInt64
	if err := tx.StmtContext(ctx, s.q.periodo).QueryRowContext(ctx, f.Ente).Scan(&prima, &ultima); err != nil || !prima.Valid {
		return false, err
	}
	da, a := prima.Int64, ultima.Int64
	if !f.Dal.IsZero() {
		da = max(da, proiezione.Istante(f.Dal))
	}
	if !f.Al.IsZero() {
		a = min(a, proiezione.Istante(f.Al))
	}
	da, a = da>>durataPeriodo, a>>durataPeriodo
	if a-da >= s.soglie.periodi {
		return false, nil
	}
	for n := da; n <= max(a, da); n++ { // one at least, if an empty one: a list has an interval
		p.intervalli = append(p.intervalli, intervallo{indice: "pratiche_periodo", chiavi: []chiave{{"presentazione >> " + strconv.Itoa(durataPeriodo), n}}, frasi: piene("bozza = 0", p.servizi, p.presentate)})
	}
	return true, nil
}

// perUfficio reads what an office has, drafts by themselves: they are few.
func (p *piano) perUfficio() {
	const pieno = "ufficio <> ''"
	p.intervalli = []intervallo{{indice: "pratiche_ufficio", frasi: piene(pieno, "bozza = 0", p.servizi, p.presentate)}}
	if p.f.Bozze {
		p.intervalli = append(p.intervalli, intervallo{indice: "pratiche_ufficio", frasi: piene(pieno, "bozza = 1", p.servizi, p.bozze)})
	}
}

// perStato reads one interval of the index for each of the states.
func (p *piano) perStato(indice string, stati []pratica.Stato) {
	for _, s := range unici(stati) {
		p.intervalli = append(p.intervalli, intervallo{indice: indice, chiavi: []chiave{{"stato", string(s)}}, frasi: piene(p.servizi)})
	}
}

func (p *piano) perServizio() {
	for _, s := range unici(p.f.Servizi) {
		p.intervalli = append(p.intervalli, intervallo{indice: "pratiche_servizio", chiavi: []chiave{{"servizio", s}}, frasi: piene("bozza = 0", p.presentate)})
	}
}

func (p *piano) perServizioEStato(stati []pratica.Stato) {
	for _, servizio := range unici(p.f.Servizi) {
		for _, stato := range unici(stati) {
			p.intervalli = append(p.intervalli, intervallo{indice: "pratiche_incrocio", chiavi: []chiave{{"servizio", servizio}, {"stato", string(stato)}}})
		}
	}
}

func unici[T ~string](v []T) []T {
	v = slices.Clone(v)
	slices.Sort(v)
	return slices.Compact(v)
}

// pochiDiStato reports whether the states have so few rows that to walk them all
// costs less than to walk those of the services.
func (s *Store) pochiDiStato(ctx context.Context, tx *sql.Tx, ente string, stati []pratica.Stato) (bool, error) {
	restano := s.soglie.contate
	for _, x := range stati {
		var n int
		if err := tx.StmtContext(ctx, s.q.contaStato).QueryRowContext(ctx, ente, string(x), restano+1).Scan(&n); err != nil {
			return false, err
		}
		if restano -= n; restano < 0 {
			return false, nil
		}
	}
	return true, nil
}
