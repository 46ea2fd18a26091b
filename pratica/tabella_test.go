package pratica_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// porta brings a pratica into a state, by commands alone. dovuti leaves a
// payment and a stamp to give on the way.
func porta(t require.TestingT, stato pratica.Stato, dovuti bool) *giro {
	c := completa()
	if stato == pratica.Archiviata {
		c = semplice()
		c.Flusso, c.Riapertura = servizio.Inoltro, false
		g := nuovoGiro(t, c).bozza().invia()
		g.fa(collega, pratica.Archivia{})
		return g
	}
	g := nuovoGiro(t, c)
	if stato == "" {
		return g
	}
	g.bozza()
	g.fa(mario, pratica.ScegliAppuntamento{Prenotazione: prenotazione("b-1")})
	if stato == pratica.Bozza {
		return g
	}
	g.invia()
	if stato == pratica.AttesaPagamento {
		return g.notizia(g.ultimo().ID, pagamenti.InAttesa, pagamenti.Fallito)
	}
	g.paga()
	if stato == pratica.Inviata {
		g.fa(sistema, prodotto("istanza"))
		return g
	}
	g.documenti()
	if stato == pratica.Protocollata {
		return g
	}
	g.preso()
	if dovuti {
		g.fa(incarica, pratica.RichiediPagamento{Importo: euro("6")})
		g.fa(incarica, pratica.RichiediBollo{})
	}
	switch stato {
	case pratica.InCarico:
	case pratica.Ritirata:
		g.fa(mario, pratica.Ritira{})
	case pratica.Annullata:
		g.fa(collega, pratica.Annulla{Motivo: "x"})
	case pratica.IntegrazioneRichiesta, pratica.AttesaIntegrazione, pratica.IntegrazioneInviata:
		g.fa(incarica, pratica.RichiediIntegrazione{Testo: "x"})
		if stato == pratica.IntegrazioneRichiesta {
			break
		}
		g.documenti()
		g.fa(mario, pratica.ScriviMessaggio{Testo: "Ecco"})
		if stato == pratica.IntegrazioneInviata {
			g.fa(incarica, pratica.AccettaIntegrazione{})
		}
	case pratica.AttesaOsservazioni, pratica.EsitoNegativo, pratica.Rifiutata:
		g.fa(incarica, pratica.PreavvisaRigetto{Motivi: "x"})
		if stato == pratica.AttesaOsservazioni {
			g.ora = g.p.Preavviso.Scadenza
			break
		}
		g.fa(mario, pratica.PresentaOsservazioni{Testo: "x"})
		g.fa(incarica, pratica.Rifiuta{Motivazione: "x"})
		if stato == pratica.Rifiutata {
			g.documenti()
		}
	default:
		g.fa(incarica, pratica.Approva{Importo: euro("6")})
		if stato == pratica.AttesaPagamentoFinale {
			return g.notizia(g.ultimo().ID, pagamenti.InAttesa, pagamenti.Fallito)
		}
		g.paga()
		g.fa(mario, pratica.FornisciBollo{Forniti: []bolli.Contrassegno{marca("01240002186093")}})
		if stato == pratica.Accettata {
			g.documenti()
		}
	}
	require.Equal(t, stato, g.p.Stato)
	return g
}

// ruoli are who may ask; the strangers may do nothing anywhere.
var insiders = map[string]pratica.Attore{"richiedente": mario, "abilitato": collega, "incaricato": incarica, "sistema": sistema}

func estranei() map[string]pratica.Attore {
	diAltroEnte := incarica
	diAltroEnte.Ente = "altro-comune"
	senzaEnte := incarica
	senzaEnte.Ente = ""
	nonAbilitato := operatore("op-8", "anagrafe")
	nonAbilitato.Servizi = []string{"altro-servizio"}
	senzaNome := operatore("", "anagrafe")
	marioAltrove := mario
	marioAltrove.Ente = "altro-comune"
	sistemaAltrove := sistema
	sistemaAltrove.Ente = "altro-comune"
	cittadinoConID := altro
	cittadinoConID.ID, cittadinoConID.Servizi = incarica.ID, incarica.Servizi
	return map[string]pratica.Attore{
		"nessuno": {}, "altro cittadino": altro, "anonimo": anonimo, "operatore di altro ente": diAltroEnte, "operatore senza ente": senzaEnte,
		"operatore non abilitato": nonAbilitato, "operatore senza account": senzaNome, "richiedente presso altro ente": marioAltrove,
		"sistema di altro ente": sistemaAltrove, "cittadino con l'account di un operatore": cittadinoConID,
		"ruolo inventato": {Ruolo: "dirigente", Ente: ente, ID: "op-1", Servizi: incarica.Servizi, Persona: mario.Persona},
	}
}

type permesso struct {
	chi   string // as in insiders; "abilitato" includes who has it in charge
	stati []pratica.Stato
}

// attesi is the expectation, written by hand: what each side may do, and where.
func attesi() map[pratica.Azione][]permesso {
	const (
		B, AP, I, P, C     = pratica.Bozza, pratica.AttesaPagamento, pratica.Inviata, pratica.Protocollata, pratica.InCarico
		IR, AI, II, AO     = pratica.IntegrazioneRichiesta, pratica.AttesaIntegrazione, pratica.IntegrazioneInviata, pratica.AttesaOsservazioni
		PF, EP, EN         = pratica.AttesaPagamentoFinale, pratica.EsitoPositivo, pratica.EsitoNegativo
		AC, RI, RT, AN, AR = pratica.Accettata, pratica.Rifiutata, pratica.Ritirata, pratica.Annullata, pratica.Archiviata
	)
	in := func(s ...pratica.Stato) []pratica.Stato { return s }
	lavoro := in(C, IR, AI, II, AO, PF)
	aperte := append(in(I, P), lavoro...)
	vive := append(slices.Clone(aperte), EP, EN)
	presentate := append(slices.Clone(vive), AC, RI, RT, AN, AR)
	tutte := append(in(B, AP), presentate...)
	agenda := append(slices.Clone(aperte), AC)
	return map[pratica.Azione][]permesso{
		pratica.AzioneApriBozza:            {{"richiedente", in("")}},
		pratica.AzioneSalvaBozza:           {{"richiedente", in(B)}},
		pratica.AzioneEliminaBozza:         {{"richiedente", in(B)}, {"sistema", in(B)}},
		pratica.AzioneAllega:               {{"richiedente", append(in(B), aperte...)}, {"incaricato", lavoro}},
		pratica.AzioneRimuoviAllegato:      {{"richiedente", append(in(B), vive...)}, {"incaricato", lavoro}},
		pratica.AzioneScegliAppuntamento:   {{"richiedente", append(in(B), agenda...)}, {"abilitato", agenda}},
		pratica.AzioneInvia:                {{"richiedente", in(B)}},
		pratica.AzioneTornaInBozza:         {{"richiedente", in(AP)}},
		pratica.AzioneRigeneraPagamento:    {{"richiedente", in(AP, PF)}},
		pratica.AzioneInviaIntegrazione:    {{"richiedente", in(AI)}},
		pratica.AzionePresentaOsservazioni: {{"richiedente", in(AO)}},
		pratica.AzioneFornisciBollo:        {{"richiedente", lavoro}},
		pratica.AzioneRitira:               {{"richiedente", in(I, P, C, AI, AO)}},
		pratica.AzionePrendiInCarico:       {{"abilitato", append(in(I, P), lavoro...)}},
		pratica.AzioneAssegna:              {{"abilitato", aperte}},
		pratica.AzioneSubentra:             {{"abilitato", lavoro}},
		pratica.AzioneRichiediIntegrazione: {{"incaricato", in(C)}},
		pratica.AzioneAccettaIntegrazione:  {{"incaricato", in(AI)}},
		pratica.AzioneAnnullaIntegrazione:  {{"incaricato", in(AI)}},
		pratica.AzionePreavvisaRigetto:     {{"incaricato", in(C)}},
		pratica.AzioneApprova:              {{"incaricato", in(C, AO)}},
		pratica.AzioneRifiuta:              {{"incaricato", in(C, AO)}},
		pratica.AzioneRichiediPagamento:    {{"incaricato", in(C)}},
		pratica.AzioneRegistraPagamento:    {{"abilitato", in(AP, C, PF)}},
		pratica.AzioneRichiediBollo:        {{"incaricato", in(C)}},
		pratica.AzioneAnnota:               {{"abilitato", presentate}},
		pratica.AzioneAnnulla:              {{"abilitato", append(in(AP), vive...)}},
		pratica.AzioneRiapri:               {{"abilitato", in(AC, RI, RT)}},
		pratica.AzioneArchivia:             {{"abilitato", in(I, P)}},
		pratica.AzioneScriviMessaggio:      {{"richiedente", aperte}, {"incaricato", lavoro}},
		pratica.AzioneSpostaAppuntamento:   {{"richiedente", append(in(B), agenda...)}, {"abilitato", agenda}},
		pratica.AzioneDisdiciAppuntamento:  {{"richiedente", append(in(B), agenda...)}, {"abilitato", agenda}},
		pratica.AzioneDocumentoProdotto:    {{"sistema", presentate}},
		pratica.AzioneProtocolla:           {{"sistema", presentate}},
		pratica.AzioneAggiornaPagamento:    {{"sistema", tutte}},
		pratica.AzioneAggiornaAppuntamento: {{"sistema", tutte}},
		pratica.AzioneAvvisa:               {{"sistema", append(in(AP), presentate...)}},
		pratica.AzioneOscuraDati:           {{"sistema", in(AC, RI, RT, AN, AR)}},
	}
}

// eccezioni are the places where the table has a row that the pratica of the
// test does not satisfy: what the refusal then says.
var eccezioni = map[pratica.Azione]map[pratica.Stato]string{
	pratica.AzioneScegliAppuntamento: {"*": "appuntamento_presente", pratica.Bozza: "", pratica.Accettata: "appuntamento_presente"},
	pratica.AzionePrendiInCarico: {
		pratica.Inviata: "in_protocollazione", pratica.InCarico: "gia_in_carico", pratica.IntegrazioneRichiesta: "gia_in_carico", pratica.AttesaIntegrazione: "gia_in_carico",
		pratica.IntegrazioneInviata: "gia_in_carico", pratica.AttesaOsservazioni: "gia_in_carico", pratica.AttesaPagamentoFinale: "gia_in_carico",
	},
	pratica.AzioneRifiuta:    {pratica.InCarico: "preavviso_mancante"},
	pratica.AzioneArchivia:   {pratica.Inviata: "flusso_approvazione in_protocollazione", pratica.Protocollata: "flusso_approvazione"},
	pratica.AzioneOscuraDati: {"*": "appuntamento_futuro", pratica.Archiviata: ""},
}

func comandi(g *giro, nome string) map[pratica.Azione]pratica.Dati {
	origine, pronto := pratica.OrigineMessaggio, "mio"
	if nome == "richiedente" && g.p.Stato == pratica.Bozza {
		origine = pratica.OrigineRichiesta
	}
	doc, pag := "istanza", ""
	for _, d := range g.p.Documenti {
		if d.SHA256 == "" {
			doc = d.ID
		}
	}
	if len(g.p.Pagamenti) > 0 {
		pag = g.ultimo().ID
	}
	spostata := prenotazione("b-1")
	spostata.Spostamenti = 1
	return map[pratica.Azione]pratica.Dati{
		pratica.AzioneApriBozza: pratica.ApriBozza{}, pratica.AzioneSalvaBozza: pratica.SalvaBozza{Risposte: modulo.Risposte{"motivo": "x"}}, pratica.AzioneEliminaBozza: pratica.EliminaBozza{},
		pratica.AzioneAllega: allegato("nuovo", origine), pratica.AzioneRimuoviAllegato: pratica.RimuoviAllegato{Allegato: pronto},
		pratica.AzioneScegliAppuntamento: pratica.ScegliAppuntamento{Prenotazione: prenotazione("b-2")}, pratica.AzioneInvia: pratica.Invia{Numero: pratica.Numero{Anno: 2026, Progressivo: 5}},
		pratica.AzioneTornaInBozza: pratica.TornaInBozza{}, pratica.AzioneRigeneraPagamento: pratica.RigeneraPagamento{}, pratica.AzioneInviaIntegrazione: pratica.InviaIntegrazione{Testo: "x"},
		pratica.AzionePresentaOsservazioni: pratica.PresentaOsservazioni{Testo: "x"}, pratica.AzioneFornisciBollo: pratica.FornisciBollo{Esenzione: "B16"}, pratica.AzioneRitira: pratica.Ritira{},
		pratica.AzionePrendiInCarico: pratica.PrendiInCarico{}, pratica.AzioneAssegna: pratica.Assegna{Ufficio: "urp"}, pratica.AzioneSubentra: pratica.Subentra{},
		pratica.AzioneRichiediIntegrazione: pratica.RichiediIntegrazione{Testo: "x"}, pratica.AzioneAccettaIntegrazione: pratica.AccettaIntegrazione{}, pratica.AzioneAnnullaIntegrazione: pratica.AnnullaIntegrazione{},
		pratica.AzionePreavvisaRigetto: pratica.PreavvisaRigetto{Motivi: "x"}, pratica.AzioneApprova: pratica.Approva{}, pratica.AzioneRifiuta: pratica.Rifiuta{Motivazione: "x"},
		pratica.AzioneRichiediPagamento: pratica.RichiediPagamento{Importo: euro("2")}, pratica.AzioneRegistraPagamento: pratica.RegistraPagamento{Pagamento: pag, Motivo: "contanti"}, pratica.AzioneRichiediBollo: pratica.RichiediBollo{},
		pratica.AzioneAnnota: pratica.Annota{Testo: "x"}, pratica.AzioneAnnulla: pratica.Annulla{Motivo: "x"}, pratica.AzioneRiapri: pratica.Riapri{Motivo: "x"}, pratica.AzioneArchivia: pratica.Archivia{},
		pratica.AzioneScriviMessaggio: pratica.ScriviMessaggio{Testo: "x"}, pratica.AzioneSpostaAppuntamento: pratica.SpostaAppuntamento{Prenotazione: spostata}, pratica.AzioneDisdiciAppuntamento: pratica.DisdiciAppuntamento{},
		pratica.AzioneDocumentoProdotto: prodotto(doc), pratica.AzioneProtocolla: protocollato(doc, 9), pratica.AzioneAggiornaPagamento: pratica.AggiornaPagamento{Posizione: pagamenti.Posizione{ID: pag, Ente: ente, Stato: pagamenti.Pagato}},
		pratica.AzioneAggiornaAppuntamento: pratica.AggiornaAppuntamento{Prenotazione: spostata}, pratica.AzioneAvvisa: pratica.Avvisa{Stato: g.p.Stato, Testo: "x"},
		pratica.AzioneOscuraDati: pratica.OscuraDati{Motivo: "x"},
	}
}

// prepara puts what a command needs, where the state lets somebody put it.
func prepara(g *giro, az pratica.Azione, nome string) {
	if az != pratica.AzioneRimuoviAllegato {
		return
	}
	a, o := insiders[nome], pratica.OrigineMessaggio
	if g.p.Stato == pratica.Bozza {
		o = pratica.OrigineRichiesta
	}
	_, _ = g.prova(a, allegato("mio", o)) // where it may not, the command is refused too
}

func TestTabella(t *testing.T) {
	t.Parallel()
	tabella := attesi()
	for _, az := range pratica.Azioni() {
		if az != pratica.AzioneProsegui {
			require.NotEmpty(t, tabella[az], az)
		}
	}
	for _, stato := range append([]pratica.Stato{""}, pratica.Stati()...) {
		t.Run("stato "+string(stato), func(t *testing.T) {
			t.Parallel()
			basi := map[bool]*giro{false: porta(t, stato, false), true: porta(t, stato, true)}
			for az, permessi := range tabella {
				base := basi[az == pratica.AzioneRegistraPagamento || az == pratica.AzioneFornisciBollo]
				for nome, a := range insiders {
					g := base.clona(t)
					prepara(g, az, nome)
					controllaCasella(t, g, az, nome, a, permessi)
				}
				for nome, a := range estranei() {
					if az == pratica.AzioneApriBozza && stato == "" && a.Ruolo == pratica.Cittadino {
						continue // a new pratica is nobody's
					}
					g := base.clona(t)
					_, err := g.prova(a, comandi(g, nome)[az])
					if stato == "" {
						require.Error(t, err, "%s: %s", nome, az)
						continue
					}
					require.ErrorIs(t, err, pratica.ErrNonAutorizzato, "%s: %s da %s", nome, az, stato)
					require.NotContains(t, fmt.Sprintf("%+v", err), "op-1", "a stranger is not told who has it")
				}
			}
		})
	}
}

func controllaCasella(t *testing.T, g *giro, az pratica.Azione, nome string, a pratica.Attore, permessi []permesso) {
	t.Helper()
	stato := g.p.Stato
	qui, suo := false, false
	for _, p := range permessi {
		if slices.Contains(p.stati, stato) {
			qui = true
			suo = suo || p.chi == nome || p.chi == "abilitato" && nome == "incaricato"
		}
	}
	d := comandi(g, nome)[az]
	sp := pratica.Spiega(g.p, g.s, pratica.Comando{Attore: a, ID: "x", Dati: d}, g.ora)
	_, err := g.prova(a, d)
	dove := fmt.Sprintf("%s: %s da %q: %v", nome, az, stato, err)
	var e *pratica.Errore
	if err != nil {
		require.True(t, errors.As(err, &e), dove)
	}
	atteso := eccezioni[az][stato]
	if _, c := eccezioni[az][stato]; !c {
		atteso = eccezioni[az]["*"]
	}
	switch {
	case !suo && stato == "":
		require.Error(t, err, dove)
	case !suo && qui:
		require.ErrorIs(t, err, pratica.ErrNonAutorizzato, dove)
	case !suo:
		require.ErrorIs(t, err, pratica.ErrNonAmmesso, dove)
	case az == pratica.AzioneSubentra && nome == "incaricato":
		require.Equal(t, []string{"nessun_subentro"}, motivi(e), dove)
	case az == pratica.AzioneProtocolla || az == pratica.AzioneDocumentoProdotto || az == pratica.AzioneAggiornaPagamento || az == pratica.AzioneAggiornaAppuntamento:
		require.False(t, errors.Is(err, pratica.ErrNonAutorizzato), dove) // accepted by state; whether it is new depends on the document
	case atteso != "":
		require.ErrorIs(t, err, pratica.ErrNonAmmesso, dove)
		require.Equal(t, atteso, strings.Join(motivi(e), " "), dove)
	case stato == pratica.EsitoPositivo && az == pratica.AzioneRimuoviAllegato, stato == pratica.EsitoNegativo && az == pratica.AzioneRimuoviAllegato:
		require.Equal(t, []string{"allegato_inviato"}, motivi(e), dove) // nothing can be put there
	default:
		require.NoError(t, err, dove)
	}
	// What no configuration of this service allows is not offered, not even as refused.
	require.Equal(t, suo && az != pratica.AzioneArchivia, sp.Offerta, dove)
	require.Equal(t, err == nil || errors.Is(err, pratica.ErrNonValido), sp.Ammessa, dove)
}

func TestControllaTabella(t *testing.T) {
	t.Parallel()
	require.NoError(t, pratica.ControllaTabella(pratica.Transizioni()))
	senza := func(via func(pratica.Transizione) bool) []pratica.Transizione {
		return slices.DeleteFunc(pratica.Transizioni(), via)
	}
	muta := func(quale func(pratica.Transizione) bool, f func(*pratica.Transizione)) []pratica.Transizione {
		tab := pratica.Transizioni()
		i := slices.IndexFunc(tab, quale)
		require.GreaterOrEqual(t, i, 0)
		f(&tab[i])
		return tab
	}
	passo := func(da pratica.Stato, az pratica.Azione) func(pratica.Transizione) bool {
		return func(x pratica.Transizione) bool { return x.Da == da && x.Azione == az }
	}
	for nome, c := range map[string]struct {
		tabella []pratica.Transizione
		errore  string
	}{
		"irraggiungibile":              {senza(passo(pratica.InCarico, pratica.AzionePreavvisaRigetto)), `stato "attesa_osservazioni" irraggiungibile`},
		"vicolo cieco":                 {senza(func(x pratica.Transizione) bool { return x.Da == pratica.EsitoNegativo && x.A != x.Da }), `stato "esito_negativo" senza uscita`},
		"finale con uscita":            {append(pratica.Transizioni(), pratica.Transizione{Da: pratica.Accettata, Azione: pratica.AzioneRifiuta, A: pratica.Rifiutata, Chi: pratica.Incaricato}), `lo stato finale "accettata" ha un'uscita con "rifiuta"`},
		"senza documento":              {muta(passo(pratica.InCarico, pratica.AzioneRichiediIntegrazione), func(x *pratica.Transizione) { x.Documenti = nil }), `il passo formale "richiedi_integrazione" da "in_carico" non produce documenti`},
		"ritiro senza documento":       {muta(passo(pratica.InCarico, pratica.AzioneRitira), func(x *pratica.Transizione) { x.Documenti = nil }), `il passo formale "ritira" da "in_carico" non produce documenti`},
		"annullamento senza documento": {muta(passo(pratica.InCarico, pratica.AzioneAnnulla), func(x *pratica.Transizione) { x.Documenti = nil }), `il passo formale "annulla" da "in_carico" non produce documenti`},
		"senza direzione": {muta(passo(pratica.InCarico, pratica.AzioneRifiuta), func(x *pratica.Transizione) {
			x.Documenti = []pratica.DocumentoDovuto{{Tipo: pratica.DocEsitoNegativo}}
		}), `il documento di "rifiuta" da "in_carico" non ha direzione`},
		"riga nascosta":      {append(pratica.Transizioni(), pratica.Transizione{Da: pratica.Bozza, Azione: pratica.AzioneInvia, A: pratica.Protocollata, Chi: pratica.Richiedente, Documenti: []pratica.DocumentoDovuto{{Tipo: pratica.DocIstanza, Direzione: "arrivo"}}}), `"invia" da "bozza" è nascosta`},
		"stato sconosciuto":  {append(pratica.Transizioni(), pratica.Transizione{Da: pratica.Bozza, Azione: pratica.AzioneAnnota, A: "sospesa", Chi: pratica.Abilitato}), `stato sconosciuto fra "bozza" e "sospesa"`},
		"azione sconosciuta": {append(pratica.Transizioni(), pratica.Transizione{Da: pratica.Bozza, Azione: "timbra", A: pratica.Bozza, Chi: pratica.Abilitato}), `azione sconosciuta "timbra"`},
		"nessuno può":        {append(pratica.Transizioni(), pratica.Transizione{Da: pratica.Bozza, Azione: pratica.AzioneAnnota, A: pratica.Bozza}), `nessuno può "annota" da "bozza"`},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			require.ErrorContains(t, pratica.ControllaTabella(c.tabella), c.errore)
		})
	}
}

func TestTabellaCopiata(t *testing.T) {
	t.Parallel()
	tab := pratica.Transizioni()
	tab[0].A = "altrove"
	require.Equal(t, pratica.Bozza, pratica.Transizioni()[0].A)
	require.Empty(t, pratica.Possibili(pratica.Bozza, "ignota"))
	require.Len(t, pratica.Possibili(pratica.Bozza, pratica.AzioneInvia), 2)
}

func TestDiagramma(t *testing.T) {
	t.Parallel()
	golden(t, "stati.mmd", pratica.Diagramma())
}

func TestTransizioniDocumentate(t *testing.T) {
	t.Parallel()
	nome := func(s pratica.Stato) string {
		if s == "" {
			return "–"
		}
		return string(s)
	}
	var b strings.Builder
	b.WriteString("# Transizioni\n\nWritten by the tests from the table in `transizioni.go`.\n\n| da | azione | a | chi | quando | se | documenti |\n|---|---|---|---|---|---|---|\n")
	for _, x := range pratica.Transizioni() {
		quando := ""
		if x.Quando != nil {
			quando = x.Quando.Codice
		}
		var se, doc []string
		for _, c := range x.Se {
			require.NotEmpty(t, c.Testo)
			se = append(se, c.Codice)
		}
		for _, d := range x.Documenti {
			doc = append(doc, strings.TrimSpace(string(d.Tipo)+" "+string(d.Direzione)))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", nome(x.Da), x.Azione, nome(x.A), x.Chi, quando, strings.Join(se, ", "), strings.Join(doc, ", "))
	}
	golden(t, "transizioni.md", b.String())
}
