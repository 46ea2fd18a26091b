package appuntamenti

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Problema is one thing wrong in a Calendario. Campo is a path,
// "aperture[2].fine"; Codice is stable; Testo is for the administrator, in Italian.
type Problema struct {
	Campo  string `json:"campo"`
	Codice string `json:"codice"`
	Testo  string `json:"testo"`
}

// Problemi is every Problema of a Calendario, in the order of its fields.
type Problemi []Problema

// Error lists paths and codes.
func (p Problemi) Error() string {
	var b strings.Builder
	b.WriteString("appuntamenti: calendario non valido:")
	for i, x := range p {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(" " + x.Campo + " " + x.Codice)
	}
	return b.String()
}

func (p *Problemi) metti(male bool, campo, codice, testo string) {
	if male {
		*p = append(*p, Problema{campo, codice, testo})
	}
}

// Verifica checks the calendar, defaults applied, and gives all its problems at
// once as Problemi, or nil. It changes nothing.
func (c Calendario) Verifica() error {
	c = c.ConPredefiniti()
	var p Problemi
	p.metti(!IDValido(c.ID), "id", "id_non_valido", "Indica un identificativo di lettere, cifre, punto, trattino, due punti (al massimo 64).")
	p.metti(!IDValido(c.Ente), "ente", "id_non_valido", "Indica l'ente.")
	p.metti(strings.TrimSpace(c.Titolo) == "" || len(c.Titolo) > MassimoTesto, "titolo", "testo_non_valido", "Indica un titolo, al massimo 500 caratteri.")
	p.metti(len(c.Luogo) > MassimoTesto, "luogo", "testo_non_valido", "Il luogo può avere al massimo 500 caratteri.")
	p.metti(c.AnticipoMinimo < 0, "anticipo_minimo", "fuori_limite", "L'anticipo minimo non può essere negativo.")
	p.metti(c.GiorniMassimi < 1 || c.GiorniMassimi > MassimoGiorniAnticipo, "giorni_massimi", "fuori_limite", "I giorni prenotabili vanno da 1 a 180.")
	p.metti(c.AnticipoMinimo >= time.Duration(c.GiorniMassimi)*24*time.Hour, "anticipo_minimo", "oltre_giorni_massimi", "L'anticipo minimo deve essere più breve dei giorni prenotabili.")
	p.metti(c.GiorniAnnullo > 365, "giorni_annullo", "fuori_limite", "I giorni per annullare sono al massimo 365.")
	p.metti(c.DurataBlocco < time.Minute || c.DurataBlocco > 30*24*time.Hour, "durata_blocco", "fuori_limite", "Il blocco dura da un minuto a trenta giorni.")
	p.metti(len(c.Aperture) == 0 || len(c.Aperture) > MassimoAperture, "aperture", "numero_fuori_limite", "Indica da 1 a 50 aperture.")
	p.metti(len(c.Chiusure) > MassimoChiusure, "chiusure", "numero_fuori_limite", "Le chiusure sono al massimo 1000.")
	for i, a := range c.Aperture[:min(len(c.Aperture), MassimoAperture)] {
		a.verifica(&p, fmt.Sprintf("aperture[%d].", i))
		for _, b := range c.Aperture[:i] {
			p.metti(a.ID == b.ID, fmt.Sprintf("aperture[%d].id", i), "id_ripetuto", "Due aperture hanno lo stesso identificativo.")
			p.metti(!c.Sovrapposizioni && a.sovrapposta(b), fmt.Sprintf("aperture[%d]", i), "sovrapposta", "L'apertura si sovrappone a un'altra: cambia giorni o orario, oppure ammetti le sovrapposizioni.")
		}
	}
	for i, ch := range c.Chiusure[:min(len(c.Chiusure), MassimoChiusure)] {
		campo := fmt.Sprintf("chiusure[%d]", i)
		p.metti(ch.Inizio.IsZero() || !ch.Fine.After(ch.Inizio), campo, "periodo_non_valido", "La chiusura deve finire dopo il suo inizio.")
		p.metti(len(ch.Motivo) > MassimoTesto, campo+".motivo", "testo_non_valido", "Il motivo può avere al massimo 500 caratteri.")
	}
	if len(p) == 0 {
		return nil
	}
	return p
}

func (a Apertura) verifica(p *Problemi, campo string) {
	p.metti(!IDValido(a.ID), campo+"id", "id_non_valido", "Indica un identificativo per l'apertura.")
	p.metti(len(a.Titolo) > MassimoTesto, campo+"titolo", "testo_non_valido", "Il titolo può avere al massimo 500 caratteri.")
	p.metti(!giornoValido(a.Dal), campo+"dal", "giorno_non_valido", "Il primo giorno non esiste.")
	p.metti(!giornoValido(a.Al), campo+"al", "giorno_non_valido", "L'ultimo giorno non esiste.")
	p.metti(!a.Dal.IsZero() && !a.Al.IsZero() && a.Al.Prima(a.Dal), campo+"al", "periodo_non_valido", "L'ultimo giorno viene prima del primo.")
	visti := map[time.Weekday]bool{}
	male := len(a.Giorni) == 0 || len(a.Giorni) > 7
	for _, g := range a.Giorni[:min(len(a.Giorni), 8)] {
		male = male || g < time.Sunday || g > time.Saturday || visti[g]
		visti[g] = true
	}
	p.metti(male, campo+"giorni", "giorni_non_validi", "Indica i giorni della settimana, ciascuno una volta.")
	inizio, primo := minuti(a.Inizio)
	fine, secondo := minuti(a.Fine)
	p.metti(!primo || inizio == 24*60, campo+"inizio", "orario_non_valido", "Scrivi l'orario di inizio come 09:00.")
	p.metti(!secondo, campo+"fine", "orario_non_valido", "Scrivi l'orario di fine come 12:30.")
	p.metti(primo && secondo && inizio >= fine, campo+"fine", "orario_rovesciato", "L'orario di fine deve seguire quello di inizio.")
	lunghezza := a.Minuti >= MinimoMinuti && a.Minuti <= MassimoMinuti
	p.metti(!lunghezza, campo+"minuti", "fuori_limite", "La durata va da 5 a 720 minuti.")
	p.metti(lunghezza && primo && secondo && inizio < fine && inizio+a.Minuti > fine, campo+"minuti", "senza_fasce", "L'apertura è più breve di un appuntamento.")
	p.metti(a.Intervallo < 0 || a.Intervallo > MassimoMinuti, campo+"intervallo", "fuori_limite", "L'intervallo va da 0 a 720 minuti.")
	p.metti(a.Capienza < 0 || a.Capienza > MassimoCapienza, campo+"capienza", "fuori_limite", "La capienza va da 1 a 1000.")
}

func giornoValido(g termini.Giorno) bool {
	if g.IsZero() {
		return true
	}
	_, err := termini.NuovoGiorno(g.Anno, g.Mese, g.Giorno)
	return err == nil
}

// sovrapposta says whether there is a day on which a and b are open at once.
func (a Apertura) sovrapposta(b Apertura) bool {
	ai, af, ok1 := a.orario()
	bi, bf, ok2 := b.orario()
	if !ok1 || !ok2 || ai >= bf || bi >= af || !giornoValido(a.Dal) || !giornoValido(b.Dal) {
		return false
	}
	dal := a.Dal
	if dal.IsZero() || !b.Dal.IsZero() && dal.Prima(b.Dal) {
		dal = b.Dal
	}
	if dal.IsZero() {
		// Both open since ever: the first days to look at are the last in common.
		dal = primaFine(a.Al, b.Al).Piu(-6)
	}
	return slices.ContainsFunc([]int{0, 1, 2, 3, 4, 5, 6}, func(n int) bool {
		return a.aperta(dal.Piu(n)) && b.aperta(dal.Piu(n))
	})
}

// primaFine is the earlier of two last days; any day where neither is set.
func primaFine(a, b termini.Giorno) termini.Giorno {
	switch {
	case a.IsZero() && b.IsZero():
		return termini.Giorno{Anno: 2000, Mese: time.January, Giorno: 1}
	case a.IsZero() || !b.IsZero() && b.Prima(a):
		return b
	default:
		return a
	}
}
