package html

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// controllo fills the view of a field that is answered.
func (k *costruttore) controllo(f *vistaCampo, c modulo.Campo, percorso string, v any) {
	switch c.Tipo {
	case modulo.SiNo:
		f.Modello = "radio"
		scelto := ""
		if b, ok := v.(bool); ok {
			scelto = map[bool]string{true: "si", false: "no"}[b]
		}
		f.opzioni([]modulo.Opzione{{Valore: "si", Etichetta: "Sì"}, {Valore: "no", Etichetta: "No"}}, []string{scelto})
	case modulo.Scelta:
		f.Modello = "radio"
		s, _ := v.(string)
		f.opzioni(c.Opzioni, []string{s})
		if len(c.Opzioni) > k.r.cfg.SogliaMenu {
			f.Modello, f.Bersaglio = "menu", f.ID
		}
	case modulo.SceltaMultipla:
		f.Modello = "caselle"
		s, _ := v.([]string)
		f.opzioni(c.Opzioni, s)
	case modulo.Dichiarazione:
		f.Modello = "dichiarazione"
		b, _ := v.(bool)
		f.Etichetta = c.Testo
		f.Opzioni = []vistaOpzione{{ID: f.ID, Valore: "si", Etichetta: c.Testo, Scelta: b}}
	case modulo.Data:
		f.Modello = "data"
		f.parti(k.m.Scritto(percorso, v), c.Autocompletamento)
	case modulo.File:
		f.Modello = "file"
		k.file(f, c, v, false)
	case modulo.TestoLungo:
		f.Modello, f.Righe = "testo_lungo", 5
		f.Valore = k.m.Scritto(percorso, v)
		if c.MassimoCaratteri > 0 {
			f.Aiuto = unisci(f.Aiuto, "Al massimo "+strconv.Itoa(c.MassimoCaratteri)+" caratteri")
		}
	default:
		f.Valore = k.m.Scritto(percorso, v)
		f.perTipo(c)
	}
	if f.Autocompletamento == "" {
		f.Autocompletamento = "off"
	}
}

func unisci(a, b string) string {
	if a == "" {
		return b
	}
	return strings.TrimRight(a, ".") + ". " + b
}

// perTipo sets what helps to type the text. There is no maxlength: it cuts a
// pasted text in silence, while the server says what is wrong.
func (f *vistaCampo) perTipo(c modulo.Campo) {
	aiuto := func(s string) {
		if f.Aiuto == "" {
			f.Aiuto = s
		}
	}
	switch c.Tipo {
	case modulo.Intero, modulo.CAP, modulo.PartitaIVA:
		f.Modo = "numeric"
	case modulo.Decimale:
		f.Modo = "decimal"
		aiuto("Per i decimali usa la virgola")
	case modulo.Importo:
		f.Modo, f.Euro = "decimal", true
		aiuto("In euro, con la virgola per i centesimi")
	case modulo.Ora:
		aiuto("Ore e minuti, per esempio 09:30")
	case modulo.Email, modulo.PEC:
		f.Modo, f.SenzaOrtografia = "email", true
	case modulo.Telefono:
		f.Modo = "tel"
	case modulo.CodiceFiscale, modulo.IBAN:
		f.Maiuscole, f.SenzaOrtografia = true, true
	default:
	}
}

func (f *vistaCampo) opzioni(oo []modulo.Opzione, scelte []string) {
	for i, o := range oo {
		f.Opzioni = append(f.Opzioni, vistaOpzione{
			ID: f.ID + "-" + strconv.Itoa(i), Valore: o.Valore, Etichetta: o.Etichetta,
			Scelta: slices.Contains(scelte, o.Valore), Fuoco: f.Fuoco && i == 0,
		})
	}
	if len(f.Opzioni) > 0 {
		f.Bersaglio = f.Opzioni[0].ID
	}
}

// parti spreads the day over three inputs; what was typed and is no day comes
// back as it was typed.
func (f *vistaCampo) parti(testo, token string) {
	pezzi := strings.SplitN(testo, "/", 3)
	for len(pezzi) < 3 {
		pezzi = append(pezzi, "")
	}
	for i, p := range []struct {
		nome, etichetta, token string
		cifre                  int
	}{{"giorno", "Giorno", "bday-day", 2}, {"mese", "Mese", "bday-month", 2}, {"anno", "Anno", "bday-year", 4}} {
		v := vistaParte{
			ID: f.ID + "-" + p.nome, Nome: f.Nome + "." + p.nome, Etichetta: p.etichetta, Cifre: p.cifre,
			Valore: pezzi[i], Autocompletamento: "off", Fuoco: f.Fuoco && i == 0,
		}
		if token == "bday" {
			v.Autocompletamento = p.token
		}
		f.Parti = append(f.Parti, v)
	}
	f.Bersaglio = f.Parti[0].ID
	if f.Aiuto == "" {
		f.Aiuto = "Per esempio 31 3 2026"
	}
}

func (k *costruttore) file(f *vistaCampo, c modulo.Campo, v any, bloccato bool) {
	ids, _ := v.([]string)
	for _, id := range ids {
		x := vistaFile{Azione: "elimina-file:" + f.Nome + ":" + id}
		if info, ok := k.stato.Allegati[id]; ok {
			x.Nome, x.Descrizione = info.Nome, info.Descrizione()
		} else {
			x.Nome, x.Descrizione, x.Errore = "non più disponibile", "non più disponibile: eliminalo e caricalo di nuovo", true
		}
		if bloccato {
			x.Azione = ""
		}
		f.File = append(f.File, x)
	}
	if bloccato {
		return
	}
	k.conFile = true
	massimo := max(1, c.MassimoFile)
	f.Posto, f.Multiplo = len(ids) < massimo, massimo-len(ids) > 1
	f.Accetta = strings.Join(c.TipiFile, ",")
	if !f.Posto {
		f.Bersaglio = f.ID + "-elenco"
	}
	if c.MassimoByte > 0 {
		f.Aiuto = unisci(f.Aiuto, "Ogni file può avere al massimo "+modulo.Dimensione(c.MassimoByte))
	}
}
