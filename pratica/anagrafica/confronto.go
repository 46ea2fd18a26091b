package anagrafica

import "github.com/sportello-digitale/pratiche/pratica/termini"

// etaMassima is the age, in years, beyond which a birth date is a slip of the
// pen: nobody is known to have lived longer than 122.
const etaMassima = 130

// Discordanza is one disagreement between a codice fiscale and the data of a
// person. Campo is the field of Persona, Codice what is wrong with it; neither
// holds the data.
type Discordanza struct {
	Campo  string `json:"campo"`
	Codice Codice `json:"codice"`
}

// Messaggio is the Italian text for whoever compares the data.
func (d Discordanza) Messaggio() string { return d.Codice.Messaggio() }

// Confronta compares the code with the data that the person gives; a field not
// given is not compared. It gives nothing where they agree, and where the code
// has 11 digits, which say nothing of the person, only the checks of the code
// itself and of the date.
//
// A disagreement is a reason to ask, not a proof: codes are not always remade
// when a name is amended or a municipality merges into another. Omocodia makes
// no difference; the year is compared by its two digits; names with diaeresis
// agree both as "ue" and as "u". A birth date after oggi, or more than 130 years
// before it, is told too; a zero oggi leaves that out.
func (c CodiceFiscale) Confronta(p Persona, oggi termini.Giorno) []Discordanza {
	var d []Discordanza
	segna := func(campo string, cod Codice) { d = append(d, Discordanza{Campo: campo, Codice: cod}) }
	switch {
	case !c.Valido():
		segna(CampoCodiceFiscale, c.difetto())
	case p.CodiceFiscale != "" && compatta(string(p.CodiceFiscale)) != string(c):
		segna(CampoCodiceFiscale, ErrCodiceFiscaleDiscorde)
	}
	base, personale := c.personale()
	if personale {
		if p.Nome != "" && !concorda(p.Nome, base[3:6], siglaNome) {
			segna(CampoNome, ErrNomeDiscorde)
		}
		if p.Cognome != "" && !concorda(p.Cognome, base[:3], siglaCognome) {
			segna(CampoCognome, ErrCognomeDiscorde)
		}
	}
	switch cod := difettoNascita(p.Nascita, oggi); {
	case p.Nascita.IsZero():
	case cod != "":
		segna(CampoNascita, cod)
	case personale && (p.Nascita.Anno%100 != numero(base[6:8]) || p.Nascita.Mese != meseCF(base) || p.Nascita.Giorno != giornoCF(base)):
		segna(CampoNascita, ErrNascitaDiscorde)
	}
	if personale {
		if p.LuogoNascita.Belfiore != "" && p.LuogoNascita.Belfiore != c.Luogo() {
			segna(CampoLuogoNascita, ErrLuogoDiscorde)
		}
		if p.Sesso != "" && p.Sesso != c.Sesso() {
			segna(CampoSesso, ErrSessoDiscorde)
		}
	}
	return d
}

// concorda tries both ways of writing letters with diaeresis.
func concorda(nome, sigla string, di func(string) string) bool {
	for _, r := range [...]resa{estesa, semplice} {
		if l, t := lettereCodice(nome, r); t == testoBuono && di(l) == sigla {
			return true
		}
	}
	return false
}

// difettoNascita says what is wrong with a date of birth by itself.
func difettoNascita(g, oggi termini.Giorno) Codice {
	switch {
	case !esiste(g):
		return ErrNascitaData
	case oggi.IsZero():
		return ""
	case oggi.Prima(g):
		return ErrNascitaFutura
	case oggi.Anno-g.Anno > etaMassima:
		return ErrNascitaRemota
	default:
		return ""
	}
}
