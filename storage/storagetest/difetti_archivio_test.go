package storagetest_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/memoria"
	"github.com/sportello-digitale/pratiche/storage/storagetest"
)

type archivioGuasto struct {
	*memoria.Archivio
	scrivi func(a *memoria.Archivio, ctx context.Context, ente string, r io.Reader, massimo int64) (storage.File, error)
	spazza func(a *memoria.Archivio, ctx context.Context, ente string, prima time.Time, serve func(string) (bool, error)) (int, error)
}

func (a *archivioGuasto) Scrivi(ctx context.Context, ente string, r io.Reader, massimo int64) (storage.File, error) {
	if a.scrivi == nil {
		return a.Archivio.Scrivi(ctx, ente, r, massimo)
	}
	return a.scrivi(a.Archivio, ctx, ente, r, massimo)
}

func (a *archivioGuasto) Spazza(ctx context.Context, ente string, prima time.Time, serve func(string) (bool, error)) (int, error) {
	if a.spazza == nil {
		return a.Archivio.Spazza(ctx, ente, prima, serve)
	}
	return a.spazza(a.Archivio, ctx, ente, prima, serve)
}

func TestIlKitTrovaGliArchiviGuasti(t *testing.T) {
	t.Parallel()
	for nome, caso := range map[string]struct {
		guasta func(a *archivioGuasto)
		trova  string
	}{
		"tronca": {func(a *archivioGuasto) {
			a.scrivi = func(a *memoria.Archivio, ctx context.Context, ente string, r io.Reader, massimo int64) (storage.File, error) {
				return a.Scrivi(ctx, ente, io.LimitReader(r, max(massimo, 0)), massimo)
			}
		}, "file_limiti"},
		"tiene_il_mezzo": {func(a *archivioGuasto) {
			a.scrivi = func(a *memoria.Archivio, ctx context.Context, ente string, r io.Reader, massimo int64) (storage.File, error) {
				b, err := io.ReadAll(io.LimitReader(r, 1<<22))
				f, e := a.Scrivi(ctx, ente, strings.NewReader(string(b)), massimo)
				return f, errors.Join(err, e)
			}
		}, "file_interrotto"},
		"ente_altrui": {func(a *archivioGuasto) {
			a.scrivi = func(a *memoria.Archivio, ctx context.Context, ente string, r io.Reader, massimo int64) (storage.File, error) {
				b, err := io.ReadAll(io.LimitReader(r, 1<<22))
				if err != nil {
					return storage.File{}, err
				}
				if _, err := a.Scrivi(ctx, "c_f205", strings.NewReader(string(b)), massimo); err != nil {
					return storage.File{}, err
				}
				return a.Scrivi(ctx, ente, strings.NewReader(string(b)), massimo)
			}
		}, "file_isolamento"},
		"spazza_giovani": {func(a *archivioGuasto) {
			a.spazza = func(a *memoria.Archivio, ctx context.Context, ente string, _ time.Time, serve func(string) (bool, error)) (int, error) {
				return a.Spazza(ctx, ente, time.Now().Add(time.Hour), serve)
			}
		}, "spazza"},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, fallite(t, storagetest.ProveArchivio(), nil, func() storage.Archivio {
				a := &archivioGuasto{Archivio: memoria.NewArchivio()}
				caso.guasta(a)
				return a
			}), caso.trova)
		})
	}
}
