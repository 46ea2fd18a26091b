package formio

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Portata is how much of a component has been carried over.
type Portata string

// What can become of a component.
const (
	Portato              Portata = "portato"
	PortatoConDifferenza Portata = "portato_con_differenza"
	NonPortato           Portata = "non_portato"
)

// Rapporto is the report (rapporto) of an import: one line a component, in the
// order of the form, and nothing left out.
type Rapporto struct {
	Righe []RigaRapporto
	// Differenze are the codes of the deliberate differences that this form meets,
	// sorted; see Differenze.
	Differenze []string
}

// RigaRapporto is what became of one component.
type RigaRapporto struct {
	Percorso  string // full path, layout included
	Tipo      string
	Etichetta string
	Portata   Portata
	// Motivi say in Italian why it is not simply Portato.
	Motivi []string
}

// Conta gives how many components had that end.
func (r *Rapporto) Conta(p Portata) int {
	n := 0
	for _, x := range r.Righe {
		if x.Portata == p {
			n++
		}
	}
	return n
}

// String is the report as a table for people.
func (r *Rapporto) String() string {
	testata := [4]string{"PERCORSO", "TIPO", "ESITO", "ETICHETTA"}
	larghi := [3]int{}
	for i := range larghi {
		larghi[i] = utf8.RuneCountInString(testata[i])
	}
	celle := func(x *RigaRapporto) [4]string {
		return [4]string{accorcia(x.Percorso, 60), x.Tipo, string(x.Portata), accorcia(x.Etichetta, 60)}
	}
	for i := range r.Righe {
		q := celle(&r.Righe[i])
		for j, s := range q[:3] {
			larghi[j] = max(larghi[j], utf8.RuneCountInString(s))
		}
	}
	var b strings.Builder
	scrivi := func(q [4]string) {
		for j, s := range q[:3] {
			b.WriteString(s)
			b.WriteString(strings.Repeat(" ", larghi[j]-utf8.RuneCountInString(s)+2))
		}
		b.WriteString(q[3])
		b.WriteByte('\n')
	}
	scrivi(testata)
	for i := range r.Righe {
		scrivi(celle(&r.Righe[i]))
		for _, m := range r.Righe[i].Motivi {
			b.WriteString("    - " + m + "\n")
		}
	}
	fmt.Fprintf(&b, "%d componenti: %d portati, %d con differenza, %d non portati\n", len(r.Righe),
		r.Conta(Portato), r.Conta(PortatoConDifferenza), r.Conta(NonPortato))
	for _, d := range Differenze() {
		for _, k := range r.Differenze {
			if k == d.Codice {
				b.WriteString("Differenza voluta: " + d.Testo + "\n")
			}
		}
	}
	return b.String()
}

// Differenza is a place where this package does not do as Form.io, on purpose.
type Differenza struct {
	Codice string
	Testo  string // in Italian
}

// Differenze lists the deliberate differences. Opzioni.Fedele switches them off.
func Differenze() []Differenza {
	return []Differenza{
		{"calcolo", "i valori calcolati si ricalcolano sempre; quelli ricevuti non contano, se il modulo non permette di cambiarli"},
		{"elenco", "la scelta deve essere fra quelle dell'elenco, anche se il modulo non lo chiede"},
		{"forma", "quello che non ha la forma del suo tipo (un testo dove va un elenco) è un errore: Form.io lo scarta o lo lascia passare"},
		{"librerie", "gli script trovano lodash e moment, che sul server di Form.io non ci sono"},
		{"logica-riga", "quello che la logica cambia in una riga non passa alle righe dopo"},
		{"numero", "quello che non è un numero è un errore: Form.io lo scarta e accetta il resto"},
		{"prima-riga", "una tabella senza righe non ne ha: Form.io controlla comunque una prima riga"},
		{"radio-vuoto", "una domanda senza risposta resta vuota: Form.io vi scrive il testo undefined o un falso"},
		{"script", "un controllo che non si può eseguire è un errore: Form.io lo dà per superato"},
		{"tipo", "un valore di un tipo che non si conosce è rifiutato, se chi importa non dice come trattarlo"},
	}
}
