package modulo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// ErrDefinizione is the cause of every definition that cannot be read or compiled.
var ErrDefinizione = errors.New("modulo: definizione non valida")

const profonditaDefinizione = 16

// Leggi reads one Definizione from JSON, strictly: no unknown keys, no key
// twice, no capital letters in the keys, nothing after the value, UTF-8, at
// most LimiteDefinizione bytes and 16 levels. It does not check the meaning:
// that is Compila's. Errors are ErrDefinizione, or those of the reader.
func Leggi(r io.Reader) (Definizione, error) {
	b, err := io.ReadAll(io.LimitReader(r, LimiteDefinizione+1))
	if err != nil {
		return Definizione{}, fmt.Errorf("modulo: lettura: %w", err)
	}
	if len(b) > LimiteDefinizione {
		return Definizione{}, fmt.Errorf("%w: oltre %d byte", ErrDefinizione, LimiteDefinizione)
	}
	if !utf8.Valid(b) {
		return Definizione{}, fmt.Errorf("%w: il testo non è UTF-8", ErrDefinizione)
	}
	if err := controllaJSON(b); err != nil {
		return Definizione{}, err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	var d Definizione
	if err := dec.Decode(&d); err != nil {
		return Definizione{}, fmt.Errorf("%w: %w", ErrDefinizione, err)
	}
	return d, nil
}

// controllaJSON sees what the decoder tolerates: keys given twice or in another
// case, depth, a second value.
func controllaJSON(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if err := scorri(dec, 0); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: testo dopo la definizione", ErrDefinizione)
	}
	return nil
}

func scorri(dec *json.Decoder, profondita int) error {
	if profondita > profonditaDefinizione {
		return fmt.Errorf("%w: oltre %d livelli", ErrDefinizione, profonditaDefinizione)
	}
	t, err := dec.Token()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDefinizione, err)
	}
	delim, ok := t.(json.Delim)
	if !ok {
		return nil
	}
	viste := map[string]bool{}
	for dec.More() {
		if delim == '{' {
			k, err := dec.Token()
			if err != nil {
				return fmt.Errorf("%w: %w", ErrDefinizione, err)
			}
			chiave, _ := k.(string)
			if viste[chiave] {
				return fmt.Errorf("%w: la chiave %q compare due volte", ErrDefinizione, chiave)
			}
			for _, c := range []byte(chiave) {
				if c >= 'A' && c <= 'Z' {
					return fmt.Errorf("%w: la chiave %q va in minuscolo", ErrDefinizione, chiave)
				}
			}
			viste[chiave] = true
		}
		if err := scorri(dec, profondita+1); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return fmt.Errorf("%w: %w", ErrDefinizione, err)
	}
	return nil
}
