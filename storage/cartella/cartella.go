// Package cartella is an Archivio in a directory: each file under the SHA-256
// of its content, one folder for each ente.
//
// A file is complete and durable when Scrivi returns: written aside, flushed,
// renamed, and the folder flushed. What a crash leaves behind is a temporary
// file, which Spazza removes. Any number of processes may use the directory;
// while a file is put in its place or removed, its folder is locked with
// flock(2). Where there is none, as on Windows and on many network file systems,
// only one process may write while it sweeps or re-wraps.
//
// Files are readable by their owner only (0600, folders 0700): they hold what
// citizens upload. With a Busta they are encrypted. What stays in sight then is
// how long a file is, when it was stored and, by its name, the SHA-256 of its
// content: who guesses a content can tell that it is there.
package cartella

import (
	"encoding/base32"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

const (
	massimoEnte = 512 // bytes
	temporaneo  = "tmp-"
	// scadenzaTemporaneo is how long nobody may have written to a temporary file
	// before it counts as left behind.
	scadenzaTemporaneo = 24 * time.Hour
	// contesto binds what a Busta seals to its use. Which file it is says its hash.
	contesto = "archivio"
)

// Config says which directory, and how it is used.
type Config struct {
	// Dir is the directory. Created where it does not exist; its parent must.
	// Required.
	Dir string
	// Busta encrypts the files. What was stored before without one is read, and
	// sealed by Riavvolgi, where the Busta admits what is not sealed. Defaults to
	// nil: files are kept as they are.
	Busta *busta.Busta
}

// Archivio is a storage.Archivio, a storage.Spazzino and a
// storage.Riavvolgitore. Make it with Open or New. Safe for concurrent use by
// goroutines and processes. Failures of the disk have a class of pratica/guasto:
// Configurazione where it is full ("disco_pieno") or refuses ("sola_lettura",
// "permesso").
type Archivio struct {
	radice    *os.Root
	busta     *busta.Busta
	ora       func() time.Time
	lucchetti [64]sync.Mutex
}

var (
	_ storage.Archivio      = (*Archivio)(nil)
	_ storage.Spazzino      = (*Archivio)(nil)
	_ storage.Riavvolgitore = (*Archivio)(nil)
)

// New opens the directory without encryption, as Open does.
func New(dir string) (*Archivio, error) { return Open(Config{Dir: dir}) }

// Open opens the directory. Nothing is ever read or written outside of it,
// symbolic links notwithstanding.
func Open(c Config) (*Archivio, error) {
	if c.Dir == "" {
		return nil, errors.New("cartella: manca la cartella")
	}
	if err := os.Mkdir(c.Dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, traduci("Open", err)
	}
	r, err := os.OpenRoot(c.Dir)
	if err != nil {
		return nil, traduci("Open", err)
	}
	return &Archivio{radice: r, busta: c.Busta, ora: time.Now}, nil
}

// Close gives the directory back. Readers that are open go on.
func (a *Archivio) Close() error { return a.radice.Close() }

var codifica = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// nomeCartella gives the folders of an ente: its bytes in base32, which no name
// can escape, in pieces that every file system takes.
func nomeCartella(ente string) (string, error) {
	if ente == "" || len(ente) > massimoEnte {
		return "", fmt.Errorf("%w: ente di %d byte", storage.ErrNonValido, len(ente))
	}
	s := codifica.EncodeToString([]byte(ente))
	var b strings.Builder
	for len(s) > 200 {
		b.WriteString(s[:200] + "/")
		s = s[200:]
	}
	b.WriteString("e-" + s) // never the name of a piece, nor of a file
	return b.String(), nil
}

// enteDi gives the ente whose file has that name, false for what is none.
func enteDi(nome string) (string, bool) {
	impronta, dir := path.Base(nome), path.Dir(path.Dir(nome))
	pezzi, ultimo := path.Split(dir)
	s, ok := strings.CutPrefix(ultimo, "e-")
	if !ok || !formaImpronta.MatchString(impronta) {
		return "", false
	}
	b, err := codifica.DecodeString(strings.ReplaceAll(pezzi, "/", "") + s)
	if err != nil {
		return "", false
	}
	suo, err := nomeCartella(string(b))
	return string(b), err == nil && nomeFile(suo, impronta) == nome
}

var formaImpronta = regexp.MustCompile(`^[0-9a-f]{64}$`)

// nomeFile spreads files over 256 folders.
func nomeFile(cartella, impronta string) string { return path.Join(cartella, impronta[:2], impronta) }

// creaCartella makes a folder and those above it durable.
func (a *Archivio) creaCartella(dir string) error {
	if _, err := a.radice.Stat(dir); err == nil {
		return nil
	}
	if err := a.radice.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for {
		dir = path.Dir(dir)
		if err := a.sincronizza(dir); err != nil {
			return err
		}
		if dir == "." {
			return nil
		}
	}
}

func (a *Archivio) sincronizza(dir string) error {
	d, err := a.radice.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
