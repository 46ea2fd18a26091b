package storagetest

import (
	"encoding/json"
	"errors"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

// veduta is what to look at in an ente. It is taken before and after what must
// change nothing.
type veduta struct {
	ente   string
	ids    []pratica.ID
	campi  []string // summed
	testi  []string // searched
	file   []string // asked for
	chiavi []string // of each pratica
}

// di gives all that the store shows, as JSON.
func (v veduta) di(x *prova, s storage.Store) string {
	type scheda struct {
		Pratica *pratica.Pratica
		Iter    []pratica.Evento
		Effetti []storage.Effetto
		Chiavi  map[string]storage.Ricevuta
	}
	visto := struct {
		Pratiche  map[pratica.ID]scheda
		Righe     []storage.Riga
		Riepilogo storage.Riepilogo
		Trovate   map[string][]pratica.ID
		InUso     map[string]bool
	}{map[pratica.ID]scheda{}, nil, storage.Riepilogo{}, map[string][]pratica.ID{}, map[string]bool{}}
	for _, id := range v.ids {
		var d scheda
		var errs [3]error
		d.Pratica, errs[0] = s.Carica(x.ctx, v.ente, id)
		d.Iter, errs[1] = s.Eventi(x.ctx, v.ente, id)
		d.Effetti, errs[2] = s.Effetti(x.ctx, v.ente, id)
		for _, err := range errs {
			x.True(err == nil || errors.Is(err, storage.ErrNonTrovata), "%v", err)
		}
		d.Chiavi = map[string]storage.Ricevuta{}
		for _, k := range v.chiavi {
			r, ok, err := s.Ripetuta(x.ctx, v.ente, id, k)
			x.NoError(err)
			if ok {
				d.Chiavi[k] = r
			}
		}
		visto.Pratiche[id] = d
	}
	f := storage.Filtro{Ente: v.ente, Bozze: true, Limite: 200}
	visto.Righe = x.sfoglia(s, f, func() {})
	var err error
	visto.Riepilogo, err = s.Riassumi(x.ctx, f, v.campi...)
	x.NoError(err)
	for _, f.Testo = range v.testi {
		visto.Trovate[f.Testo] = chi(x.sfoglia(s, f, func() {}))
	}
	for _, sha := range v.file {
		visto.InUso[sha], err = s.InUso(x.ctx, v.ente, sha)
		x.NoError(err)
	}
	b, err := json.MarshalIndent(visto, "", " ")
	x.NoError(err)
	return string(b)
}

func chi(righe []storage.Riga) []pratica.ID {
	ids := []pratica.ID{}
	for i := range righe {
		ids = append(ids, righe[i].ID)
	}
	return ids
}

// cerca gives who is on the first page.
func (x *prova) cerca(s storage.Store, f storage.Filtro) []pratica.ID {
	p, err := s.Cerca(x.ctx, f)
	x.NoError(err, "%+v", f)
	return chi(p.Righe)
}

// sha is the n-th name of a file.
func sha(n int) string { return impronta([]byte{byte(n)}) }
