package busta_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

// Every run draws the same values; -rapid.seed=0 draws others (CONTRIBUTING, "Fuzzing").
var _ = flag.Set("rapid.seed", "1")

const (
	ente     = "c_h501"
	contesto = "pratiche/42/proiezione"
)

func chiave(b byte) []byte { return bytes.Repeat([]byte{b}, busta.LunghezzaChiave) }

// portachiavi is a ring of the keys 2025 and 2026.
func portachiavi(t testing.TB, attiva string) *busta.Chiavi {
	t.Helper()
	c, err := busta.NewChiavi(attiva, map[string][]byte{"2025": chiave(25), "2026": chiave(26)})
	require.NoError(t, err)
	return c
}

func nuova(t testing.TB, attiva string) *busta.Busta {
	t.Helper()
	b, err := busta.New(busta.Config{Portachiavi: portachiavi(t, attiva)})
	require.NoError(t, err)
	return b
}

func chiudi(t testing.TB, b *busta.Busta, chiaro []byte) []byte {
	t.Helper()
	dati, err := b.Chiudi(context.Background(), ente, contesto, chiaro)
	require.NoError(t, err)
	require.True(t, busta.Sigillata(dati))
	return dati
}

// tutto reads a sealed stream to its end.
func tutto(b *busta.Busta, r io.Reader) ([]byte, error) {
	l, err := b.Lettore(context.Background(), ente, contesto, r)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(l)
}

func Example() {
	ctx := context.Background()
	// From the host's safe: openssl rand -base64 32.
	segreti := map[string][]byte{"2025": bytes.Repeat([]byte{1}, 32), "2026": bytes.Repeat([]byte{2}, 32)}
	prima, err := busta.NewChiavi("2025", segreti)
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := busta.New(busta.Config{Portachiavi: prima})
	if err != nil {
		fmt.Println(err)
		return
	}
	dati, err := b.Chiudi(ctx, "c_h501", "note/7", []byte("nato a Roma"))
	fmt.Println(busta.Sigillata(dati), bytes.Contains(dati, []byte("Roma")), err)
	_, err = b.Apri(ctx, "c_h501", "note/8", dati)
	fmt.Println(err)

	// A new year, a new key: heads are written anew, bodies stay.
	dopo, err := busta.NewChiavi("2026", segreti)
	if err != nil {
		fmt.Println(err)
		return
	}
	if b, err = busta.New(busta.Config{Portachiavi: dopo}); err != nil {
		fmt.Println(err)
		return
	}
	dati, cambiati, err := b.Riavvolgi(ctx, "c_h501", "note/7", dati)
	fmt.Println(cambiati, err)
	chiaro, err := b.Apri(ctx, "c_h501", "note/7", dati)
	fmt.Println(string(chiaro), err)
	// Output:
	// true false <nil>
	// busta: contenuto alterato: chiave del contenuto
	// true <nil>
	// nato a Roma <nil>
}

func TestAltrove(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := nuova(t, "2026")
	dati := chiudi(t, b, []byte("riservato"))
	for _, c := range [][2]string{
		{"c_h502", contesto}, {ente, "pratiche/43/proiezione"}, {ente + "p", contesto[1:]}, {ente[:5], "1" + contesto}, {contesto, ente},
	} {
		_, err := b.Apri(ctx, c[0], c[1], dati)
		require.ErrorIs(t, err, busta.ErrAlterata, "%q", c)
		_, err = b.Lettore(ctx, c[0], c[1], bytes.NewReader(dati))
		require.ErrorIs(t, err, busta.ErrAlterata, "%q", c)
		_, _, err = nuova(t, "2025").Riavvolgi(ctx, c[0], c[1], dati)
		require.ErrorIs(t, err, busta.ErrAlterata, "%q", c)
	}
	// The body of one content behind the head of another one of the same place.
	altri := chiudi(t, b, []byte("diverso!!"))
	n, err := busta.LunghezzaTesta(dati)
	require.NoError(t, err)
	_, err = b.Apri(ctx, ente, contesto, append(bytes.Clone(dati[:n]), altri[n:]...))
	require.ErrorIs(t, err, busta.ErrAlterata)
	// Every seal is another one.
	require.NotEqual(t, dati, chiudi(t, b, []byte("riservato")))
}

func TestInChiaro(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	severa := nuova(t, "2026")
	mite, err := busta.New(busta.Config{Portachiavi: portachiavi(t, "2026"), AmmettiInChiaro: true})
	require.NoError(t, err)
	var nulla *busta.Busta
	require.False(t, severa.AmmetteInChiaro())
	require.True(t, mite.AmmetteInChiaro())
	require.True(t, nulla.AmmetteInChiaro())
	for _, chiaro := range [][]byte{{}, []byte(`{"nome":"Mario"}`), []byte("%PDF-1.7\n"), []byte("\x9bBUSTA\r"), {0x9b}} {
		require.False(t, busta.Sigillata(chiaro))

		_, err := severa.Apri(ctx, ente, contesto, chiaro)
		require.ErrorIs(t, err, busta.ErrInChiaro)
		_, err = tutto(severa, bytes.NewReader(chiaro))
		require.ErrorIs(t, err, busta.ErrInChiaro)
		_, _, err = severa.Riavvolgi(ctx, ente, contesto, chiaro)
		require.ErrorIs(t, err, busta.ErrInChiaro)
		_, _, err = mite.RiavvolgiTesta(ctx, ente, contesto, chiaro)
		require.ErrorIs(t, err, busta.ErrInChiaro)

		for _, b := range []*busta.Busta{mite, nulla} {
			letto, err := b.Apri(ctx, ente, contesto, chiaro)
			require.NoError(t, err)
			require.Equal(t, chiaro, letto)
			letto, err = tutto(b, iotest.OneByteReader(bytes.NewReader(chiaro)))
			require.NoError(t, err)
			require.Equal(t, chiaro, letto)
		}
		dati, cambiati, err := mite.Riavvolgi(ctx, ente, contesto, chiaro)
		require.NoError(t, err)
		require.True(t, cambiati)
		letto, err := severa.Apri(ctx, ente, contesto, dati)
		require.NoError(t, err)
		require.Equal(t, chiaro, letto)
	}
}

func TestSenzaBusta(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var b *busta.Busta
	chiaro := []byte("in chiaro")
	dati, err := b.Chiudi(ctx, ente, contesto, chiaro)
	require.NoError(t, err)
	require.Equal(t, chiaro, dati)
	dati, cambiati, err := b.Riavvolgi(ctx, ente, contesto, chiaro)
	require.NoError(t, err)
	require.False(t, cambiati)
	require.Equal(t, chiaro, dati)
	var w bytes.Buffer
	s, err := b.Scrittore(ctx, ente, contesto, &w)
	require.NoError(t, err)
	_, err = s.Write(chiaro)
	require.NoError(t, errors.Join(err, s.Close()))
	require.Equal(t, chiaro, w.Bytes())

	sigillati := chiudi(t, nuova(t, "2026"), chiaro)
	_, err = b.Apri(ctx, ente, contesto, sigillati)
	require.ErrorIs(t, err, busta.ErrChiave)
	_, err = tutto(b, bytes.NewReader(sigillati))
	require.ErrorIs(t, err, busta.ErrChiave)
	_, _, err = b.Riavvolgi(ctx, ente, contesto, sigillati)
	require.ErrorIs(t, err, busta.ErrChiave)
}

func TestRiavvolgi(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	chiaro := []byte("resta com'è")
	vecchi := chiudi(t, nuova(t, "2025"), chiaro)
	b := nuova(t, "2026")
	nuovi, cambiati, err := b.Riavvolgi(ctx, ente, contesto, vecchi)
	require.NoError(t, err)
	require.True(t, cambiati)
	n, err := busta.LunghezzaTesta(nuovi)
	require.NoError(t, err)
	require.Equal(t, vecchi[n:], nuovi[n:], "the body stays, byte for byte")
	ancora, cambiati, err := b.Riavvolgi(ctx, ente, contesto, nuovi)
	require.NoError(t, err)
	require.False(t, cambiati)
	require.Equal(t, nuovi, ancora)

	solo, err := busta.NewChiavi("2026", map[string][]byte{"2026": chiave(26)})
	require.NoError(t, err)
	senza, err := busta.New(busta.Config{Portachiavi: solo})
	require.NoError(t, err)
	letto, err := senza.Apri(ctx, ente, contesto, nuovi)
	require.NoError(t, err, "the old key is needed no more")
	require.Equal(t, chiaro, letto)
	_, err = senza.Apri(ctx, ente, contesto, vecchi)
	require.ErrorIs(t, err, busta.ErrChiave)
	_, _, err = senza.Riavvolgi(ctx, ente, contesto, vecchi)
	require.ErrorIs(t, err, busta.ErrChiave)

	altra, err := busta.NewChiavi("2025", map[string][]byte{"2025": chiave(99), "2026": chiave(26)})
	require.NoError(t, err)
	scambiata, err := busta.New(busta.Config{Portachiavi: altra})
	require.NoError(t, err)
	_, err = scambiata.Apri(ctx, ente, contesto, vecchi)
	require.ErrorIs(t, err, busta.ErrAlterata, "another key under the same id")

	_, _, err = b.RiavvolgiTesta(ctx, ente, contesto, vecchi)
	require.ErrorIs(t, err, busta.ErrNonValida, "a head and nothing else")
	_, _, err = b.Riavvolgi(ctx, ente, contesto, vecchi[:20])
	require.ErrorIs(t, err, busta.ErrAlterata)
	nuovi[n-1] ^= 1
	_, _, err = b.Riavvolgi(ctx, ente, contesto, nuovi)
	require.ErrorIs(t, err, busta.ErrAlterata, "also under the active key a head is looked at")
}

func TestTestaMalFormata(t *testing.T) {
	t.Parallel()
	b := nuova(t, "2026")
	dati := chiudi(t, b, []byte("x"))
	n, err := busta.LunghezzaTesta(dati)
	require.NoError(t, err)
	require.Equal(t, 74, n)
	_, err = busta.LunghezzaTesta([]byte("{}"))
	require.ErrorIs(t, err, busta.ErrInChiaro)
	cambia := func(dove int, con byte) []byte {
		d := append(bytes.Clone(dati), make([]byte, 100)...)
		d[dove] = con
		return d
	}
	for nome, d := range map[string][]byte{
		"versione": cambia(8, 2), "id vuoto": cambia(9, 0), "id lungo": cambia(9, 65), "id strano": cambia(10, '/'), "solo la firma": dati[:8],
		"senza prefisso": dati[:n], "prefisso a metà": dati[:n+6], "senza segmenti": dati[:n+7],
	} {
		_, err := b.Apri(context.Background(), ente, contesto, d)
		require.ErrorIs(t, err, busta.ErrAlterata, nome)
		_, err = tutto(b, bytes.NewReader(d))
		require.ErrorIs(t, err, busta.ErrAlterata, nome)
	}
	_, err = b.Apri(context.Background(), ente, contesto, cambia(8, 2))
	require.ErrorContains(t, err, "versione 2 sconosciuta")
}

func TestLimiti(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := nuova(t, "2026")
	dati, err := b.Chiudi(ctx, strings.Repeat("e", 512), strings.Repeat("c", 1024), nil)
	require.NoError(t, err)
	chiaro, err := b.Apri(ctx, strings.Repeat("e", 512), strings.Repeat("c", 1024), dati)
	require.NoError(t, err)
	require.Empty(t, chiaro)
	for _, c := range [][2]string{{"", "c"}, {"e", ""}, {strings.Repeat("e", 513), "c"}, {"e", strings.Repeat("c", 1025)}} {
		_, err := b.Chiudi(ctx, c[0], c[1], nil)
		require.ErrorIs(t, err, busta.ErrNonValida)
		_, err = b.Scrittore(ctx, c[0], c[1], io.Discard)
		require.ErrorIs(t, err, busta.ErrNonValida)
		_, err = b.Apri(ctx, c[0], c[1], dati)
		require.ErrorIs(t, err, busta.ErrNonValida)
		_, _, err = b.Riavvolgi(ctx, c[0], c[1], dati)
		require.ErrorIs(t, err, busta.ErrNonValida)
	}
	_, err = b.Chiudi(ctx, "", "", nil)
	require.EqualError(t, err, "busta: dati non validi: lunghezza di ente e contesto")
	_, err = busta.New(busta.Config{})
	require.Error(t, err)
}

func TestChiavi(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	mia := chiave(7)
	c, err := busta.NewChiavi("a", map[string][]byte{"a": mia})
	require.NoError(t, err)
	mia[0] = 0
	data, err := c.Chiave(ctx, ente, "a")
	require.NoError(t, err)
	require.Equal(t, chiave(7), data, "the ring keeps a copy")
	data[0] = 0
	data, err = c.Chiave(ctx, ente, "a")
	require.NoError(t, err)
	require.Equal(t, chiave(7), data, "and gives one")
	_, err = c.Chiave(ctx, ente, "b")
	require.ErrorIs(t, err, busta.ErrChiave)

	_, err = new(busta.Chiavi).Chiave(ctx, ente, "a")
	require.ErrorIs(t, err, busta.ErrChiave)

	for nome, caso := range map[string]struct {
		attiva string
		chiavi map[string][]byte
	}{
		"attiva assente": {"b", map[string][]byte{"a": chiave(1)}},
		"nessuna":        {"", nil},
		"corta":          {"a", map[string][]byte{"a": chiave(1)[:31]}},
		"lunga":          {"a", map[string][]byte{"a": append(chiave(1), 1)}},
		"zero":           {"a", map[string][]byte{"a": chiave(0)}},
		"uguali":         {"a", map[string][]byte{"a": chiave(1), "b": chiave(1)}},
		"id vuoto":       {"", map[string][]byte{"": chiave(1)}},
		"id strano":      {"a b", map[string][]byte{"a b": chiave(1)}},
		"id lungo":       {strings.Repeat("a", 65), map[string][]byte{strings.Repeat("a", 65): chiave(1)}},
	} {
		_, err := busta.NewChiavi(caso.attiva, caso.chiavi)
		require.ErrorIs(t, err, busta.ErrNonValida, nome)
	}
	lungo := strings.Repeat("Zz09._-", 9) + "a"
	c, err = busta.NewChiavi(lungo, map[string][]byte{lungo: chiave(1)})
	require.NoError(t, err)
	b, err := busta.New(busta.Config{Portachiavi: c})
	require.NoError(t, err)
	letto, err := tutto(b, bytes.NewReader(chiudi(t, b, []byte("x"))))
	require.NoError(t, err)
	require.Equal(t, "x", string(letto))
}

func TestNienteSegretiInVista(t *testing.T) {
	t.Parallel()
	segreto := []byte("0123456789abcdef0123456789ABCDEF")
	c, err := busta.NewChiavi("a", map[string][]byte{"a": segreto})
	require.NoError(t, err)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("avvio", "chiavi", c)
	b, err := busta.New(busta.Config{Portachiavi: c})
	require.NoError(t, err)
	for _, verbo := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		for _, cosa := range []any{c, *c, []*busta.Chiavi{c}, struct{ C busta.Chiavi }{*c}, b} {
			fmt.Fprintf(&log, verbo+"\n", cosa)
		}
	}
	for _, forma := range []string{"%s", "%x", "%d", "%v"} {
		require.NotContains(t, log.String(), strings.Trim(fmt.Sprintf(forma, segreto[:8]), "[]"))
	}
	require.Contains(t, log.String(), "busta.Chiavi{1, attiva a}")
}

// anello is a ring whose answers a test sets.
type anello struct {
	id     string
	chiave []byte
	ea, ec error
}

func (a anello) Attiva(context.Context, string) (string, error)         { return a.id, a.ea }
func (a anello) Chiave(context.Context, string, string) ([]byte, error) { return a.chiave, a.ec }

func TestPortachiaviGuasto(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	lontano := guasto.Nuovo(guasto.Transitorio, "kms.Chiave", "irraggiungibile", nil)
	dati := chiudi(t, nuova(t, "2026"), []byte("x"))
	for nome, caso := range map[string]struct {
		anello anello
		atteso error
		classe guasto.Classe
		apre   bool // opening does not ask for what is wrong
	}{
		"attiva":       {anello{"2026", chiave(26), lontano, nil}, lontano, guasto.Transitorio, true},
		"chiave":       {anello{"2026", nil, nil, lontano}, lontano, guasto.Transitorio, false},
		"id vuoto":     {anello{"", chiave(26), nil, nil}, busta.ErrChiave, guasto.Configurazione, true},
		"id strano":    {anello{"../2026", chiave(26), nil, nil}, busta.ErrChiave, guasto.Configurazione, true},
		"chiave corta": {anello{"2026", chiave(26)[:16], nil, nil}, busta.ErrChiave, guasto.Configurazione, false},
		"sconosciuta":  {anello{"2026", nil, nil, busta.ErrChiave}, busta.ErrChiave, guasto.Configurazione, false},
	} {
		b, err := busta.New(busta.Config{Portachiavi: caso.anello})
		require.NoError(t, err)
		_, err = b.Chiudi(ctx, ente, contesto, nil)
		require.ErrorIs(t, err, caso.atteso, nome)
		require.Equal(t, caso.classe, guasto.Di(err), nome)
		_, err = b.Scrittore(ctx, ente, contesto, io.Discard)
		require.ErrorIs(t, err, caso.atteso, nome)
		_, err = b.Apri(ctx, ente, contesto, dati)
		if caso.apre {
			require.NoError(t, err, nome)
		} else {
			require.ErrorIs(t, err, caso.atteso, nome)
		}
		if caso.apre {
			_, _, err = b.Riavvolgi(ctx, ente, contesto, dati)
			require.ErrorIs(t, err, caso.atteso, nome)
		}
	}
	// The ring has the key to unwrap, and fails for the one to wrap with.
	b, err := busta.New(busta.Config{Portachiavi: anello{"2027", chiave(26), nil, nil}, Casuale: iotest.ErrReader(lontano)})
	require.NoError(t, err)
	_, _, err = b.Riavvolgi(ctx, ente, contesto, dati)
	require.ErrorIs(t, err, lontano)
	_, err = b.Chiudi(ctx, ente, contesto, nil)
	require.ErrorIs(t, err, lontano)
}

func TestClassi(t *testing.T) {
	t.Parallel()
	for err, classe := range map[error]guasto.Classe{
		busta.ErrChiave: guasto.Configurazione, busta.ErrInChiaro: guasto.Configurazione,
		busta.ErrAlterata: guasto.Permanente, busta.ErrNonValida: guasto.Permanente,
	} {
		require.Equal(t, classe, guasto.Di(fmt.Errorf("x: %w", err)))
	}
}
