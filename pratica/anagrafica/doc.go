// Package anagrafica holds the persons and the identifiers of Italian
// administration: codice fiscale (tax code), partita IVA (VAT number), IBAN,
// CAP (post code), PEC (certified mail) and ordinary e-mail addresses.
//
// The package is pure: no I/O, no clock, no state. Today's date, where a rule
// needs it, is an argument. Every value may be used by several goroutines.
//
// # Reading and holding
//
// Each identifier is a string type with a Leggi… function that normalises what
// a person typed (spaces, case) and checks it. The result is the canonical
// form, and reading it again gives it back unchanged. A conversion from string,
// or JSON, checks nothing, because a draft may hold a value that is still
// wrong: Valido says whether a held value is canonical and correct.
//
// Correct means well formed. Only the Anagrafe tributaria knows whether a
// codice fiscale was assigned, and to whom (D.P.R. 605/1973).
//
// # Personal data
//
// Errors carry a code and a field, never the value. Every type that holds
// personal data is a [log/slog.LogValuer] that writes "[riservato]". String
// gives the whole value: it is meant for documents and pages, not for logs.
//
// # Sources
//
// D.P.R. 29 settembre 1973 n. 605 (Anagrafe tributaria and codice fiscale);
// DM Finanze 23 dicembre 1976 (G.U. 345 of 29-12-1976, how the codes are made);
// D.P.R. 26 ottobre 1972 n. 633, art. 35 (partita IVA); Agenzia delle entrate,
// circolare 34/E of 20 luglio 2011 (letters with diacritics); ISO 13616 and ISO
// 7064 (IBAN); D.P.R. 11 febbraio 2005 n. 68 (PEC).
package anagrafica
