package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sportello-digitale/pratiche/storage/busta"
)

// deposito is a table that keeps sealed contents.
type deposito struct {
	tabella, colonna string
	chiave           []string // the first is the ente
	contesto         func(chiave []string) string
}

func depositi() []deposito {
	return []deposito{
		{"proiezioni", "dati", []string{"ente", "id"}, func(k []string) string { return contestoPratica(k[1]) }},
		{"eventi", "evento", []string{"ente", "pratica", "progressivo"}, func(k []string) string {
			n, _ := strconv.Atoi(k[2])
			return contestoEvento(k[1], n)
		}},
		{"effetti", "diario", []string{"ente", "id"}, func(k []string) string { return contestoEffetto(k[1]) }},
		{"cassetto", "valore", []string{"ente", "tabella", "chiave"}, func(k []string) string { return contestoVoce(k[1], k[2]) }},
	}
}

// passo is how many contents Riavvolgi looks at before it asks for more.
const passo = 200

// Riavvolgi implements storage.Riavvolgitore. Of what is sealed already only the
// heads are read and written. Each content is changed by itself, and left alone
// where somebody else changed it meanwhile: then it is looked at again. Where
// Config has no Busta it fails on the first content that is sealed, and does
// nothing otherwise.
func (s *Store) Riavvolgi(ctx context.Context) (int, error) {
	cambiati := 0
	for _, d := range depositi() {
		var dopo []string
		for {
			voci, err := s.prossime(ctx, &d, dopo)
			if err != nil {
				return cambiati, err
			}
			if len(voci) == 0 {
				break
			}
			for _, v := range voci {
				si, err := s.riavvolgi(ctx, &d, v)
				if err != nil {
					return cambiati, err
				}
				if si {
					cambiati++
				}
				dopo = v.chiave
			}
		}
	}
	return cambiati, nil
}

// sigillato is a content, or the beginning of one.
type sigillato struct {
	chiave []string // as it is written
	inizio []byte
}

// prossime gives the contents that come after a key.
func (s *Store) prossime(ctx context.Context, d *deposito, dopo []string) ([]sigillato, error) {
	var c condizioni
	c.frasi = []string{d.colonna + ` IS NOT NULL`}
	if dopo != nil {
		c.frasi = append(c.frasi, `(`+strings.Join(d.chiave, ", ")+`) > (`+d.parametri(&c, dopo)+`)`)
	}
	frase := `SELECT ` + d.chiaveTesto() + `, substring(` + d.colonna + ` FROM 1 FOR ` + strconv.Itoa(busta.MassimaTesta) + `) FROM ` + d.tabella +
		` WHERE ` + c.String() + ` ORDER BY ` + strings.Join(d.chiave, ", ") + ` LIMIT ` + strconv.Itoa(passo)
	var voci []sigillato
	err := s.legge(ctx, "Riavvolgi", func(ctx context.Context, conn *pgxpool.Conn) (err error) {
		voci, err = righe(ctx, conn, d.leggi, frase, c.valori...)
		return err
	})
	return voci, err
}

// riavvolgi brings one content under the active key; it says whether it changed it.
func (s *Store) riavvolgi(ctx context.Context, d *deposito, v sigillato) (bool, error) {
	for range tentativi {
		if v.inizio == nil { // gone
			return false, nil
		}
		vecchio, nuovo, intero, err := s.sotto(ctx, d, v)
		if err != nil || vecchio == nil {
			return false, err
		}
		var c condizioni
		era, sia, n := c.p(vecchio), c.p(nuovo), c.p(len(vecchio))
		valore, guardia := sia+`::bytea || substring(`+d.colonna+` FROM `+n+` + 1)`, `substring(`+d.colonna+` FROM 1 FOR `+n+`) = `+era
		if intero {
			valore, guardia = sia, d.colonna+` = `+era+` AND `+n+`::integer IS NOT NULL`
		}
		frase := `UPDATE ` + d.tabella + ` SET ` + d.colonna + ` = ` + valore + ` WHERE ` + d.uguale(&c, v.chiave) + ` AND ` + guardia
		var fatto bool
		err = s.scrive(ctx, "Riavvolgi", func(ctx context.Context, conn *pgxpool.Conn) (err error) {
			fatto, err = cambia(ctx, conn, frase, c.valori...)
			return err
		})
		if err != nil || fatto {
			return fatto, err
		}
		if v.inizio, err = s.inizio(ctx, d, v.chiave, busta.MassimaTesta); err != nil {
			return false, err
		}
	}
	return false, fmt.Errorf("postgres.Riavvolgi: %w", errConteso)
}

var errConteso = errors.New("un contenuto cambia di continuo: ripetere")

// sotto gives the beginning of a content as it is and as it must be, or the whole
// of it where it is not sealed; nil where there is nothing to change.
func (s *Store) sotto(ctx context.Context, d *deposito, v sigillato) (vecchio, nuovo []byte, intero bool, err error) {
	ente, contesto := leggi(v.chiave[0]), d.contesto(letti(v.chiave))
	var cambiato bool
	if busta.Sigillata(v.inizio) {
		var n int
		if n, err = busta.LunghezzaTesta(v.inizio); err == nil {
			vecchio = v.inizio[:n]
			nuovo, cambiato, err = s.busta.RiavvolgiTesta(ctx, ente, contesto, vecchio)
		}
	} else {
		intero = true
		if vecchio, err = s.inizio(ctx, d, v.chiave, massimoContenuto); err != nil || vecchio == nil {
			return nil, nil, false, err
		}
		nuovo, cambiato, err = s.busta.Riavvolgi(ctx, ente, contesto, vecchio)
	}
	if err != nil || !cambiato {
		return nil, nil, false, traduciBusta(ctx, "Riavvolgi", err)
	}
	return vecchio, nuovo, intero, nil
}

// massimoContenuto is more than PostgreSQL keeps in a value.
const massimoContenuto = 1 << 30

// inizio reads the first n bytes of a content, nil where it is not there.
func (s *Store) inizio(ctx context.Context, d *deposito, chiave []string, n int) ([]byte, error) {
	var c condizioni
	lungo := c.p(n)
	frase := `SELECT ` + d.chiaveTesto() + `, substring(` + d.colonna + ` FROM 1 FOR ` + lungo + `) FROM ` + d.tabella + ` WHERE ` + d.uguale(&c, chiave)
	var voci []sigillato
	err := s.legge(ctx, "Riavvolgi", func(ctx context.Context, conn *pgxpool.Conn) (err error) {
		voci, err = righe(ctx, conn, d.leggi, frase, c.valori...)
		return err
	})
	if err != nil || len(voci) == 0 {
		return nil, err
	}
	return voci[0].inizio, nil
}

// chiaveTesto are the columns of the key, all as text.
func (d *deposito) chiaveTesto() string { return strings.Join(d.chiave, "::text, ") + "::text" }

func (d *deposito) parametri(c *condizioni, chiave []string) string {
	p := make([]string, len(chiave))
	for i := range chiave {
		p[i] = c.p(chiave[i])
		if d.chiave[i] == "progressivo" {
			p[i] += "::text::integer"
		}
	}
	return strings.Join(p, ", ")
}

func (d *deposito) uguale(c *condizioni, chiave []string) string {
	return `(` + strings.Join(d.chiave, ", ") + `) = (` + d.parametri(c, chiave) + `)`
}

func (d *deposito) leggi(r pgx.Rows) (sigillato, error) {
	v := sigillato{chiave: make([]string, len(d.chiave))}
	dove := make([]any, 0, len(d.chiave)+1)
	for i := range v.chiave {
		dove = append(dove, &v.chiave[i])
	}
	return v, r.Scan(append(dove, &v.inizio)...)
}

func letti(v []string) []string {
	l := make([]string, len(v))
	for i := range v {
		l[i] = leggi(v[i])
	}
	return l
}
