package cartella_test

import (
	"path/filepath"
	"testing"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

func TestArchivio(t *testing.T) {
	t.Parallel()
	storagetest.VerificaArchivio(t, func(t *testing.T) storage.Archivio {
		a, _ := apri(t)
		return a
	})
}

func TestArchivioSigillato(t *testing.T) {
	t.Parallel()
	storagetest.VerificaArchivio(t, func(t *testing.T) storage.Archivio {
		return apriCon(t, filepath.Join(t.TempDir(), "file"), nuovaBusta(t, "k1", false))
	})
}

func TestArchivioCheAmmette(t *testing.T) {
	t.Parallel()
	storagetest.VerificaArchivio(t, func(t *testing.T) storage.Archivio {
		return apriCon(t, filepath.Join(t.TempDir(), "file"), nuovaBusta(t, "k2", true))
	})
}
