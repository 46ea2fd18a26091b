// Package modulo is the form (modulo) that a citizen fills in: ordered sections
// of typed fields, with conditions, computed values and checks.
//
// A [Definizione] is data, read from JSON by [Leggi] or written in Go. [Compila]
// checks it as a whole and gives a [Modulo], which is immutable and safe for
// concurrent use. [Modulo.Valuta] takes the answers (risposte) as posted and
// gives them back clean, with every error at once; [Modulo.Riepiloga] gives the
// summary (riepilogo) that page and PDF both print.
//
// # What a form is made of
//
// The types of field are those of [Tipi]. A gruppo repeats its fields in rows,
// and one of them may be a gruppo again: "figli[1].vaccini[0].data". A field of
// the types of [TipiComposti] is written out by Compila: persona, indirizzo, or a
// [Blocco] of the definition, whose fields become "<campo>_<figlio>", drawn
// together by their Insieme. [Modulo.Sezioni] gives the form so written out,
// [Modulo.Definizione] as its author wrote it.
//
// What JSON cannot hold is given to Compila in Go, as a [Fornitura]: the options
// of a choice ([Elenco], by the value of another field where DipendeDa says so)
// and what expressions cannot say ([Estensione]). The same definition must be
// compiled with the same forniture wherever it is used.
//
// Before anybody is asked, [Modulo.Precompila] takes answers from a list of
// [Fonte]: some are locked (Opzioni.Precompilate), the others are only first
// answers of a new draft. At submission, [Esito.Univoci] says which values no
// other pratica may have, and [Modulo.Testi] to which words somebody said yes.
//
// # What is guaranteed
//
//   - Unknown keys are dropped; hidden values are cleared before anything else
//     can use them; computed values are always computed here, whatever was posted.
//   - Closed choices are always checked, in drafts too, against the definition
//     or against their Elenco.
//   - A consenso is given by who consents: no default, no source, no extension
//     and no computation gives it.
//   - An Estensione, an Elenco or a Fonte that panics stops nothing and lets
//     nothing through.
//   - Numbers are never floats: see [Modulo.Valuta] for the text of each type.
//   - Everything is bounded: see the Limite constants.
//
// # Expressions
//
// Se ("if": visible when true), ObbligatorioSe (required when true), Calcolo
// (computed value) and the condition of a [Regola] are expressions in the
// grammar of github.com/expr-lang/expr, of which only this part is accepted:
//
//	fields        reddito, tipo, figli        by id; riga.eta is a field of the same row of a gruppo,
//	                                          sopra.nome one of the row around it; in a Blocco, its own by their id
//	literals      12.50  "testo"  true        a number is read as a decimal, digit by digit
//	operators     + - * /   == != < <= > >=   and or not   ? :   in ["a","b"]   contains startsWith endsWith
//	oggi()        the civil day given in Opzioni
//	giorno(t)     the day of an ISO text constant, giorno("2026-03-31")
//	eta(g)        whole years from g to today; eta(g, h) to another day
//	giorni(g, h)  days from g to h, negative if h comes before
//	anno(g)       the year of a day
//	somma(gruppo, "campo")   sum of a numeric field over the rows; gruppo may be riga.vaccini
//	conta(x)      rows of a gruppo, files of a file field, choices of a scelta_multipla
//	conta(gruppo, "campo")   rows whose si_no (dichiarazione, consenso) field is true
//	minimo(a, b)  massimo(a, b)  arrotonda(n, cifre)
//	vuoto(x)      true if the field holds nothing (not for si_no: write not x)
//
// There are no loops, no variables, no calls of Go methods. Types are checked
// when the form is compiled, and so is the comparison of a choice with a code
// that is not among its options.
//
// Arithmetic is exact on decimals; a quotient is rounded to 20 decimal places.
// An empty number counts as zero in + and -, unless both sides are empty; in *
// and / the result is empty; a division by zero is empty. Comparing with an
// empty number or day by < <= > >= is false. A computed importo is rounded to
// the cent, half away from zero. An unanswered si_no is false.
//
// The package is pure: no clock, no files, no network.
package modulo
