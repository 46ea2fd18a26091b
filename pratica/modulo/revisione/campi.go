package revisione

import (
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

func aiutoMancante(v *visita) {
	for _, p := range v.campi {
		if strings.TrimSpace(p.Aiuto) != "" || p.Calcolo != "" {
			continue
		}
		testo := ""
		switch p.Tipo {
		case modulo.CodiceFiscale:
			testo = "di' dove si trova: «16 caratteri, come sulla tessera sanitaria»"
		case modulo.IBAN:
			testo = "di' com'è fatto e di chi deve essere il conto: «27 caratteri, comincia con IT»"
		case modulo.File:
			testo = "di' che cosa deve contenere il file: «PDF o fotografia, fronte e retro»"
		default:
			continue
		}
		v.campo(p, "aiuto", "manca l'aiuto: "+testo)
	}
}

func fileSenzaTipi(v *visita) {
	for _, p := range v.campi {
		if p.Tipo == modulo.File && len(p.TipiFile) == 0 {
			v.campo(p, "tipi_file", "di' quali tipi di file si ammettono: chi carica lo sa prima, e l'ufficio riesce ad aprirli")
		}
	}
}

func fileSenzaDimensione(v *visita) {
	for _, p := range v.campi {
		if p.Tipo == modulo.File && p.MassimoByte == 0 {
			v.campo(p, "massimo_byte", "di' quanto può essere grande un file: altrimenti lo scopre solo chi lo ha già caricato")
		}
	}
}

const massimoOpzioni = 15

func sceltaLunga(v *visita) {
	for _, p := range v.campi {
		if n := len(p.Opzioni); n > massimoOpzioni {
			v.campo(p, "opzioni", strconv.Itoa(n)+" opzioni sono troppe da scorrere: dividile con una domanda prima, o prendile da un elenco in cui si cerca")
		}
	}
}

func sceltaUnica(v *visita) {
	for _, p := range v.campi {
		if len(p.Opzioni) == 1 {
			v.campo(p, "opzioni", "con una sola opzione non c'è niente da scegliere: usa una nota, una dichiarazione o un sì/no")
		}
	}
}

func nascitaSenzaMassimo(v *visita) {
	for _, p := range v.campi {
		nascita := strings.Contains(strings.ToLower(p.Etichetta), "nascita") || strings.Contains(p.ID, "nascita")
		if p.Tipo == modulo.Data && nascita && p.Massimo == "" && p.Calcolo == "" {
			v.campo(p, "massimo", `una nascita non è nel futuro: imposta massimo "oggi"`)
		}
	}
}

func importoSenzaMassimo(v *visita) {
	for _, p := range v.campi {
		if p.Tipo == modulo.Importo && p.Massimo == "" && p.Calcolo == "" {
			v.campo(p, "massimo", "un massimo prudente ferma chi scrive i centesimi senza la virgola")
		}
	}
}

const massimoCampi = 15

func sezioneLunga(v *visita) {
	for i, s := range v.def.Sezioni {
		n := 0
		for _, c := range s.Campi {
			if c.Tipo != modulo.Nota {
				n++
			}
		}
		if n > massimoCampi {
			v.sezione(i, "campi", "la sezione ha "+strconv.Itoa(n)+" campi: dividila in passi di un solo argomento")
		}
	}
}

func dichiarazioneSenzaNorma(v *visita) {
	for _, p := range v.campi {
		if p.Tipo == modulo.Dichiarazione && strings.TrimSpace(p.Norma) == "" {
			v.campo(p, "norma", "indica la norma su cui si fonda la dichiarazione: per i dati autocertificati «DPR 445/2000, artt. 46 e 47»")
		}
	}
}

func dichiarazioneSenzaVersione(v *visita) {
	for _, p := range v.campi {
		if (p.Tipo == modulo.Dichiarazione || p.Tipo == modulo.Consenso) && strings.TrimSpace(p.VersioneTesto) == "" {
			v.campo(p, "versione_testo", "numera il testo: quando cambierà si dovrà sapere chi ha sottoscritto quale")
		}
	}
}
