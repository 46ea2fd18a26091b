package tema

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// ErrPacchetto says that the folder given to Handler is not a usable
// bootstrap-italia package.
var ErrPacchetto = errors.New("tema: la cartella indicata non contiene il pacchetto bootstrap-italia 2")

const (
	cartella        = "bootstrap-italia/"
	foglioPacchetto = "css/bootstrap-italia.min.css"
	// maxManifesto bounds package.json, in bytes.
	maxManifesto = 1 << 20
)

// pacchetto is the dist folder of a bootstrap-italia package. os.Root keeps
// every read inside it, symbolic links included.
type pacchetto struct {
	radice   *os.Root
	versione string
}

func apri(dir string) (*pacchetto, error) {
	versione, err := leggiVersione(filepath.Join(dir, "package.json"))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPacchetto, err)
	}
	radice, err := os.OpenRoot(filepath.Join(dir, "dist"))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPacchetto, err)
	}
	info, err := radice.Stat(foglioPacchetto)
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s non è un file", foglioPacchetto)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrPacchetto, err), radice.Close())
	}
	return &pacchetto{radice: radice, versione: versione}, nil
}

func leggiVersione(nome string) (versione string, err error) {
	f, err := os.Open(nome)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var m struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	if err := json.NewDecoder(io.LimitReader(f, maxManifesto)).Decode(&m); err != nil {
		return "", fmt.Errorf("package.json: %w", err)
	}
	if m.Name != "bootstrap-italia" || !strings.HasPrefix(m.Version, "2.") {
		return "", fmt.Errorf("package.json descrive %q versione %q", m.Name, m.Version)
	}
	return m.Version, nil
}

// servi answers with a regular file of css, fonts, svg or assets. The ETag is
// made of version and size, because npm gives every file the same old date.
func (p *pacchetto) servi(w http.ResponseWriter, r *http.Request, nome, mime string) {
	prima, _, _ := strings.Cut(nome, "/")
	switch prima {
	case "css", "fonts", "svg", "assets":
	default:
		http.NotFound(w, r)
		return
	}
	if !fs.ValidPath(nome) || strings.ContainsRune(nome, '\\') || path.Base(nome)[0] == '.' {
		http.NotFound(w, r)
		return
	}
	// Checked before opening: opening a named pipe would wait for its writer.
	if info, err := p.radice.Stat(nome); err != nil || !info.Mode().IsRegular() {
		http.NotFound(w, r)
		return
	}
	f, err := p.radice.Open(nome)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		http.NotFound(w, r)
		return
	}
	intesta(w, mime, fmt.Sprintf("%q", fmt.Sprintf("%s-%x", p.versione, info.Size())), "public, max-age=3600")
	http.ServeContent(w, r, "", time.Time{}, f)
}
