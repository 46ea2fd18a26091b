package servizi

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
)

// importa reads a service whose form is a Form.io definition, as municipalities
// have them: id.json has all but the form, id.formio.json is what the editor of
// Form.io wrote. Its rules stay those of Form.io.
func importa(id string) (*servizio.Servizio, error) {
	b, err := configurazioni.ReadFile("configurazioni/" + id + ".json")
	if err != nil {
		return nil, err
	}
	var c servizio.Configurazione
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, err
	}
	if b, err = configurazioni.ReadFile("configurazioni/" + id + ".formio.json"); err != nil {
		return nil, err
	}
	d, err := formio.Leggi(b)
	if err != nil {
		return nil, err
	}
	m, rapporto, err := formio.Importa(d, formio.OpzioniImporta{})
	if err != nil {
		return nil, err
	}
	if n := rapporto.Conta(formio.NonPortato); n > 0 {
		return nil, fmt.Errorf("%d componenti non portati", n)
	}
	p, err := m.Ponte(formio.OpzioniPonte{ID: strings.ReplaceAll(id, "-", "_"), Versione: c.Versione})
	if err != nil {
		return nil, err
	}
	c.Modulo = p.Definizione()
	return servizio.Nuovo(c, modulo.ConEstensione(p))
}
