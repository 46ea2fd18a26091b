package protocollotest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// Istanza is one fresh registry.
type Istanza struct {
	Registro protocollo.Registro
	// Effetti, if set, says how many numbers the registry has given so far. It
	// lets the kit see what a registry without search did.
	Effetti func() int
	// Chiudi, if set, is called at the end.
	Chiudi func()
}

// Fabbrica is what a vendor gives to the kit.
type Fabbrica struct {
	// Nuovo gives a fresh and empty registry; it is called once for each check,
	// also at the same time.
	Nuovo func() (Istanza, error)
	// Ente is a body that the registry serves. Defaults to "c_h501".
	Ente string
	// AltroEnte is another one. Empty: the registry serves one only, and the
	// isolation of tenants is not checked.
	AltroEnte string
	// Anno is the year that the registry behind the adapter answers. Set it far
	// from today's, so that an adapter that uses its own clock is found out. 0
	// checks only that year and date agree.
	Anno int
	// Abilita declares what cannot be read in Capacita.
	Abilita Abilita
	// AltraClassifica and AltroUfficio are what a registration is moved to.
	// Default to "9.9" and "UO9".
	AltraClassifica, AltroUfficio string
	// Concorrenti is how many callers register at once. Defaults to 64.
	Concorrenti int
	// Prepara, if set, adds to every request what this registry wants
	// (Parametri, Classifica, Ufficio). It must not touch the other fields.
	Prepara func(protocollo.Richiesta) protocollo.Richiesta
}

// Abilita declares what a registry keeps of what it is given. What is not
// declared is not checked.
type Abilita struct {
	OggettoFedele  bool // search or reading give the oggetto back, character by character
	AllegatiFedeli bool // search or reading give the attachments back
	ImpronteFedeli bool // and their impronte
}

// T is the part of *testing.T that Controlla needs.
type T interface {
	Helper()
	Errorf(formato string, argomenti ...any)
}

// Prova is one check of the kit.
type Prova struct {
	Nome   string
	Esegui func(ctx context.Context) []error // every breach found; none when the registry is right
}

// Prove gives the checks for a factory. They are independent and may run at the
// same time.
func Prove(f Fabbrica) []Prova {
	if f.Ente == "" {
		f.Ente = "c_h501"
	}
	if f.AltraClassifica == "" {
		f.AltraClassifica = "9.9"
	}
	if f.AltroUfficio == "" {
		f.AltroUfficio = "UO9"
	}
	if f.Concorrenti <= 0 {
		f.Concorrenti = 64
	}
	var prove []Prova
	for _, c := range []struct {
		nome string
		fai  func(context.Context, *prova)
	}{
		{"capacita", provaCapacita},
		{"numero", provaNumero},
		{"concorrenza", provaConcorrenza},
		{"anno", provaAnno},
		{"correlazione", provaCorrelazione},
		{"contenuto", provaContenuto},
		{"documenti", provaDocumenti},
		{"struttura", provaStruttura},
		{"limiti", provaLimiti},
		{"contesto", provaContesto},
		{"fascicolo", provaFascicolo},
		{"annullamento", provaAnnullamento},
		{"riclassificazione", provaRiclassificazione},
		{"predisposizione", provaPredisposizione},
		{"testi", provaTesti},
		{"enti", provaEnti},
	} {
		prove = append(prove, Prova{c.nome, func(ctx context.Context) []error { return esegui(ctx, f, c.fai) }})
	}
	return prove
}

// Verifica runs every check as a parallel subtest.
func Verifica(t *testing.T, f Fabbrica) {
	t.Helper()
	for _, p := range Prove(f) {
		t.Run(p.Nome, func(t *testing.T) {
			t.Parallel()
			Controlla(t.Context(), t, p)
		})
	}
}

// Controlla runs one check and reports its breaches to t.
func Controlla(ctx context.Context, t T, p Prova) {
	t.Helper()
	for _, err := range p.Esegui(ctx) {
		t.Errorf("%s: %v", p.Nome, err)
	}
}

// durata bounds one check: an adapter that hangs and honours ctx is a breach, not
// a hang.
const durata = 2 * time.Minute

func esegui(ctx context.Context, f Fabbrica, fai func(context.Context, *prova)) []error {
	ctx, annulla := context.WithTimeout(ctx, durata)
	defer annulla()
	i, err := f.Nuovo()
	if err != nil {
		return []error{fmt.Errorf("la fabbrica: %w", err)}
	}
	if i.Chiudi != nil {
		defer i.Chiudi()
	}
	p := &prova{f: f, i: i, reg: i.Registro, cap: i.Registro.Capacita()}
	fai(ctx, p)
	return p.errori
}

// prova is the state of one check. It belongs to one goroutine.
type prova struct {
	f      Fabbrica
	i      Istanza
	reg    protocollo.Registro
	cap    protocollo.Capacita
	token  int
	errori []error
}

func (p *prova) manca(formato string, argomenti ...any) {
	p.errori = append(p.errori, fmt.Errorf(formato, argomenti...))
}

// esige notes a breach unless vero.
func (p *prova) esige(vero bool, formato string, argomenti ...any) bool {
	if !vero {
		p.manca(formato, argomenti...)
	}
	return vero
}

// guasto checks an error: there is one, it has an explicit class, one of those
// given, and its text holds no personal data.
func (p *prova) guasto(err error, cosa string, classi ...guasto.Classe) bool {
	if err == nil {
		p.manca("%s: nessun errore, atteso %v", cosa, classi)
		return false
	}
	p.pulito(err, cosa)
	var noto guasto.Classificato
	if !errors.As(err, &noto) {
		p.manca("%s: errore senza classe (%T)", cosa, err)
		return false
	}
	for _, c := range classi {
		if noto.ClasseGuasto() == c {
			return true
		}
	}
	p.manca("%s: classe %s, attesa %v", cosa, noto.ClasseGuasto(), classi)
	return false
}

func (p *prova) pulito(err error, cosa string) {
	testo := strings.ToLower(err.Error())
	for _, s := range segni {
		if strings.Contains(testo, strings.ToLower(s)) {
			p.manca("%s: dati personali nel testo dell'errore", cosa)
			return
		}
	}
}

// riesce checks that there is no error, and that one is at least clean.
func (p *prova) riesce(err error, cosa string) bool {
	if err == nil {
		return true
	}
	p.pulito(err, cosa)
	p.manca("%s: %w", cosa, err)
	return false
}

// richiesta gives a request that this registry should accept, with a new token.
func (p *prova) richiesta(allegati int) protocollo.Richiesta {
	p.token++
	return p.adatta(Richiesta(p.f.Ente, fmt.Sprintf("prova-%04d", p.token), p.quanti(allegati)))
}

func (p *prova) adatta(r protocollo.Richiesta) protocollo.Richiesta {
	if len(p.cap.EstensioniAmmesse) > 0 {
		r.Principale.Nome = cambiaEstensione(r.Principale.Nome, p.cap.EstensioniAmmesse[0])
		for i := range r.Allegati {
			r.Allegati[i].Nome = cambiaEstensione(r.Allegati[i].Nome, p.cap.EstensioniAmmesse[0])
		}
	}
	if p.f.Prepara != nil {
		r = p.f.Prepara(r)
	}
	return p.cap.Adatta(r)
}

func cambiaEstensione(nome, estensione string) string {
	return strings.TrimSuffix(nome, ".pdf") + "." + estensione
}

// quanti bounds the attachments that the kit sends to what is admitted.
func (p *prova) quanti(n int) int {
	switch {
	case p.cap.MassimoAllegati < 0 || !p.cap.AllegatiNellaChiamata:
		return 0
	case p.cap.MassimoAllegati > 0:
		return min(n, p.cap.MassimoAllegati)
	default:
		return n
	}
}

// registra registers and checks what every answer must have.
func (p *prova) registra(ctx context.Context, r protocollo.Richiesta, cosa string) (protocollo.Registrazione, bool) {
	reg, err := p.reg.Registra(ctx, r)
	if !p.riesce(err, cosa) {
		return reg, false
	}
	return reg, p.riesce(reg.Risponde(r), cosa)
}

// cerca finds by token; ok is false where the registry cannot be searched.
func (p *prova) cerca(ctx context.Context, ente, token string) (trovate []protocollo.Registrazione, ok bool) {
	c, ok := p.reg.(protocollo.Cercatore)
	if !ok {
		return nil, false
	}
	trovate, err := c.Cerca(ctx, protocollo.Criteri{Ente: ente, Correlazione: token})
	return trovate, p.riesce(err, "Cerca")
}

// rilegge gives back a registration by reading or by search.
func (p *prova) rilegge(ctx context.Context, r protocollo.Registrazione) (protocollo.Registrazione, bool) {
	if l, ok := p.reg.(protocollo.Lettore); ok {
		letta, err := l.Leggi(ctx, r.Estremi)
		return letta, p.riesce(err, "Leggi")
	}
	trovate, ok := p.cerca(ctx, r.Ente, r.Correlazione)
	if !ok || len(trovate) == 0 {
		return r, false
	}
	return trovate[0], true
}

// effetti checks that a token has exactly n registrations, where it can be seen.
func (p *prova) effetti(ctx context.Context, r protocollo.Richiesta, n int, cosa string) {
	if trovate, ok := p.cerca(ctx, r.Ente, r.Correlazione); ok && (len(trovate) > n || p.cap.CercaAffidabile && len(trovate) < n) {
		p.manca("%s: %d registrazioni trovate, attese %d", cosa, len(trovate), n)
	}
}

// senzaEffetto checks that fai gives no number.
func (p *prova) senzaEffetto(ctx context.Context, r protocollo.Richiesta, cosa string, fai func()) {
	prima := 0
	if p.i.Effetti != nil {
		prima = p.i.Effetti()
	}
	fai()
	if p.i.Effetti != nil {
		p.esige(p.i.Effetti() == prima, "%s: è stato assegnato un numero", cosa)
	}
	if r.Ente != "" && protocollo.TokenValido(r.Correlazione) {
		p.effetti(ctx, r, 0, cosa)
	}
}
