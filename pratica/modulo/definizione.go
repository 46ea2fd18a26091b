package modulo

import "slices"

// Definizione is a form as its author writes it. A published version never
// changes: a pratica is pinned to the (ID, Versione) it was begun with.
type Definizione struct {
	ID          string    `json:"id"`
	Versione    int       `json:"versione"`
	Titolo      string    `json:"titolo"`
	Descrizione string    `json:"descrizione,omitempty"`
	Sezioni     []Sezione `json:"sezioni"`
	Regole      []Regola  `json:"regole,omitempty"`
	// Blocchi are the pieces that fields of type blocco use.
	Blocchi []Blocco `json:"blocchi,omitempty"`
}

// Sezione is a step of the form: one page with its own title.
type Sezione struct {
	ID          string `json:"id"`
	Titolo      string `json:"titolo"`
	Descrizione string `json:"descrizione,omitempty"`
	// Se shows the section when true; empty means always.
	Se    string  `json:"se,omitempty"`
	Campi []Campo `json:"campi"`
}

// Campo is a field. Limits that do not belong to its Tipo are refused by Compila.
type Campo struct {
	// ID is unique in the form (inside a gruppo: in the gruppo); lower-case
	// ASCII letters, digits and _, beginning with a letter, at most 64.
	ID        string `json:"id"`
	Etichetta string `json:"etichetta"`
	Aiuto     string `json:"aiuto,omitempty"`
	Tipo      Tipo   `json:"tipo"`
	// Testo is the statement of a dichiarazione, what a consenso consents to
	// (defaults to Etichetta), or the text of a nota.
	Testo string `json:"testo,omitempty"`
	// VersioneTesto and Norma belong to a dichiarazione or a consenso: the version
	// of the text as its author counts it, at most 40 characters, and its source
	// ("DPR 445/2000, art. 46", "GDPR, art. 6, par. 1, lett. a"). See Modulo.Testi.
	VersioneTesto string `json:"versione_testo,omitempty"`
	Norma         string `json:"norma,omitempty"`

	Obbligatorio          bool   `json:"obbligatorio,omitempty"`
	ObbligatorioSe        string `json:"obbligatorio_se,omitempty"`
	MessaggioObbligatorio string `json:"messaggio_obbligatorio,omitempty"` // defaults to a text by type ("Compila questo campo")
	Se                    string `json:"se,omitempty"`
	// Calcolo makes the field computed: what is posted for it is ignored.
	Calcolo string `json:"calcolo,omitempty"`
	// Predefinito is the first answer of a new draft, see Modulo.Predefinite.
	// Valuta never supplies it: an answer nobody saw is not an answer.
	Predefinito any `json:"predefinito,omitempty"`

	Opzioni []Opzione `json:"opzioni,omitempty"`
	// Elenco names the Elenco given to Compila by ConElenco, in the place of
	// Opzioni. DipendeDa is the id of the field, in the same row or outside of it,
	// whose value is the padre of the options: a scelta, a testo or a CAP. Once
	// that value changes, an answer that is no longer among the options is dropped.
	Elenco        string `json:"elenco,omitempty"`
	DipendeDa     string `json:"dipende_da,omitempty"`
	MinimoScelte  int    `json:"minimo_scelte,omitempty"`
	MassimoScelte int    `json:"massimo_scelte,omitempty"` // 0: no limit

	MinimoCaratteri  int `json:"minimo_caratteri,omitempty"`
	MassimoCaratteri int `json:"massimo_caratteri,omitempty"` // defaults to LimiteCaratteri
	// Schema is a regular expression (RE2) that the whole text must match;
	// MessaggioSchema, required with it, says what to write.
	Schema          string `json:"schema,omitempty"`
	MessaggioSchema string `json:"messaggio_schema,omitempty"`

	// Minimo and Massimo are inclusive. Numbers: "12.50". Data: "2026-03-31",
	// "oggi", "oggi+30", "oggi-10" (days). Ora: "08:30".
	Minimo  string `json:"minimo,omitempty"`
	Massimo string `json:"massimo,omitempty"`
	// Decimali is the greatest number of decimals of a decimale; defaults to 6, at most 10.
	Decimali int `json:"decimali,omitempty"`

	// Campi are the fields of one row of a gruppo; one of them may be a gruppo,
	// but not one that holds another.
	Campi             []Campo `json:"campi,omitempty"`
	EtichettaRiga     string  `json:"etichetta_riga,omitempty"`     // "Figlio", for "Figlio 1 di 2"; required in a gruppo
	EtichettaAggiungi string  `json:"etichetta_aggiungi,omitempty"` // defaults to "Aggiungi " + EtichettaRiga
	MinimoRighe       int     `json:"minimo_righe,omitempty"`
	MassimoRighe      int     `json:"massimo_righe,omitempty"` // defaults to LimiteRighe

	// TipiFile are the MIME types accepted; empty means any that the host admits.
	TipiFile    []string `json:"tipi_file,omitempty"`
	MassimoByte int64    `json:"massimo_byte,omitempty"` // per file; 0: the host's own limit
	MassimoFile int      `json:"massimo_file,omitempty"` // defaults to 1, at most LimiteFile

	// Autocompletamento is the token of the HTML autocomplete attribute (WCAG
	// 1.3.5), for the applicant's own data only; empty writes "off".
	Autocompletamento string `json:"autocompletamento,omitempty"`

	// Unico, "servizio" or "anno", says that no two pratiche of the service (of a
	// calendar year) may have the same value; see Esito.Univoci.
	Unico string `json:"unico,omitempty"`

	// Blocco is the ID of the Blocco that a field of type blocco uses.
	Blocco string `json:"blocco,omitempty"`
	// Insieme puts the fields of a section or gruppo that have the same one, side
	// by side, into a set (HTML fieldset) called EtichettaInsieme. Compila gives
	// one to the fields of a block: the id of the field that uses it.
	Insieme          string `json:"insieme,omitempty"`
	EtichettaInsieme string `json:"etichetta_insieme,omitempty"`
}

// Opzione is one of the closed choices: Valore is the code kept in the answer.
type Opzione struct {
	Valore    string `json:"valore"`
	Etichetta string `json:"etichetta"`
}

// Regola is a check across fields: where Se is true, Messaggio is reported on
// Campo ("reddito", or "figli.eta" to check every row; empty for the form as a
// whole). A Regola on a hidden field is not applied.
type Regola struct {
	ID        string `json:"id,omitempty"` // becomes the Codice of the error; defaults to "regola"
	Se        string `json:"se"`
	Messaggio string `json:"messaggio"`
	Campo     string `json:"campo,omitempty"`
}

// Limits that hold for every form.
const (
	LimiteDefinizione = 1 << 20 // bytes of JSON that Leggi reads
	LimiteCampi       = 1000    // fields, those inside gruppi included
	LimiteSezioni     = 100
	LimiteOpzioni     = 2000 // options of one field
	LimiteRegole      = 500
	LimiteCaratteri   = 10_000  // characters of one answer, where the field says nothing
	LimiteTesto       = 50_000  // greatest MassimoCaratteri
	LimiteRighe       = 100     // rows of a gruppo, where the field says nothing
	LimiteRigheMax    = 500     // greatest MassimoRighe
	LimiteRigheTotali = 10_000  // rows of all the gruppi together
	LimiteFile        = 50      // greatest MassimoFile
	LimiteRisposte    = 1 << 20 // bytes of all the answers together
	LimiteEspressione = 2000    // bytes of one expression
	LimiteNodi        = 300     // nodes of the syntax tree of one expression
)

func (d Definizione) copia() Definizione {
	d.Sezioni = slices.Clone(d.Sezioni)
	for i := range d.Sezioni {
		d.Sezioni[i] = d.Sezioni[i].copia()
	}
	d.Regole = slices.Clone(d.Regole)
	d.Blocchi = slices.Clone(d.Blocchi)
	for i := range d.Blocchi {
		d.Blocchi[i] = d.Blocchi[i].copia()
	}
	return d
}

func (s Sezione) copia() Sezione {
	s.Campi = copiaCampi(s.Campi)
	return s
}

func (b Blocco) copia() Blocco {
	b.Campi, b.Regole = copiaCampi(b.Campi), slices.Clone(b.Regole)
	return b
}

func copiaCampi(cc []Campo) []Campo { return copiaCampiFino(cc, profonditaCopia) }

// profonditaCopia is beyond what any form may have: a definition made in Go
// could hold itself.
const profonditaCopia = 6

func copiaCampiFino(cc []Campo, profondita int) []Campo {
	if profondita == 0 {
		return nil
	}
	cc = slices.Clone(cc)
	for i := range cc {
		cc[i] = cc[i].copiaFino(profondita)
	}
	return cc
}

func (c Campo) copia() Campo { return c.copiaFino(profonditaCopia) }

func (c Campo) copiaFino(profondita int) Campo {
	c.Opzioni = slices.Clone(c.Opzioni)
	c.TipiFile = slices.Clone(c.TipiFile)
	c.Campi = copiaCampiFino(c.Campi, profondita-1)
	c.Predefinito = copiaValore(c.Predefinito)
	return c
}
