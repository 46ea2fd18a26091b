package anagrafica

import (
	"reflect"

	"github.com/go-playground/validator/v10"
)

// Registra adds to v the tags cf, piva, iban, cap and pec, for fields of kind
// string (pointers to them too): the tag holds where the Leggi… function of the
// same name would accept the value, so a value as typed, with blanks and small
// letters, passes; read it before keeping it. An empty value fails unless the
// field has omitempty, as with every tag of the validator.
//
//	CodiceFiscale string `validate:"required,cf"`
//	IBAN          string `validate:"omitempty,iban"`
//
// Registra is not safe while v validates: call it when v is made. The error is an
// *Errore with ErrValidatoreMancante where v is nil, or the validator's own.
func Registra(v *validator.Validate) error {
	if v == nil {
		return errore(ErrValidatoreMancante, "")
	}
	for _, t := range [...]struct {
		nome  string
		buono func(string) bool
	}{
		{"cf", leggibile(LeggiCodiceFiscale)},
		{"piva", leggibile(LeggiPartitaIVA)},
		{"iban", leggibile(LeggiIBAN)},
		{"cap", leggibile(LeggiCAP)},
		{"pec", leggibile(LeggiPEC)},
	} {
		err := v.RegisterValidation(t.nome, func(fl validator.FieldLevel) bool {
			f := fl.Field()
			return f.Kind() == reflect.String && t.buono(f.String())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func leggibile[T any](leggi func(string) (T, error)) func(string) bool {
	return func(s string) bool {
		_, err := leggi(s)
		return err == nil
	}
}
