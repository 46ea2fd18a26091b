package html

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/lingua"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// StatoLettura is what Lettura needs beside the answers.
type StatoLettura struct {
	Allegati            map[string]modulo.InfoFile
	Appuntamenti, Bolli map[string]modulo.InfoRiferimento
	// Modifica gives the address where a section is changed, and that leads back
	// here; nil shows no link.
	Modifica func(sezione string) string
	// Avviso shows, above all, that the answers count as a declaration: for the
	// page right before the sending.
	Avviso bool
	// Prima are the answers before an integration (the Valori of their Esito);
	// where not nil, each answer that was changed, added or taken away says so in
	// words. Data is the day of the integration, if known.
	Prima modulo.Risposte
	Data  termini.Giorno
}

// lettura builds the read-only view of the answers.
type lettura struct {
	r     *Renderer
	m     *modulo.Modulo
	x     lingua.Interprete
	st    StatoLettura
	campi map[string]modulo.Campo // by path of the definition
	posti map[string]int
}

// Lettura writes the answers read-only, in the language of the Renderer: v are
// the Valori of an Esito, so hidden sections are not there. The order and the
// choice of what is shown are those of modulo.Riepilogo.
func (r *Renderer) Lettura(w io.Writer, m *modulo.Modulo, v modulo.Risposte, st StatoLettura) error {
	k := &lettura{r: r, m: m, x: lingua.Per(r.lingua, m, r.traduzioni), st: st, campi: map[string]modulo.Campo{}, posti: map[string]int{}}
	sezioni := m.Sezioni()
	dopo, prima := k.riepiloga(v), map[string]modulo.SezioneRiepilogo{}
	if st.Prima != nil {
		prima = k.riepiloga(st.Prima)
	}
	vr := vistaRiepilogo{}
	if r.lingua != "" {
		vr.Lingua = string(r.fissa())
	}
	if st.Avviso {
		vr.Avviso = r.fissa().Testo(lingua.AvvisoRiepilogo)
	}
	for _, s := range sezioni {
		k.registra("", s.Campi)
	}
	for _, s := range sezioni {
		voci := k.unisci(prima[s.ID].Voci, dopo[s.ID].Voci, st.Prima, v, st.Prima != nil)
		if len(voci) == 0 {
			continue
		}
		titolo, _ := k.x.Sezione(s)
		vr.Sezioni = append(vr.Sezioni, r.sezioneRiepilogo(s.ID, titolo, voci, st.Modifica))
	}
	return r.esegui(w, "riepilogo", vr)
}

func (k *lettura) riepiloga(v modulo.Risposte) map[string]modulo.SezioneRiepilogo {
	rp := k.m.RiepilogaCon(v, modulo.Opzioni{Allegati: k.st.Allegati, Appuntamenti: k.st.Appuntamenti, Bolli: k.st.Bolli})
	q := make(map[string]modulo.SezioneRiepilogo, len(rp.Sezioni))
	for _, s := range rp.Sezioni {
		q[s.ID] = s
	}
	return q
}

func (k *lettura) registra(prefisso string, cc []modulo.Campo) {
	for _, c := range cc {
		k.campi[prefisso+c.ID] = c
		k.posti[prefisso+c.ID] = len(k.posti)
		k.registra(prefisso+c.ID+".", c.Campi)
	}
}

func (k *lettura) segno(senza, conData lingua.Chiave) string {
	l := k.r.fissa()
	if k.st.Data.IsZero() {
		return l.Testo(senza)
	}
	return l.Testo(conData, l.Data(k.st.Data))
}

// unisci merges the entries of two versions in the order of the form.
func (k *lettura) unisci(prima, dopo []modulo.VoceRiepilogo, vp, vd modulo.Risposte, confronta bool) []vistaVoce {
	posto := func(x modulo.VoceRiepilogo) int { return k.posti[senzaRighe(x.Percorso)] }
	var q []vistaVoce
	for len(prima) > 0 || len(dopo) > 0 {
		switch {
		case len(dopo) == 0 || len(prima) > 0 && posto(prima[0]) < posto(dopo[0]):
			v := k.voce(prima[0], vp, nil)
			v.Segno, v.Prima, v.Linee = k.segno(lingua.Tolto, lingua.ToltoIl), v.Linee, nil
			q, prima = append(q, v), prima[1:]
		case len(prima) == 0 || posto(dopo[0]) < posto(prima[0]):
			v := k.voce(dopo[0], vd, nil)
			if confronta {
				v.Segno = k.segno(lingua.Aggiunto, lingua.AggiuntoIl)
			}
			q, dopo = append(q, v), dopo[1:]
		default:
			q = append(q, k.confronta(prima[0], dopo[0], vp, vd))
			prima, dopo = prima[1:], dopo[1:]
		}
	}
	return q
}

// confronta marks one answer that both versions have.
func (k *lettura) confronta(prima, dopo modulo.VoceRiepilogo, vp, vd modulo.Risposte) vistaVoce {
	if len(prima.Righe) > 0 || len(dopo.Righe) > 0 {
		return k.voce(dopo, vd, k.allinea(prima.Righe, dopo.Righe, vp, vd))
	}
	v := k.voce(dopo, vd, nil)
	stessi := !dopo.File || slices.Equal(elencoA(vp, prima.Percorso), elencoA(vd, dopo.Percorso))
	if prima.Valore != dopo.Valore || !stessi {
		v.Segno, v.Prima = k.segno(lingua.Modificato, lingua.ModificatoIl), k.voce(prima, vp, nil).Linee
	}
	return v
}

// allinea compares the rows of a gruppo: those that are equal stay, in order
// (longest common subsequence); between them rows are changed one by one, and
// what is over was added or taken away.
func (k *lettura) allinea(prima, dopo []modulo.RigaRiepilogo, vp, vd modulo.Risposte) []vistaRigaVoce {
	var q []vistaRigaVoce
	tratto := func(a, b []modulo.RigaRiepilogo) {
		for i := range max(len(a), len(b)) {
			switch {
			case i >= len(b):
				r := k.riga(a[i], vp)
				r.Segno = k.segno(lingua.Tolto, lingua.ToltoIl)
				q = append(q, r)
			case i >= len(a):
				r := k.riga(b[i], vd)
				r.Segno = k.segno(lingua.Aggiunto, lingua.AggiuntoIl)
				q = append(q, r)
			default:
				r := k.riga(b[i], vd)
				r.Voci = k.unisci(a[i].Voci, b[i].Voci, vp, vd, true)
				q = append(q, r)
			}
		}
	}
	pa, pb := 0, 0
	for _, c := range comuni(impronte(prima, vp), impronte(dopo, vd)) {
		tratto(prima[pa:c[0]], dopo[pb:c[1]])
		q = append(q, k.riga(dopo[c[1]], vd))
		pa, pb = c[0]+1, c[1]+1
	}
	tratto(prima[pa:], dopo[pb:])
	return q
}

// impronte writes each row as one text, paths without row numbers.
func impronte(rr []modulo.RigaRiepilogo, v modulo.Risposte) []string {
	q := make([]string, len(rr))
	for i, r := range rr {
		var b strings.Builder
		var scrivi func([]modulo.VoceRiepilogo)
		scrivi = func(voci []modulo.VoceRiepilogo) {
			for _, x := range voci {
				b.WriteString(strconv.Quote(senzaRighe(x.Percorso)) + strconv.Quote(x.Valore))
				if x.File {
					b.WriteString(strings.Join(elencoA(v, x.Percorso), "\x00"))
				}
				for _, r := range x.Righe {
					scrivi(r.Voci)
				}
			}
		}
		scrivi(r.Voci)
		q[i] = b.String()
	}
	return q
}

// comuni gives the pairs of a longest common subsequence.
func comuni(a, b []string) [][2]int {
	lung := make([][]int, len(a)+1)
	for i := range lung {
		lung[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				lung[i][j] = lung[i+1][j+1] + 1
			} else {
				lung[i][j] = max(lung[i+1][j], lung[i][j+1])
			}
		}
	}
	var q [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			q = append(q, [2]int{i, j})
			i, j = i+1, j+1
		case lung[i+1][j] >= lung[i][j+1]:
			i++
		default:
			j++
		}
	}
	return q
}

func (k *lettura) riga(r modulo.RigaRiepilogo, v modulo.Risposte) vistaRigaVoce {
	titolo := []lingua.Testo{{Valore: r.Titolo, Lingua: lingua.Italiano}}
	if len(r.Voci) > 0 && k.x.Lingua() != lingua.Italiano {
		p := r.Voci[0].Percorso
		if i := strings.LastIndexByte(p, '['); i >= 0 {
			n, _, _ := strings.Cut(p[i+1:], "]")
			if posto, err := strconv.Atoi(n); err == nil {
				totale := len(righeA(v, p[:i]))
				titolo = k.x.TitoloRiga(p[:i], k.campi[senzaRighe(p[:i])], posto, totale)
			}
		}
	}
	return vistaRigaVoce{Titolo: scrivi(k.r.fissa(), titolo...), Voci: k.unisci(nil, r.Voci, nil, v, false)}
}

// voce writes one entry; righe, where not nil, are its rows already compared.
func (k *lettura) voce(x modulo.VoceRiepilogo, v modulo.Risposte, righe []vistaRigaVoce) vistaVoce {
	l := k.r.fissa()
	p := senzaRighe(x.Percorso)
	c := k.campi[p]
	etichetta := k.x.Campo(p, "etichetta", x.Etichetta)
	if firmato(c) {
		etichetta = k.x.Campo(p, "testo", x.Etichetta)
	}
	q := vistaVoce{Etichetta: scrivi(l, etichetta), Righe: righe, voce: voce{l}}
	for _, t := range k.linee(x, c, v) {
		q.Linee = append(q.Linee, scrivi(l, t))
	}
	if righe == nil {
		for _, r := range x.Righe {
			q.Righe = append(q.Righe, k.riga(r, v))
		}
	}
	return q
}

// linee writes the answer in the language of the Renderer; in Italian it is the
// text of the summary, the same as in the document.
func (k *lettura) linee(x modulo.VoceRiepilogo, c modulo.Campo, v modulo.Risposte) []lingua.Testo {
	if x.Valore == "" {
		return nil
	}
	valore := valoreA(v, x.Percorso)
	if k.x.Lingua() != lingua.Italiano {
		switch c.Tipo {
		case modulo.File:
			return k.file(elencoA(v, x.Percorso))
		case modulo.Scelta:
			s, _ := valore.(string)
			return []lingua.Testo{k.x.Opzione(x.Percorso, modulo.Opzione{Valore: s, Etichetta: x.Valore})}
		case modulo.SiNo, modulo.Consenso, modulo.Dichiarazione, modulo.Data, modulo.Intero, modulo.Decimale, modulo.Importo, modulo.SceltaMultipla:
			if tt := k.x.Leggibile(x.Percorso, c, valore); len(tt) > 0 {
				return tt
			}
		default:
		}
	}
	var q []lingua.Testo
	for s := range strings.SplitSeq(x.Valore, "\n") {
		q = append(q, lingua.Testo{Valore: s})
	}
	return q
}

func (k *lettura) file(ids []string) []lingua.Testo {
	l := k.r.fissa()
	var q []lingua.Testo
	for _, id := range ids {
		f, ok := k.st.Allegati[id]
		if !ok {
			q = append(q, lingua.Testo{Valore: l.Testo(lingua.FilePerso)})
			continue
		}
		q = append(q, lingua.Testo{Valore: f.Nome + " (" + l.Dimensione(f.Byte) + ")"})
	}
	return q
}

func valoreA(r modulo.Risposte, percorso string) any {
	dove, id, ok := contenitore(r, percorso)
	if !ok {
		return nil
	}
	return dove[id]
}

func elencoA(r modulo.Risposte, percorso string) []string {
	return modulo.Risposte{"v": valoreA(r, percorso)}.Elenco("v")
}

func righeA(r modulo.Risposte, percorso string) []map[string]any {
	return modulo.Risposte{"v": valoreA(r, percorso)}.Righe("v")
}
