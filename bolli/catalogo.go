package bolli

import (
	"slices"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// CatalogoBase gives a copy of the catalogue in the library: DPR 642/1972,
// Tabella (allegato B), the same cases under D.Lgs. 123/2025, allegato 3, from
// 2027 (all uncertain: the new numbering was not verified), and special laws.
func CatalogoBase() Catalogo { return slices.Clone(catalogoBase) }

// Esenzioni gives the exemptions of CatalogoBase that hold on that day.
func Esenzioni(giorno termini.Giorno) []Esenzione { return catalogoBase.Al(giorno) }

var catalogoBase = componiCatalogo()

func componiCatalogo() Catalogo {
	var c Catalogo
	for _, r := range tabellaB {
		articolo := "DPR 642/1972, Tabella (allegato B), art. " + r.articolo
		e := Esenzione{Codice: r.codice, Titolo: r.titolo, Motivo: r.motivo, Prova: r.prova, Incerta: r.incerta}
		e.Norma = Norma{Testo: articolo, Al: ultimoDPR642}
		c = append(c, e)
		e.Norma = Norma{Testo: "D.Lgs. 123/2025, allegato 3 (già " + articolo + ")", Dal: inizioDLgs123}
		e.Incerta = true
		c = append(c, e)
	}
	for _, r := range leggiSpeciali {
		c = append(c, Esenzione{Codice: r.codice, Titolo: r.titolo, Motivo: r.motivo, Norma: Norma{Testo: r.articolo}, Prova: r.prova, Incerta: r.incerta})
	}
	return c
}

type rigaEsenzione struct {
	codice, articolo, titolo string
	motivo                   Motivo
	prova, incerta           bool
}

var tabellaB = []rigaEsenzione{
	{"B1", "1", "Diritti elettorali e petizioni agli organi legislativi", PerUso, false, false},
	{"B2", "2", "Leva militare e giudici popolari", PerUso, false, false},
	{"B3", "3", "Procedimenti penali, pubblica sicurezza e disciplinari", PerUso, false, false},
	{"B4", "4", "Copie chieste nell'interesse dello Stato e di uffici pubblici", PerUso, false, false},
	{"B5", "5", "Applicazione di leggi tributarie: denunce, ricorsi, rimborsi", PerUso, false, false},
	{"B7", "7", "Operazioni bancarie e finanziarie", PerAtto, false, true},
	{"B8", "8", "Sussidi, beneficenza e persone indigenti", PerUso, true, false},
	{"B8bis", "8-bis", "Società e associazioni sportive", PerSoggetto, true, false},
	{"B9", "9", "Assicurazioni sociali, pensioni, assegni familiari, servizio sanitario", PerUso, false, false},
	{"B11", "11", "Scuola materna e dell'obbligo, asili nido, borse di studio", PerUso, false, false},
	{"B12", "12", "Controversie di lavoro e collocamento", PerUso, false, true},
	{"B13", "13", "Tutela di minori e interdetti, adozione, affidamento, amministrazione di sostegno", PerUso, true, false},
	{"B14", "14", "Emigrati e rilascio del passaporto a loro favore", PerUso, true, true},
	{"B16", "16", "Atti tra amministrazioni pubbliche", PerSoggetto, false, false},
	{"B17", "17", "Atti di enti religiosi e di assistenza", PerSoggetto, true, true},
	{"B21bis", "21-bis", "Aiuti e contributi al settore agricolo", PerUso, true, false},
	{"B22", "22", "Espropriazioni per pubblica utilità", PerUso, false, true},
	{"B24", "24", "Abbonamenti al trasporto di persone", PerUso, false, false},
	{"B27bis", "27-bis", "ONLUS, federazioni sportive, enti di promozione e associazioni sportive riconosciute dal CONI", PerSoggetto, true, false},
}

var leggiSpeciali = []rigaEsenzione{
	{"DPR445_37", "DPR 445/2000, art. 37", "Dichiarazioni sostitutive di certificazione e di atto di notorietà", PerAtto, false, false},
	{"L405_7", "L. 405/1990, art. 7", "Certificati ed estratti di stato civile", PerAtto, false, false},
	{"L241_accesso", "L. 241/1990; Ris. AdE 151/2001", "Accesso agli atti: visione e copia semplice", PerAtto, false, false},
	{"ETS", "D.Lgs. 117/2017, art. 82, comma 5", "Enti del Terzo settore", PerSoggetto, true, true},
	{"L266_8", "L. 266/1991, art. 8", "Organizzazioni di volontariato", PerSoggetto, true, false},
	{"L74_19", "L. 74/1987, art. 19", "Separazione e divorzio", PerUso, true, false},
	{"L184_82", "L. 184/1983, art. 82", "Adozione e affidamento di minori", PerUso, true, false},
	{"DPR115_18", "DPR 115/2002, art. 18", "Uso in un processo soggetto a contributo unificato", PerUso, true, false},
	{"DPR915_126", "DPR 915/1978, art. 126", "Pensioni di guerra", PerUso, true, false},
	{"L537_16", "L. 537/1993, art. 16, comma 8", "Variazione di toponomastica o di numero civico", PerUso, false, true},
	{"L28_19", "L. 28/1999, art. 19", "Concorsi e assunzioni presso enti pubblici", PerUso, false, false},
}
