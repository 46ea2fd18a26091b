package anagrafica

// Belfiore is the land-registry code (codice catastale, or Belfiore code) of a
// municipality, a letter and three digits: "H501" is Roma. Foreign states have
// codes that begin with Z (DM 23/12/1976). No list of codes is kept here.
type Belfiore string

// LeggiBelfiore normalises and checks the form of a code, not its existence.
// The error is an *Errore with ErrBelfioreFormato.
func LeggiBelfiore(s string) (Belfiore, error) {
	if len(s) <= massimoScritto {
		if b := Belfiore(compatta(s)); b.Valido() {
			return b, nil
		}
	}
	return "", errore(ErrBelfioreFormato, CampoLuogoNascita)
}

// Valido reports whether the code has the due form.
func (b Belfiore) Valido() bool {
	return len(b) == 4 && lettera(b[0]) && tutte(string(b[1:]), cifra)
}

// Estero reports whether the code is of a foreign state.
func (b Belfiore) Estero() bool { return b.Valido() && b[0] == 'Z' }

// String gives the code.
func (b Belfiore) String() string { return string(b) }
