package modulo

import (
	"maps"

	"github.com/expr-lang/expr/vm"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Opzioni of an evaluation.
type Opzioni struct {
	// Bozza evaluates a draft: nothing is reported, because a draft is never
	// refused; everything else is done as for a submission.
	Bozza bool
	// Oggi is the day that oggi() and the limits of the dates mean. The zero
	// value makes oggi() empty and skips the limits that depend on it.
	Oggi termini.Giorno
	// Allegati are the uploaded files, by id. A file field that names an id not
	// here is an error on submission.
	Allegati map[string]InfoFile
	// Appuntamenti and Bolli are the appointments and the stamps of the pratica,
	// by id: as Allegati, for the types appuntamento and bollo.
	Appuntamenti map[string]InfoRiferimento
	Bolli        map[string]InfoRiferimento
	// Precompilate are the answers known from elsewhere (identity, registers):
	// where not empty they win over what was posted. Only top-level fields. They
	// are checked as any other answer: give only what is known to be right,
	// because the citizen cannot mend a locked field.
	Precompilate Risposte
	// Provenienze says to people where a prefilled answer comes from ("SPID"), by
	// field id; see Esito.Provenienza.
	Provenienze map[string]string
}

// bilancio is what the answers may still take.
type bilancio struct{ byte, righe int }

// valutazione is one run of Valuta; it belongs to one goroutine.
type valutazione struct {
	m       *Modulo
	o       Opzioni
	r       Risposte
	esito   Esito
	env     map[string]any
	vm      vm.VM
	letti   map[string]lettura
	sezVis  map[*sezione]bool
	guasti  map[string]bool // computed values that could not be computed
	fuori   map[string]bool // values beyond the budget
	residuo bilancio

	giudizio         Giudizio
	estensioneGuasta bool
	impronte         map[string]bool     // of the values that must be one of a kind
	altrui           map[string][]Errore // errors of the extension, by path
}

// Valuta cleans and checks the answers. r is not changed.
//
// In Valori unknown keys are gone, hidden fields (and those of hidden sections)
// are gone, computed fields are computed, and each value is written in one way:
// numbers with a point and no thousands ("1234.5"; an importo always with two
// decimals; a decimale never with just three, so "1.234" becomes "1.2340"),
// days as ISO 8601, codes as package anagrafica writes them. Valuta of its own
// Valori gives them again. A text that cannot be read by its type is kept as
// typed, so that it can be shown again, and counts as empty in expressions; an
// option that does not exist is dropped.
//
// Numbers are read as people write them: "1.234,56", "1234,56", "1 234,56";
// "1.234" alone is refused in importo and decimale (is it a thousand or one?).
// Days are read as "31/03/2026" or "2026-03-31".
//
// On a draft Errori is empty. On a submission it has every error of every
// visible field, in order.
//
// Answers beyond LimiteRisposte in all, and rows beyond what the gruppo
// allows at most, are dropped; a submission reports it. A text beyond its
// greatest length is cut there, and reported too.
func (m *Modulo) Valuta(r Risposte, o Opzioni) Esito {
	v := &valutazione{
		m: m, o: o, r: r,
		esito:   Esito{Valori: make(Risposte, len(m.campi)), visibili: map[string]bool{}, obbligatori: map[string]bool{}, calcolati: map[string]bool{}},
		env:     make(map[string]any, len(m.campi)+1),
		vm:      vm.VM{MemoryBudget: memoriaEspressione},
		letti:   make(map[string]lettura, len(m.campi)),
		sezVis:  make(map[*sezione]bool, len(m.sezioni)),
		guasti:  map[string]bool{},
		fuori:   map[string]bool{},
		residuo: bilancio{LimiteRisposte, LimiteRigheTotali},
	}
	v.env[chiaveOggi] = o.Oggi
	v.giudica()
	v.raccogli()
	v.esito.bloccati = maps.Clone(v.giudizio.SolaLettura)
	for id, c := range m.campi {
		v.env[id] = vuotoDi(c.Tipo.genere())
	}
	for _, n := range m.ordine {
		switch {
		case n.sezione != nil:
			v.sezVis[n.sezione] = !v.giudizio.Nascosti[prefissoSezione+n.sezione.def.ID] && v.vero(n.sezione.se, true)
		case v.sezVis[n.campo.sezione] && v.mostra(n.campo, n.campo.ID):
			v.valutaCampo(n.campo)
		}
	}
	for _, s := range m.sezioni {
		mostrata := false
		for _, c := range s.campi {
			mostrata = mostrata || v.esito.visibili[c.ID]
		}
		if mostrata {
			v.esito.sezioni = append(v.esito.sezioni, s.def.ID)
		}
	}
	v.controlla()
	return v.esito
}

// vero runs a condition; what cannot be computed counts as altrimenti.
func (v *valutazione) vero(e *espressione, altrimenti bool) bool {
	if e == nil {
		return altrimenti
	}
	x, err := v.vm.Run(e.programma, v.env)
	b, ok := x.(bool)
	if err != nil || !ok {
		return altrimenti
	}
	return b
}

func (v *valutazione) mostra(c *campo, percorso string) bool {
	return !v.giudizio.Nascosti[percorso] && v.vero(c.se, true)
}

func (v *valutazione) valutaCampo(c *campo) {
	v.esito.visibili[c.ID] = true
	grezzo := v.r[c.ID]
	if p, ok := v.o.Precompilate[c.ID]; ok && !c.nullo(p) {
		grezzo = p
		_, calcolato := v.giudizio.Calcolati[c.ID]
		if da := v.o.Provenienze[c.ID]; da != "" && c.calcolo == nil && !calcolato {
			if v.esito.provenienze == nil {
				v.esito.provenienze = map[string]string{}
			}
			v.esito.provenienze[c.ID] = da
		}
	}
	if c.Tipo == Gruppo {
		valori, ambienti := v.valutaGruppo(c, c.ID, grezzo, nil)
		v.env[c.ID] = ambienti
		if len(valori) > 0 {
			v.esito.Valori[c.ID] = valori
		}
		return
	}
	l := v.leggi(c, c.ID, grezzo)
	v.env[c.ID] = l.espr
	if l.valore != nil {
		v.esito.Valori[c.ID] = l.valore
	}
}

// nullo reports whether a prefilled value says nothing and so locks nothing.
func (c *campo) nullo(p any) bool {
	if c.Tipo == Gruppo {
		return len(righe(p)) == 0
	}
	if c.Tipo == Consenso {
		return true // consent is given by who consents, never for them
	}
	return c.leggi(p).vuoto
}

// Bloccato reports whether the field is locked by the prefilled answers: what
// is posted for it does not count.
func (m *Modulo) Bloccato(id string, precompilate Risposte) bool {
	c := m.campi[id]
	p, ok := precompilate[id]
	return ok && c != nil && c.calcolo == nil && c.Tipo != Nota && !c.nullo(p)
}

func (v *valutazione) leggi(c *campo, percorso string, grezzo any) lettura {
	var l lettura
	if c.calcolo != nil {
		l = v.calcola(c, percorso)
		v.esito.calcolati[percorso] = true
	} else if x, ok := v.giudizio.Calcolati[percorso]; ok && c.Tipo != Nota && c.Tipo != Consenso {
		l = c.leggiCalcolato(x)
		v.esito.calcolati[percorso] = true
	} else {
		l = c.leggi(grezzo)
	}
	if c.elenco != nil {
		l = v.scegli(c, percorso, l)
	}
	v.residuo.byte -= peso(l.valore)
	if v.residuo.byte < 0 {
		l = c.niente()
		v.fuori[percorso] = true
	}
	v.letti[percorso] = l
	return l
}

func peso(v any) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case []string:
		n := 0
		for _, s := range v {
			n += len(s)
		}
		return n
	default:
		return 1
	}
}

func (v *valutazione) calcola(c *campo, percorso string) lettura {
	x, err := v.vm.Run(c.calcolo.programma, v.env)
	if err != nil {
		v.guasti[percorso] = true
		return c.niente()
	}
	switch x := x.(type) {
	case numero:
		if !x.ok {
			return c.niente()
		}
		d := x.d.Round(int32(c.decimaliMax))
		return lettura{valore: scriviNumero(d, c.Tipo), espr: pieno(d)}
	case string:
		if x = pulisci(x, c.Tipo == TestoLungo); x == "" {
			return c.niente()
		}
		return c.leggiTesto(x)
	case termini.Giorno:
		if x.IsZero() {
			return c.niente()
		}
		return lettura{valore: x.String(), espr: x}
	case bool:
		return lettura{valore: x, espr: x}
	default:
		v.guasti[percorso] = true
		return c.niente()
	}
}

// Predefinite gives the first answers of a new draft: the Predefinito of each
// field that has one.
func (m *Modulo) Predefinite() Risposte {
	r := Risposte{}
	for id, c := range m.campi {
		if c.Predefinito != nil {
			r[id] = c.leggi(c.Predefinito).valore
		}
	}
	return r
}

// Iniziale gives a new row of the gruppo at the path with the Predefinito of its fields; nil
// if there is no such gruppo.
func (m *Modulo) Iniziale(gruppo string) map[string]any {
	g := m.campo(gruppo)
	if g == nil || g.Tipo != Gruppo {
		return nil
	}
	r := map[string]any{}
	for _, c := range g.figli {
		if c.Predefinito != nil {
			r[c.ID] = c.leggi(c.Predefinito).valore
		}
	}
	return maps.Clone(r)
}
