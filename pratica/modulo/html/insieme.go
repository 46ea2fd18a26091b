package html

import (
	"html/template"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
)

// insiemi puts the fields side by side that belong together into a fieldset.
type insiemi struct {
	k      *costruttore
	fatti  []template.HTML
	aperto modulo.Campo // the first field of the set that is being filled
	id     string
	campi  []template.HTML
}

type vistaInsieme struct {
	ID        string
	Etichetta template.HTML
	Campi     []template.HTML
}

// metti adds a field, already printed.
func (i *insiemi) metti(c modulo.Campo, id string, campo template.HTML) {
	if c.Insieme != i.aperto.Insieme {
		i.chiudi()
		i.aperto, i.id = c, id
	}
	if c.Insieme == "" {
		i.fatti = append(i.fatti, campo)
		return
	}
	i.campi = append(i.campi, campo)
}

func (i *insiemi) chiudi() {
	if len(i.campi) > 0 {
		v := vistaInsieme{ID: i.id + "-insieme", Etichetta: i.k.scrivi(i.k.x.Insieme(i.aperto)), Campi: i.campi}
		i.fatti = append(i.fatti, i.k.stampa("insieme", v))
	}
	i.campi = nil
}

func (i *insiemi) tutti() []template.HTML {
	i.chiudi()
	return i.fatti
}
