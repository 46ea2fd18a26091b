package allegato_test

import (
	"fmt"
	"io"
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/sportello-digitale/pratiche/pratica/allegato"
)

func TestPulisciNome(t *testing.T) {
	t.Parallel()
	for nome, atteso := range map[string]string{
		"casa.pdf": "casa.pdf", "../../etc/passwd": "passwd", `C:\Users\Mario\casa.pdf`: "casa.pdf", "": "documento", "...": "documento",
		"casa\u202efdp.exe": "casafdp.exe", "a\x00b\r\n.pdf": "ab.pdf", "  a   b .pdf": "a b .pdf", "a.pdf          .exe": "a.pdf .exe", "\xff\xfe.pdf": "pdf",
		"perche\u0301.pdf": "perché.pdf", "con.pdf": "_con.pdf", "CON": "_CON", "lpt1.tar.gz": "_lpt1.tar.gz", "COM¹.txt": "_COM¹.txt", "nul .txt": "_nul .txt",
		"console.pdf": "console.pdf", "com10.txt": "com10.txt", "COM.txt": "COM.txt", "a\ue000\ufffdb.pdf": "ab.pdf",
		strings.Repeat("è", 10_000) + ".pdf":       strings.Repeat("è", 116) + ".pdf",
		strings.Repeat("😀", 10_000) + ".p7m":       strings.Repeat("😀", 59) + ".p7m",
		strings.Repeat("a", 118) + ". .estensione": strings.Repeat("a", 118),
	} {
		require.Equal(t, atteso, allegato.PulisciNome(nome))
	}
	rapid.Check(t, func(t *rapid.T) {
		n := allegato.PulisciNome(rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("aé́\u0301 ._COMnul1/\u202e😀"))), rapid.StringN(100, 400, -1)).Draw(t, "nome"))
		require.True(t, utf8.ValidString(n))
		require.True(t, norm.NFC.IsNormalString(n))
		require.NotEmpty(t, n)
		require.LessOrEqual(t, utf8.RuneCountInString(n), allegato.MassimoNome)
		require.LessOrEqual(t, len(n), allegato.MassimoNomeByte)
		require.False(t, strings.ContainsAny(n, "/\\\x00\n\r\u202e"))
		require.Equal(t, n, allegato.PulisciNome(n), "again")
	})
	require.Equal(t, ".pdf", path.Ext(allegato.PulisciNome(strings.Repeat("x", 500)+".pdf")))
}

func ExampleNew() {
	l := allegato.New(strings.NewReader("<html><script>alert(1)</script>"), allegato.Opzioni{Nome: "lettera.txt", Tipi: []string{"text/plain"}})
	defer func() { _ = l.Close() }()
	_, err := io.Copy(io.Discard, l) // the archive
	fmt.Println(err)
	e, err := allegato.Esamina(strings.NewReader("Gentile ufficio"), allegato.Opzioni{Nome: "lettera.txt", Tipi: []string{"text/plain"}})
	fmt.Println(e.MIME, e.Byte, err)
	// Output:
	// allegato: tipo
	// text/plain 15 <nil>
}

func ExamplePulisciNome() {
	fmt.Println(allegato.PulisciNome(`C:\Documenti\planimetria  casa.pdf`))
	// Output: planimetria casa.pdf
}
