package modulo

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Riepilogo is the summary of the answers as text. The HTML page and the PDF
// print this and nothing else, so they cannot say different things.
type Riepilogo struct {
	Titolo   string             `json:"titolo"`
	Versione int                `json:"versione"`
	Sezioni  []SezioneRiepilogo `json:"sezioni"`
}

// SezioneRiepilogo is a section that has at least one answer.
type SezioneRiepilogo struct {
	ID     string          `json:"id"`
	Titolo string          `json:"titolo"`
	Voci   []VoceRiepilogo `json:"voci"`
}

// VoceRiepilogo is one answer: a text, or the rows of a gruppo. Valore may
// have several lines. File says that Valore lists attachments, one per line.
type VoceRiepilogo struct {
	Percorso  string          `json:"percorso"`
	Etichetta string          `json:"etichetta"`
	Valore    string          `json:"valore,omitempty"`
	Righe     []RigaRiepilogo `json:"righe,omitempty"`
	File      bool            `json:"file,omitempty"`
}

// RigaRiepilogo is a row of a gruppo; Titolo is "Figlio 1 di 2".
type RigaRiepilogo struct {
	Titolo string          `json:"titolo"`
	Voci   []VoceRiepilogo `json:"voci"`
}

// LogValue redacts the answers.
func (r Riepilogo) LogValue() slog.Value {
	return slog.GroupValue(slog.String("titolo", r.Titolo), slog.Int("versione", r.Versione))
}

// LogValue redacts the answer.
func (v VoceRiepilogo) LogValue() slog.Value { return slog.StringValue(v.Percorso) }

// Riepiloga gives the summary of v, which must be the Valori of an Esito:
// conditions are not evaluated again. Fields without an answer are left out,
// and so are sections without any. A value that cannot be read is shown as typed.
func (m *Modulo) Riepiloga(v Risposte, allegati map[string]InfoFile) Riepilogo {
	return m.RiepilogaCon(v, Opzioni{Allegati: allegati})
}

// RiepilogaCon is Riepiloga with all that the options describe: Allegati,
// Appuntamenti and Bolli. An appointment or a stamp that they do not know is
// told as no longer there, unless the whole map is nil.
func (m *Modulo) RiepilogaCon(v Risposte, o Opzioni) Riepilogo {
	rp := Riepilogo{Titolo: m.def.Titolo, Versione: m.def.Versione}
	for _, s := range m.sezioni {
		sr := SezioneRiepilogo{ID: s.def.ID, Titolo: s.def.Titolo}
		for _, c := range s.campi {
			if voce, ok := c.voce(c.ID, v[c.ID], quadro{o: o, valori: v}); ok {
				sr.Voci = append(sr.Voci, voce)
			}
		}
		if len(sr.Voci) > 0 {
			rp.Sezioni = append(rp.Sezioni, sr)
		}
	}
	return rp
}

// quadro is what the text of an answer depends on, beyond the answer.
type quadro struct {
	o      Opzioni
	valori Risposte
	sopra  []map[string]any // the rows around it, the outer one first
}

func (c *campo) voceGruppo(percorso string, rr []map[string]any, q quadro) VoceRiepilogo {
	voce := VoceRiepilogo{Percorso: percorso, Etichetta: c.Etichetta}
	sopra := q.sopra
	for i, r := range rr {
		riga := RigaRiepilogo{Titolo: TitoloRiga(c.Campo, i, len(rr))}
		q.sopra = append(slices.Clone(sopra), r)
		for _, f := range c.figli {
			if v, ok := f.voce(Percorso(percorso, i, f.ID), r[f.ID], q); ok {
				riga.Voci = append(riga.Voci, v)
			}
		}
		voce.Righe = append(voce.Righe, riga)
	}
	return voce
}

// TitoloRiga names a row (i counts from zero) for people: "Figlio 1 di 2".
func TitoloRiga(gruppo Campo, i, totale int) string {
	return fmt.Sprintf("%s %d di %d", gruppo.EtichettaRiga, i+1, totale)
}

func (c *campo) voce(percorso string, v any, q quadro) (VoceRiepilogo, bool) {
	if c.Tipo == Gruppo {
		rr := righe(v)
		return c.voceGruppo(percorso, rr, q), len(rr) > 0
	}
	voce := VoceRiepilogo{Percorso: percorso, Etichetta: c.Etichetta, File: c.Tipo == File}
	if c.Tipo.sottoscritto() {
		voce.Etichetta = c.testoFirmato()
	}
	l := c.leggi(v)
	switch {
	case c.Tipo == File:
		nomi := make([]string, 0, 1)
		for _, id := range elenco(l.valore) {
			f, ok := q.o.Allegati[id]
			if !ok {
				nomi = append(nomi, "File non più disponibile")
				continue
			}
			nomi = append(nomi, pulisci(f.Descrizione(), false))
		}
		voce.Valore = strings.Join(nomi, "\n")
	case l.valore == nil:
		return VoceRiepilogo{}, false
	case c.Tipo.riferimento():
		id, _ := l.valore.(string)
		voce.Valore = descriviRiferimento(c.Tipo, id, q.o.riferimenti(c.Tipo))
	default:
		voce.Valore = c.leggibile(l, q)
	}
	return voce, voce.Valore != ""
}

// leggibile writes a value for people.
func (c *campo) leggibile(l lettura, q quadro) string {
	switch v := l.valore.(type) {
	case bool:
		if v {
			return "Sì"
		}
		return "No"
	case []string:
		nomi := make([]string, 0, len(v))
		for _, s := range v {
			nomi = append(nomi, c.etichettaOpzione(s, q))
		}
		return strings.Join(nomi, "\n")
	case string:
		if l.codice != "" {
			return v
		}
		if c.Tipo == Scelta {
			return c.etichettaOpzione(v, q)
		}
		return c.testoItaliano(v)
	default:
		return ""
	}
}

func (c *campo) testoItaliano(s string) string {
	switch c.Tipo {
	case Intero, Decimale, Importo:
		d, err := decimal.NewFromString(s)
		if err != nil {
			return s
		}
		if c.Tipo == Importo {
			return italiano(d, 2) + " €"
		}
		return italiano(d, -1)
	case Data:
		if g, ok := leggiData(s); ok {
			return g.Italiano()
		}
		return s
	case Appuntamento, Bollo:
		return descriviRiferimento(c.Tipo, s, nil)
	default:
		return s
	}
}

func (c *campo) etichettaOpzione(v string, q quadro) string {
	if c.elenco != nil {
		padre, ok := c.padreIn(q.valori, q.sopra)
		if !ok {
			return v
		}
		if o, ok, _ := c.voceDi(padre, v, termini.Giorno{}); ok && o.Etichetta != "" {
			return pulisci(o.Etichetta, false)
		}
		return v
	}
	if i, ok := c.posizioneOpz[v]; ok {
		return c.Opzioni[i].Etichetta
	}
	return v
}

// Scritto gives the text of an answer as a text input shows it: numbers and days
// in Italian form without unit ("1.234,50", of a decimale "1234,5"; "31/03/2026"), everything else as
// it is, what cannot be read as typed. Empty if there is nothing to show.
func (m *Modulo) Scritto(percorso string, v any) string {
	c := m.campo(percorso)
	if c == nil {
		return ""
	}
	l := c.leggi(v)
	s, ok := l.valore.(string)
	if ok && l.codice == "" && (c.Tipo.numerico() || c.Tipo == Data) {
		s = strings.TrimSuffix(c.testoItaliano(s), " €")
		if c.Tipo == Decimale { // "1.000" could be one: it would not be read back
			s = strings.ReplaceAll(s, ".", "")
		}
	}
	return s
}

// Leggibile writes one answer as Riepiloga does, on one line: "12,50 €", "Sì",
// "Mensa, Scuolabus"; the code alone, if the label depends on another answer
// (see RiepilogaCon). Empty for a gruppo, a file field or no answer.
func (m *Modulo) Leggibile(percorso string, v any) string {
	c := m.campo(percorso)
	if c == nil || c.Tipo == Gruppo || c.Tipo == File {
		return ""
	}
	return strings.ReplaceAll(c.leggibile(c.leggi(v), quadro{}), "\n", ", ")
}
