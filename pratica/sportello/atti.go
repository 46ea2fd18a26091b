package sportello

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/documento"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	"github.com/sportello-digitale/pratiche/storage"
)

// massimoDocumento bounds a produced PDF.
const massimoDocumento = 64 << 20

// produci draws the document of a formal step and puts it in the archive. The
// same pratica gives the same bytes: an attempt after a crash writes the same
// file again, which the archive keeps once.
func (s *Sportello) produci(ctx context.Context, e *storage.Effetto, p *pratica.Pratica, sv *servizio.Servizio) error {
	doc, ok := p.Documento(e.Riferimento)
	if !ok || doc.SHA256 != "" {
		return s.concludi(ctx, e)
	}
	d, err := s.atto(p, sv, doc)
	if err != nil {
		return guasto.Nuovo(guasto.Permanente, "documento", "tipo_sconosciuto", err)
	}
	var b bytes.Buffer
	pr, err := s.c.Documenti.Scrivi(ctx, &b, d)
	switch {
	case errors.Is(err, documento.ErrNonValido), errors.Is(err, documento.ErrTroppoGrande):
		return guasto.Nuovo(guasto.Permanente, "documento.Scrivi", "contenuto", err)
	case err != nil:
		return guasto.Nuovo(guasto.Transitorio, "documento.Scrivi", "produzione", err)
	}
	f, err := s.c.Archivio.Scrivi(ctx, p.Ente, &b, massimoDocumento)
	if err != nil {
		return guasto.Nuovo(guasto.Transitorio, "archivio.Scrivi", "archivio", err)
	}
	if f.SHA256 != pr.SHA256 {
		return guasto.Nuovo(guasto.Transitorio, "archivio.Scrivi", "impronta_diversa", storage.ErrCorrotto)
	}
	nome := d.NomeFile()
	if i := strings.TrimPrefix(doc.ID, string(doc.Tipo)); i != "" { // "…-2", "…-3": further rounds
		nome = strings.TrimSuffix(nome, ".pdf") + i + ".pdf"
	}
	return s.esito(ctx, e, pratica.RegistraDocumento{ID: doc.ID, Nome: nome, SHA256: f.SHA256, Dimensione: f.Dimensione})
}

// atto builds the content of a document from the pratica alone.
func (s *Sportello) atto(p *pratica.Pratica, sv *servizio.Servizio, doc pratica.Documento) (documento.Documento, error) {
	a := s.intesta(p, sv, doc)
	protocolloIstanza := protocolloDi(p, pratica.DocIstanza, "")
	switch doc.Tipo {
	case pratica.DocIstanza:
		a.Identita = identita(p)
		return documento.Istanza(documento.DatiIstanza{Atto: a, Riepilogo: sv.Modulo().Riepiloga(rispostePresentate(p), p.FileModulo()), Sezioni: altreSezioni(p), Pagamento: vociPagate(p, pratica.AllaRichiesta)}), nil
	case pratica.DocRicevuta:
		return documento.Ricevuta(documento.DatiRicevuta{Atto: a, Presentata: p.PresentataIl, Giorni: sv.TempoMassimo(), Entro: termini.GiornoDi(p.PresentataIl).Piu(sv.TempoMassimo())}), nil
	case pratica.DocRichiestaIntegrazione:
		i, err := integrazione(p, doc)
		return documento.RichiestaIntegrazione(documento.DatiRichiestaIntegrazione{Atto: a, Presentata: p.PresentataIl, ProtocolloIstanza: protocolloIstanza, Motivazione: i.Testo, Elementi: nomiCampi(sv, i.Campi), Entro: termini.GiornoDi(i.Scadenza.Add(-1))}), err
	case pratica.DocIntegrazione:
		i, err := integrazione(p, doc)
		a.Identita = identita(p)
		return documento.Integrazione(documento.DatiIntegrazione{Atto: a, Richiesta: i.Richiesta, ProtocolloRichiesta: protocolloDi(p, pratica.DocRichiestaIntegrazione, i.ID), Risposta: rispostaIntegrazione(p, i), Riepilogo: sv.Modulo().Riepiloga(cambiate(p, i), p.FileModulo())}), err
	case pratica.DocPreavviso, pratica.DocOsservazioni:
		if p.Preavviso == nil {
			return documento.Documento{}, pratica.ErrNonTrovato
		}
		v := p.Preavviso
		if doc.Tipo == pratica.DocOsservazioni {
			a.Identita = identita(p)
			return documento.Osservazioni(documento.DatiOsservazioni{Atto: a, Preavviso: v.Inviato, ProtocolloPreavviso: protocolloDi(p, pratica.DocPreavviso, ""), Testo: v.Osservazioni}), nil
		}
		return documento.PreavvisoRigetto(documento.DatiPreavviso{Atto: a, Presentata: p.PresentataIl, ProtocolloIstanza: protocolloIstanza, Motivazione: v.Motivi, Giorni: sv.GiorniPreavviso()}), nil
	case pratica.DocEsitoPositivo, pratica.DocEsitoNegativo:
		if p.Esito == nil {
			return documento.Documento{}, pratica.ErrNonTrovato
		}
		in := documento.DatiEsito{Atto: a, Favorevole: p.Esito.Positivo, Presentata: p.PresentataIl, ProtocolloIstanza: protocolloIstanza, Motivazione: p.Esito.Motivazione, Pagamento: vociPagate(p, pratica.AlRilascio)}
		if p.Preavviso != nil && p.Preavviso.Osservazioni != "" {
			in.Osservazioni = "Il richiedente ha presentato osservazioni il " + termini.GiornoDi(p.Preavviso.Presentate).Italiano() + ", esaminate dall’ufficio."
		}
		return documento.Esito(in), nil
	case pratica.DocRitiro:
		a.Identita = identita(p)
		return documento.Ritiro(documento.DatiRitiro{Atto: a, Motivo: motivoDi(p, doc)}), nil
	case pratica.DocAnnullamento:
		return documento.Annullamento(documento.DatiAnnullamento{Atto: a, Presentata: p.PresentataIl, ProtocolloIstanza: protocolloIstanza, Motivazione: motivoDi(p, doc)}), nil
	default:
		return documento.Documento{}, fmt.Errorf("sportello: documento %q", doc.Tipo)
	}
}

func (s *Sportello) intesta(p *pratica.Pratica, sv *servizio.Servizio, doc pratica.Documento) documento.Atto {
	ente := s.enti[p.Ente]
	ufficio := ""
	if u, ok := sv.Ufficio(cmp.Or(doc.Di.Ufficio, p.Ufficio)); ok {
		ufficio = u.Nome
	}
	a := documento.Atto{
		Intestazione: documento.Intestazione{Ente: ente.Nome, Ufficio: ufficio, Servizio: sv.Nome(), Oggetto: p.Oggetto, NumeroPratica: p.Numero.String(), Data: doc.Chiesto},
		Richiedente:  datiRichiedente(p),
		Firma:        documento.Firma{Luogo: ente.Luogo},
	}
	for _, id := range doc.Allegati {
		if al, ok := p.Allegato(id); ok {
			a.Allegati = append(a.Allegati, documento.Allegato{Nome: al.Nome, Dimensione: al.Dimensione, SHA256: al.SHA256})
		}
	}
	return a
}

func datiRichiedente(p *pratica.Pratica) []documento.Voce {
	r := p.Richiedente
	var voci []documento.Voce
	for _, v := range []documento.Voce{
		{Etichetta: "Nome e cognome", Valore: r.Denominazione()}, {Etichetta: "Codice fiscale", Valore: string(r.CodiceFiscale)},
		{Etichetta: "Nato/a il", Valore: r.Nascita.Italiano()}, {Etichetta: "Nato/a a", Valore: r.LuogoNascita.String()},
		{Etichetta: "Residenza", Valore: r.Residenza.String()}, {Etichetta: "E-mail", Valore: string(r.Email)}, {Etichetta: "PEC", Valore: string(r.PEC)},
	} {
		if v.Valore != "" {
			voci = append(voci, v)
		}
	}
	if len(voci) == 0 {
		voci = []documento.Voce{{Etichetta: "Richiedente", Valore: "non identificato"}}
	}
	return voci
}

func identita(p *pratica.Pratica) string {
	return identificazione(p) + ", " + p.Autenticazione.Quando.In(termini.Roma()).Format("02/01/2006 ore 15:04")
}

// rispostePresentate are the answers as they were submitted: what integrations
// changed since is taken back, so that the istanza is the same whenever it is drawn.
func rispostePresentate(p *pratica.Pratica) modulo.Risposte {
	r := p.Risposte.Copia()
	for i := len(p.Integrazioni) - 1; i >= 0; i-- {
		for k, v := range p.Integrazioni[i].Prima {
			if v == nil {
				delete(r, k)
			} else {
				r[k] = v
			}
		}
	}
	return r
}

// altreSezioni are the parts of a request outside of its form.
func altreSezioni(p *pratica.Pratica) []documento.Sezione {
	var sez []documento.Sezione
	for _, b := range p.Bolli {
		if b.Momento != pratica.AllaRichiesta {
			continue
		}
		x := documento.Sezione{Titolo: "Imposta di bollo"}
		if b.Esenzione != "" {
			x.Voci = append(x.Voci, documento.Voce{Etichetta: "Esenzione dichiarata", Valore: b.Esenzione})
		}
		for _, c := range b.Forniti {
			x.Voci = append(x.Voci, documento.Voce{Etichetta: "Marca da bollo n. " + c.Seriale, Valore: fmt.Sprintf("emessa il %s, %s. Il richiedente dichiara che è usata solo per questo atto e ne conserva l’originale (DM 10/11/2011, art. 3).", c.Emissione.Italiano(), pagamenti.Euro(c.Importo))})
		}
		sez = append(sez, x)
	}
	if a := p.AppuntamentoAttivo(); a != nil && a.Inizio.After(time.Time{}) {
		sez = append(sez, documento.Sezione{Titolo: "Appuntamento", Voci: []documento.Voce{{Etichetta: "Data e ora", Valore: a.Inizio.In(termini.Roma()).Format("02/01/2006 ore 15:04")}}})
	}
	return sez
}

func vociPagate(p *pratica.Pratica, m pratica.Momento) []documento.Voce {
	var voci []documento.Voce
	for _, x := range p.Pagamenti {
		if x.Momento != m || !x.Saldato() {
			continue
		}
		v := pagamenti.Euro(x.Importo)
		if x.Posizione.IUV != "" {
			v += ", IUV " + x.Posizione.IUV
		}
		if x.Manuale != nil {
			v += ", registrato dall’ufficio"
		}
		voci = append(voci, documento.Voce{Etichetta: x.Causale, Valore: v})
	}
	return voci
}

// protocolloDi says the number of an earlier document, "n. 0000123 del 31/03/2026".
func protocolloDi(p *pratica.Pratica, t pratica.TipoDocumento, riferimento string) string {
	for _, d := range slices.Backward(p.Documenti) {
		if d.Tipo == t && d.Registrazione != nil && (riferimento == "" || d.Riferimento == riferimento) {
			return "n. " + d.Registrazione.NumeroEsteso() + " del " + termini.GiornoDi(d.Registrazione.Data).Italiano()
		}
	}
	return ""
}

func integrazione(p *pratica.Pratica, doc pratica.Documento) (pratica.Integrazione, error) {
	for _, i := range p.Integrazioni {
		if i.ID == doc.Riferimento {
			return i, nil
		}
	}
	return pratica.Integrazione{}, pratica.ErrNonTrovato
}

func nomiCampi(sv *servizio.Servizio, campi []string) []string {
	var nomi []string
	for _, id := range campi {
		if c, ok := sv.Modulo().Campo(id); ok {
			nomi = append(nomi, c.Etichetta)
		}
	}
	return nomi
}

// rispostaIntegrazione is the applicant's text, or the messages that were accepted as one.
func rispostaIntegrazione(p *pratica.Pratica, i pratica.Integrazione) string {
	testi := []string{i.Risposta}
	for _, m := range p.Messaggi {
		if slices.Contains(i.Messaggi, m.ID) {
			testi = append(testi, "Messaggio del "+m.Quando.In(termini.Roma()).Format("02/01/2006 ore 15:04")+":\n"+m.Testo)
		}
	}
	return strings.TrimSpace(strings.Join(testi, "\n\n"))
}

// cambiate are the answers that an integration changed.
func cambiate(p *pratica.Pratica, i pratica.Integrazione) modulo.Risposte {
	r := modulo.Risposte{}
	for k := range i.Prima {
		if v, ok := p.Risposte[k]; ok {
			r[k] = v
		}
	}
	return r
}

// motivoDi is the reason of the closing that asked for the document.
func motivoDi(p *pratica.Pratica, doc pratica.Documento) string {
	for _, c := range p.Chiusure {
		if c.Quando.Equal(doc.Chiesto) {
			return c.Motivo
		}
	}
	return ""
}
