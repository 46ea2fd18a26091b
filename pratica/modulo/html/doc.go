// Package html renders the sections of a form (modulo.Modulo) as HTML fragments
// in the markup of Bootstrap Italia, and reads what the browser posts back.
//
// The fragments work without JavaScript and hold no script and no style, so
// they live under the strictest Content-Security-Policy. The host supplies the
// page around them, the CSRF token and the URL of the action. What it does with
// a post is always the same:
//
//  1. risposte, azione := html.Leggi(m, sezione, precedenti, form)
//  2. store every file part of the request (also where azione is not Carica:
//     a file may have been chosen without pressing "Carica") and put its id
//     into the answers with modulo.ConFile
//  3. save risposte: they hold what was typed, hidden fields included, so that
//     nothing is lost when a condition flips back
//  4. esito := m.Valuta(risposte, …); on Avanti with errors of this section show
//     it again (status 422), otherwise redirect (303)
//
// # Names of the controls
//
// A control is named by the path of its answer ("nome", "figli[0].nome"); the
// three inputs of a day have .giorno, .mese and .anno after it; "figli._righe"
// tells how many rows were shown. Buttons are named "_azione", their values are
// read by Leggi.
package html
