package lingua

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Errore gives the name of the field and the message of an error. In Italian
// they are those of the error; in other languages the message is made again
// from code, field and limits, and from the author's translations where the
// text is the author's. oggi is what the limits of the dates count from. A code
// that this package does not know keeps its Italian message.
func (x Interprete) Errore(e modulo.Errore, oggi termini.Giorno) (etichetta []Testo, messaggio Testo) {
	if x.l == Italiano {
		if e.Etichetta != "" {
			etichetta = []Testo{{e.Etichetta, Italiano}}
		}
		return etichetta, Testo{e.Messaggio, Italiano}
	}
	c, ok := x.m.Campo(e.Percorso)
	if e.Etichetta != "" {
		etichetta = []Testo{{e.Etichetta, Italiano}}
		if ok {
			etichetta = x.nomeCampo(e.Percorso, c)
		}
	}
	if !ok {
		if k, ok := map[string]Chiave{"calcolo": Calcolo, "troppo_grande": TroppoGrande}[e.Codice]; ok {
			return etichetta, x.Fisso(k)
		}
		return etichetta, x.Regola(e.Messaggio)
	}
	return etichetta, x.messaggio(e, c, oggi)
}

// nomeCampo gives "Kind 2: Name" for a field in a row.
func (x Interprete) nomeCampo(percorso string, c modulo.Campo) []Testo {
	var q []Testo
	for i := 0; ; {
		j := strings.IndexByte(percorso[i:], '[')
		if j < 0 {
			break
		}
		gruppo := percorso[:i+j]
		n, dopo, _ := strings.Cut(percorso[i+j+1:], "]")
		riga, err := strconv.Atoi(n)
		g, ok := x.m.Campo(gruppo)
		if err != nil || !ok {
			break
		}
		q = append(q, x.Campo(gruppo, "etichetta_riga", g.EtichettaRiga),
			Testo{Valore: " " + x.l.Intero(riga+1) + ": ", Lingua: x.l.Fissa()})
		i = len(percorso) - len(dopo)
	}
	nome := x.Campo(percorso, "etichetta", c.Etichetta)
	return append(q, nome)
}

func (x Interprete) conta(k Chiave, n int) Testo { return Testo{x.l.Conta(k, n), x.l.Fissa()} }

func (x Interprete) messaggio(e modulo.Errore, c modulo.Campo, oggi termini.Giorno) Testo {
	switch e.Codice {
	case "obbligatorio":
		return x.manca(e.Percorso, c)
	case "schema":
		return x.Campo(e.Percorso, "messaggio_schema", c.MessaggioSchema)
	case "formato":
		return x.Fisso(formati(c.Tipo))
	case "decimali":
		return x.decimali(c)
	case "troppo_lungo":
		if c.Tipo != modulo.Testo && c.Tipo != modulo.TestoLungo {
			return x.Fisso(TestoLungo)
		}
		n := c.MassimoCaratteri
		if n == 0 {
			n = modulo.LimiteCaratteri
		}
		return x.conta(MassimoCaratteri, n)
	case "troppo_corto":
		return x.conta(MinimoCaratteri, c.MinimoCaratteri)
	case "minimo":
		return x.estremo(c, c.Minimo, oggi, e, MinimoNumero, MinimoData, MinimoOra)
	case "massimo":
		return x.estremo(c, c.Massimo, oggi, e, MassimoNumero, MassimoData, MassimoOra)
	case "file_tipo":
		return x.Fisso(FileTipo, x.l.TipiFile(c.TipiFile))
	case "file_grande":
		return x.Fisso(FileGrande, x.l.Dimensione(c.MassimoByte))
	case "file_numero":
		return x.conta(TroppiFile, max(1, c.MassimoFile))
	case "righe":
		return x.righe(c)
	case "scelte":
		return x.scelte(c)
	default:
		if k, ok := semplici[e.Codice]; ok {
			return x.Fisso(k)
		}
		return x.Regola(e.Messaggio)
	}
}

// semplici are the codes whose message has nothing in it.
var semplici = map[string]Chiave{
	"ambiguo": Ambiguo, "cifre": TroppeCifre, "opzione": OpzioneIgnota, "file_assente": FileAssente,
	"appuntamento_assente": AppuntamentoAssente, "bollo_assente": BolloAssente, "doppio": Doppio, "file_doppio": FileDoppio, "calcolo": Calcolo, "troppo_grande": TroppoGrande,
}

func (x Interprete) manca(percorso string, c modulo.Campo) Testo {
	if c.MessaggioObbligatorio != "" {
		return x.Campo(percorso, "messaggio_obbligatorio", c.MessaggioObbligatorio)
	}
	switch c.Tipo {
	case modulo.SiNo:
		return x.Fisso(MancaSiNo)
	case modulo.Scelta:
		return x.Fisso(MancaScelta)
	case modulo.SceltaMultipla:
		return x.Fisso(MancaMultipla)
	case modulo.Data:
		return x.Fisso(MancaData)
	case modulo.Ora:
		return x.Fisso(MancaOra)
	case modulo.File:
		return x.Fisso(MancaFile)
	case modulo.Dichiarazione:
		return x.Fisso(MancaDichiarazione)
	case modulo.Consenso:
		return x.Fisso(MancaConsenso)
	case modulo.Appuntamento:
		return x.Fisso(ScegliAppuntamento)
	case modulo.Bollo:
		return x.Fisso(ScegliBollo)
	case modulo.Gruppo:
		return x.conta(MinimoRighe, max(1, c.MinimoRighe))
	default:
		return x.Fisso(MancaTesto)
	}
}

func formati(t modulo.Tipo) Chiave {
	switch t {
	case modulo.Intero:
		return FormatoIntero
	case modulo.Decimale:
		return FormatoDecimale
	case modulo.Importo:
		return FormatoImporto
	case modulo.Data:
		return FormatoData
	case modulo.Ora:
		return FormatoOra
	case modulo.Email:
		return FormatoEmail
	case modulo.PEC:
		return FormatoPEC
	case modulo.Telefono:
		return FormatoTelefono
	case modulo.CodiceFiscale:
		return FormatoCF
	case modulo.PartitaIVA:
		return FormatoPIVA
	case modulo.IBAN:
		return FormatoIBAN
	case modulo.CAP:
		return FormatoCAP
	case modulo.URL:
		return FormatoURL
	case modulo.Appuntamento:
		return ScegliAppuntamento
	case modulo.Bollo:
		return ScegliBollo
	default:
		return FormatoTesto
	}
}

func (x Interprete) decimali(c modulo.Campo) Testo {
	n := c.Decimali
	switch {
	case c.Tipo == modulo.Importo:
		n = 2
	case c.Tipo == modulo.Intero:
		n = 0
	case n == 0:
		n = 6
	}
	if n == 0 {
		return x.Fisso(SenzaDecimali)
	}
	return x.conta(MassimoDecimali, n)
}

func (x Interprete) righe(c modulo.Campo) Testo {
	minimo := c.MinimoRighe
	if c.Obbligatorio {
		minimo = max(1, minimo)
	}
	massimo := c.MassimoRighe
	if massimo == 0 {
		massimo = modulo.LimiteRighe
	}
	return x.Fisso(RigheTra, x.l.Intero(minimo), x.l.Intero(massimo))
}

func (x Interprete) scelte(c modulo.Campo) Testo {
	switch {
	case c.MassimoScelte == 0:
		return x.conta(MinimoScelte, c.MinimoScelte)
	case c.MinimoScelte == 0:
		return x.conta(MassimoScelte, c.MassimoScelte)
	default:
		return x.Fisso(ScelteTra, x.l.Intero(c.MinimoScelte), x.l.Intero(c.MassimoScelte))
	}
}

// estremo writes a limit that was passed; one that cannot be worked out leaves
// the Italian message.
func (x Interprete) estremo(c modulo.Campo, limite string, oggi termini.Giorno, e modulo.Errore, numero, data, ora Chiave) Testo {
	switch c.Tipo {
	case modulo.Intero, modulo.Decimale, modulo.Importo:
		d, err := decimal.NewFromString(limite)
		if err != nil {
			break
		}
		if c.Tipo == modulo.Importo {
			return x.Fisso(numero, x.l.Importo(d))
		}
		return x.Fisso(numero, x.l.Numero(d, -1))
	case modulo.Data:
		if g, ok := giornoLimite(limite, oggi); ok {
			return x.Fisso(data, x.l.Data(g))
		}
	case modulo.Ora:
		return x.Fisso(ora, limite)
	default:
	}
	return Testo{e.Messaggio, Italiano}
}

// giornoLimite reads "2026-03-31", "oggi", "oggi+30".
func giornoLimite(s string, oggi termini.Giorno) (termini.Giorno, bool) {
	resto, relativo := strings.CutPrefix(s, "oggi")
	if !relativo {
		g, err := termini.LeggiGiorno(s)
		return g, err == nil
	}
	n := 0
	if resto != "" {
		var err error
		if n, err = strconv.Atoi(resto); err != nil {
			return termini.Giorno{}, false
		}
	}
	return oggi.Piu(n), !oggi.IsZero()
}
