package jsonlogic

import "github.com/sportello-digitale/pratiche/pratica/modulo/formio/internal/valore"

// vero is the truth of JSONLogic: an empty array is false.
func vero(v any) bool {
	if a, ok := v.([]any); ok {
		return len(a) > 0
	}
	return valore.Booleano(v)
}

// speciali gives the operators that choose what to evaluate, or that read the data.
func speciali(nome string) speciale {
	switch nome {
	case "if", "?:":
		return scelta
	case "and":
		return func(e *esecuzione, n *nodo, d any) (any, error) { return primo(e, n, d, false) }
	case "or":
		return func(e *esecuzione, n *nodo, d any) (any, error) { return primo(e, n, d, true) }
	case "filter":
		return filtra
	case "map":
		return trasforma
	case "reduce":
		return riduci
	case "all":
		return tutti
	case "some":
		return func(e *esecuzione, n *nodo, d any) (any, error) { return alcuni(e, n, d, true) }
	case "none":
		return func(e *esecuzione, n *nodo, d any) (any, error) { return alcuni(e, n, d, false) }
	case "var":
		return variabile
	case "missing":
		return mancanti
	case "missing_some":
		return mancantiAlcuni
	}
	return nil
}

func scelta(e *esecuzione, n *nodo, dati any) (any, error) {
	i := 0
	for ; i < len(n.argomenti)-1; i += 2 {
		v, err := e.valuta(n.argomenti[i], dati)
		if err != nil {
			return nil, err
		}
		if vero(v) {
			return e.valuta(n.argomenti[i+1], dati)
		}
	}
	if i < len(n.argomenti) {
		return e.valuta(n.argomenti[i], dati)
	}
	return nil, nil
}

// primo gives the first argument whose truth is cercato, or the last one.
func primo(e *esecuzione, n *nodo, dati any, cercato bool) (any, error) {
	var v any = valore.Undefined{}
	for _, a := range n.argomenti {
		var err error
		if v, err = e.valuta(a, dati); err != nil || vero(v) == cercato {
			return v, err
		}
	}
	return v, nil
}

// elementi evaluates the list that an operator goes over; false if it is none.
func (e *esecuzione) elementi(n *nodo, dati any) ([]any, bool, error) {
	v, err := e.argomento(n, 0, dati)
	a, ok := v.([]any)
	return a, ok, err
}

func filtra(e *esecuzione, n *nodo, dati any) (any, error) {
	a, _, err := e.elementi(n, dati)
	if err != nil {
		return nil, err
	}
	q := []any{}
	for _, x := range a {
		v, err := e.argomento(n, 1, x)
		if err != nil {
			return nil, err
		}
		if vero(v) {
			q = append(q, x)
		}
	}
	return q, nil
}

func trasforma(e *esecuzione, n *nodo, dati any) (any, error) {
	a, _, err := e.elementi(n, dati)
	if err != nil {
		return nil, err
	}
	q := make([]any, 0, min(len(a), MaxPassi))
	for _, x := range a {
		v, err := e.argomento(n, 1, x)
		if err != nil {
			return nil, err
		}
		q = append(q, v)
	}
	return q, nil
}

func riduci(e *esecuzione, n *nodo, dati any) (any, error) {
	a, _, err := e.elementi(n, dati)
	if err != nil {
		return nil, err
	}
	var q any
	if len(n.argomenti) > 2 {
		if q, err = e.valuta(n.argomenti[2], dati); err != nil {
			return nil, err
		}
	}
	for _, x := range a {
		if q, err = e.argomento(n, 1, map[string]any{"current": x, "accumulator": q}); err != nil {
			return nil, err
		}
	}
	return q, nil
}

func tutti(e *esecuzione, n *nodo, dati any) (any, error) {
	a, _, err := e.elementi(n, dati)
	if err != nil {
		return nil, err
	}
	for _, x := range a {
		v, err := e.argomento(n, 1, x)
		if err != nil {
			return nil, err
		}
		if !vero(v) {
			return false, nil
		}
	}
	return len(a) > 0, nil
}

func alcuni(e *esecuzione, n *nodo, dati any, esito bool) (any, error) {
	a, _, err := e.elementi(n, dati)
	if err != nil {
		return nil, err
	}
	for _, x := range a {
		v, err := e.argomento(n, 1, x)
		if err != nil {
			return nil, err
		}
		if vero(v) {
			return esito, nil
		}
	}
	return !esito, nil
}

func variabile(e *esecuzione, n *nodo, dati any) (any, error) {
	a, err := e.valori(n, dati)
	if err != nil {
		return nil, err
	}
	return e.leggi(argomenti(a).su(0), argomenti(a).su(1), dati)
}

// leggi is the var of JSONLogic: keys parted by dots, no brackets.
func (e *esecuzione) leggi(chiave, altrimenti, dati any) (any, error) {
	if valore.Nullo(chiave) || chiave == "" {
		return dati, nil
	}
	if valore.Indefinito(altrimenti) {
		altrimenti = nil
	}
	s, err := e.stringa(chiave)
	if err != nil {
		return nil, err
	}
	for inizio, i := 0, 0; i <= len(s); i++ {
		if i < len(s) && s[i] != '.' {
			continue
		}
		if err := e.spendi(1); err != nil {
			return nil, err
		}
		if valore.Nullo(dati) {
			return altrimenti, nil
		}
		if dati = valore.Membro(dati, s[inizio:i]); valore.Indefinito(dati) {
			return altrimenti, nil
		}
		inizio = i + 1
	}
	return dati, nil
}

func mancanti(e *esecuzione, n *nodo, dati any) (any, error) {
	a, err := e.valori(n, dati)
	if err != nil {
		return nil, err
	}
	return e.mancanti(a, dati)
}

func (e *esecuzione) mancanti(a []any, dati any) ([]any, error) {
	if len(a) > 0 {
		if b, ok := a[0].([]any); ok {
			a = b
		}
	}
	q := []any{}
	for _, k := range a {
		v, err := e.leggi(k, nil, dati)
		if err != nil {
			return nil, err
		}
		if v == nil || v == "" {
			q = append(q, k)
		}
	}
	return q, nil
}

func mancantiAlcuni(e *esecuzione, n *nodo, dati any) (any, error) {
	a, err := e.valori(n, dati)
	if err != nil {
		return nil, err
	}
	opzioni, ok := argomenti(a).su(1).([]any)
	if !ok {
		return nil, ErrArgomento
	}
	q, err := e.mancanti(opzioni, dati)
	if err != nil {
		return nil, err
	}
	if float64(len(opzioni)-len(q)) >= valore.Numero(argomenti(a).su(0)) {
		return []any{}, nil
	}
	return q, nil
}
