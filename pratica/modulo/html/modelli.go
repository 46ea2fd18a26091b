package html

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

const (
	modelliMassimi = 100
	byteModello    = 64 << 10
)

// sostituisci puts the templates of the host in the place of ours: the file
// "menu.html" is the body of "menu". It knows no more functions than
// html/template has, and escapes what is printed as everywhere.
func sostituisci(t *template.Template, modelli fs.FS) error {
	if modelli == nil {
		return nil
	}
	nomi, err := fs.Glob(modelli, "*.html")
	if err != nil || len(nomi) > modelliMassimi {
		return fmt.Errorf("%w: modelli: elenco dei file", ErrConfig)
	}
	var errori []error
	for _, file := range nomi {
		nome := strings.TrimSuffix(file, ".html")
		tipo, perTipo := strings.CutPrefix(nome, "tipo-")
		if !(perTipo && modulo.Tipo(tipo).Valido()) && t.Lookup(nome) == nil {
			errori = append(errori, fmt.Errorf("modello %q: non esiste", nome))
			continue
		}
		testo, err := leggiModello(modelli, file)
		if err != nil {
			errori = append(errori, fmt.Errorf("modello %q: %w", nome, err))
			continue
		}
		if _, err := t.New(nome).Parse(testo); err != nil {
			errori = append(errori, fmt.Errorf("modello %q: %w", nome, err))
		}
	}
	if len(errori) > 0 {
		return fmt.Errorf("%w: %w", ErrConfig, errors.Join(errori...))
	}
	return nil
}

func leggiModello(modelli fs.FS, file string) (string, error) {
	f, err := modelli.Open(file)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(io.LimitReader(f, byteModello+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return "", err
	}
	if len(b) > byteModello {
		return "", fmt.Errorf("oltre %d byte", byteModello)
	}
	return string(b), nil
}

// prova prints a form of every type, empty and full, with errors, locked and
// reopened, so that a template that breaks is refused before anybody sees it.
// A field that loses the target of the summary of the errors is refused too.
func (r *Renderer) prova() error {
	m, v, stato, err := saggio()
	if err != nil {
		return err
	}
	pieni := m.Valuta(v, stato.opzioni()).Valori
	stati := []StatoModulo{stato, stato, stato}
	stati[1].Precompilate = pieni
	stati[2].Riaperti, stati[2].Richiesta, stati[2].Scadenza, stati[2].Lingua = []string{}, "Testo", stato.Oggi, lingua.Tedesco
	for _, risposte := range []modulo.Risposte{nil, v} {
		o := stato.opzioni()
		o.Bozza = false
		errori := append(m.Valuta(risposte, o).Errori, modulo.Errore{Codice: "regola", Messaggio: "Generale"})
		for _, e := range []modulo.Errori{nil, errori} {
			for _, st := range stati {
				if err := r.provaSezione(m, risposte, e, st); err != nil {
					return fmt.Errorf("%w: modelli: %w", ErrConfig, err)
				}
			}
		}
	}
	indirizzo := func(string) string { return "?" }
	compiti := Compiti(m, m.Valuta(v, modulo.Opzioni{}), OpzioniCompiti{Indirizzo: indirizzo})
	err = errors.Join(
		r.Stepper(io.Discard, stato.Passi), r.Compiti(io.Discard, compiti),
		r.Lettura(io.Discard, m, pieni, StatoLettura{Allegati: stato.Allegati, Modifica: indirizzo, Avviso: true, Prima: modulo.Risposte{}, Data: stato.Oggi}),
		r.Riepilogo(io.Discard, m.Riepiloga(pieni, stato.Allegati), indirizzo),
	)
	if err != nil {
		return fmt.Errorf("%w: modelli: %w", ErrConfig, err)
	}
	return nil
}

func (r *Renderer) provaSezione(m *modulo.Modulo, v modulo.Risposte, errori modulo.Errori, st StatoModulo) error {
	s, _ := m.Sezione("s")
	vs, err := r.vista(m, s, v, errori, st)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := r.esegui(&b, "sezione", vs); err != nil {
		return err
	}
	for i, e := range errori {
		bersaglio := vs.Errori[i].Bersaglio
		if bersaglio != "" && !bytes.Contains(b.Bytes(), []byte(`id="`+bersaglio+`"`)) {
			c, _ := m.Campo(e.Percorso)
			return fmt.Errorf("il campo di tipo %q non ha più id=%q, a cui porta il riepilogo degli errori", c.Tipo, bersaglio)
		}
	}
	return nil
}

// saggio is a form with a field of every type.
func saggio() (*modulo.Modulo, modulo.Risposte, StatoModulo, error) {
	var campi []modulo.Campo
	v := modulo.Risposte{}
	for _, t := range modulo.Tipi() {
		c := modulo.Campo{ID: "c_" + string(t), Etichetta: "Etichetta", Aiuto: "Aiuto", Tipo: t, Obbligatorio: t != modulo.Nota}
		v[c.ID] = "x"
		switch t {
		case modulo.Scelta, modulo.SceltaMultipla:
			for _, s := range strings.Split("abcdefghi", "") {
				c.Opzioni = append(c.Opzioni, modulo.Opzione{Valore: s, Etichetta: s})
			}
			v[c.ID] = []string{"a"}
		case modulo.Dichiarazione, modulo.Consenso, modulo.Nota:
			c.Testo = "Testo"
		case modulo.File:
			v[c.ID] = []string{"f", "assente"}
			c.MassimoFile, c.TipiFile, c.MassimoByte = 5, []string{"application/pdf"}, 1000
		case modulo.Gruppo:
			c.EtichettaRiga = "Riga"
			c.Campi = []modulo.Campo{{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Obbligatorio: true}}
			v[c.ID] = []map[string]any{{"nome": "x"}, {}}
		case modulo.SiNo:
			v[c.ID] = true
		default:
		}
		campi = append(campi, c)
	}
	campi = append(campi, modulo.Campo{ID: "calcolato", Etichetta: "Calcolato", Tipo: modulo.Intero, Calcolo: "1 + 1"},
		modulo.Campo{ID: "pochi", Etichetta: "Pochi", Tipo: modulo.Scelta, Obbligatorio: true, Opzioni: slices.Clone(campi[slices.Index(modulo.Tipi(), modulo.Scelta)].Opzioni[:2])})
	m, err := modulo.Compila(modulo.Definizione{ID: "saggio", Versione: 1, Titolo: "Saggio", Sezioni: []modulo.Sezione{
		{ID: "s", Titolo: "Sezione", Descrizione: "Descrizione", Campi: campi},
	}})
	stato := StatoModulo{
		Allegati:     map[string]modulo.InfoFile{"f": {Nome: "f.pdf", Tipo: "application/pdf", Byte: 1}},
		Appuntamenti: map[string]modulo.InfoRiferimento{"x": {Descrizione: "Domani"}},
		Oggi:         termini.Giorno{Anno: 2026, Mese: 3, Giorno: 31},
		Passi:        []Passo{{ID: "s", Titolo: "Sezione", Stato: PassoAttivo}, {ID: "t", Titolo: "Dopo", URL: "?", Stato: PassoCompletato}},
	}
	return m, v, stato, err
}
