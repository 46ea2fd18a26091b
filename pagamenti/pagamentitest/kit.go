package pagamentitest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pagamenti"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
)

// Banco (test bench) is a fresh Tramite and the means to make things happen at
// the other side. What is nil is not tried, and the kit says so by skipping.
type Banco struct {
	Tramite pagamenti.Tramite
	Ente    string // an ente that the Tramite serves
	// AltroEnte is another one; empty if the Tramite serves a single ente.
	AltroEnte string
	// Paga makes the payer pay a position.
	Paga func(ctx context.Context, ente, id string) error
	// Fallisci makes an attempt fail. It may do nothing, or fail, on a paid position.
	Fallisci func(ctx context.Context, ente, id string) error
	// Scadi makes the term of a position pass.
	Scadi func(ctx context.Context, ente, id string) error
	// Dovuto gives a debt for an ente and an id. Defaults to the function
	// Dovuto of this package; needed where the system wants certain accounting.
	Dovuto func(ente, id string) pagamenti.Dovuto
}

// Fabbrica gives a bench whose payment system is empty.
type Fabbrica func(t testing.TB) Banco

// ErrNonProvato: the bench has not what a check needs.
var ErrNonProvato = errors.New("pagamentitest: il banco non permette la prova")

// Controllo is one rule of the contract of pagamenti.Tramite. Esegui gives nil,
// what is wrong, or ErrNonProvato.
type Controllo struct {
	Nome   string
	Esegui func(ctx context.Context, b Banco) error
}

// Verifica runs every check on a bench of its own.
func Verifica(t *testing.T, nuovo Fabbrica) {
	t.Helper()
	for _, c := range Controlli() {
		t.Run(c.Nome, func(t *testing.T) {
			t.Parallel()
			ctx, annulla := context.WithTimeout(context.Background(), time.Minute)
			defer annulla()
			err := c.Esegui(ctx, nuovo(t))
			if errors.Is(err, ErrNonProvato) {
				t.Skip(err)
			}
			require.NoError(t, err)
		})
	}
}

// Controlli gives the checks, for those who run them without testing.T.
func Controlli() []Controllo {
	return []Controllo{
		{"crea", controllaCrea},
		{"crea_idempotente", controllaIdempotenza},
		{"crea_diversa", controllaDiversa},
		{"crea_concorrente", controllaConcorrenza},
		{"crea_non_valida", controllaNonValida},
		{"numeri_distinti", controllaNumeri},
		{"ignota", controllaIgnota},
		{"enti_separati", controllaEnti},
		{"annulla", controllaAnnulla},
		{"paga", controllaPaga},
		{"annulla_pagata", controllaAnnullaPagata},
		{"pagata_non_torna", controllaMonotonia},
		{"fallita_si_ritenta", controllaRitenta},
		{"fuori_termine", controllaFuoriTermine},
		{"contesto_finito", controllaContesto},
		{"niente_dati_personali", controllaRiservatezza},
		{"ricevuta", controllaRicevuta},
		{"avviso", controllaAvviso},
	}
}

const idBase = "00000000-0000-7000-8000-00000000000"

func (b Banco) dovuto(ente, coda string) pagamenti.Dovuto {
	if b.Dovuto != nil {
		return b.Dovuto(ente, idBase+coda)
	}
	return Dovuto(ente, idBase+coda)
}

// creata makes a position and gives it with its debt.
func (b Banco) creata(ctx context.Context) (pagamenti.Dovuto, pagamenti.Posizione, error) {
	d := b.dovuto(b.Ente, "1")
	p, err := b.Tramite.Crea(ctx, d)
	if err != nil {
		err = fmt.Errorf("Crea: %w", err)
	}
	return d, p, err
}

func classe(err error, voluta guasto.Classe, causa error) error {
	if err == nil {
		return fmt.Errorf("nessun errore, atteso %w", causa)
	}
	if !errors.Is(err, causa) {
		return fmt.Errorf("errore %w, atteso %w", err, causa)
	}
	if c := guasto.Di(err); c != voluta {
		return fmt.Errorf("classe %s, attesa %s", c, voluta)
	}
	return nil
}

func stato(p pagamenti.Posizione, ammessi ...pagamenti.Stato) error {
	for _, s := range ammessi {
		if p.Stato == s {
			return nil
		}
	}
	return fmt.Errorf("stato %q, atteso uno di %q", p.Stato, ammessi)
}

func forma(p pagamenti.Posizione, d pagamenti.Dovuto) error {
	switch {
	case p.ID != d.ID || p.Ente != d.Ente:
		return fmt.Errorf("posizione di un altro dovuto: %s/%s", p.Ente, p.ID)
	case !p.Importo.Equal(d.Importo):
		return fmt.Errorf("importo %s, atteso %s", p.Importo, d.Importo)
	case p.IUV == "" && p.NAV == "" && p.IUD == "":
		return errors.New("nessun numero (IUV, NAV, IUD) per ritrovare il pagamento")
	case p.Creata.IsZero() || p.Creata.Location() != time.UTC:
		return errors.New("istante di creazione assente o non UTC")
	case p.URLPagamento == "" && p.URLAvviso == "" && p.NAV == "":
		return errors.New("nessun modo di pagare")
	}
	if p.NAV == "" {
		return nil
	}
	nav := pagamenti.NAV(p.NAV)
	if err := nav.Verifica(); err != nil {
		return err
	}
	if nav[0] != '3' {
		return errors.New("cifra ausiliaria del NAV diversa da 3")
	}
	if p.IUV != nav.IUV() {
		return errors.New("IUV diverso da quello nel NAV")
	}
	return nil
}

func stessa(p, q pagamenti.Posizione) error {
	if p.ID != q.ID || p.Ente != q.Ente || p.IUV != q.IUV || p.NAV != q.NAV || p.IUD != q.IUD || !p.Importo.Equal(q.Importo) {
		return fmt.Errorf("posizioni diverse per lo stesso dovuto: NAV %s e %s", p.NAV, q.NAV)
	}
	return nil
}

// riservato fails if a text shows who pays.
func riservato(dove, testo string, d pagamenti.Dovuto) error {
	for _, v := range []string{d.Pagatore.CodiceFiscale, d.Pagatore.Nome, d.Pagatore.Email} {
		if v != "" && strings.Contains(strings.ToLower(testo), strings.ToLower(v)) {
			return fmt.Errorf("%s contiene dati personali", dove)
		}
	}
	return nil
}
