package protocollo

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Capacita declares what a registry can do and its limits. The zero value of a
// limit means that there is none beyond those of Richiesta.Verifica.
type Capacita struct {
	Cerca bool `json:"cerca"` // implements Cercatore
	// CercaAffidabile: a search by token that finds nothing proves that nothing
	// was registered. Without it an empty result proves nothing.
	CercaAffidabile bool `json:"cerca_affidabile"`
	// Idempotente: Registra recognises Correlazione and gives GiaRegistrata.
	Idempotente bool `json:"idempotente"`
	Fascicoli   bool `json:"fascicoli"` // implements Fascicolatore
	// FascicoliUnici: CreaFascicolo is an atomic get-or-create on the key.
	FascicoliUnici        bool `json:"fascicoli_unici"`
	AllegatiNellaChiamata bool `json:"allegati_nella_chiamata"` // Registra sends attachments too
	AllegatiDopo          bool `json:"allegati_dopo"`           // implements Allegatore
	Legge                 bool `json:"legge"`                   // implements Lettore
	Annulla               bool `json:"annulla"`                 // implements Annullatore
	Riclassifica          bool `json:"riclassifica"`            // implements Riclassificatore
	Predispone            bool `json:"predispone"`              // implements Predispositore

	MassimoByteDocumento int64 `json:"massimo_byte_documento,omitempty"` // each document
	MassimoByteTotale    int64 `json:"massimo_byte_totale,omitempty"`    // all documents together
	MassimoAllegati      int   `json:"massimo_allegati,omitempty"`       // negative: no attachment at all
	MassimoOggetto       int   `json:"massimo_oggetto,omitempty"`        // characters
	MassimoNome          int   `json:"massimo_nome,omitempty"`           // characters of a file name
	// EstensioniAmmesse are lower case without dot; empty admits all.
	EstensioniAmmesse []string `json:"estensioni_ammesse,omitempty"`
	// CaratteriVietatiNome are the characters refused in file names.
	CaratteriVietatiNome string `json:"caratteri_vietati_nome,omitempty"`
}

// Verifica reports everything for which Registra would refuse r: its structure
// (Richiesta.Verifica) and the limits of this registry. Callers run it before
// submission; Registra runs it again. The error is Problemi.
func (c Capacita) Verifica(r Richiesta) error {
	var e elenco
	r.verifica(&e)
	if c.MassimoOggetto > 0 {
		if utf8.RuneCountInString(r.Oggetto) > c.MassimoOggetto {
			e.limite(CodiceTroppoLungo, "oggetto", int64(c.MassimoOggetto))
		}
	}
	switch {
	case c.MassimoAllegati < 0:
		e.quanti("allegati", len(r.Allegati), 0)
	case c.MassimoAllegati > 0:
		e.quanti("allegati", len(r.Allegati), c.MassimoAllegati)
	}
	c.verificaDocumento(&e, "principale", r.Principale)
	totale := r.Principale.Dimensione
	for i, a := range r.Allegati[:min(len(r.Allegati), MassimoAllegati)] {
		c.verificaDocumento(&e, fmt.Sprintf("allegati[%d]", i), a)
		if totale += a.Dimensione; totale < 0 { // overflow of hostile sizes
			totale = 1<<63 - 1
		}
	}
	if c.MassimoByteTotale > 0 && totale > c.MassimoByteTotale {
		e.limite(CodiceTroppoPeso, "documenti", c.MassimoByteTotale)
	}
	return e.errore()
}

func (c Capacita) verificaDocumento(e *elenco, campo string, d Documento) {
	if c.MassimoByteDocumento > 0 && d.Dimensione > c.MassimoByteDocumento {
		e.limite(CodiceTroppoPeso, campo+".dimensione", c.MassimoByteDocumento)
	}
	if c.MassimoNome > 0 && utf8.RuneCountInString(d.Nome) > c.MassimoNome {
		e.limite(CodiceTroppoLungo, campo+".nome", int64(c.MassimoNome))
	}
	if strings.ContainsAny(d.Nome, c.CaratteriVietatiNome) {
		e.aggiungi(CodiceCaratteri, campo+".nome")
	}
	if len(c.EstensioniAmmesse) > 0 && !slices.Contains(c.EstensioniAmmesse, d.Estensione()) {
		e.aggiungi(CodiceEstensione, campo+".nome")
	}
}

// Adatta gives a copy of r that respects the limits on texts: the oggetto
// carries the token and fits, file names have no forbidden character, fit, and
// differ from each other (registries refuse twins). It cannot mend sizes, counts
// and extensions, which Verifica reports. Documents are recognised by ID: their
// names in the registry are not those that the citizen gave. It is a pure
// function of r, so that every attempt sends the same names.
func (c Capacita) Adatta(r Richiesta) Richiesta {
	r = r.ConToken(c.MassimoOggetto)
	massimo := MassimoNome
	if c.MassimoNome > 0 {
		massimo = min(massimo, c.MassimoNome)
	}
	usati := map[string]bool{}
	r.Principale.Nome = c.nome(r.Principale.Nome, massimo, usati)
	r.Allegati = slices.Clone(r.Allegati)
	for i := range r.Allegati {
		r.Allegati[i].Nome = c.nome(r.Allegati[i].Nome, massimo, usati)
	}
	return r
}

func (c Capacita) nome(nome string, massimo int, usati map[string]bool) string {
	sostituto := 'x'
	for _, x := range "_-" {
		if !strings.ContainsRune(c.CaratteriVietatiNome, x) {
			sostituto = x
			break
		}
	}
	nome = strings.TrimSpace(strings.Map(func(x rune) rune {
		if x == utf8.RuneError || unicode.IsControl(x) || strings.ContainsRune(`/\`, x) || strings.ContainsRune(c.CaratteriVietatiNome, x) {
			return sostituto
		}
		return x
	}, nome))
	estensione := path.Ext(nome)
	if utf8.RuneCountInString(estensione) >= massimo {
		estensione = ""
	}
	base := strings.TrimSuffix(nome, estensione)
	if base == "" {
		base = "documento"
	}
	for n := 1; ; n++ {
		coda := estensione
		if n > 1 {
			coda = string(sostituto) + strconv.Itoa(n)
			if utf8.RuneCountInString(coda+estensione) < massimo {
				coda += estensione
			}
		}
		prova := taglia(base, massimo-utf8.RuneCountInString(coda)) + coda
		if chiave := strings.ToLower(prova); !usati[chiave] || n > MassimoAllegati+1 {
			usati[chiave] = true
			return prova
		}
	}
}
