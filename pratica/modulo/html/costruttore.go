package html

import (
	"bytes"
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

// costruttore builds the view of one section.
type costruttore struct {
	r         *Renderer
	m         *modulo.Modulo
	x         lingua.Interprete
	base      lingua.Lingua // of the fixed texts
	esito     modulo.Esito
	valori    modulo.Risposte
	errori    map[string][]template.HTML
	stato     StatoModulo
	aperti    apertura
	fuoco     string // path that gets the focus
	bersagli  map[string]string
	conFile   bool
	richiesti bool
	b         bytes.Buffer
	err       error
}

func (k *costruttore) scrivi(tt ...lingua.Testo) template.HTML { return scrivi(k.base, tt...) }

func (k *costruttore) fisso(c lingua.Chiave, valori ...string) lingua.Testo {
	return k.x.Fisso(c, valori...)
}

func (r *Renderer) vista(m *modulo.Modulo, s modulo.Sezione, v modulo.Risposte, errori modulo.Errori, stato StatoModulo) (vistaSezione, error) {
	x := r.interprete(m, stato)
	v = conRigheMinime(m, s, v)
	k := &costruttore{r: r, m: m, x: x, base: x.Lingua().Fissa(), stato: stato, aperti: stato.apertura(m), bersagli: map[string]string{}, errori: map[string][]template.HTML{}}
	if stato.Provenienza == "" {
		k.stato.Provenienza = x.Lingua().Testo(lingua.Verificato)
	}
	k.esito = m.Valuta(v, stato.opzioni())
	k.valori = k.esito.Valori
	p := r.cfg.Prefisso
	vs := vistaSezione{
		IDForm: p + "-modulo", IDTitolo: p + "-titolo", IDErrori: p + "-errori", voce: voce{k.base},
		Azione: r.cfg.Azione, CSRFCampo: r.cfg.CSRFCampo, CSRFValore: r.cfg.CSRFValore,
		Livello: r.cfg.LivelloTitolo, DalRiepilogo: stato.DalRiepilogo, Richiesta: stato.richiesta(x.Lingua()),
	}
	if r.lingua != "" || stato.Lingua != "" {
		vs.Lingua = string(k.base)
	}
	if stato.Azione != "" {
		vs.Azione = stato.Azione
	}
	if stato.CSRFValore != "" {
		vs.CSRFValore = stato.CSRFValore
	}
	titolo, descrizione := x.Sezione(s)
	vs.Titolo, vs.Descrizione = k.scrivi(titolo), k.paragrafi(descrizione)
	if p, n := posto(s.ID, stato.Passi); p > 0 {
		vs.Passo = k.scrivi(k.fisso(lingua.Passo, strconv.Itoa(p), strconv.Itoa(n)))
		vs.PrimoPasso = p == 1
	}
	paths := k.raccogli(&vs, s, errori)
	if len(vs.Errori) == 0 {
		k.fuoco = stato.Fuoco
	}
	i := insiemi{k: k}
	for _, c := range s.Campi {
		if k.esito.Visibile(c.ID) {
			i.metti(c, k.id(c.ID), k.rendi(k.campo(c, c.ID, k.valori[c.ID], k.m.Bloccato(c.ID, stato.Precompilate))))
		}
	}
	vs.Campi = i.tutti()
	for i := range vs.Errori {
		vs.Errori[i].Bersaglio = k.bersagli[paths[i]]
	}
	vs.ConteggioErrori = k.base.Conta(lingua.ErroriDaCorreggere, len(vs.Errori))
	vs.ConFile, vs.ConObbligatori = k.conFile, k.richiesti
	return vs, k.err
}

// raccogli writes the errors of the section and of the form as a whole, and
// gives their paths.
func (k *costruttore) raccogli(vs *vistaSezione, s modulo.Sezione, errori modulo.Errori) []string {
	var paths []string
	for _, e := range errori {
		if e.Sezione != s.ID && e.Sezione != "" {
			continue
		}
		etichetta, messaggio := k.x.Errore(e, k.stato.Oggi)
		k.errori[e.Percorso] = append(k.errori[e.Percorso], k.scrivi(messaggio))
		if len(etichetta) > 0 {
			etichetta = append(k.insieme(e.Percorso), append(etichetta, lingua.Testo{Valore: ": "})...)
		}
		vs.Errori = append(vs.Errori, vistaErrore{Testo: k.scrivi(append(etichetta, messaggio)...)})
		paths = append(paths, e.Percorso)
	}
	return paths
}

// insieme tells apart, in the summary of the errors, the same field of two
// persons: "Madre: ".
func (k *costruttore) insieme(percorso string) []lingua.Testo {
	if c, ok := k.m.Campo(percorso); ok && c.Insieme != "" && !strings.Contains(percorso, "[") {
		return []lingua.Testo{k.x.Insieme(c), {Valore: ": "}}
	}
	return nil
}

// rendi prints one field.
func (k *costruttore) rendi(f *vistaCampo) template.HTML {
	return k.stampa(k.r.modello(f), f)
}

// stampa runs a template; only what html/template wrote becomes template.HTML.
func (k *costruttore) stampa(modello string, dati any) template.HTML {
	if k.err != nil {
		return ""
	}
	k.b.Reset()
	if err := k.r.modelli[modello].Execute(&k.b, dati); err != nil {
		k.err = fmt.Errorf("html: %s: %w", modello, err)
		return ""
	}
	return template.HTML(k.b.String()) //nolint:gosec // made by html/template
}

func paragrafi(s string) []string {
	var q []string
	for p := range strings.SplitSeq(s, "\n") {
		if p = strings.TrimSpace(p); p != "" {
			q = append(q, p)
		}
	}
	return q
}

func (k *costruttore) paragrafi(t lingua.Testo) []template.HTML {
	var q []template.HTML
	for _, p := range paragrafi(t.Valore) {
		q = append(q, k.scrivi(lingua.Testo{Valore: p, Lingua: t.Lingua}))
	}
	return q
}

var idDaPercorso = strings.NewReplacer("[", "-", "].", "-", "]", "", ".", "-")

// id derives the id of a control from the path: "figli[0].nome" is m-c-figli-0-nome.
func (k *costruttore) id(percorso string) string {
	if !strings.ContainsAny(percorso, "[.") {
		return k.r.cfg.Prefisso + "-c-" + percorso
	}
	return k.r.cfg.Prefisso + "-c-" + idDaPercorso.Replace(percorso)
}

func (k *costruttore) campo(c modulo.Campo, percorso string, v any, bloccato bool) *vistaCampo {
	f := &vistaCampo{
		Modello: "testo", Tipo: string(c.Tipo), ID: k.id(percorso), Nome: percorso, voce: voce{k.base},
		Etichetta:    k.scrivi(k.x.Campo(percorso, "etichetta", c.Etichetta)),
		Obbligatorio: k.esito.Obbligatorio(percorso), autocompletamento: c.Autocompletamento,
		Fuoco: percorso == k.fuoco, Errori: k.errori[percorso],
	}
	if c.Aiuto != "" {
		f.Aiuto = k.scrivi(k.x.Campo(percorso, "aiuto", c.Aiuto))
	}
	f.Bersaglio = f.ID
	switch {
	case c.Tipo == modulo.Nota:
		f.Modello, f.Paragrafi = "nota", k.paragrafi(k.x.Campo(percorso, "testo", c.Testo))
		return f
	case c.Tipo == modulo.Gruppo:
		k.gruppo(f, c, percorso, v, bloccato)
	case c.Calcolo != "" || k.esito.Calcolato(percorso):
		k.soloLettura(f, c, percorso, v)
		if f.Aiuto == "" {
			f.Aiuto = k.scrivi(k.fisso(lingua.AiutoCalcolo))
		}
	case bloccato:
		k.soloLettura(f, c, percorso, v)
		provenienza := k.stato.Provenienza
		if p := k.stato.Provenienze[percorso]; p != "" {
			provenienza = p
		}
		k.spiega(f, lingua.Testo{Valore: provenienza})
	case k.esito.SolaLettura(percorso) || !k.aperti.apre(percorso):
		k.soloLettura(f, c, percorso, v)
	default:
		k.controllo(f, c, percorso, v)
	}
	if c.Tipo == modulo.Dichiarazione || c.Tipo == modulo.Consenso {
		f.Documento = k.stato.Documenti[percorso]
		if c.Norma != "" {
			k.unisci(f, lingua.Testo{Valore: c.Norma, Lingua: lingua.Italiano})
		}
	}
	k.attributi(f)
	k.richiesti = k.richiesti || f.Obbligatorio
	k.bersagli[percorso] = f.Bersaglio
	return f
}

// spiega adds a sentence to the help.
func (k *costruttore) spiega(f *vistaCampo, t lingua.Testo) {
	if f.Aiuto != "" {
		f.Aiuto += " "
	}
	f.Aiuto += k.scrivi(t)
}

func (k *costruttore) soloLettura(f *vistaCampo, c modulo.Campo, percorso string, v any) {
	f.Obbligatorio = false
	f.Modello = "lettura"
	if firmato(c) {
		f.Etichetta = k.scrivi(k.x.Campo(percorso, "testo", c.Testo))
	}
	if c.Tipo == modulo.File {
		f.Modello = "file"
		k.file(f, c, v, true)
		return
	}
	s := make([]string, 0, 1)
	for _, t := range k.leggibile(c, percorso, v) {
		s = append(s, t.Valore)
	}
	f.Valore = strings.Join(s, ", ")
	if c.Tipo == modulo.TestoLungo {
		f.Modello, f.Righe = "lettura_lunga", 5
		f.Valore = strings.Join(s, "\n")
	}
}

// firmato: the label is the whole sentence that the person says yes to.
func firmato(c modulo.Campo) bool {
	return (c.Tipo == modulo.Dichiarazione || c.Tipo == modulo.Consenso) && c.Testo != ""
}

func (k *costruttore) leggibile(c modulo.Campo, percorso string, v any) []lingua.Testo {
	s, _ := v.(string)
	if noti := k.stato.riferimenti(c.Tipo); s != "" && noti != nil {
		return []lingua.Testo{{Valore: noti[s].Descrizione}}
	}
	if s != "" && c.Elenco != "" {
		for _, o := range k.m.Voci(percorso, k.valori, k.stato.Oggi) {
			if o.Valore == s {
				return []lingua.Testo{k.x.Opzione(percorso, o)}
			}
		}
	}
	return k.x.Leggibile(percorso, c, v)
}
