package anagrafica

import (
	"fmt"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Calcola makes the code that DM 23/12/1976 gives for a person, without
// omocodia. Only the Anagrafe tributaria assigns codes: the result is for
// comparison and for filling in a form that the person then checks.
//
// Names may have blanks, apostrophes, hyphens and diacritics, and several parts;
// of a married woman the family name at birth counts. All that is wrong is given
// at once, as Errori: missing or non-Latin names, a day that does not exist, an
// unknown sex, a malformed place.
func Calcola(cognome, nome string, nascita termini.Giorno, sesso Sesso, luogo Belfiore) (CodiceFiscale, error) {
	var errs Errori
	c, esito := lettereCodice(cognome, estesa)
	if esito != testoBuono {
		errs = append(errs, errore(esito.codice(ErrCognomeVuoto, ErrCognomeLettere), CampoCognome))
	}
	n, esito := lettereCodice(nome, estesa)
	if esito != testoBuono {
		errs = append(errs, errore(esito.codice(ErrNomeVuoto, ErrNomeLettere), CampoNome))
	}
	if !esiste(nascita) {
		errs = append(errs, errore(ErrNascitaData, CampoNascita))
	}
	if !sesso.Valido() {
		errs = append(errs, errore(ErrSessoValore, CampoSesso))
	}
	if !luogo.Valido() {
		errs = append(errs, errore(ErrBelfioreFormato, CampoLuogoNascita))
	}
	if err := errs.Err(); err != nil {
		return "", err
	}
	giorno := nascita.Giorno
	if sesso == Femminile {
		giorno += 40
	}
	s := fmt.Sprintf("%s%s%02d%c%02d%s", siglaCognome(c), siglaNome(n),
		nascita.Anno%100, mesiCF[nascita.Mese-1], giorno, luogo)
	return CodiceFiscale(s + string(controlloAlfabetico(s))), nil
}

func esiste(g termini.Giorno) bool {
	_, err := termini.NuovoGiorno(g.Anno, g.Mese, g.Giorno)
	return err == nil
}

// siglaCognome takes the first three consonants, then the vowels, then X.
func siglaCognome(lettere string) string {
	consonanti, vocali := separa(lettere)
	return (consonanti + vocali + "XX")[:3]
}

// siglaNome is siglaCognome but for names of four or more consonants, of which
// the first, third and fourth count.
func siglaNome(lettere string) string {
	consonanti, _ := separa(lettere)
	if len(consonanti) >= 4 {
		return consonanti[:1] + consonanti[2:4]
	}
	return siglaCognome(lettere)
}

// separa splits capital letters in consonants and vowels, in their order.
func separa(lettere string) (consonanti, vocali string) {
	var c, v strings.Builder
	for i := range len(lettere) {
		if strings.IndexByte("AEIOU", lettere[i]) >= 0 {
			v.WriteByte(lettere[i])
		} else {
			c.WriteByte(lettere[i])
		}
	}
	return c.String(), v.String()
}
