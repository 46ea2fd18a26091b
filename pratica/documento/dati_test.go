package documento_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/documento"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

var quando = time.Date(2026, 3, 31, 8, 15, 42, 0, time.UTC)

func atto() documento.Atto {
	return documento.Atto{
		Intestazione: documento.Intestazione{
			Ente: "Comune di Vattelapesca", Ufficio: "Settore Tributi e Servizi al cittadino", Servizio: "Agevolazioni per la tariffa rifiuti (TARI)",
			Oggetto:       "Richiesta di riduzione della tariffa rifiuti per unico occupante – via dei Mille 12/bis, scala B, interno 7",
			NumeroPratica: "2026-000123", Data: quando, Protocollo: "n. 0001234 del 31/03/2026",
		},
		Richiedente: []documento.Voce{
			{Etichetta: "Nome e cognome", Valore: "Nicolò D’Àncona"},
			{Etichetta: "Codice fiscale", Valore: "DNCNCL80A01L219X"},
			{Etichetta: "Nato il", Valore: "01/01/1980 a Torino (TO)"},
			{Etichetta: "Residente in", Valore: "via dei Mille 12/bis, 10123 Vattelapesca (VP)"},
			{Etichetta: "Recapiti", Valore: "nicolo.dancona@esempio.it, 333 1234567"},
		},
		Allegati: []documento.Allegato{
			{Nome: "planimetria dell’alloggio.pdf", Dimensione: 1_234_567, SHA256: strings.Repeat("0123456789abcdef", 4)},
			{Nome: "carta-identita.jpg", Dimensione: 345_600, SHA256: strings.Repeat("fedcba9876543210", 4)},
		},
		Identita: "SPID livello 2, 31/03/2026 ore 10:12",
	}
}

func istanza() documento.DatiIstanza {
	return documento.DatiIstanza{
		Atto: atto(),
		Sezioni: []documento.Sezione{
			{Titolo: "Immobile", Voci: []documento.Voce{
				{Etichetta: "Indirizzo", Valore: "via dei Mille 12/bis"},
				{Etichetta: "Superficie calpestabile dichiarata, comprese le pertinenze accessorie", Valore: "78,50 m²"},
				{Etichetta: "Rendita catastale", Valore: "€ 1.234,56"},
				{Etichetta: "Note", Valore: "L’alloggio è al terzo piano.\nNon c’è ascensore; la cantina è condivisa con gli altri condòmini e non va computata ai fini della superficie tassabile, come già chiarito l’anno scorso."},
			}},
			{Titolo: "Nucleo familiare", Voci: []documento.Voce{
				{Etichetta: "Numero di componenti", Valore: "2"},
				{Etichetta: "Componenti", Righe: []documento.Riga{
					{Titolo: "Componente 1 di 2", Voci: []documento.Voce{{Etichetta: "Nome", Valore: "Giulia"}, {Etichetta: "Parentela", Valore: "figlia"},
						{Etichetta: "Redditi", Righe: []documento.Riga{{Voci: []documento.Voce{{Etichetta: "Anno", Valore: "2025"}, {Etichetta: "Importo", Valore: "€ 0,00"}}}}}}},
					{Titolo: "Componente 2 di 2", Voci: []documento.Voce{{Etichetta: "Nome", Valore: "Łukasz Țepeș"}, {Etichetta: "Parentela", Valore: "convivente"}}},
				}},
				{Etichetta: "Fratelli", Valore: ""},
				{Etichetta: "Dichiaro di essere consapevole delle sanzioni penali previste dall’art. 76 del d.P.R. 445/2000 per chi rilascia dichiarazioni mendaci, " +
					"e della decadenza dai benefici conseguiti ai sensi dell’art. 75 dello stesso decreto", Valore: "Sì"},
			}},
		},
		Dichiarazioni: []string{
			"Dichiara di aver letto l’informativa sul trattamento dei dati personali, ai sensi dell’art. 13 del regolamento (UE) 2016/679.",
			"Dichiara di essere l’unico occupante dell’alloggio.",
		},
		Pagamento: []documento.Voce{{Etichetta: "Diritti di segreteria", Valore: "€ 10,00"}, {Etichetta: "IUV", Valore: "01234567890123456"}},
	}
}

// tutti gives one document of each kind, with every field filled.
func tutti() []documento.Documento {
	a := atto()
	a.Destinatario = []string{"Al sig.", "Nicolò D’Àncona", "via dei Mille 12/bis", "10123 Vattelapesca (VP)"}
	a.Firma = documento.Firma{Luogo: "Vattelapesca", Qualifica: "Il responsabile del procedimento", Nome: "dott.ssa Ada Rossi",
		Nota: "Documento informatico sottoscritto con firma digitale ai sensi dell’art. 24 del d.lgs. 82/2005."}
	a.Altro = []documento.Parte{{Titolo: "Prospetto", Tabella: &documento.Tabella{
		Colonne: []documento.Colonna{{Titolo: "Voce", Peso: 3}, {Titolo: "Anno"}, {Titolo: "Importo", Destra: true}},
		Righe:   [][]string{{"Tariffa ordinaria", "2026", "€ 240,00"}, {"Riduzione", "2026", "€ -80,00"}, {"Totale"}},
	}}}
	entro, _ := termini.LeggiGiorno("2026-04-30")
	const prot = "n. 0001234 del 31/03/2026"
	motivi := "La superficie dichiarata non coincide con quella catastale.\nManca la prova della residenza."
	return []documento.Documento{
		documento.Istanza(istanza()),
		documento.Ricevuta(documento.DatiRicevuta{Atto: a, Presentata: quando, Giorni: 30, Entro: entro, SilenzioAssenso: true,
			Responsabile: "dott.ssa Ada Rossi", Contatti: "tributi@comune.vattelapesca.vp.it, 011 123456"}),
		documento.RichiestaIntegrazione(documento.DatiRichiestaIntegrazione{Atto: a, Presentata: quando, ProtocolloIstanza: prot,
			Motivazione: motivi, Elementi: []string{"planimetria quotata", "certificato di residenza"}, Entro: entro, Sospende: true}),
		documento.Integrazione(documento.DatiIntegrazione{Atto: a, Richiesta: quando, ProtocolloRichiesta: prot, Risposta: "Allego quanto chiesto.",
			Sezioni: istanza().Sezioni[:1]}),
		documento.PreavvisoRigetto(documento.DatiPreavviso{Atto: a, Presentata: quando, ProtocolloIstanza: prot, Motivazione: motivi, Giorni: 5}),
		documento.Esito(documento.DatiEsito{Atto: a, Favorevole: true, Presentata: quando, ProtocolloIstanza: prot, Prescrizioni: []string{"Comunicare ogni variazione entro 30 giorni."},
			Pagamento: []documento.Voce{{Etichetta: "Bollo", Valore: "€ 16,00"}}}),
		documento.Esito(documento.DatiEsito{Atto: a, Presentata: quando, Motivazione: motivi, Osservazioni: "Le osservazioni non portano elementi nuovi."}),
		documento.Osservazioni(documento.DatiOsservazioni{Atto: atto(), Preavviso: quando, ProtocolloPreavviso: "n. 12", Testo: "Non condivido i motivi."}),
		documento.Ritiro(documento.DatiRitiro{Atto: a, Motivo: "Mi trasferisco."}),
		documento.Annullamento(documento.DatiAnnullamento{Atto: a, Presentata: quando, Motivazione: "Istanza presentata due volte."}),
	}
}

func produttore(t testing.TB, c documento.Config) *documento.Produttore {
	t.Helper()
	p, err := documento.New(c)
	require.NoError(t, err)
	return p
}

func scrivi(t testing.TB, p *documento.Produttore, d documento.Documento) ([]byte, documento.Prodotto) {
	t.Helper()
	var b bytes.Buffer
	out, err := p.Scrivi(context.Background(), &b, d)
	require.NoError(t, err)
	return b.Bytes(), out
}

func gruppo(n int) documento.DatiIstanza {
	in := istanza()
	var r []documento.Riga
	for i := range n {
		r = append(r, documento.Riga{Voci: []documento.Voce{
			{Etichetta: "Targa", Valore: fmt.Sprintf("AB%05d", i)}, {Etichetta: "Zona", Valore: "ZTL centro"},
		}})
	}
	in.Sezioni = append(in.Sezioni, documento.Sezione{Titolo: "Veicoli", Voci: []documento.Voce{{Etichetta: "Elenco dei veicoli", Righe: r}}})
	return in
}
