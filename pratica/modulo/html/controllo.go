package html

import (
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
)

// controllo fills the view of a field that is answered.
func (k *costruttore) controllo(f *vistaCampo, c modulo.Campo, percorso string, v any) {
	s, _ := v.(string)
	switch c.Tipo {
	case modulo.SiNo, modulo.Consenso:
		f.Modello = "radio"
		if firmato(c) {
			f.Etichetta = k.scrivi(k.x.Campo(percorso, "testo", c.Testo))
		}
		if b, ok := v.(bool); ok {
			s = map[bool]string{true: "si", false: "no"}[b]
		}
		k.opzione(f, "si", k.fisso(lingua.Si), s == "si")
		k.opzione(f, "no", k.fisso(lingua.No), s == "no")
	case modulo.Scelta:
		f.Modello = "radio"
		k.scelta(f, c, percorso, []string{s})
		if len(f.Opzioni) > k.r.cfg.SogliaMenu || c.Elenco != "" {
			f.Modello, f.Bersaglio = "menu", f.ID
		}
	case modulo.SceltaMultipla:
		f.Modello = "caselle"
		scelte, _ := v.([]string)
		k.scelta(f, c, percorso, scelte)
	case modulo.Appuntamento, modulo.Bollo:
		f.Modello = "radio"
		k.riferimenti(f, c.Tipo, s)
	case modulo.Dichiarazione:
		f.Modello = "dichiarazione"
		b, _ := v.(bool)
		f.Etichetta = k.scrivi(k.x.Campo(percorso, "testo", c.Testo))
		f.Opzioni = []vistaOpzione{{ID: f.ID, Etichetta: f.Etichetta, scelta: b}}
	case modulo.Data:
		f.Modello = "data"
		k.parti(f, k.m.Scritto(percorso, v), c.Autocompletamento)
	case modulo.File:
		f.Modello = "file"
		k.file(f, c, v, false)
	case modulo.TestoLungo:
		f.Modello, f.Righe = "testo_lungo", 5
		f.Valore = k.m.Scritto(percorso, v)
		if c.MassimoCaratteri > 0 {
			k.unisci(f, lingua.Testo{Valore: k.base.Conta(lingua.AlMassimoCaratteri, c.MassimoCaratteri)})
		}
	default:
		f.Valore = k.x.Scritto(percorso, c, v)
		k.perTipo(f, c)
	}
	if f.autocompletamento == "" {
		f.autocompletamento = "off"
	}
}

// unisci adds a sentence to the help, after a full stop.
func (k *costruttore) unisci(f *vistaCampo, t lingua.Testo) {
	if f.Aiuto != "" {
		f.Aiuto = template.HTML(strings.TrimRight(string(f.Aiuto), ".")) + ". " //nolint:gosec // escaped already
	}
	f.Aiuto += k.scrivi(t)
}

// perTipo sets what helps to type the text. There is no maxlength: it cuts a
// pasted text in silence, while the server says what is wrong.
func (k *costruttore) perTipo(f *vistaCampo, c modulo.Campo) {
	aiuto := func(c lingua.Chiave) {
		if f.Aiuto == "" {
			f.Aiuto = k.scrivi(k.fisso(c))
		}
	}
	switch c.Tipo {
	case modulo.Intero, modulo.CAP, modulo.PartitaIVA:
		f.modo = "numeric"
	case modulo.Decimale:
		f.modo = "decimal"
		aiuto(lingua.AiutoDecimale)
	case modulo.Importo:
		f.modo, f.Euro = "decimal", true
		aiuto(lingua.AiutoImporto)
	case modulo.Ora:
		aiuto(lingua.AiutoOra)
	case modulo.Email, modulo.PEC:
		f.modo, f.senzaOrtografia = "email", true
	case modulo.URL:
		f.modo, f.senzaOrtografia = "url", true
	case modulo.Telefono:
		f.modo = "tel"
	case modulo.CodiceFiscale, modulo.IBAN:
		f.maiuscole, f.senzaOrtografia = true, true
	default:
	}
}

func (k *costruttore) opzione(f *vistaCampo, valore string, t lingua.Testo, scelta bool) {
	f.Opzioni = append(f.Opzioni, vistaOpzione{
		ID: f.ID + "-" + strconv.Itoa(len(f.Opzioni)), valore: valore, lang: t, scelta: scelta, fuoco: f.Fuoco && len(f.Opzioni) == 0,
	})
	f.Bersaglio = f.Opzioni[0].ID
}

// scelta lists the options of the definition or of the Elenco.
func (k *costruttore) scelta(f *vistaCampo, c modulo.Campo, percorso string, scelte []string) {
	oo := c.Opzioni
	if c.Elenco != "" {
		oo = k.m.Voci(percorso, k.valori, k.stato.Oggi)
	}
	for _, o := range oo {
		k.opzione(f, o.Valore, k.x.Opzione(percorso, o), slices.Contains(scelte, o.Valore))
	}
	if c.DipendeDa == "" {
		return
	}
	f.Aggiorna = "aggiorna:" + percorso
	f.EtichettaAggiorna = k.scrivi(k.x.Componi(lingua.AggiornaElencoVoce, k.x.Campo(percorso, "etichetta", c.Etichetta))...)
	if len(oo) == 0 {
		padre, ok := k.m.Campo(c.DipendeDa)
		p := c.DipendeDa
		if i := strings.LastIndexByte(percorso, '.'); i >= 0 {
			if vicino, trovato := k.m.Campo(percorso[:i+1] + c.DipendeDa); trovato {
				padre, ok, p = vicino, true, percorso[:i+1]+c.DipendeDa
			}
		}
		if ok {
			f.Aiuto += k.spazio(f) + k.scrivi(k.x.Componi(lingua.DipendeDa, k.x.Campo(p, "etichetta", padre.Etichetta))...)
		}
		f.Nessuna = k.base.Testo(lingua.ScegliOpzione)
	}
}

func (*costruttore) spazio(f *vistaCampo) template.HTML {
	if f.Aiuto == "" {
		return ""
	}
	return " "
}

// riferimenti lists the appointments or the stamps of the pratica, by description.
func (k *costruttore) riferimenti(f *vistaCampo, t modulo.Tipo, scelto string) {
	noti := k.stato.riferimenti(t)
	ids := slices.SortedFunc(maps.Keys(noti), func(a, b string) int {
		if c := strings.Compare(noti[a].Descrizione, noti[b].Descrizione); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	for _, id := range ids {
		k.opzione(f, id, lingua.Testo{Valore: noti[id].Descrizione}, id == scelto)
	}
	if len(ids) > 0 {
		return
	}
	f.Nessuna = k.base.Testo(map[modulo.Tipo]lingua.Chiave{modulo.Appuntamento: lingua.NessunAppuntamento, modulo.Bollo: lingua.NessunBollo}[t])
}

// attributi writes what the control says of itself, the same for every template.
func (k *costruttore) attributi(f *vistaCampo) {
	descritto := f.Descritto()
	stato := func(a *attributi) {
		a.se(len(f.Errori) > 0, "aria-invalid", "true")
		a.se(descritto != "", "aria-describedby", descritto)
	}
	var a, g attributi
	g.metti("id", f.ID)
	switch f.Modello {
	case "radio", "caselle", "dichiarazione", "menu":
		k.attributiScelta(f, &a, &g, stato)
	case "data":
		g.se(descritto != "", "aria-describedby", descritto)
	case "gruppo":
		g.metti("tabindex", "-1")
		g.vero(f.Fuoco, "autofocus")
		g.se(descritto != "", "aria-describedby", descritto)
	case "file":
		a.metti("id", f.ID)
		a.metti("name", f.Nome)
		a.se(f.accetta != "", "accept", f.accetta)
		a.vero(f.multiplo, "multiple")
		a.vero(f.Obbligatorio && len(f.File) == 0, "required")
		a.vero(f.Fuoco, "autofocus")
		stato(&a)
	case "lettura", "lettura_lunga":
		a.metti("id", f.ID)
		a.se(f.Modello == "lettura", "value", f.Valore)
		a.vero(true, "readonly")
		stato(&a)
	default:
		a.metti("id", f.ID)
		a.metti("name", f.Nome)
		if f.Modello == "testo" {
			a.metti("value", f.Valore)
		} else {
			a.metti("rows", strconv.Itoa(f.Righe))
		}
		a.se(f.modo != "", "inputmode", f.modo)
		a.metti("autocomplete", f.autocompletamento)
		a.se(f.maiuscole, "autocapitalize", "characters")
		a.se(f.senzaOrtografia, "spellcheck", "false")
		a.vero(f.Obbligatorio, "required")
		a.vero(f.Fuoco, "autofocus")
		stato(&a)
	}
	f.Attributi, f.Gruppo = a.html(), g.html()
}

func (k *costruttore) attributiScelta(f *vistaCampo, a, g *attributi, stato func(*attributi)) {
	switch f.Modello {
	case "radio":
		g.metti("role", "radiogroup")
		g.se(f.Obbligatorio, "aria-required", "true")
		g.se(len(f.Opzioni) == 0, "tabindex", "-1")
		g.vero(len(f.Opzioni) == 0 && f.Fuoco, "autofocus")
		stato(g)
	case "caselle":
		g.se(f.Descritto() != "", "aria-describedby", f.Descritto())
		g.se(len(f.Opzioni) == 0, "tabindex", "-1")
	case "menu":
		a.metti("id", f.ID)
		a.metti("name", f.Nome)
		a.metti("autocomplete", f.autocompletamento)
		a.vero(f.Obbligatorio, "required")
		a.vero(f.Fuoco, "autofocus")
		stato(a)
	default:
	}
	for i := range f.Opzioni {
		o := &f.Opzioni[i]
		var b attributi
		if f.Modello == "menu" {
			b.metti("value", o.valore)
			b.vero(o.scelta, "selected")
			b.lingua(k.base, o.lang)
			o.Etichetta, o.Attributi = k.scrivi(lingua.Testo{Valore: o.lang.Valore}), b.html()
			continue
		}
		b.metti("id", o.ID)
		b.metti("name", f.Nome)
		if f.Modello == "dichiarazione" {
			b.metti("value", "si")
			b.vero(o.scelta, "checked")
			b.vero(true, "required")
			b.vero(f.Fuoco, "autofocus")
			stato(&b)
			o.Attributi = b.html()
			continue
		}
		b.metti("value", o.valore)
		b.vero(o.scelta, "checked")
		b.vero(f.Modello == "radio" && f.Obbligatorio, "required")
		b.vero(o.fuoco, "autofocus")
		b.se(f.Modello == "caselle" && len(f.Errori) > 0, "aria-invalid", "true")
		o.Etichetta, o.Attributi = k.scrivi(o.lang), b.html()
	}
}

// parti spreads the day over three inputs; what was typed and is no day comes
// back as it was typed.
func (k *costruttore) parti(f *vistaCampo, testo, token string) {
	pezzi := strings.SplitN(testo, "/", 3)
	for len(pezzi) < 3 {
		pezzi = append(pezzi, "")
	}
	if f.Aiuto == "" {
		f.Aiuto = k.scrivi(k.fisso(lingua.AiutoData))
	}
	descritto := f.Descritto()
	for i, p := range []struct {
		nome      string
		etichetta lingua.Chiave
		token     string
		cifre     string
	}{{"giorno", lingua.Giorno, "bday-day", "2"}, {"mese", lingua.Mese, "bday-month", "2"}, {"anno", lingua.Anno, "bday-year", "4"}} {
		v := vistaParte{ID: f.ID + "-" + p.nome, Etichetta: k.base.Testo(p.etichetta)}
		var a attributi
		a.metti("id", v.ID)
		a.metti("name", f.Nome+"."+p.nome)
		a.metti("value", pezzi[i])
		a.metti("size", p.cifre)
		a.metti("inputmode", "numeric")
		if token != "bday" {
			p.token = "off"
		}
		a.metti("autocomplete", p.token)
		a.vero(f.Obbligatorio, "required")
		a.vero(f.Fuoco && i == 0, "autofocus")
		a.se(len(f.Errori) > 0, "aria-invalid", "true")
		a.se(descritto != "", "aria-describedby", descritto)
		v.Attributi = a.html()
		f.Parti = append(f.Parti, v)
	}
	f.Bersaglio = f.Parti[0].ID
}

func (k *costruttore) file(f *vistaCampo, c modulo.Campo, v any, bloccato bool) {
	ids, _ := v.([]string)
	for _, id := range ids {
		x := vistaFile{Azione: "elimina-file:" + f.Nome + ":" + id}
		nome := k.base.Testo(lingua.FilePerso)
		if info, ok := k.stato.Allegati[id]; ok {
			nome = info.Nome
			x.Descrizione = nome + " (" + k.base.Dimensione(info.Byte) + ")"
		} else {
			x.Descrizione, x.Errore = k.base.Testo(lingua.FilePersoAiuto), true
		}
		x.Elimina = k.base.Testo(lingua.EliminaFile, nome)
		if bloccato {
			x.Azione = ""
		}
		f.File = append(f.File, x)
	}
	f.Bersaglio = f.ID + "-elenco"
	if len(ids) == 0 {
		f.Bersaglio = f.ID + "-etichetta"
	}
	if bloccato {
		return
	}
	k.conFile = true
	massimo := max(1, c.MassimoFile)
	f.Posto, f.multiplo = len(ids) < massimo, massimo-len(ids) > 1
	f.accetta = strings.Join(c.TipiFile, ",")
	if f.Posto {
		f.Bersaglio = f.ID
	}
	if len(c.TipiFile) > 0 {
		k.unisci(f, k.fisso(lingua.FileTipi, k.base.TipiFile(c.TipiFile)))
	}
	if c.MassimoByte > 0 {
		k.unisci(f, k.fisso(lingua.FilePeso, k.base.Dimensione(c.MassimoByte)))
	}
	if massimo > 1 {
		k.unisci(f, lingua.Testo{Valore: k.base.Conta(lingua.AlMassimoFile, massimo)})
	}
}
