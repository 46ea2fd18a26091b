package sportello

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/storage"
)

// ColonnaElenco is a field of the form in the lists of some services.
type ColonnaElenco struct {
	Campo   string // its name in storage.Riga.Campi and storage.Riepilogo.Campi
	Titolo  string // heading; of services that call it differently all the names, parted by " / "
	Servizi []string
	Tipo    modulo.Tipo // how its values read; "" where the services do not agree
	Colonna bool        // to be shown
	Cerca   bool        // the search of a text looks into it
	Somma   bool        // Riassumi adds it up
}

// numerica reports whether the values of a column are numbers in all its services.
func (c *ColonnaElenco) numerica() bool {
	return c.Tipo == modulo.Intero || c.Tipo == modulo.Decimale || c.Tipo == modulo.Importo
}

// ColonneElenco gives the fields of the form that the lists of these services
// have, in the order of the services and of their configuration (servizio.Elenco,
// in the newest version); nil means all the services that the operator is
// enabled for, and others are left out.
func (s *Sportello) ColonneElenco(ctx context.Context, a pratica.Attore, servizi []string) ([]ColonnaElenco, error) {
	f, _, err := s.filtroScrivania(a, storage.Filtro{Servizi: servizi})
	if err != nil {
		return nil, err
	}
	tutti, err := s.c.Servizi.Elenco(ctx, a.Ente)
	if err != nil {
		return nil, err
	}
	return colonne(tutti, f.Servizi), nil
}

func colonne(tutti []*servizio.Servizio, servizi []string) []ColonnaElenco {
	var v []ColonnaElenco
	for _, sv := range tutti {
		if !slices.Contains(servizi, sv.ID()) {
			continue
		}
		for _, x := range sv.Elenco() {
			c, _ := sv.Modulo().Campo(x.Campo)
			i := slices.IndexFunc(v, func(y ColonnaElenco) bool { return y.Campo == x.Campo })
			if i < 0 {
				v = append(v, ColonnaElenco{Campo: x.Campo, Titolo: x.Titolo, Tipo: c.Tipo})
				i = len(v) - 1
			}
			y := &v[i]
			y.Servizi = append(y.Servizi, sv.ID())
			y.Colonna, y.Cerca, y.Somma = y.Colonna || x.Colonna, y.Cerca || x.Cerca, y.Somma || x.Somma
			if y.Tipo != c.Tipo {
				y.Tipo = ""
			}
			if !slices.Contains(strings.Split(y.Titolo, " / "), x.Titolo) {
				y.Titolo += " / " + x.Titolo
			}
		}
	}
	return v
}

// sommabili refuses a field that no service of the operator adds up.
func (s *Sportello) sommabili(ctx context.Context, a pratica.Attore, campi []string) error {
	if len(campi) == 0 {
		return nil
	}
	tutte, err := s.ColonneElenco(ctx, a, nil)
	if err != nil {
		return err
	}
	for _, c := range campi {
		if !slices.ContainsFunc(tutte, func(x ColonnaElenco) bool { return x.Campo == c && x.Somma }) {
			return campoIgnoto("Un campo da sommare non è fra quelli che i tuoi servizi sommano.")
		}
	}
	return nil
}

func campoIgnoto(messaggio string) error {
	return &pratica.Errore{Codice: pratica.CodiceNonValido, Campi: []pratica.ErroreCampo{{Percorso: "campi", Codice: "campo_ignoto", Messaggio: messaggio}}}
}

// campi gives what lists keep of the answers, as the service of the pratica
// chose in the version to which it is pinned. Of a draft that nobody sent, and of
// a pratica whose personal data were erased, they keep nothing.
func campi(p *pratica.Pratica, sv *servizio.Servizio) []storage.Campo {
	if p.Stato == pratica.Bozza || !p.Oscurata.IsZero() {
		return nil
	}
	var v []storage.Campo
	for _, x := range sv.Elenco() {
		c := storage.Campo{Nome: x.Campo, Cercabile: x.Cerca}
		valori := valoriDi(p.Risposte, x.Campo)
		if x.Somma {
			c.Numero = somma(valori)
		}
		if _, _, riga := strings.Cut(x.Campo, "."); riga && c.Numero.Valid {
			valori = []any{c.Numero.Decimal.StringFixed(decimaliScritti)}
		}
		testi := make([]string, 0, len(valori))
		for _, r := range valori {
			if t := sv.Modulo().Leggibile(x.Campo, r); t != "" {
				testi = append(testi, t)
			}
		}
		if c.Testo = accorciato(strings.Join(testi, ", "), storage.MassimoCampo); c.Testo != "" {
			v = append(v, c)
		}
	}
	return v
}

// decimaliScritti are enough for every field (modulo.Campo.Decimali), and never
// three, which could be read as thousands.
const decimaliScritti = 10

// valoriDi gives the answer to a field, or those of all the rows of its group.
func valoriDi(r modulo.Risposte, campo string) []any {
	gruppo, figlio, riga := strings.Cut(campo, ".")
	if !riga {
		return []any{r[campo]}
	}
	righe := r.Righe(gruppo)
	v := make([]any, 0, len(righe))
	for i := range righe {
		v = append(v, righe[i][figlio])
	}
	return v
}

// somma adds up the answers that are numbers; not valid where none is, or where
// the total is out of what a form can mean: a list never stops a command.
func somma(valori []any) decimal.NullDecimal {
	const cifre = 28 // 500 rows of 15 digits, and 10 decimals
	var n decimal.NullDecimal
	for _, v := range valori {
		s, ok := v.(string)
		if !ok {
			continue
		}
		d, err := decimal.NewFromString(s)
		if err != nil || d.Exponent() > cifre || d.Exponent() < -cifre {
			continue
		}
		n = decimal.NewNullDecimal(n.Decimal.Add(d))
	}
	if n.Valid && n.Decimal.NumDigits() > cifre {
		return decimal.NullDecimal{}
	}
	return n
}

// accorciato cuts a text to that many bytes, where a rune begins; what is cut
// ends in an ellipsis.
func accorciato(s string, massimo int) string {
	const puntini = "…"
	if len(s) <= massimo {
		return s
	}
	n := massimo - len(puntini)
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + puntini
}
