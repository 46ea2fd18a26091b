package modulo

import (
	"fmt"
	"strings"
)

// regole compiles the rules: the first scritte are those of the definition, the
// others come from its blocks.
func (k *compilatore) regole(rr []Regola, scritte int) {
	for i, r := range rr {
		if i >= LimiteRegole {
			if scritte <= LimiteRegole {
				k.problema("blocchi", "", "con quelle dei blocchi, oltre %d regole", LimiteRegole)
			}
			return
		}
		pos := fmt.Sprintf("regole[%d]", i)
		if i >= scritte {
			pos = "blocchi: regola su " + r.Campo
		}
		if strings.TrimSpace(r.Messaggio) == "" {
			k.problema(pos+".messaggio", "", "manca il messaggio")
		}
		if strings.TrimSpace(r.Se) == "" {
			k.problema(pos+".se", "", "manca la condizione")
		}
		if r.ID == "" {
			r.ID = codiceRegola
		} else if !formaID.MatchString(r.ID) {
			k.problema(pos+".id", "", "l'identificativo ha solo lettere minuscole, cifre e _")
		}
		var c *campo
		if r.Campo != "" {
			if !strings.Contains(r.Campo, "[") {
				c = k.m.campo(r.Campo)
			}
			if c == nil || c.Tipo == Nota {
				k.problema(pos+".campo", "", "il campo %q non esiste", r.Campo)
				continue
			}
		}
		a := k.ambito
		if c != nil {
			a = k.ambitoDi(c.padre)
		}
		cr := &regola{Regola: r, se: k.espressione(pos+".se", r.Campo, r.Se, a, gVero)}
		if c != nil {
			c.regole = append(c.regole, cr)
		} else {
			k.m.regole = append(k.m.regole, cr)
		}
	}
}
