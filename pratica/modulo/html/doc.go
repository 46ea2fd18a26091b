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
// Where StatoModulo.Riaperti is used, step 1 is StatoModulo.Leggi with the same
// state, and step 2 asks StatoModulo.Modificabile first.
//
// # Languages
//
// Italian is the default. Renderer.In and StatoModulo.Lingua choose another of
// package lingua; the fragment then carries lang, and each text that is not in
// that language (a translation that is missing) a lang of its own. Posted values
// are codes, the same in every language.
//
// # Templates
//
// Config.Modelli holds files that take the place of single templates: "menu.html"
// is the body of the template "menu". The names are those of the files of this
// package's folder modelli: a field is printed by nota, testo, testo_lungo, menu
// (select), radio, caselle, dichiarazione, data, file, gruppo, lettura and
// lettura_lunga (read-only); its parts by aiuto, errore, asterisco,
// asterisco_gruppo, aggiorna, documento; the rest by insieme, sezione, richiesta,
// titolo, testo_titolo, riepilogo, voci, linee, stepper, passo and compiti.
// "tipo-iban.html" prints the fields of one type, while they can be changed.
//
// A template sees what ours print: most of all {{.Attributi}}, all the attributes
// of the control but type and class (id, name, value, required, aria-invalid,
// aria-describedby…), {{.Gruppo}} for the fieldset of a group, {{.ID}},
// {{.Etichetta}}, {{.Aiuto}}, {{.Errori}}, {{.Obbligatorio}}, {{.Opzioni}} and,
// for the fixed texts, {{.T "avanti"}}. Escaping is that of html/template, by
// context; there are no functions beyond its own. New prints a form of every type
// with them: what does not parse, breaks or loses the id that the summary of the
// errors links to is refused.
//
// # Names of the controls
//
// A control is named by the path of its answer ("nome", "figli[0].nome"); the
// three inputs of a day have .giorno, .mese and .anno after it; "figli._righe"
// tells how many rows were shown. Buttons are named "_azione", their values are
// read by Leggi.
package html
