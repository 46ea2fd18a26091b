package protocollotest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/sportello-digitale/pratiche/protocollo"
)

// segni are pieces of personal data that the requests of this package hold; none
// may come out in the text of an error.
var segni = [...]string{"zqxnome", "zqxcognome", "zqxoggetto", "zqxfile", "zqxmail", "ZQXZQX80A01H501W"}

// Richiesta gives a well-formed request in arrivo for tests: a main document
// and as many attachments as asked, whose bytes depend on the token.
func Richiesta(ente, token string, allegati int) protocollo.Richiesta {
	r := protocollo.Richiesta{
		Ente: ente, Correlazione: token, Direzione: protocollo.Arrivo,
		Oggetto: protocollo.OggettoConToken("Istanza Zqxoggetto", token, 0),
		Mittente: protocollo.Soggetto{Tipo: protocollo.PersonaFisica, Nome: "Zqxnome", Cognome: "Zqxcognome",
			CodiceFiscale: "ZQXZQX80A01H501W", Email: "zqxmail@esempio.it"},
		DataPresentazione: time.Date(2026, 3, 31, 9, 0, 0, 0, time.UTC),
		Classifica:        "6.5", Ufficio: "UO1",
		Principale: Documento("principale", "zqxfile.pdf", []byte("%PDF-1.4 principale "+token)),
	}
	for i := range allegati {
		r.Allegati = append(r.Allegati, Documento(fmt.Sprintf("allegato-%d", i), fmt.Sprintf("zqxfile-%d.pdf", i),
			fmt.Appendf(nil, "%%PDF-1.4 allegato %d %s", i, token)))
	}
	return r
}

// Documento gives a document whose bytes are in memory.
func Documento(id, nome string, contenuto []byte) protocollo.Documento {
	impronta, n, _ := protocollo.ImprontaDi(bytes.NewReader(contenuto)) // a bytes.Reader does not fail
	return protocollo.Documento{ID: id, Nome: nome, MIME: "application/pdf", Descrizione: "Zqxfile " + id,
		Dimensione: n, Impronta: impronta,
		Apri: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(contenuto)), nil }}
}

// contato counts what is opened and closed.
type contato struct {
	io.Reader
	chiusi *atomic.Int64
	fatto  atomic.Bool
}

func (c *contato) Close() error {
	if !c.fatto.Swap(true) {
		c.chiusi.Add(1)
	}
	return nil
}

func conta(d protocollo.Documento, aperti, chiusi *atomic.Int64) protocollo.Documento {
	apri := d.Apri
	d.Apri = func(ctx context.Context) (io.ReadCloser, error) {
		r, err := apri(ctx)
		if err != nil {
			return nil, err
		}
		aperti.Add(1)
		return &contato{Reader: r, chiusi: chiusi}, nil
	}
	return d
}
