package documento

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica/documento/internal/tela"
)

// impagina draws the whole document.
func impagina(ctx context.Context, t *tela.Tela, c tela.Caratteri, p *pulitore, d Documento, massimo int) error {
	f := &foglio{ctx: ctx, tela: t, caratteri: c, pulitore: p, massimo: massimo}
	i := d.Intestazione
	pratica := "Pratica n. " + p.riga(i.NumeroPratica)
	f.testatina = strings.Join([]string{p.riga(i.Ente), d.Tipo.Titolo(), pratica}, " · ")
	if !f.nuova() {
		return f.guasto
	}
	f.testata(d)
	f.corpo(d)
	f.firma(d)
	if f.guasto != nil {
		return f.guasto
	}
	piede := pratica
	if i.Protocollo != "" {
		piede += " · Protocollo " + p.riga(i.Protocollo)
	}
	f.piedi(piede)
	return nil
}

// testata is the head of the first page: the ente, the references of the act at
// the left, the addressee at the right, kind and subject below.
func (f *foglio) testata(d Documento) {
	p, i := f.pulitore, d.Intestazione
	f.y = 16
	f.blocco(sinistra, stileEnte, f.spezza(p.riga(i.Ente), stileEnte, giustezza))
	if u := p.riga(i.Ufficio); u != "" {
		f.y += 0.5
		f.blocco(sinistra, stileEtichetta, f.spezza(u, stileEtichetta, giustezza))
	}
	f.y += 2.5
	f.tela.Linea(sinistra, f.y, destra, f.y, 0.7, accento)
	f.y += 6
	f.riferimenti(i, d.Destinatario)
	f.y += 6
	f.blocco(sinistra, stileTitolo, f.spezza(d.Tipo.Titolo(), stileTitolo, giustezza))
	if s := p.riga(i.Servizio); s != "" {
		f.y += 1
		f.blocco(sinistra, stileEvidenza, f.spezza(s, stileEvidenza, giustezza))
	}
	f.y += 3
	const rientro = 20.0
	y, pag := f.y, f.tela.Pagine()
	f.blocco(sinistra+rientro, stileForte, f.spezza(p.riga(i.Oggetto), stileForte, giustezza-rientro))
	if f.guasto == nil && f.tela.Pagine() == pag {
		f.tela.Testo(sinistra, y+ascesa(stileForte), stileTesto, "Oggetto:")
	}
	f.y += 3
}

// riferimenti draws the box with number, date and protocollo, and the addressee
// at its right. Both are short; what is longer than a third of a page goes on
// below, the addressee by itself.
func (f *foglio) riferimenti(i Intestazione, destinatario []string) {
	const larghezza, bordo, passo = 78.0, 4.0, 5.4
	voci := [][2]string{{"Pratica n.", i.NumeroPratica}, {"Data", istante(i.Data)}}
	if !vuoto(i.Protocollo) {
		voci = append(voci, [2]string{"Protocollo", i.Protocollo})
	}
	const colonna = 24.0
	var linee [][2]string
	for _, v := range voci {
		for k, l := range f.spezza(f.pulitore.riga(v[1]), stileForte, larghezza-2*bordo-colonna) {
			e := v[0]
			if k > 0 {
				e = ""
			}
			linee = append(linee, [2]string{e, l})
		}
	}
	h := passo*float64(len(linee)) + 2*bordo - 2.2
	cima := f.y
	if cima+h > fondo { // only an absurdly long head gets here
		f.nuova()
		cima = f.y
	}
	f.tela.Fondo(sinistra, cima, larghezza, h, velo)
	f.tela.Fondo(sinistra, cima, 1, h, accento)
	for k, l := range linee {
		y := cima + bordo + passo*float64(k) + 3
		f.tela.Testo(sinistra+bordo, y, stileEtichetta, l[0])
		f.tela.Testo(sinistra+bordo+colonna, y, stileForte, l[1])
	}
	x := sinistra + larghezza + 12
	var righe []string
	for _, r := range destinatario {
		righe = append(righe, f.spezza(f.pulitore.riga(r), stileTesto, destra-x)...)
	}
	pag := f.tela.Pagine()
	f.y = cima + 1
	f.blocco(x, stileTesto, righe)
	if f.tela.Pagine() == pag {
		f.y = max(f.y, cima+h)
	}
}

// corpo draws what the document says.
func (f *foglio) corpo(d Documento) {
	if len(d.Richiedente) > 0 {
		f.sezione(oppure(d.Formula, "Richiedente"))
		f.voci(d.Richiedente, 0)
	}
	if !vuoto(d.Dispositivo) {
		f.scendi(5)
		f.paragrafo(sinistra, stileDispositivo, d.Dispositivo)
	}
	if !vuoto(d.Motivazione) {
		f.parte(Parte{Titolo: "Motivazione", Paragrafi: righe(d.Motivazione)})
	}
	for _, p := range d.Parti {
		if f.guasto != nil {
			return
		}
		f.parte(p)
	}
	if len(d.Allegati) > 0 {
		f.parte(Parte{Titolo: "Allegati", Allegati: d.Allegati})
	}
	if !vuoto(d.Identita) {
		f.parte(Parte{Titolo: "Identificazione", Voci: []Voce{{Etichetta: "Identità verificata con", Valore: d.Identita}}})
	}
}

// sezione draws a heading, never alone at the foot of a page.
func (f *foglio) sezione(titolo string) {
	f.scendi(7)
	linee := f.spezza(f.pulitore.riga(titolo), stileSezione, giustezza)
	f.spazio(interlinea(stileSezione)*float64(min(len(linee), 4)) + 25)
	f.blocco(sinistra, stileSezione, linee)
	f.y += 1
	if f.guasto == nil {
		f.tela.Linea(sinistra, f.y, destra, f.y, 0.35, accento)
	}
	f.y += 1.5
}

func (f *foglio) parte(p Parte) {
	if !vuoto(p.Titolo) {
		f.sezione(p.Titolo)
	} else {
		f.scendi(3)
	}
	for _, t := range p.Paragrafi {
		f.paragrafo(sinistra, stileTesto, t)
		f.y += 1.5
	}
	for _, t := range p.Punti {
		if !f.spazio(2 * interlinea(stileTesto)) {
			return
		}
		f.tela.Testo(sinistra+1.5, f.y+ascesa(stileTesto), stileTesto, "•")
		f.paragrafo(sinistra+6, stileTesto, t)
		f.y += 1
	}
	f.voci(p.Voci, 0)
	if p.Tabella != nil {
		f.tabella(p.Tabella)
	}
	f.allegati(p.Allegati)
}

// voci draws labels and values side by side; groups are indented, row by row.
func (f *foglio) voci(voci []Voce, livello int) {
	x := sinistra + 4*float64(min(livello, 5))
	const etichetta, stacco = 56.0, 4.0
	for _, v := range voci {
		if f.guasto != nil {
			return
		}
		if len(v.Righe) == 0 || !vuoto(v.Valore) {
			e := f.pulitore.riga(v.Etichetta)
			le := f.spezza(e, stileEtichetta, sinistra+etichetta-x)
			xv := sinistra + etichetta + stacco
			if len(le) > 3 { // a declaration: the text on the whole measure, the answer below
				le = f.spezza(e, stileEtichetta, destra-x)
				f.y += 1.1
				f.spazio(interlinea(stileEtichetta)*float64(min(len(le), 4)) + 9)
				f.blocco(x, stileEtichetta, le)
				le = nil
			}
			lv := f.spezza(oppure(f.pulitore.testo(v.Valore), "–"), stileTesto, destra-xv)
			f.fila([]cella{{x: x, stile: stileEtichetta, linee: le}, {x: xv, stile: stileTesto, linee: lv}}, nil)
		}
		if len(v.Righe) > 0 {
			f.gruppo(v, x, livello)
		}
	}
}

func (f *foglio) gruppo(v Voce, x float64, livello int) {
	f.y += 2.5
	if e := f.pulitore.riga(v.Etichetta); e != "" {
		f.spazio(22)
		f.blocco(x, stileGruppo, f.spezza(e, stileGruppo, destra-x))
	}
	for n, r := range v.Righe {
		if f.guasto != nil {
			return
		}
		f.y += 1.5
		f.spazio(16)
		titolo := oppure(f.pulitore.riga(r.Titolo), strconv.Itoa(n+1)+".")
		f.blocco(x+4, stileForte, f.spezza(titolo, stileForte, destra-x-4))
		f.voci(r.Voci, livello+1)
	}
	f.y += 1.5
}

func (f *foglio) tabella(t *Tabella) {
	somma := 0.0
	peso := func(c Colonna) float64 {
		if c.Peso == 0 {
			return 1
		}
		return c.Peso
	}
	for _, c := range t.Colonne {
		somma += peso(c)
	}
	const stacco = 3.0
	utile := giustezza - stacco*float64(len(t.Colonne)-1)
	celle := func(testi func(int) string, s tela.Stile) []cella {
		x := sinistra
		cc := make([]cella, 0, len(t.Colonne))
		for i, c := range t.Colonne {
			w := max(utile*peso(c)/somma, 4)
			k := cella{x: x, stile: s, linee: f.spezza(f.pulitore.testo(testi(i)), s, w)}
			if c.Destra {
				k.destra = x + w
			}
			cc = append(cc, k)
			x += w + stacco
		}
		return cc
	}
	testa := celle(func(i int) string { return t.Colonne[i].Titolo }, stileColonna)
	for i := range testa {
		testa[i].linee = testa[i].linee[:min(len(testa[i].linee), 12)] // a heading must leave room for rows
	}
	disegna := func() { f.fila(testa, nil) }
	f.spazio(20)
	disegna()
	for _, r := range t.Righe {
		if f.guasto != nil {
			return
		}
		f.fila(celle(func(i int) string {
			if i < len(r) {
				return r[i]
			}
			return ""
		}, stileTesto), disegna)
	}
}

// allegati lists files with size and fingerprint, each on its own line so that
// it can be copied and searched for.
func (f *foglio) allegati(a []Allegato) {
	const rientro = 7.0
	for i, x := range a {
		if !f.spazio(14) {
			return
		}
		f.y += 1
		f.tela.Testo(sinistra, f.y+ascesa(stileTesto), stileTesto, strconv.Itoa(i+1)+".")
		nome := f.pulitore.riga(x.Nome) + " (" + peso(x.Dimensione) + ")"
		f.blocco(sinistra+rientro, stileTesto, f.spezza(nome, stileTesto, giustezza-rientro))
		if x.SHA256 != "" {
			f.blocco(sinistra+rientro, stilePiccolo, []string{"Impronta SHA-256: " + x.SHA256})
		}
		f.y += 1
		if f.guasto == nil {
			f.tela.Linea(sinistra, f.y, destra, f.y, 0.15, filo)
		}
	}
}

// peso writes a size as Italians read it.
func peso(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + " byte"
	case n < 1_000_000:
		return virgola(float64(n)/1e3) + " kB"
	default:
		return virgola(float64(n)/1e6) + " MB"
	}
}

func virgola(v float64) string {
	return strings.Replace(strconv.FormatFloat(v, 'f', 1, 64), ".", ",", 1)
}

// firma is the foot of the act: place and date, who signs.
func (f *foglio) firma(d Documento) {
	p, s := f.pulitore, d.Firma
	data := giorno(d.Intestazione.Data)
	if l := p.riga(s.Luogo); l != "" {
		data = l + ", " + data
	}
	const x = sinistra + 90
	var chi []string
	for _, t := range []string{s.Qualifica, s.Nome} {
		if t = p.riga(t); t != "" {
			chi = append(chi, f.spezza(t, stileTesto, destra-x)...)
		}
	}
	linee := f.spezza(data, stileTesto, 80)
	f.scendi(9)
	f.spazio(min(interlinea(stileTesto)*float64(max(len(linee), len(chi)))+8, 60))
	pag, y := f.tela.Pagine(), f.y
	f.blocco(sinistra, stileTesto, linee)
	if len(chi) > 0 && f.tela.Pagine() == pag {
		fine := f.y
		f.y = y
		f.blocco(x, stileTesto, chi)
		if f.tela.Pagine() == pag {
			f.y = max(f.y, fine)
		}
	} else {
		f.blocco(x, stileTesto, chi)
	}
	if !vuoto(s.Nota) {
		f.y += 3
		f.paragrafo(sinistra, stilePiccolo, s.Nota)
	}
}

// piedi writes the foot of every page, now that their number is known.
func (f *foglio) piedi(testo string) {
	n := f.tela.Pagine()
	for i := 1; i <= n; i++ {
		f.tela.VaiA(i)
		f.tela.Linea(sinistra, 280, destra, 280, 0.2, filo)
		pagina := fmt.Sprintf("Pagina %d di %d", i, n)
		w := f.caratteri.LarghezzaTesto(stilePiccolo, pagina)
		f.tela.Testo(sinistra, 284.5, stilePiccolo, f.accorcia(testo, stilePiccolo, giustezza-w-8))
		f.tela.Testo(destra-w, 284.5, stilePiccolo, pagina)
	}
}
