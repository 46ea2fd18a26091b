package pratica

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// importoOnere is what an Onere asks for; dato is what the operator typed.
func importoOnere(x *contesto, o *servizio.Onere, dato decimal.Decimal) decimal.Decimal {
	if o == nil {
		return decimal.Zero
	}
	switch o.Origine {
	case servizio.ImportoFisso:
		return o.Importo
	case servizio.ImportoDalModulo:
		return o.ImportoDaModulo(x.p.Risposte)
	case servizio.ImportoOperatore:
		return dato
	default:
		return decimal.Zero
	}
}

// residuoAnticipato is what is left to pay before the request counts: what was
// paid on an earlier attempt to submit is not asked again.
func residuoAnticipato(x *contesto) decimal.Decimal {
	o := x.s.Anticipato()
	if o == nil {
		return decimal.Zero
	}
	dovuto := o.Importo
	if o.Origine == servizio.ImportoDalModulo {
		dovuto = o.ImportoDaModulo(x.valuta().Valori)
	}
	for _, p := range x.p.Pagamenti {
		if p.Momento == AllaRichiesta && p.Saldato() {
			dovuto = dovuto.Sub(p.Importo)
		}
	}
	return dovuto
}

// importoRilascio is the amount that RichiediPagamento asks for.
func importoRilascio(x *contesto) decimal.Decimal {
	d, ok := x.c.Dati.(RichiediPagamento)
	if !ok {
		return decimal.Zero
	}
	if d.Importo.IsPositive() {
		return d.Importo
	}
	return importoOnere(x, x.s.Posticipato(), decimal.Zero)
}

// pagamentoDaChiedere is what an approval must ask for, because nobody did before.
func pagamentoDaChiedere(x *contesto) decimal.Decimal {
	for i := range x.p.Pagamenti {
		if p := &x.p.Pagamenti[i]; p.Momento == AlRilascio && !p.Sostituito {
			return decimal.Zero
		}
	}
	dato := decimal.Zero
	if d, ok := x.c.Dati.(Approva); ok {
		dato = d.Importo
	}
	return importoOnere(x, x.s.Posticipato(), dato)
}

// chiedi adds the payment, divided over the accounts of the service.
func (d *decisione) chiedi(m Momento, o *servizio.Onere, importo decimal.Decimal, causale string, n Numero) error {
	if causale == "" {
		causale = o.Causale
	}
	if err := d.pagamentoNuovo(); err != nil {
		return err
	}
	numero := " - " + n.String() // the number is what finds the pratica again: a long reason gives way to it
	f := PagamentoRichiesto{ID: d.c.ID, Momento: m, Importo: importo, Causale: tronca(causale, pagamenti.MassimaCausale-len(numero)) + numero, Scadenza: fineGiorno(d.ora, o.GiorniScadenza)}
	if len(o.Capitoli) > 0 {
		quote := make([]pagamenti.Quota, len(o.Capitoli))
		for i, c := range o.Capitoli {
			quote[i] = pagamenti.Quota{Capitolo: c.Capitolo, Ufficio: c.Ufficio, Accertamento: c.Accertamento, Causale: f.Causale, Peso: c.Quota}
		}
		voci, err := pagamenti.Ripartisci(importo, quote)
		if err != nil {
			return &Errore{Codice: CodiceNonValido, Causa: err, Campi: []ErroreCampo{{"importo", "riparto", "L'importo non si può ripartire fra i capitoli del servizio."}}}
		}
		f.Voci = voci
	}
	d.inoltre(f)
	return nil
}

func (d *decisione) pagamentoNuovo() error {
	if len(d.p.Pagamenti) >= MassimoVoci {
		return troppi("pagamenti", "La pratica ha avuto troppe richieste di pagamento: rivolgiti all'ufficio.")
	}
	return d.nuovoID(func(id string) bool { return d.p.pagamento(id) != nil })
}

func tronca(s string, massimo int) string {
	r := []rune(s)
	if len(r) <= massimo {
		return s
	}
	return string(r[:massimo])
}

func (d *decisione) chiediPagamento(campi []ErroreCampo, importo decimal.Decimal, causale string) error {
	if _, err := pagamenti.Centesimi(importo); err != nil {
		campi = append(campi, ErroreCampo{"importo", "importo", "Indica un importo in euro maggiore di zero, con due decimali al massimo."})
	}
	if len(campi) > 0 {
		return nonValido(campi...)
	}
	return d.chiedi(AlRilascio, d.s.Posticipato(), importoRilascio(d.contesto), causale, d.p.Numero)
}

// rigenera asks for a new attempt in place of one that cannot be paid any more.
func (d *decisione) rigenera(c RigeneraPagamento) error {
	i := slices.IndexFunc(d.p.Pagamenti, func(p Pagamento) bool {
		return p.Aperto() && (c.Pagamento == "" || p.ID == c.Pagamento) && rigenerabile(p, d.ora)
	})
	if i < 0 {
		return nonAmmesso(Motivo{Codice: pagamentoRigenerabile.Codice, Messaggio: pagamentoRigenerabile.Testo})
	}
	if err := d.pagamentoNuovo(); err != nil {
		return err
	}
	v := d.p.Pagamenti[i]
	o := d.s.Posticipato()
	if v.Momento == AllaRichiesta {
		o = d.s.Anticipato()
	}
	giorni := 90
	if o != nil {
		giorni = o.GiorniScadenza
	}
	d.accade(PagamentoRichiesto{ID: d.c.ID, Momento: v.Momento, Importo: v.Importo, Causale: v.Causale, Voci: slices.Clone(v.Voci), Scadenza: fineGiorno(d.ora, giorni), Al: v.ID})
	return nil
}

func (d *decisione) registraPagamento(c RegistraPagamento) error {
	var campi []ErroreCampo
	f := PagamentoRegistrato{ID: c.Pagamento, Motivo: testo(&campi, "motivo", c.Motivo, true, "Scrivi come è stato pagato: la registrazione non si può annullare."), Riferimento: testo(&campi, "riferimento", c.Riferimento, false, "")}
	if c.Pagamento == "" {
		campi = append(campi, ErroreCampo{"pagamento", "obbligatorio", "Indica quale pagamento registri."})
	}
	if len(campi) > 0 {
		return nonValido(campi...)
	}
	d.accade(f)
	return d.prosegui()
}

// aggiornaPagamento records news of a payment; the same news twice, or older
// than what is known, changes nothing and is no error.
func (d *decisione) aggiornaPagamento(c AggiornaPagamento) error {
	i := slices.IndexFunc(d.p.Pagamenti, func(p Pagamento) bool { return p.ID == c.Posizione.ID })
	if i < 0 {
		return nonValido(ErroreCampo{"pagamento", "ignoto", "Il pagamento non è di questa pratica."})
	}
	nota := d.p.Pagamenti[i].Posizione
	nuova, cambiata := nota.Concilia(c.Posizione)
	if !cambiata {
		return nil
	}
	d.accade(PagamentoAggiornato{Posizione: nuova})
	if nuova.Stato != pagamenti.Pagato {
		return nil
	}
	return d.prosegui()
}

// appuntamento records news of a booking of this pratica.
func (d *decisione) appuntamento(pr appuntamenti.Prenotazione, perso bool) error {
	i := slices.IndexFunc(d.p.Appuntamenti, func(a Appuntamento) bool { return a.ID == pr.ID })
	if i < 0 {
		return nonValido(ErroreCampo{"appuntamento", "ignoto", "L'appuntamento non è di questa pratica."})
	}
	if v := d.p.Appuntamenti[i]; v.Prenotazione == pr && v.Perso == perso {
		return nil
	}
	d.accade(AppuntamentoAggiornato{Prenotazione: pr, Perso: perso})
	return nil
}
