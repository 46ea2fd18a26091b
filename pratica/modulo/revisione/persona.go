package revisione

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// diChiCompila and diAltri recognise, from its words, whose data a section asks.
var (
	diChiCompila = regexp.MustCompile(`(?i)richiedent|dichiarant|chi (presenta|chiede|compila|fa la)|(i tuoi|tuoi) (dati|recapiti|contatti)|dati (personali|anagrafici)|anagrafica|recapiti|contatti`)
	diAltri      = regexp.MustCompile(`(?i)figli|bambin|minor[ei]\b|alunn|coniuge|delegat|beneficiari|defunt|accompagnat|assistit|ered[ei]\b|altr[ae] person|proprietari|intestatari|convivent|familiar|nucleo|sposo|spos[ai]\b|nascituro`)
)

// scopi gives the autocomplete token for the usual labels; codice fiscale,
// partita IVA and IBAN have none.
var scopi = map[string]string{
	"nome": "given-name", "cognome": "family-name", "nome e cognome": "name", "cognome e nome": "name",
	"e-mail": "email", "email": "email", "indirizzo e-mail": "email", "indirizzo email": "email", "posta elettronica": "email",
	"telefono": "tel", "cellulare": "tel", "numero di telefono": "tel", "numero di cellulare": "tel",
	"data di nascita": "bday", "sesso": "sex", "cap": "postal-code",
	"indirizzo": "street-address", "indirizzo di residenza": "street-address", "via e numero civico": "address-line1",
	"comune di residenza": "address-level2", "città": "address-level2", "provincia di residenza": "address-level1",
}

// gettoni are the field names of the HTML standard, autofill section.
var gettoni = strings.Fields(`name honorific-prefix given-name additional-name family-name honorific-suffix nickname
	username new-password current-password one-time-code organization-title organization street-address address-line1
	address-line2 address-line3 address-level4 address-level3 address-level2 address-level1 country country-name postal-code
	cc-name cc-given-name cc-additional-name cc-family-name cc-number cc-exp cc-exp-month cc-exp-year cc-csc cc-type
	transaction-currency transaction-amount language bday bday-day bday-month bday-year sex url photo tel tel-country-code
	tel-national tel-area-code tel-local tel-local-prefix tel-local-suffix tel-extension email impp off on`)

// altrui: the field asks for the data of somebody else.
func (v *visita) altrui(p *posto) bool {
	if p.gruppo != nil {
		return true
	}
	s := v.def.Sezioni[p.sezione]
	return diAltri.MatchString(p.Etichetta) || diAltri.MatchString(s.Titolo) && !diChiCompila.MatchString(s.Titolo)
}

func autocompletamentoMancante(v *visita) {
	for _, p := range v.campi {
		s := v.def.Sezioni[p.sezione]
		mia := diChiCompila.MatchString(s.Titolo) || diChiCompila.MatchString(strings.ReplaceAll(s.ID, "_", " "))
		scopo := scopi[piano(p.Etichetta)]
		if scopo == "" && p.Tipo == modulo.Email {
			scopo = "email"
		}
		if mia && scopo != "" && p.Autocompletamento == "" && p.Calcolo == "" && !v.altrui(p) {
			v.campo(p, "autocompletamento", `se è un dato di chi compila, imposta autocompletamento "`+scopo+`": il browser lo scrive da sé`)
		}
	}
}

func autocompletamentoAltrui(v *visita) {
	for _, p := range v.campi {
		if p.Autocompletamento != "" && p.Autocompletamento != "off" && v.altrui(p) {
			v.campo(p, "autocompletamento", "il dato sembra di un'altra persona, il browser ci scriverebbe quello di chi compila: togli l'autocompletamento")
		}
	}
}

func autocompletamentoIgnoto(v *visita) {
	for _, p := range v.campi {
		parti := strings.Fields(p.Autocompletamento)
		if len(parti) > 0 && !slices.Contains(gettoni, parti[len(parti)-1]) {
			v.campo(p, "autocompletamento", virgolette(p.Autocompletamento)+" non è fra i valori dell'attributo autocomplete: per il nome è given-name, per il cognome family-name")
		}
	}
}
