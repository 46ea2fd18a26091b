package lingua

import (
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// pronto is a text that package modulo itself gives to the fields of a persona
// or of an indirizzo.
type pronto struct{ campo, attributo, it, de, sl, fr, en string }

var pronti = []pronto{
	{"nome", "etichetta", "Nome", "Vorname", "Ime", "Prénom", "First name"},
	{"cognome", "etichetta", "Cognome", "Nachname", "Priimek", "Nom", "Surname"},
	{"codice_fiscale", "etichetta", "Codice fiscale", "Steuernummer", "Davčna številka", "Code fiscal", "Tax code (codice fiscale)"},
	{"nascita", "etichetta", "Data di nascita", "Geburtsdatum", "Datum rojstva", "Date de naissance", "Date of birth"},
	{"luogo_nascita", "etichetta", "Comune o stato estero di nascita", "Geburtsgemeinde oder ausländischer Geburtsstaat", "Občina ali tuja država rojstva", "Commune ou État étranger de naissance", "Municipality or foreign country of birth"},
	{"provincia_nascita", "etichetta", "Provincia di nascita", "Geburtsprovinz", "Pokrajina rojstva", "Province de naissance", "Province of birth"},
	{"sesso", "etichetta", "Sesso", "Geschlecht", "Spol", "Sexe", "Sex"},
	{"sesso", "opzioni.F", "Femminile", "Weiblich", "Ženski", "Féminin", "Female"},
	{"sesso", "opzioni.M", "Maschile", "Männlich", "Moški", "Masculin", "Male"},
	{"estero", "etichetta", "L'indirizzo è all'estero", "Die Adresse ist im Ausland", "Naslov je v tujini", "L'adresse est à l'étranger", "The address is abroad"},
	{"via", "etichetta", "Via o piazza", "Straße oder Platz", "Ulica ali trg", "Rue ou place", "Street or square"},
	{"via", "aiuto", "Con il tipo di strada, per esempio: Via Roma, Piazza Garibaldi", "Mit der Art der Straße, zum Beispiel: Romstraße, Waltherplatz", "Z vrsto ulice, na primer: Ulica Roma, Trg Garibaldi", "Avec le type de voie, par exemple : Rue de Rome, Place Chanoux", "With the kind of street, for example: Via Roma, Piazza Garibaldi"},
	{"civico", "etichetta", "Numero civico", "Hausnummer", "Hišna številka", "Numéro", "House number"},
	{"civico", "aiuto", "Se manca, scrivi snc", "Falls keine vorhanden ist, schreiben Sie snc", "Če je ni, vpišite snc", "S'il n'y en a pas, écrivez snc", "If there is none, write snc"},
	{"cap", "etichetta", "CAP", "Postleitzahl", "Poštna številka", "Code postal", "Postal code"},
	{"provincia", "etichetta", "Provincia", "Provinz", "Pokrajina", "Province", "Province"},
	{"provincia", "etichetta", "Provincia (sigla)", "Provinz (Kürzel)", "Pokrajina (kratica)", "Province (sigle)", "Province (two letters)"},
	{"provincia", "messaggio_schema", "Scrivi la sigla della provincia, due lettere: per esempio RM", "Geben Sie das Kürzel der Provinz mit zwei Buchstaben ein, zum Beispiel BZ", "Vpišite kratico pokrajine z dvema črkama, na primer TS", "Saisissez le sigle de la province, deux lettres : par exemple AO", "Write the two letters of the province, for example RM"},
	{"comune", "etichetta", "Comune", "Gemeinde", "Občina", "Commune", "Municipality"},
	{"cap_estero", "etichetta", "Codice postale", "Postleitzahl", "Poštna številka", "Code postal", "Postal code"},
	{"citta_estera", "etichetta", "Città", "Stadt", "Mesto", "Ville", "City"},
	{"stato", "etichetta", "Stato estero", "Ausländischer Staat", "Tuja država", "État étranger", "Foreign country"},
}

func (p pronto) in(l Lingua) string {
	switch l {
	case Tedesco:
		return p.de
	case Sloveno:
		return p.sl
	case Francese:
		return p.fr
	case Inglese:
		return p.en
	default:
		return ""
	}
}

// prontiPer finds the texts of the blocks of package modulo among those of the
// form: by the end of the id, the set they are in and the Italian words.
func (t *Traduzioni) prontiPer(prefisso string, cc []modulo.Campo) {
	for _, c := range cc {
		t.prontiPer(prefisso+c.ID+".", c.Campi)
		if c.Insieme == "" {
			continue
		}
		testi := map[string]string{}
		for _, a := range attributi(c) {
			testi[a.nome] = a.testo
		}
		for _, o := range c.Opzioni {
			testi["opzioni."+o.Valore] = o.Etichetta
		}
		for i, p := range pronti {
			if strings.HasSuffix(c.ID, "_"+p.campo) && testi[p.attributo] == p.it {
				t.pronti[chiaveCampo(prefisso+c.ID, p.attributo)] = i
			}
		}
	}
}
