package sportello

import (
	"slices"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// formatoCopia grows where a program that reads the JSON must change.
const formatoCopia = 1

// estratto is what is handed over of one pratica: what its Vista shows, in words
// that do not change with the pages.
type estratto struct {
	Formato          int                    `json:"formato"`
	ID               pratica.ID             `json:"id"`
	Numero           string                 `json:"numero,omitempty"`
	Servizio         string                 `json:"servizio"`
	VersioneServizio int                    `json:"versione_servizio"`
	NomeServizio     string                 `json:"nome_servizio"`
	Stato            pratica.Stato          `json:"stato"`
	Etichetta        string                 `json:"etichetta"`
	Oggetto          string                 `json:"oggetto,omitempty"`
	Creata           time.Time              `json:"creata"`
	PresentataIl     time.Time              `json:"presentata_il,omitzero"`
	ConclusaIl       time.Time              `json:"conclusa_il,omitzero"`
	ConservataFino   time.Time              `json:"conservata_fino,omitzero"` // from then on the data may be erased
	Richiedente      anagrafica.Persona     `json:"richiedente"`
	Autenticazione   pratica.Autenticazione `json:"autenticazione"`
	Identificazione  string                 `json:"identificazione"`
	Ufficio          string                 `json:"ufficio,omitempty"`
	Operatore        string                 `json:"operatore,omitempty"` // only for the ente
	Risposte         modulo.Risposte        `json:"risposte,omitempty"`  // as the form keeps them
	Modulo           modulo.Riepilogo       `json:"modulo"`              // as people read them
	Documenti        []documentoEstratto    `json:"documenti,omitempty"`
	Allegati         []allegatoEstratto     `json:"allegati,omitempty"`
	Integrazioni     []pratica.Integrazione `json:"integrazioni,omitempty"`
	Preavviso        *pratica.Preavviso     `json:"preavviso,omitempty"`
	Esito            *pratica.Esito         `json:"esito,omitempty"`
	Pagamenti        []pratica.Pagamento    `json:"pagamenti,omitempty"`
	Bolli            []pratica.Bollo        `json:"bolli,omitempty"`
	Appuntamenti     []pratica.Appuntamento `json:"appuntamenti,omitempty"`
	Chiusure         []pratica.Chiusura     `json:"chiusure,omitempty"`
	Messaggi         []messaggioEstratto    `json:"messaggi,omitempty"`
	Note             []pratica.Nota         `json:"note,omitempty"` // only for the ente

	Iter []voceEstratto `json:"-"` // a file of its own
}

// fileEstratto is a file of the package; or, where there is none, why.
type fileEstratto struct {
	Nome   string `json:"nome"`             // as people know it; the entry of the package has a neutral one
	File   string `json:"file,omitempty"`   // entry, relative to the folder of the pratica
	Errore string `json:"errore,omitempty"` // in Italian
	SHA256 string `json:"sha256,omitempty"` // hex
	Byte   int64  `json:"byte,omitempty"`
}

type documentoEstratto struct {
	ID        string                `json:"id"`
	Tipo      pratica.TipoDocumento `json:"tipo"`
	Direzione protocollo.Direzione  `json:"direzione,omitempty"`
	Chiesto   time.Time             `json:"chiesto"`
	Prodotto  time.Time             `json:"prodotto,omitzero"`
	fileEstratto
	Allegati   []string                  `json:"allegati,omitempty"` // ids of those registered with it
	Protocollo *protocollo.Registrazione `json:"protocollo,omitempty"`
}

type allegatoEstratto struct {
	ID           string          `json:"id"`
	MIME         string          `json:"mime"`
	Campo        string          `json:"campo,omitempty"`
	Origine      pratica.Origine `json:"origine"`
	DelCittadino bool            `json:"del_cittadino"`
	Quando       time.Time       `json:"quando"`
	InAttesa     bool            `json:"in_attesa,omitempty"` // uploaded and not sent
	fileEstratto
}

type messaggioEstratto struct {
	ID         string    `json:"id"`
	Da         string    `json:"da"`
	Quando     time.Time `json:"quando"`
	Oggetto    string    `json:"oggetto,omitempty"`
	Testo      string    `json:"testo"`
	Allegati   []string  `json:"allegati,omitempty"`
	Automatico bool      `json:"automatico,omitempty"`
}

type voceEstratto struct {
	Progressivo int            `json:"progressivo"`
	Quando      time.Time      `json:"quando"`
	Azione      pratica.Azione `json:"azione"`
	Titolo      string         `json:"titolo"`
	Stato       pratica.Stato  `json:"stato"`
	Chi         string         `json:"chi"`
	Ufficio     string         `json:"ufficio,omitempty"`
	Motivo      string         `json:"motivo,omitempty"`
}

// nuovoEstratto takes from the Vista, which leaves out what the actor may not
// see, and from the pratica what the Vista says in other words.
func nuovoEstratto(p *pratica.Pratica, v *Vista, dellEnte bool) *estratto {
	x := &estratto{
		Formato: formatoCopia, ID: p.ID, Numero: p.Numero.String(), Servizio: p.Servizio, VersioneServizio: p.VersioneServizio, NomeServizio: v.NomeServizio,
		Stato: v.Stato, Etichetta: v.Etichetta, Oggetto: p.Oggetto, Creata: p.Creata, PresentataIl: p.PresentataIl, ConclusaIl: p.ConclusaIl,
		Richiedente: p.Richiedente, Autenticazione: p.Autenticazione, Identificazione: v.Generali.Identificazione, Ufficio: v.Generali.Ufficio,
		Risposte: p.Risposte, Modulo: v.Modulo, Integrazioni: v.Integrazioni, Preavviso: v.Preavviso, Esito: v.EsitoDecisione, Chiusure: p.Chiusure,
	}
	if dellEnte {
		x.Operatore, x.Note = p.Operatore, p.Note
	}
	for _, d := range v.Documenti {
		doc := documentoEstratto{ID: d.ID, Tipo: d.Tipo, Direzione: d.Direzione, Chiesto: d.Chiesto, Prodotto: d.Prodotto, Allegati: d.Allegati,
			fileEstratto: fileEstratto{Nome: d.Titolo, SHA256: d.SHA256, Byte: d.Dimensione}}
		if d.Registrazione != nil {
			r := d.Registrazione.Clone()
			if !dellEnte { // who worked at it is not the applicant's
				r.Modifiche = nil
				if r.Annullata != nil {
					r.Annullata.Operatore = ""
				}
			}
			doc.Protocollo = &r
		}
		x.Documenti = append(x.Documenti, doc)
	}
	for _, a := range v.Allegati {
		al, _ := p.Allegato(a.ID)
		x.Allegati = append(x.Allegati, allegatoEstratto{ID: a.ID, MIME: a.MIME, Campo: al.Campo, Origine: a.Origine, DelCittadino: a.DelCittadino, Quando: a.Quando, InAttesa: a.InAttesa,
			fileEstratto: fileEstratto{Nome: a.Nome, SHA256: a.SHA256, Byte: a.Dimensione}})
	}
	for _, m := range v.Messaggi {
		x.Messaggi = append(x.Messaggi, messaggioEstratto{ID: m.ID, Da: m.Chi, Quando: m.Quando, Oggetto: m.Oggetto, Testo: m.Testo, Allegati: m.Allegati, Automatico: m.Automatico})
	}
	if v.Pagamenti != nil {
		x.Pagamenti = v.Pagamenti.Pagamenti
	}
	if v.Bolli != nil {
		x.Bolli = v.Bolli.Bolli
	}
	if v.Appuntamenti != nil {
		x.Appuntamenti = v.Appuntamenti.Appuntamenti
	}
	for _, e := range v.Iter {
		x.Iter = append(x.Iter, voceEstratto{e.Progressivo, e.Quando, e.Azione, e.Titolo, e.Stato, e.Chi, e.Ufficio, e.Motivo})
	}
	return x
}

// estensioni are those of the types that a desk accepts; of others nothing is
// taken from a name, which may say who somebody is.
var estensioni = []struct{ mime, estensione string }{
	{"application/pdf", ".pdf"}, {"image/jpeg", ".jpg"}, {"image/png", ".png"}, {"text/plain", ".txt"}, {"application/vnd.oasis.opendocument.text", ".odt"},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"}, {"application/pkcs7-mime", ".p7m"}, {"application/xml", ".xml"}, {"text/xml", ".xml"},
}

func estensioneDi(mime string) string {
	if i := slices.IndexFunc(estensioni, func(e struct{ mime, estensione string }) bool { return e.mime == mime }); i >= 0 {
		return estensioni[i].estensione
	}
	return ".bin"
}
