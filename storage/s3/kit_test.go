package s3_test

import (
	"testing"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

func TestArchivio(t *testing.T) {
	t.Parallel()
	servizio(t)
	storagetest.VerificaArchivio(t, func(t *testing.T) storage.Archivio {
		c, _ := servizio(t)
		return apri(t, c)
	})
}

func TestArchivioSigillato(t *testing.T) {
	t.Parallel()
	servizio(t)
	storagetest.VerificaArchivio(t, func(t *testing.T) storage.Archivio {
		c, _ := servizio(t)
		c.Busta = sigilla(t, "k1", false)
		return apri(t, c)
	})
}
