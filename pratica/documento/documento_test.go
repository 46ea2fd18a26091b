package documento_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/documento"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

func parte(t *testing.T, d documento.Documento, titolo string) documento.Parte {
	t.Helper()
	for _, p := range d.Parti {
		if p.Titolo == titolo {
			return p
		}
	}
	require.Failf(t, "missing part", "%s in %s", titolo, d.Tipo)
	return documento.Parte{}
}

// Each kind names the rule on which it rests, and a service can replace it.
func TestNorma(t *testing.T) {
	t.Parallel()
	attese := map[documento.Tipo]string{
		documento.TipoIstanza:               "art. 65 del d.lgs. 7 marzo 2005, n. 82",
		documento.TipoRicevuta:              "art. 18-bis della legge 7 agosto 1990, n. 241",
		documento.TipoRichiestaIntegrazione: "art. 6, comma 1, lettera b)",
		documento.TipoIntegrazione:          "art. 65",
		documento.TipoPreavvisoRigetto:      "art. 10-bis della legge 7 agosto 1990, n. 241",
		documento.TipoOsservazioni:          "art. 10-bis",
		documento.TipoEsitoPositivo:         "artt. 2 e 3 della legge 7 agosto 1990",
		documento.TipoEsitoNegativo:         "artt. 2 e 3 della legge 7 agosto 1990",
		documento.TipoRitiro:                "art. 65",
		documento.TipoAnnullamento:          "artt. 2 e 3",
	}
	for _, d := range tutti() {
		require.NotEmpty(t, attese[d.Tipo])
		require.Contains(t, strings.Join(parte(t, d, "Riferimenti normativi").Paragrafi, "\n"), attese[d.Tipo])
	}
	in := istanza()
	in.Norma = "Regolamento comunale.\nArt. 4."
	require.Equal(t, []string{"Regolamento comunale.", "Art. 4."}, parte(t, documento.Istanza(in), "Riferimenti normativi").Paragrafi)
}

func TestPreavvisoMaiMenoDiDieciGiorni(t *testing.T) {
	t.Parallel()
	for giorni, atteso := range map[int]string{0: "Entro 10 giorni", 5: "Entro 10 giorni", 15: "Entro 15 giorni"} {
		d := documento.PreavvisoRigetto(documento.DatiPreavviso{Atto: atto(), Motivazione: "m", Giorni: giorni})
		require.Contains(t, parte(t, d, "Come presentare osservazioni").Paragrafi[0], atteso)
	}
}

func TestEsitoDiceComeRicorrere(t *testing.T) {
	t.Parallel()
	d := documento.Esito(documento.DatiEsito{Atto: atto(), Motivazione: "m", Presentata: quando, ProtocolloIstanza: "n. 1"})
	require.Equal(t, documento.TipoEsitoNegativo, d.Tipo)
	require.Equal(t, "Esaminata la pratica n. 2026-000123, l’istanza presentata il 31/03/2026, protocollo n. 1 è respinta.", d.Dispositivo)
	r := parte(t, d, "Come presentare ricorso").Paragrafi[0]
	require.Contains(t, r, "TAR")
	require.Contains(t, r, "60 giorni")
	require.Contains(t, r, "120 giorni")
	d = documento.Esito(documento.DatiEsito{Atto: atto(), Favorevole: true, Ricorso: "Giudice di pace, 30 giorni."})
	require.Equal(t, documento.TipoEsitoPositivo, d.Tipo)
	require.Contains(t, d.Dispositivo, "è accolta")
	require.Equal(t, []string{"Giudice di pace, 30 giorni."}, parte(t, d, "Come presentare ricorso").Paragrafi)
}

// Only a receipt with what art. 8 asks for counts as notice of the beginning.
func TestRicevutaComeAvvio(t *testing.T) {
	t.Parallel()
	in := documento.DatiRicevuta{Atto: atto(), Presentata: quando, Giorni: 30, Responsabile: "Ada Rossi", Contatti: "011 1"}
	d := documento.Ricevuta(in)
	require.Contains(t, d.Dispositivo, "31/03/2026 ore 10:15", "Europe/Rome, summer time")
	require.Contains(t, parte(t, d, "Riferimenti normativi").Paragrafi, documento.NormaAvvio)
	require.NotContains(t, strings.Join(parte(t, d, "Termini del procedimento").Paragrafi, ""), "silenzio")
	for _, togli := range []func(*documento.DatiRicevuta){
		func(r *documento.DatiRicevuta) { r.Giorni = 0 },
		func(r *documento.DatiRicevuta) { r.Responsabile = " " },
		func(r *documento.DatiRicevuta) { r.Contatti = "" },
		func(r *documento.DatiRicevuta) { r.Intestazione.Ufficio = "" },
	} {
		altra := in
		togli(&altra)
		require.NotContains(t, parte(t, documento.Ricevuta(altra), "Riferimenti normativi").Paragrafi, documento.NormaAvvio)
	}
}

func TestRichiestaTermine(t *testing.T) {
	t.Parallel()
	d := documento.RichiestaIntegrazione(documento.DatiRichiestaIntegrazione{Atto: atto(), Motivazione: "m", Giorni: 15})
	require.Contains(t, parte(t, d, "Termine per rispondere").Paragrafi[0], "entro 15 giorni dal ricevimento")
	d = documento.RichiestaIntegrazione(documento.DatiRichiestaIntegrazione{Atto: atto(), Motivazione: "m"})
	require.Len(t, d.Parti, 1, "nothing is said of a term that was not set")
}

// A builder takes nothing of its input hostage.
func TestCostruttoriNonToccanoIDati(t *testing.T) {
	t.Parallel()
	in := istanza()
	d := documento.Istanza(in)
	d.Allegati[0].Nome, d.Richiedente[0].Valore = "x", "x"
	d.Parti = append(d.Parti[:1], documento.Parte{Titolo: "x"})
	require.Equal(t, istanza(), in)
	require.Equal(t, []string{"Spett.le", "Comune di Vattelapesca", "Settore Tributi e Servizi al cittadino"}, d.Destinatario)
}

func TestNomeFile(t *testing.T) {
	t.Parallel()
	for numero, atteso := range map[string]string{
		"2026-000123":            "istanza-2026-000123.pdf",
		"../../etc/passwd\x00":   "istanza-etc-passwd.pdf",
		"c_a000/2026 n. 7":       "istanza-c-a000-2026-n-7.pdf",
		"":                       "istanza.pdf",
		strings.Repeat("a", 200): "istanza-" + strings.Repeat("a", 72) + ".pdf",
	} {
		d := documento.Documento{Tipo: documento.TipoIstanza, Intestazione: documento.Intestazione{NumeroPratica: numero}}
		require.Equal(t, atteso, d.NomeFile())
	}
	require.Empty(t, documento.Tipo("altro").Titolo())
}

func TestLogSenzaDatiPersonali(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	l := slog.New(slog.NewJSONHandler(&b, nil))
	d := tutti()[1]
	in := istanza()
	l.Info("x", "d", d, "i", d.Intestazione, "v", d.Richiedente[0], "a", d.Allegati[0], "p", d.Parti[0], "f", d.Firma,
		"s", in.Sezioni[0], "r", in.Sezioni[1].Voci[1].Righe[0], "atto", in.Atto, "dati", in)
	for _, privato := range []string{"Nicol", "DNCNCL", "Mille", "Giulia", "Ada", "planimetria", "condivisa"} {
		require.NotContains(t, b.String(), privato)
	}
	require.Contains(t, b.String(), "2026-000123")
}

// The document prints the summary of the form, text for text.
func TestDaRiepilogo(t *testing.T) {
	t.Parallel()
	r := modulo.Riepilogo{Sezioni: []modulo.SezioneRiepilogo{{Titolo: "Figli", Voci: []modulo.VoceRiepilogo{
		{Etichetta: "Quanti", Valore: "1"},
		{Etichetta: "Figli", Righe: []modulo.RigaRiepilogo{{Titolo: "Figlio 1 di 1", Voci: []modulo.VoceRiepilogo{{Etichetta: "Nome", Valore: "Leo"}}}}},
	}}}}
	atteso := []documento.Sezione{{Titolo: "Figli", Voci: []documento.Voce{
		{Etichetta: "Quanti", Valore: "1"},
		{Etichetta: "Figli", Righe: []documento.Riga{{Titolo: "Figlio 1 di 1", Voci: []documento.Voce{{Etichetta: "Nome", Valore: "Leo"}}}}},
	}}}
	require.Equal(t, atteso, documento.DaRiepilogo(r))
	for _, d := range []documento.Documento{
		documento.Istanza(documento.DatiIstanza{Atto: atto(), Riepilogo: r, Sezioni: []documento.Sezione{{Voci: []documento.Voce{{Etichetta: "x", Valore: "y"}}}}}),
		documento.Integrazione(documento.DatiIntegrazione{Atto: atto(), Riepilogo: r, Sezioni: []documento.Sezione{{Voci: []documento.Voce{{Etichetta: "x", Valore: "y"}}}}}),
	} {
		require.Equal(t, atteso[0].Voci, parte(t, d, "Figli").Voci)
		require.Equal(t, "x", parte(t, d, "Dati").Voci[0].Etichetta)
	}
}
