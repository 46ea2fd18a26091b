// Package proiezione holds what every store must do alike, so that a list, a
// search or a refusal is the same on each: the row that a list shows, the
// folding of searched text, the cursor of a page, the checks of what is written.
package proiezione

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// Riga gives the row of a pratica; attenzione says whether one of its effects
// needs somebody.
func Riga(p *pratica.Pratica, attenzione bool) storage.Riga {
	r := storage.Riga{
		ID: p.ID, Versione: p.Versione, Servizio: p.Servizio, Stato: p.Stato, Numero: p.Numero, Oggetto: p.Oggetto,
		Richiedente: p.Richiedente.Denominazione(), CodiceFiscale: string(p.Richiedente.CodiceFiscale),
		Ufficio: p.Ufficio, Operatore: p.Operatore,
		Creata: p.Creata, PresentataIl: p.PresentataIl, CambioStato: p.CambioStato, Aggiornata: p.Aggiornata,
		Attenzione: attenzione,
	}
	if g, ok := p.Protocollo(); ok {
		r.Protocollo = g.String()
	}
	return r
}

// Presentazione is the instant by which PerPresentazione orders: that of the
// submission, for drafts that of the creation.
func Presentazione(r *storage.Riga) time.Time {
	if r.PresentataIl.IsZero() {
		return r.Creata
	}
	return r.PresentataIl
}

// Testo is the folded text in which Filtro.Testo searches, a field a line.
func Testo(r *storage.Riga) string {
	campi := []string{r.Numero.String(), r.Protocollo, r.Richiedente, r.CodiceFiscale, r.Oggetto}
	for i := range campi {
		campi[i] = Piega(campi[i])
	}
	return strings.Join(campi, "\n")
}

// Parole gives the folded words of a search, all of which Testo must contain.
func Parole(s string) []string { return strings.Fields(Piega(s)) }

// Piega folds case, accents and compatibility forms away; control characters
// become spaces, broken UTF-8 the replacement character.
func Piega(s string) string {
	s = norm.NFKD.String(strings.ToValidUTF8(s, "\uFFFD"))
	// Fold turns some scripts (Cherokee) to capitals and back at every call; up
	// and down again makes folding twice change nothing.
	s = norm.NFKD.String(strings.ToLower(strings.ToUpper(cases.Fold().String(s))))
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
}
