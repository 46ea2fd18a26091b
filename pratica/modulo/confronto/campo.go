package confronto

import (
	"slices"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

func (k *confronto) campi() {
	k.cercaRinominati()
	for _, b := range k.dopo.campi {
		a, ok := k.prima.campo(b.percorso)
		if !ok {
			k.aggiunto(b)
			continue
		}
		if a.sezione != b.sezione {
			peso := Compatibile
			if k.prima.mostra(a.sezione) != k.dopo.mostra(b.sezione) {
				peso = DaRivedere // shown by another condition: answers may be hidden, hence lost
			}
			k.scrivi("campo_spostato", peso, b.percorso, b.posizione, "si sposta dalla sezione "+virgolette(a.sezione)+" alla sezione "+virgolette(b.sezione))
		}
		k.campo(a, b)
	}
	k.ordine()
}

// cercaRinominati pairs each new field with one that is gone: same type and
// label, preferably from the same section and gruppo.
func (k *confronto) cercaRinominati() {
	k.rinominati = map[string]string{}
	presi := map[string]bool{}
	for _, stretto := range []bool{true, false} {
		for _, b := range k.dopo.campi {
			if _, c := k.prima.campo(b.percorso); c || k.rinominati[b.percorso] != "" || b.Tipo == modulo.Nota {
				continue
			}
			for _, a := range k.prima.campi {
				_, ancora := k.dopo.campo(a.percorso)
				vicino := a.gruppo == b.gruppo && a.sezione == b.sezione
				if ancora || presi[a.percorso] || a.Tipo != b.Tipo || stretto && !vicino || !stessaEtichetta(a.Campo, b.Campo) {
					continue
				}
				k.rinominati[b.percorso], presi[a.percorso] = a.percorso, true
				break
			}
		}
	}
}

func stessaEtichetta(a, b modulo.Campo) bool {
	piana := func(s string) string {
		return strings.ToLower(strings.Join(strings.Fields(strings.TrimRight(s, ":* ")), " "))
	}
	return piana(a.Etichetta) == piana(b.Etichetta)
}

func (k *confronto) aggiunto(b posto) {
	if a := k.rinominati[b.percorso]; a != "" {
		k.scrivi("campo_rinominato", Incompatibile, b.percorso, b.posizione, "sembra il campo "+virgolette(a)+" con un altro identificativo")
		return
	}
	switch {
	case b.Tipo == modulo.Nota:
		k.scrivi("testo", Cosmetica, b.percorso, b.posizione, "nuova nota")
	case obbligatorio(b.Campo) || b.MinimoRighe > 0 || b.ObbligatorioSe != "" && b.Calcolo == "":
		k.scrivi("campo_da_compilare", DaRivedere, b.percorso, b.posizione, "nuovo campo "+virgolette(b.Etichetta)+" da compilare")
	default:
		k.scrivi("campo_aggiunto", Compatibile, b.percorso, b.posizione, "nuovo campo "+virgolette(b.Etichetta))
	}
}

func (k *confronto) tolti() {
	for _, a := range k.prima.campi {
		if _, ancora := k.dopo.campo(a.percorso); ancora || k.rinominato(a.percorso) {
			continue
		}
		if a.Tipo == modulo.Nota {
			k.scrivi("testo", Cosmetica, a.percorso, a.posizione, "non c'è più la nota")
			continue
		}
		k.scrivi("campo_tolto", Incompatibile, a.percorso, a.posizione, "non c'è più il campo "+virgolette(a.Etichetta))
	}
}

func (k *confronto) rinominato(vecchio string) bool {
	for _, a := range k.rinominati {
		if a == vecchio {
			return true
		}
	}
	return false
}

// ordine says, for each section and gruppo, whether the fields that stay in it
// follow one another otherwise.
func (k *confronto) ordine() {
	dove := func(p posto) string { return p.sezione + "\x00" + p.gruppo }
	comuni := func(x, y *indice) (map[string][]string, []string) {
		q, chiavi := map[string][]string{}, []string{}
		for _, p := range x.campi {
			if r, ok := y.campo(p.percorso); ok && dove(r) == dove(p) {
				if q[dove(p)] == nil {
					chiavi = append(chiavi, dove(p))
				}
				q[dove(p)] = append(q[dove(p)], p.percorso)
			}
		}
		return q, chiavi
	}
	prima, _ := comuni(&k.prima, &k.dopo)
	dopo, chiavi := comuni(&k.dopo, &k.prima)
	for _, c := range chiavi {
		if slices.Equal(prima[c], dopo[c]) {
			continue
		}
		percorso, gruppo, _ := strings.Cut(c, "\x00")
		pos := posSezione(k.dopo.sezione(percorso))
		if g, ok := k.dopo.campo(gruppo); ok {
			percorso, pos = gruppo, g.posizione
		}
		k.scrivi("ordine", Cosmetica, percorso, pos+".campi", "cambia l'ordine dei campi")
	}
}

// obbligatorio: must be answered whenever it is shown.
func obbligatorio(c modulo.Campo) bool {
	return c.Calcolo == "" && (c.Obbligatorio || c.Tipo == modulo.Dichiarazione)
}

// guardati are the settings of a field that campo compares one by one.
var guardati = []string{
	"id", "etichetta", "aiuto", "tipo", "testo", "obbligatorio", "obbligatorio_se", "messaggio_obbligatorio", "se", "calcolo",
	"predefinito", "opzioni", "minimo_scelte", "massimo_scelte", "minimo_caratteri", "massimo_caratteri", "schema",
	"messaggio_schema", "minimo", "massimo", "decimali", "campi", "etichetta_riga", "etichetta_aggiungi", "minimo_righe",
	"massimo_righe", "tipi_file", "massimo_byte", "massimo_file", "autocompletamento",
	"insieme", "etichetta_insieme", "elenco", "dipende_da", "unico",
}

func (k *confronto) campo(a, b posto) {
	k.testi(a, b)
	if a.Tipo != b.Tipo {
		codice, peso := "tipo", Incompatibile
		if allarga(a.Tipo, b.Tipo) {
			codice, peso = "tipo_piu_ampio", Compatibile
		}
		k.scrivi(codice, peso, b.percorso, b.posizione+".tipo", "il tipo passa da "+string(a.Tipo)+" a "+string(b.Tipo))
	}
	k.condizione(b.percorso, b.posizione+".se", "il campo", a.Se, b.Se)
	k.obbligo(a, b)
	k.calcolo(a, b)
	k.opzioni(a, b)
	k.elenco(a, b)
	k.unico(a, b)
	k.limiti(a, b)
	k.altro(b.percorso, b.posizione, a.Campo, b.Campo, guardati...)
}

// allarga: every answer of type a is read by type b as it is.
func allarga(a, b modulo.Tipo) bool {
	switch b {
	case modulo.TestoLungo:
		return a == modulo.Testo
	case modulo.Decimale:
		return a == modulo.Intero
	case modulo.Email:
		return a == modulo.PEC
	default:
		return false
	}
}

func (k *confronto) testi(a, b posto) {
	dichiarato := (b.Tipo == modulo.Dichiarazione || b.Tipo == modulo.Consenso) && a.Tipo == b.Tipo
	if dichiarato && a.Testo != b.Testo {
		k.scrivi("dichiarazione", DaRivedere, b.percorso, b.posizione+".testo", "cambia il testo della dichiarazione")
	}
	for _, t := range []struct{ chiave, cosa, prima, dopo string }{
		{"etichetta", "l'etichetta", a.Etichetta, b.Etichetta},
		{"aiuto", "l'aiuto", a.Aiuto, b.Aiuto},
		{"testo", "il testo", a.Testo, b.Testo},
		{"messaggio_obbligatorio", "il messaggio", a.MessaggioObbligatorio, b.MessaggioObbligatorio},
		{"messaggio_schema", "il messaggio", a.MessaggioSchema, b.MessaggioSchema},
		{"etichetta_riga", "il nome di una riga", a.EtichettaRiga, b.EtichettaRiga},
		{"etichetta_aggiungi", "il testo di «Aggiungi»", a.EtichettaAggiungi, b.EtichettaAggiungi},
		{"autocompletamento", "l'autocompletamento", a.Autocompletamento, b.Autocompletamento},
		{"insieme", "l'insieme", a.Insieme, b.Insieme},
		{"etichetta_insieme", "il titolo dell'insieme", a.EtichettaInsieme, b.EtichettaInsieme},
	} {
		if t.prima == t.dopo || t.chiave == "testo" && dichiarato {
			continue
		}
		testo := "cambia " + t.cosa
		if t.chiave == "etichetta" {
			testo = t.cosa + " passa da " + virgolette(t.prima) + " a " + virgolette(t.dopo)
		}
		k.scrivi("testo", Cosmetica, b.percorso, b.posizione+"."+t.chiave, testo)
	}
	if !uguali(a.Predefinito, b.Predefinito) {
		k.scrivi("testo", Cosmetica, b.percorso, b.posizione+".predefinito", "cambia la risposta proposta alle nuove bozze")
	}
}

func (k *confronto) obbligo(a, b posto) {
	prima, dopo := obbligatorio(a.Campo), obbligatorio(b.Campo)
	pos := b.posizione + ".obbligatorio"
	switch {
	case !prima && dopo:
		k.scrivi("obbligatorio", DaRivedere, b.percorso, pos, "diventa obbligatorio")
	case prima && !dopo && b.ObbligatorioSe == "":
		k.scrivi("facoltativo", Compatibile, b.percorso, pos, "diventa facoltativo")
	case prima && !dopo:
		k.scrivi("facoltativo", Compatibile, b.percorso, pos+"_se", "diventa obbligatorio solo se "+b.ObbligatorioSe)
	case dopo || a.ObbligatorioSe == b.ObbligatorioSe:
		if a.Obbligatorio != b.Obbligatorio || a.ObbligatorioSe != b.ObbligatorioSe {
			k.scrivi("facoltativo", Cosmetica, b.percorso, pos, "l'obbligo è scritto in altro modo")
		}
	case b.ObbligatorioSe == "":
		k.scrivi("facoltativo", Compatibile, b.percorso, pos+"_se", "diventa facoltativo")
	default:
		k.scrivi("obbligatorio", DaRivedere, b.percorso, pos+"_se", "è obbligatorio se "+b.ObbligatorioSe)
	}
}

func (k *confronto) calcolo(a, b posto) {
	pos := b.posizione + ".calcolo"
	switch {
	case a.Calcolo == b.Calcolo:
	case a.Calcolo == "":
		k.scrivi("calcolo_aggiunto", Incompatibile, b.percorso, pos, "non si compila più: viene calcolato")
	case b.Calcolo == "":
		k.scrivi("calcolo_tolto", DaRivedere, b.percorso, pos, "non viene più calcolato: si compila")
	default:
		k.scrivi("calcolo", DaRivedere, b.percorso, pos, "si calcola in altro modo")
	}
}

func (k *confronto) opzioni(a, b posto) {
	pos := b.posizione + ".opzioni"
	etichetta := func(oo []modulo.Opzione, v string) (string, bool) {
		i := slices.IndexFunc(oo, func(o modulo.Opzione) bool { return o.Valore == v })
		if i < 0 {
			return "", false
		}
		return oo[i].Etichetta, true
	}
	var prima, dopo []string
	for _, o := range b.Opzioni {
		e, c := etichetta(a.Opzioni, o.Valore)
		switch {
		case !c:
			k.scrivi("opzione_aggiunta", Compatibile, b.percorso, pos, "nuova opzione "+virgolette(o.Etichetta))
			continue
		case e != o.Etichetta:
			k.scrivi("opzione_etichetta", DaRivedere, b.percorso, pos, "l'opzione "+virgolette(e)+" ora si legge "+virgolette(o.Etichetta))
		}
		dopo = append(dopo, o.Valore)
	}
	for _, o := range a.Opzioni {
		if _, c := etichetta(b.Opzioni, o.Valore); !c {
			k.scrivi("opzione_tolta", Incompatibile, b.percorso, pos, "non c'è più l'opzione "+virgolette(o.Etichetta))
			continue
		}
		prima = append(prima, o.Valore)
	}
	if !slices.Equal(prima, dopo) {
		k.scrivi("ordine", Cosmetica, b.percorso, pos, "cambia l'ordine delle opzioni")
	}
}
