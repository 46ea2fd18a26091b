package modulo

import (
	"strconv"
	"unicode/utf8"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Years outside which a day is certainly a slip of the pen ("61972", "0026").
const (
	annoMinimo  = 1850
	annoMassimo = 2199
)

// controllo is a field at one place, with the row's name if it is in a row.
type controllo struct {
	*campo
	percorso string
	riga     string // "Figlio 2: ", "Figlio 2: Vaccino 1: "
}

func (v *valutazione) controlla() {
	for _, s := range v.m.sezioni {
		for _, c := range s.campi {
			if !v.esito.visibili[c.ID] {
				continue
			}
			if c.Tipo == Gruppo {
				ambienti, _ := v.env[c.ID].([]map[string]any)
				v.controllaGruppo(controllo{campo: c, percorso: c.ID}, ambienti, nil)
				continue
			}
			v.controllaCampo(controllo{campo: c, percorso: c.ID})
		}
	}
	modulo := controllo{campo: &campo{sezione: &sezione{}}}
	for _, r := range v.m.regole {
		if v.vero(r.se, true) {
			v.errore(modulo, r.ID, r.Messaggio)
		}
	}
	if v.estensioneGuasta {
		v.errore(modulo, codiceCalcolo, "Alcuni controlli non sono riusciti: riprova più tardi o rivolgiti all'ufficio")
	}
	v.riporta(modulo, v.altrui[""])
}

func (v *valutazione) errore(c controllo, codice, messaggio string) {
	if v.o.Bozza {
		return
	}
	v.esito.Errori = append(v.esito.Errori, Errore{
		Percorso: c.percorso, Sezione: c.sezione.def.ID, Codice: codice,
		Etichetta: c.riga + c.Etichetta, Messaggio: messaggio,
	})
}

func (v *valutazione) regoleDi(c controllo) {
	for _, r := range c.regole {
		if v.vero(r.se, true) {
			v.errore(c, r.ID, r.Messaggio)
		}
	}
}

// controllaGruppo checks a gruppo and its rows, whose values expressions see in
// ambienti; sopra are those of the row around it, if there is one.
func (v *valutazione) controllaGruppo(c controllo, ambienti []map[string]any, sopra map[string]any) {
	g, n := c.campo, len(ambienti)
	minimo := g.MinimoRighe
	if g.Obbligatorio || v.giudizio.Obbligatori[c.percorso] || v.vero(g.obbligatorioSe, g.obbligatorioSe != nil) {
		minimo = max(1, minimo)
	}
	if minimo > 0 {
		v.esito.obbligatori[c.percorso] = true
	}
	switch {
	case v.fuori[c.percorso] && n < g.maxRighe:
		v.errore(c, codiceRighe, "Le righe sono troppe nel loro insieme: togline alcune")
	case v.fuori[c.percorso]:
		v.errore(c, codiceRighe, "Le righe sono troppe: lasciane al massimo "+strconv.Itoa(g.maxRighe))
	case n < minimo && n == 0:
		v.errore(c, codiceObbligatorio, g.messaggioObbligatorio())
	case n < minimo:
		v.errore(c, codiceRighe, "Servono almeno "+plurale(minimo, "riga", "righe")+": aggiungi quelle che mancano")
	}
	v.regoleDi(c)
	v.riporta(c, v.altrui[c.percorso])
	for i, a := range ambienti {
		v.entra(a, sopra)
		for _, f := range g.figli {
			d := controllo{campo: f, percorso: Percorso(c.percorso, i, f.ID), riga: c.riga + g.EtichettaRiga + " " + strconv.Itoa(i+1) + ": "}
			switch {
			case !v.esito.visibili[d.percorso]:
			case f.Tipo == Gruppo:
				dentro, _ := a[f.ID].([]map[string]any)
				v.controllaGruppo(d, dentro, a)
				v.entra(a, sopra)
			default:
				v.controllaCampo(d)
			}
		}
	}
}

func (v *valutazione) controllaCampo(c controllo) {
	if c.Tipo == Nota {
		v.riporta(c, v.altrui[c.percorso])
		return
	}
	obbligatorio := c.calcolo == nil && (c.Obbligatorio || c.Tipo == Dichiarazione || v.giudizio.Obbligatori[c.percorso] ||
		v.vero(c.obbligatorioSe, c.obbligatorioSe != nil))
	if obbligatorio {
		v.esito.obbligatori[c.percorso] = true
	}
	v.annota(c)
	if v.o.Bozza {
		return
	}
	l := v.letti[c.percorso]
	switch {
	case v.fuori[c.percorso]:
		v.errore(c, codiceTroppo, "Le risposte sono troppo lunghe nel loro insieme: accorcia i testi")
	case v.guasti[c.percorso]:
		v.errore(c, codiceCalcolo, "Il calcolo non è possibile con i valori inseriti: controllali")
	case l.codice != "":
		testo := l.messaggio
		if testo == "" {
			testo = c.messaggioLettura(l.codice)
		}
		v.errore(c, l.codice, testo)
	case l.vuoto && obbligatorio:
		v.errore(c, codiceObbligatorio, c.messaggioObbligatorio())
	case !l.vuoto:
		v.limiti(c, l)
		v.incrocia(c)
	}
	v.regoleDi(c)
	v.riporta(c, v.altrui[c.percorso])
}

func (v *valutazione) limiti(c controllo, l lettura) {
	switch c.Tipo {
	case Intero, Decimale, Importo:
		v.limitiNumero(c, l)
	case Data:
		v.limitiData(c, l)
	case Ora:
		s, _ := l.valore.(string)
		if c.Minimo != "" && s < c.Minimo {
			v.errore(c, codiceMinimo, "Scegli un'ora non prima delle "+c.Minimo)
		}
		if c.Massimo != "" && s > c.Massimo {
			v.errore(c, codiceMassimo, "Scegli un'ora non dopo le "+c.Massimo)
		}
	case SceltaMultipla:
		n := len(elenco(l.valore))
		if n < c.MinimoScelte {
			v.errore(c, codiceScelte, "Scegli almeno "+plurale(c.MinimoScelte, "opzione", "opzioni"))
		}
		if c.MassimoScelte > 0 && n > c.MassimoScelte {
			v.errore(c, codiceScelte, "Scegli al massimo "+plurale(c.MassimoScelte, "opzione", "opzioni"))
		}
	case File:
		v.limitiFile(c, elenco(l.valore))
	case Appuntamento, Bollo:
		v.limitiRiferimento(c, l)
	default:
		s, _ := l.valore.(string)
		if n := c.MinimoCaratteri; n > 0 && utf8.RuneCountInString(s) < n {
			v.errore(c, codiceCorto, "Scrivi almeno "+plurale(n, "carattere", "caratteri"))
		}
		if c.schema != nil && !c.schema.MatchString(s) {
			v.errore(c, codiceSchema, c.MessaggioSchema)
		}
	}
}

func (v *valutazione) limitiRiferimento(c controllo, l lettura) {
	id, _ := l.valore.(string)
	if _, ok := v.o.riferimenti(c.Tipo)[id]; ok {
		return
	}
	if c.Tipo == Bollo {
		v.errore(c, codiceBollo, "La marca da bollo non risulta fra quelle della pratica: indicala di nuovo")
		return
	}
	v.errore(c, codiceAppuntamento, "L'appuntamento non è più disponibile: scegline un altro")
}

func (v *valutazione) limitiNumero(c controllo, l lettura) {
	n, ok := l.espr.(numero)
	if !ok {
		return
	}
	cifre := int32(-1)
	if c.Tipo == Importo {
		cifre = 2
	}
	if c.minimo != nil && n.d.LessThan(*c.minimo) {
		v.errore(c, codiceMinimo, "Il valore deve essere almeno "+c.testoEstremo(italiano(*c.minimo, cifre)))
	}
	if c.massimo != nil && n.d.GreaterThan(*c.massimo) {
		v.errore(c, codiceMassimo, "Il valore deve essere al massimo "+c.testoEstremo(italiano(*c.massimo, cifre)))
	}
}

func (v *valutazione) limitiData(c controllo, l lettura) {
	g, ok := l.espr.(termini.Giorno)
	if !ok {
		return
	}
	prima, dopo := termini.Giorno{}, termini.Giorno{}
	if c.minimoData != nil {
		prima = c.minimoData.risolvi(v.o.Oggi)
	}
	if c.massimoData != nil {
		dopo = c.massimoData.risolvi(v.o.Oggi)
	}
	switch {
	case !prima.IsZero() && g.Prima(prima):
		v.errore(c, codiceMinimo, "Scegli una data non prima del "+prima.Italiano())
	case !dopo.IsZero() && dopo.Prima(g):
		v.errore(c, codiceMassimo, "Scegli una data non dopo il "+dopo.Italiano())
	case g.Anno < annoMinimo || g.Anno > annoMassimo:
		v.errore(c, codiceFormato, "Controlla l'anno: scrivilo con quattro cifre")
	}
}

func (v *valutazione) limitiFile(c controllo, ids []string) {
	if len(ids) > c.MassimoFile {
		v.errore(c, codiceFileNumero, "Lascia al massimo "+plurale(c.MassimoFile, "file", "file")+": elimina quelli in più")
	}
	visti := map[string]bool{}
	assente, tipo, grande, doppio := false, false, false, false
	for _, id := range ids {
		f, ok := v.o.Allegati[id]
		if !ok {
			assente = true
			continue
		}
		tipo = tipo || !c.ammette(f.Tipo)
		grande = grande || (c.MassimoByte > 0 && f.Byte > c.MassimoByte)
		doppio = doppio || (f.SHA256 != "" && visti[f.SHA256])
		visti[f.SHA256] = true
	}
	if assente {
		v.errore(c, codiceFileAssente, "Un file non è più disponibile: eliminalo e caricalo di nuovo")
	}
	if tipo {
		v.errore(c, codiceFileTipo, "Carica solo file di questi tipi: "+nomiTipo(c.TipiFile))
	}
	if grande {
		v.errore(c, codiceFileGrande, "Ogni file può avere al massimo "+Dimensione(c.MassimoByte)+": caricane uno più piccolo")
	}
	if doppio {
		v.errore(c, codiceFileDoppio, "Hai caricato due volte lo stesso file: eliminane uno")
	}
}

func (c *campo) ammette(tipo string) bool {
	if len(c.TipiFile) == 0 {
		return true
	}
	for _, t := range c.TipiFile {
		if t == tipo {
			return true
		}
	}
	return false
}
