package protocollo

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// Codes of a Problema.
const (
	CodiceMancante    = "mancante"
	CodiceSconosciuto = "sconosciuto" // not one of the admitted values
	CodiceToken       = "token"       // not a token, or the oggetto does not carry it
	CodiceCaratteri   = "caratteri"   // control or forbidden characters, broken UTF-8
	CodiceTroppoLungo = "troppo_lungo"
	CodiceTroppi      = "troppi"
	CodiceTroppoPeso  = "troppo_peso" // bytes
	CodiceVuoto       = "vuoto"       // an empty file
	CodiceImpronta    = "impronta"
	CodiceDoppio      = "doppio"
	CodiceEstensione  = "estensione"
)

// Problema is one reason for which a request cannot be registered as it is. It
// never holds the value that was wrong.
type Problema struct {
	Codice  string `json:"codice"`
	Campo   string `json:"campo"`             // "allegati[2].nome"
	Massimo int64  `json:"massimo,omitempty"` // the limit passed, in the unit of the field
}

// Testo is the sentence for an operator, in Italian: what to do about it.
func (p Problema) Testo() string {
	switch p.Codice {
	case CodiceMancante:
		return "Completare questo dato: è necessario per la protocollazione."
	case CodiceSconosciuto:
		return "Scegliere uno dei valori ammessi."
	case CodiceToken:
		return "Il riferimento della pratica manca o non è valido: ripetere la preparazione della protocollazione."
	case CodiceCaratteri:
		return "Togliere i caratteri non ammessi dal protocollo."
	case CodiceTroppoLungo:
		return "Accorciare il testo: supera la lunghezza ammessa dal protocollo."
	case CodiceTroppi:
		return "Ridurre il numero di elementi: superano quelli ammessi dal protocollo."
	case CodiceTroppoPeso:
		return "Ridurre la dimensione dei documenti: superano quella ammessa dal protocollo."
	case CodiceVuoto:
		return "Caricare di nuovo il documento: risulta vuoto."
	case CodiceImpronta:
		return "L'impronta del documento manca o non è valida: caricare di nuovo il documento."
	case CodiceDoppio:
		return "Lo stesso documento è indicato due volte: toglierne uno."
	case CodiceEstensione:
		return "Convertire il documento in uno dei formati ammessi dal protocollo."
	default:
		return "Verificare questo dato."
	}
}

// Problemi are all the reasons at once. As an error it has class Permanente: the
// same request will be refused again, and nothing was registered.
type Problemi []Problema

// Error lists codes and fields, never values.
func (p Problemi) Error() string {
	const mostrati = 20
	parti := make([]string, 0, min(len(p), mostrati))
	for _, x := range p[:min(len(p), mostrati)] {
		parti = append(parti, x.Campo+": "+x.Codice)
	}
	if len(p) > mostrati {
		parti = append(parti, "…")
	}
	return "protocollo: richiesta non valida (" + strings.Join(parti, ", ") + ")"
}

// ClasseGuasto implements guasto.Classificato.
func (p Problemi) ClasseGuasto() guasto.Classe { return guasto.Permanente }

// elenco collects problems.
type elenco struct{ problemi Problemi }

func (e *elenco) aggiungi(codice, campo string) { e.limite(codice, campo, 0) }

func (e *elenco) limite(codice, campo string, massimo int64) {
	p := Problema{Codice: codice, Campo: campo, Massimo: massimo}
	for _, q := range e.problemi {
		if q == p {
			return
		}
	}
	e.problemi = append(e.problemi, p)
}

func (e *elenco) testo(campo, s string, massimo int) {
	if utf8.RuneCountInString(s) > massimo {
		e.limite(CodiceTroppoLungo, campo, int64(massimo))
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		e.aggiungi(CodiceCaratteri, campo)
	}
}

func (e *elenco) quanti(campo string, n, massimo int) {
	if n > massimo {
		e.limite(CodiceTroppi, campo, int64(massimo))
	}
}

// errore gives nil, not an empty list, when there is no problem.
func (e *elenco) errore() error {
	if len(e.problemi) == 0 {
		return nil
	}
	return e.problemi
}
