package protocollo

import (
	"context"
	"crypto/sha256"
	"io"
	"log/slog"
	"path"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// Documento is a file to register. Its bytes are fixed from the moment its
// impronta is taken: they are never stamped or changed afterwards.
type Documento struct {
	ID          string   `json:"id"`                    // the caller's, unique in a Richiesta; opaque
	Nome        string   `json:"nome"`                  // file name with extension, no path
	MIME        string   `json:"mime"`                  // "application/pdf"
	Descrizione string   `json:"descrizione,omitempty"` // what people read
	Dimensione  int64    `json:"dimensione"`            // bytes
	Impronta    Impronta `json:"impronta"`
	// Apri opens the bytes. It may be called any number of times, also at the
	// same time, and gives the same bytes each time. The caller closes. It is
	// needed only by registries that receive the files.
	Apri func(ctx context.Context) (io.ReadCloser, error) `json:"-"`
}

// Estensione is the extension of the file name, lower case, without dot.
func (d Documento) Estensione() string {
	return strings.ToLower(strings.TrimPrefix(path.Ext(d.Nome), "."))
}

// ApriVerificato opens the document; reading its last byte, or one too many,
// gives ErrImpronta if size or digest differ from those declared.
// Adapters send what they read here, so a wrong file is never registered in
// silence. The error has class Permanente if Apri is nil, else that of Apri,
// Transitorio where nobody classified it: nothing was sent yet.
func (d Documento) ApriVerificato(ctx context.Context) (io.ReadCloser, error) {
	const op = "protocollo.ApriVerificato"
	if d.Apri == nil {
		return nil, guasto.Nuovo(guasto.Permanente, op, "documento_senza_contenuto", nil)
	}
	r, err := d.Apri(ctx)
	if err != nil {
		return nil, guasto.Nuovo(classeLettura(err), op, "documento_illeggibile", err)
	}
	return &verificato{ReadCloser: r, h: sha256.New(), massimo: d.Dimensione, attesa: d.Impronta}, nil
}

func classeLettura(err error) guasto.Classe {
	if c := guasto.Di(err); c != guasto.EsitoIgnoto {
		return c
	}
	return guasto.Transitorio
}

// LogValue implements slog.LogValuer: name and description may hold personal data.
func (d Documento) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", d.ID), slog.String("mime", d.MIME), slog.Int64("dimensione", d.Dimensione))
}

func (d Documento) verifica(e *elenco, campo string) {
	if d.ID == "" {
		e.aggiungi(CodiceMancante, campo+".id")
	}
	if d.Nome == "" {
		e.aggiungi(CodiceMancante, campo+".nome")
	}
	if strings.ContainsAny(d.Nome, `/\`) {
		e.aggiungi(CodiceCaratteri, campo+".nome")
	}
	if d.Dimensione <= 0 {
		e.aggiungi(CodiceVuoto, campo+".dimensione")
	}
	if !d.Impronta.Valida() {
		e.aggiungi(CodiceImpronta, campo+".impronta")
	}
	e.testo(campo+".id", d.ID, MassimoCodice)
	e.testo(campo+".nome", d.Nome, MassimoNome)
	e.testo(campo+".mime", d.MIME, MassimoCodice)
	e.testo(campo+".descrizione", d.Descrizione, MassimoTesto)
}
