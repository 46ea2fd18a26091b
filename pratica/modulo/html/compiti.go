package html

import (
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

// StatoCompito says how far a section of a task list is.
type StatoCompito string

// The states of a section in a task list.
const (
	CompitoDaCompilare    StatoCompito = "da_compilare"
	CompitoInCorso        StatoCompito = "in_corso"
	CompitoCompletato     StatoCompito = "completata"
	CompitoNonDisponibile StatoCompito = "non_disponibile"
)

// Compito is an entry of a task list (elenco dei compiti), which takes the place
// of the steps in a long form: a section, or a page of the host.
type Compito struct {
	ID, Titolo string
	Stato      StatoCompito
	URL        string // not used where the state is CompitoNonDisponibile
}

// OpzioniCompiti of a task list.
type OpzioniCompiti struct {
	// Viste are the sections that the citizen went through with Avanti: one that
	// asks for nothing counts as completed only then.
	Viste []string
	// InOrdine makes a section available only when all those before it are completed.
	InOrdine bool
	// Indirizzo gives the address of a section.
	Indirizzo func(sezione string) string
}

// Compiti gives the task list of a form; esito is a full evaluation of the
// answers, not a draft. A section whose condition does not hold is not yet
// available as long as a section before it is not completed; after that it is
// not needed and is left out.
func Compiti(m *modulo.Modulo, esito modulo.Esito, o OpzioniCompiti) []Compito {
	visibili := esito.SezioniVisibili()
	prima := true // all those before are completed
	var q []Compito
	for _, s := range m.Sezioni() {
		c := Compito{ID: s.ID, Titolo: s.Titolo, Stato: CompitoNonDisponibile}
		visibile := slices.Contains(visibili, s.ID)
		if !visibile && prima {
			continue
		}
		if visibile && (prima || !o.InOrdine) {
			c.Stato = statoCompito(s, esito, slices.Contains(o.Viste, s.ID))
			if o.Indirizzo != nil {
				c.URL = o.Indirizzo(s.ID)
			}
		}
		prima = prima && c.Stato == CompitoCompletato
		q = append(q, c)
	}
	return q
}

func statoCompito(s modulo.Sezione, esito modulo.Esito, vista bool) StatoCompito {
	errori := esito.Errori.DellaSezione(s.ID)
	risposte := slices.ContainsFunc(s.Campi, func(c modulo.Campo) bool {
		_, ok := esito.Valori[c.ID]
		return ok && !esito.Calcolato(c.ID)
	})
	switch {
	case len(errori) == 0 && (risposte || vista):
		return CompitoCompletato
	case risposte || vista:
		return CompitoInCorso
	default:
		return CompitoDaCompilare
	}
}

var testiCompito = map[StatoCompito]lingua.Chiave{
	CompitoDaCompilare: lingua.DaCompilare, CompitoInCorso: lingua.InCorso, CompitoCompletato: lingua.Completata, CompitoNonDisponibile: lingua.NonDisponibile,
}

var classiCompito = map[StatoCompito]string{
	CompitoDaCompilare: "bg-primary", CompitoInCorso: "bg-warning text-dark", CompitoCompletato: "bg-success", CompitoNonDisponibile: "bg-secondary",
}

type vistaCompito struct {
	ID     string
	Titolo template.HTML
	URL    string
	Stato  string // in words
	Classe string
}

// Compiti writes a task list: how many sections are completed, then each with
// its state in words. Those that are available and have a URL are links.
func (r *Renderer) Compiti(w io.Writer, compiti []Compito) error {
	l := r.fissa()
	v := struct {
		Fatti   string
		Compiti []vistaCompito
	}{}
	fatti := 0
	for i, c := range compiti {
		if c.Stato == CompitoCompletato {
			fatti++
		}
		x := vistaCompito{
			ID: r.cfg.Prefisso + "-compito-" + strconv.Itoa(i+1), Titolo: r.titolo(c.ID, c.Titolo), URL: c.URL,
			Stato: l.Testo(testiCompito[c.Stato]), Classe: classiCompito[c.Stato],
		}
		if c.Stato == CompitoNonDisponibile {
			x.URL = ""
		}
		v.Compiti = append(v.Compiti, x)
	}
	v.Fatti = strings.Join([]string{l.Conta(lingua.CompitiFatti, fatti), l.Conta(lingua.CompitiInTutto, len(compiti))}, " ")
	return r.esegui(w, "compiti", v)
}
