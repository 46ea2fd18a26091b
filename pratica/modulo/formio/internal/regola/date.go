package regola

import (
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/script"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"
)

func data(k *caso) *Errore {
	if s, ok := k.Valore.(string); ok {
		if _, ok := valore.LeggiData(s, k.o.Fuso); ok {
			return nil
		}
	}
	return errore("date", "invalidDate")
}

// parti reads a day: its parts, zero for those that the component hides.
func (k *caso) parti(s string) (giorno, mese, anno float64) {
	pp := strings.Split(s, "/")
	su := func(i int) float64 {
		if i < 0 || i >= len(pp) {
			return math.NaN()
		}
		return valore.LeggiIntero(pp[i])
	}
	g, m, a := 1, 0, 2
	if k.vero("dayFirst") {
		g, m = 0, 1
	}
	giorno, mese, anno = su(g), su(m), su(a)
	if len(pp) == 3 {
		return giorno, mese, anno
	}
	nascosto := func(campo string) bool {
		return valore.Booleano(valore.PrendiOppure(map[string]any(k.Componente), "fields."+campo+".hide", false))
	}
	if nascosto("day") {
		m, a = max(0, m-1), a-1
		giorno, mese, anno = 0, su(m), su(a)
	}
	if nascosto("month") {
		g, a = max(0, g-1), a-1
		if !nascosto("day") || giorno != 0 {
			giorno = su(g)
		}
		mese, anno = 0, su(a)
	}
	if nascosto("year") {
		if !nascosto("day") || giorno != 0 {
			giorno = su(g)
		}
		if !nascosto("month") || mese != 0 {
			mese = su(m)
		}
		anno = 0
	}
	return giorno, mese, anno
}

func giorno(k *caso) *Errore {
	s, ok := k.Valore.(string)
	if !ok {
		return errore("day", "invalidDay")
	}
	g, m, a := k.parti(s)
	ultimo := 31.0
	if m >= 1 && m <= 12 && !math.IsNaN(a) {
		ultimo = float64(valore.GiorniDelMese(int(max(0, min(a, 9999))), int(m)))
	}
	if !(g >= 0 && g <= ultimo && m >= 0 && m <= 12 && a >= 0 && a <= 9999) {
		return errore("day", "invalidDay")
	}
	return nil
}

func giornoObbligatorio(k *caso) bool {
	return k.tipo == "day" && (k.parteObbligatoria("day") || k.parteObbligatoria("month") || k.parteObbligatoria("year"))
}

func (k *caso) parteObbligatoria(parte string) bool {
	return valore.Booleano(valore.PrendiOppure(map[string]any(k.Componente), "fields."+parte+".required", false))
}

func obbligoGiorno(k *caso) *Errore {
	s, ok := k.Valore.(string)
	switch {
	case !k.pieno():
		return errore("day", "requiredDayEmpty")
	case !ok:
		return rotta
	}
	g, m, a := k.parti(s)
	switch {
	case !dato(g) && k.parteObbligatoria("day"):
		return errore("day", "requiredDayField")
	case !dato(m) && k.parteObbligatoria("month"):
		return errore("day", "requiredMonthField")
	case !dato(a) && k.parteObbligatoria("year"):
		return errore("day", "requiredYearField")
	}
	return nil
}

// impostazione reads a date setting, which may be an expression on moment.
func (k *caso) impostazione(v any) (time.Time, bool) {
	s, ok := v.(string)
	switch {
	case valore.Nullo(v) || v == "":
		return time.Time{}, false
	case !ok || !strings.Contains(s, "moment("):
		return valore.LeggiGiorno(v, k.o.Fuso)
	}
	p, err := k.m.programma(script.Azione, "value = ("+strings.TrimRight(strings.TrimSpace(s), ";")+")")
	if err != nil {
		return time.Time{}, false
	}
	q, err := p.Esegui(k.ctx, script.Contesto{Ora: k.o.Ora, Fuso: k.o.Fuso}, nil)
	if err != nil {
		return time.Time{}, false
	}
	return valore.LeggiGiorno(q, k.o.Fuso)
}

func mezzanotte(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

func limiteGiorno(nome string) func(*caso) bool {
	return func(k *caso) bool {
		v, ok := k.Componente[nome]
		if k.tipo != "day" || !ok || valore.Nullo(v) || v == "" || !k.pieno() {
			return false
		}
		pp := strings.Split(testo(k.Valore), "/")
		for i, p := range pp {
			if (i < 2 && p == "00") || (i == 2 && p == "0000") {
				return false
			}
		}
		return true
	}
}

func entroGiorno(nome string) func(*caso) *Errore {
	return func(k *caso) *Errore {
		s, ok := k.Valore.(string)
		limite, buono := k.impostazione(k.Componente[nome])
		if !ok || !buono {
			return rotta
		}
		formato := "MM-DD-YYYY"
		if k.vero("dayFirst") {
			formato = "DD-MM-YYYY"
		}
		t, ok := valore.LeggiFormato(s, formato, valore.FormaDayjs, k.o.Ora, k.o.Fuso)
		return fuori(nome, t, ok, mezzanotte(limite))
	}
}

func fuori(nome string, t time.Time, ok bool, limite time.Time) *Errore {
	if ok && ((nome == "minDate" && !t.Before(limite)) || (nome == "maxDate" && !t.After(limite))) {
		return nil
	}
	return errore(nome, nome, nome, limite.Format("02/01/2006"))
}

func limiteData(nome string) func(*caso) bool {
	return func(k *caso) bool {
		v, ok := oggetto(k.Componente["widget"])[nome]
		return k.tipo == "datetime" && ok && !valore.Nullo(v) && v != "" && k.pieno()
	}
}

func entroData(nome string) func(*caso) *Errore {
	return func(k *caso) *Errore {
		w := oggetto(k.Componente["widget"])
		s, ok := k.Valore.(string)
		limite, buono := k.impostazione(w[nome])
		if !ok || !buono {
			return rotta
		}
		if !valore.Booleano(valore.PrendiOppure(w, "enableTime", false)) {
			limite = mezzanotte(limite)
			if nome == "maxDate" {
				limite = limite.AddDate(0, 0, 1).Add(-time.Millisecond)
			}
		}
		t, ok := valore.LeggiGiorno(s, k.o.Fuso)
		return fuori(nome, t, ok, limite)
	}
}

func (k *caso) anno(nome string) (any, any) {
	return valore.PrendiOppure(map[string]any(k.Componente), nome, nil), valore.PrendiOppure(map[string]any(k.Componente), "fields.year."+nome, nil)
}

func limiteAnno(nome string) func(*caso) bool {
	return func(k *caso) bool {
		a, b := k.anno(nome)
		return k.tipo == "day" && k.pieno() && (valore.Booleano(a) || valore.Booleano(b))
	}
}

var quattroCifre = regexp.MustCompile(`\d{4}$`)

func entroAnno(nome string) func(*caso) *Errore {
	return func(k *caso) *Errore {
		a, b := k.anno(nome)
		t := valore.Tipo(k.Valore)
		if (t != "string" && t != "number") || (valore.Booleano(a) && valore.Booleano(b) && !valore.Identico(a, b)) {
			return rotta
		}
		if !valore.Booleano(a) {
			a = b
		}
		anno := quattroCifre.FindString(valore.Testo(k.Valore))
		if anno == "" {
			return nil
		}
		n, limite := valore.Numero(anno), valore.Numero(a)
		if (nome == "minYear" && n >= limite) || (nome == "maxYear" && n <= limite) {
			return nil
		}
		return errore(nome, nome, nome, valore.Testo(a))
	}
}

func orario(k *caso) *Errore {
	formato := testo(k.Componente["dataFormat"])
	if formato == "" {
		formato = "HH:mm:ss"
	}
	if _, ok := valore.LeggiFormato(valore.Testo(k.Valore), formato, valore.FormaDayjsRigorosa, k.o.Ora, k.o.Fuso); ok {
		return nil
	}
	return errore("time", "time")
}
