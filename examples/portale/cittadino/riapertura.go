package cittadino

import (
	"slices"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// passoRisposta is the step after the reopened sections: the answer itself.
const passoRisposta = "_risposta"

// riapertura is a form as the office reopened it: what may be changed, and where.
type riapertura struct {
	p        *pratica.Pratica
	m        *modulo.Modulo
	risposte modulo.Risposte
	esito    modulo.Esito
	stato    html.StatoModulo
	sezioni  []string // those with something to change, shown as things stand
}

// riapertura takes the answers as the person left them.
func (l *lato) riapertura(p *pratica.Pratica, sv *servizio.Servizio, risposte modulo.Risposte) riapertura {
	i, oggi := p.IntegrazioneAperta(), termini.GiornoDi(l.Orologio())
	x := riapertura{p: p, m: sv.Modulo(), risposte: risposte}
	x.stato = html.StatoModulo{
		Allegati: p.FileModulo(), Precompilate: pratica.Precompilate(p, sv), Oggi: oggi, Provenienza: provenienza,
		Riaperti: append([]string{}, i.Campi...), Richiesta: i.Testo,
	}
	if !i.Scadenza.IsZero() {
		x.stato.Scadenza = termini.GiornoDi(i.Scadenza.Add(-1)) // midnight belongs to the day before
	}
	x.esito = x.m.Valuta(risposte, modulo.Opzioni{Oggi: oggi, Allegati: x.stato.Allegati, Precompilate: x.stato.Precompilate})
	for _, s := range x.m.Sezioni() {
		if slices.ContainsFunc(s.Campi, func(c modulo.Campo) bool {
			return slices.Contains(i.Campi, c.ID) && x.esito.Visibile(c.ID)
		}) {
			x.sezioni = append(x.sezioni, s.ID)
		}
	}
	return x
}

// errori are what the person can mend: of a section, of all where it is "".
func (x riapertura) errori(sezione string) modulo.Errori {
	var e modulo.Errori
	for _, v := range x.esito.Errori {
		if (sezione == "" || v.Sezione == sezione) && x.stato.Modificabile(x.m, v.Percorso) {
			e = append(e, v)
		}
	}
	return e
}

func (x riapertura) indirizzo(sezione string) string {
	return urlPratica(x.p.ID, "integrazione", "dati", sezione)
}

// passi are the reopened sections and the answer.
func (x riapertura) passi(sezione string) []html.Passo {
	return append(html.Passi(x.m, x.sezioni, sezione, x.indirizzo), html.Passo{ID: passoRisposta, Titolo: "Invio della risposta", Stato: html.PassoDaFare})
}

// accanto gives the address of the reopened section so many places further on;
// of the page of the answer where there is none.
func (x riapertura) accanto(sezione string, posti int) string {
	if i := slices.Index(x.sezioni, sezione) + posti; i >= 0 && i < len(x.sezioni) {
		return x.indirizzo(x.sezioni[i])
	}
	return urlPratica(x.p.ID, "integrazione")
}

// nome names a field for people, apart from the same one of another block.
func nome(c modulo.Campo) string {
	if c.EtichettaInsieme != "" {
		return c.EtichettaInsieme + ": " + c.Etichetta
	}
	return c.Etichetta
}
