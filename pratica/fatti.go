package pratica

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// fatti turns the command into events. The conditions of the row hold already;
// what remains to check is the content of the command itself.
func (d *decisione) fatti() error {
	var campi []ErroreCampo
	switch c := d.c.Dati.(type) {
	case ApriBozza:
		d.apri()
	case SalvaBozza:
		r, err := risposteSalvabili(risposteBloccate(d.s, d.p.Risposte, c.Risposte))
		if err != nil {
			return err
		}
		d.accade(BozzaSalvata{Risposte: r})
	case EliminaBozza:
		d.accade(BozzaEliminata{})
	case Allega:
		return d.allega(c)
	case RimuoviAllegato:
		d.accade(AllegatoRimosso{ID: c.Allegato})
	case ScegliAppuntamento:
		if len(d.p.Appuntamenti) >= MassimoVoci {
			return troppi("appuntamenti", "La pratica ha avuto troppi appuntamenti: rivolgiti all'ufficio.")
		}
		if c.Prenotazione.Ente != d.p.Ente || c.Prenotazione.Riferimento != "" && c.Prenotazione.Riferimento != string(d.p.ID) {
			return nonValido(ErroreCampo{"appuntamento", "ignoto", "L'appuntamento non è di questa pratica."})
		}
		d.accade(AppuntamentoScelto(c))
	case Invia:
		return d.invia(c)
	case TornaInBozza:
		d.accade(RichiestaRiaperta{})
	case RigeneraPagamento:
		return d.rigenera(c)
	case InviaIntegrazione:
		return d.inviaIntegrazione(c)
	case PresentaOsservazioni:
		f := OsservazioniPresentate{Testo: testo(&campi, "testo", c.Testo, true, "Scrivi le tue osservazioni."), Allegati: d.allegati(&campi, c.Allegati, OrigineOsservazioni)}
		return d.concludi(campi, f, "", f.Allegati)
	case FornisciBollo:
		return d.fornisciBollo(c)
	case Ritira:
		return d.concludi(campi, PraticaChiusa{Motivo: testo(&campi, "motivo", c.Motivo, false, "")}, "", nil)
	case PrendiInCarico, Subentra:
		u, _ := ufficioScelto(d.contesto)
		d.accade(PresaInCarico{Operatore: d.c.Attore.ID, Ufficio: u})
	case Assegna:
		if c.Operatore == "" {
			d.accade(Assegnata{Ufficio: c.Ufficio})
		} else {
			u := c.Ufficio
			if u == "" {
				u = d.p.Ufficio // only the person changes
			}
			d.accade(PresaInCarico{Operatore: c.Operatore, Ufficio: u})
		}
	case RichiediIntegrazione:
		return d.richiediIntegrazione(c)
	case AccettaIntegrazione:
		return d.accettaIntegrazione(c)
	case AnnullaIntegrazione:
		f := IntegrazioneRevocata{ID: d.p.IntegrazioneAperta().ID, Motivo: testo(&campi, "motivo", c.Motivo, false, "")}
		return d.concludi(campi, f, "", nil)
	case PreavvisaRigetto:
		f := PreavvisoInviato{Motivi: testo(&campi, "motivi", c.Motivi, true, "Scrivi i motivi che ostano all'accoglimento (L. 241/1990, art. 10-bis)."), Scadenza: fineGiorno(d.ora, d.s.GiorniPreavviso())}
		return d.concludi(campi, f, "", nil)
	case Approva:
		return d.approva(c)
	case Rifiuta:
		f := EsitoDeciso{Motivazione: testo(&campi, "motivazione", c.Motivazione, true, "Scrivi la motivazione del rifiuto (L. 241/1990, art. 3)."), Allegati: d.allegati(&campi, c.Allegati, OrigineEnte)}
		return d.concludi(campi, f, "", f.Allegati)
	case RichiediPagamento:
		causale := testo(&campi, "causale", c.Causale, false, "")
		return d.chiediPagamento(campi, c.Importo, causale)
	case RegistraPagamento:
		return d.registraPagamento(c)
	case RichiediBollo:
		return d.richiediBollo(c)
	case ScriviMessaggio:
		if len(d.p.Messaggi) >= MassimoMessaggi {
			return troppi("messaggi", fmt.Sprintf("La pratica ha già %d messaggi, il massimo.", MassimoMessaggi))
		}
		if err := d.nuovoID(d.messaggioUsato); err != nil {
			return err
		}
		f := MessaggioScritto{ID: d.c.ID, Oggetto: testo(&campi, "oggetto", c.Oggetto, false, ""), Testo: testo(&campi, "testo", c.Testo, true, "Scrivi il testo del messaggio."), Allegati: d.allegati(&campi, c.Allegati, OrigineMessaggio)}
		return d.concludi(campi, f, "", nil)
	case Annota:
		if len(d.p.Note) >= MassimoNote {
			return troppi("note", fmt.Sprintf("La pratica ha già %d note, il massimo.", MassimoNote))
		}
		if err := d.nuovoID(d.notaUsata); err != nil {
			return err
		}
		return d.concludi(campi, NotaScritta{ID: d.c.ID, Testo: testo(&campi, "testo", c.Testo, true, "Scrivi il testo della nota.")}, "", nil)
	case Annulla:
		return d.concludi(campi, PraticaChiusa{Motivo: testo(&campi, "motivo", c.Motivo, true, "Scrivi il motivo dell'annullamento.")}, "", nil)
	case Riapri:
		return d.concludi(campi, PraticaRiaperta{Motivo: testo(&campi, "motivo", c.Motivo, true, "Scrivi il motivo della riapertura.")}, "", nil)
	case Archivia:
		return d.concludi(campi, PraticaChiusa{Motivo: testo(&campi, "motivo", c.Motivo, false, "")}, "", nil)
	case SpostaAppuntamento:
		return d.appuntamento(c.Prenotazione, false)
	case DisdiciAppuntamento:
		a := d.p.AppuntamentoAttivo()
		if c.Appuntamento != "" && c.Appuntamento != a.ID {
			return nonValido(ErroreCampo{"appuntamento", "appuntamento", "L'appuntamento indicato non è quello attivo."})
		}
		pr := a.Prenotazione
		pr.Stato = appuntamenti.Annullato
		d.accade(AppuntamentoAggiornato{Prenotazione: pr})
	case AggiornaAppuntamento:
		return d.appuntamento(c.Prenotazione, c.Perso)
	case RegistraDocumento:
		return d.documentoProdotto(c)
	case Protocolla:
		return d.protocolla(c)
	case AggiornaPagamento:
		return d.aggiornaPagamento(c)
	case Avvisa:
		if err := d.nuovoID(d.messaggioUsato); err != nil {
			return err
		}
		d.accade(MessaggioScritto{ID: d.c.ID, Oggetto: c.Oggetto, Testo: c.Testo, Automatico: true, Stato: c.Stato})
	case OscuraDati:
		f := d.p.resto()
		f.Motivo = testo(&campi, "motivo", c.Motivo, true, "Scrivi in base a che cosa i dati si oscurano, per esempio gli estremi del nulla osta allo scarto, senza nominare persone.")
		f.PrimaDelTermine = c.PrimaDelTermine
		return d.concludi(campi, f, "", nil)
	default:
		return nonValido(ErroreCampo{"comando", "ignoto", "Operazione sconosciuta."})
	}
	return nil
}

// concludi adds the event and its documents, or gives all the wrong fields.
func (d *decisione) concludi(campi []ErroreCampo, f Fatto, riferimento string, allegati []string) error {
	if len(campi) > 0 {
		return nonValido(campi...)
	}
	d.accade(f)
	d.documenti(riferimento, allegati)
	return nil
}

func (d *decisione) apri() {
	a := &d.c.Attore
	au := Autenticazione{Metodo: a.Metodo, Livello: int(a.Livello), Quando: d.ora}
	if a.Persona.CodiceFiscale == "" {
		au.Anonimo = ImpegnoAnonimo(a.Anonimo)
	}
	d.accade(BozzaAperta{
		Ente: a.Ente, Servizio: d.s.ID(), VersioneServizio: d.s.Versione(),
		Richiedente: a.Persona, Autenticazione: au, Risposte: precompila(d.s, &a.Persona),
	})
}

func (d *decisione) allega(c Allega) error {
	if len(d.p.Allegati) >= MassimoAllegati {
		return troppi("allegati", fmt.Sprintf("La pratica ha già %d allegati, il massimo.", MassimoAllegati))
	}
	al := c.Allegato
	var campi []ErroreCampo
	al.Nome = testo(&campi, "nome", al.Nome, true, "Il file non ha un nome.")
	if len(al.Nome) > MassimoNome || len(al.MIME) > MassimoNome || len(al.Campo) > MassimoNome || !valido(al.MIME) || !valido(al.Campo) {
		campi = append(campi, ErroreCampo{"nome", "lungo", fmt.Sprintf("Il nome del file supera i %d caratteri: accorcialo.", MassimoNome)})
	}
	if !formaSHA256.MatchString(al.SHA256) || al.Dimensione < 0 || al.ID == "" || len(al.ID) > pagamenti.MassimoID || !valido(al.ID) {
		campi = append(campi, ErroreCampo{"allegato", "incompleto", "Il file non è stato caricato: riprova."})
	}
	if !slices.Contains(originiAmmesse(d.p.Stato, d.c.Attore.Ruolo), al.Origine) {
		campi = append(campi, ErroreCampo{"origine", "origine", "In questa fase il file non può essere caricato così."})
	}
	if _, doppio := d.p.Allegato(al.ID); doppio {
		campi = append(campi, ErroreCampo{"allegato", "doppio", "Il file è già stato caricato."})
	}
	if len(campi) > 0 {
		return nonValido(campi...)
	}
	al.Di, al.Quando, al.Riferimento = d.c.Attore.firma(""), d.ora, ""
	d.accade(AllegatoAggiunto{Allegato: al})
	return nil
}

// formaSHA256 is the name of a file in the archive.
var formaSHA256 = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (d *decisione) messaggioUsato(id string) bool {
	return slices.ContainsFunc(d.p.Messaggi, func(m Messaggio) bool { return m.ID == id })
}

func (d *decisione) notaUsata(id string) bool {
	return slices.ContainsFunc(d.p.Note, func(n Nota) bool { return n.ID == id })
}

func originiAmmesse(s Stato, r Ruolo) []Origine {
	switch {
	case r == Operatore:
		return []Origine{OrigineEnte, OrigineMessaggio}
	case s == Bozza:
		return []Origine{OrigineRichiesta}
	case s == AttesaIntegrazione:
		return []Origine{OrigineIntegrazione, OrigineMessaggio}
	case s == AttesaOsservazioni:
		return []Origine{OrigineOsservazioni, OrigineMessaggio}
	default:
		return []Origine{OrigineMessaggio}
	}
}

func (d *decisione) invia(c Invia) error {
	esito := d.valuta()
	var campi []ErroreCampo
	for _, e := range esito.Errori {
		campi = append(campi, ErroreCampo{e.Percorso, e.Codice, e.Messaggio})
	}
	if c.Numero == (Numero{}) && d.p.Numero == (Numero{}) {
		campi = append(campi, ErroreCampo{"numero", "numero", "Manca il numero della richiesta."})
	}
	f := RichiestaInviata{Numero: c.Numero, Oggetto: d.s.Oggetto(), Risposte: esito.Valori, Ufficio: d.s.UfficioPer(esito.Valori)}
	if d.p.Numero != (Numero{}) { // sent before and reopened: it keeps its number
		f.Numero = d.p.Numero
	}
	if b := d.s.BolloRichiesta(); b != nil {
		importo, err := importoBollo(b.Importo, bolli.Istanza, d.ora)
		if err != nil {
			return err
		}
		f.Bollo = &Bollo{ID: "bollo-richiesta", Momento: AllaRichiesta, Quantita: b.Quantita, Importo: importo, Richiesto: d.ora, Esenzione: c.Esenzione, Forniti: slices.Clone(c.Bolli), Fornito: d.ora}
		campi = append(campi, controllaBolli(richiesto(*f.Bollo, b.Esenzioni), c.Bolli, c.Esenzione, d.ora)...)
	}
	if len(campi) > 0 {
		return nonValido(campi...)
	}
	residuo := residuoAnticipato(d.contesto)
	d.accade(f)
	if residuo.IsPositive() {
		return d.chiedi(AllaRichiesta, d.s.Anticipato(), residuo, "", f.Numero)
	}
	d.documenti("", nil)
	return nil
}

func (d *decisione) richiediIntegrazione(c RichiediIntegrazione) error {
	var campi []ErroreCampo
	giorni := c.Giorni
	if giorni == 0 {
		giorni = d.s.GiorniIntegrazione()
	}
	if giorni < 0 || giorni > 365 {
		campi = append(campi, ErroreCampo{"giorni", "giorni", "Indica un termine da 1 a 365 giorni."})
		giorni = 1
	}
	if len(d.p.Integrazioni) >= MassimoVoci {
		return troppi("integrazioni", "La pratica ha avuto troppe richieste di integrazioni.")
	}
	if err := d.nuovoID(func(id string) bool { return d.p.integrazione(id) != nil }); err != nil {
		return err
	}
	visti := map[string]bool{}
	for i, f := range c.Campi {
		// Answers are replaced whole: a field inside a group is reopened with its group.
		if _, ok := d.s.Modulo().Campo(f); !ok || visti[f] || strings.ContainsAny(f, ".[") {
			campi = append(campi, ErroreCampo{fmt.Sprintf("campi[%d]", i), "campo_ignoto", "Il modulo non ha questo campo, o è indicato due volte."})
			break
		}
		visti[f] = true
	}
	f := IntegrazioneChiesta{
		ID: d.c.ID, Testo: testo(&campi, "testo", c.Testo, true, "Scrivi che cosa il richiedente deve integrare."),
		Campi: append([]string{}, c.Campi...), Scadenza: fineGiorno(d.ora, giorni), Allegati: d.allegati(&campi, c.Allegati, OrigineEnte),
	}
	return d.concludi(campi, f, f.ID, f.Allegati)
}

// inviaIntegrazione keeps only the fields that the request reopened, and
// validates the form as it becomes.
func (d *decisione) inviaIntegrazione(c InviaIntegrazione) error {
	i := d.p.IntegrazioneAperta()
	var campi []ErroreCampo
	f := IntegrazioneConclusa{ID: i.ID, Testo: testo(&campi, "testo", c.Testo, false, ""), Allegati: d.allegati(&campi, c.Allegati, OrigineIntegrazione)}
	if len(i.Campi) > 0 {
		nuove := d.p.Risposte.Copia()
		for _, k := range i.Campi {
			if v, ok := c.Risposte[k]; ok {
				nuove[k] = v
			}
		}
		esito := d.s.Modulo().Valuta(nuove, opzioniModulo(d.p, d.s, d.ora))
		// What was right when it was sent and is not today (a day that is no longer
		// in the future) is not the applicant's to mend, unless it was reopened.
		prima := d.valuta().Errori
		for _, e := range esito.Errori {
			gia := slices.ContainsFunc(prima, func(v modulo.Errore) bool { return v.Percorso == e.Percorso && v.Codice == e.Codice })
			if !gia || slices.Contains(i.Campi, radice(e.Percorso)) {
				campi = append(campi, ErroreCampo{e.Percorso, e.Codice, e.Messaggio})
			}
		}
		f.Risposte = differenze(d.p.Risposte, esito.Valori)
	}
	if len(campi) == 0 && f.Testo == "" && len(f.Risposte) == 0 && len(f.Allegati) == 0 {
		campi = append(campi, ErroreCampo{"testo", "vuoto", integrazioneNonVuota.Testo})
	}
	return d.concludi(campi, f, i.ID, f.Allegati)
}

// radice gives the field of the form that holds a path: "figli" of "figli[1].nome".
func radice(percorso string) string {
	if i := strings.IndexAny(percorso, "[."); i >= 0 {
		return percorso[:i]
	}
	return percorso
}

func (d *decisione) accettaIntegrazione(c AccettaIntegrazione) error {
	i := d.p.IntegrazioneAperta()
	ammessi := messaggiDiRisposta(d.p)
	scelti := c.Messaggi
	if scelti == nil {
		scelti = ammessi
	}
	var campi []ErroreCampo
	f := IntegrazioneConclusa{ID: i.ID, Messaggi: append([]string{}, scelti...)}
	for n, id := range scelti {
		k := slices.IndexFunc(d.p.Messaggi, func(m Messaggio) bool { return m.ID == id && slices.Contains(ammessi, id) })
		if k < 0 || slices.Contains(scelti[:n], id) {
			campi = append(campi, ErroreCampo{fmt.Sprintf("messaggi[%d]", n), "messaggio", "Il messaggio non è una risposta alla richiesta, o è indicato due volte."})
			break
		}
		f.Allegati = append(f.Allegati, d.p.Messaggi[k].Allegati...)
	}
	if len(scelti) == 0 {
		campi = append(campi, ErroreCampo{"messaggi", "vuoto", "Scegli almeno un messaggio del richiedente."})
	}
	return d.concludi(campi, f, i.ID, f.Allegati)
}

func (d *decisione) approva(c Approva) error {
	var campi []ErroreCampo
	f := EsitoDeciso{Positivo: true, Motivazione: testo(&campi, "motivazione", c.Motivazione, false, ""), Allegati: d.allegati(&campi, c.Allegati, OrigineEnte)}
	if _, err := pagamenti.Centesimi(c.Importo); err != nil {
		campi = append(campi, ErroreCampo{"importo", "importo", "Indica un importo in euro, con due decimali al massimo."})
	}
	if o := d.s.Posticipato(); c.Importo.IsPositive() && (o == nil || o.Origine != servizio.ImportoOperatore) {
		campi = append(campi, ErroreCampo{"importo", "non_previsto", "L'importo del servizio non si fissa con l'approvazione: togli l'importo."})
	}
	importo, bollo := pagamentoDaChiedere(d.contesto), bolloDaChiedere(d.contesto)
	if len(campi) > 0 {
		return nonValido(campi...)
	}
	d.accade(f)
	if importo.IsPositive() {
		if err := d.chiedi(AlRilascio, d.s.Posticipato(), importo, "", d.p.Numero); err != nil {
			return err
		}
	}
	if bollo != nil {
		if err := d.chiediBollo(bollo.Quantita); err != nil {
			return err
		}
	}
	if d.t.A == EsitoPositivo {
		d.documenti("", f.Allegati)
	}
	return nil
}

func (d *decisione) documentoProdotto(c RegistraDocumento) error {
	doc := d.p.documento(c.ID)
	switch {
	case doc == nil || c.SHA256 == "" || c.Nome == "":
		return nonValido(ErroreCampo{"documento", "documento", "Il documento non è fra quelli della pratica."})
	}
	d.accade(DocumentoProdotto(c))
	return nil
}

func (d *decisione) protocolla(c Protocolla) error {
	doc := d.p.documento(c.Documento)
	switch {
	case doc == nil || c.Registrazione.Numero == "":
		return nonValido(ErroreCampo{"documento", "documento", "Il documento non è fra quelli della pratica, o manca il numero di protocollo."})
	}
	d.accade(DocumentoProtocollato{ID: c.Documento, Registrazione: c.Registrazione.Clone()})
	return nil
}
