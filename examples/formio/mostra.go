package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"maps"
	"mime/multipart"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gabriel-vasile/mimetype"

	"github.com/sportello-digitale/pratiche/examples/portale/tema"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
	"github.com/sportello-digitale/pratiche/pratica/modulo/html"
	"github.com/sportello-digitale/pratiche/pratica/termini"
)

//go:embed pagina.html
var pagina string

// massimoInvio bounds one post, files included; their content is looked at and
// let go.
const massimoInvio = 32 << 20

// anteprima is the form as one person fills it in: there is one, because the
// server is for who tries a definition on his own machine.
type anteprima struct {
	m        *modulo.Modulo
	p        *formio.Ponte
	renderer *html.Renderer
	modello  *template.Template
	rapporto string
	mu       sync.Mutex
	risposte modulo.Risposte
	allegati map[string]modulo.InfoFile
	prossimo int
	orologio func() time.Time
}

type vista struct {
	Titolo, Modulo string
	Stepper, Corpo template.HTML
	Rapporto, Dati string
}

func nuovaAnteprima(fm *formio.Modulo, r *formio.Rapporto) (*anteprima, error) {
	p, err := ponte(fm)
	if err != nil {
		return nil, err
	}
	a := &anteprima{p: p, rapporto: testoRapporto(fm, r), allegati: map[string]modulo.InfoFile{}, orologio: time.Now}
	if a.m, err = modulo.Compila(p.Definizione(), modulo.ConEstensione(p)); err != nil {
		return nil, err
	}
	if a.renderer, err = html.New(html.Config{LivelloTitolo: 1}); err != nil {
		return nil, err
	}
	if a.modello, err = template.New("pagina").Parse(pagina); err != nil {
		return nil, err
	}
	a.risposte = a.m.Predefinite()
	return a, nil
}

func mostra(ctx context.Context, indirizzo string, fm *formio.Modulo, r *formio.Rapporto, out io.Writer) error {
	a, err := nuovaAnteprima(fm, r)
	if err != nil {
		return err
	}
	g, chiudi, err := a.gestore()
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", indirizzo)
	if err != nil {
		return errors.Join(err, chiudi())
	}
	_, _ = fmt.Fprintf(out, "http://%s (Ctrl-C per finire)\n", l.Addr())
	s := &http.Server{Handler: g, ReadTimeout: time.Minute, ReadHeaderTimeout: 10 * time.Second, WriteTimeout: time.Minute, MaxHeaderBytes: 64 << 10}
	finito := make(chan error, 1)
	go func() { finito <- s.Serve(l) }()
	select {
	case err = <-finito:
	case <-ctx.Done():
		fine, annulla := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer annulla()
		err = s.Shutdown(fine)
	}
	return errors.Join(err, chiudi())
}

func (a *anteprima) gestore() (http.Handler, func() error, error) {
	t, err := tema.Handler("")
	if err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+tema.Prefisso, t)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, a.prima(), http.StatusSeeOther) })
	mux.HandleFunc("GET /compila/{sezione}", func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.sezione(w, r.PathValue("sezione"), nil, "")
	})
	mux.HandleFunc("POST /compila/{sezione}", a.invia)
	mux.HandleFunc("GET /riepilogo", a.riepilogo)
	mux.HandleFunc("GET /rapporto", func(w http.ResponseWriter, _ *http.Request) {
		a.pagina(w, http.StatusOK, vista{Titolo: "Rapporto di importazione", Rapporto: a.rapporto})
	})
	protetto := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		protetto.ServeHTTP(w, r)
	}), t.Close, nil
}

func (a *anteprima) opzioni() modulo.Opzioni {
	return modulo.Opzioni{Oggi: termini.GiornoDi(a.orologio()), Allegati: a.allegati}
}

func (a *anteprima) visibili() []string {
	o := a.opzioni()
	o.Bozza = true
	return a.m.Valuta(a.risposte, o).SezioniVisibili()
}

func (a *anteprima) prima() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if v := a.visibili(); len(v) > 0 {
		return "/compila/" + v[0]
	}
	return "/riepilogo"
}

func (a *anteprima) passi(corrente string) []html.Passo {
	return append(html.Passi(a.m, a.visibili(), corrente, func(s string) string { return "/compila/" + s }),
		html.Passo{ID: "riepilogo", Titolo: "Riepilogo", Stato: html.PassoDaFare})
}

// sezione shows a section. The lock is held.
func (a *anteprima) sezione(w http.ResponseWriter, id string, e modulo.Errori, fuoco string) {
	if !slices.Contains(a.visibili(), id) {
		a.pagina(w, http.StatusNotFound, vista{Titolo: "La sezione non c'è"})
		return
	}
	passi := a.passi(id)
	v := vista{Titolo: html.Titolo(a.m, id, e, passi)}
	err := errors.Join(
		a.scrivi(&v.Stepper, func(b io.Writer) error { return a.renderer.Stepper(b, passi) }),
		a.scrivi(&v.Corpo, func(b io.Writer) error {
			return a.renderer.Sezione(b, a.m, id, a.risposte, e, html.StatoModulo{Allegati: a.allegati, Passi: passi, Oggi: termini.GiornoDi(a.orologio()), Fuoco: fuoco})
		}))
	codice := http.StatusOK
	if len(e) > 0 {
		codice = http.StatusUnprocessableEntity
	}
	a.finisci(w, codice, v, err)
}

func (a *anteprima) invia(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, massimoInvio)
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		a.pagina(w, http.StatusRequestEntityTooLarge, vista{Titolo: "Quello che hai inviato non si può leggere"})
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	id := r.PathValue("sezione")
	risposte, azione := html.Leggi(a.m, id, a.risposte, r.PostForm)
	a.risposte = a.carica(risposte, r.MultipartForm)
	e := a.m.Valuta(a.risposte, a.opzioni())
	sezioni := e.SezioniVisibili()
	posto := slices.Index(sezioni, id)
	switch azione.Genere {
	case html.Avanti:
		if ee := e.Errori.DellaSezione(id); len(ee) > 0 {
			a.sezione(w, id, ee, "")
			return
		}
		if posto++; posto >= len(sezioni) {
			http.Redirect(w, r, "/riepilogo", http.StatusSeeOther)
			return
		}
		id = sezioni[max(posto, 0)]
	case html.Indietro:
		if posto > 0 {
			id = sezioni[posto-1]
		}
	default:
		a.sezione(w, id, nil, azione.Fuoco())
		return
	}
	http.Redirect(w, r, "/compila/"+id, http.StatusSeeOther)
}

// carica keeps what is known of the files sent, not the files.
func (a *anteprima) carica(risposte modulo.Risposte, f *multipart.Form) modulo.Risposte {
	if f == nil {
		return risposte
	}
	for _, campo := range slices.Sorted(maps.Keys(f.File)) {
		for _, t := range f.File[campo] {
			if t.Size == 0 {
				continue
			}
			file, err := t.Open()
			if err != nil {
				continue
			}
			tipo, err := mimetype.DetectReader(file)
			if err = errors.Join(err, file.Close()); err != nil {
				continue
			}
			mime, _, _ := strings.Cut(tipo.String(), ";")
			a.prossimo++
			id := "file" + strconv.Itoa(a.prossimo)
			con, err := a.m.ConFile(risposte, campo, id)
			if err != nil {
				continue
			}
			risposte = con
			a.allegati[id] = modulo.InfoFile{Nome: t.Filename, Tipo: mime, Byte: t.Size}
		}
	}
	return risposte
}

// riepilogo shows the answers as people read them, what is wrong, and the data
// as Form.io keeps them.
func (a *anteprima) riepilogo(w http.ResponseWriter, _ *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e := a.m.Valuta(a.risposte, a.opzioni())
	passi := a.passi("")
	dati, err := json.MarshalIndent(a.p.Dati(e.Valori, a.opzioni()), "", "  ")
	v := vista{Titolo: "Riepilogo", Dati: string(dati)}
	riepilogo := a.m.RiepilogaCon(e.Valori, a.opzioni())
	err = errors.Join(err,
		a.scrivi(&v.Stepper, func(b io.Writer) error { return a.renderer.Stepper(b, passi) }),
		a.scrivi(&v.Corpo, func(b io.Writer) error {
			return a.renderer.Riepilogo(b, riepilogo, func(s string) string { return "/compila/" + s })
		}))
	for _, x := range e.Errori {
		v.Rapporto += x.Etichetta + ": " + x.Messaggio + "\n"
	}
	a.finisci(w, http.StatusOK, v, err)
}

func (a *anteprima) scrivi(dove *template.HTML, fn func(io.Writer) error) error {
	var b bytes.Buffer
	err := fn(&b)
	*dove = template.HTML(b.String()) //nolint:gosec // the library's own, escaped
	return err
}

func (a *anteprima) finisci(w http.ResponseWriter, codice int, v vista, err error) {
	if err != nil {
		a.pagina(w, http.StatusInternalServerError, vista{Titolo: "La pagina non si può mostrare"})
		return
	}
	a.pagina(w, codice, v)
}

func (a *anteprima) pagina(w http.ResponseWriter, codice int, v vista) {
	v.Modulo = a.m.Titolo()
	var b bytes.Buffer
	if err := a.modello.Execute(&b, v); err != nil {
		http.Error(w, "La pagina non si può mostrare", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(codice)
	_, _ = w.Write(b.Bytes())
}
