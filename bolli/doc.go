// Package bolli holds the rules of the imposta di bollo (stamp duty): how much
// is due on an act, who is exempt, what a contrassegno (the stamp, on paper or
// digital) must be like, and the port Emettitore to those who issue digital ones.
//
// The law is data with the days from which and to which it holds, each row with
// its source: Importo, Esenzioni. DPR 642/1972 gives way to D.Lgs. 123/2025 on
// 1 January 2027 (the original start, 1 January 2026, was put off); rows whose
// text nobody has verified at the source are marked Incerta and may be replaced
// by the ente (Tariffa, Catalogo).
//
// That a stamp is not used twice is for whoever keeps them to enforce, in the
// same transaction that accepts the act: one Contrassegno.Chiave, in the space
// named Ambito, at most once per ente.
//
// The package knows nothing of the pratica. Sub-packages: cartacea, the rules
// of paper stamps.
package bolli
