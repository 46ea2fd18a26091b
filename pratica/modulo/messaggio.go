package modulo

import (
	"strconv"
	"strings"
)

func codiceNumero(e esitoNumero) string { return string(e) }

// plurale writes a count: plurale(1, "riga", "righe") is "1 riga".
func plurale(n int, uno, molti string) string {
	if n == 1 {
		return "1 " + uno
	}
	return strconv.Itoa(n) + " " + molti
}

// messaggioObbligatorio says what to do with a field left empty.
func (c *campo) messaggioObbligatorio() string {
	if c.MessaggioObbligatorio != "" {
		return c.MessaggioObbligatorio
	}
	switch c.Tipo {
	case SiNo:
		return "Scegli Sì o No"
	case Scelta:
		return "Scegli un'opzione"
	case SceltaMultipla:
		return "Scegli almeno un'opzione"
	case Data:
		return "Inserisci la data"
	case Ora:
		return "Inserisci l'ora"
	case File:
		return "Carica il file richiesto"
	case Dichiarazione:
		return "Per proseguire spunta la casella"
	case Consenso:
		return "Scegli se dare il consenso oppure no"
	case Appuntamento:
		return "Scegli un appuntamento"
	case Bollo:
		return "Indica la marca da bollo"
	case Gruppo:
		return "Aggiungi almeno " + plurale(max(1, c.MinimoRighe), "riga", "righe")
	default:
		return "Compila questo campo"
	}
}

// messaggioLettura says how to write what could not be read.
func (c *campo) messaggioLettura(codice string) string {
	switch codice {
	case codiceAmbiguo:
		return "Il punto da solo si presta a due letture: scrivi 1234 per le migliaia, 1,23 per i decimali"
	case codiceDecimali:
		if c.decimaliMax == 0 {
			return "Scrivi un numero intero, senza decimali"
		}
		return "Scrivi al massimo " + plurale(c.decimaliMax, "decimale", "decimali")
	case codiceCifre:
		return "Il numero è troppo grande: controlla le cifre"
	case codiceOpzione:
		return "Scegli una delle opzioni proposte"
	case codiceLungo:
		n := c.maxCaratteri
		if !c.Tipo.testuale() {
			return "Il testo è troppo lungo: controlla quello che hai scritto"
		}
		return "Scrivi al massimo " + plurale(n, "carattere", "caratteri")
	}
	switch c.Tipo {
	case Intero:
		return "Scrivi un numero intero, per esempio 3"
	case Decimale:
		return "Scrivi un numero, per esempio 12,5"
	case Importo:
		return "Scrivi un importo in euro, per esempio 1.234,56"
	case Data:
		return "Scrivi una data che esiste, con giorno, mese e anno: per esempio 31/03/2026"
	case Ora:
		return "Scrivi l'ora con i minuti, per esempio 09:30"
	case URL:
		return "Scrivi l'indirizzo di una pagina web, per esempio https://www.comune.esempio.it"
	case Appuntamento:
		return "Scegli un appuntamento fra quelli proposti"
	case Bollo:
		return "Indica di nuovo la marca da bollo"
	default:
		return "Controlla quello che hai scritto"
	}
}

// testoEstremo writes a limit for people.
func (c *campo) testoEstremo(v string) string {
	if c.Tipo == Importo {
		return v + " euro"
	}
	return v
}

// nomiTipo turns MIME types into what people call them: "PDF, JPEG".
func nomiTipo(mime []string) string {
	nomi := make([]string, 0, len(mime))
	for _, t := range mime {
		_, sotto, _ := strings.Cut(t, "/")
		switch t {
		case "application/pkcs7-mime":
			sotto = "P7M"
		case "application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
			sotto = "Word"
		case "text/plain":
			sotto = "testo"
		default:
			sotto = strings.ToUpper(sotto)
		}
		nomi = append(nomi, sotto)
	}
	return strings.Join(nomi, ", ")
}
