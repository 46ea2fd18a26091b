package pratica_test

import (
	"encoding/json"
	"errors"
	"flag"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

// configurazioneACaso draws a service: each part there or not.
func configurazioneACaso(t *rapid.T) servizio.Configurazione {
	c := completa()
	si := func(nome string) bool { return rapid.Bool().Draw(t, nome) }
	if !si("protocollo") {
		c.Protocollo = nil
	}
	if !si("uffici") {
		c.Uffici, c.Assegnazione = nil, nil
	}
	onere := func(nome string, origini ...servizio.OrigineImporto) *servizio.Onere {
		o := &servizio.Onere{Origine: rapid.SampledFrom(append(origini, "")).Draw(t, nome), Causale: "Diritti"}
		switch o.Origine {
		case "":
			return nil
		case servizio.ImportoFisso:
			o.Importo = euro("10")
		case servizio.ImportoDalModulo:
			o.Campo = "diritti"
		default:
		}
		return o
	}
	c.Pagamenti = &servizio.Pagamenti{
		Anticipato:  onere("anticipato", servizio.ImportoFisso, servizio.ImportoDalModulo),
		Posticipato: onere("posticipato", servizio.ImportoFisso, servizio.ImportoDalModulo, servizio.ImportoOperatore),
	}
	c.Bolli = &servizio.Bolli{}
	if si("bollo richiesta") {
		c.Bolli.Richiesta = &servizio.Bollo{Quantita: 1, Esenzioni: []string{"B16"}}
	}
	if si("bollo rilascio") {
		c.Bolli.Rilascio = &servizio.Bollo{Quantita: 1, Esenzioni: []string{"B16"}}
	}
	if !si("appuntamenti") {
		c.Appuntamenti = nil
	} else {
		c.Appuntamenti.Obbligatorio = si("obbligatorio")
	}
	if !si("integrazioni") {
		c.Integrazioni = nil
	}
	if !si("preavviso") {
		c.Preavviso = nil
	}
	if si("inoltro") {
		c.Flusso, c.Riapertura, c.Integrazioni, c.Preavviso = servizio.Inoltro, false, nil, nil
		c.Pagamenti.Posticipato, c.Bolli.Rilascio = nil, nil
	}
	if c.Pagamenti.Anticipato == nil && c.Pagamenti.Posticipato == nil {
		c.Pagamenti = nil
	}
	if c.Bolli.Richiesta == nil && c.Bolli.Rilascio == nil {
		c.Bolli = nil
	}
	return c
}

var (
	conclusioni = []pratica.Azione{pratica.AzioneEliminaBozza, pratica.AzioneTornaInBozza, pratica.AzioneRitira, pratica.AzioneAnnulla, pratica.AzioneArchivia}
	avanzano    = []pratica.Azione{
		pratica.AzioneInvia, pratica.AzioneAggiornaPagamento, pratica.AzioneDocumentoProdotto, pratica.AzioneProtocolla, pratica.AzionePrendiInCarico, pratica.AzioneRichiediIntegrazione,
		pratica.AzioneInviaIntegrazione, pratica.AzioneAccettaIntegrazione, pratica.AzionePreavvisaRigetto, pratica.AzionePresentaOsservazioni, pratica.AzioneApprova, pratica.AzioneRifiuta, pratica.AzioneFornisciBollo,
	}
)

// comandoACaso draws an actor and a command; most are meant for the state.
func comandoACaso(t *rapid.T, g *giro) (pratica.Attore, pratica.Dati) {
	attori := []pratica.Attore{mario, mario, mario, incarica, incarica, incarica, collega, dellUrp, sistema, altro, anonimo, {}}
	a := rapid.SampledFrom(attori).Draw(t, "attore")
	var righe []pratica.Azione
	for _, x := range pratica.Transizioni() {
		if x.Da == g.p.Stato && x.Azione != pratica.AzioneProsegui && !slices.Contains(righe, x.Azione) {
			righe = append(righe, x.Azione)
		}
	}
	if len(righe) == 0 || rapid.IntRange(0, 9).Draw(t, "fuori stato") == 0 {
		righe = pratica.Azioni()
	}
	if rapid.IntRange(0, 7).Draw(t, "fine") > 0 { // most sequences are to go far
		if altre := slices.DeleteFunc(slices.Clone(righe), func(a pratica.Azione) bool { return slices.Contains(conclusioni, a) }); len(altre) > 0 {
			righe = altre
		}
		if avanti := slices.DeleteFunc(slices.Clone(righe), func(a pratica.Azione) bool { return !slices.Contains(avanzano, a) }); len(avanti) > 0 && rapid.Bool().Draw(t, "avanti") {
			righe = avanti
		}
	}
	az := rapid.SampledFrom(righe).Draw(t, "azione")
	if rapid.IntRange(0, 3).Draw(t, "chi può") > 0 { // else whoever was drawn
		for _, x := range pratica.Possibili(g.p.Stato, az) {
			switch x.Chi {
			case pratica.Richiedente:
				a = mario
			case pratica.Incaricato, pratica.Abilitato:
				a = incarica
				if g.p.Operatore != "" {
					a = operatore(g.p.Operatore, "anagrafe", "urp")
				}
			default:
				a = sistema
			}
		}
	}
	testo := rapid.SampledFrom([]string{"Testo", "", "  ", "è\u2028<>&", "\xff"}).Draw(t, "testo")
	doc, pag, bollo := "", "", ""
	if len(g.p.Documenti) > 0 {
		doc = rapid.SampledFrom(g.p.Documenti).Draw(t, "documento").ID
	}
	if len(g.p.Pagamenti) > 0 {
		pag = rapid.SampledFrom(g.p.Pagamenti).Draw(t, "pagamento").ID
	}
	if len(g.p.Bolli) > 0 {
		bollo = rapid.SampledFrom(g.p.Bolli).Draw(t, "bollo").ID
	}
	pr := prenotazione(rapid.SampledFrom([]string{"b-1", "b-2"}).Draw(t, "prenotazione"))
	pr.Stato = rapid.SampledFrom([]appuntamenti.Stato{appuntamenti.Bloccato, appuntamenti.Confermato, appuntamenti.Annullato, appuntamenti.Scaduto}).Draw(t, "stato prenotazione")
	al := rapid.SampledFrom([]string{"a-1", "a-2", "a-3"}).Draw(t, "allegato")
	var ids []string
	if rapid.Bool().Draw(t, "elenca") {
		ids = []string{al}
	}
	forniti := []bolli.Contrassegno{marca(rapid.SampledFrom([]string{"01240002186093", "01240002186094", "1"}).Draw(t, "marca"))}
	esenzione := rapid.SampledFrom([]string{"", "", "B16", "X"}).Draw(t, "esenzione")
	if esenzione == "B16" {
		forniti = nil
	}
	d := comandi(g, "")[az]
	switch az {
	case pratica.AzioneSalvaBozza:
		d = pratica.SalvaBozza{Risposte: modulo.Risposte{
			"motivo": testo, "quartiere": rapid.SampledFrom([]any{"nord", "sud", 7.0, nil}).Draw(t, "quartiere"), "diritti": rapid.SampledFrom([]string{"", "0", "3,10", "x"}).Draw(t, "diritti"),
			"carta": []string{al}, "figli": []map[string]any{{"eta": "3"}}, "grande": 9007199254740993, "numero": json.Number("1.50"),
		}}
	case pratica.AzioneAllega:
		d = allegato(al, rapid.SampledFrom([]pratica.Origine{pratica.OrigineRichiesta, pratica.OrigineMessaggio, pratica.OrigineEnte, pratica.OrigineIntegrazione, pratica.OrigineOsservazioni}).Draw(t, "origine"))
	case pratica.AzioneRimuoviAllegato:
		d = pratica.RimuoviAllegato{Allegato: al}
	case pratica.AzioneInvia:
		d = pratica.Invia{Numero: pratica.Numero{Anno: 2026, Progressivo: int64(g.n)}, Bolli: forniti, Esenzione: esenzione}
	case pratica.AzioneScegliAppuntamento:
		d = pratica.ScegliAppuntamento{Prenotazione: pr}
	case pratica.AzioneSpostaAppuntamento:
		d = pratica.SpostaAppuntamento{Prenotazione: pr}
	case pratica.AzioneAggiornaAppuntamento:
		d = pratica.AggiornaAppuntamento{Prenotazione: pr, Perso: rapid.Bool().Draw(t, "perso")}
	case pratica.AzioneRigeneraPagamento:
		d = pratica.RigeneraPagamento{Pagamento: rapid.SampledFrom([]string{"", pag}).Draw(t, "quale")}
	case pratica.AzioneInviaIntegrazione:
		d = pratica.InviaIntegrazione{Testo: testo, Risposte: modulo.Risposte{"motivo": testo, "quartiere": "sud"}, Allegati: ids}
	case pratica.AzionePresentaOsservazioni:
		d = pratica.PresentaOsservazioni{Testo: testo, Allegati: ids}
	case pratica.AzioneFornisciBollo:
		d = pratica.FornisciBollo{Bollo: rapid.SampledFrom([]string{"", bollo}).Draw(t, "quale"), Forniti: forniti, Esenzione: esenzione}
	case pratica.AzioneAssegna:
		d = pratica.Assegna{Ufficio: rapid.SampledFrom([]string{"", "anagrafe", "urp", "no"}).Draw(t, "ufficio"), Operatore: rapid.SampledFrom([]string{"", "op-1", "op-2"}).Draw(t, "operatore")}
	case pratica.AzioneRichiediIntegrazione:
		d = pratica.RichiediIntegrazione{Testo: testo, Campi: rapid.SampledFrom([][]string{nil, {"motivo"}, {"boh"}}).Draw(t, "campi"), Allegati: ids}
	case pratica.AzioneApprova:
		d = pratica.Approva{Motivazione: testo, Importo: euro(rapid.SampledFrom([]string{"0", "4.5", "-1"}).Draw(t, "importo")), Allegati: ids}
	case pratica.AzioneRifiuta:
		d = pratica.Rifiuta{Motivazione: testo, Allegati: ids}
	case pratica.AzioneScriviMessaggio:
		d = pratica.ScriviMessaggio{Testo: testo, Oggetto: testo, Allegati: ids}
	case pratica.AzioneDocumentoProdotto:
		d = prodotto(doc)
	case pratica.AzioneProtocolla:
		x := protocollato(doc, g.n)
		x.Registrazione.Oggetto = testo // the registry's text, whatever its bytes
		d = x
	case pratica.AzioneRegistraPagamento:
		d = pratica.RegistraPagamento{Pagamento: pag, Motivo: testo}
	case pratica.AzioneAggiornaPagamento:
		d = pratica.AggiornaPagamento{Posizione: pagamenti.Posizione{ID: pag, Ente: ente, Stato: rapid.SampledFrom(append(pagamenti.Stati(), pagamenti.Pagato, pagamenti.Pagato)).Draw(t, "notizia"), IUV: testo, Pagata: g.ora.In(time.FixedZone("", 3600))}}
	case pratica.AzioneDisdiciAppuntamento:
		d = pratica.DisdiciAppuntamento{Appuntamento: rapid.SampledFrom([]string{"", "b-1"}).Draw(t, "quale")}
	default:
	}
	return a, d
}

// riletti is the events after a trip through the database.
func riletti(t require.TestingT, ev []pratica.Evento) []pratica.Evento {
	b, err := json.Marshal(ev)
	require.NoError(t, err)
	var r []pratica.Evento
	require.NoError(t, json.Unmarshal(b, &r))
	return r
}

func TestProprieta(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := nuovoGiro(t, configurazioneACaso(t))
		if rapid.IntRange(0, 9).Draw(t, "da capo") > 0 {
			g.bozza()
		}
		passi := rapid.IntRange(5, 60).Draw(t, "passi")
		for range passi {
			unPasso(t, g)
		}
		// Folding from nothing, also after the database, is the pratica kept.
		rifatta, err := pratica.Ripiega(g.eventi)
		require.NoError(t, err)
		rilette := riletti(t, g.eventi)
		riletta, err := pratica.Ripiega(rilette)
		require.NoError(t, err)
		if len(g.eventi) > 0 {
			require.JSONEq(t, scritto(t, g.p), scritto(t, rifatta))
			require.JSONEq(t, scritto(t, g.p), scritto(t, riletta))
		}
		require.NoError(t, pratica.Verifica(g.eventi))
		require.NoError(t, pratica.Verifica(rilette))
		var copia pratica.Pratica
		require.NoError(t, json.Unmarshal([]byte(scritto(t, g.p)), &copia))
		require.JSONEq(t, scritto(t, g.p), scritto(t, copia))
	})
}

func unPasso(t *rapid.T, g *giro) {
	if rapid.IntRange(0, 5).Draw(t, "tempo") == 0 {
		g.ora = g.ora.AddDate(0, 0, rapid.IntRange(1, 100).Draw(t, "giorni"))
	}
	a, d := comandoACaso(t, g)
	if d == nil {
		return
	}
	prima, quando, primaJSON := g.p.Copia(), g.ora, scritto(t, g.p)
	sp := pratica.Spiega(g.p, g.s, pratica.Comando{Attore: a, Dati: d}, g.ora)
	offerte := pratica.AzioniPer(g.p, g.s, a, g.ora)
	ev, err := g.prova(a, d)
	require.JSONEq(t, primaJSON, scritto(t, prima), "Copia shares nothing that changes")

	var e *pratica.Errore
	if err != nil {
		require.ErrorAs(t, err, &e)
		require.Equal(t, primaJSON, scritto(t, g.p), "a refusal changes nothing")
	}
	if sp.Ammessa {
		require.True(t, err == nil || slices.Contains([]pratica.Codice{pratica.CodiceNonValido, pratica.CodiceTroppoGrande}, e.Codice), "%v", err)
	} else {
		require.Error(t, err)
		require.Equal(t, sp.Motivi, e.Motivi)
	}
	if err != nil {
		return
	}
	i := slices.IndexFunc(offerte, func(s pratica.Spiegazione) bool { return s.Azione == d.Azione() })
	require.GreaterOrEqual(t, i, 0, "%s was accepted but not offered", d.Azione())

	require.True(t, g.p.Stato == "" || g.p.Stato.Valido())
	stato := prima.Stato
	for _, x := range ev {
		require.Equal(t, stato, x.Da)
		if x.Da != x.A {
			require.True(t, slices.ContainsFunc(pratica.Possibili(x.Da, x.Azione), func(r pratica.Transizione) bool { return r.A == x.A }), "%s → %s by %s", x.Da, x.A, x.Azione)
		}
		require.Equal(t, quando, x.Quando)
		stato = x.A
	}
	require.Equal(t, g.p.Stato, stato)
	uno, due := pratica.Effetti(prima, g.s, ev), pratica.Effetti(prima, g.s, riletti(t, ev))
	require.Equal(t, uno, due, "the same events cause the same effects")
	require.JSONEq(t, primaJSON, scritto(t, prima), "Effetti changes nothing")
	// Nothing waits for what nobody can give.
	if g.p.Stato == pratica.AttesaPagamento || g.p.Stato == pratica.AttesaPagamentoFinale {
		m := map[pratica.Stato]pratica.Momento{pratica.AttesaPagamento: pratica.AllaRichiesta, pratica.AttesaPagamentoFinale: pratica.AlRilascio}[g.p.Stato]
		manca := slices.ContainsFunc(g.p.Bolli, func(b pratica.Bollo) bool { return b.Momento == m && !b.Assolto() })
		require.True(t, manca || len(g.p.DaPagare(m)) > 0, "%s without anything to pay", g.p.Stato)
	}
}

// TestProprietaNonVuota keeps the drawing honest: the sequences must get far.
func TestProprietaNonVuota(t *testing.T) {
	t.Parallel()
	visti := map[pratica.Stato]bool{}
	for seme := range 400 {
		if len(visti) > len(pratica.Stati()) { // and the empty one, of deleted drafts
			break
		}
		rapid.Custom(func(t *rapid.T) bool {
			g := nuovoGiro(t, configurazioneACaso(t)).bozza()
			for range 60 {
				unPasso(t, g)
				visti[g.p.Stato] = true
			}
			return true
		}).Example(seme)
	}
	for _, s := range pratica.Stati() {
		require.True(t, visti[s], "no sequence reached %s", s)
	}
}

func TestVerificaTrovaOgniAlterazione(t *testing.T) {
	t.Parallel()
	base := porta(t, pratica.Accettata, true).eventi
	require.NoError(t, pratica.Verifica(base))
	require.NoError(t, pratica.Verifica(nil))
	campi := map[string]func(*pratica.Evento){
		"pratica": func(e *pratica.Evento) { e.Pratica += "0" }, "progressivo": func(e *pratica.Evento) { e.Progressivo++ },
		"azione": func(e *pratica.Evento) { e.Azione = "altra" }, "ruolo": func(e *pratica.Evento) { e.Di.Ruolo += "x" },
		"id": func(e *pratica.Evento) { e.Di.ID += "x" }, "ufficio": func(e *pratica.Evento) { e.Di.Ufficio += "x" },
		"quando": func(e *pratica.Evento) { e.Quando = e.Quando.Add(1) }, "da": func(e *pratica.Evento) { e.Da += "x" }, "a": func(e *pratica.Evento) { e.A += "x" },
		"impegno": func(e *pratica.Evento) { e.Impegno = "00" + e.Impegno[2:] }, "precedente": func(e *pratica.Evento) { e.Precedente += "0" }, "impronta": func(e *pratica.Evento) { e.Impronta = "00" + e.Impronta[2:] },
		"sale": func(e *pratica.Evento) { e.Sale = "00" + e.Sale[2:] }, "fatto": func(e *pratica.Evento) { e.Fatto = pratica.NotaScritta{Testo: "falso"} },
		"senza fatto": func(e *pratica.Evento) { e.Fatto = nil }, "senza sale": func(e *pratica.Evento) { e.Sale = "" },
	}
	prima := func(ev []pratica.Evento) int {
		var e *pratica.ErroreIter
		err := pratica.Verifica(ev)
		if !errors.As(err, &e) {
			return 0
		}
		require.NotEmpty(t, e.Error())
		return e.Progressivo
	}
	for i := range base {
		for nome, altera := range campi {
			ev := slices.Clone(base)
			altera(&ev[i])
			require.Equal(t, i+1, prima(ev), "%s at %d", nome, i+1)
		}
		if i < len(base)-1 {
			require.Equal(t, i+1, prima(slices.Delete(slices.Clone(base), i, i+1)), "dropped %d", i+1)
			ev := slices.Clone(base)
			ev[i], ev[i+1] = ev[i+1], ev[i]
			require.Equal(t, i+1, prima(ev), "swapped %d", i+1)
		}
		require.Equal(t, i+2, prima(slices.Insert(slices.Clone(base), i+1, base[i])), "inserted after %d", i+1)
		// A forged entry, sealed anew, breaks at the next one.
		ev := slices.Clone(base)
		ev[i].Fatto = pratica.NotaScritta{Testo: "falso"}
		require.NoError(t, pratica.Sigilla(ev[i].Precedente, ev[i:i+1], sale))
		if i < len(base)-1 {
			require.Equal(t, i+2, prima(ev))
		} else {
			require.NotEqual(t, base[i].Impronta, ev[i].Impronta, "the end shows against the pratica")
		}
	}
	cancellati := riletti(t, base)
	for i := range cancellati {
		cancellati[i].Fatto, cancellati[i].Sale = nil, ""
		require.NoError(t, pratica.Verifica(riletti(t, cancellati)))
	}
	require.NotContains(t, scritto(t, cancellati), "Rossi")
	_, err := pratica.Ripiega(base[1:])
	require.Error(t, err)
}
