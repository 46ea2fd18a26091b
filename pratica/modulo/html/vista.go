package html

import (
	"html/template"

	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

// vistaSezione is what the template of a section prints.
type vistaSezione struct {
	IDForm, IDTitolo, IDErrori string
	Lingua                     string // of the fragment; empty where the host chose none
	Azione                     string
	CSRFCampo, CSRFValore      string
	ConFile                    bool
	Livello                    int
	Titolo, Passo              template.HTML
	Descrizione                []template.HTML
	Errori                     []vistaErrore
	ConteggioErrori            string
	Richiesta                  *vistaRichiesta
	ConObbligatori             bool
	Campi                      []template.HTML
	PrimoPasso, DalRiepilogo   bool
	voce
}

type vistaErrore struct {
	Bersaglio string
	Testo     template.HTML
}

// vistaRichiesta is what the office asked for when it reopened the form.
type vistaRichiesta struct {
	Testo    []string
	Scadenza string
}

// voce gives the fixed texts to a template: {{.T "avanti"}}.
type voce struct{ l lingua.Lingua }

// T gives a fixed text of package lingua by its key.
func (v voce) T(chiave lingua.Chiave) string { return v.l.Testo(chiave) }

// vistaCampo is one field; Modello is the template that prints it.
type vistaCampo struct {
	Modello      string
	Tipo         string // of package modulo; with a template "tipo-…" of its own it is printed by that
	ID, Nome     string
	Etichetta    template.HTML
	Paragrafi    []template.HTML // of a nota, or above a consenso
	Aiuto        template.HTML
	Errori       []template.HTML
	Obbligatorio bool
	Fuoco        bool
	Valore       string
	// Attributi are all those of the control but type and class: id, name, value,
	// what helps to type, required, autofocus, aria-invalid, aria-describedby.
	Attributi         template.HTMLAttr
	Gruppo            template.HTMLAttr // those of the fieldset around several controls
	Euro              bool
	Righe             int // rows of a textarea
	Opzioni           []vistaOpzione
	Documento         string // address of the text that a dichiarazione or a consenso speaks of
	Nessuna           string // said where there is nothing to choose from
	Parti             []vistaParte
	File              []vistaFile
	Posto             bool // there is room for one more file
	RigheGruppo       []vistaRiga
	NomeRighe         string
	Aggiungi          template.HTML
	Aggiorna          string // value of the button that reads the options again
	EtichettaAggiorna template.HTML
	Bersaglio         string // id that the summary of the errors points to
	voce

	modo, autocompletamento    string
	maiuscole, senzaOrtografia bool
	accetta                    string
	multiplo                   bool
}

type vistaOpzione struct {
	ID            string
	Etichetta     template.HTML
	Attributi     template.HTMLAttr
	scelta, fuoco bool
	valore        string
	lang          lingua.Testo
}

type vistaParte struct {
	ID        string
	Etichetta string
	Attributi template.HTMLAttr
}

type vistaFile struct {
	Azione, Descrizione, Elimina string
	Errore                       bool
}

type vistaRiga struct {
	ID               string
	Titolo           template.HTML
	Rimuovi          string
	EtichettaRimuovi template.HTML
	Campi            []template.HTML
}

// IDAiuto and IDErrore name the texts that describe the control.
func (f *vistaCampo) IDAiuto() string { return f.ID + "-aiuto" }

// IDErrore names the text of the error.
func (f *vistaCampo) IDErrore() string { return f.ID + "-errore" }

// Descritto is the value of aria-describedby: only ids that are in the page.
func (f *vistaCampo) Descritto() string {
	switch {
	case f.Aiuto != "" && len(f.Errori) > 0:
		return f.IDAiuto() + " " + f.IDErrore()
	case f.Aiuto != "":
		return f.IDAiuto()
	case len(f.Errori) > 0:
		return f.IDErrore()
	default:
		return ""
	}
}
