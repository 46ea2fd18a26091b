package modulo

import "log/slog"

// Risposte are the answers: field id → value. The Go type of each value is
// beside the constants of Tipo; a gruppo is []map[string]any. What comes from
// encoding/json ([]any in the place of []string and of []map[string]any) is
// understood as well.
//
// Risposte hold personal data: logged, they show only how many they are.
type Risposte map[string]any

// LogValue redacts the answers.
func (r Risposte) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("campi", len(r)))
}

// Copia gives a deep copy.
func (r Risposte) Copia() Risposte {
	if r == nil {
		return nil
	}
	q := make(Risposte, len(r))
	for k, v := range r {
		q[k] = copiaValore(v)
	}
	return q
}

// copiaValore copies the containers that an answer may be made of; nesting
// beyond that of a gruppo is cut.
func copiaValore(v any) any { return copiaFino(v, 6) }

func copiaFino(v any, profondita int) any {
	if profondita == 0 {
		return nil
	}
	switch v := v.(type) {
	case []string:
		return append([]string{}, v...)
	case []any:
		q := make([]any, len(v))
		for i := range v {
			q[i] = copiaFino(v[i], profondita-1)
		}
		return q
	case []map[string]any:
		q := make([]map[string]any, len(v))
		for i := range v {
			q[i], _ = copiaFino(v[i], profondita-1).(map[string]any)
		}
		return q
	case map[string]any:
		q := make(map[string]any, len(v))
		for k, x := range v {
			q[k] = copiaFino(x, profondita-1)
		}
		return q
	default:
		return v
	}
}

// righe reads the value of a gruppo in any of its forms.
func righe(v any) []map[string]any {
	switch v := v.(type) {
	case []map[string]any:
		return v
	case []Risposte:
		q := make([]map[string]any, len(v))
		for i := range v {
			q[i] = v[i]
		}
		return q
	case []any:
		q := make([]map[string]any, 0, len(v))
		for _, x := range v {
			switch x := x.(type) {
			case map[string]any:
				q = append(q, x)
			case Risposte:
				q = append(q, x)
			default:
				q = append(q, nil)
			}
		}
		return q
	default:
		return nil
	}
}

// Righe gives the rows of the gruppo at the path ("figli", "figli[0].vaccini"),
// whichever form they are kept in; the maps are not copied.
func (r Risposte) Righe(gruppo string) []map[string]any { return righe(r.valore(gruppo)) }

// Elenco gives the texts of a scelta_multipla or the ids of a file field at
// the path ("documenti", "figli[0].documento").
func (r Risposte) Elenco(percorso string) []string { return elenco(r.valore(percorso)) }

func elenco(v any) []string {
	switch v := v.(type) {
	case string:
		if v == "" {
			return nil
		}
		return []string{v}
	case []string:
		return append([]string(nil), v...)
	case []any:
		var q []string
		for _, x := range v {
			if s, ok := x.(string); ok {
				q = append(q, s)
			}
		}
		return q
	default:
		return nil
	}
}
