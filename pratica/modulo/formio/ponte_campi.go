package formio

import (
	"math"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

// campo makes the field of a component that holds one answer, or a text to read.
func (b *carpentiere) campo(n *nodo, g *campoPonte) (modulo.Campo, bool) {
	if !n.dati() {
		return b.testoFisso(n, g)
	}
	tipo, perche := b.tipo(n)
	if tipo == "" {
		b.nota(n, NonPortato, perche)
		return modulo.Campo{}, false
	}
	f := b.posa(n, g, tipo)
	v := oggetto(n.comp, "validate")
	c := modulo.Campo{ID: f.id, Etichetta: soloTesto(etichetta(n.comp)), Aiuto: aiuto(n), Tipo: tipo, Obbligatorio: vero(v, "required")}
	if c.Etichetta == "" {
		c.Etichetta = n.nome
	}
	if perche != "" {
		b.nota(n, PortatoConDifferenza, perche)
	}
	c.Autocompletamento = autocompletamento(testo(n.comp, "autocomplete"))
	switch tipo {
	case modulo.Testo, modulo.TestoLungo:
		if massimo := quanti(v, "maxLength"); massimo > 0 {
			c.MassimoCaratteri = min(massimo, modulo.LimiteTesto)
		}
	case modulo.Decimale:
		c.Decimali = 10
		if d, ok := n.comp["decimalLimit"]; ok && valore.Numero(d) >= 1 {
			c.Decimali = int(min(valore.Numero(d), 10))
		}
	case modulo.Dichiarazione:
		c.Testo = c.Etichetta
	case modulo.Scelta, modulo.SceltaMultipla:
		b.opzioni(n, f, &c)
		if len(c.Opzioni) == 0 {
			b.togli(f)
			b.nota(n, NonPortato, "una scelta senza opzioni")
			return modulo.Campo{}, false
		}
	case modulo.File:
		b.file(n, &c)
	case modulo.Data:
		f.conMese = n.tipo == "day" && !vero(n.comp, "dayFirst")
		if n.tipo == "day" {
			parti := oggetto(n.comp, "fields")
			c.Obbligatorio = c.Obbligatorio || vero(oggetto(parti, "day"), "required") && vero(oggetto(parti, "month"), "required") && vero(oggetto(parti, "year"), "required")
		}
	default:
	}
	calcolato := n.script.calcolo != nil || n.script.calcoloRotto
	if calcolato {
		c.Obbligatorio = false
	} else {
		b.predefinito(n, f, &c)
	}
	f.chiuso = vero(n.comp, "disabled") && !calcolato
	return c, true
}

// testoFisso makes a nota of what is only read.
func (b *carpentiere) testoFisso(n *nodo, g *campoPonte) (modulo.Campo, bool) {
	s := testo(n.comp, "html")
	if s == "" {
		s = testo(n.comp, "content")
	}
	if s = testoSemplice(s); s == "" {
		return modulo.Campo{}, false
	}
	if strings.Contains(s, "{{") {
		b.nota(n, PortatoConDifferenza, "le parti fra doppie graffe restano come sono scritte")
	}
	f := b.posa(n, g, modulo.Nota)
	return modulo.Campo{ID: f.id, Tipo: modulo.Nota, Testo: s}, true
}

// tipo chooses the type of the field; "" if there is none, and why; a reason
// beside a type is a difference.
func (b *carpentiere) tipo(n *nodo) (tipo modulo.Tipo, perche string) {
	multiplo := vero(n.comp, "multiple")
	if multiplo && n.tipo != "select" && n.tipo != "file" && n.tipo != "sdcfile" {
		return "", "più valori nello stesso campo"
	}
	v := oggetto(n.comp, "validate")
	switch n.tipo {
	case "textfield", "tags":
		return modulo.Testo, ""
	case "textarea":
		return modulo.TestoLungo, ""
	case "number":
		if d, ok := n.comp["decimalLimit"]; vero(v, "integer") || ok && d != nil && d != "" && valore.Numero(d) == 0 {
			return modulo.Intero, ""
		}
		return modulo.Decimale, ""
	case "currency":
		return modulo.Importo, ""
	case "checkbox":
		if vero(v, "required") {
			return modulo.Dichiarazione, ""
		}
		return modulo.SiNo, ""
	case "radio":
		return modulo.Scelta, ""
	case "select":
		if multiplo {
			return modulo.SceltaMultipla, ""
		}
		return modulo.Scelta, ""
	case "selectboxes":
		return modulo.SceltaMultipla, ""
	case "email":
		return modulo.Email, ""
	case "phoneNumber":
		return modulo.Telefono, ""
	case "url":
		return modulo.URL, ""
	case "day":
		for _, parte := range []string{"day", "month", "year"} {
			if vero(oggetto(oggetto(n.comp, "fields"), parte), "hide") {
				return modulo.Testo, "una data a cui manca una parte si scrive per esteso, come la tiene Form.io (00 al posto di ciò che manca)"
			}
		}
		return modulo.Data, ""
	case "datetime":
		if ora, ok := n.comp["enableTime"]; ok && !valore.Booleano(ora) {
			return modulo.Data, ""
		}
		return modulo.Testo, "giorno e ora insieme si scrivono per esteso (2026-03-31T09:30)"
	case "time":
		return modulo.Ora, ""
	case "file", "sdcfile":
		return modulo.File, ""
	case "calendar", "dynamic_calendar":
		return modulo.Appuntamento, "l'appuntamento si prenota nella pagina degli appuntamenti"
	case "address":
		return modulo.TestoLungo, "l'indirizzo si scrive per esteso, senza ricerca"
	case "signature":
		return "", "una firma disegnata: chi accede è già identificato"
	case "password":
		return "", "una parola d'ordine non si chiede in una pratica"
	}
	return "", "nessun tipo di campo lo può mostrare"
}

func autocompletamento(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, r := range s {
		if (r < 'a' || r > 'z') && r != '-' && r != ' ' && (r < '0' || r > '9') {
			return ""
		}
	}
	if s == "" || len(s) > 60 || s[0] < 'a' || s == "off" || s == "on" {
		return ""
	}
	return s
}

// opzioni takes the choices that are written in the component. A code is what
// Form.io keeps, where that is a short text or number, and a number of ours
// elsewhere.
func (b *carpentiere) opzioni(n *nodo, f *campoPonte, c *modulo.Campo) {
	presi := map[string]bool{}
	for _, o := range scelteDi(n) {
		codice := valore.Testo(o.valore)
		if s := strings.TrimSpace(codice); s != codice || s == "" || len(s) > 100 || presi[s] || !semplice(o.valore) {
			codice = "voce_" + strconv.Itoa(len(f.codici)+1)
		}
		if presi[codice] || len(c.Opzioni) == modulo.LimiteOpzioni {
			continue
		}
		presi[codice] = true
		nome := soloTesto(o.nome)
		if nome == "" {
			nome = codice
		}
		c.Opzioni = append(c.Opzioni, modulo.Opzione{Valore: codice, Etichetta: nome})
		f.codici, f.valori = append(f.codici, codice), append(f.valori, o.valore)
	}
	if n.tipo == "select" && testo(n.comp, "dataSrc") != "" && testo(n.comp, "dataSrc") != "values" && testo(n.comp, "dataSrc") != "json" {
		b.nota(n, PortatoConDifferenza, "le voci che vengono da fuori non ci sono")
	}
}

type sceltaPonte struct {
	nome   string
	valore any
}

// scelteDi gives the options written in a component.
func scelteDi(n *nodo) []sceltaPonte {
	var q []sceltaPonte
	coppie := func(vv any) {
		ll, _ := vv.([]any)
		for _, v := range ll {
			if m, ok := v.(map[string]any); ok && !valore.Nullo(prop(m, "value")) {
				q = append(q, sceltaPonte{testo(m, "label"), m["value"]})
			}
		}
	}
	if n.tipo != "select" {
		coppie(n.comp["values"])
		return q
	}
	dati := oggetto(n.comp, "data")
	if testo(n.comp, "dataSrc") == "json" {
		ll, _ := elencoJSON(dati)
		proprieta := testo(n.comp, "valueProperty")
		for _, v := range ll {
			x := sceltaPonte{nome: valore.Testo(v), valore: v}
			if m, ok := v.(map[string]any); ok {
				x.nome = testo(m, "label")
				for _, k := range []string{"name", "title", proprieta} {
					if x.nome == "" {
						x.nome = testo(m, k)
					}
				}
				if proprieta != "" {
					x.valore = valore.Prendi(m, proprieta)
				}
			}
			if !valore.Nullo(x.valore) {
				q = append(q, x)
			}
		}
		return q
	}
	coppie(dati["values"])
	if len(q) == 0 {
		coppie(n.comp["values"])
	}
	return q
}

func semplice(v any) bool {
	switch v.(type) {
	case string, bool, float64:
		return true
	}
	return false
}

// file takes the limits of a file component that the library can keep.
func (b *carpentiere) file(n *nodo, c *modulo.Campo) {
	c.MassimoFile = 1
	if vero(n.comp, "multiple") {
		c.MassimoFile = modulo.LimiteFile
	}
	c.MassimoByte = byteDi(testo(n.comp, "fileMaxSize"))
	tipi := strings.FieldsFunc(testo(n.comp, "filePattern"), func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
	for _, t := range tipi {
		t = strings.ToLower(strings.TrimSpace(t))
		if mime, ok := estensioni[t]; ok {
			t = mime
		}
		if _, sotto, ok := strings.Cut(t, "/"); !ok || strings.Contains(sotto, "*") || strings.HasPrefix(t, "!") {
			if t != "*" && t != "*/*" && t != "" {
				b.nota(n, PortatoConDifferenza, "i tipi di file si ammettono come li ammette il portale: la forma "+accorcia(t, 40)+" non è un tipo")
			}
			c.TipiFile = nil
			return
		}
		c.TipiFile = append(c.TipiFile, t)
	}
}

// estensioni are what filePattern may say in the place of a MIME type.
var estensioni = map[string]string{
	".pdf": "application/pdf", "*.pdf": "application/pdf", ".jpg": "image/jpeg", "*.jpg": "image/jpeg", ".jpeg": "image/jpeg", "*.jpeg": "image/jpeg",
	".png": "image/png", "*.png": "image/png", ".p7m": "application/pkcs7-mime", "*.p7m": "application/pkcs7-mime", ".txt": "text/plain", "*.txt": "text/plain",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "*.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".odt": "application/vnd.oasis.opendocument.text", "*.odt": "application/vnd.oasis.opendocument.text",
}

// byteDi reads a size as Form.io writes it: "10MB", "500KB"; 0 if there is none.
func byteDi(s string) int64 {
	s = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(s), " ", ""))
	fattore := 1.0
	for _, u := range []struct {
		nome string
		n    float64
	}{{"KB", 1 << 10}, {"MB", 1 << 20}, {"GB", 1 << 30}, {"B", 1}} {
		if resto, ok := strings.CutSuffix(s, u.nome); ok {
			s, fattore = resto, u.n
			break
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n <= 0 || n*fattore > 1<<40 {
		return 0
	}
	return int64(n * fattore)
}

// predefinito takes a default that is written in the component and that the
// type can hold.
func (b *carpentiere) predefinito(n *nodo, f *campoPonte, c *modulo.Campo) {
	v, ok := n.comp["defaultValue"]
	if !ok || f.gruppo != nil && f.gruppo.gruppo != nil {
		return
	}
	switch c.Tipo {
	case modulo.Dichiarazione, modulo.File, modulo.Appuntamento, modulo.Nota:
		return
	default:
	}
	x := f.daFormio(v)
	if x == nil || x == "" || x == false {
		return
	}
	prova := *c
	prova.Predefinito = x
	if n, ok := x.(float64); ok {
		prova.Predefinito = strconv.FormatFloat(n, 'f', -1, 64)
	}
	d := modulo.Definizione{ID: "p", Versione: 1, Titolo: "p", Sezioni: []modulo.Sezione{{ID: "p", Titolo: "p", Campi: []modulo.Campo{prova}}}}
	if _, err := modulo.Compila(d); err == nil {
		c.Predefinito = prova.Predefinito
	}
}

// quanti is a count among the rules of a component; zero if there is none.
func quanti(validate map[string]any, chiave string) int {
	return int(min(max(interoDi(validate, chiave), 0), math.MaxInt32))
}
