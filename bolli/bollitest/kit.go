package bollitest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

// Banco (test bench) is a fresh Emettitore and the means to make things happen
// at the other side. What is nil is not tried, and the kit says so by skipping.
type Banco struct {
	Emettitore bolli.Emettitore
	Ente       string
	AltroEnte  string // another one; empty if the issuer serves a single ente
	// Acquista makes the payer buy the stamp.
	Acquista func(ctx context.Context, ente, id string) error
	// Rinuncia makes the purchase fail; it may do nothing, or fail, once the
	// stamp is issued.
	Rinuncia func(ctx context.Context, ente, id string) error
	// Oggi is the day of the issuer's clock. Defaults to the present.
	Oggi termini.Giorno
}

// Fabbrica gives a bench whose issuer was asked nothing yet.
type Fabbrica func(t testing.TB) Banco

// ErrNonProvato: the bench has not what a check needs.
var ErrNonProvato = errors.New("bollitest: il banco non permette la prova")

// Controllo is one rule of the contract of bolli.Emettitore. Esegui gives nil,
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
		{"emetti", controllaEmetti},
		{"idempotente", controllaIdempotenza},
		{"concorrente", controllaConcorrenza},
		{"diversa", controllaDiversa},
		{"non_valida", controllaNonValida},
		{"ignota", controllaIgnota},
		{"enti_separati", controllaEnti},
		{"acquisto", controllaAcquisto},
		{"seriali_distinti", controllaSeriali},
		{"emessa_non_torna", controllaMonotonia},
		{"rinuncia", controllaRinuncia},
		{"contesto_finito", controllaContesto},
		{"niente_dati_personali", controllaRiservatezza},
	}
}

const idBase = "00000000-0000-7000-8000-00000000000"

func classe(err error, causa error) error {
	if err == nil {
		return fmt.Errorf("nessun errore, atteso %w", causa)
	}
	if !errors.Is(err, causa) {
		return fmt.Errorf("errore %w, atteso %w", err, causa)
	}
	if c := guasto.Di(err); c != guasto.Permanente {
		return fmt.Errorf("classe %s, attesa %s", c, guasto.Permanente)
	}
	return nil
}

func stato(e bolli.Emissione, atteso bolli.StatoEmissione) error {
	if e.Stato != atteso {
		return fmt.Errorf("stato %q, atteso %q", e.Stato, atteso)
	}
	return nil
}

func (b Banco) emessa(ctx context.Context) (bolli.Richiesta, bolli.Emissione, error) {
	r := Richiesta(b.Ente, idBase+"1")
	e, err := b.Emettitore.Emetti(ctx, r)
	if err != nil {
		err = fmt.Errorf("Emetti: %w", err)
	}
	return r, e, err
}

func controllaEmetti(ctx context.Context, b Banco) error {
	r, e, err := b.emessa(ctx)
	if err != nil {
		return err
	}
	letta, err := b.Emettitore.Stato(ctx, r.Ente, r.ID)
	if err != nil {
		return fmt.Errorf("Stato dopo Emetti: %w", err)
	}
	for _, x := range []bolli.Emissione{e, letta} {
		switch {
		case x.ID != r.ID || x.Ente != r.Ente:
			return errors.New("emissione di un'altra richiesta")
		case x.Stato == bolli.Emessa: // an issuer may sell at once
		case x.Stato != bolli.DaAcquistare:
			return stato(x, bolli.DaAcquistare)
		case x.URLAcquisto == "":
			return errors.New("da acquistare, ma senza indirizzo di acquisto")
		}
	}
	return nil
}

func controllaIdempotenza(ctx context.Context, b Banco) error {
	r, e, err := b.emessa(ctx)
	if err != nil {
		return err
	}
	ancora, err := b.Emettitore.Emetti(ctx, r)
	if err != nil {
		return fmt.Errorf("seconda Emetti: %w", err)
	}
	if ancora.ID != e.ID || ancora.URLAcquisto != e.URLAcquisto || ancora.Contrassegno.Seriale != e.Contrassegno.Seriale {
		return errors.New("la seconda Emetti ha chiesto un altro bollo")
	}
	return stato(ancora, e.Stato)
}

func controllaConcorrenza(ctx context.Context, b Banco) error {
	r := Richiesta(b.Ente, idBase+"1")
	var gruppo sync.WaitGroup
	var emissioni [8]bolli.Emissione
	var errori [8]error
	for i := range emissioni {
		gruppo.Go(func() { emissioni[i], errori[i] = b.Emettitore.Emetti(ctx, r) })
	}
	gruppo.Wait()
	if err := errors.Join(errori[:]...); err != nil {
		return fmt.Errorf("Emetti concorrente: %w", err)
	}
	for _, e := range emissioni {
		if e.URLAcquisto != emissioni[0].URLAcquisto || e.Contrassegno.Seriale != emissioni[0].Contrassegno.Seriale {
			return errors.New("più bolli per la stessa richiesta")
		}
	}
	return nil
}

func controllaDiversa(ctx context.Context, b Banco) error {
	r, _, err := b.emessa(ctx)
	if err != nil {
		return err
	}
	documento, importo := r, r
	documento.Impronta = bolli.Impronta([]byte("altro documento"))
	importo.Importo = decimal.New(200, -2)
	_, errDocumento := b.Emettitore.Emetti(ctx, documento)
	_, errImporto := b.Emettitore.Emetti(ctx, importo)
	return errors.Join(classe(errDocumento, bolli.ErrDiversa), classe(errImporto, bolli.ErrDiversa))
}

func controllaNonValida(ctx context.Context, b Banco) error {
	r := Richiesta(b.Ente, idBase+"1")
	r.Impronta = "R5J"
	_, err := b.Emettitore.Emetti(ctx, r)
	if err := classe(err, bolli.ErrNonValido); err != nil {
		return fmt.Errorf("Emetti senza impronta: %w", err)
	}
	_, err = b.Emettitore.Stato(ctx, r.Ente, r.ID)
	return classe(err, bolli.ErrIgnota)
}

func controllaIgnota(ctx context.Context, b Banco) error {
	var tutti []error
	for _, id := range []string{idBase + "9", "", strings.Repeat("x", 10_000)} {
		_, err := b.Emettitore.Stato(ctx, b.Ente, id)
		tutti = append(tutti, classe(err, bolli.ErrIgnota))
	}
	return errors.Join(tutti...)
}

func controllaEnti(ctx context.Context, b Banco) error {
	if b.AltroEnte == "" {
		return ErrNonProvato
	}
	r, _, err := b.emessa(ctx)
	if err != nil {
		return err
	}
	_, err = b.Emettitore.Stato(ctx, b.AltroEnte, r.ID)
	return classe(err, bolli.ErrIgnota)
}

// acquistata asks for a stamp and has it bought.
func (b Banco) acquistata(ctx context.Context, coda string) (bolli.Richiesta, bolli.Emissione, error) {
	r := Richiesta(b.Ente, idBase+coda)
	if b.Acquista == nil {
		return r, bolli.Emissione{}, ErrNonProvato
	}
	if _, err := b.Emettitore.Emetti(ctx, r); err != nil {
		return r, bolli.Emissione{}, fmt.Errorf("Emetti: %w", err)
	}
	if err := b.Acquista(ctx, r.Ente, r.ID); err != nil {
		return r, bolli.Emissione{}, fmt.Errorf("il banco non acquista: %w", err)
	}
	e, err := b.Emettitore.Stato(ctx, r.Ente, r.ID)
	return r, e, errors.Join(err, stato(e, bolli.Emessa))
}

func controllaAcquisto(ctx context.Context, b Banco) error {
	r, e, err := b.acquistata(ctx, "1")
	if err != nil {
		return err
	}
	oggi := b.Oggi
	if oggi.IsZero() {
		oggi = termini.GiornoDi(time.Now())
	}
	c := e.Contrassegno
	switch {
	case c.Tipo != bolli.Digitale:
		return errors.New("il contrassegno emesso non è digitale")
	case c.Impronta != r.Impronta:
		return errors.New("il contrassegno emesso è legato a un altro documento")
	case !c.Importo.Equal(r.Importo):
		return errors.New("il contrassegno emesso ha un altro valore")
	case len(e.Originale) > bolli.MassimoOriginale:
		return errors.New("originale troppo grande")
	}
	if err := c.Verifica(oggi); err != nil {
		return fmt.Errorf("contrassegno emesso: %w", err)
	}
	if len(e.Originale) > 0 { // what is given is a copy
		e.Originale[0] ^= 0xff
		letta, err := b.Emettitore.Stato(ctx, r.Ente, r.ID)
		if err != nil || len(letta.Originale) == 0 || letta.Originale[0] == e.Originale[0] {
			return errors.Join(err, errors.New("l'originale restituito non è una copia"))
		}
	}
	ancora, err := b.Emettitore.Emetti(ctx, r)
	if ancora.Contrassegno.Seriale != c.Seriale {
		err = errors.Join(err, errors.New("Emetti dopo l'acquisto non dà lo stesso bollo"))
	}
	return errors.Join(err, stato(ancora, bolli.Emessa))
}

func controllaSeriali(ctx context.Context, b Banco) error {
	_, primo, err := b.acquistata(ctx, "1")
	if err != nil {
		return err
	}
	_, secondo, err := b.acquistata(ctx, "2")
	if err == nil && primo.Contrassegno.Chiave() == secondo.Contrassegno.Chiave() {
		err = errors.New("lo stesso bollo per due richieste")
	}
	return err
}

func controllaMonotonia(ctx context.Context, b Banco) error {
	if b.Rinuncia == nil {
		return ErrNonProvato
	}
	r, _, err := b.acquistata(ctx, "1")
	if err != nil {
		return err
	}
	errRinuncia := b.Rinuncia(ctx, r.Ente, r.ID) // a bench may refuse: only the state counts
	letta, err := b.Emettitore.Stato(ctx, r.Ente, r.ID)
	if err := errors.Join(err, stato(letta, bolli.Emessa)); err != nil {
		return errors.Join(err, errRinuncia)
	}
	return nil
}

func controllaRinuncia(ctx context.Context, b Banco) error {
	if b.Rinuncia == nil {
		return ErrNonProvato
	}
	r, _, err := b.emessa(ctx)
	if err != nil {
		return err
	}
	if err := b.Rinuncia(ctx, r.Ente, r.ID); err != nil {
		return fmt.Errorf("il banco non rinuncia: %w", err)
	}
	e, err := b.Emettitore.Stato(ctx, r.Ente, r.ID)
	if err := errors.Join(err, stato(e, bolli.NonRiuscita)); err != nil {
		return err
	}
	nuova := Richiesta(b.Ente, idBase+"2")
	e, err = b.Emettitore.Emetti(ctx, nuova)
	if err == nil && e.Stato == bolli.NonRiuscita {
		err = errors.New("una nuova richiesta per lo stesso documento nasce non riuscita")
	}
	return err
}

func controllaContesto(ctx context.Context, b Banco) error {
	finito, annulla := context.WithCancel(ctx)
	annulla()
	r := Richiesta(b.Ente, idBase+"1")
	_, err := b.Emettitore.Emetti(finito, r)
	if err == nil {
		return errors.New("Emetti ignora il contesto finito")
	}
	c := guasto.Di(err)
	if !errors.Is(err, context.Canceled) || c != guasto.Transitorio && c != guasto.EsitoIgnoto {
		return fmt.Errorf("Emetti con contesto finito: classe %q, errore %w", c, err)
	}
	if c == guasto.Transitorio {
		_, err := b.Emettitore.Stato(ctx, r.Ente, r.ID)
		if err := classe(err, bolli.ErrIgnota); err != nil {
			return fmt.Errorf("un guasto transitorio ha avuto effetto: %w", err)
		}
	}
	if _, err := b.Emettitore.Emetti(ctx, r); err != nil {
		return fmt.Errorf("Emetti ripetuta: %w", err)
	}
	return nil
}

func controllaRiservatezza(ctx context.Context, b Banco) error {
	r, e, err := b.emessa(ctx)
	if err != nil {
		return err
	}
	e.Originale = nil
	testo, err := json.Marshal(e)
	if err != nil {
		return err
	}
	detti := []string{string(testo)}
	diversa, sbagliata := r, r
	diversa.Impronta = bolli.Impronta(nil)
	sbagliata.Impronta = ""
	for _, x := range []bolli.Richiesta{diversa, sbagliata} {
		_, err := b.Emettitore.Emetti(ctx, x)
		if err == nil {
			return errors.New("Emetti ha accettato una richiesta da rifiutare")
		}
		detti = append(detti, err.Error())
	}
	tutto := strings.ToLower(strings.Join(detti, " "))
	for _, v := range []string{r.Acquirente.CodiceFiscale, r.Acquirente.Nome, r.Acquirente.Email} {
		if strings.Contains(tutto, strings.ToLower(v)) {
			return errors.New("emissione o errori contengono dati personali")
		}
	}
	return nil
}
