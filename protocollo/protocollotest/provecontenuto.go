package protocollotest

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"sync/atomic"

	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/protocollo"
)

// provaContenuto: what went in comes out.
func provaContenuto(ctx context.Context, p *prova) {
	q := p.richiesta(3)
	prima := q
	prima.Allegati = append([]protocollo.Documento(nil), q.Allegati...)
	reg, ok := p.registra(ctx, q, "Registra con allegati")
	if !ok {
		return
	}
	p.esige(stesse(q, prima), "Registra ha cambiato la richiesta")
	attesi := q.Allegati
	if a, ok := p.reg.(protocollo.Allegatore); ok {
		dopo := Documento("allegato-dopo", "zqxfile-dopo.pdf", []byte("%PDF-1.4 dopo"))
		dopo = p.adatta(protocollo.Richiesta{Correlazione: q.Correlazione, Principale: dopo}).Principale
		id, err := a.Allega(ctx, reg.Estremi, dopo)
		if p.riesce(err, "Allega") {
			p.esige(id != "", "Allega non dà l'identificativo dell'allegato")
			attesi = append(attesi[:len(attesi):len(attesi)], dopo)
		}
		ignoti := reg.Estremi
		ignoti.Numero = "987654321"
		_, err = a.Allega(ctx, ignoti, dopo)
		p.guasto(err, "Allega a un numero che non c'è", guasto.Permanente)
	}
	for _, a := range q.Allegati {
		p.esige(reg.Allegati[a.ID] != "", "manca l'identificativo di un allegato")
	}
	letta, ok := p.rilegge(ctx, reg)
	if !ok {
		return
	}
	if p.f.Abilita.OggettoFedele {
		p.esige(letta.Oggetto == q.Oggetto, "l'oggetto riletto è diverso da quello inviato")
	}
	p.esige(letta.Oggetto == "" || protocollo.TokenDi(letta.Oggetto) == q.Correlazione, "l'oggetto riletto ha perso il token")
	if p.f.Abilita.AllegatiFedeli {
		distinti := map[string]bool{}
		for _, a := range attesi {
			distinti[letta.Allegati[a.ID]] = letta.Allegati[a.ID] != ""
		}
		delete(distinti, "")
		p.esige(len(distinti) == len(attesi), "allegati riletti %d, attesi %d", len(distinti), len(attesi))
	}
	if p.f.Abilita.ImpronteFedeli {
		for _, d := range append([]protocollo.Documento{q.Principale}, attesi...) {
			p.esige(letta.Impronte[d.ID] == d.Impronta, "l'impronta riletta di un documento è diversa")
		}
	}
}

// stesse compares two requests, functions aside.
func stesse(a, b protocollo.Richiesta) bool {
	for _, r := range []*protocollo.Richiesta{&a, &b} {
		r.Principale.Apri = nil
		r.Allegati = append([]protocollo.Documento(nil), r.Allegati...)
		for i := range r.Allegati {
			r.Allegati[i].Apri = nil
		}
	}
	return reflect.DeepEqual(a, b)
}

// errLettura stands for a broken disk.
var errLettura = errors.New("protocollotest: lettura fallita di zqxfile.pdf")

// provaDocumenti: streams are closed, and bytes that cannot be read or are not
// those of the impronta are never registered in silence.
func provaDocumenti(ctx context.Context, p *prova) {
	var aperti, chiusi atomic.Int64
	q := p.richiesta(2)
	q.Principale = conta(q.Principale, &aperti, &chiusi)
	for i := range q.Allegati {
		q.Allegati[i] = conta(q.Allegati[i], &aperti, &chiusi)
	}
	if _, ok := p.registra(ctx, q, "Registra"); !ok {
		return
	}
	p.esige(aperti.Load() == chiusi.Load(), "documenti aperti %d, chiusi %d", aperti.Load(), chiusi.Load())

	for nome, apri := range map[string]func(context.Context) (io.ReadCloser, error){
		"documento illeggibile":   func(context.Context) (io.ReadCloser, error) { return nil, errLettura },
		"contenuto diverso":       func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("altro")), nil },
		"contenuto che si spezza": func(context.Context) (io.ReadCloser, error) { return spezzato{}, nil },
	} {
		q := p.richiesta(0)
		var letto atomic.Bool
		q.Principale.Apri = func(ctx context.Context) (io.ReadCloser, error) {
			letto.Store(true)
			return apri(ctx)
		}
		_, err := p.reg.Registra(ctx, q)
		if !letto.Load() { // this registry takes the impronte only
			p.riesce(err, nome)
			continue
		}
		if p.guasto(err, nome, guasto.Transitorio, guasto.Permanente, guasto.EsitoIgnoto, guasto.Parziale) && guasto.Ripetibile(err) {
			p.effetti(ctx, q, 0, nome)
		}
	}
}

type spezzato struct{}

func (spezzato) Read([]byte) (int, error) { return 0, errLettura }
func (spezzato) Close() error             { return nil }

// provaTesti: odd texts are registered as they are or refused, never mangled
// into another failure, and the token survives them.
func provaTesti(ctx context.Context, p *prova) {
	for nome, testo := range map[string]string{
		"NUL":           "Istanza\x00di prova",
		"controllo":     "Istanza\r\ndi\tprova\x1b[0m",
		"UTF-8 rotto":   "Istanza \xff\xfe",
		"destra":        "\u202eאבג مرحبا\u202c",
		"emoji":         "Istanza 👩‍👩‍👧‍👦🇮🇹",
		"virgolette":    `L'"istanza" di <b>D'Alò</b> & C. ]]> \ ; -- %s {{.}} ${x}`,
		"combinanti":    "perche\u0301 e\u0300 cosi\u0300",
		"parentesi":     "Istanza [urgente] [][ ]",
		"solo spazi":    " \u00a0\u2003 ",
		"fuori dal BMP": "𠮷野家 𝔸",
	} {
		q := p.richiesta(0)
		q.Oggetto = testo + " [" + q.Correlazione + "]"
		q.Mittente.Denominazione = testo
		p.testo(ctx, q, nome)

		q = p.richiesta(0)
		q.Oggetto = testo
		p.testo(ctx, p.cap.Adatta(q), nome+", adattato")
	}
}

func (p *prova) testo(ctx context.Context, q protocollo.Richiesta, nome string) {
	reg, err := p.reg.Registra(ctx, q)
	if err != nil {
		p.guasto(err, nome, guasto.Permanente)
		p.effetti(ctx, q, 0, nome)
		return
	}
	p.riesce(reg.Risponde(q), nome)
	p.esige(p.cap.Verifica(q) == nil, "%s: registrata una richiesta che Capacita.Verifica rifiuta", nome)
	p.effetti(ctx, q, 1, nome)
	if letta, ok := p.rilegge(ctx, reg); ok {
		p.esige(letta.Stessi(reg.Estremi), "%s: riletta un'altra registrazione", nome)
		if p.f.Abilita.OggettoFedele {
			p.esige(letta.Oggetto == q.Oggetto, "%s: l'oggetto riletto è diverso", nome)
		}
	}
}
