package sportello

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/allegato"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// NuovoAllegato describes an upload.
type NuovoAllegato struct {
	Nome    string          // as the person named it; cleaned and cut
	Campo   string          // path of the form field, for OrigineRichiesta; may be empty
	Origine pratica.Origine // with what it will be sent
}

// Allega stores a file and adds it to the pratica. The stream goes to the
// archive as it comes, through the examination of package allegato: what that
// refuses (ErrNonValido, ErrTroppoGrande, with an allegato.Rifiuto as cause) is
// not even kept there. The controls of Config.Allegati come next; what they
// refuse, or do not answer for (ErrEsterno: to try again), stays in the archive
// until SpazzaArchivio finds that nothing refers to it.
//
// Where the file belongs to a field of the draft's form, the answer names it
// too. The same content for the same field twice is one attachment, the first,
// which is given back; for two fields it is two. A refused file leaves nothing
// in the pratica.
func (s *Sportello) Allega(ctx context.Context, a pratica.Attore, id pratica.ID, n NuovoAllegato, r io.Reader, opz ...Opzione) (pratica.Allegato, error) {
	p, sv, err := s.carica(ctx, a, id)
	if err != nil {
		return pratica.Allegato{}, err
	}
	al := pratica.Allegato{ID: s.c.NuovoID(), Nome: PulisciNome(n.Nome), Campo: n.Campo, Origine: n.Origine}
	massimo, tipi := s.c.MassimoFile, s.c.TipiFile
	if n.Campo != "" {
		c, ok := sv.Modulo().Campo(n.Campo)
		if !ok || c.Tipo != modulo.File {
			return pratica.Allegato{}, fileNonValido("campo", "Il modulo non ha questo campo.")
		}
		if c.MassimoByte > 0 {
			massimo = min(massimo, c.MassimoByte)
		}
		if len(c.TipiFile) > 0 {
			tipi = c.TipiFile
		}
	}
	prova := al
	prova.SHA256 = strings.Repeat("0", 64)
	if _, err := pratica.Decidi(p, sv, pratica.Comando{Attore: a, ID: s.c.NuovoID(), Dati: pratica.Allega{Allegato: prova}}, s.ora()); err != nil {
		return pratica.Allegato{}, err // before a byte is read
	}
	f, e, err := s.archivia(ctx, p.Ente, al.Nome, tipi, massimo, r)
	if err != nil {
		return pratica.Allegato{}, rifiutato(err, n.Campo, tipi, massimo)
	}
	al.MIME = e.MIME
	al.SHA256, al.Dimensione = f.SHA256, f.Dimensione
	if v, ok := stesso(p, a, al); ok {
		return v, s.nominaFile(ctx, a, id, al.Campo, v.ID, false)
	}
	if err := s.controlla(ctx, p.Ente, f, e); err != nil {
		return pratica.Allegato{}, rifiutato(err, n.Campo, tipi, massimo)
	}
	if al.Campo != "" && p.Stato == pratica.Bozza {
		if _, err := sv.Modulo().ConFile(p.Risposte, al.Campo, al.ID); err != nil { // full already: before it is in the pratica
			return pratica.Allegato{}, campoPieno(al.Campo, err)
		}
	}
	esito, err := s.esegui(ctx, a, id, pratica.Allega{Allegato: al}, nil, opz...)
	if err != nil {
		return pratica.Allegato{}, err
	}
	if p, _, err = s.carica(ctx, a, id); err != nil {
		return pratica.Allegato{}, err
	}
	if esito.Ripetuta { // the first request put it, under its own id
		v, ok := stesso(p, a, al)
		if !ok {
			return pratica.Allegato{}, pratica.ErrConflitto // taken away or sent since
		}
		al = v
	} else if v, ok := p.Allegato(al.ID); ok {
		al = v
	}
	return al, s.nominaFile(ctx, a, id, al.Campo, al.ID, false)
}

// stesso finds the same content that the same side put for the same place and did not send yet.
func stesso(p *pratica.Pratica, a pratica.Attore, al pratica.Allegato) (pratica.Allegato, bool) {
	i := slices.IndexFunc(p.Allegati, func(v pratica.Allegato) bool {
		return v.SHA256 == al.SHA256 && v.Campo == al.Campo && v.Origine == al.Origine && v.Riferimento == "" && v.Di.Ruolo == a.Ruolo && vedeAllegato(a, v)
	})
	if i < 0 {
		return pratica.Allegato{}, false
	}
	return p.Allegati[i], true
}

func campoPieno(campo string, causa error) error {
	return &pratica.Errore{Codice: pratica.CodiceNonValido, Causa: causa, Campi: []pratica.ErroreCampo{{Percorso: campo, Codice: "file", Messaggio: "Il file non può essere aggiunto a questo campo: togline prima uno."}}}
}

// RimuoviAllegato takes a file away that was not sent, from the answers too.
func (s *Sportello) RimuoviAllegato(ctx context.Context, a pratica.Attore, id pratica.ID, allegato string, opz ...Opzione) error {
	p, _, err := s.carica(ctx, a, id)
	if err != nil {
		return err
	}
	if _, ripetuta, err := s.gia(ctx, p, opz); err != nil || ripetuta {
		return err
	}
	al, ok := p.Allegato(allegato)
	if !ok || !vedeAllegato(a, al) {
		return pratica.ErrNonTrovato
	}
	if err := s.nominaFile(ctx, a, id, al.Campo, allegato, true); err != nil {
		return err
	}
	_, err = s.esegui(ctx, a, id, pratica.RimuoviAllegato{Allegato: allegato}, nil, opz...)
	return err
}

// nominaFile writes the id of a file into the answers of the draft, or takes it out.
func (s *Sportello) nominaFile(ctx context.Context, a pratica.Attore, id pratica.ID, campo, allegato string, togli bool) error {
	if campo == "" {
		return nil
	}
	for range tentativiConflitto {
		p, sv, err := s.carica(ctx, a, id)
		if err != nil || p.Stato != pratica.Bozza {
			return err
		}
		var r modulo.Risposte
		if togli {
			r, err = sv.Modulo().SenzaFile(p.Risposte, campo, allegato)
		} else {
			r, err = sv.Modulo().ConFile(p.Risposte, campo, allegato)
		}
		if err != nil {
			return campoPieno(campo, err)
		}
		_, err = s.esegui(ctx, a, id, pratica.SalvaBozza{Risposte: r}, nil, SeVersione(p.Versione))
		if !errors.Is(err, pratica.ErrConflitto) {
			return err
		}
	}
	return pratica.ErrConflitto
}

// Scarico is a file to read. Close it.
type Scarico struct {
	io.ReadCloser
	Nome       string
	MIME       string
	Dimensione int64
	SHA256     string
}

// Scarica opens an attachment, or a produced document by its id. The content is
// verified while it is read: the end of an altered one is an error.
func (s *Sportello) Scarica(ctx context.Context, a pratica.Attore, id pratica.ID, file string) (*Scarico, error) {
	p, _, err := s.carica(ctx, a, id)
	if err != nil {
		return nil, err
	}
	sc := &Scarico{}
	if !p.Oscurata.IsZero() { // they name people, and go with the next sweep
		return nil, pratica.ErrNonTrovato
	}
	if al, ok := p.Allegato(file); ok && vedeAllegatoDi(a, p, al) {
		sc.Nome, sc.MIME, sc.Dimensione, sc.SHA256 = al.Nome, al.MIME, al.Dimensione, al.SHA256
	} else if d, ok := p.Documento(file); ok && d.SHA256 != "" && vedeDocumento(a, p, d) {
		sc.Nome, sc.MIME, sc.Dimensione, sc.SHA256 = d.Nome, "application/pdf", d.Dimensione, d.SHA256
	} else {
		return nil, pratica.ErrNonTrovato
	}
	sc.ReadCloser, err = s.c.Archivio.Apri(ctx, p.Ente, sc.SHA256)
	return sc, err
}

// vedeAllegato: what was not sent yet is seen only by the side that put it.
func vedeAllegato(a pratica.Attore, al pratica.Allegato) bool {
	return al.Riferimento != "" || a.Ruolo == pratica.Sistema || al.Di.Ruolo == a.Ruolo && (a.Ruolo == pratica.Cittadino || al.Di.ID == a.ID)
}

func fileNonValido(codice, messaggio string) error {
	return &pratica.Errore{Codice: pratica.CodiceNonValido, Campi: []pratica.ErroreCampo{{Percorso: "file", Codice: codice, Messaggio: messaggio}}}
}

func nomiTipi(tipi []string) string {
	noti := map[string]string{
		"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG", "text/plain": "testo", "application/pkcs7-mime": "P7M",
		"image/gif": "GIF", "image/tiff": "TIFF", "image/webp": "WebP", "text/csv": "CSV", "application/zip": "ZIP",
		"application/vnd.oasis.opendocument.text": "ODT", "application/vnd.oasis.opendocument.spreadsheet": "ODS",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX", "application/vnd.etsi.asic-e+zip": "ASiC-E",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
	}
	nomi := make([]string, len(tipi))
	for i, t := range tipi {
		nomi[i] = cmp.Or(noti[t], t)
	}
	return strings.Join(nomi, ", ")
}

// PulisciNome makes a file name that every system takes: see allegato.PulisciNome.
func PulisciNome(nome string) string { return allegato.PulisciNome(nome) }
