package documento

import "github.com/sportello-digitale/pratiche/pratica/modulo"

// DatiIstanza are the data of an istanza.
type DatiIstanza struct {
	Atto
	Riepilogo     modulo.Riepilogo // the answers, as the form summarises them
	Sezioni       []Sezione        // sections that do not come from a form, printed after it
	Dichiarazioni []string         // texts that the applicant accepted, as shown
	Pagamento     []Voce           // printed where there is something
}

// Istanza is the filled form: who, to whom, what is asked, every answer.
func Istanza(in DatiIstanza) Documento {
	d := in.documento(TipoIstanza, true)
	d.Dispositivo = "Il/la sottoscritto/a presenta l’istanza in oggetto e fornisce i dati e le dichiarazioni che seguono."
	in.chiudi(&d, NormaIstanza, append(sezioni(in.Riepilogo, in.Sezioni),
		sePiena("Dichiarazioni", Parte{Punti: in.Dichiarazioni}),
		sePiena("Pagamento", Parte{Voci: in.Pagamento}))...)
	return d
}

// DaRiepilogo gives the sections of a form's summary, text for text.
func DaRiepilogo(r modulo.Riepilogo) []Sezione {
	s := make([]Sezione, 0, len(r.Sezioni))
	for _, z := range r.Sezioni {
		s = append(s, Sezione{Titolo: z.Titolo, Voci: daVoci(z.Voci)})
	}
	return s
}

func daVoci(voci []modulo.VoceRiepilogo) []Voce {
	out := make([]Voce, 0, len(voci))
	for _, v := range voci {
		w := Voce{Etichetta: v.Etichetta, Valore: v.Valore}
		for _, r := range v.Righe {
			w.Righe = append(w.Righe, Riga{Titolo: r.Titolo, Voci: daVoci(r.Voci)})
		}
		out = append(out, w)
	}
	return out
}

func sezioni(r modulo.Riepilogo, altre []Sezione) []Parte {
	p := make([]Parte, 0, len(r.Sezioni)+len(altre)+4)
	for _, s := range [][]Sezione{DaRiepilogo(r), altre} {
		for _, z := range s {
			p = append(p, Parte{Titolo: oppure(z.Titolo, "Dati"), Voci: z.Voci})
		}
	}
	return p
}

// DatiRitiro are the data of a ritiro.
type DatiRitiro struct {
	Atto
	Motivo string // may be empty: nobody has to say why
}

// Ritiro is the applicant's withdrawal of the istanza.
func Ritiro(in DatiRitiro) Documento {
	d := in.documento(TipoRitiro, true)
	d.Dispositivo = "Il/la sottoscritto/a ritira l’istanza relativa alla pratica n. " + in.Intestazione.NumeroPratica +
		" e chiede che il procedimento sia concluso senza ulteriori adempimenti."
	in.chiudi(&d, NormaRitiro, sePiena("Motivo del ritiro", Parte{Paragrafi: paragrafi(in.Motivo)}))
	return d
}
