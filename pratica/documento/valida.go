package documento

import (
	"fmt"
	"math"
)

const (
	massimaProfondita = 6     // groups inside groups
	massimeColonne    = 12    // of a table
	massimiCampi      = 100   // reported in one Errore
	pesoNodo          = 16    // bytes that each item counts beside its text
	massimoNumero     = 60    // bytes of NumeroPratica
	massimoTestata    = 2_000 // bytes of each text of the head
)

type verifica struct {
	campi []Campo
	byte  int
}

func (v *verifica) errore(codice, formato string, a ...any) {
	if len(v.campi) < massimiCampi {
		v.campi = append(v.campi, Campo{Percorso: fmt.Sprintf(formato, a...), Codice: codice})
	}
}

// valida finds everything wrong in d and measures its text.
func valida(d *Documento, massimoTesto int) error {
	v := &verifica{}
	if d.Tipo.Titolo() == "" {
		v.errore("non_valido", "Tipo")
	}
	v.testata(&d.Intestazione)
	if d.Tipo.motivato() && vuoto(d.Motivazione) {
		v.errore("obbligatorio", "Motivazione")
	}
	v.conta(d.Formula, d.Dispositivo, d.Motivazione, d.Identita, d.Firma.Luogo, d.Firma.Qualifica, d.Firma.Nome, d.Firma.Nota)
	v.conta(d.Destinatario...)
	v.voci("Richiedente", d.Richiedente, 0)
	for i := range d.Parti {
		v.parte(fmt.Sprintf("Parti[%d]", i), &d.Parti[i])
	}
	v.allegati("Allegati", d.Allegati)
	if len(v.campi) > 0 {
		return &Errore{Campi: v.campi}
	}
	if v.byte > massimoTesto {
		return fmt.Errorf("%w: oltre %d byte di testo", ErrTroppoGrande, massimoTesto)
	}
	return nil
}

func (v *verifica) testata(i *Intestazione) {
	for _, c := range []struct{ nome, valore string }{
		{"Ente", i.Ente}, {"Oggetto", i.Oggetto}, {"NumeroPratica", i.NumeroPratica},
	} {
		if vuoto(c.valore) {
			v.errore("obbligatorio", "Intestazione.%s", c.nome)
		}
	}
	for _, c := range []struct {
		nome, valore string
		massimo      int
	}{
		{"Ente", i.Ente, massimoTestata}, {"Ufficio", i.Ufficio, massimoTestata}, {"Servizio", i.Servizio, massimoTestata},
		{"Oggetto", i.Oggetto, massimoTestata}, {"Protocollo", i.Protocollo, massimoTestata}, {"NumeroPratica", i.NumeroPratica, massimoNumero},
	} {
		if len(c.valore) > c.massimo {
			v.errore("non_valido", "Intestazione.%s", c.nome)
		}
	}
	switch a := i.Data.Year(); {
	case i.Data.IsZero():
		v.errore("obbligatorio", "Intestazione.Data")
	case a < 1900 || a > 9990:
		v.errore("non_valido", "Intestazione.Data")
	}
}

func (v *verifica) conta(s ...string) {
	for _, t := range s {
		v.byte += len(t) + pesoNodo
	}
}

func (v *verifica) voci(percorso string, voci []Voce, profondita int) {
	if profondita > massimaProfondita {
		v.errore("troppo_profondo", "%s", percorso)
		return
	}
	for i := range voci {
		v.conta(voci[i].Etichetta, voci[i].Valore)
		for k := range voci[i].Righe {
			r := &voci[i].Righe[k]
			v.conta(r.Titolo)
			if len(r.Voci) > 0 {
				v.voci(fmt.Sprintf("%s[%d].Righe[%d].Voci", percorso, i, k), r.Voci, profondita+1)
			}
		}
	}
}

func (v *verifica) parte(percorso string, p *Parte) {
	v.conta(p.Titolo)
	v.conta(p.Paragrafi...)
	v.conta(p.Punti...)
	v.voci(percorso+".Voci", p.Voci, 0)
	v.allegati(percorso+".Allegati", p.Allegati)
	if p.Tabella == nil {
		return
	}
	n := len(p.Tabella.Colonne)
	if n == 0 || n > massimeColonne {
		v.errore("non_valido", "%s.Tabella.Colonne", percorso)
	}
	for i, c := range p.Tabella.Colonne {
		v.conta(c.Titolo)
		if !(c.Peso >= 0 && c.Peso <= 100) || c.Peso > 0 && c.Peso < 0.1 || math.IsNaN(c.Peso) {
			v.errore("non_valido", "%s.Tabella.Colonne[%d].Peso", percorso, i)
		}
	}
	for i, r := range p.Tabella.Righe {
		v.conta(r...)
		if len(r) > n {
			v.errore("non_valido", "%s.Tabella.Righe[%d]", percorso, i)
		}
	}
}

func (v *verifica) allegati(percorso string, a []Allegato) {
	for i := range a {
		v.conta(a[i].Nome, a[i].SHA256)
		if vuoto(a[i].Nome) {
			v.errore("obbligatorio", "%s[%d].Nome", percorso, i)
		}
		if a[i].Dimensione < 0 {
			v.errore("non_valido", "%s[%d].Dimensione", percorso, i)
		}
		if a[i].SHA256 != "" && !esadecimale64(a[i].SHA256) {
			v.errore("non_valido", "%s[%d].SHA256", percorso, i)
		}
	}
}

func esadecimale64(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s) == 64
}

func vuoto(s string) bool {
	for _, r := range s {
		if r > ' ' && r != '\u00a0' {
			return false
		}
	}
	return true
}
