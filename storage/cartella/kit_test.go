package cartella_test

import (
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
