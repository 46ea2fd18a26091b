package s3_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// What is there as it should be is made young by the service, and sent anew
// where that does not do.
func TestGiaPresente(t *testing.T) {
	t.Parallel()
	const testo = "planimetria"
	somma := sha256.Sum256([]byte(testo))
	chiave := "/archivio/e-mnpwqnjqge/" + hex.EncodeToString(somma[:1]) + "/" + hex.EncodeToString(somma[:])
	testa, copia, invio := "HEAD "+chiave+" 0", "COPY "+chiave+" 0", fmt.Sprintf("PUT %s %d", chiave, len(testo))
	vecchia := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for nome, caso := range map[string]struct {
		lungo   int // -1: it is not there
		somma   string
		copiata func(w http.ResponseWriter)
		attese  []string
	}{
		"assente":       {lungo: -1, attese: []string{testa, invio}},
		"ringiovanito":  {copiata: risultato(vecchia.Add(time.Hour)), attese: []string{testa, copia}},
		"somma_uguale":  {somma: base64.StdEncoding.EncodeToString(somma[:]), copiata: risultato(vecchia.Add(time.Hour)), attese: []string{testa, copia}},
		"a_parti":       {somma: "abc-3", copiata: risultato(vecchia.Add(time.Hour)), attese: []string{testa, copia}},
		"altra_somma":   {somma: base64.StdEncoding.EncodeToString(make([]byte, 32)), attese: []string{testa, invio}},
		"troncato":      {lungo: 3, attese: []string{testa, invio}},
		"resta_vecchio": {copiata: risultato(vecchia.Add(999 * time.Millisecond)), attese: []string{testa, copia, invio}},
		"senza_data":    {copiata: risultato(time.Time{}), attese: []string{testa, copia, invio}},
		"tolto_intanto": {copiata: func(w http.ResponseWriter) { errore(w, 404, "NoSuchKey") }, attese: []string{testa, copia, invio}},
		"non_si_copia":  {copiata: func(w http.ResponseWriter) { errore(w, 501, "NotImplemented") }, attese: []string{testa, copia, invio}},
		"copia_fallita": {copiata: func(w http.ResponseWriter) { errore(w, 200, "InternalError") }, attese: []string{testa, copia, invio}},
	} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			a, f := apriFinto(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Method == http.MethodHead && caso.lungo < 0:
					errore(w, http.StatusNotFound, "")
				case r.Method == http.MethodHead:
					lungo := len(testo)
					if caso.lungo > 0 {
						lungo = caso.lungo
					}
					w.Header().Set("Content-Length", strconv.Itoa(lungo))
					w.Header().Set("Last-Modified", vecchia.Format(http.TimeFormat))
					if caso.somma != "" && r.Header.Get("X-Amz-Checksum-Mode") == "ENABLED" {
						w.Header().Set("X-Amz-Checksum-Sha256", caso.somma)
					}
				case r.Header.Get("X-Amz-Copy-Source") != "":
					if r.Header.Get("X-Amz-Metadata-Directive") != "REPLACE" {
						errore(w, http.StatusBadRequest, "InvalidRequest") // as S3 does
						return
					}
					caso.copiata(w)
				default:
					if r.Header.Get("X-Amz-Content-Sha256") != hex.EncodeToString(somma[:]) {
						errore(w, http.StatusBadRequest, "XAmzContentSHA256Mismatch")
					}
				}
			})
			file, err := a.Scrivi(context.Background(), ente, strings.NewReader(testo), 100)
			require.NoError(t, err)
			require.Equal(t, hex.EncodeToString(somma[:]), file.SHA256)
			require.EqualValues(t, len(testo), file.Dimensione)
			require.Equal(t, caso.attese, f.viste())
		})
	}
}

func risultato(quando time.Time) func(w http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		data := ""
		if !quando.IsZero() {
			data = "<LastModified>" + quando.Format(time.RFC3339Nano) + "</LastModified>"
		}
		_, _ = fmt.Fprintf(w, `<CopyObjectResult>%s<ETag>"x"</ETag></CopyObjectResult>`, data)
	}
}

// Nothing of what arrives stays on the host's disk.
func TestTemporanei(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, _ := nuovoFinto(t, func(w http.ResponseWriter, _ *http.Request) { errore(w, http.StatusNotFound, "NoSuchBucket") })
	a := apri(t, c)
	vuota := func() {
		voci, err := os.ReadDir(c.Temporanei)
		require.NoError(t, err)
		require.Empty(t, voci)
	}
	boh := errors.New("boh")
	_, err := a.Scrivi(ctx, ente, io.MultiReader(strings.NewReader("mezzo"), iotest.ErrReader(boh)), 100)
	require.ErrorIs(t, err, boh)
	var g guasto.Classificato
	require.NotErrorAs(t, err, &g, "what the caller's reader says is the caller's")
	vuota()
	_, err = a.Scrivi(ctx, ente, strings.NewReader("troppo"), 3)
	require.Error(t, err)
	vuota()
	_, err = a.Scrivi(ctx, ente, strings.NewReader("senza bucket"), 100)
	require.Equal(t, "bucket_assente", codice(t, err))
	vuota()

	c.Temporanei = filepath.Join(t.TempDir(), "manca")
	_, err = apri(t, c).Scrivi(ctx, ente, strings.NewReader("x"), 100)
	require.Equal(t, guasto.Configurazione, guasto.Di(err))
	require.Equal(t, "temporanei", codice(t, err))
	require.NotContains(t, err.Error(), c.Temporanei)
}
