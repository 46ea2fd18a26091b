package modulo

import (
	"log/slog"
	"strconv"
	"strings"
)

// The codes of Errore that this package gives. A Regola gives its own ID.
const (
	codiceObbligatorio = "obbligatorio"
	codiceFormato      = "formato"
	codiceAmbiguo      = "ambiguo"
	codiceDecimali     = "decimali"
	codiceCifre        = "cifre"
	codiceOpzione      = "opzione"
	codiceLungo        = "troppo_lungo"
	codiceCorto        = "troppo_corto"
	codiceSchema       = "schema"
	codiceMinimo       = "minimo"
	codiceMassimo      = "massimo"
	codiceFileAssente  = "file_assente"
	codiceFileTipo     = "file_tipo"
	codiceFileGrande   = "file_grande"
	codiceFileNumero   = "file_numero"
	codiceFileDoppio   = "file_doppio"
	codiceRighe        = "righe"
	codiceScelte       = "scelte"
	codiceCalcolo      = "calcolo"
	codiceRegola       = "regola"
	codiceTroppo       = "troppo_grande"
	codiceAppuntamento = "appuntamento_assente"
	codiceBollo        = "bollo_assente"
	codiceDoppio       = "doppio"
	codiceEstensione   = "estensione"
)

// Errore is one thing that the citizen has to mend. It never holds what was typed.
type Errore struct {
	// Percorso is "reddito", "figli", "figli[1].nome"; empty for the form as a whole.
	Percorso string `json:"percorso"`
	// Sezione is the id of the section that holds the field; empty as Percorso is.
	Sezione string `json:"sezione"`
	// Codice is stable: obbligatorio, formato, ambiguo, decimali, cifre,
	// opzione, troppo_lungo, troppo_corto, schema, minimo, massimo,
	// file_assente, file_tipo, file_grande, file_numero, file_doppio, righe,
	// scelte, calcolo, troppo_grande, appuntamento_assente, bollo_assente,
	// doppio, regola or the ID of the Regola; those of
	// an Estensione are its own.
	Codice string `json:"codice"`
	// Etichetta names the field for people: "Reddito", "Figlio 2: Nome".
	Etichetta string `json:"etichetta"`
	// Messaggio is Italian and says what to do.
	Messaggio string `json:"messaggio"`
}

// Errori are ordered as the fields of the form are; those of the form as a
// whole come last.
type Errori []Errore

// Error lists paths and codes, no texts and no values.
func (e Errori) Error() string {
	var b strings.Builder
	b.WriteString("modulo: " + strconv.Itoa(len(e)) + " errori")
	for i, v := range e {
		if i == 10 {
			b.WriteString(" …")
			break
		}
		b.WriteString(" " + v.Percorso + ":" + v.Codice)
	}
	return b.String()
}

// LogValue logs as Error does.
func (e Errori) LogValue() slog.Value { return slog.StringValue(e.Error()) }

// Di gives the errors at the path.
func (e Errori) Di(percorso string) Errori {
	return e.scegli(func(v Errore) bool { return v.Percorso == percorso })
}

// DellaSezione gives the errors of one section.
func (e Errori) DellaSezione(id string) Errori {
	return e.scegli(func(v Errore) bool { return v.Sezione == id })
}

func (e Errori) scegli(ok func(Errore) bool) Errori {
	var q Errori
	for _, v := range e {
		if ok(v) {
			q = append(q, v)
		}
	}
	return q
}
