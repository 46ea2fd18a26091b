// Package discopienotest lets a test fill a real disk (disco pieno, a full disk):
// a small one of its own, that nobody else sees. Only tests import it.
//
//	func TestDiscoPieno(t *testing.T) {
//		discopienotest.Esegui(t, 1<<20, func(t *testing.T, d discopienotest.Disco) {
//			// open what is tested below d.Dir
//			d.Riempi(t)
//			// it fails as it should
//			d.Libera(t)
//			// it works again
//		})
//	}
package discopienotest

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"github.com/stretchr/testify/require"
)

// Disco is the small disk.
type Disco struct {
	Dir string // where it is mounted: an empty folder
}

// zavorra is the file that takes all room.
func (d Disco) zavorra() string { return filepath.Join(d.Dir, "zavorra") }

// Riempi takes all room that is left, to the last byte, with one file.
func (d Disco) Riempi(t require.TestingT) {
	f, err := os.OpenFile(d.zavorra(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	for b := make([]byte, 4096); len(b) > 0; {
		if _, err = f.Write(b); errors.Is(err, syscall.ENOSPC) {
			b = b[:len(b)/2]
			continue
		}
		require.NoError(t, err)
	}
	require.NoError(t, f.Close())
}

// Libera gives back what Riempi took.
func (d Disco) Libera(t require.TestingT) { require.NoError(t, os.Remove(d.zavorra())) }
