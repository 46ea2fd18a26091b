// Package pratica is the heart of the library: the aggregate of one digital
// procedure (pratica) of an Italian municipality, its commands, its events and
// the one table of states and transitions.
//
// The package is pure. Decidi takes the pratica, the configuration of its
// service, a command and the time, and gives the events that happen or a
// refusal with every reason; Applica is the only thing that changes a Pratica.
// Time, ids and random salts are arguments. Reading from a database, asking for
// a registry number, drawing a PDF are effects (Effetti): records that the
// storage commits together with the events and that package sportello carries
// out afterwards.
//
// # Words
//
//	pratica        one request of a citizen, from draft to outcome
//	richiedente    who asks (the applicant)
//	iter           the list of events of a pratica, hash-chained
//	presa in carico  an operator takes the pratica in charge and answers for it
//	integrazione   an addition that the office asks for (L. 241/1990, art. 6, c. 1, lett. b)
//	preavviso di rigetto  notice of the reasons against, before a refusal (L. 241/1990, art. 10-bis)
//	esito          the outcome: accoglimento or rifiuto
//	protocollo     the official registry (DPR 445/2000, art. 53)
//	fascicolo      the file in the registry that collects documents (DPR 445/2000, art. 64)
//	bollo          stamp duty (DPR 642/1972)
//	oscuramento    the erasure of the personal data of a pratica that ended (see Oscura)
//	scarto         the discarding of documents of a public archive (D.Lgs. 42/2004, art. 21, c. 1, lett. d)
//	ente, ufficio  the public body; one of its offices
package pratica
