package documento

import (
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Atto is what every document of a pratica has. Texts left empty take the
// default of their kind; a service may replace any of them.
type Atto struct {
	Intestazione Intestazione
	Destinatario []string // lines of the addressee; for acts of a citizen defaults to the ente and the office
	Richiedente  []Voce   // name, codice fiscale, residence… of the applicant
	Allegati     []Allegato
	Identita     string // how the applicant was identified
	Firma        Firma
	Norma        string  // the rule on which the act rests; lines become paragraphs
	Altro        []Parte // printed after the parts of the kind
}

func (a Atto) documento(t Tipo, delCittadino bool) Documento {
	d := Documento{
		Tipo: t, Intestazione: a.Intestazione, Destinatario: slices.Clone(a.Destinatario),
		Formula: "Richiedente", Richiedente: slices.Clone(a.Richiedente),
		Allegati: slices.Clone(a.Allegati), Identita: a.Identita, Firma: a.Firma,
	}
	if delCittadino {
		d.Formula = "Il/la sottoscritto/a"
		if len(d.Destinatario) == 0 {
			d.Destinatario = []string{"Spett.le", a.Intestazione.Ente}
			if a.Intestazione.Ufficio != "" {
				d.Destinatario = append(d.Destinatario, a.Intestazione.Ufficio)
			}
		}
	}
	return d
}

// chiudi adds the parts common to all kinds, in their order.
func (a Atto) chiudi(d *Documento, norma string, parti ...Parte) {
	for _, p := range parti {
		if p.Titolo != "" {
			d.Parti = append(d.Parti, p)
		}
	}
	d.Parti = append(d.Parti, a.Altro...)
	d.Parti = append(d.Parti, Parte{Titolo: "Riferimenti normativi", Paragrafi: righe(oppure(a.Norma, norma))})
}

func oppure(s, altrimenti string) string {
	if vuoto(s) {
		return altrimenti
	}
	return s
}

func righe(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") }

// sePiena gives the part only where its content is there.
func sePiena(titolo string, p Parte) Parte {
	if len(p.Paragrafi)+len(p.Punti)+len(p.Voci)+len(p.Allegati) > 0 || p.Tabella != nil {
		p.Titolo = titolo
	}
	return p
}

func paragrafi(s string) []string {
	if vuoto(s) {
		return nil
	}
	return righe(s)
}

// dellIstanza names the istanza that an act answers.
func dellIstanza(presentata time.Time, protocollo string) string {
	s := "l’istanza"
	if !presentata.IsZero() {
		s += " presentata il " + giorno(presentata)
	}
	if protocollo != "" {
		s += ", protocollo " + protocollo
	}
	return s
}

// LogValue keeps personal data out of logs; the data of every kind inherit it.
func (a Atto) LogValue() slog.Value { return slog.AnyValue(a.Intestazione) }
