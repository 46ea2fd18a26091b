package formio

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

var (
	reEmail = regexp.MustCompile(`^(?:[^<>()\[\]\\.,;:\s@"]+(?:\.[^<>()\[\]\\.,;:\s@"]+)*|".+")@(?:\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\]|(?:[a-zA-Z\-0-9]+\.)+[a-zA-Z]{2,})$`)
	// the addresses of reURL and reURLSenzaDominio, without the exclusion of private networks: see privato
	reURL = regexp.MustCompile(`(?i)^(?:(?:(?:https?|ftp):)?//)?(?:\S+(?::\S*)?@)?(?:` + reNumeri + `|` + reNomi + `\.[a-z\x{a1}-\x{ffff}]{2,})(?::\d{2,5})?(?:[/?#]\S*)?$`)

	reCifra, reLettera          = regexp.MustCompile(`[0-9]`), regexp.MustCompile(`[a-zA-Z]`)
	reMinuscola, reCifraLettera = regexp.MustCompile(`[a-z]`), regexp.MustCompile(`[a-zA-Z0-9]`)

	reURLSenzaDominio = regexp.MustCompile(`(?i)^(?:https?|ftp)://(?:\S+(?::\S*)?@)?(?:` + reNumeri + `|` + reNomi + `)(?::\d{2,5})?(?:[/?#]\S*)?$`)
)

const (
	reNumeri = `(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.(?:1?\d{1,2}|2[0-4]\d|25[0-5])){2}\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4])`
	reNome   = `(?:[a-z\x{a1}-\x{ffff}0-9]-*)*[a-z\x{a1}-\x{ffff}0-9]+`
	reNomi   = reNome + `(?:\.` + reNome + `)*`
)

func regolaEmail(k *caso) verdetto {
	if s, ok := k.v.(string); ok && !reEmail.MatchString(s) {
		return male("email", "invalid_email")
	}
	return bene
}

func regolaURL(k *caso) verdetto {
	s, ok := k.v.(string)
	if !ok || !reURL.MatchString(s) && !reURLSenzaDominio.MatchString(s) || reEmail.MatchString(s) {
		return male("url", "invalid_url")
	}
	return bene
}

func regolaLunghezza(chiave string) func(*caso) verdetto {
	return func(k *caso) verdetto {
		s, ok := k.v.(string)
		limite := k.intero(chiave)
		if !ok || s == "" || limite == 0 {
			return bene
		}
		n := float64(valore.Lunghezza(s))
		if chiave == "minLength" && n < limite || chiave == "maxLength" && n > limite {
			return male(chiave, chiave, "length", valore.ScriviNumero(limite))
		}
		return bene
	}
}

func regolaParole(chiave string) func(*caso) verdetto {
	return func(k *caso) verdetto {
		s, ok := k.v.(string)
		if !ok || chiave == "minWords" && s == "" {
			return bene
		}
		limite := k.intero(chiave)
		// an empty text counts as one word, as split does
		n := float64(max(1, len(strings.FieldsFunc(s, valore.Spazio))))
		if chiave == "minWords" && n < limite || chiave == "maxWords" && n > limite {
			return male(chiave, chiave, "length", valore.ScriviNumero(limite))
		}
		return bene
	}
}

func regolaModello(k *caso) verdetto {
	s, ok := k.v.(string)
	fonte := valore.Testo(k.validate["pattern"])
	if !ok {
		return male("pattern", chiaveDi(prop(k.validate, "patternMessage"), "pattern"), "pattern", fonte)
	}
	m := k.c.m.modelli[fonte]
	if m == nil {
		m = nuovoModello(fonte) // logic has changed it
	}
	vale, err := m.corrisponde(s)
	if err != nil {
		return rotta
	}
	if !vale {
		return male("pattern", chiaveDi(prop(k.validate, "patternMessage"), "pattern"), "pattern", fonte)
	}
	return bene
}

func valeMaschera(k *caso) bool {
	if k.p.tipo == "time" || !k.pieno() || vero(k.validate, "skipMaskValidation") {
		return false
	}
	mm, _ := k.comp["inputMasks"].([]any)
	return vero(k.comp, "inputMask") || len(mm) > 0
}

func regolaMaschera(k *caso) verdetto {
	mm, _ := k.comp["inputMasks"].([]any)
	maschera := testo(k.comp, "inputMask")
	v := k.v
	if vero(k.comp, "allowMultipleMasks") && len(mm) > 0 {
		maschera = ""
		m, _ := k.v.(map[string]any)
		if nome, s := testo(m, "maskName"), testo(m, "value"); nome != "" && s != "" {
			for _, x := range mm {
				if o, ok := x.(map[string]any); ok && o["label"] == nome {
					maschera = testo(o, "mask")
					break
				}
			}
			v = s
		}
	}
	if maschera == "" {
		return bene
	}
	if s, ok := v.(string); ok && k.p.tipo == "textfield" {
		if _, intero := k.v.(string); intero {
			re := k.c.m.maschere[maschera]
			if re == nil {
				re = compilaMaschera(maschera) // logic has changed it, or it is not valid
			}
			switch {
			case re == nil:
				return rotta
			case !re.MatchString(s):
				return male("mask", "mask")
			}
			return bene
		}
	}
	if !nellaMaschera(v, maschera, k.c.o.Fedele) {
		return male("mask", "mask")
	}
	return bene
}

// nellaMaschera is matchInputMask: 9 a digit, A a letter, a a small letter, *
// either. Where the text is shorter than the mask, JavaScript tries the word
// "undefined", which has letters: fedele does as well.
func nellaMaschera(v any, maschera string, fedele bool) bool {
	if _, ok := v.(string); !ok && !fedele {
		return false
	}
	if valore.Minore(float64(valore.Lunghezza(maschera)), valore.Membro(v, "length")) {
		return false
	}
	for i, m := range []rune(maschera) {
		x := valore.Membro(v, strconv.Itoa(i))
		if valore.Indefinito(x) && !fedele {
			return false
		}
		var classe *regexp.Regexp
		switch m {
		case '9':
			classe = reCifra
		case 'A':
			classe = reLettera
		case 'a':
			classe = reMinuscola
		case '*':
			classe = reCifraLettera
		}
		if classe != nil && !classe.MatchString(valore.Testo(x)) || classe == nil && x != string(m) {
			return false
		}
	}
	return true
}

const (
	classeLettere   = `A-Za-z\x{410}-\x{44f}\x{401}\x{451}\x{c0}-\x{ff}\x{b5}`
	classeMaiuscole = `A-Z\x{410}-\x{42f}\x{401}\x{c0}-\x{d6}\x{d8}-\x{de}`
)

// espressioneMaschera is Inputmask.isValid as an expression, for masks without alternatives.
func espressioneMaschera(maschera string) string {
	var b strings.Builder
	b.WriteString(`^(?:`)
	letterale := false
	for _, r := range maschera {
		if letterale {
			b.WriteString(regexp.QuoteMeta(string(r)))
			letterale = false
			continue
		}
		switch r {
		case '\\':
			letterale = true
		case '9':
			b.WriteString(`[0-9\x{ff11}-\x{ff19}]`)
		case 'a':
			b.WriteString(`[` + classeLettere + `]`)
		case 'A':
			b.WriteString(`[` + classeMaiuscole + `]`)
		case '*':
			b.WriteString(`[0-9\x{ff11}-\x{ff19}` + classeLettere + `]`)
		case '&':
			b.WriteString(`[0-9` + classeMaiuscole + `]`)
		case '#':
			b.WriteString(`[0-9A-F]`)
		case '[':
			b.WriteString(`(?:`)
		case ']':
			b.WriteString(`)?`)
		case '{', '}', ',':
			b.WriteRune(r)
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	b.WriteString(`)$`)
	return b.String()
}

// compilaMaschera gives nil for a mask that cannot be carried.
func compilaMaschera(maschera string) *regexp.Regexp {
	if len(maschera) > LimiteModello {
		return nil
	}
	re, err := regexp.Compile(espressioneMaschera(maschera))
	if err != nil {
		return nil
	}
	return re
}
