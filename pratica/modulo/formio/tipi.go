package formio

import (
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/script"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// tipiNoti are the types whose server side is carried over whole: those of
// Form.io and the layout and appointments of the Stanza del Cittadino.
var tipiNoti = map[string]bool{
	"textfield": true, "textarea": true, "number": true, "currency": true, "checkbox": true, "radio": true,
	"select": true, "selectboxes": true, "email": true, "phoneNumber": true, "url": true, "day": true,
	"datetime": true, "time": true, "hidden": true, "signature": true, "tags": true, "survey": true,
	"address": true, "file": true, "datagrid": true, "editgrid": true, "datamap": true, "container": true,
	"form": true, "panel": true, "fieldset": true, "well": true, "columns": true, "table": true, "tabs": true,
	"content": true, "htmlelement": true, "button": true,
	"sdcfile": true, "calendar": true, "dynamic_calendar": true, "financial_report": true, "pagebreak": true,
}

// tipiParziali are carried with something less than in Form.io.
var tipiParziali = map[string]string{
	"password":      "una parola d'ordine non si chiede in una pratica: è trattata come un testo",
	"tagpad":        "le annotazioni sono accettate come dati, senza il disegno",
	"sketchpad":     "il disegno è accettato come dato, senza controllarne la forma",
	"datatable":     "la tabella è accettata, i dati che arrivano da una risorsa no",
	"dynamicWizard": "le pagine ripetute sono trattate come una tabella",
	"tree":          "l'albero è accettato come dato, senza controllarne la forma",
	"custom":        "il componente è accettato come dato, senza controllarne la forma",
	"reviewpage":    "la pagina di riepilogo non tiene dati: il portale ha la sua",
	"recaptcha":     "la prova contro i robot spetta al portale",
	"captcha":       "la prova contro i robot spetta al portale",
	"datasource":    "la fonte di dati remota non è interrogata",
	"resource":      "la scelta fra i dati di una risorsa non si può verificare qui",
}

func (i *importazione) tipo(n *nodo) {
	t := n.tipo
	switch {
	case tipiNoti[t]:
	case tipiParziali[t] != "":
		i.nota(n, PortatoConDifferenza, tipiParziali[t])
	case t == "":
		i.nota(n, NonPortato, "il componente non dice di che tipo è")
	case n.modello == modNessuno || n.modello == modContenuto:
		i.nota(n, PortatoConDifferenza, "il tipo "+accorcia(t, 40)+" non si conosce: non tiene dati, è trattato come impaginazione")
	case len(n.figli) > 0:
		i.nota(n, NonPortato, "il tipo "+accorcia(t, 40)+" non si conosce: i campi al suo interno sono letti come se non ci fosse")
	default:
		i.nota(n, NonPortato, "il tipo "+accorcia(t, 40)+" non si conosce: quello che vi è scritto è rifiutato")
		n.script.rifiuti = append(n.script.rifiuti, "tipo")
		i.diverso("tipo")
	}
	c := n.comp
	if n.annidato || formaSemplice[t] {
		i.diverso("forma")
	}
	switch t {
	case "number", "currency":
		i.diverso("numero")
	case "radio":
		i.diverso("elenco", "radio-vuoto")
	case "selectboxes":
		i.diverso("elenco")
	case "datagrid", "editgrid":
		i.diverso("prima-riga")
	case "select":
		i.scelte(n)
	case "form":
		if len(n.figli) == 0 {
			i.nota(n, NonPortato, "il modulo annidato è altrove: va incluso nella definizione; quello che vi è scritto è scartato")
		}
	case "address":
		if p := testo(c, "provider"); p != "" {
			i.nota(n, PortatoConDifferenza, "l'indirizzo cercato con un servizio esterno non è verificato")
		}
	case "financial_report":
		if n.nome != "payment_financial_report" {
			i.nota(n, PortatoConDifferenza, "la ripartizione contabile si deve chiamare payment_financial_report")
		}
	case "file", "sdcfile":
		i.nota(n, PortatoConDifferenza, "il contenuto del file è controllato da chi lo riceve, non qui")
	}
	if vero(c, "unique") {
		i.nota(n, PortatoConDifferenza, "che il valore sia unico fra tutte le pratiche lo deve controllare il servizio")
	}
	if vero(c, "encrypted") {
		i.nota(n, PortatoConDifferenza, "la cifratura del campo non è portata: la dà l'archivio")
	}
}

func (i *importazione) scelte(n *nodo) {
	fonte := testo(n.comp, "dataSrc")
	if fonte == "" || fonte == "values" {
		i.diverso("elenco")
		return
	}
	motivi := map[string]string{
		"url":       "le scelte arrivano da un indirizzo remoto",
		"resource":  "le scelte arrivano da una risorsa di Form.io",
		"custom":    "le scelte sono calcolate da uno script",
		"indexeddb": "le scelte stanno nel browser",
	}
	if m := motivi[fonte]; m != "" {
		i.nota(n, PortatoConDifferenza, m+": che il valore sia fra quelle non si può verificare qui")
	} else if fonte == "json" {
		i.diverso("elenco")
	}
}

// controlli compiles the validations.
func (i *importazione) controlli(n *nodo) {
	v := oggetto(n.comp, "validate")
	s := n.script
	if valore.Booleano(prop(v, "custom")) {
		if s.controllo = i.programma(n, v["custom"], script.Controllo); s.controllo == nil {
			i.nota(n, NonPortato, "il controllo in JavaScript non si può eseguire: quello che è scritto nel campo è rifiutato")
			s.rifiuti = append(s.rifiuti, "script")
			i.diverso("script")
		}
	}
	if valore.Oggetto(prop(v, "json")) {
		if s.controlloJSON = i.programma(n, v["json"], scriptJSON); s.controlloJSON == nil {
			i.nota(n, NonPortato, "il controllo JSONLogic non è valido: quello che è scritto nel campo è rifiutato")
			s.rifiuti = append(s.rifiuti, "script")
			i.diverso("script")
		}
	}
	if strings.Contains(testo(v, "custom"), "{{") {
		i.nota(n, PortatoConDifferenza, "il controllo in JavaScript contiene dei segnaposto {{ }}, che qui non sono riempiti")
	}
}

// modello compiles validate.pattern, and the mask of texts.
func (i *importazione) modello(n *nodo) {
	v := oggetto(n.comp, "validate")
	if m := testo(n.comp, "inputMask"); m != "" && n.tipo == "textfield" {
		re := compilaMaschera(m)
		if re == nil {
			i.nota(n, NonPortato, "la maschera non si può verificare qui: quello che è scritto nel campo è rifiutato")
		} else {
			i.m.maschere[m] = re
		}
	}
	if !vero(v, "pattern") {
		return
	}
	fonte := valore.Testo(v["pattern"])
	m := i.m.modelli[fonte]
	if m == nil {
		m = nuovoModello(fonte)
		i.m.modelli[fonte] = m
	}
	if !m.valido() {
		i.nota(n, NonPortato, "l'espressione regolare non è valida: quello che è scritto nel campo è rifiutato")
	}
}

// limiti compiles the dates that are expressions of moment.
func (i *importazione) limiti(n *nodo) {
	widget := oggetto(n.comp, "widget")
	for nome, v := range map[string]any{
		"minDate": n.comp["minDate"], "maxDate": n.comp["maxDate"],
		"widget.minDate": widget["minDate"], "widget.maxDate": widget["maxDate"],
	} {
		s, ok := v.(string)
		if !ok || !strings.Contains(s, "moment(") {
			continue
		}
		g := i.programma(n, "value = ("+strings.TrimRight(strings.TrimSpace(s), ";")+").valueOf()", script.Calcolo)
		if g == nil {
			i.nota(n, NonPortato, "il limite della data è un'espressione che non si può calcolare: non è controllato")
			continue
		}
		g.librerie = false // here @formio/core has a moment as well
		if n.script.limiti == nil {
			n.script.limiti = map[string]*programma{}
		}
		n.script.limiti[nome] = g
	}
}
