package modulo

import (
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

const (
	schemaSigla    = "[A-Za-z]{2}"
	messaggioSigla = "Scrivi la sigla della provincia, due lettere: per esempio RM"
)

// bloccoPersona gives the fields of a natural person. With an Elenco the place
// of birth is chosen: its options without padre are the provinces, those of a
// province the municipalities, by Belfiore code (DM 23/12/1976), which is then
// compared with the codice fiscale.
func bloccoPersona(c Campo) Blocco {
	campo := func(id, etichetta string, t Tipo) Campo {
		return Campo{ID: id, Etichetta: etichetta, Tipo: t, Obbligatorio: c.Obbligatorio, ObbligatorioSe: c.ObbligatorioSe}
	}
	nome, cognome := campo(anagrafica.CampoNome, "Nome", Testo), campo(anagrafica.CampoCognome, "Cognome", Testo)
	nome.MassimoCaratteri, cognome.MassimoCaratteri = 100, 100
	nascita := campo(anagrafica.CampoNascita, "Data di nascita", Data)
	nascita.Massimo = "oggi"
	b := []Campo{nome, cognome, campo(anagrafica.CampoCodiceFiscale, "Codice fiscale", CodiceFiscale), nascita}
	luogo := campo(anagrafica.CampoLuogoNascita, "Comune o stato estero di nascita", Testo)
	luogo.MassimoCaratteri = 150
	if c.Elenco != "" {
		provincia := campo("provincia_nascita", "Provincia di nascita", Scelta)
		provincia.Elenco = c.Elenco
		luogo.Tipo, luogo.MassimoCaratteri, luogo.Elenco, luogo.DipendeDa = Scelta, 0, c.Elenco, provincia.ID
		b = append(b, provincia)
	}
	sesso := campo(anagrafica.CampoSesso, "Sesso", Scelta)
	sesso.Opzioni = []Opzione{
		{Valore: string(anagrafica.Femminile), Etichetta: "Femminile"},
		{Valore: string(anagrafica.Maschile), Etichetta: "Maschile"},
	}
	return Blocco{Campi: append(b, luogo, sesso)}
}

// bloccoIndirizzo gives the fields of a postal address. With an Elenco province
// and municipality are chosen, as in bloccoPersona.
func bloccoIndirizzo(c Campo) Blocco {
	campo := func(id, etichetta string, t Tipo, se string) Campo {
		return Campo{ID: id, Etichetta: etichetta, Tipo: t, Se: se, Obbligatorio: c.Obbligatorio, ObbligatorioSe: c.ObbligatorioSe}
	}
	testo := func(id, etichetta, se string, massimo int) Campo {
		x := campo(id, etichetta, Testo, se)
		x.MassimoCaratteri = massimo
		return x
	}
	const italia, fuori = "not estero", "estero"
	estero := Campo{ID: "estero", Etichetta: "L'indirizzo è all'estero", Tipo: SiNo}
	via := testo("via", "Via o piazza", "", 150)
	via.Aiuto = "Con il tipo di strada, per esempio: Via Roma, Piazza Garibaldi"
	civico := testo("civico", "Numero civico", "", 20)
	civico.Aiuto = "Se manca, scrivi snc"
	provincia, comune := testo("provincia", "Provincia (sigla)", italia, 0), testo("comune", "Comune", italia, 100)
	if c.Elenco != "" {
		provincia.Tipo, provincia.Elenco, provincia.Etichetta = Scelta, c.Elenco, "Provincia"
		comune.Tipo, comune.MassimoCaratteri, comune.Elenco, comune.DipendeDa = Scelta, 0, c.Elenco, provincia.ID
	} else {
		provincia.Schema, provincia.MessaggioSchema = schemaSigla, messaggioSigla
	}
	capEstero := testo("cap_estero", "Codice postale", fuori, 20)
	capEstero.Obbligatorio, capEstero.ObbligatorioSe = false, "" // not every country has one
	return Blocco{Campi: []Campo{estero, via, civico,
		campo("cap", "CAP", CAP, italia), provincia, comune,
		capEstero, testo("citta_estera", "Città", fuori, 100), testo("stato", "Stato estero", fuori, 100)}}
}

// incrocia compares the codice fiscale of a persona with the data beside it,
// and reports what belongs to this field. A field that has an error already, or
// no answer, is not compared.
func (v *valutazione) incrocia(c controllo) {
	if c.persona == "" || v.o.Bozza {
		return
	}
	base := c.percorso[:len(c.percorso)-len(c.ID)] + c.persona + "_"
	testo := func(campo string) string {
		l := v.letti[base+campo]
		s, _ := l.valore.(string)
		if l.codice != "" || !v.esito.visibili[base+campo] {
			return ""
		}
		return s
	}
	codice := testo(anagrafica.CampoCodiceFiscale)
	if n := len(v.esito.Errori); codice == "" || (n > 0 && v.esito.Errori[n-1].Percorso == c.percorso) {
		return
	}
	nascita, _ := termini.LeggiGiorno(testo(anagrafica.CampoNascita)) // not a day: not compared
	p := anagrafica.Persona{
		Nome: testo(anagrafica.CampoNome), Cognome: testo(anagrafica.CampoCognome), Nascita: nascita,
		Sesso: anagrafica.Sesso(testo(anagrafica.CampoSesso)),
	}
	if b, err := anagrafica.LeggiBelfiore(testo(anagrafica.CampoLuogoNascita)); err == nil {
		p.LuogoNascita.Belfiore = b
	}
	for _, d := range anagrafica.CodiceFiscale(codice).Confronta(p, v.o.Oggi) {
		if base+d.Campo == c.percorso {
			v.errore(c, string(d.Codice), d.Messaggio())
		}
	}
}
