// Package confronto compares two versions of a form (modulo) for who publishes
// them: what changed, how much it weighs and what it means for the pratiche
// that are open on the older one.
//
// [Confronta] reads the two definitions; [Differenze.Per] evaluates the answers
// of one open pratica under both and says which of them are lost, which become
// invalid and which are missing. No text of this package holds an answer.
//
// The package is pure: the day and the attachments are arguments.
package confronto

import (
	"slices"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// Peso (weight) says how much a difference matters to open pratiche. The values
// are stable.
type Peso string

// The weights, from the lightest.
const (
	Cosmetica     Peso = "cosmetica"     // only what is read changes
	Compatibile   Peso = "compatibile"   // every answer given stays as it is, and stays valid
	DaRivedere    Peso = "da_rivedere"   // some answers may become invalid or missing: look at the open pratiche
	Incompatibile Peso = "incompatibile" // answers are lost
)

// Pesi gives all the weights, from the lightest.
func Pesi() []Peso { return []Peso{Cosmetica, Compatibile, DaRivedere, Incompatibile} }

// Supera reports whether p weighs more than q.
func (p Peso) Supera(q Peso) bool { return slices.Index(Pesi(), p) > slices.Index(Pesi(), q) }

// Differenza is one thing that changed.
type Differenza struct {
	// Codice is stable: "campo_tolto", "limite_stretto", … see Codici.
	Codice string `json:"codice"`
	Peso   Peso   `json:"peso"`
	// Percorso is the field in the definition ("reddito", "figli.nome"), or the
	// id of the section or of the rule; empty for the form as a whole.
	Percorso string `json:"percorso"`
	// Posizione is the place in the newer form, its blocks written out:
	// "sezioni[0].campi[2]"; in the older one where it is no longer in the newer.
	Posizione string `json:"posizione"`
	Testo     string `json:"testo"`   // what changed, in Italian
	Effetto   string `json:"effetto"` // what it means for open pratiche, in Italian
}

// Differenze are the differences between two forms, in the order of the newer
// definition; what was removed follows what is still there.
type Differenze struct {
	Voci []Differenza

	vecchia, nuova *modulo.Modulo
}

// Peso gives the greatest weight; Cosmetica if nothing changed.
func (d Differenze) Peso() Peso {
	p := Cosmetica
	for _, v := range d.Voci {
		if v.Peso.Supera(p) {
			p = v.Peso
		}
	}
	return p
}

// Del gives the differences at a path, section id or rule id.
func (d Differenze) Del(percorso string) []Differenza {
	var q []Differenza
	for _, v := range d.Voci {
		if v.Percorso == percorso {
			q = append(q, v)
		}
	}
	return q
}

// String lists the differences for people, the heaviest first; the same two
// forms give the same text.
func (d Differenze) String() string {
	if len(d.Voci) == 0 {
		return "Nessuna differenza\n"
	}
	titoli := map[Peso]string{
		Incompatibile: "Incompatibili", DaRivedere: "Da rivedere", Compatibile: "Compatibili", Cosmetica: "Cosmetiche",
	}
	var b strings.Builder
	for _, p := range slices.Backward(Pesi()) {
		scritto := false
		for _, v := range d.Voci {
			if v.Peso != p {
				continue
			}
			if !scritto {
				b.WriteString(titoli[p] + "\n")
				scritto = true
			}
			b.WriteString("  ")
			if v.Percorso != "" {
				b.WriteString(v.Percorso + ": ")
			}
			b.WriteString(v.Testo + "\n    " + v.Effetto + "\n")
		}
	}
	return b.String()
}

// Confronta compares two versions of a form. Fields are the same if they have
// the same path: one that changed its id is reported as a likely renaming
// (campo_rinominato), and its answers count as lost.
func Confronta(vecchia, nuova *modulo.Modulo) Differenze {
	k := &confronto{prima: leggi(vecchia), dopo: leggi(nuova)}
	k.testata()
	k.sezioni()
	k.campi()
	k.tolti()
	k.regole()
	k.resto()
	return Differenze{Voci: k.voci, vecchia: vecchia, nuova: nuova}
}

type confronto struct {
	prima, dopo indice
	voci        []Differenza
	rinominati  map[string]string // new path → old path
}

// effetti says what each kind of difference means for open pratiche.
var effetti = map[string]string{
	"modulo":               "Sono due moduli diversi: le pratiche aperte restano legate al loro.",
	"versione":             "Le pratiche aperte non distinguono le due versioni: aumenta il numero di versione.",
	"titolo":               "Le pratiche aperte non cambiano.",
	"testo":                "Le pratiche aperte non cambiano.",
	"ordine":               "Le pratiche aperte non cambiano: cambia l'ordine in cui si compila.",
	"sezione_aggiunta":     "Le bozze aperte troveranno un passo in più.",
	"sezione_tolta":        "Le bozze aperte non trovano più questo passo; per le risposte vedi i suoi campi.",
	"condizione":           "Le bozze aperte perdono le risposte che la nuova condizione nasconde, e ne trovano da dare dove mostra di più.",
	"campo_aggiunto":       "Le bozze aperte lo trovano vuoto.",
	"campo_da_compilare":   "Le bozze aperte non si possono inviare finché non è compilato.",
	"campo_tolto":          "Le bozze aperte perdono la risposta.",
	"campo_rinominato":     "Le bozze aperte perdono la risposta, se chi pubblica non la riporta sotto il nuovo identificativo.",
	"campo_spostato":       "Le bozze aperte tengono la risposta, che si trova in un altro passo.",
	"tipo":                 "Le bozze aperte possono perdere la risposta, o trovarla non valida.",
	"tipo_piu_ampio":       "Le bozze aperte tengono la risposta.",
	"obbligatorio":         "Le bozze aperte senza questa risposta non si possono più inviare.",
	"facoltativo":          "Le bozze aperte non cambiano.",
	"limite_stretto":       "Nelle bozze aperte la risposta può diventare non valida.",
	"limite_largo":         "Le risposte date restano valide.",
	"limite":               "Nelle bozze aperte la risposta può diventare non valida.",
	"opzione_tolta":        "Le bozze aperte che l'hanno scelta perdono la risposta.",
	"opzione_aggiunta":     "Le risposte date restano valide.",
	"opzione_etichetta":    "Chi ha già scelto vedrà il testo nuovo: controlla che dica la stessa cosa.",
	"elenco":               "Le bozze aperte perdono la risposta che non è più fra le opzioni.",
	"calcolo":              "Nelle bozze aperte il valore viene ricalcolato.",
	"calcolo_aggiunto":     "Le bozze aperte perdono la risposta scritta: al suo posto va il valore calcolato.",
	"calcolo_tolto":        "Le bozze aperte tengono l'ultimo valore calcolato come risposta da controllare.",
	"dichiarazione":        "Chi ha già dichiarato ha dichiarato il testo di prima: chiedi di nuovo la dichiarazione.",
	"dichiarazione_numero": "Chi ha già dichiarato ha dichiarato la versione di prima: chiedi di nuovo la dichiarazione.",
	"regola_aggiunta":      "Le bozze aperte che non la rispettano non si possono più inviare.",
	"regola_tolta":         "Le risposte date restano valide.",
	"regola":               "Le bozze aperte che non la rispettano non si possono più inviare.",
	"impostazione":         "Controlla che cosa comporta per le bozze aperte.",
}

// Codici gives every Codice that a Differenza may have, in alphabetical order.
func Codici() []string {
	q := make([]string, 0, len(effetti))
	for c := range effetti {
		q = append(q, c)
	}
	slices.Sort(q)
	return q
}

func (k *confronto) scrivi(codice string, peso Peso, percorso, posizione, testo string) {
	k.voci = append(k.voci, Differenza{
		Codice: codice, Peso: peso, Percorso: percorso, Posizione: posizione, Testo: testo, Effetto: effetti[codice],
	})
}

func (k *confronto) testata() {
	a, b := k.prima.def, k.dopo.def
	if a.ID != b.ID {
		k.scrivi("modulo", Incompatibile, "", "id", "il modulo passa da "+virgolette(a.ID)+" a "+virgolette(b.ID))
	}
	if a.Titolo != b.Titolo {
		k.scrivi("titolo", Cosmetica, "", "titolo", "il titolo passa da "+virgolette(a.Titolo)+" a "+virgolette(b.Titolo))
	}
	if a.Descrizione != b.Descrizione {
		k.scrivi("testo", Cosmetica, "", "descrizione", "cambia la descrizione")
	}
}

func (k *confronto) sezioni() {
	var comuniPrima, comuniDopo []string
	for _, s := range k.prima.def.Sezioni {
		if k.dopo.sezione(s.ID) >= 0 {
			comuniPrima = append(comuniPrima, s.ID)
		}
	}
	for i, b := range k.dopo.def.Sezioni {
		pos := posSezione(i)
		j := k.prima.sezione(b.ID)
		if j < 0 {
			k.scrivi("sezione_aggiunta", Compatibile, b.ID, pos, "nuova sezione "+virgolette(b.Titolo))
			continue
		}
		comuniDopo = append(comuniDopo, b.ID)
		a := k.prima.def.Sezioni[j]
		if a.Titolo != b.Titolo {
			k.scrivi("titolo", Cosmetica, b.ID, pos+".titolo", "il titolo passa da "+virgolette(a.Titolo)+" a "+virgolette(b.Titolo))
		}
		if a.Descrizione != b.Descrizione {
			k.scrivi("testo", Cosmetica, b.ID, pos+".descrizione", "cambia la descrizione")
		}
		k.condizione(b.ID, pos+".se", "la sezione", a.Se, b.Se)
		k.altro(b.ID, pos, a, b, "id", "titolo", "descrizione", "se", "campi")
	}
	if !slices.Equal(comuniPrima, comuniDopo) {
		k.scrivi("ordine", Cosmetica, "", "sezioni", "cambia l'ordine delle sezioni")
	}
	for i, s := range k.prima.def.Sezioni {
		if k.dopo.sezione(s.ID) < 0 {
			k.scrivi("sezione_tolta", Compatibile, s.ID, posSezione(i), "non c'è più la sezione "+virgolette(s.Titolo))
		}
	}
}

func (k *confronto) condizione(percorso, posizione, cosa, prima, dopo string) {
	prima, dopo = strings.TrimSpace(prima), strings.TrimSpace(dopo)
	switch {
	case prima == dopo:
	case dopo == "":
		k.scrivi("condizione", DaRivedere, percorso, posizione, cosa+" ora si mostra sempre")
	case prima == "":
		k.scrivi("condizione", DaRivedere, percorso, posizione, cosa+" ora si mostra solo se "+dopo)
	default:
		k.scrivi("condizione", DaRivedere, percorso, posizione, cosa+" si mostra se "+dopo+" e non più se "+prima)
	}
}

func (k *confronto) regole() {
	for i, b := range k.dopo.def.Regole {
		pos := posRegola(i)
		j := gemella(k.prima.def.Regole, k.dopo.def.Regole, i)
		if j < 0 {
			k.scrivi("regola_aggiunta", DaRivedere, b.ID, pos, "nuova regola: "+virgolette(b.Messaggio))
			continue
		}
		a := k.prima.def.Regole[j]
		if a.Se != b.Se || a.Campo != b.Campo {
			k.scrivi("regola", DaRivedere, b.ID, pos+".se", "la regola "+virgolette(b.Messaggio)+" controlla altro")
		}
		if a.Messaggio != b.Messaggio {
			k.scrivi("testo", Cosmetica, b.ID, pos+".messaggio", "il messaggio passa da "+virgolette(a.Messaggio)+" a "+virgolette(b.Messaggio))
		}
		k.altro(b.ID, pos, a, b, "id", "se", "campo", "messaggio")
	}
	for i, a := range k.prima.def.Regole {
		if gemella(k.dopo.def.Regole, k.prima.def.Regole, i) < 0 {
			k.scrivi("regola_tolta", Compatibile, a.ID, posRegola(i), "non c'è più la regola "+virgolette(a.Messaggio))
		}
	}
}

// gemella finds in altre the rule that corresponds to mie[i]: by id, its n-th
// holder among those that share it; without id by what it checks.
func gemella(altre, mie []modulo.Regola, i int) int {
	uguale := func(a, b modulo.Regola) bool {
		if a.ID != "" || b.ID != "" {
			return a.ID == b.ID
		}
		return a.Se == b.Se && a.Campo == b.Campo
	}
	n := 0
	for _, r := range mie[:i] {
		if uguale(r, mie[i]) {
			n++
		}
	}
	for j, r := range altre {
		if uguale(r, mie[i]) {
			if n == 0 {
				return j
			}
			n--
		}
	}
	return -1
}

// resto looks at what the form as a whole has beside, and at its version.
func (k *confronto) resto() {
	a, b := k.prima.def, k.dopo.def
	k.altro("", "", a, b, "id", "versione", "titolo", "descrizione", "sezioni", "regole", "blocchi")
	if !uguali(regoleDeiBlocchi(a), regoleDeiBlocchi(b)) {
		k.scrivi("regola", DaRivedere, "", "blocchi", "cambiano le regole dei blocchi")
	}
	if len(k.voci) > 0 && a.ID == b.ID && b.Versione <= a.Versione {
		k.scrivi("versione", DaRivedere, "", "versione", "i due moduli sono diversi ma il numero di versione non cresce")
	}
}

// regoleDeiBlocchi: the fields of a block are compared where they are used, its
// rules only here.
func regoleDeiBlocchi(d modulo.Definizione) map[string][]modulo.Regola {
	q := map[string][]modulo.Regola{}
	for _, b := range d.Blocchi {
		if len(b.Regole) > 0 {
			q[b.ID] = b.Regole
		}
	}
	return q
}
