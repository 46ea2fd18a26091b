package scrivania

import (
	"slices"
	"strconv"

	"github.com/sportello-digitale/pratiche/examples/portale/web"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// miei gives the offices of the service to which the operator belongs.
func (x *caso) miei() []opzione {
	var o []opzione
	for _, u := range x.sv.Uffici() {
		if x.a.DellUfficio(u.ID) {
			o = append(o, opzione{Valore: u.ID, Nome: u.Nome})
		}
	}
	return o
}

// campiSubentra asks for the office only where there is a choice.
func campiSubentra(x *caso) []campo {
	o := x.miei()
	if len(o) < 2 {
		return nil
	}
	return []campo{{Nome: "ufficio", Etichetta: "Ufficio per cui agisci", Tipo: menu, Opzioni: o}}
}

func campiAssegna(x *caso) []campo {
	var c []campo
	uffici := x.sv.Uffici()
	if len(uffici) > 0 {
		f := campo{Nome: "ufficio", Etichetta: "Ufficio", Tipo: menu}
		for _, u := range uffici {
			f.Opzioni = append(f.Opzioni, opzione{Valore: u.ID, Nome: u.Nome, Scelta: u.ID == x.p.Ufficio})
		}
		c = append(c, f)
	}
	f := campo{Nome: "operatore", Etichetta: "Operatore", Tipo: menu, Obbligatorio: len(uffici) == 0, Aiuto: "Sono elencati gli operatori abilitati a questo servizio."}
	for _, o := range x.s.p.Rubrica.Operatori() {
		if slices.Contains(o.Servizi, x.p.Servizio) && o.ID != x.p.Operatore {
			f.Opzioni = append(f.Opzioni, opzione{Valore: o.ID, Nome: nomeERuolo(o)})
		}
	}
	return append(c, f)
}

func nomeERuolo(o web.Operatore) string {
	if o.Ruolo == "" {
		return o.Nome
	}
	return o.Nome + " (" + o.Ruolo + ")"
}

func campiIntegrazione(x *caso) []campo {
	c := []campo{testo("testo", "Che cosa deve integrare il richiedente", "", true)}
	f := campo{Nome: "campi", Etichetta: "Campi del modulo da riaprire", Tipo: caselle, Aiuto: "Senza campi riaperti il richiedente risponde con un testo e con allegati."}
	for _, sz := range x.sv.Modulo().Sezioni() {
		for _, d := range sz.Campi {
			if d.Tipo == modulo.Nota || d.Calcolo != "" || x.dallIdentita(d.ID) {
				continue
			}
			nome := d.Etichetta
			if nome == "" {
				nome = d.Testo
			}
			if d.EtichettaInsieme != "" {
				nome = d.EtichettaInsieme + ": " + nome
			}
			o := opzione{Valore: d.ID, Nome: nome, Gruppo: sz.Titolo}
			f.Opzioni = append(f.Opzioni, o)
		}
	}
	if len(f.Opzioni) > 0 {
		c = append(c, f)
	}
	c = append(c, campo{Nome: "giorni", Etichetta: "Giorni per rispondere", Tipo: intero, Valore: strconv.Itoa(x.sv.GiorniIntegrazione()), Aiuto: "Da 1 a 365."})
	return append(c, x.campiFile(pratica.OrigineEnte)...)
}

// dallIdentita reports whether a field was filled from the applicant's identity:
// he cannot change it.
func (x *caso) dallIdentita(campo string) bool {
	_, precompilato := x.sv.Precompila()[campo]
	v, scritto := x.p.Risposte[campo].(string)
	return precompilato && scritto && v != ""
}

func campiAccetta(x *caso) []campo {
	f := campo{Nome: "messaggi", Etichetta: "Messaggi del richiedente", Tipo: caselle, Obbligatorio: true}
	aperta := x.p.IntegrazioneAperta()
	for _, m := range x.vista.Messaggi {
		if aperta != nil && m.DelCittadino && !m.Quando.Before(aperta.Richiesta) {
			o := opzione{Valore: m.ID, Nome: web.DataOra(m.Quando) + " – " + riassunto(m.Testo), Scelta: true}
			if n := len(m.File); n > 0 {
				o.Aiuto = "Allegati: " + strconv.Itoa(n)
			}
			f.Opzioni = append(f.Opzioni, o)
		}
	}
	return []campo{f}
}

func riassunto(s string) string {
	if r := []rune(s); len(r) > 160 {
		return string(r[:160]) + "…"
	}
	return s
}

func campiApprova(x *caso) []campo {
	c := []campo{testo("motivazione", "Motivazione", "Compare nel documento che il richiedente riceve.", false)}
	o := x.sv.Posticipato()
	chiesto := slices.ContainsFunc(x.p.Pagamenti, func(p pratica.Pagamento) bool { return p.Momento == pratica.AlRilascio && !p.Sostituito })
	if o != nil && o.Origine == servizio.ImportoOperatore && !chiesto {
		c = append(c, campo{Nome: "importo", Etichetta: "Importo da pagare per il rilascio", Tipo: euro, Aiuto: "Lascia vuoto se non è dovuto niente. Altrimenti l'esito si rilascia dopo il pagamento."})
	}
	return append(c, x.campiFile(pratica.OrigineEnte)...)
}

func campiPagamento(x *caso) []campo {
	o := x.sv.Posticipato()
	if o == nil {
		return nil
	}
	importo := campo{Nome: "importo", Etichetta: "Importo", Tipo: euro, Obbligatorio: o.Origine == servizio.ImportoOperatore}
	switch o.Origine {
	case servizio.ImportoFisso:
		importo.Aiuto = "Se lo lasci vuoto si chiede l'importo previsto dal servizio: " + web.Euro(o.Importo) + "."
	case servizio.ImportoDalModulo:
		importo.Aiuto = "Se lo lasci vuoto si chiede l'importo che risulta dal modulo: " + web.Euro(o.ImportoDaModulo(x.p.Risposte)) + "."
	case servizio.ImportoOperatore:
	default:
	}
	return []campo{importo, {Nome: "causale", Etichetta: "Causale", Tipo: unaRiga, Aiuto: "Senza dati personali. Se la lasci vuota: «" + o.Causale + "». Il numero della pratica si aggiunge da sé."}}
}

func campiRegistra(x *caso) []campo {
	f := campo{Nome: "pagamento", Etichetta: "Pagamento", Tipo: radio, Obbligatorio: true}
	for _, p := range x.p.Pagamenti {
		if p.Aperto() {
			f.Opzioni = append(f.Opzioni, opzione{Valore: p.ID, Nome: p.Causale + " – " + web.Euro(p.Importo)})
		}
	}
	if len(f.Opzioni) == 1 {
		f.Opzioni[0].Scelta = true
	}
	return []campo{f, testo("motivo", "Come è stato pagato", "", true),
		{Nome: "riferimento", Etichetta: "Numero della ricevuta", Tipo: unaRiga}}
}

func campiBollo(x *caso) []campo {
	f := campo{Nome: "quantita", Etichetta: "Numero di marche da bollo", Tipo: intero, Obbligatorio: true}
	if b := x.sv.BolloRilascio(); b != nil {
		f.Valore = strconv.Itoa(b.Quantita)
	}
	return []campo{f}
}

func campiMessaggio(x *caso) []campo {
	c := []campo{{Nome: "oggetto", Etichetta: "Oggetto", Tipo: unaRiga}, testo("testo", "Testo del messaggio", "", true)}
	return append(c, x.campiFile(pratica.OrigineMessaggio)...)
}

// campiFile are the files to send with an act: those that wait from an attempt
// before, and new ones.
func (x *caso) campiFile(o pratica.Origine) []campo {
	var c []campo
	f := campo{Nome: "allegati", Etichetta: "File già caricati", Tipo: caselle, Aiuto: "Togli la spunta a quelli da non inviare."}
	for _, v := range x.vista.Allegati {
		if v.InAttesa && v.Origine == o && !v.DelCittadino {
			f.Opzioni = append(f.Opzioni, opzione{Valore: v.ID, Nome: v.Nome + " (" + modulo.Dimensione(v.Dimensione) + ")", Scelta: true})
		}
	}
	if len(f.Opzioni) > 0 {
		c = append(c, f)
	}
	return append(c, campo{Nome: "nuovi", Etichetta: "Allegati", Tipo: carica, Aiuto: "PDF, immagini JPEG o PNG, testo, ODT, DOCX, P7M. Puoi sceglierne più di uno."})
}
