// Package protocollotest is for the tests of whoever uses or implements package
// protocollo; production code never imports it.
//
// Finto is a fake registry that follows a Copione (script) of faults, and
// remembers every call and every number it gave, so that a test can say "never
// two numbers for one document".
//
// Verifica is the conformance kit: a vendor gives it a Fabbrica of fresh
// registries and learns what its adapter gets wrong. Prove gives the same checks
// as functions, for other harnesses.
package protocollotest
