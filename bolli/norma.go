package bolli

import "github.com/sportello-digitale/pratiche/pratica/termini"

// Norma is a citation of the law and the days on which it holds.
type Norma struct {
	Testo string         `json:"testo"`        // "DPR 642/1972, Tariffa parte I, art. 3"
	Dal   termini.Giorno `json:"dal,omitzero"` // first day; zero means that the beginning does not matter here
	Al    termini.Giorno `json:"al,omitzero"`  // last day, included; zero means in force
}

// Vigente reports whether the norm holds on that day.
func (n Norma) Vigente(giorno termini.Giorno) bool {
	return (n.Dal.IsZero() || !giorno.Prima(n.Dal)) && (n.Al.IsZero() || !n.Al.Prima(giorno))
}

// InizioTestoUnico is the day on which D.Lgs. 123/2025 takes the place of DPR
// 642/1972: 1 January 2027, put off from 1 January 2026 by the Milleproroghe
// decree of December 2025 (as the press reported it; not verified in the
// Gazzetta Ufficiale).
func InizioTestoUnico() termini.Giorno { return termini.Giorno{Anno: 2027, Mese: 1, Giorno: 1} }

var (
	inizioDLgs123 = InizioTestoUnico()
	ultimoDPR642  = inizioDLgs123.Piu(-1)
)
