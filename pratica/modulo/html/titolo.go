package html

// titolo is a heading at a level that the host chooses.
type titolo struct {
	Livello    int
	ID, Titolo string
	Passo      string
}

// ComeTitolo gives the heading of the section.
func (v vistaSezione) ComeTitolo() titolo {
	return titolo{Livello: v.Livello, ID: v.IDTitolo, Titolo: v.Titolo, Passo: v.Passo}
}

// ComeTitolo gives the heading of the section in the summary.
func (v vistaSezioneRiepilogo) ComeTitolo() titolo {
	return titolo{Livello: v.Livello, ID: v.ID, Titolo: v.Titolo}
}
