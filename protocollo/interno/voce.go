package interno

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// Tables of the Cassetto. Every key begins with AOO, and with the registro where
// the series matters.
const (
	tabellaVoce         = "protocollo.voce"         // AOO/registro/anno/numero → voce
	tabellaUltimo       = "protocollo.ultimo"       // AOO/registro → ultimo
	tabellaCorrelazione = "protocollo.correlazione" // AOO/registro/token → key of the voce
	tabellaGiorno       = "protocollo.giorno"       // AOO/registro/giorno/key → presenza
	tabellaVariazione   = "protocollo.variazione"   // AOO/registro/giorno/key → presenza
	tabellaFascicolo    = "protocollo.fascicolo"    // AOO/chiave → Fascicolo
	tabellaNumero       = "protocollo.numero"       // AOO/anno/classifica → counter of fascicoli
)

// presenza is the value of an index record, whose key says everything.
const presenza = "1"

// voce is one entry as it is kept.
type voce struct {
	Registrazione protocollo.Registrazione `json:"registrazione"`
	// Documenti are the main document and the attachments, without their bytes.
	Documenti []protocollo.Documento `json:"documenti"`
}

// ultimo is the state of one series: the number given last, and when. Dates
// never go back, so neither does the year, and one record is enough.
type ultimo struct {
	Anno   int       `json:"anno"`
	Numero int64     `json:"numero"`
	Data   time.Time `json:"data"`
}

func (r *Registro) serie() string { return r.aoo + "/" + r.registro }

func chiaveVoce(anno int, numero int64) string { return fmt.Sprintf("%04d/%012d", anno, numero) }

// chiaveDi gives the key of an entry; false where the estremi are of another
// register or not of this one's form.
func (r *Registro) chiaveDi(e protocollo.Estremi) (string, bool) {
	n, err := strconv.ParseInt(e.Numero, 10, 64)
	if err != nil || n <= 0 || n > 999_999_999_999 || e.AOO != r.aoo || e.Registro != r.registro || e.Anno < 1 || e.Anno > 9999 {
		return "", false
	}
	return chiaveVoce(e.Anno, n), true
}

func (r *Registro) leggiVoce(tx cassetto.Tx, chiave string) (voce, error) {
	var v voce
	err := cassetto.LeggiJSON(tx, tabellaVoce, r.serie()+"/"+chiave, &v)
	if errors.Is(err, cassetto.ErrAssente) {
		return voce{}, protocollo.ErrNonTrovato
	}
	return v, err
}

func (r *Registro) scriviVoce(tx cassetto.Tx, chiave string, v voce) error {
	return cassetto.ScriviJSON(tx, tabellaVoce, r.serie()+"/"+chiave, v)
}
