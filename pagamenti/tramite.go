package pagamenti

import (
	"context"
	"errors"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// Codes of the failures that this package defines; adapters add their own.
const (
	CodicePosizioneIgnota   = "posizione_ignota"
	CodiceDovutoDiverso     = "dovuto_diverso"
	CodicePagatoNelMentre   = "pagato_nel_frattempo"
	CodiceDocumentoMancante = "documento_mancante"
)

var (
	// ErrIgnota: the ente has no position with that id.
	ErrIgnota = errors.New("pagamenti: posizione ignota")
	// ErrDiverso: the id was already used for another amount or reason.
	ErrDiverso = errors.New("pagamenti: dovuto diverso con lo stesso identificativo")
	// ErrPagato: the position was paid in the meantime, so it can no more be
	// cancelled.
	ErrPagato = errors.New("pagamenti: pagato nel frattempo")
	// ErrDocumento: the notice or the receipt does not exist (yet).
	ErrDocumento = errors.New("pagamenti: documento non disponibile")
)

// Ignota builds the failure of an adapter that knows no such position:
// guasto.Permanente over ErrIgnota.
func Ignota(operazione string) error {
	return guasto.Nuovo(guasto.Permanente, operazione, CodicePosizioneIgnota, ErrIgnota)
}

// Diverso builds the failure of a Crea that meets its id with other data:
// guasto.Permanente over ErrDiverso.
func Diverso(operazione string) error {
	return guasto.Nuovo(guasto.Permanente, operazione, CodiceDovutoDiverso, ErrDiverso)
}

// GiaPagato builds the failure of a cancellation that came too late:
// guasto.GiaFatto over ErrPagato.
func GiaPagato(operazione string) error {
	return guasto.Nuovo(guasto.GiaFatto, operazione, CodicePagatoNelMentre, ErrPagato)
}

// Tramite is the way to a system that collects payments. It is safe for
// concurrent use. Every error has a class (guasto.Di); none holds personal
// data. A context that ends before the request left is guasto.Transitorio,
// after it guasto.EsitoIgnoto.
type Tramite interface {
	// Crea makes the debt payable. It is idempotent by Dovuto.ID within the
	// ente: the same id gives the same position (same IUV and NAV, in its present
	// state) and creates nothing, also when many call at once. So a Crea that
	// ended in guasto.EsitoIgnoto may be called again: the one exception to the
	// rule that an unknown outcome is never repeated. The same id with another
	// Importo or Causale fails with ErrDiverso; a Dovuto that Verifica refuses
	// fails with ErrNonValido and has no effect.
	Crea(ctx context.Context, d Dovuto) (Posizione, error)
	// Stato gives the position as the payment system knows it now; an id that
	// the ente does not have fails with ErrIgnota. It has no effect.
	Stato(ctx context.Context, ente, id string) (Posizione, error)
	// Annulla withdraws the debt: nobody should pay it any more. Idempotent: of
	// a cancelled one it gives the position and no error. Of a paid one it fails
	// with guasto.GiaFatto over ErrPagato and gives the paid position, so that
	// the caller records the payment. An unknown id fails with ErrIgnota. A
	// payment that was already under way may still land afterwards: Stato then
	// says Pagato with FuoriTermine.
	Annulla(ctx context.Context, ente, id string) (Posizione, error)
}

// MassimoDocumento bounds a notice or a receipt, in bytes.
const MassimoDocumento = 10 << 20

// Documento is a file made by the payment system.
type Documento struct {
	NomeFile  string // without path and without personal data
	TipoMIME  string
	Contenuto []byte // at most MassimoDocumento
}

// Avvisatore is the optional ability of a Tramite to give the payment notice
// (avviso di pagamento), which the citizen takes to any PSP. Fails with
// ErrDocumento where the position has none, ErrIgnota where it is unknown.
type Avvisatore interface {
	Avviso(ctx context.Context, ente, id string) (Documento, error)
}

// Ricevutatore is the optional ability of a Tramite to give the receipt of a
// paid position. Fails with ErrDocumento while it is not paid, ErrIgnota where
// it is unknown.
type Ricevutatore interface {
	Ricevuta(ctx context.Context, ente, id string) (Documento, error)
}

// Ricevente is what an adapter calls, from its Config, when the payment system
// tells it of a change. The same news may come twice and in any order: merge it
// with Posizione.Concilia. An error asks for the news to be delivered again.
type Ricevente func(ctx context.Context, p Posizione) error
