package sqlite

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

// The place of a content, which its seal holds: moved elsewhere it does not open.

func luogoPratica(id pratica.ID) string { return "pratiche/" + string(id) }

func luogoEvento(id pratica.ID, progressivo int) string {
	return "eventi/" + string(id) + "/" + strconv.Itoa(progressivo)
}

func luogoEffetto(id string) string { return "effetti/" + id }

const massimoLuogo = 1024 // bytes that a seal takes

// luogoVoce tells any two records apart: the name of the table holds no slash,
// and what is too long is named by its hash.
func luogoVoce(tabella, chiave string) string {
	l := "cassetto/" + strings.NewReplacer("%", "%25", "/", "%2F").Replace(tabella) + "/" + chiave
	if len(l) > massimoLuogo {
		h := sha256.Sum256([]byte(l))
		return "cassetto/" + hex.EncodeToString(h[:])
	}
	return l
}

// chiude seals a content; none stays none.
func (s *Store) chiude(ctx context.Context, ente, luogo string, chiaro []byte) ([]byte, error) {
	if chiaro == nil {
		return nil, nil
	}
	dati, err := s.busta.Chiudi(ctx, ente, luogo, chiaro)
	return dati, sigillo(err)
}

// apre is the inverse of chiude.
func (s *Store) apre(ctx context.Context, ente, luogo string, dati []byte) ([]byte, error) {
	if dati == nil {
		return nil, nil
	}
	chiaro, err := s.busta.Apri(ctx, ente, luogo, dati)
	return chiaro, sigillo(err)
}

// sigillo says what an error of the Busta means.
func sigillo(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, busta.ErrAlterata):
		return fmt.Errorf("sqlite: %w: %w", storage.ErrCorrotto, err)
	}
	return fmt.Errorf("sqlite: %w", err)
}
