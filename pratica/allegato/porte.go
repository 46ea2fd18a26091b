package allegato

import (
	"context"
	"io"
)

// Info is what a control outside is told of a file: no name and no person.
type Info struct {
	Ente   string // whose pratica it is
	MIME   string // by content
	Byte   int64
	SHA256 string // hex
	Firma  Firma  // format declared by the content
}

// Verdetto is what an Antivirus says. The empty one counts as Ignoto.
type Verdetto string

// Verdicts; the values are stable.
const (
	Pulito  Verdetto = "pulito"
	Infetto Verdetto = "infetto"
	Ignoto  Verdetto = "ignoto" // it could not tell: too big, encrypted, engine not ready
)

// Antivirus looks for malware. Implementations are safe for concurrent use and
// end with ctx; they need not read r to its end. An error is a failure of the
// service, counts as Ignoto and holds no content of the file.
type Antivirus interface {
	Controlla(ctx context.Context, r io.Reader, i Info) (Verdetto, error)
}

// Validita is what a VerificaFirma says of a signature. The empty one counts as
// FirmaIgnota.
type Validita string

// Validities; the values are stable.
const (
	FirmaValida    Validita = "valida"
	FirmaNonValida Validita = "non_valida"
	FirmaIgnota    Validita = "ignota" // a certification list out of reach, a format not known
)

// EsitoFirma is the answer of a VerificaFirma.
type EsitoFirma struct {
	Validita  Validita
	Firmatari int // how many signed; nothing of who they are
}

// VerificaFirma verifies the signatures of a .p7m, of a PDF or of an ASiC.
// Implementations are safe for concurrent use and end with ctx; errors are
// failures of the service, count as FirmaIgnota and name nobody.
type VerificaFirma interface {
	Verifica(ctx context.Context, r io.Reader, i Info) (EsitoFirma, error)
}
