package sportello

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/storage"
)

// NuovoAllegato describes an upload.
type NuovoAllegato struct {
	Nome    string          // as the person named it; cleaned and cut
	Campo   string          // path of the form field, for OrigineRichiesta; may be empty
	Origine pratica.Origine // with what it will be sent
}

// Allega stores a file and adds it to the pratica. The stream goes to the
// archive as it comes; its type is found from its content. Where it belongs to
// a field of the draft's form, the answer names it too. The same content for
// the same field twice is one attachment. A refused file leaves nothing in the
// pratica.
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
	testa := make([]byte, 3072)
	quanti, err := io.ReadFull(r, testa)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return pratica.Allegato{}, err
	}
	testa = testa[:quanti]
	if quanti == 0 {
		return pratica.Allegato{}, fileNonValido("vuoto", "Il file è vuoto: scegline un altro.")
	}
	if al.MIME = tipoDi(testa, al.Nome); !slices.Contains(tipi, al.MIME) {
		return pratica.Allegato{}, fileNonValido("tipo", "Questo tipo di file non è ammesso. Tipi ammessi: "+nomiTipi(tipi)+".")
	}
	f, err := s.c.Archivio.Scrivi(ctx, p.Ente, io.MultiReader(bytes.NewReader(testa), r), massimo)
	if errors.Is(err, storage.ErrTroppoGrande) {
		return pratica.Allegato{}, &pratica.Errore{Codice: pratica.CodiceTroppoGrande, Causa: err, Campi: []pratica.ErroreCampo{{
			Percorso: n.Campo, Codice: "troppo_grande", Messaggio: "Il file supera il massimo di " + modulo.Dimensione(massimo) + ": riducilo o dividilo.",
		}}}
	}
	if err != nil {
		return pratica.Allegato{}, err
	}
	al.SHA256, al.Dimensione = f.SHA256, f.Dimensione
	if v, ok := stesso(p, a, al); ok {
		return v, s.nominaFile(ctx, a, id, al.Campo, v.ID, false)
	}
	if al.Campo != "" && p.Stato == pratica.Bozza {
		if _, err := sv.Modulo().ConFile(p.Risposte, al.Campo, al.ID); err != nil { // full already: before it is in the pratica
			return pratica.Allegato{}, campoPieno(al.Campo, err)
		}
	}
	e, err := s.esegui(ctx, a, id, pratica.Allega{Allegato: al}, nil, opz...)
	if err != nil {
		return pratica.Allegato{}, err
	}
	if p, _, err = s.carica(ctx, a, id); err != nil {
		return pratica.Allegato{}, err
	}
	if e.Ripetuta { // the first request put it, under its own id
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

// tipoDi gives the MIME type by content, without parameters. A signed envelope
// (.p7m, CAdES) has no magic number: the name, and the head of its ASN.1.
func tipoDi(testa []byte, nome string) string {
	if strings.EqualFold(path.Ext(nome), ".p7m") && firmato(testa) {
		return "application/pkcs7-mime"
	}
	t, _, _ := strings.Cut(mimetype.Detect(testa).String(), ";")
	return t
}

// oidFirmato is signedData, 1.2.840.113549.1.7.2, in DER (RFC 5652, §5.1).
var oidFirmato = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}

// firmato reports whether a file begins as a CMS signedData: in DER or BER, in
// base64 of it, or in PEM.
func firmato(testa []byte) bool {
	if testa[0] == 0x30 {
		return bytes.Contains(testa[:min(len(testa), 32)], oidFirmato)
	}
	if bytes.HasPrefix(testa, []byte("-----BEGIN ")) {
		_, testa, _ = bytes.Cut(testa, []byte("\n"))
	}
	righe := bytes.Join(bytes.Fields(testa), nil)
	der := make([]byte, 24)
	if n, err := base64.StdEncoding.Decode(der, righe[:min(len(righe), 32)]); err != nil || n == 0 || der[0] != 0x30 {
		return false
	}
	return bytes.Contains(der, oidFirmato)
}

func nomiTipi(tipi []string) string {
	noti := map[string]string{
		"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG", "text/plain": "testo", "application/pkcs7-mime": "P7M",
		"application/vnd.oasis.opendocument.text": "ODT", "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
	}
	nomi := make([]string, len(tipi))
	for i, t := range tipi {
		nomi[i] = cmp.Or(noti[t], t)
	}
	return strings.Join(nomi, ", ")
}

// PulisciNome makes a file name that every system takes: no path, no control or
// bidirectional characters, at most 120 characters with the extension kept.
func PulisciNome(nome string) string {
	nome = strings.ToValidUTF8(nome, "")
	if i := strings.LastIndexAny(nome, `/\`); i >= 0 {
		nome = nome[i+1:]
	}
	nome = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"|?*`, r) {
			return -1
		}
		return r
	}, nome)
	nome = strings.Trim(strings.Join(strings.Fields(nome), " "), ". ")
	if nome == "" {
		return "documento"
	}
	if n := utf8.RuneCountInString(nome); n > 120 {
		est := path.Ext(nome)
		if utf8.RuneCountInString(est) > 10 {
			est = ""
		}
		corpo := []rune(strings.TrimSuffix(nome, est))
		nome = fmt.Sprintf("%s%s", string(corpo[:120-utf8.RuneCountInString(est)]), est)
	}
	return nome
}
