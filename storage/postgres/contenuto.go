package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/busta"
)

// What names the place of a sealed content (busta, "contesto").
func contestoPratica(id string) string       { return "pratiche/" + id }
func contestoEvento(id string, n int) string { return "eventi/" + id + "/" + strconv.Itoa(n) }
func contestoEffetto(id string) string       { return "effetti/" + id }
func contestoVoce(tabella, chiave string) string {
	c := "cassetto/" + tabella + "/" + chiave
	if len(c) > massimoContesto {
		h := sha256.Sum256([]byte(c))
		c = "cassetto/" + hex.EncodeToString(h[:])
	}
	return c
}

const massimoContesto = 1024 // bytes that a Busta takes

// apri opens a sealed content. What was altered is storage.ErrCorrotto.
func (s *Store) apri(ctx context.Context, operazione, ente, contesto string, dati []byte) ([]byte, error) {
	chiaro, err := s.busta.Apri(ctx, ente, contesto, dati)
	return chiaro, traduciBusta(ctx, operazione, err)
}

func traduciBusta(ctx context.Context, operazione string, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("postgres.%s: %w", operazione, ctx.Err())
	case errors.Is(err, busta.ErrAlterata):
		return fmt.Errorf("postgres.%s: %w: %w", operazione, storage.ErrCorrotto, err)
	}
	return fmt.Errorf("postgres.%s: %w", operazione, err)
}

// chiudiDiario seals a journal; none stays none.
func (s *Store) chiudiDiario(ctx context.Context, ente, id string, diario []byte) ([]byte, error) {
	if diario == nil {
		return nil, nil
	}
	return s.busta.Chiudi(ctx, ente, contestoEffetto(id), diario)
}

func (s *Store) apriDiari(ctx context.Context, operazione string, effetti []storage.Effetto) error {
	for i := range effetti {
		e := &effetti[i]
		if e.Diario == nil {
			continue
		}
		var err error
		if e.Diario, err = s.apri(ctx, operazione, e.Ente, contestoEffetto(e.ID), e.Diario); err != nil {
			return err
		}
	}
	return nil
}
