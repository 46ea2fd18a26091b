package pratica_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

func TestPagamentoAnticipatoFallitoERitentato(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).bozza().invia()
	require.Equal(t, pratica.AttesaPagamento, g.p.Stato)
	primo := g.ultimo()
	require.Equal(t, "10", primo.Importo.String())
	require.Equal(t, "Diritti di istruttoria - 2026-000012", primo.Causale)
	require.Equal(t, time.Date(2026, 5, 31, 22, 0, 0, 0, time.UTC), primo.Scadenza, "90 days later, the end of the day in Rome")
	require.True(t, g.ha(pratica.EffettoPagamento, primo.ID))

	g.notizia(primo.ID, pagamenti.InAttesa)
	require.Equal(t, []string{"pagamento_attivo"}, motivi(g.nega(mario, pratica.RigeneraPagamento{}, pratica.CodiceNonAmmesso)))
	g.notizia(primo.ID, pagamenti.Avviato)
	require.Equal(t, []string{"pagamento_avviato"}, motivi(g.nega(mario, pratica.TornaInBozza{}, pratica.CodiceNonAmmesso)))
	g.notizia(primo.ID, pagamenti.Fallito)
	g.fa(mario, pratica.RigeneraPagamento{Pagamento: primo.ID})
	require.True(t, g.p.Pagamenti[0].Sostituito)
	require.True(t, g.ha(pratica.EffettoAnnullaPagamento, primo.ID))
	ev := g.paga().eventi
	require.Equal(t, pratica.Inviata, g.p.Stato)
	require.Equal(t, pratica.AzioneProsegui, ev[len(ev)-3].Azione)
	require.Equal(t, []string{"istanza", "ricevuta"}, []string{g.p.Documenti[0].ID, g.p.Documenti[1].ID})

	v := g.p.Versione // the same news again changes nothing
	g.notizia(g.ultimo().ID, pagamenti.Pagato)
	require.Equal(t, v, g.p.Versione)
	require.Equal(t, pratica.CodiceNonValido, g.nega(sistema, pratica.AggiornaPagamento{Posizione: pagamenti.Posizione{ID: "altrui"}}, pratica.CodiceNonValido).Codice)
}

func TestTentativoScadutoAllIstanteEsatto(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).bozza().invia()
	g.notizia(g.ultimo().ID, pagamenti.InAttesa)
	g.ora = g.ultimo().Scadenza.Add(-time.Nanosecond)
	g.nega(mario, pratica.RigeneraPagamento{}, pratica.CodiceNonAmmesso)
	g.ora = g.ultimo().Scadenza
	g.fa(mario, pratica.RigeneraPagamento{})
}

func TestTentativoSostituitoEPoiPagato(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).bozza().invia()
	primo := g.ultimo().ID
	g.notizia(primo, pagamenti.InAttesa, pagamenti.Scaduto)
	g.fa(mario, pratica.RigeneraPagamento{})
	secondo := g.ultimo().ID
	g.notizia(primo, pagamenti.Pagato)
	require.Equal(t, pratica.Inviata, g.p.Stato, "nobody pays twice")
	require.True(t, g.p.Pagamenti[1].Sostituito)
	require.True(t, g.ha(pratica.EffettoAnnullaPagamento, secondo))
}

func TestPagamentoTardivoDopoIlRitornoInBozza(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).bozza().invia()
	primo := g.ultimo().ID
	g.notizia(primo, pagamenti.InAttesa)
	g.fa(mario, pratica.TornaInBozza{})
	require.Equal(t, pratica.Bozza, g.p.Stato)
	require.True(t, g.ha(pratica.EffettoAnnullaPagamento, primo))
	require.Empty(t, g.p.DaPagare(pratica.AllaRichiesta))
	g.notizia(primo, pagamenti.Pagato)
	require.Equal(t, pratica.Bozza, g.p.Stato)
	require.Equal(t, []string{"gia_pagato"}, motivi(g.nega(mario, pratica.EliminaBozza{}, pratica.CodiceNonAmmesso)))
	g.fa(mario, pratica.Invia{Numero: pratica.Numero{Anno: 2026, Progressivo: 99}})
	require.Equal(t, pratica.Inviata, g.p.Stato)
	require.Len(t, g.p.Pagamenti, 1)
	require.Equal(t, "2026-000012", g.p.Numero.String(), "the number of the first submission stays")
}

func TestRegistrazioneManualeAnnullaIlPagamentoInAttesa(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).bozza().invia()
	id := g.ultimo().ID
	e := g.nega(collega, pratica.RegistraPagamento{}, pratica.CodiceNonValido)
	require.Len(t, e.Campi, 2)
	require.Equal(t, []string{"nessun_pagamento"}, motivi(g.nega(collega, pratica.RegistraPagamento{Pagamento: "altro", Motivo: "contanti"}, pratica.CodiceNonAmmesso)))
	g.fa(collega, pratica.RegistraPagamento{Pagamento: id, Motivo: "contanti", Riferimento: "bolletta 7"})
	require.Equal(t, pratica.Inviata, g.p.Stato)
	require.True(t, g.ha(pratica.EffettoAnnullaPagamento, id))
	require.Equal(t, "op-2", g.ultimo().Manuale.Di.ID)
	require.True(t, g.ultimo().Saldato())
	g.nega(collega, pratica.RegistraPagamento{Pagamento: id, Motivo: "ancora"}, pratica.CodiceNonAmmesso)
}

func TestPagamentoPosticipato(t *testing.T) {
	t.Parallel()
	base := semplice()
	for nome, c := range map[string]struct {
		onere   servizio.Onere
		approva decimal.Decimal
		atteso  string
	}{
		"fisso":                    {servizio.Onere{Origine: servizio.ImportoFisso, Importo: euro("5.20")}, decimal.Zero, "5.2"},
		"dal modulo":               {servizio.Onere{Origine: servizio.ImportoDalModulo, Campo: "diritti"}, decimal.Zero, "7.5"},
		"operatore":                {servizio.Onere{Origine: servizio.ImportoOperatore}, euro("3.30"), "3.3"},
		"operatore senza importo":  {servizio.Onere{Origine: servizio.ImportoOperatore}, decimal.Zero, ""},
		"fisso su due capitoli":    {servizio.Onere{Origine: servizio.ImportoFisso, Importo: euro("0.03"), Capitoli: []servizio.Capitolo{{Capitolo: "1", Quota: euro("50")}, {Capitolo: "2", Quota: euro("50")}}}, decimal.Zero, "0.03"},
		"un centesimo in due voci": {servizio.Onere{Origine: servizio.ImportoFisso, Importo: euro("0.01"), Capitoli: []servizio.Capitolo{{Capitolo: "1", Quota: euro("50")}, {Capitolo: "2", Quota: euro("50")}}}, decimal.Zero, "riparto"},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			cfg := base
			c.onere.Causale = strings.Repeat("è", 100)
			cfg.Pagamenti = &servizio.Pagamenti{Posticipato: &c.onere}
			g := nuovoGiro(t, cfg).inCarico()
			if c.atteso == "riparto" {
				require.Equal(t, "riparto", g.nega(incarica, pratica.Approva{}, pratica.CodiceNonValido).Campi[0].Codice)
				return
			}
			g.fa(incarica, pratica.Approva{Importo: c.approva})
			if c.atteso == "" {
				require.Equal(t, pratica.EsitoPositivo, g.p.Stato)
				return
			}
			require.Equal(t, pratica.AttesaPagamentoFinale, g.p.Stato)
			require.Equal(t, c.atteso, g.ultimo().Importo.String())
			require.True(t, strings.HasSuffix(g.ultimo().Causale, " - 2026-000012"))
			somma := decimal.Zero
			for _, v := range g.ultimo().Voci {
				somma = somma.Add(v.Importo)
			}
			require.True(t, len(g.ultimo().Voci) == 0 || somma.Equal(g.ultimo().Importo))
			g.paga()
			require.Equal(t, pratica.EsitoPositivo, g.p.Stato)
			g.documenti()
			require.Equal(t, pratica.Accettata, g.p.Stato)
		})
	}
}

func TestPagamentoChiestoPrimaDellaDecisione(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).inCarico()
	require.Equal(t, []string{"importo_mancante"}, motivi(g.nega(incarica, pratica.RichiediPagamento{}, pratica.CodiceNonAmmesso)))
	for _, male := range []decimal.Decimal{euro("1.001"), decimal.New(1, 99_999_999), euro("1000000000")} {
		require.Equal(t, "importo", g.nega(incarica, pratica.RichiediPagamento{Importo: male}, pratica.CodiceNonValido).Campi[0].Codice, male)
		require.Equal(t, "importo", g.nega(incarica, pratica.Approva{Importo: male}, pratica.CodiceNonValido).Campi[0].Codice, male)
	}
	g.fa(incarica, pratica.RichiediPagamento{Importo: euro("4"), Causale: strings.Repeat("x", 400)})
	require.Len(t, []rune(g.ultimo().Causale), pagamenti.MassimaCausale)
	require.True(t, strings.HasSuffix(g.ultimo().Causale, "x - 2026-000012"))
	require.Equal(t, []string{"pagamento_gia_richiesto"}, motivi(g.nega(incarica, pratica.RichiediPagamento{Importo: euro("4")}, pratica.CodiceNonAmmesso)))
	primo := g.ultimo().ID
	g.paga()
	require.Equal(t, pratica.InCarico, g.p.Stato)
	g.fa(incarica, pratica.Approva{Importo: euro("9")})
	require.Equal(t, pratica.AttesaPagamentoFinale, g.p.Stato, "the stamp is missing")
	require.Equal(t, primo, g.ultimo().ID, "the amount was asked before")
}

func TestBolloAllaRichiesta(t *testing.T) {
	t.Parallel()
	cfg := semplice()
	cfg.Bolli = &servizio.Bolli{Richiesta: &servizio.Bollo{Quantita: 2, Esenzioni: []string{"B16"}}}
	g := nuovoGiro(t, cfg).bozza()
	n := pratica.Numero{Anno: 2026, Progressivo: 1}
	require.NotEmpty(t, g.nega(mario, pratica.Invia{Numero: n}, pratica.CodiceNonValido).Campi)
	m := marca("01240002186093")
	require.NotEmpty(t, g.nega(mario, pratica.Invia{Numero: n, Bolli: []bolli.Contrassegno{m, m}}, pratica.CodiceNonValido).Campi)
	esente := g.clona(t)
	esente.fa(mario, pratica.Invia{Numero: n, Esenzione: "B16"})
	require.Equal(t, "B16", esente.p.Bolli[0].Esenzione)
	g.nega(mario, pratica.Invia{Numero: n, Esenzione: "INVENTATA"}, pratica.CodiceNonValido)

	forniti := []bolli.Contrassegno{m, marca("01240002186094")}
	ev := g.fa(mario, pratica.Invia{Numero: n, Bolli: forniti})
	forniti[0].Seriale = "cambiato" // the caller's slice is his own
	require.Equal(t, "01240002186093", g.p.Bolli[0].Forniti[0].Seriale)
	require.Equal(t, []string{marca("01240002186093").Chiave(), marca("01240002186094").Chiave()}, pratica.Seriali(ev[0]))
	require.Empty(t, pratica.Seriali(ev[1]))
	require.True(t, g.p.Bolli[0].Assolto())
}

func TestBolloSenzaTariffa(t *testing.T) {
	t.Parallel()
	cfg := semplice()
	cfg.Bolli = &servizio.Bolli{Richiesta: &servizio.Bollo{Quantita: 1}}
	g := nuovoGiro(t, cfg).bozza()
	g.ora = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	g.nega(mario, pratica.Invia{Numero: pratica.Numero{Anno: 1990, Progressivo: 1}}, pratica.CodiceNonConfigurato)
}

func TestBolloEPagamentoAlRilascio(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).inCarico()
	g.nega(incarica, pratica.RichiediBollo{Quantita: 21}, pratica.CodiceNonValido)
	g.nega(incarica, pratica.RichiediBollo{Quantita: -1}, pratica.CodiceNonValido)
	require.Equal(t, []string{"nessun_bollo"}, motivi(g.nega(mario, pratica.FornisciBollo{}, pratica.CodiceNonAmmesso)))
	g.fa(incarica, pratica.Approva{Importo: euro("8")})
	require.Equal(t, pratica.AttesaPagamentoFinale, g.p.Stato)
	require.Len(t, g.p.Bolli, 1)

	poi := g.clona(t)
	poi.paga()
	require.Equal(t, pratica.AttesaPagamentoFinale, poi.p.Stato, "the stamp is missing")
	require.Equal(t, []string{"nessun_bollo"}, motivi(poi.nega(mario, pratica.FornisciBollo{Bollo: "altro"}, pratica.CodiceNonAmmesso)))
	poi.nega(mario, pratica.FornisciBollo{Forniti: []bolli.Contrassegno{marca("12")}}, pratica.CodiceNonValido)
	ev := poi.fa(mario, pratica.FornisciBollo{Forniti: []bolli.Contrassegno{marca("01240002186093")}})
	require.Equal(t, []string{marca("01240002186093").Chiave()}, pratica.Seriali(ev[0]))
	require.Equal(t, pratica.EsitoPositivo, poi.p.Stato)

	g.fa(mario, pratica.FornisciBollo{Bollo: g.p.Bolli[0].ID, Esenzione: "B16"})
	require.Equal(t, pratica.AttesaPagamentoFinale, g.p.Stato, "the payment is missing")
	g.paga()
	require.Equal(t, pratica.EsitoPositivo, g.p.Stato)
	d, ok := g.p.Documento("esito_positivo")
	require.True(t, ok)
	require.EqualValues(t, "partenza", d.Direzione)
}

func TestMarcaUsataDueVolteNellaPratica(t *testing.T) {
	t.Parallel()
	cfg := semplice()
	cfg.Bolli = &servizio.Bolli{Richiesta: &servizio.Bollo{Quantita: 1}, Rilascio: &servizio.Bollo{Quantita: 1}}
	g := nuovoGiro(t, cfg).bozza().invia(marca("01240002186093")).documenti().preso()
	g.fa(incarica, pratica.RichiediBollo{})
	require.Equal(t, []string{"bollo_gia_richiesto"}, motivi(g.nega(incarica, pratica.RichiediBollo{}, pratica.CodiceNonAmmesso)))
	e := g.nega(mario, pratica.FornisciBollo{Forniti: []bolli.Contrassegno{marca("01240002186093")}}, pratica.CodiceNonValido)
	require.Equal(t, "bolli.forniti[0].seriale", e.Campi[0].Percorso)
	g.fa(mario, pratica.FornisciBollo{Forniti: []bolli.Contrassegno{marca("01240002186094")}})
	require.Equal(t, pratica.InCarico, g.p.Stato)
}

func TestIntegrazionePerCampi(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).inCarico()
	for _, campi := range [][]string{{"ignoto"}, {"motivo", "motivo"}, {"figli.eta"}, {"figli[0].eta"}} {
		require.Equal(t, "campo_ignoto", g.nega(incarica, pratica.RichiediIntegrazione{Testo: "x", Campi: campi}, pratica.CodiceNonValido).Campi[0].Codice)
	}
	require.Len(t, g.nega(incarica, pratica.RichiediIntegrazione{Testo: " ", Giorni: 366, Campi: []string{"?"}}, pratica.CodiceNonValido).Campi, 3, "all at once")
	g.fa(incarica, allegato("modello", pratica.OrigineEnte))
	campi := []string{"motivo"}
	g.fa(incarica, pratica.RichiediIntegrazione{Testo: "Specifica il motivo", Campi: campi, Giorni: 5})
	campi[0] = "quartiere"
	require.Equal(t, pratica.IntegrazioneRichiesta, g.p.Stato)
	i := g.p.IntegrazioneAperta()
	require.Equal(t, []string{"motivo"}, i.Campi)
	require.Equal(t, []string{"modello"}, i.Allegati)
	require.Equal(t, "2026-03-07T23:00:00Z", i.Scadenza.Format(time.RFC3339))
	g.documenti()
	require.Equal(t, pratica.AttesaIntegrazione, g.p.Stato)

	g.nega(mario, pratica.InviaIntegrazione{}, pratica.CodiceNonAmmesso)
	require.Equal(t, "vuoto", g.nega(mario, pratica.InviaIntegrazione{Testo: "  "}, pratica.CodiceNonValido).Campi[0].Codice)
	require.Equal(t, "vuoto", g.nega(mario, pratica.InviaIntegrazione{Risposte: modulo.Risposte{"quartiere": "sud"}}, pratica.CodiceNonValido).Campi[0].Codice)
	require.Equal(t, "motivo", g.nega(mario, pratica.InviaIntegrazione{Risposte: modulo.Risposte{"motivo": ""}}, pratica.CodiceNonValido).Campi[0].Percorso)
	g.fa(mario, allegato("carta-nuova", pratica.OrigineIntegrazione))
	g.fa(mario, pratica.InviaIntegrazione{Testo: "Ecco", Risposte: modulo.Risposte{"motivo": "Studio", "quartiere": "sud", "nome": "Falso"}})
	require.Equal(t, pratica.IntegrazioneInviata, g.p.Stato)
	require.Equal(t, "Studio", g.p.Risposte["motivo"])
	require.Equal(t, "nord", g.p.Risposte["quartiere"], "not reopened")
	require.Equal(t, modulo.Risposte{"motivo": "Trasloco"}, g.p.Integrazioni[0].Prima)
	al, _ := g.p.Allegato("carta-nuova")
	require.Equal(t, g.p.Integrazioni[0].ID, al.Riferimento)
	g.documenti()
	require.Equal(t, pratica.InCarico, g.p.Stato)
	g.fa(incarica, pratica.RichiediIntegrazione{Testo: "Ancora"})
	d, _ := g.p.Documento("richiesta_integrazione-2")
	require.Equal(t, g.p.Integrazioni[1].ID, d.Riferimento)
}

func TestIntegrazioneDaiMessaggi(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).inCarico()
	g.fa(mario, pratica.ScriviMessaggio{Testo: "Prima della richiesta"})
	prima := g.p.Messaggi[0].ID
	g.fa(incarica, pratica.RichiediIntegrazione{Testo: "Serve altro"})
	g.documenti()
	require.Equal(t, []string{"nessuna_risposta"}, motivi(g.nega(incarica, pratica.AccettaIntegrazione{}, pratica.CodiceNonAmmesso)))
	g.fa(incarica, pratica.ScriviMessaggio{Testo: "Sollecito"})
	g.nega(incarica, pratica.AccettaIntegrazione{}, pratica.CodiceNonAmmesso)
	g.fa(mario, allegato("m-1", pratica.OrigineMessaggio))
	g.fa(mario, pratica.ScriviMessaggio{Testo: "Ecco", Allegati: []string{"m-1"}})
	risposta := g.p.Messaggi[2].ID
	for _, male := range [][]string{{prima}, {risposta, risposta}, {}} {
		g.nega(incarica, pratica.AccettaIntegrazione{Messaggi: male}, pratica.CodiceNonValido)
	}
	g.fa(incarica, pratica.AccettaIntegrazione{})
	require.Equal(t, pratica.IntegrazioneInviata, g.p.Stato)
	require.Equal(t, []string{risposta}, g.p.Integrazioni[0].Messaggi)
	require.Equal(t, []string{"m-1"}, g.p.Integrazioni[0].AllegatiRisposta)
	require.Nil(t, g.p.IntegrazioneAperta())
}

func TestIntegrazioneAnnullata(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).inCarico()
	g.fa(incarica, pratica.RichiediIntegrazione{Testo: "Serve altro"})
	g.documenti()
	g.fa(incarica, pratica.AnnullaIntegrazione{Motivo: "Non serve più"})
	require.Equal(t, pratica.InCarico, g.p.Stato)
	require.False(t, g.p.Integrazioni[0].Annullata.IsZero())
	require.Nil(t, g.p.IntegrazioneAperta())
}

func TestPreavvisoDiRigetto(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).inCarico()
	no := pratica.Rifiuta{Motivazione: "Manca il requisito"}
	require.Equal(t, []string{"preavviso_mancante"}, motivi(g.nega(incarica, no, pratica.CodiceNonAmmesso)))
	g.nega(incarica, pratica.PreavvisaRigetto{}, pratica.CodiceNonValido)
	g.fa(incarica, pratica.PreavvisaRigetto{Motivi: "Manca il requisito"})
	require.Equal(t, pratica.AttesaOsservazioni, g.p.Stato)
	require.Equal(t, "2026-03-12T23:00:00Z", g.p.Preavviso.Scadenza.Format(time.RFC3339))
	g.nega(incarica, no, pratica.CodiceNonAmmesso)

	scaduto := g.clona(t)
	scaduto.ora = scaduto.p.Preavviso.Scadenza.Add(-time.Nanosecond)
	scaduto.nega(incarica, no, pratica.CodiceNonAmmesso)
	scaduto.ora = scaduto.p.Preavviso.Scadenza
	scaduto.fa(incarica, no)
	require.Equal(t, pratica.EsitoNegativo, scaduto.p.Stato)

	ripensato := g.clona(t)
	ripensato.fa(incarica, pratica.Approva{Importo: euro("1")})
	require.Equal(t, pratica.AttesaPagamentoFinale, ripensato.p.Stato)

	g.nega(mario, pratica.PresentaOsservazioni{}, pratica.CodiceNonValido)
	g.fa(mario, allegato("oss", pratica.OrigineOsservazioni))
	g.fa(mario, pratica.PresentaOsservazioni{Testo: "Il requisito c'è"})
	require.Equal(t, pratica.InCarico, g.p.Stato)
	require.Equal(t, []string{"oss"}, g.p.Preavviso.Allegati)
	require.Equal(t, []string{"preavviso_gia_inviato"}, motivi(g.nega(incarica, pratica.PreavvisaRigetto{Motivi: "x"}, pratica.CodiceNonAmmesso)))
	g.nega(incarica, pratica.Rifiuta{}, pratica.CodiceNonValido)
	g.fa(incarica, no)
	g.documenti()
	require.Equal(t, pratica.Rifiutata, g.p.Stato)
	require.False(t, g.p.ConclusaIl.IsZero())
	require.False(t, g.p.Esito.Positivo)
}

func TestRifiutoSenzaPreavvisoAnnullaIPagamenti(t *testing.T) {
	t.Parallel()
	c := completa()
	c.Preavviso = nil
	g := nuovoGiro(t, c).bozza()
	g.fa(mario, pratica.ScegliAppuntamento{Prenotazione: prenotazione("b-1")})
	g.invia().paga().documenti().preso()
	g.fa(incarica, pratica.RichiediPagamento{Importo: euro("3")})
	g.nega(incarica, pratica.PreavvisaRigetto{Motivi: "x"}, pratica.CodiceNonAmmesso)
	id := g.ultimo().ID
	g.fa(incarica, pratica.Rifiuta{Motivazione: "No"})
	require.True(t, g.ha(pratica.EffettoAnnullaPagamento, id))
	require.True(t, g.ha(pratica.EffettoAnnullaAppuntamento, "b-1"))
	require.True(t, g.ultimo().Sostituito)
}

func TestDuePrendonoInCarico(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).inCarico()
	require.Equal(t, "anagrafe", g.eventi[len(g.eventi)-1].Di.Ufficio)
	for _, a := range []pratica.Attore{collega, incarica} {
		e := g.nega(a, pratica.PrendiInCarico{}, pratica.CodiceNonAmmesso)
		require.Equal(t, "gia_in_carico", e.Motivi[0].Codice)
		require.Equal(t, "op-1", e.Motivi[0].Operatore)
	}
	g.fa(incarica, pratica.RichiediIntegrazione{Testo: "x"})
	require.Equal(t, "op-1", g.nega(collega, pratica.PrendiInCarico{}, pratica.CodiceNonAmmesso).Motivi[0].Operatore)
	require.Empty(t, g.nega(mario, pratica.PrendiInCarico{}, pratica.CodiceNonAutorizzato).Motivi, "the applicant is not told who")
	e := g.nega(collega, pratica.ScriviMessaggio{Testo: "x"}, pratica.CodiceNonAutorizzato)
	require.Equal(t, "op-1", e.Motivi[0].Operatore)
	require.Contains(t, e.Messaggio(), "Solo l'operatore")
	g.nega(incarica, pratica.Subentra{}, pratica.CodiceNonAmmesso)
	g.nega(dellUrp, pratica.Subentra{Ufficio: "anagrafe"}, pratica.CodiceNonAmmesso)
	g.fa(dellUrp, pratica.Subentra{})
	require.Equal(t, "urp", g.p.Ufficio)
	g.fa(collega, pratica.Subentra{})
	require.Equal(t, "op-2", g.p.Operatore)
	g.nega(incarica, pratica.ScriviMessaggio{Testo: "x"}, pratica.CodiceNonAutorizzato)
}

func TestApprovareDueVolte(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, semplice()).inCarico()
	g.fa(incarica, pratica.Approva{})
	require.Equal(t, []string{"stato"}, motivi(g.nega(incarica, pratica.Approva{}, pratica.CodiceNonAmmesso)))
	g.documenti()
	require.Equal(t, pratica.Accettata, g.p.Stato)
	g.nega(incarica, pratica.Approva{}, pratica.CodiceNonAmmesso)
	g.nega(collega, pratica.PrendiInCarico{}, pratica.CodiceNonAmmesso)
}

func TestRiapertura(t *testing.T) {
	t.Parallel()
	c := semplice()
	c.Riapertura = false
	chiusa := nuovoGiro(t, c).inCarico()
	chiusa.fa(incarica, pratica.Approva{})
	chiusa.documenti()
	require.Equal(t, []string{"riapertura_non_prevista"}, motivi(chiusa.nega(collega, pratica.Riapri{Motivo: "x"}, pratica.CodiceNonAmmesso)))

	g := nuovoGiro(t, semplice()).inCarico()
	g.fa(incarica, pratica.Approva{})
	g.documenti()
	g.nega(collega, pratica.Riapri{}, pratica.CodiceNonValido)
	g.fa(collega, pratica.Riapri{Motivo: "Errore materiale"})
	require.Equal(t, pratica.InCarico, g.p.Stato)
	require.Equal(t, "op-2", g.p.Operatore)
	require.Nil(t, g.p.Esito)
	require.True(t, g.p.ConclusaIl.IsZero())
	g.fa(collega, pratica.Approva{})
	_, ok := g.p.Documento("esito_positivo-2")
	require.True(t, ok)
}

func TestRitiroENumeroCheArrivaDopo(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).bozza().invia().paga()
	g.fa(sistema, prodotto("istanza"))
	g.fa(mario, pratica.Ritira{Motivo: "Non serve"})
	require.Equal(t, pratica.Ritirata, g.p.Stato)
	g.fa(sistema, protocollato("istanza", 77))
	require.Equal(t, pratica.Ritirata, g.p.Stato)
	r, ok := g.p.Protocollo()
	require.True(t, ok)
	require.Equal(t, "77", r.Numero)
	g.documenti()
	d, _ := g.p.Documento("ritiro")
	require.NotNil(t, d.Registrazione)

	c := completa()
	c.Ritiro = false
	fermo := nuovoGiro(t, c).bozza().invia().paga()
	require.Equal(t, []string{"ritiro_non_previsto"}, motivi(fermo.nega(mario, pratica.Ritira{}, pratica.CodiceNonAmmesso)))
}

func TestAssegnazione(t *testing.T) {
	t.Parallel()
	for valore, ufficio := range map[string]string{"nord": "anagrafe", "sud": "urp", "est": ""} {
		g := nuovoGiro(t, completa())
		g.fa(mario, pratica.ApriBozza{})
		g.fa(mario, pratica.SalvaBozza{Risposte: modulo.Risposte{"motivo": "x", "quartiere": valore}})
		g.invia().paga().documenti()
		require.Equal(t, ufficio, g.p.Ufficio, valore)
		if ufficio == "urp" {
			require.Equal(t, []string{"ufficio"}, motivi(g.nega(incarica, pratica.PrendiInCarico{}, pratica.CodiceNonAmmesso)), "it waits for the other office")
			g.nega(incarica, pratica.PrendiInCarico{Ufficio: "anagrafe"}, pratica.CodiceNonAmmesso) // nor by naming his own
			g.fa(dellUrp, pratica.PrendiInCarico{})
			continue
		}
		g.nega(operatore("op-9"), pratica.PrendiInCarico{}, pratica.CodiceNonAmmesso)
		g.nega(operatore("op-9", "tributi"), pratica.PrendiInCarico{Ufficio: "tributi"}, pratica.CodiceNonAmmesso)
		g.fa(incarica, pratica.PrendiInCarico{})
		require.Equal(t, "anagrafe", g.p.Ufficio)
	}
}

func TestAssegna(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).bozza().invia().paga()
	require.Equal(t, []string{"in_protocollazione"}, motivi(g.nega(collega, pratica.Assegna{Operatore: "op-1"}, pratica.CodiceNonAmmesso)))
	g.fa(collega, pratica.Assegna{Ufficio: "urp"})
	require.Equal(t, pratica.Inviata, g.p.Stato)
	g.documenti()
	for _, male := range []pratica.Assegna{{}, {Ufficio: "ignoto"}, {Ufficio: "urp"}, {Operatore: strings.Repeat("x", 300)}, {Operatore: "\xff"}} {
		g.nega(collega, male, pratica.CodiceNonAmmesso)
	}
	g.fa(collega, pratica.Assegna{Operatore: "op-3"})
	require.Equal(t, pratica.InCarico, g.p.Stato)
	require.Equal(t, "urp", g.p.Ufficio, "the office stays")
	g.nega(collega, pratica.Assegna{Operatore: "op-3"}, pratica.CodiceNonAmmesso)
	g.fa(dellUrp, pratica.RichiediIntegrazione{Testo: "x"})
	g.fa(dellUrp, pratica.Assegna{Ufficio: "anagrafe"})
	require.Empty(t, g.p.Operatore)
	require.Equal(t, []string{"ufficio"}, motivi(g.nega(dellUrp, pratica.PrendiInCarico{}, pratica.CodiceNonAmmesso)))
	g.fa(collega, pratica.PrendiInCarico{})
	require.Equal(t, pratica.IntegrazioneRichiesta, g.p.Stato)
	require.Equal(t, "op-2", g.p.Operatore)
	g.fa(dellUrp, pratica.Annota{Testo: "Dall'URP"})
	require.Empty(t, g.p.Note[0].Di.Ufficio, "he does not act for the office that has it")
}

func TestInoltro(t *testing.T) {
	t.Parallel()
	c := semplice()
	c.Flusso, c.Riapertura, c.Protocollo = servizio.Inoltro, false, &servizio.Protocollo{Classifica: "1"}
	g := nuovoGiro(t, c).bozza().invia()
	require.Equal(t, []string{"in_protocollazione"}, motivi(g.nega(collega, pratica.Archivia{}, pratica.CodiceNonAmmesso)))
	ritirata := g.clona(t)
	ritirata.fa(mario, pratica.Ritira{})
	g.documenti()
	require.Equal(t, pratica.Protocollata, g.p.Stato)
	for _, d := range []pratica.Dati{pratica.PrendiInCarico{}, pratica.Assegna{Operatore: "op-1"}, pratica.Assegna{Ufficio: "x"}} {
		require.Contains(t, motivi(g.nega(collega, d, pratica.CodiceNonAmmesso)), "flusso_inoltro")
	}
	require.Equal(t, []string{"flusso_inoltro"}, motivi(g.nega(mario, pratica.ScriviMessaggio{Testo: "x"}, pratica.CodiceNonAmmesso)))
	g.nega(mario, pratica.Ritira{}, pratica.CodiceNonAmmesso)
	g.fa(collega, pratica.Archivia{Motivo: "Trasmessa"})
	require.Equal(t, pratica.Archiviata, g.p.Stato)

	a := nuovoGiro(t, completa()).bozza().invia().paga().documenti()
	require.Equal(t, []string{"flusso_approvazione"}, motivi(a.nega(collega, pratica.Archivia{}, pratica.CodiceNonAmmesso)))
}

func TestDoppiaProtocollazione(t *testing.T) {
	t.Parallel()
	g := nuovoGiro(t, completa()).bozza().invia().paga()
	require.Equal(t, []string{"non_da_protocollare"}, motivi(g.nega(sistema, protocollato("istanza", 1), pratica.CodiceNonAmmesso)), "not produced yet")
	g.fa(sistema, prodotto("istanza"))
	require.Equal(t, []string{"gia_prodotto"}, motivi(g.nega(sistema, prodotto("istanza"), pratica.CodiceNonAmmesso)))
	g.fa(sistema, protocollato("istanza", 1))
	require.Equal(t, []string{"gia_protocollato"}, motivi(g.nega(sistema, protocollato("istanza", 2), pratica.CodiceNonAmmesso)))
	dopo := protocollato("istanza", 1)
	require.Equal(t, []string{"gia_protocollato"}, motivi(g.nega(sistema, dopo, pratica.CodiceNonAmmesso)), "nothing new")
	dopo.Registrazione.Allegati = map[string]string{"a": "1"}
	g.fa(sistema, dopo) // its attachment reached the registry after its number
	r, _ := g.p.Protocollo()
	require.Equal(t, "1", r.Numero)
	require.Len(t, r.Allegati, 1)
	g.fa(sistema, prodotto("ricevuta"))
	require.Equal(t, []string{"non_da_protocollare"}, motivi(g.nega(sistema, protocollato("ricevuta", 3), pratica.CodiceNonAmmesso)))
	g.nega(sistema, protocollato("ignoto", 3), pratica.CodiceNonValido)
	g.nega(sistema, prodotto("ignoto"), pratica.CodiceNonValido)
	g.nega(sistema, pratica.Protocolla{Documento: "istanza"}, pratica.CodiceNonAmmesso)
	require.True(t, g.ha(pratica.EffettoAvviso, "protocollata"))
}
