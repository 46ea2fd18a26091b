package allegato

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of a name made by PulisciNome. 240 bytes leave room for what file
// systems, which take 255, add to it.
const (
	MassimoNome      = 120 // characters
	MassimoNomeByte  = 240
	massimoEstComune = 10
)

// PulisciNome makes a file name that every system takes: in Unicode NFC, without
// path, control or bidirectional characters, not one of the names that Windows
// keeps for devices, at most MassimoNome characters and MassimoNomeByte bytes
// with the extension kept. Cleaning a clean name changes nothing. It does not
// judge the extension: New does, and "a.pdf.exe" is an ".exe".
func PulisciNome(nome string) string {
	nome = strings.ToValidUTF8(nome, "")
	if i := strings.LastIndexAny(nome, `/\`); i >= 0 {
		nome = nome[i+1:]
	}
	nome = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) || r == utf8.RuneError || strings.ContainsRune(`<>:"|?*`, r) {
			return -1
		}
		return r
	}, nome)
	if len(nome) > 8*MassimoNomeByte { // before the work of composing it
		nome = taglia(nome, 4*MassimoNomeByte, 4*MassimoNomeByte)
	}
	nome = spazi(norm.NFC.String(nome))
	if dispositivo(nome) {
		nome = "_" + nome
	}
	if tagliato := taglia(nome, MassimoNome, MassimoNomeByte); tagliato != nome {
		nome = spazi(norm.NFC.String(tagliato))
	}
	if nome == "" {
		return "documento"
	}
	return nome
}

// spazi leaves one space between words, and none and no point at the ends.
func spazi(nome string) string {
	return strings.Trim(strings.Join(strings.Fields(nome), " "), ". ")
}

// taglia shortens the stem of a name.
func taglia(nome string, caratteri, massimo int) string {
	if len(nome) <= massimo && utf8.RuneCountInString(nome) <= caratteri {
		return nome
	}
	est := path.Ext(nome)
	if utf8.RuneCountInString(est) > massimoEstComune {
		est = ""
	}
	corpo := strings.TrimSuffix(nome, est)
	caratteri, massimo = caratteri-utf8.RuneCountInString(est), massimo-len(est)
	fine, n := 0, 0
	for i, r := range corpo {
		if n++; n > caratteri || i+utf8.RuneLen(r) > massimo {
			break
		}
		fine = i + utf8.RuneLen(r)
	}
	return strings.TrimRight(corpo[:fine], ". ") + est
}

// dispositivo reports whether Windows keeps a name for a device, with any
// extension (Microsoft, "Naming Files, Paths, and Namespaces").
func dispositivo(nome string) bool {
	base, _, _ := strings.Cut(nome, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	for _, p := range []string{"COM", "LPT"} {
		if n, ok := strings.CutPrefix(base, p); ok && utf8.RuneCountInString(n) == 1 && strings.Contains("0123456789¹²³", n) {
			return true
		}
	}
	return false
}
