package html

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// vistaSezione is what the template of a section prints.
type vistaSezione struct {
	IDForm, IDTitolo, IDErrori string
	Azione                     string
	CSRFCampo, CSRFValore      string
	ConFile                    bool
	Livello                    int
	Titolo, Passo              string
	Descrizione                []string
	Errori                     []vistaErrore
	ConteggioErrori            string
	ConObbligatori             bool
	Campi                      []*vistaCampo
	PrimoPasso                 bool
}

type vistaErrore struct{ Bersaglio, Testo string }

// vistaCampo is one field; Modello is the template that prints it.
type vistaCampo struct {
	Modello           string
	ID, Nome          string
	Etichetta         string
	Paragrafi         []string // of a nota
	Aiuto             string
	Errori            []string
	Obbligatorio      bool
	Fuoco             bool
	Valore            string
	Modo              string // inputmode
	Autocompletamento string
	Maiuscole         bool
	SenzaOrtografia   bool
	Euro              bool
	Righe             int // rows of a textarea
	Opzioni           []vistaOpzione
	Parti             []vistaParte
	File              []vistaFile
	Accetta           string
	Multiplo, Posto   bool // Posto: there is room for one more file
	RigheGruppo       []vistaRiga
	NomeRighe         string
	Aggiungi          string
	Bersaglio         string // id that the summary of the errors points to
}

type vistaOpzione struct {
	ID, Valore, Etichetta string
	Scelta, Fuoco         bool
}

type vistaParte struct {
	ID, Nome, Etichetta, Valore, Autocompletamento string
	Cifre                                          int
	Fuoco                                          bool
}

type vistaFile struct {
	Azione, Descrizione, Nome string
	Errore                    bool
}

type vistaRiga struct {
	ID, Titolo, Rimuovi, EtichettaRimuovi string
	Campi                                 []*vistaCampo
}

// IDAiuto and IDErrore name the texts that describe the control.
func (f *vistaCampo) IDAiuto() string { return f.ID + "-aiuto" }

// IDErrore names the text of the error.
func (f *vistaCampo) IDErrore() string { return f.ID + "-errore" }

// Descritto is the value of aria-describedby: only ids that are in the page.
func (f *vistaCampo) Descritto() string {
	var ids []string
	if f.Aiuto != "" {
		ids = append(ids, f.IDAiuto())
	}
	if len(f.Errori) > 0 {
		ids = append(ids, f.IDErrore())
	}
	return strings.Join(ids, " ")
}

// costruttore builds the view of one section.
type costruttore struct {
	r         *Renderer
	m         *modulo.Modulo
	esito     modulo.Esito
	valori    modulo.Risposte
	errori    modulo.Errori
	stato     StatoModulo
	fuoco     string // path that gets the focus
	bersagli  map[string]string
	conFile   bool
	richiesti bool
}

func (r *Renderer) vista(m *modulo.Modulo, s modulo.Sezione, v modulo.Risposte, errori modulo.Errori, stato StatoModulo) vistaSezione {
	if stato.Provenienza == "" {
		stato.Provenienza = "Dato già verificato: non si può modificare"
	}
	v = conRigheMinime(m, s, v)
	k := &costruttore{r: r, m: m, stato: stato, bersagli: map[string]string{}}
	k.esito = m.Valuta(v, modulo.Opzioni{Bozza: true, Oggi: stato.Oggi, Allegati: stato.Allegati, Precompilate: stato.Precompilate})
	k.valori = k.esito.Valori
	for _, e := range errori {
		if e.Sezione == s.ID || e.Sezione == "" {
			k.errori = append(k.errori, e)
		}
	}
	if len(k.errori) == 0 {
		k.fuoco = stato.Fuoco
	}
	p := r.cfg.Prefisso
	vs := vistaSezione{
		IDForm: p + "-modulo", IDTitolo: p + "-titolo", IDErrori: p + "-errori",
		Azione: r.cfg.Azione, CSRFCampo: r.cfg.CSRFCampo, CSRFValore: r.cfg.CSRFValore,
		Livello: r.cfg.LivelloTitolo, Titolo: s.Titolo, Descrizione: paragrafi(s.Descrizione),
	}
	if stato.Azione != "" {
		vs.Azione = stato.Azione
	}
	if stato.CSRFValore != "" {
		vs.CSRFValore = stato.CSRFValore
	}
	if i, n := posto(s.ID, stato.Passi); i > 0 {
		vs.Passo, vs.PrimoPasso = fmt.Sprintf("passo %d di %d", i, n), i == 1
	}
	for _, c := range s.Campi {
		if k.esito.Visibile(c.ID) {
			vs.Campi = append(vs.Campi, k.campo(c, c.ID, k.valori[c.ID], k.m.Bloccato(c.ID, stato.Precompilate)))
		}
	}
	for _, e := range k.errori {
		testo := e.Messaggio
		if e.Etichetta != "" {
			testo = e.Etichetta + ": " + testo
		}
		vs.Errori = append(vs.Errori, vistaErrore{k.bersagli[e.Percorso], testo})
	}
	vs.ConteggioErrori = "C'è 1 errore da correggere"
	if n := len(vs.Errori); n != 1 {
		vs.ConteggioErrori = fmt.Sprintf("Ci sono %d errori da correggere", n)
	}
	vs.ConFile, vs.ConObbligatori = k.conFile, k.richiesti
	return vs
}

// conRigheMinime shows the rows that a gruppo must have as soon as it is opened.
func conRigheMinime(m *modulo.Modulo, s modulo.Sezione, v modulo.Risposte) modulo.Risposte {
	v = v.Copia()
	if v == nil {
		v = modulo.Risposte{}
	}
	for _, c := range s.Campi {
		if c.Tipo != modulo.Gruppo {
			continue
		}
		minimo := c.MinimoRighe
		if c.Obbligatorio {
			minimo = max(1, minimo)
		}
		rr := slices.Clone(v.Righe(c.ID))
		for len(rr) < minimo {
			rr = append(rr, m.Iniziale(c.ID))
		}
		if len(rr) > 0 {
			v[c.ID] = rr
		}
	}
	return v
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

var idDaPercorso = strings.NewReplacer("[", "-", "].", "-", "]", "", ".", "-")

// id derives the id of a control from the path: "figli[0].nome" is m-c-figli-0-nome.
func (k *costruttore) id(percorso string) string {
	return k.r.cfg.Prefisso + "-c-" + idDaPercorso.Replace(percorso)
}

func (k *costruttore) campo(c modulo.Campo, percorso string, v any, bloccato bool) *vistaCampo {
	f := &vistaCampo{
		Modello: "testo", ID: k.id(percorso), Nome: percorso, Etichetta: c.Etichetta, Aiuto: c.Aiuto,
		Obbligatorio: k.esito.Obbligatorio(percorso), Autocompletamento: c.Autocompletamento,
		Fuoco: percorso == k.fuoco,
	}
	for _, e := range k.errori.Di(percorso) {
		f.Errori = append(f.Errori, e.Messaggio)
	}
	f.Bersaglio = f.ID
	switch {
	case c.Tipo == modulo.Nota:
		f.Modello, f.Paragrafi = "nota", paragrafi(c.Testo)
		return f
	case c.Tipo == modulo.Gruppo:
		k.gruppo(f, c, bloccato)
	case c.Calcolo != "":
		k.soloLettura(f, c, percorso, v)
		if f.Aiuto == "" {
			f.Aiuto = "Si calcola da solo quando salvi o vai avanti"
		}
	case bloccato:
		k.soloLettura(f, c, percorso, v)
		f.Aiuto = strings.TrimSpace(f.Aiuto + " " + k.stato.Provenienza)
	default:
		k.controllo(f, c, percorso, v)
	}
	k.richiesti = k.richiesti || f.Obbligatorio
	k.bersagli[percorso] = f.Bersaglio
	return f
}

func (k *costruttore) soloLettura(f *vistaCampo, c modulo.Campo, percorso string, v any) {
	f.Obbligatorio = false
	f.Modello = "lettura"
	if c.Tipo == modulo.Dichiarazione {
		f.Etichetta = c.Testo
	}
	if c.Tipo == modulo.File {
		f.Modello = "file"
		k.file(f, c, v, true)
		return
	}
	f.Valore = k.m.Leggibile(percorso, v)
}

func (k *costruttore) gruppo(f *vistaCampo, c modulo.Campo, bloccato bool) {
	f.Modello, f.NomeRighe = "gruppo", c.ID+"._righe"
	rr := k.valori.Righe(c.ID)
	riga := minuscola(c.EtichettaRiga)
	for i, r := range rr {
		percorsoRiga := c.ID + "[" + strconv.Itoa(i) + "]"
		vr := vistaRiga{ID: k.id(percorsoRiga), Titolo: modulo.TitoloRiga(c, i, len(rr))}
		for _, d := range c.Campi {
			p := modulo.Percorso(c.ID, i, d.ID)
			if k.esito.Visibile(p) {
				if k.fuoco == percorsoRiga && d.Tipo != modulo.Nota {
					k.fuoco = p
				}
				vr.Campi = append(vr.Campi, k.campo(d, p, r[d.ID], bloccato))
			}
		}
		if !bloccato {
			vr.Rimuovi = "rimuovi:" + c.ID + ":" + strconv.Itoa(i)
			vr.EtichettaRimuovi = "Rimuovi " + riga + " " + strconv.Itoa(i+1)
		}
		f.RigheGruppo = append(f.RigheGruppo, vr)
	}
	massimo := c.MassimoRighe
	if massimo == 0 {
		massimo = modulo.LimiteRighe
	}
	f.Righe = len(rr)
	switch {
	case bloccato:
		f.NomeRighe = ""
		f.Aiuto = strings.TrimSpace(f.Aiuto + " " + k.stato.Provenienza)
	case len(rr) < massimo:
		f.Aggiungi = c.EtichettaAggiungi
		if f.Aggiungi == "" {
			f.Aggiungi = "Aggiungi " + riga
		}
	}
}

// minuscola lowers the first letter, unless the word is an acronym.
func minuscola(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if seconda, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(seconda) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}
