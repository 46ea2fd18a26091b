package sportello_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pagamenti/interno"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// caso is one use case, a pratica on which it can be done, and who may do it.
type caso struct {
	prepara func(*banco) pratica.ID
	fai     func(*banco, pratica.Attore, pratica.ID) error
	ammessi []string
	bozza   bool
	cambia  bool // the pratica: each who may needs one of his own
}

// con gives the call of a command through Esegui.
func con(d func(*pratica.Pratica) pratica.Dati) func(*banco, pratica.Attore, pratica.ID) error {
	return func(b *banco, a pratica.Attore, id pratica.ID) error {
		_, err := b.s.Esegui(context.Background(), a, id, d(b.carica(id)))
		return err
	}
}

func dati(d pratica.Dati) func(*banco, pratica.Attore, pratica.ID) error {
	return con(func(*pratica.Pratica) pratica.Dati { return d })
}

// Stages of the life of a pratica.
func inBozza(b *banco) pratica.ID { return b.bozza("pieno") }

func daPagare(b *banco) pratica.ID {
	id := b.bozza("pieno")
	b.esegui(b.cittadino, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}})
	b.svuota()
	return id
}

func conPagamentoFallito(b *banco) pratica.ID {
	id := daPagare(b)
	x := b.carica(id).Pagamenti[0].ID
	_, err := b.tramite.Simula(context.Background(), ente, x, interno.Fallisce)
	require.NoError(b.t, err)
	_, err = b.s.NotificaPagamento(context.Background(), ente, id, x)
	require.NoError(b.t, err)
	return id
}

func arrivata(b *banco) pratica.ID { return b.protocollata("01234567890123") }

func presa(b *banco) pratica.ID {
	id := arrivata(b)
	b.esegui(b.operatore, id, pratica.PrendiInCarico{})
	return id
}

func daIntegrare(b *banco) pratica.ID {
	id := presa(b)
	b.esegui(b.operatore, id, pratica.RichiediIntegrazione{Testo: "Serve la zona", Campi: []string{"zona"}})
	b.svuota()
	return id
}

func conRisposta(b *banco) pratica.ID {
	id := daIntegrare(b)
	b.esegui(b.cittadino, id, pratica.ScriviMessaggio{Testo: "Ecco"})
	return id
}

func preavvisata(b *banco) pratica.ID {
	id := presa(b)
	b.esegui(b.operatore, id, pratica.PreavvisaRigetto{Motivi: "Mancano i requisiti"})
	b.svuota()
	return id
}

func scadutoPreavviso(b *banco) pratica.ID {
	id := preavvisata(b)
	b.orologio.Avanza(12 * 24 * time.Hour)
	return id
}

func rifiutata(b *banco) pratica.ID {
	id := scadutoPreavviso(b)
	b.esegui(b.operatore, id, pratica.Rifiuta{Motivazione: "Mancano i requisiti"})
	b.svuota()
	return id
}

// scaduta ended, and its retention term is over.
func scaduta(b *banco) pratica.ID {
	id := rifiutata(b)
	b.orologio.Avanza(10*366*24*time.Hour + 24*time.Hour)
	return id
}

func conBolloChiesto(b *banco) pratica.ID {
	id := presa(b)
	b.esegui(b.operatore, id, pratica.RichiediBollo{})
	return id
}

func inoltrata(b *banco) pratica.ID { return b.inviata("inoltro") }

func daProdurre(b *banco) pratica.ID {
	id := b.bozza("spoglio")
	b.esegui(b.cittadino, id, pratica.Invia{})
	return id
}

func daProtocollare(b *banco) pratica.ID {
	id := daPagare(b)
	b.paga(id)
	b.esegui(b.attori()[sistema], id, pratica.RegistraDocumento{ID: "istanza", Nome: "istanza.pdf", SHA256: strings.Repeat("0", 64), Dimensione: 1})
	return id
}

func prenotata(b *banco) pratica.ID {
	id := inBozza(b)
	_, err := b.s.PrenotaAppuntamento(context.Background(), b.cittadino, id, b.fasce(id)[0])
	require.NoError(b.t, err)
	return id
}

func conAllegato(b *banco) pratica.ID {
	id := inBozza(b)
	b.allega(id, "pianta")
	return id
}

func (b *banco) allega(id pratica.ID, campo string) pratica.Allegato {
	b.t.Helper()
	al, err := b.s.Allega(context.Background(), b.cittadino, id, sportello.NuovoAllegato{Nome: "casa.jpg", Campo: campo, Origine: pratica.OrigineRichiesta}, bytes.NewReader(foto(b.t)))
	require.NoError(b.t, err)
	return al
}

func (b *banco) fasce(id pratica.ID) []appuntamenti.Fascia {
	b.t.Helper()
	g := termini.GiornoDi(b.orologio.Ora()).Piu(9) // a Thursday, from a Tuesday
	f, err := b.s.Fasce(context.Background(), b.cittadino, id, "anagrafe", g, g)
	require.NoError(b.t, err)
	require.NotEmpty(b.t, f)
	return f
}

// casi has a row for each action; TestAutorizzazione fails where one is missing.
func casi() map[pratica.Azione]caso {
	soloCittadino, soloIncaricato, operatori, soloSistema := []string{richiedente}, []string{incaricato}, []string{abilitato, incaricato}, []string{sistema}
	bg := context.Background()
	return map[pratica.Azione]caso{
		pratica.AzioneSalvaBozza:   {inBozza, dati(pratica.SalvaBozza{Risposte: modulo.Risposte{"metri": "11"}}), soloCittadino, true, true},
		pratica.AzioneEliminaBozza: {inBozza, dati(pratica.EliminaBozza{}), soloCittadino, true, true},
		pratica.AzioneAllega: {inBozza, func(b *banco, a pratica.Attore, id pratica.ID) error {
			_, err := b.s.Allega(bg, a, id, sportello.NuovoAllegato{Nome: "x.jpg", Campo: "pianta", Origine: pratica.OrigineRichiesta}, bytes.NewReader(foto(b.t)))
			return err
		}, soloCittadino, true, true},
		pratica.AzioneRimuoviAllegato: {conAllegato, func(b *banco, a pratica.Attore, id pratica.ID) error {
			return b.s.RimuoviAllegato(bg, a, id, b.carica(id).Allegati[0].ID)
		}, soloCittadino, true, true},
		pratica.AzioneScegliAppuntamento: {arrivata, func(b *banco, a pratica.Attore, id pratica.ID) error {
			_, err := b.s.PrenotaAppuntamento(bg, a, id, b.fasce(id)[0])
			return err
		}, []string{richiedente, abilitato, incaricato}, false, true},
		pratica.AzioneSpostaAppuntamento: {prenotata, func(b *banco, a pratica.Attore, id pratica.ID) error {
			_, err := b.s.PrenotaAppuntamento(bg, a, id, b.fasce(id)[3])
			return err
		}, soloCittadino, true, true},
		pratica.AzioneDisdiciAppuntamento: {prenotata, func(b *banco, a pratica.Attore, id pratica.ID) error {
			_, err := b.s.DisdiciAppuntamento(bg, a, id)
			return err
		}, soloCittadino, true, true},
		pratica.AzioneInvia:                {inBozza, dati(pratica.Invia{Bolli: []bolli.Contrassegno{marca("01234567890123")}}), soloCittadino, true, true},
		pratica.AzioneTornaInBozza:         {daPagare, dati(pratica.TornaInBozza{}), soloCittadino, false, true},
		pratica.AzioneRigeneraPagamento:    {conPagamentoFallito, dati(pratica.RigeneraPagamento{}), soloCittadino, false, true},
		pratica.AzioneInviaIntegrazione:    {daIntegrare, dati(pratica.InviaIntegrazione{Testo: "Ecco"}), soloCittadino, false, true},
		pratica.AzionePresentaOsservazioni: {preavvisata, dati(pratica.PresentaOsservazioni{Testo: "Non è così"}), soloCittadino, false, true},
		pratica.AzioneFornisciBollo:        {conBolloChiesto, dati(pratica.FornisciBollo{Forniti: []bolli.Contrassegno{marca("99999999999999")}}), soloCittadino, false, true},
		pratica.AzioneRitira:               {arrivata, dati(pratica.Ritira{}), soloCittadino, false, true},
		pratica.AzionePrendiInCarico:       {arrivata, dati(pratica.PrendiInCarico{}), operatori, false, true},
		pratica.AzioneAssegna:              {arrivata, dati(pratica.Assegna{Ufficio: "tributi"}), operatori, false, true},
		pratica.AzioneSubentra:             {presa, dati(pratica.Subentra{}), []string{abilitato}, false, true},
		pratica.AzioneRichiediIntegrazione: {presa, dati(pratica.RichiediIntegrazione{Testo: "Serve altro"}), soloIncaricato, false, true},
		pratica.AzioneAccettaIntegrazione:  {conRisposta, dati(pratica.AccettaIntegrazione{}), soloIncaricato, false, true},
		pratica.AzioneAnnullaIntegrazione:  {daIntegrare, dati(pratica.AnnullaIntegrazione{}), soloIncaricato, false, true},
		pratica.AzionePreavvisaRigetto:     {presa, dati(pratica.PreavvisaRigetto{Motivi: "Mancano i requisiti"}), soloIncaricato, false, true},
		pratica.AzioneApprova:              {presa, dati(pratica.Approva{}), soloIncaricato, false, true},
		pratica.AzioneRifiuta:              {scadutoPreavviso, dati(pratica.Rifiuta{Motivazione: "No"}), soloIncaricato, false, true},
		pratica.AzioneRichiediPagamento:    {presa, dati(pratica.RichiediPagamento{Importo: decimal.NewFromInt(5)}), soloIncaricato, false, true},
		pratica.AzioneRegistraPagamento: {daPagare, con(func(p *pratica.Pratica) pratica.Dati {
			return pratica.RegistraPagamento{Pagamento: p.Pagamenti[0].ID, Motivo: "allo sportello"}
		}), operatori, false, true},
		pratica.AzioneRichiediBollo:   {presa, dati(pratica.RichiediBollo{}), soloIncaricato, false, true},
		pratica.AzioneScriviMessaggio: {presa, dati(pratica.ScriviMessaggio{Testo: "Buongiorno"}), []string{richiedente, incaricato}, false, true},
		pratica.AzioneAnnota:          {presa, dati(pratica.Annota{Testo: "Vista"}), operatori, false, true},
		pratica.AzioneAnnulla:         {presa, dati(pratica.Annulla{Motivo: "Doppia"}), operatori, false, true},
		pratica.AzioneRiapri:          {rifiutata, dati(pratica.Riapri{Motivo: "Errore"}), operatori, false, true},
		pratica.AzioneArchivia:        {inoltrata, dati(pratica.Archivia{}), operatori, false, true},
		pratica.AzioneDocumentoProdotto: {daProdurre, dati(pratica.RegistraDocumento{ID: "istanza", Nome: "istanza.pdf", SHA256: strings.Repeat("0", 64)}),
			soloSistema, false, true},
		pratica.AzioneProtocolla: {daProtocollare, dati(pratica.Protocolla{Documento: "istanza", Registrazione: protocollo.Registrazione{Estremi: protocollo.Estremi{Ente: ente, Anno: 2026, Numero: "1"}}}),
			soloSistema, false, true},
		pratica.AzioneAggiornaPagamento: {daPagare, con(func(p *pratica.Pratica) pratica.Dati {
			pos := p.Pagamenti[0].Posizione
			pos.Stato = pagamenti.Pagato
			return pratica.AggiornaPagamento{Posizione: pos}
		}), soloSistema, false, true},
		pratica.AzioneAggiornaAppuntamento: {prenotata, con(func(p *pratica.Pratica) pratica.Dati {
			return pratica.AggiornaAppuntamento{Prenotazione: p.Appuntamenti[0].Prenotazione, Perso: true}
		}), soloSistema, true, true},
		pratica.AzioneAvvisa: {arrivata, dati(pratica.Avvisa{Stato: pratica.Protocollata, Oggetto: "o", Testo: "t"}), soloSistema, false, true},
		pratica.AzioneOscuraDati: {scaduta, func(b *banco, a pratica.Attore, id pratica.ID) error {
			_, err := b.s.OscuraDati(bg, a, id, "Nulla osta n. 12/2036")
			return err
		}, soloSistema, false, true},
	}
}

// altriCasi are the use cases that are no action.
func altriCasi() map[string]caso {
	bg := context.Background()
	tutti, ente1 := []string{richiedente, abilitato, incaricato, sistema}, protocollo.Estremi{Numero: "1", Data: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	scarica := func(file func(*pratica.Pratica) string) func(*banco, pratica.Attore, pratica.ID) error {
		return func(b *banco, a pratica.Attore, id pratica.ID) error {
			f, err := b.s.Scarica(bg, a, id, file(b.carica(id)))
			if err == nil {
				err = f.Close()
			}
			return err
		}
	}
	apri := func(b *banco, a pratica.Attore, id pratica.ID) error { _, err := b.s.Apri(bg, a, id); return err }
	leggi := func(b *banco, a pratica.Attore, id pratica.ID) error { _, _, err := b.s.Leggi(bg, a, id); return err }
	fasce := func(b *banco, a pratica.Attore, id pratica.ID) error {
		g := termini.Giorno{Anno: 2026, Mese: 3, Giorno: 19}
		_, err := b.s.Fasce(bg, a, id, "anagrafe", g, g)
		return err
	}
	riprova := func(b *banco, a pratica.Attore, id pratica.ID) error {
		return b.s.Riprova(bg, a, id, b.sospeso(id).ID, true)
	}
	adotta := func(b *banco, a pratica.Attore, id pratica.ID) error {
		return b.s.AdottaProtocollo(bg, a, id, b.sospeso(id).ID, ente1)
	}
	return map[string]caso{
		"Apri":                     {arrivata, apri, tutti, false, false},
		"Apri bozza":               {inBozza, apri, []string{richiedente, sistema}, true, false},
		"Leggi":                    {arrivata, leggi, tutti, false, false},
		"Leggi bozza":              {inBozza, leggi, []string{richiedente, sistema}, true, false},
		"Fasce":                    {arrivata, fasce, tutti, false, false},
		"Scarica documento":        {arrivata, scarica(func(*pratica.Pratica) string { return "istanza" }), tutti, false, false},
		"Scarica file non inviato": {conAllegato, scarica(func(p *pratica.Pratica) string { return p.Allegati[0].ID }), []string{richiedente, sistema}, true, false},
		"Riprova":                  {conEsitoIgnoto, riprova, []string{abilitato, incaricato, sistema}, false, true},
		"AdottaProtocollo":         {conEsitoIgnoto, adotta, []string{abilitato, incaricato, sistema}, false, true},
	}
}

// TestAutorizzazione: every use case for everybody. Who may not see the pratica
// is told what he would be told of one that does not exist.
func TestAutorizzazione(t *testing.T) {
	t.Parallel()
	prove := altriCasi()
	perAzione := casi()
	for _, az := range pratica.Azioni() {
		switch az {
		case pratica.AzioneProsegui: // has no command
		case pratica.AzioneApriBozza: // TestApriBozzaPerTutti
		default:
			c, ok := perAzione[az]
			require.True(t, ok, "manca la riga per %q", az)
			prove["azione "+string(az)] = c
		}
	}
	for nome, c := range prove {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			b := nuovoBanco(t)
			id := c.prepara(b)
			versione := b.carica(id).Versione
			for chi, a := range b.attori() {
				if slices.Contains(c.ammessi, chi) {
					altro, sua := b, id
					if c.cambia {
						altro = nuovoBanco(t)
						sua = c.prepara(altro)
					}
					require.NoError(t, c.fai(altro, a, sua), chi)
					continue
				}
				err := c.fai(b, a, id)
				switch {
				case nome == "azione subentra" && chi == incaricato: // he may, and has nobody to take over from
					require.ErrorIs(t, err, pratica.ErrNonAmmesso)
				case vede(chi, c.bozza):
					require.ErrorIs(t, err, pratica.ErrNonAutorizzato, chi)
				default:
					require.ErrorIs(t, err, pratica.ErrNonTrovato, chi)
					var e *pratica.Errore
					require.True(t, errors.As(err, &e))
					require.Empty(t, e.Motivi, chi)
					require.Empty(t, e.Campi, chi)
				}
				require.Equal(t, versione, b.carica(id).Versione, chi)
			}
		})
	}
}

func TestApriBozzaPerTutti(t *testing.T) {
	t.Parallel()
	b := nuovoBanco(t)
	for chi, a := range b.attori() {
		_, err := b.s.ApriBozza(context.Background(), a, "pieno")
		switch chi {
		case richiedente, altroCittadino:
			require.NoError(t, err, chi)
		case anonimo: // the service wants to know who it is
			require.ErrorIs(t, err, pratica.ErrNonAmmesso, chi)
		case nessuno, enteInesistente, altrove:
			require.ErrorIs(t, err, pratica.ErrNonTrovato, chi)
		default:
			require.ErrorIs(t, err, pratica.ErrNonAutorizzato, chi)
		}
	}
	basso := b.cittadino
	basso.Livello--
	_, err := b.s.ApriBozza(context.Background(), basso, "pieno")
	require.ErrorIs(t, err, pratica.ErrNonAmmesso)
}

// TestAnonimo: a secret is the only key to an anonymous request.
func TestAnonimo(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	chi := b.attori()[anonimo]
	id, err := b.s.ApriBozza(ctx, chi, "inoltro")
	require.NoError(t, err)
	b.esegui(chi, id, pratica.SalvaBozza{Risposte: modulo.Risposte{"testo": "Buca"}})
	b.esegui(chi, id, pratica.Invia{})
	b.svuota()
	altri := b.attori()
	delete(altri, anonimo)
	altri["altro anonimo"] = pratica.Attore{Ruolo: pratica.Cittadino, Ente: ente, Anonimo: segreto("b")}
	altri["segreto vuoto"] = pratica.Attore{Ruolo: pratica.Cittadino, Ente: ente}
	altri["impegno al posto del segreto"] = pratica.Attore{Ruolo: pratica.Cittadino, Ente: ente, Anonimo: pratica.ImpegnoAnonimo(segreto("a"))}
	for nome, a := range altri {
		_, err := b.s.Apri(ctx, a, id)
		switch nome {
		case abilitato, incaricato, sistema:
			require.NoError(t, err, nome)
		default:
			require.ErrorIs(t, err, pratica.ErrNonTrovato, nome)
		}
	}
	v, err := b.s.Apri(ctx, chi, id)
	require.NoError(t, err)
	require.Equal(t, "Richiedente non identificato", v.Generali.Identificazione)
	mie, err := b.s.MiePratiche(ctx, chi, filtro())
	require.NoError(t, err)
	require.Len(t, mie.Righe, 1)
	mie, err = b.s.MiePratiche(ctx, altri["altro anonimo"], filtro())
	require.NoError(t, err)
	require.Empty(t, mie.Righe)
	_, err = b.s.MiePratiche(ctx, altri["segreto vuoto"], filtro())
	require.ErrorIs(t, err, pratica.ErrNonAutorizzato)
}

// TestSoloTramite: what has a use case of its own is not taken through Esegui,
// by anybody: a citizen must not name by hash a file that he has not.
func TestSoloTramite(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	id := prenotata(b)
	al := pratica.Allegato{ID: "a", Nome: "altrui.pdf", SHA256: strings.Repeat("a", 64), Origine: pratica.OrigineRichiesta}
	pr := b.carica(id).Appuntamenti[0].Prenotazione
	for chi, a := range b.attori() {
		for _, d := range []pratica.Dati{nil, pratica.ApriBozza{}, pratica.Allega{Allegato: al}, pratica.RimuoviAllegato{Allegato: "a"},
			pratica.ScegliAppuntamento{Prenotazione: pr}, pratica.SpostaAppuntamento{Prenotazione: pr}, pratica.DisdiciAppuntamento{}, pratica.OscuraDati{Motivo: "x"}} {
			_, err := b.s.Esegui(ctx, a, id, d)
			require.ErrorIs(t, err, pratica.ErrNonAutorizzato, "%s %T", chi, d)
		}
		_, err := b.s.Esegui(ctx, a, id, &pratica.Allega{Allegato: al})
		require.Error(t, err, "a pointer is no way around: %s", chi)
	}
	require.Empty(t, b.carica(id).Allegati)
	_, err := b.s.Esegui(ctx, b.cittadino, "../../etc/passwd", pratica.Invia{})
	require.ErrorIs(t, err, pratica.ErrNonTrovato)
}

// TestNotificaAltrove: the news of a payment is asked for its own ente and pratica.
func TestNotificaAltrove(t *testing.T) {
	t.Parallel()
	b, ctx := nuovoBanco(t), context.Background()
	id := daPagare(b)
	x := b.carica(id).Pagamenti[0].ID
	for _, e := range []string{"c_y888", "c_z000", ""} {
		_, err := b.s.NotificaPagamento(ctx, e, id, x)
		require.ErrorIs(t, err, pratica.ErrNonTrovato)
	}
	_, err := b.s.NotificaPagamento(ctx, ente, id, "altro")
	require.ErrorIs(t, err, pratica.ErrNonTrovato)
	_, err = b.s.NotificaPagamento(ctx, ente, b.inviata("spoglio"), x)
	require.ErrorIs(t, err, pratica.ErrNonTrovato)
}
