package anagrafica

// Sesso is the sex in the records of civil status; "" where not given.
type Sesso string

// The values of Sesso.
const (
	Maschile  Sesso = "M"
	Femminile Sesso = "F"
)

// LeggiSesso reads "M" or "F", in any case. The error is an *Errore with
// ErrSessoValore.
func LeggiSesso(s string) (Sesso, error) {
	if len(s) <= massimoScritto {
		if x := Sesso(compatta(s)); x.Valido() {
			return x, nil
		}
	}
	return "", errore(ErrSessoValore, CampoSesso)
}

// Valido reports whether the value is one of the two.
func (s Sesso) Valido() bool { return s == Maschile || s == Femminile }

// Descrizione gives the Italian word, or "" where the sex is not given.
func (s Sesso) Descrizione() string {
	switch s {
	case Maschile:
		return "maschile"
	case Femminile:
		return "femminile"
	default:
		return ""
	}
}
