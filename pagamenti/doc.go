// Package pagamenti says what a citizen owes to an ente (the public body, for
// instance a Comune) and how it is paid: the dovuto (the debt), the posizione
// (what the payment system knows of it) and the port Tramite to the system
// that collects the money.
//
// The package holds types and rules only. It knows nothing of the pratica that
// causes the debt and may be used alone. Implementations of Tramite are
// sub-packages: interno for demos and tests, pagopa for the national node.
//
//	Dovuto ──Crea──► Posizione in_attesa ──► avviato ──► pagato
//	                     │  ▲                   │
//	                     │  └──── fallito ◄─────┤      fallito is never a dead end
//	                     └──► scaduto, annullato ──► pagato, marked FuoriTermine
//
// A return of the browser to RitornoURL never proves a payment: only Tramite.Stato,
// or a notification reconciled with Posizione.Concilia, moves a position.
//
// Words: IUV (identificativo univoco di versamento) is the reference the payer
// quotes, NAV (numero avviso) its 18-digit form on the notice, IUD
// (identificativo univoco dovuto) the id of the debt for the creditor, IUR
// (identificativo univoco di riscossione) the id of the collection given by the
// PSP (the bank or other payment service provider). Source: SANP, the pagoPA
// specifications (Specifiche attuative del nodo dei pagamenti).
package pagamenti
