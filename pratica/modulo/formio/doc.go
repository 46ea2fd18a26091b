// Package formio imports forms written for Form.io and processes what citizens
// send with them as @formio/core 2.8.3 does on a server, without JavaScript
// hosts: no browser, no network, no files.
//
// Leggi reads a definition, Importa compiles it into a Modulo and says in a
// Rapporto (report) what became of each component, Modulo.Elabora processes a
// submission: it gives the data clean, the paths hidden, the values computed
// and every error at once.
//
// # Order
//
// Components are taken depth first. Of each: default value, calculation,
// conditions, logic, normalisation, clearing of what is hidden; then its
// children; then the filter, which keeps only what components have made, and
// the validation. A condition therefore reads the values of the components
// after it as they were sent.
//
// # Deny by default
//
// A validation that cannot be run refuses the value (rule "nonVerificabile"),
// and so does a type of component that is not known, unless OpzioniImporta says
// as what to treat it, and a calculation that cannot be repeated. A condition
// that cannot be run leaves the component visible, and validated. All this is
// in the Rapporto.
//
// # Rules
//
// Errore.Regola is the name that @formio/core gives: required, minLength,
// maxLength, minWords, maxWords, pattern, mask, email, url, number, min, max,
// date, day, time, minDate, maxDate, minYear, maxYear, minSelectedCount,
// maxSelectedCount, array, array_nonempty, nonarray, onlyAvailableItems, custom,
// json. Ours are nonVerificabile, forma, limite and, for the types of the
// Stanza del Cittadino, appuntamento, firma, nomiUguali and quadratura (the
// entries of payment_financial_report must add up to payment_amount).
//
// That a value is unique, what a remote source offers, and the content of files
// are not judged here: the Rapporto says where.
//
// # Deliberate differences
//
// Differenze lists where this package departs from Form.io. Opzioni.Fedele
// switches them off: it is there to be held against the original.
//
// # Bounds
//
// See the Limite constants. Work is counted in steps, so that the same
// submission always ends the same way; only scripts, and patterns with
// look-around, are bounded in time as well, far above what an honest one takes.
// The package is pure: the instant and the time zone are options.
package formio
