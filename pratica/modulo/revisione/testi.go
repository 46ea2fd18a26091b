package revisione

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

const massimoEtichetta = 80

func etichettaLunga(v *visita) {
	for _, p := range v.campi {
		if n := utf8.RuneCountInString(p.Etichetta); n > massimoEtichetta {
			v.campo(p, "etichetta", "l'etichetta ha "+strconv.Itoa(n)+" caratteri: tienila sotto "+strconv.Itoa(massimoEtichetta)+" e sposta il resto nell'aiuto")
		}
	}
}

func etichettaDoppia(v *visita) {
	visti := map[string]bool{}
	for _, p := range v.campi {
		if p.Tipo == modulo.Nota {
			continue
		}
		dove := v.def.Sezioni[p.sezione].ID
		if p.gruppo != nil {
			dove = p.gruppo.percorso
		}
		chiave := dove + "\x00" + p.Insieme + "\x00" + piano(p.Etichetta)
		if visti[chiave] {
			v.campo(p, "etichetta", "l'etichetta "+virgolette(p.Etichetta)+" c'è già: chi ascolta le etichette una alla volta non distingue i due campi, dì in che cosa sono diversi")
		}
		visti[chiave] = true
	}
}

func etichettaSegni(v *visita) {
	for _, p := range v.campi {
		switch t := strings.TrimSpace(p.Etichetta); {
		case strings.HasSuffix(t, "*"):
			v.campo(p, "etichetta", "togli l'asterisco: lo aggiunge la pagina a ogni campo obbligatorio")
		case strings.HasSuffix(t, ":"):
			v.campo(p, "etichetta", "togli i due punti in fondo all'etichetta")
		}
	}
}

func etichettaMaiuscola(v *visita) {
	for _, s := range v.testi() {
		lettere, minuscole := 0, 0
		for _, r := range s.testo {
			switch {
			case unicode.IsLower(r):
				minuscole++
			case unicode.IsLetter(r):
				lettere++
			}
		}
		if minuscole == 0 && lettere > 5 { // shorter ones are acronyms: ISEE, IBAN, SPID
			v.scrivi(s.ordine, s.posizione, s.campo, "il testo è tutto in maiuscolo, che si legge peggio: usa la maiuscola solo all'inizio e nei nomi propri")
		}
	}
}

// conQuantita finds "200 caratteri", "1.000 parole".
var conQuantita = regexp.MustCompile(`(?i)(\d{1,3}(?:\.\d{3})+|\d+) *(caratteri|carattere|parole|parola)`)

// numeroDiverso is for a text that promises a limit that the form does not
// keep: "200 caratteri" beside 200 words was found on a real portal.
func numeroDiverso(v *visita) {
	for _, p := range v.campi {
		if p.Tipo != modulo.Testo && p.Tipo != modulo.TestoLungo {
			continue
		}
		for _, t := range []struct{ chiave, testo string }{
			{"etichetta", p.Etichetta}, {"aiuto", p.Aiuto}, {"messaggio_obbligatorio", p.MessaggioObbligatorio}, {"messaggio_schema", p.MessaggioSchema},
		} {
			for _, x := range conQuantita.FindAllStringSubmatch(t.testo, -1) {
				n, err := strconv.Atoi(strings.ReplaceAll(x[1], ".", ""))
				switch {
				case err != nil:
				case strings.HasPrefix(strings.ToLower(x[2]), "parol"):
					v.campo(p, t.chiave, "il testo dice parole, il limite conta i caratteri: scrivi quanti caratteri")
				case p.Schema != "" && t.chiave == "messaggio_schema":
				case n == p.MassimoCaratteri || n == p.MinimoCaratteri:
				case p.MassimoCaratteri == 0 && p.MinimoCaratteri == 0:
					v.campo(p, t.chiave, "il testo dice "+x[0]+" ma il campo non ha quel limite: imposta massimo_caratteri")
				default:
					v.campo(p, t.chiave, "il testo dice "+x[0]+", il limite è un altro ("+limiti(p.Campo)+"): fai dire a tutti e due lo stesso numero")
				}
			}
		}
	}
}

func limiti(c modulo.Campo) string {
	var q []string
	if c.MinimoCaratteri > 0 {
		q = append(q, "minimo "+strconv.Itoa(c.MinimoCaratteri))
	}
	if c.MassimoCaratteri > 0 {
		q = append(q, "massimo "+strconv.Itoa(c.MassimoCaratteri))
	}
	return strings.Join(q, ", ")
}

// abbreviazioni: what is written in an office and must be guessed outside of it.
var abbreviazioni = []struct {
	forma  *regexp.Regexp
	intero string
}{
	{regexp.MustCompile(`(?i)(^|[\s(])c\.\s?f\.`), "codice fiscale"},
	{regexp.MustCompile(`(?i)(^|[\s(])p\.\s?iva\b`), "partita IVA"},
	{regexp.MustCompile(`(^|[\s(])([Nn]\.|[Nn]r\.?|[Nn]°)(\s|$)`), "numero"},
	{regexp.MustCompile(`(?i)(^|[\s(])ca\.(\s|$|\))`), "circa"},
	{regexp.MustCompile(`(?i)(^|[\s(])c\.\s?a\.`), "alla cortese attenzione, o circa"},
	{regexp.MustCompile(`(?i)(^|[\s(])tel\.`), "telefono"},
	{regexp.MustCompile(`(?i)(^|[\s(])prov\.`), "provincia"},
	{regexp.MustCompile(`(?i)(^|[\s(])gg\.?(\s|$)`), "giorni"},
	{regexp.MustCompile(`(?i)(^|[\s(])u\.\s?s\.`), "ultimo scorso"},
	{regexp.MustCompile(`(?i)(^|[\s(])s\.\s?m\.\s?i\.`), "successive modifiche"},
	{regexp.MustCompile(`(?i)(^|[\s(])c/o(\s|$)`), "presso"},
	{regexp.MustCompile(`(?i)(^|[\s(])sig\.(\s?ra)?(\s|$)`), "signor, signora"},
}

func abbreviazione(v *visita) {
	for _, s := range v.testi() {
		if !s.breve {
			continue // a statement cites norms as they are cited
		}
		for _, a := range abbreviazioni {
			if x := a.forma.FindString(s.testo); x != "" {
				v.scrivi(s.ordine, s.posizione, s.campo, "scrivi per intero "+virgolette(strings.Trim(x, " (\t)"))+": "+a.intero)
			}
		}
	}
}

var formaClicca = regexp.MustCompile(`(?i)\b(clicc|premi|preme|vedi|consulta)\p{L}*\s+(qui|qua)\b`)

func cliccaQui(v *visita) {
	for _, s := range v.testi() {
		if x := formaClicca.FindString(s.testo); x != "" {
			v.scrivi(s.ordine, s.posizione, s.campo, "al posto di "+virgolette(x)+" di' dove si va: chi non vede la pagina, o non ha il mouse, non sa dove sia «qui»")
		}
	}
}

func spaziDoppi(v *visita) {
	for _, s := range v.testi() {
		if s.testo != strings.TrimSpace(s.testo) || strings.Contains(s.testo, "  ") {
			v.scrivi(s.ordine, s.posizione, s.campo, "togli gli spazi doppi, all'inizio e in fondo")
		}
	}
}

var (
	// A word that ends with an apostrophe where an accent is due.
	formaApostrofo = regexp.MustCompile(`(^|[\s(«"'])(\p{L}+)'($|[\s.,;:!?)»"])`)
	conAccento     = map[string]string{
		"e": "è", "perche": "perché", "poiche": "poiché", "affinche": "affinché", "nonche": "nonché", "finche": "finché", "purche": "purché",
		"benche": "benché", "anziche": "anziché", "puo": "può", "piu": "più", "gia": "già", "cio": "ciò", "cosi": "così", "sara": "sarà", "potra": "potrà",
		"dovra": "dovrà", "verra": "verrà", "avra": "avrà", "la": "là", "li": "lì", "ne": "né", "si": "sì", "se": "sé", "pero": "però", "giu": "giù", "eta": "età",
	}
	// Words that an accent spoils.
	accentiSbagliati = []struct {
		forma  *regexp.Regexp
		giusto string
	}{
		{regexp.MustCompile(`(?i)(^|[^\p{L}])(perch|poich|affinch|nonch|finch|purch|bench|anzich)è($|[^\p{L}])`), "con l'accento acuto: «perché»"},
		{regexp.MustCompile(`(?i)(^|[^\p{L}])qual'è($|[^\p{L}])`), "senza apostrofo: «qual è»"},
		{regexp.MustCompile(`(?i)(^|[^\p{L}])un pò($|[^\p{L}])`), "con l'apostrofo: «un po'»"},
		{regexp.MustCompile(`(?i)(^|[^\p{L}])(sù|quì|quà)($|[^\p{L}])`), "senza accento"},
	}
	tronche = []string{"sta", "da", "fa", "va", "di", "po", "mo", "be"}
)

// conAccentoDi gives how a word written with a final apostrophe is spelt.
func conAccentoDi(parola string) (string, bool) {
	p := strings.ToLower(parola)
	if slices.Contains(tronche, p) {
		return "", false
	}
	giusta, ok := conAccento[p]
	if !ok && (strings.HasSuffix(p, "ta") || strings.HasSuffix(p, "tu")) && len(p) > 3 {
		giusta, ok = p[:len(p)-1]+map[byte]string{'a': "à", 'u': "ù"}[p[len(p)-1]], true
	}
	if ok && unicode.IsUpper([]rune(parola)[0]) {
		r := []rune(giusta)
		giusta = string(unicode.ToUpper(r[0])) + string(r[1:])
	}
	return giusta, ok
}

func accento(v *visita) {
	for _, s := range v.testi() {
		for _, x := range formaApostrofo.FindAllStringSubmatchIndex(s.testo, -1) {
			parola := s.testo[x[4]:x[5]]
			if giusta, ok := conAccentoDi(parola); ok && !aperto(s.testo[:x[4]]) {
				v.scrivi(s.ordine, s.posizione, s.campo, "scrivi "+virgolette(giusta)+" al posto di "+virgolette(parola+"'"))
			}
		}
		for _, a := range accentiSbagliati {
			if x := a.forma.FindString(s.testo); x != "" {
				v.scrivi(s.ordine, s.posizione, s.campo, virgolette(strings.TrimFunc(x, func(r rune) bool { return !unicode.IsLetter(r) }))+" si scrive "+a.giusto)
			}
		}
	}
}

var formaApertura = regexp.MustCompile(`(^|[\s(])'\p{L}?[^']*$`)

// aperto: a quotation in apostrophes is open, which the next one closes.
func aperto(prima string) bool { return formaApertura.MatchString(prima) }
