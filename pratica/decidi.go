package pratica

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// Bounds of what a command may carry.
const (
	MassimoTesto    = 20_000 // bytes of any text of a command
	MassimoAllegati = 200    // attachments of one pratica
	MassimoMessaggi = 2_000  // messages of one pratica
	MassimoNote     = 2_000  // internal notes of one pratica
	MassimoVoci     = 200    // rounds of integrations, payments, bookings of one pratica: each
	MassimoNome     = 255    // bytes of the name of a file, of an id of an operator
	MassimoChiave   = 200    // bytes of an idempotency key
)

// Decidi says what happens when the command is given now: the events, in
// order, or an *Errore with every unmet condition and wrong field. It changes
// nothing and reads neither clock nor randomness. For ApriBozza p is a Pratica
// of which only ID is set. ora is an instant; it is kept in UTC.
//
// Guards live here. A caller that skips every page meets the same refusals.
func Decidi(p *Pratica, s *servizio.Servizio, c Comando, ora time.Time) ([]Evento, error) {
	if c.Dati == nil {
		return nil, nonValido(ErroreCampo{"comando", "vuoto", "Indica l'operazione da svolgere."})
	}
	if len(c.Chiave) > MassimoChiave {
		return nil, &Errore{Codice: CodiceTroppoGrande}
	}
	if p.Servizio != "" && p.Servizio != s.ID() {
		return nil, ErrNonConfigurato
	}
	// One allocation for all that a decision works on.
	w := &struct {
		c Comando
		x contesto
		d decisione
	}{c: c}
	w.x = contesto{p: p, s: s, c: &w.c, ora: ora.UTC()}
	t, err := w.x.transizione(c.Dati.Azione())
	if err != nil {
		return nil, err
	}
	w.d = decisione{contesto: &w.x, t: t}
	if err := w.d.fatti(); err != nil {
		return nil, err
	}
	return w.d.eventi, nil
}

// transizione finds the row for the action, or says why there is none.
func (x *contesto) transizione(az Azione) (*Transizione, error) {
	righe := Possibili(x.p.Stato, az)
	if len(righe) == 0 {
		if x.estraneo() {
			return nil, ErrNonAutorizzato
		}
		return nil, nonAmmesso(x.fuoriStato(az))
	}
	ammesso := false
	for i := range righe {
		t := &righe[i]
		if !x.puo(t.Chi) {
			continue
		}
		ammesso = true
		if t.Quando != nil && !t.Quando.vale(x) {
			continue
		}
		if motivi := x.mancanti(t); len(motivi) > 0 {
			return nil, &Errore{Codice: CodiceNonAmmesso, Motivi: motivi}
		}
		return t, nil
	}
	if ammesso {
		return nil, nonAmmesso(x.fuoriStato(az))
	}
	return nil, &Errore{Codice: CodiceNonAutorizzato, Motivi: x.percheNon(righe)}
}

// fuoriStato explains that the state does not allow the action; who was quicker
// is told by name of account.
func (x *contesto) fuoriStato(az Azione) Motivo {
	if !conDati.vale(x) {
		return Motivo{Codice: conDati.Codice, Messaggio: conDati.Testo}
	}
	if az == AzionePrendiInCarico && x.p.Operatore != "" && x.c.Attore.Ruolo == Operatore {
		return Motivo{Codice: senzaIncaricato.Codice, Messaggio: senzaIncaricato.Testo, Operatore: x.p.Operatore}
	}
	stato := x.p.Stato.Etichetta()
	if stato == "" {
		stato = "inesistente"
	}
	return Motivo{Codice: "stato", Messaggio: fmt.Sprintf("L'operazione «%s» non è possibile: la pratica è nello stato «%s».", az.Etichetta(), stato)}
}

func (x *contesto) mancanti(t *Transizione) []Motivo {
	var motivi []Motivo
	for _, se := range t.Se {
		if se.vale(x) {
			continue
		}
		m := Motivo{Codice: se.Codice, Messaggio: se.Testo}
		if se == conDati { // nothing else matters
			return []Motivo{m}
		}
		if se == senzaIncaricato {
			m.Operatore = x.p.Operatore
		}
		motivi = append(motivi, m)
	}
	return motivi
}

func (x *contesto) percheNon(righe []Transizione) []Motivo {
	if x.puo(Abilitato) {
		for i := range righe {
			if righe[i].Chi == Incaricato {
				return []Motivo{{Codice: "non_incaricato", Messaggio: "Solo l'operatore che ha in carico la pratica può svolgere questa operazione.", Operatore: x.p.Operatore}}
			}
		}
	}
	return nil
}

// puo reports whether the actor is the one a row asks for.
func (x *contesto) puo(chi Chi) bool {
	a := &x.c.Attore
	nuova := x.p.Versione == 0
	if a.Ente == "" || a.Ente != x.p.Ente && !nuova {
		return false
	}
	switch chi {
	case Richiedente:
		return a.Ruolo == Cittadino && (nuova || x.p.presenta(a) && a.Livello >= x.s.Accesso())
	case Abilitato:
		return a.ID != "" && a.AbilitatoA(x.p.Servizio)
	case Incaricato:
		return a.ID != "" && a.ID == x.p.Operatore && a.AbilitatoA(x.p.Servizio)
	case Automatico:
		return a.Ruolo == Sistema
	default:
		return false
	}
}

// estraneo reports whether the actor may not even see the pratica: he is told
// nothing of its state.
func (x *contesto) estraneo() bool {
	return !x.puo(Richiedente) && !x.puo(Abilitato) && !x.puo(Automatico)
}

// Presenta reports whether the actor is the applicant of the pratica: the same
// codice fiscale in the same identity, or the holder of the capability of an
// anonymous one.
func (p *Pratica) Presenta(a Attore) bool { return p.presenta(&a) }

func (p *Pratica) presenta(a *Attore) bool {
	if a.Ruolo != Cittadino {
		return false
	}
	if p.Richiedente.CodiceFiscale != "" {
		return a.Persona.CodiceFiscale == p.Richiedente.CodiceFiscale
	}
	return p.Autenticazione.Anonimo != "" && a.Anonimo != "" && ImpegnoAnonimo(a.Anonimo) == p.Autenticazione.Anonimo
}

// decisione collects the events of one command.
type decisione struct {
	*contesto
	t      *Transizione
	eventi []Evento
	// automatico: what follows happens by itself, whoever gave the command.
	automatico bool
	// dopo is p with the events applied, made only where a later event depends on it.
	dopo *Pratica
}

// accade adds the event of the transition.
func (d *decisione) accade(f Fatto) { d.aggiungi(d.t, f) }

func (d *decisione) aggiungi(t *Transizione, f Fatto) {
	da, a := t.Da, t.A
	d.eventi = append(d.eventi, Evento{
		Pratica: d.p.ID, Progressivo: d.p.Versione + len(d.eventi) + 1,
		Azione: t.Azione, Di: d.firma(), Quando: d.ora, Da: da, A: a, Fatto: f,
	})
	if d.dopo != nil {
		d.dopo.applica(&d.eventi[len(d.eventi)-1])
	}
}

// inoltre adds an event that happens in the state reached.
func (d *decisione) inoltre(f Fatto) {
	d.aggiungi(&Transizione{Da: d.t.A, A: d.t.A, Azione: d.t.Azione}, f)
}

func (d *decisione) firma() Firma {
	if d.automatico {
		return Firma{Ruolo: Sistema, ID: "sistema"}
	}
	if d.c.Attore.Ruolo != Operatore {
		return d.c.Attore.firma("")
	}
	switch d.c.Dati.(type) {
	case PrendiInCarico, Subentra:
		u, _ := ufficioScelto(d.contesto)
		return d.c.Attore.firma(u)
	default:
	}
	if d.c.Attore.ID == d.p.Operatore || d.c.Attore.DellUfficio(d.p.Ufficio) {
		return d.c.Attore.firma(d.p.Ufficio)
	}
	return d.c.Attore.firma("") // he acts as one enabled for the service, not for the office that has it
}

// prosegui follows the automatic transition when nothing is left to pay.
func (d *decisione) prosegui() error {
	if d.dopo == nil {
		d.dopo = d.p.copia()
		for i := range d.eventi {
			d.dopo.applica(&d.eventi[i])
		}
	}
	momento, ok := map[Stato]Momento{AttesaPagamento: AllaRichiesta, AttesaPagamentoFinale: AlRilascio}[d.dopo.Stato]
	if !ok || !d.dopo.saldato(momento) {
		return nil
	}
	y := contesto{p: d.dopo, s: d.s, c: &Comando{Attore: Attore{Ruolo: Sistema, Ente: d.dopo.Ente}, Dati: d.c.Dati}, ora: d.ora}
	t, err := y.transizione(AzioneProsegui)
	if err != nil {
		return err
	}
	d.automatico = true
	d.aggiungi(t, DovutiSaldati{})
	d.t = t
	d.documenti("", nil)
	return nil
}

// documenti asks for the documents of the transition, each with the attachments
// registered with it.
func (d *decisione) documenti(riferimento string, allegati []string) {
	for _, dov := range d.t.Documenti {
		doc := DocumentoChiesto{Tipo: dov.Tipo, Riferimento: riferimento}
		if dov.Direzione != "" {
			doc.Allegati = slices.Clone(allegati)
			if d.s.HaProtocollo() {
				doc.Direzione = dov.Direzione
			}
		}
		if dov.Tipo == DocIstanza {
			doc.Allegati = d.allegatiRichiesta()
		}
		if dov.Tipo == DocEsitoPositivo && doc.Allegati == nil && d.p.Esito != nil {
			doc.Allegati = slices.Clone(d.p.Esito.Allegati)
		}
		n := 1
		for _, g := range d.p.Documenti {
			if g.Tipo == dov.Tipo {
				n++
			}
		}
		doc.ID = string(dov.Tipo)
		if n > 1 {
			doc.ID = fmt.Sprintf("%s-%d", dov.Tipo, n)
		}
		d.inoltre(doc)
	}
}

// allegatiRichiesta are the files that the answers name, and those given
// outside of any field; what the applicant uploaded and then took out of an
// answer is not sent.
func (d *decisione) allegatiRichiesta() []string {
	risposte := d.p.Risposte
	for i := range d.eventi {
		if f, ok := d.eventi[i].Fatto.(RichiestaInviata); ok {
			risposte = f.Risposte
		}
	}
	nominati := map[string]bool{}
	nomina(risposte, nominati)
	var ids []string
	for _, a := range d.p.Allegati {
		if a.Origine == OrigineRichiesta && (a.Campo == "" || nominati[a.ID]) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// nomina collects every string of a value.
func nomina(v any, in map[string]bool) {
	switch x := v.(type) {
	case modulo.Risposte:
		for _, e := range x {
			nomina(e, in)
		}
	case map[string]any:
		for _, e := range x {
			nomina(e, in)
		}
	case []map[string]any:
		for _, e := range x {
			nomina(e, in)
		}
	case []any:
		for _, e := range x {
			nomina(e, in)
		}
	case []string:
		for _, e := range x {
			in[e] = true
		}
	case string:
		in[x] = true
	}
}

// testo checks a text of a command; the empty one is refused where obbligatorio.
func testo(campi *[]ErroreCampo, campo, v string, obbligatorio bool, chiedi string) string {
	v = strings.TrimSpace(v)
	switch {
	case v == "" && obbligatorio:
		*campi = append(*campi, ErroreCampo{campo, "obbligatorio", chiedi})
	case len(v) > MassimoTesto:
		*campi = append(*campi, ErroreCampo{campo, "lungo", fmt.Sprintf("Il testo supera i %d caratteri: accorcialo.", MassimoTesto)})
	case strings.ContainsRune(v, 0) || !valido(v):
		*campi = append(*campi, ErroreCampo{campo, "caratteri", "Il testo contiene caratteri non ammessi."})
	}
	return v
}

func valido(s string) bool { return utf8.ValidString(s) }

// nuovoID checks the id of what the command creates: it names a payment at the
// other side too (pagamenti.MassimoID), and must not name two things.
func (d *decisione) nuovoID(usato func(id string) bool) error {
	id := d.c.ID
	ok := id != "" && len(id) <= pagamenti.MassimoID
	for i := 0; ok && i < len(id); i++ {
		b := id[i]
		ok = b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '-' || b == '_'
	}
	if !ok || usato(id) {
		return nonValido(ErroreCampo{"id", "id", "L'operazione non ha un identificativo nuovo: riprova."})
	}
	return nil
}

func troppi(cosa, messaggio string) error {
	return &Errore{Codice: CodiceTroppoGrande, Motivi: []Motivo{{Codice: cosa, Messaggio: messaggio}}}
}

// allegati checks that the files named are there, wait to be sent and were put
// by the same side; nil means all that wait with that origin.
func (d *decisione) allegati(campi *[]ErroreCampo, ids []string, o Origine) []string {
	if ids == nil {
		for _, a := range d.p.Allegati {
			if a.Origine == o && a.Riferimento == "" && a.Di.Ruolo == d.c.Attore.Ruolo && (a.Di.Ruolo == Cittadino || a.Di.ID == d.c.Attore.ID) {
				ids = append(ids, a.ID)
			}
		}
		return ids
	}
	if len(ids) > MassimoAllegati {
		*campi = append(*campi, ErroreCampo{"allegati", "troppi", fmt.Sprintf("Scegli al massimo %d allegati.", MassimoAllegati)})
		return nil
	}
	visti := map[string]bool{}
	for i, id := range ids {
		a, ok := d.p.Allegato(id)
		if !ok || visti[id] || a.Riferimento != "" || a.Origine == OrigineRichiesta || a.Di.Ruolo != d.c.Attore.Ruolo {
			*campi = append(*campi, ErroreCampo{fmt.Sprintf("allegati[%d]", i), "allegato", "L'allegato non c'è o è già stato inviato: caricalo di nuovo."})
		}
		visti[id] = true
	}
	return append([]string{}, ids...)
}
