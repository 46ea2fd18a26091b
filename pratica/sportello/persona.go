package sportello

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// MassimoEsportate bounds the pratiche of one export.
const MassimoEsportate = 20_000

// ErroreCopia says what an export lacks. The package is whole all the
// same, and its index says so too. It holds no personal data.
type ErroreCopia struct {
	Mancano []Mancante
	Oltre   bool // there are more than MassimoEsportate pratiche: the newest are missing
}

// Mancante is a file, or a whole pratica, that could not be read.
type Mancante struct {
	Pratica pratica.ID
	File    string // id of the attachment or document; "" for the pratica
	Causa   error
}

// Error implements error.
func (e *ErroreCopia) Error() string {
	s := fmt.Sprintf("sportello: copia incompleta: %d elementi non leggibili", len(e.Mancano))
	if e.Oltre {
		s += fmt.Sprintf(", più di %d pratiche", MassimoEsportate)
	}
	return s
}

// Unwrap gives the causes.
func (e *ErroreCopia) Unwrap() []error {
	v := make([]error, len(e.Mancano))
	for i := range e.Mancano {
		v[i] = e.Mancano[i].Causa
	}
	return v
}

// EsportaPersona writes to w a ZIP with everything that the pratiche of a person
// hold, drafts included: for the right of access (Regulation EU 2016/679, art.
// 15) and, where it applies (art. 20, par. 3), for portability. The person
// (Cittadino) may ask for what is his, by the codice fiscale of his session; the
// system of the ente for anybody's. Operators may not: who answers such requests
// for the ente comes as its system, and is named by Attore.ID.
//
//	indice.html  indice.json                the pratiche; what is missing
//	pratiche/2026-000123/                   or bozza-<id>/
//	    pratica.html  pratica.json          "formato": 1
//	    iter.json                           as Vista.Iter shows it
//	    eventi.json                         for the ente: every event with its content
//	    documenti/istanza.pdf  …
//	    allegati/001.pdf  …                 their names are in pratica.json
//
// A citizen gets what Apri shows him: no internal notes, no names of operators, no
// decision that is not issued. A pratica of a service that asks for a higher
// level of identification is in the index, and not exported. The ente gets all
// of it, and must look through it before it hands it over (art. 15, par. 4).
// Pratiche of others in which the person is named are not found, nor is what was
// erased, nor what other systems keep.
//
// Files stream from the archive to w; one pratica at a time is in memory. Names
// of entries hold no personal data. The same contents and clock give the same
// bytes. A file, or a pratica, that cannot be read does not stop the rest: the
// index names it, an entry "….ERRORE.txt" stands beside a file, and the error is
// an *ErroreCopia. After any other error, of ctx, of the store or of w,
// the ZIP has no end and cannot be opened.
func (s *Sportello) EsportaPersona(ctx context.Context, a pratica.Attore, cf string, w io.Writer) error {
	cf = strings.ToUpper(strings.TrimSpace(cf))
	if err := s.puoEsportare(a, cf); err != nil {
		return err
	}
	ora := s.ora()
	k, err := nuovoPacchetto(w, ora)
	if err != nil {
		return err
	}
	e := copiaPersona{s: s, ctx: ctx, a: a, k: k, dellEnte: a.Ruolo == pratica.Sistema, viste: map[pratica.ID]bool{}}
	e.indice = indiceCopia{Formato: formatoCopia, Ente: a.Ente, NomeEnte: s.enti[a.Ente].Nome, Generata: ora, CodiceFiscale: cf, Dellente: e.dellEnte, Completa: true}
	if err := e.tutte(cf); err != nil {
		return err
	}
	if err := e.chiudi(); err != nil {
		return err
	}
	s.c.Logger.InfoContext(ctx, "dati di una persona esportati", "ente", a.Ente, "da", a, "pratiche", len(e.indice.Pratiche), "completa", e.indice.Completa)
	if len(e.errore.Mancano) > 0 || e.errore.Oltre {
		return &e.errore
	}
	return nil
}

// indiceCopia is the first page of the package.
type indiceCopia struct {
	Formato       int          `json:"formato"`
	Ente          string       `json:"ente"`
	NomeEnte      string       `json:"nome_ente"`
	Generata      time.Time    `json:"generata"`
	CodiceFiscale string       `json:"codice_fiscale"`
	Dellente      bool         `json:"dell_ente"` // asked by the ente: with internal notes
	Completa      bool         `json:"completa"`
	Oltre         bool         `json:"oltre,omitempty"`
	Pratiche      []voceIndice `json:"pratiche"`
}

type voceIndice struct {
	ID             pratica.ID `json:"id"`
	Numero         string     `json:"numero,omitempty"`
	Servizio       string     `json:"servizio"`
	NomeServizio   string     `json:"nome_servizio"`
	Etichetta      string     `json:"etichetta"`
	PresentataIl   time.Time  `json:"presentata_il,omitzero"`
	ConservataFino time.Time  `json:"conservata_fino,omitzero"`
	Cartella       string     `json:"cartella,omitempty"`
	Problema       string     `json:"problema,omitempty"` // in Italian
}

// copiaPersona is one package in the making.
type copiaPersona struct {
	s        *Sportello
	ctx      context.Context //nolint:containedctx // lives as long as one call
	a        pratica.Attore
	k        *pacchetto
	dellEnte bool
	viste    map[pratica.ID]bool // a draft that is submitted meanwhile comes twice
	indice   indiceCopia
	errore   ErroreCopia
}

func (e *copiaPersona) tutte(cf string) error {
	f := storage.Filtro{Ente: e.a.Ente, Richiedente: cf, Bozze: true, Ordine: storage.PerPresentazioneVecchie, Limite: 100}
	for {
		pg, err := e.s.c.Store.Cerca(e.ctx, f)
		if err != nil {
			return err
		}
		for i := range pg.Righe {
			r := &pg.Righe[i]
			if e.viste[r.ID] {
				continue
			}
			if len(e.viste) == MassimoEsportate {
				e.errore.Oltre, e.indice.Oltre, e.indice.Completa = true, true, false
				return nil
			}
			e.viste[r.ID] = true
			if err := e.una(r); err != nil {
				return err
			}
		}
		if f.Cursore = pg.Seguente; f.Cursore == "" {
			return nil
		}
	}
}

// una exports one pratica, or writes into the index why it does not.
func (e *copiaPersona) una(r *storage.Riga) error {
	v := voceIndice{ID: r.ID, Numero: r.Numero.String(), Servizio: r.Servizio, NomeServizio: r.Servizio, Etichetta: statoPer(e.a, r.Stato).Etichetta(), PresentataIl: r.PresentataIl}
	p, sv, err := e.s.carica(e.ctx, e.a, r.ID)
	switch {
	case err == nil:
	case errors.Is(err, pratica.ErrNonTrovato): // deleted, or erased, meanwhile
		return nil
	case errors.Is(err, pratica.ErrNonAutorizzato):
		v.Problema = "Non esportata: serve un accesso con identità digitale di livello più alto."
		e.indice.Completa, e.indice.Pratiche = false, append(e.indice.Pratiche, v)
		return nil
	case errors.Is(err, pratica.ErrNonConfigurato) && e.ctx.Err() == nil:
		v.Problema = "Non esportata: la configurazione del servizio non è disponibile."
		e.manca(r.ID, "", err)
		e.indice.Pratiche = append(e.indice.Pratiche, v)
		return nil
	default:
		return err
	}
	eventi, err := e.s.c.Store.Eventi(e.ctx, p.Ente, p.ID)
	if err != nil {
		return err
	}
	t, err := e.s.termini(e.ctx, p, sv)
	if err != nil {
		return err
	}
	c := costruttore{s: e.s, ctx: e.ctx, a: e.a, p: p, sv: sv, operatore: e.dellEnte}
	x := nuovoEstratto(p, c.vista(eventi), e.dellEnte)
	x.ConservataFino = t.Scadenza(p.ConclusaIl)
	if p.Stato == pratica.Bozza {
		x.ConservataFino = t.ScadenzaBozza(p.Aggiornata)
	}
	v.Cartella = "pratiche/bozza-" + string(p.ID)
	if x.Numero != "" {
		v.Cartella = "pratiche/" + x.Numero
	}
	v.Numero, v.NomeServizio, v.Etichetta, v.PresentataIl, v.ConservataFino = x.Numero, x.NomeServizio, x.Etichetta, x.PresentataIl, x.ConservataFino
	prima := len(e.errore.Mancano)
	if err := e.scrivi(v.Cartella, x, eventi); err != nil {
		return err
	}
	if n := len(e.errore.Mancano) - prima; n > 0 {
		v.Problema = fmt.Sprintf("File mancanti o incompleti: %d.", n)
	}
	e.indice.Pratiche = append(e.indice.Pratiche, v)
	return nil
}

// scrivi writes the files of a pratica first, so that its pages can say which
// could not be read.
func (e *copiaPersona) scrivi(cartella string, x *estratto, eventi []pratica.Evento) error {
	for i := range x.Documenti {
		if d := &x.Documenti[i]; d.SHA256 != "" {
			if err := e.file(cartella, "documenti/"+d.ID+".pdf", x.ID, d.ID, &d.fileEstratto); err != nil {
				return err
			}
		}
	}
	for i := range x.Allegati {
		al := &x.Allegati[i]
		if err := e.file(cartella, fmt.Sprintf("allegati/%03d%s", i+1, estensioneDi(al.MIME)), x.ID, al.ID, &al.fileEstratto); err != nil {
			return err
		}
	}
	if err := e.k.json(cartella+"/pratica.json", x); err != nil {
		return err
	}
	if err := e.k.html(cartella+"/pratica.html", "pratica", x); err != nil {
		return err
	}
	if err := e.k.json(cartella+"/iter.json", x.Iter); err != nil {
		return err
	}
	if !e.dellEnte {
		return nil
	}
	w, err := e.k.voce(cartella + "/eventi.json")
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(eventi)
}

// file streams one file into the package. Only what stops the whole export is
// an error.
func (e *copiaPersona) file(cartella, nome string, id pratica.ID, file string, f *fileEstratto) error {
	r, letto := e.s.c.Archivio.Apri(e.ctx, e.a.Ente, f.SHA256)
	if letto == nil {
		f.File = nome
		var err error
		letto, err = e.k.copia(cartella+"/"+nome, r)
		if c := r.Close(); letto == nil && err == nil {
			letto = c
		}
		if err != nil {
			return err
		}
	}
	switch {
	case letto == nil:
		return nil
	case e.ctx.Err() != nil:
		return e.ctx.Err()
	}
	f.Errore = "il file non è disponibile"
	if f.File != "" {
		f.Errore = "il file è incompleto o alterato"
	}
	e.manca(id, file, letto)
	return e.k.testo(cartella+"/"+nome+".ERRORE.txt", "Attenzione: "+f.Errore+". Chiedilo all'ente indicando il numero della pratica.\n")
}

func (e *copiaPersona) manca(id pratica.ID, file string, causa error) {
	e.indice.Completa = false
	e.errore.Mancano = append(e.errore.Mancano, Mancante{id, file, causa})
	e.s.c.Logger.WarnContext(e.ctx, "elemento non esportabile", "pratica", id, "file", file, "errore", testoGuasto(causa))
}

func (e *copiaPersona) chiudi() error {
	if err := e.k.json("indice.json", e.indice); err != nil {
		return err
	}
	if err := e.k.html("indice.html", "indice", e.indice); err != nil {
		return err
	}
	return e.k.chiudi()
}
