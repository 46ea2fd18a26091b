package allegato

import "bytes"

// genere is what the last token of a PDF was.
type genere int

const (
	altroGettone genere = iota
	nomeGettone
	parolaGettone
	apreGettone   // [ or <<
	chiudeGettone // ] or >>
)

// massimoGettone is how much of a token is kept: no word that matters is longer.
const massimoGettone = 40

// gettoni cuts a PDF (ISO 32000-1, §7.2) into names and words. It knows no
// strings and no comments: what lies in them counts too, so that nothing can
// be hidden by making readers differ about where they end.
type gettoni struct {
	testo     [massimoGettone]byte
	n         int // of testo; more than it holds: too long
	dentro    bool
	nome      bool // the token began with a slash
	percento  int  // percent signs just before the token
	attaccato bool // the token follows another one with nothing between
	ultimo    genere
	prima     byte                 // last byte
	termina   byte                 // the byte that ended the token
	i         int                  // where in the bytes given the token ends
	chiave    [massimoGettone]byte // last name
	nChiave   int
	// parola takes each token, without its slash; true stops before the next byte.
	parola func(g *gettoni, t []byte) bool
	segno  func(g *gettoni, c byte) // takes each delimiter
}

func bianco(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func delimitatore(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// passa looks at bytes and says how many of them, fewer where parola stopped it.
func (g *gettoni) passa(p []byte) int {
	for i, c := range p {
		if !bianco(c) && !delimitatore(c) {
			if !g.dentro {
				g.dentro, g.nome, g.n, g.attaccato = true, false, 0, false
			}
			if g.n < massimoGettone {
				g.testo[g.n] = c
			}
			g.n++
			g.prima = c
			continue
		}
		adiacente := g.dentro
		if g.i, g.termina = i, c; g.dentro && g.chiude() {
			g.prima = c
			return i // at the byte that ends the token
		}
		switch {
		case c == '/':
			g.dentro, g.nome, g.n, g.attaccato = true, true, 0, adiacente
		case c == '%':
			g.percento++
		case !bianco(c):
			g.ultimo = altroGettone
			switch {
			case c == '[' || c == '<' && g.prima == '<':
				g.ultimo = apreGettone
			case c == ']' || c == '>' && g.prima == '>':
				g.ultimo = chiudeGettone
			}
			if g.segno != nil {
				g.segno(g, c)
			}
		}
		if c != '%' {
			g.percento = 0
		}
		g.prima = c
	}
	return len(p)
}

// grezzo looks at bytes of which most are data: from one slash to the next.
func (g *gettoni) grezzo(p []byte) {
	for len(p) > 0 {
		if !g.dentro {
			i := bytes.IndexByte(p, '/')
			if i > 0 {
				g.prima = p[i-1]
			}
			if i < 0 {
				g.prima = p[len(p)-1]
				return
			}
			if p = p[i:]; !bianco(g.prima) && !delimitatore(g.prima) {
				g.dentro, g.nome, g.n, g.attaccato = true, false, 0, false // in the middle of a word
			}
		}
		f := 1
		for f < len(p) && !bianco(p[f]) && !delimitatore(p[f]) {
			f++
		}
		if f < len(p) && p[f] == '/' { // the next name begins with it
			f--
		}
		g.passa(p[:min(f+1, len(p))])
		p = p[min(f+1, len(p)):]
	}
}

// chiude ends the token.
func (g *gettoni) chiude() bool {
	g.dentro = false
	t := g.testo[:min(g.n, massimoGettone)]
	if g.n > massimoGettone {
		t = t[:0]
	}
	if g.nome {
		t = sciogli(t)
	}
	ferma := g.parola(g, t)
	g.ultimo = parolaGettone
	if g.nome {
		g.ultimo = nomeGettone
		g.nChiave = copy(g.chiave[:], t)
	}
	g.percento = 0
	return ferma
}

// dopo reports whether the name just before is that.
func (g *gettoni) dopo(nome string) bool { return string(g.chiave[:g.nChiave]) == nome }

// isolato reports whether the name just read stands where a PDF may use it: not
// in the middle of a text ("e/Launch"). For the value of a key, that key.
func (g *gettoni) isolato(chiave string) bool {
	switch {
	case !g.attaccato:
		return true
	case g.ultimo == nomeGettone:
		return chiave == "" || g.dopo(chiave)
	}
	return g.ultimo != parolaGettone
}

// sciogli decodes #xx in place (§7.3.5).
func sciogli(t []byte) []byte {
	n := 0
	for i := 0; i < len(t); i++ {
		c := t[i]
		if c == '#' && i+2 < len(t) {
			a, b := esadecimale(t[i+1]), esadecimale(t[i+2])
			if a >= 0 && b >= 0 {
				c = byte(a<<4 | b)
				i += 2
			}
		}
		t[n] = c
		n++
	}
	return t[:n]
}

func esadecimale(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// numero reads digits; false where there are others, or too many.
func numero(t []byte) (int64, bool) {
	if len(t) == 0 || len(t) > 12 {
		return 0, false
	}
	n := int64(0)
	for _, c := range t {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}
