package lingua

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// ErrTraduzioni is the cause of translations that cannot be read or compiled.
var ErrTraduzioni = errors.New("lingua: traduzioni non valide")

// Limits of the translations of one form.
const (
	LimiteByte   = 4 << 20 // bytes of JSON that LeggiTesti and LeggiDizionari read
	LimiteLingue = 10
	LimiteVoci   = 60_000 // texts of one language
	LimiteTesto  = 20_000 // bytes of one text
)

// Testi are the translations of one form in one language: key → text, see Voci.
type Testi map[string]string

// Voce is one text of a form that can be translated.
type Voce struct {
	Chiave   string
	Italiano string
}

// Voci lists the texts of a form, in its order. The keys are
//
//	titolo  descrizione
//	sezioni.ID.titolo  sezioni.ID.descrizione
//	campi.PERCORSO.etichetta  .aiuto  .testo  .messaggio_obbligatorio  .messaggio_schema
//	campi.PERCORSO.etichetta_riga  .etichetta_aggiungi
//	campi.PERCORSO.opzioni.VALORE
//	                   of an Elenco too, though they are not listed
//	insiemi.INSIEME    EtichettaInsieme of the fields side by side
//	regole.ID          the number of the rule, from zero, where it has no id
//	blocchi.ID.regole.ID
//
// where PERCORSO is "nome", "figli.nome" in a gruppo, "madre_nome" in a block. Texts that are empty
// in Italian are not listed.
func Voci(m *modulo.Modulo) []Voce {
	d := m.Definizione()
	var vv []Voce
	metti := func(chiave, italiano string) {
		if strings.TrimSpace(italiano) != "" {
			vv = append(vv, Voce{chiave, italiano})
		}
	}
	metti("titolo", d.Titolo)
	metti("descrizione", d.Descrizione)
	insiemi := map[string]bool{}
	var campi func(prefisso string, cc []modulo.Campo)
	campi = func(prefisso string, cc []modulo.Campo) {
		for _, c := range cc {
			p := prefisso + c.ID
			if k := chiaveInsieme(c.Insieme); c.Insieme != "" && !insiemi[k] {
				insiemi[k] = true
				metti(k, c.EtichettaInsieme)
			}
			for _, a := range attributi(c) {
				metti(chiaveCampo(p, a.nome), a.testo)
			}
			for _, o := range c.Opzioni {
				metti(chiaveOpzione(p, o.Valore), o.Etichetta)
			}
			campi(p+".", c.Campi)
		}
	}
	for _, s := range m.Sezioni() {
		metti(chiaveSezione(s.ID, "titolo"), s.Titolo)
		metti(chiaveSezione(s.ID, "descrizione"), s.Descrizione)
		campi("", s.Campi)
	}
	regole := func(prefisso string, rr []modulo.Regola) {
		for i, r := range rr {
			metti(prefisso+"regole."+nomeRegola(i, r), r.Messaggio)
		}
	}
	regole("", d.Regole)
	for _, b := range d.Blocchi {
		regole("blocchi."+b.ID+".", b.Regole)
	}
	return vv
}

type attributo struct{ nome, testo string }

func attributi(c modulo.Campo) []attributo {
	return []attributo{
		{"etichetta", c.Etichetta},
		{"aiuto", c.Aiuto},
		{"testo", c.Testo},
		{"messaggio_obbligatorio", c.MessaggioObbligatorio},
		{"messaggio_schema", c.MessaggioSchema},
		{"etichetta_riga", c.EtichettaRiga},
		{"etichetta_aggiungi", c.EtichettaAggiungi},
	}
}

func chiaveCampo(percorso, attributo string) string { return "campi." + percorso + "." + attributo }

func chiaveOpzione(percorso, valore string) string { return "campi." + percorso + ".opzioni." + valore }

func chiaveInsieme(insieme string) string { return "insiemi." + insieme }

func chiaveSezione(id, attributo string) string { return "sezioni." + id + "." + attributo }

func nomeRegola(i int, r modulo.Regola) string {
	if r.ID != "" {
		return r.ID
	}
	return strconv.Itoa(i)
}

// Traduzioni are the translations of one form, checked. A nil *Traduzioni has none.
type Traduzioni struct {
	voci   []Voce
	aperte []string // beginnings of the keys of options that come from an Elenco
	testi  map[Lingua]Testi
	regole map[string]string // Italian message → key
	pronti map[string]int    // key → text of the program, used where there is no other
}

// Compila checks the translations against the form. A key that the form has not,
// a language that is no code or is Italian (the form's own) and a text beyond
// the limits or with control characters are refused, all at once, as
// ErrTraduzioni; the error names keys, never texts. Missing and empty
// translations are no error: see Mancanti. The words that package modulo itself
// gives to a persona or an indirizzo are translated already.
func Compila(m *modulo.Modulo, per map[Lingua]Testi) (*Traduzioni, error) {
	t := &Traduzioni{voci: Voci(m), testi: make(map[Lingua]Testi, len(per)), regole: map[string]string{}, pronti: map[string]int{}}
	note := make(map[string]bool, len(t.voci))
	for _, v := range t.voci {
		note[v.Chiave] = true
	}
	for _, s := range m.Sezioni() {
		t.apri("", s.Campi)
		t.prontiPer("", s.Campi)
	}
	for _, v := range t.voci {
		if strings.HasPrefix(v.Chiave, "regole.") || strings.HasPrefix(v.Chiave, "blocchi.") {
			t.regole[v.Italiano] = v.Chiave
		}
	}
	if len(per) > LimiteLingue {
		return nil, fmt.Errorf("%w: oltre %d lingue", ErrTraduzioni, LimiteLingue)
	}
	var errori []error
	male := func(l Lingua, chiave, testo string) {
		if len(errori) < 100 {
			errori = append(errori, fmt.Errorf("%q, %q: %s", string(l), chiave, testo))
		}
	}
	for _, l := range ordinate(per) {
		if l == "" || l == Italiano || !l.Valida() {
			male(l, "", "non è una lingua in cui tradurre")
			continue
		}
		if len(per[l]) > LimiteVoci {
			male(l, "", "troppi testi")
			continue
		}
		q := make(Testi, len(per[l]))
		for _, k := range ordinate(per[l]) {
			s := per[l][k]
			switch {
			case !note[k] && !t.aperta(k):
				male(l, k, "il modulo non ha questo testo")
			case len(s) > LimiteTesto:
				male(l, k, "il testo è troppo lungo")
			case !pulito(s):
				male(l, k, "il testo contiene caratteri di controllo")
			case strings.TrimSpace(s) != "":
				q[k] = s
			}
		}
		t.testi[l] = q
	}
	if len(errori) > 0 {
		return nil, fmt.Errorf("%w: %w", ErrTraduzioni, errors.Join(errori...))
	}
	return t, nil
}

func (t *Traduzioni) apri(prefisso string, cc []modulo.Campo) {
	for _, c := range cc {
		if c.Elenco != "" {
			t.aperte = append(t.aperte, chiaveOpzione(prefisso+c.ID, ""))
		}
		t.apri(prefisso+c.ID+".", c.Campi)
	}
}

func (t *Traduzioni) aperta(chiave string) bool {
	return slices.ContainsFunc(t.aperte, func(p string) bool { return strings.HasPrefix(chiave, p) && len(chiave) > len(p) })
}

func ordinate[K ~string, V any](m map[K]V) []K {
	kk := make([]K, 0, len(m))
	for k := range m {
		kk = append(kk, k)
	}
	slices.Sort(kk)
	return kk
}

// pulito refuses what no text may hold: control characters but line ends, and
// the marks that turn the writing round.
func pulito(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '\n' && (unicode.IsControl(r) || r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069')
	})
}

// Mancanti lists the texts of the form that l has not, in the order of the form.
func (t *Traduzioni) Mancanti(l Lingua) []Voce {
	if t == nil || l.normale() == Italiano {
		return nil
	}
	var q []Voce
	for _, v := range t.voci {
		if t.testo(l, v.Chiave, "").Valore == "" {
			q = append(q, v)
		}
	}
	return q
}

// Lingue gives the languages that have translations, in order of code.
func (t *Traduzioni) Lingue() []Lingua {
	if t == nil {
		return nil
	}
	return ordinate(t.testi)
}

// testo looks a key up and falls back to Italian.
func (t *Traduzioni) testo(l Lingua, chiave, italiano string) Testo {
	if t != nil {
		if s := t.testi[l][chiave]; s != "" {
			return Testo{s, l}
		}
		if i, ok := t.pronti[chiave]; ok {
			if s := pronti[i].in(l); s != "" {
				return Testo{s, l}
			}
		}
	}
	return Testo{italiano, Italiano}
}

// Sezione gives the title of a section for a list of steps; false if the form
// has no such section.
func (t *Traduzioni) Sezione(l Lingua, id, italiano string) (Testo, bool) {
	k := chiaveSezione(id, "titolo")
	if t == nil || !slices.ContainsFunc(t.voci, func(v Voce) bool { return v.Chiave == k }) {
		return Testo{}, false
	}
	return t.testo(l, k, italiano), true
}

// LeggiTesti reads the translations of a form from JSON, by language and key:
// {"de":{"campi.nome.etichetta":"Vorname"}}. Errors are ErrTraduzioni, or those of the reader.
func LeggiTesti(r io.Reader) (map[Lingua]Testi, error) {
	var q map[Lingua]Testi
	return q, leggiJSON(r, &q)
}

func leggiJSON(r io.Reader, dove any) error {
	b, err := io.ReadAll(io.LimitReader(r, LimiteByte+1))
	switch {
	case err != nil:
		return fmt.Errorf("lingua: lettura: %w", err)
	case len(b) > LimiteByte:
		return fmt.Errorf("%w: oltre %d byte", ErrTraduzioni, LimiteByte)
	case !utf8.Valid(b):
		return fmt.Errorf("%w: il testo non è UTF-8", ErrTraduzioni)
	}
	if err := json.Unmarshal(b, dove); err != nil {
		return fmt.Errorf("%w: JSON", ErrTraduzioni)
	}
	return nil
}
