package pratica

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"
)

// Sigilla chains events to the last Impronta of the iter ("" for the first): it
// fills in Sale, Impegno, Precedente and Impronta of each. sale gives at least
// 16 random bytes for each event.
//
// Impegno = SHA-256(Sale ‖ 0 ‖ kind ‖ 0 ‖ JSON of Fatto) commits to the content;
// Impronta = SHA-256 over one line per chained field, Impegno and Precedente
// included. The content and its salt can be erased later and the iter still
// verifies; without the salt nobody can guess the content from Impegno.
func Sigilla(precedente string, eventi []Evento, sale func() ([]byte, error)) error {
	for i := range eventi {
		e := &eventi[i]
		b, err := sale()
		if err != nil {
			return fmt.Errorf("pratica: sale: %w", err)
		}
		if len(b) < 16 {
			return errors.New("pratica: sale troppo corto")
		}
		e.Sale = hex.EncodeToString(b)
		if e.Impegno, err = impegno(e.Sale, e.Fatto); err != nil {
			return err
		}
		e.Precedente = precedente
		e.Impronta = e.impronta()
		precedente = e.Impronta
	}
	return nil
}

func impegno(sale string, f Fatto) (string, error) {
	if f == nil {
		return "", errors.New("pratica: evento senza contenuto")
	}
	b, err := json.Marshal(f)
	if err != nil {
		return "", fmt.Errorf("pratica: %w", err)
	}
	// Bytes that are not UTF-8 (from a registry, a bank) are written as the escape
	// of U+FFFD the first time and as its bytes once read back: one form for both.
	b = bytes.ReplaceAll(b, []byte(`\ufffd`), []byte("\uFFFD"))
	h := sha256.New()
	for _, parte := range [][]byte{[]byte(sale), {0}, []byte(f.genere()), {0}, b} {
		h.Write(parte)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// impronta hashes the chained fields, each behind its length, so that no two
// different entries have the same bytes.
func (e *Evento) impronta() string {
	var b bytes.Buffer
	b.WriteString("iter/1")
	for _, v := range []string{
		string(e.Pratica), strconv.Itoa(e.Progressivo), string(e.Azione),
		string(e.Di.Ruolo), e.Di.ID, e.Di.Ufficio, e.Quando.UTC().Format(time.RFC3339Nano),
		string(e.Da), string(e.A), e.Impegno, e.Precedente,
	} {
		b.WriteString("\n" + strconv.Itoa(len(v)) + ":" + v)
	}
	h := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(h[:])
}

// ErroreIter names the first entry of an iter that is not what was sealed.
type ErroreIter struct {
	Progressivo int
	Causa       string // machine code: "progressivo", "catena", "impronta", "contenuto"
}

// Error implements error.
func (e *ErroreIter) Error() string {
	return fmt.Sprintf("pratica: iter alterato alla voce %d (%s)", e.Progressivo, e.Causa)
}

// Verifica checks the iter of one pratica from its first entry. An entry whose
// content was erased (no Fatto, no Sale) verifies by its commitment alone. It
// gives nil or an *ErroreIter with the first entry that was altered; that the
// last entries were cut off shows against Impronta of the pratica.
func Verifica(iter []Evento) error {
	precedente := ""
	for i := range iter {
		e := &iter[i]
		switch {
		case e.Progressivo != i+1 || e.Pratica != iter[0].Pratica || i > 0 && e.Da != iter[i-1].A:
			return &ErroreIter{i + 1, "progressivo"}
		case e.Precedente != precedente:
			return &ErroreIter{i + 1, "catena"}
		case e.Impronta != e.impronta():
			return &ErroreIter{i + 1, "impronta"}
		}
		if e.Fatto != nil || e.Sale != "" {
			if v, err := impegno(e.Sale, e.Fatto); err != nil || v != e.Impegno {
				return &ErroreIter{i + 1, "contenuto"}
			}
		}
		precedente = e.Impronta
	}
	return nil
}

// canonico is the JSON of a value, with the keys of maps in order.
func canonico(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return b
}

// generi finds the type of an event by its kind.
var generi = func() map[string]reflect.Type {
	m := map[string]reflect.Type{}
	for _, f := range []Fatto{
		BozzaAperta{}, BozzaSalvata{}, BozzaEliminata{}, AllegatoAggiunto{}, AllegatoRimosso{}, AppuntamentoScelto{}, AppuntamentoAggiornato{},
		RichiestaInviata{}, RichiestaRiaperta{}, PagamentoRichiesto{}, PagamentoAggiornato{}, PagamentoRegistrato{}, BolloRichiesto{}, BolloFornito{},
		DocumentoChiesto{}, DocumentoProdotto{}, DocumentoProtocollato{}, PresaInCarico{}, Assegnata{},
		IntegrazioneChiesta{}, IntegrazioneConclusa{}, IntegrazioneRevocata{}, PreavvisoInviato{}, OsservazioniPresentate{}, EsitoDeciso{},
		MessaggioScritto{}, NotaScritta{}, PraticaChiusa{}, PraticaRiaperta{}, DovutiSaldati{}, DatiOscurati{},
	} {
		m[f.genere()] = reflect.TypeOf(f)
	}
	return m
}()

// eventoJSON is an Evento as it is written.
type eventoJSON struct {
	Pratica     ID              `json:"pratica"`
	Progressivo int             `json:"progressivo"`
	Azione      Azione          `json:"azione"`
	Di          Firma           `json:"di"`
	Quando      time.Time       `json:"quando"`
	Da          Stato           `json:"da,omitempty"`
	A           Stato           `json:"a,omitempty"`
	Genere      string          `json:"genere,omitempty"`
	Fatto       json.RawMessage `json:"fatto,omitempty"`
	Sale        string          `json:"sale,omitempty"`
	Impegno     string          `json:"impegno"`
	Precedente  string          `json:"precedente,omitempty"`
	Impronta    string          `json:"impronta"`
}

// MarshalJSON writes the event with the kind of its content.
func (e Evento) MarshalJSON() ([]byte, error) {
	j := eventoJSON{e.Pratica, e.Progressivo, e.Azione, e.Di, e.Quando, e.Da, e.A, "", nil, e.Sale, e.Impegno, e.Precedente, e.Impronta}
	if e.Fatto != nil {
		b, err := json.Marshal(e.Fatto)
		if err != nil {
			return nil, err
		}
		j.Genere, j.Fatto = e.Fatto.genere(), b
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote. An unknown kind is an error: a
// newer program wrote it.
func (e *Evento) UnmarshalJSON(b []byte) error {
	var j eventoJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*e = Evento{Pratica: j.Pratica, Progressivo: j.Progressivo, Azione: j.Azione, Di: j.Di, Quando: j.Quando, Da: j.Da, A: j.A,
		Sale: j.Sale, Impegno: j.Impegno, Precedente: j.Precedente, Impronta: j.Impronta}
	if j.Genere == "" {
		return nil
	}
	t, ok := generi[j.Genere]
	if !ok {
		return fmt.Errorf("pratica: evento %d di genere sconosciuto %q", j.Progressivo, j.Genere)
	}
	v := reflect.New(t)
	if err := json.Unmarshal(j.Fatto, v.Interface()); err != nil {
		return err
	}
	f, ok := v.Elem().Interface().(Fatto)
	if !ok {
		return fmt.Errorf("pratica: genere %q", j.Genere)
	}
	e.Fatto = f
	return nil
}
