package pratica

import (
	"errors"
	"fmt"
)

// formali are the formal steps: each must produce a document and say in which
// direction it is registered.
var formali = map[passo]bool{
	{Bozza, AzioneInvia}: true, {AttesaPagamento, AzioneProsegui}: true,
	{InCarico, AzioneRichiediIntegrazione}: true, {AttesaIntegrazione, AzioneInviaIntegrazione}: true, {AttesaIntegrazione, AzioneAccettaIntegrazione}: true,
	{InCarico, AzionePreavvisaRigetto}: true, {AttesaOsservazioni, AzionePresentaOsservazioni}: true,
	{InCarico, AzioneApprova}: true, {InCarico, AzioneRifiuta}: true, {AttesaOsservazioni, AzioneApprova}: true, {AttesaOsservazioni, AzioneRifiuta}: true,
	{AttesaPagamentoFinale, AzioneProsegui}: true,
}

// formale reports whether a step is formal; withdrawing and revoking always are,
// once the request was presented.
func formale(k passo) bool {
	return formali[k] || k.az == AzioneRitira || k.az == AzioneAnnulla && k.da != AttesaPagamento
}

// ControllaTabella is the linter of a transition table: every state known and
// reachable, every state that is not final with an exit, no exit from a final
// one but reopening, every formal step with its document and direction, no row
// that another one hides.
func ControllaTabella(tabella []Transizione) error {
	var errori []error
	male := func(f string, a ...any) { errori = append(errori, fmt.Errorf(f, a...)) }
	raggiunti, uscite := map[Stato]bool{"": true}, map[Stato]bool{}
	for cambia := true; cambia; {
		cambia = false
		for _, t := range tabella {
			if raggiunti[t.Da] && !raggiunti[t.A] {
				raggiunti[t.A], cambia = true, true
			}
		}
	}
	type chiave struct {
		passo
		chi Chi
	}
	incondizionate := map[chiave]bool{}
	for i, t := range tabella {
		if t.Da != "" && !t.Da.Valido() || t.A != "" && !t.A.Valido() {
			male("riga %d: stato sconosciuto fra %q e %q", i, t.Da, t.A)
		}
		switch t.Chi {
		case Richiedente, Abilitato, Incaricato, Automatico:
		default:
			male("riga %d: nessuno può %q da %q (%q)", i, t.Azione, t.Da, t.Chi)
		}
		if !t.Azione.Valida() {
			male("riga %d: azione sconosciuta %q", i, t.Azione)
		}
		if t.Da != t.A {
			uscite[t.Da] = true
			if t.Da.Finale() && t.Azione != AzioneRiapri {
				male("riga %d: lo stato finale %q ha un'uscita con %q", i, t.Da, t.Azione)
			}
		}
		k := chiave{passo{t.Da, t.Azione}, t.Chi}
		if incondizionate[k] {
			male("riga %d: %q da %q è nascosta da una riga precedente", i, t.Azione, t.Da)
		}
		if t.Quando == nil {
			incondizionate[k] = true
		}
		if formale(k.passo) && t.A != AttesaPagamento && t.A != AttesaPagamentoFinale {
			if len(t.Documenti) == 0 {
				male("riga %d: il passo formale %q da %q non produce documenti", i, t.Azione, t.Da)
			} else if t.Documenti[0].Direzione == "" {
				male("riga %d: il documento di %q da %q non ha direzione", i, t.Azione, t.Da)
			}
		}
	}
	for _, s := range Stati() {
		if !raggiunti[s] {
			male("stato %q irraggiungibile", s)
		}
		if !s.Finale() && !uscite[s] {
			male("stato %q senza uscita", s)
		}
	}
	return errors.Join(errori...)
}
