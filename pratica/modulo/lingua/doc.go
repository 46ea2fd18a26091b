// Package lingua holds the texts of the forms in the languages that an ente
// writes to people in: Italian, German (Alto Adige, DPR 574/1988), Slovenian
// (Friuli Venezia Giulia, L. 38/2001), French (Valle d'Aosta, Statuto art. 38)
// and English.
//
// The fixed texts (buttons, help, counts, messages of the errors by code) are
// part of the program: see [Lingua.Testo] and [Lingua.Conta]. The texts of one
// form are its author's; their translations are a bundle keyed by path (see
// [Voci]), checked as a whole by [Compila] against the form. An [Interprete]
// puts the two together.
//
// A translation that is empty or missing falls back to Italian, and the [Testo]
// says so, for the page to mark it with lang="it" (WCAG 3.1.2). Answers are
// codes and stay what they are: only the presentation changes.
//
// The package is pure; everything in it is immutable and safe for concurrent use.
package lingua
