// Command primapratica runs two pratiche from the form to the outcome on
// SQLite, kills the process half way, takes up the work in another one, and
// prints what the operator sees: once for a service that configures everything,
// once for a service that configures nothing.
//
//	go run ./examples/primapratica [-dati DIR]
//
// Without -dati it works in a temporary folder and removes it.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/phpdave11/gofpdf"
	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/appuntamenti"
	"github.com/sportello-digitale/pratiche/appuntamenti/calendario"
	"github.com/sportello-digitale/pratiche/bolli"
	"github.com/sportello-digitale/pratiche/pagamenti"
	cassa "github.com/sportello-digitale/pratiche/pagamenti/interno"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/sportello-digitale/pratiche/pratica/modulo"
	"github.com/sportello-digitale/pratiche/pratica/servizio"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/pratica/termini"
	registro "github.com/sportello-digitale/pratiche/protocollo/interno"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cartella"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
)

const ente = "c_x999"

var (
	cittadina = pratica.Attore{
		Ruolo: pratica.Cittadino, ID: "spid-0001", Ente: ente, Livello: servizio.SPID2, Metodo: "SPID",
		Persona: anagrafica.Persona{Nome: "Anna", Cognome: "Bianchi", CodiceFiscale: "BNCNNA85C41F205D", Email: "anna.bianchi@example.org"},
	}
	operatrice = pratica.Attore{Ruolo: pratica.Operatore, ID: "op-ferri", Ente: ente, Servizi: []string{"suolo-pubblico", "segnala-indirizzo"}, Uffici: []string{"commercio"}}
)

func main() {
	dati := flag.String("dati", "", "cartella dei dati (predefinita: una temporanea, poi rimossa)")
	prima := flag.Bool("prima-parte", false, "uso interno: svolge la prima parte e attende")
	flag.Parse()
	if err := esegui(*dati, *prima); err != nil {
		fmt.Fprintln(os.Stderr, "primapratica:", err)
		var e *pratica.Errore
		if errors.As(err, &e) {
			fmt.Fprintln(os.Stderr, e.Messaggio())
		}
		os.Exit(1)
	}
}

func esegui(dir string, primaParte bool) (err error) {
	ctx := context.Background()
	if dir == "" {
		if dir, err = os.MkdirTemp("", "primapratica-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	if primaParte {
		return presenta(ctx, dir)
	}
	ids, err := presentaEMuori(dir)
	if err != nil {
		return err
	}
	fmt.Println("Il processo è stato terminato con la forza: niente era ancora prodotto né protocollato.")
	fmt.Println("Un altro processo riapre gli stessi dati e riprende da dove quello si è fermato.")
	u, err := apri(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, u.store.Close()) }()
	for _, id := range ids {
		if err := u.decidi(ctx, id); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if err := u.stampa(ctx, os.Stdout, id); err != nil {
			return err
		}
	}
	return nil
}

// presentaEMuori runs the first part in a process of its own and kills it: what
// it left behind is what a power cut leaves.
func presentaEMuori(dir string) ([]pratica.ID, error) {
	figlio := exec.Command(os.Args[0], "-dati", dir, "-prima-parte") //nolint:gosec // this very program
	figlio.Stderr = os.Stderr
	uscita, err := figlio.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := figlio.Start(); err != nil {
		return nil, err
	}
	var ids []pratica.ID
	righe := bufio.NewScanner(uscita)
	for righe.Scan() {
		if id, ok := strings.CutPrefix(righe.Text(), "pratica "); ok {
			ids = append(ids, pratica.ID(id))
			continue
		}
		if righe.Text() == "pronto" {
			break
		}
		fmt.Println(righe.Text())
	}
	err = figlio.Process.Kill()
	_ = figlio.Wait() // it was killed: the error says so
	if len(ids) != 2 {
		return nil, errors.Join(err, errors.New("la prima parte non è arrivata in fondo"))
	}
	return ids, err
}

// ufficio is the whole host: a store, the files, the ports, the desk.
type ufficio struct {
	store *sqlite.Store
	cassa *cassa.Tramite
	*sportello.Sportello
}

func apri(ctx context.Context, dir string) (*ufficio, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	store, err := sqlite.Open(ctx, sqlite.Config{Percorso: filepath.Join(dir, "pratiche.db")})
	if err != nil {
		return nil, err
	}
	archivio, err := cartella.New(filepath.Join(dir, "file"))
	if err != nil {
		return nil, err
	}
	reg, err := registro.New(registro.Config{Cassetto: store})
	if err != nil {
		return nil, err
	}
	tramite, err := cassa.New(cassa.Config{Cassetto: store, BaseURL: "https://pagamenti.example.org/paga"})
	if err != nil {
		return nil, err
	}
	oggi := termini.GiornoDi(time.Now())
	calendari, err := calendario.Fissi(appuntamenti.Calendario{ID: "commercio", Ente: ente, Titolo: "Ufficio commercio", Luogo: "Piazza del Municipio 1", Aperture: []appuntamenti.Apertura{{
		ID: "mattina", Dal: oggi, Al: oggi.Piu(60), Giorni: []time.Weekday{1, 2, 3, 4, 5, 6}, Inizio: "09:00", Fine: "12:30", Minuti: 30, Capienza: 2,
	}}})
	if err != nil {
		return nil, err
	}
	agenda, err := calendario.New(calendario.Config{Cassetto: store, Calendari: calendari})
	if err != nil {
		return nil, err
	}
	tutto, err := servizio.Nuovo(suoloPubblico())
	if err != nil {
		return nil, err
	}
	niente, err := servizio.Nuovo(segnalaIndirizzo())
	if err != nil {
		return nil, err
	}
	s, err := sportello.New(sportello.Config{
		Enti:    []sportello.Ente{{Codice: ente, Nome: "Comune di Esempio", Luogo: "Esempio"}},
		Servizi: sportello.NuovoCatalogo(ente, tutto, niente),
		Store:   store, Archivio: archivio, Registro: reg, Tramite: tramite, Agenda: agenda, Rubrica: rubrica{},
	})
	if err != nil {
		return nil, err
	}
	return &ufficio{store, tramite, s}, nil
}

// rubrica knows the operators' names; the iter keeps only their ids.
type rubrica struct{}

func (rubrica) Nome(_ context.Context, _, operatore string) (string, bool) {
	return "Marta Ferri", operatore == operatrice.ID
}

func (rubrica) Operatore(_ context.Context, _, operatore string) (pratica.Attore, bool) {
	return operatrice, operatore == operatrice.ID
}

// suoloPubblico configures everything.
func suoloPubblico() servizio.Configurazione {
	return servizio.Configurazione{
		ID: "suolo-pubblico", Versione: 1, Nome: "Occupazione di suolo pubblico", Accesso: servizio.SPID2,
		Modulo: modulo.Definizione{ID: "suolo_pubblico", Versione: 1, Titolo: "Occupazione di suolo pubblico", Sezioni: []modulo.Sezione{
			{ID: "richiedente", Titolo: "Richiedente", Campi: []modulo.Campo{
				{ID: "nome", Etichetta: "Nome", Tipo: modulo.Testo, Obbligatorio: true},
				{ID: "cognome", Etichetta: "Cognome", Tipo: modulo.Testo, Obbligatorio: true},
				{ID: "cf", Etichetta: "Codice fiscale", Tipo: modulo.CodiceFiscale, Obbligatorio: true},
			}},
			{ID: "occupazione", Titolo: "Occupazione", Campi: []modulo.Campo{
				{ID: "via", Etichetta: "Via o piazza", Tipo: modulo.Testo, Obbligatorio: true},
				{ID: "dal", Etichetta: "Dal giorno", Tipo: modulo.Data, Obbligatorio: true},
				{ID: "giorni", Etichetta: "Giorni", Tipo: modulo.Intero, Obbligatorio: true, Minimo: "1", Massimo: "365"},
				{ID: "metri", Etichetta: "Metri quadrati", Tipo: modulo.Intero, Obbligatorio: true, Minimo: "1"},
				{ID: "canone", Etichetta: "Canone", Tipo: modulo.Importo, Calcolo: "metri * giorni * 0.75"},
			}},
			{ID: "allegati", Titolo: "Allegati", Campi: []modulo.Campo{
				{ID: "planimetria", Etichetta: "Planimetria", Tipo: modulo.File, Obbligatorio: true, TipiFile: []string{"application/pdf"}},
				{ID: "foto", Etichetta: "Fotografia del luogo", Tipo: modulo.File, TipiFile: []string{"image/jpeg"}},
			}},
		}},
		Precompila: map[string]string{"nome": "nome", "cognome": "cognome", "cf": "codice_fiscale"},
		Uffici:     []servizio.Ufficio{{ID: "commercio", Nome: "Ufficio commercio"}},
		Protocollo: &servizio.Protocollo{Classifica: "08.02"},
		Pagamenti: &servizio.Pagamenti{
			Anticipato:  &servizio.Onere{Origine: servizio.ImportoDalModulo, Campo: "canone", Causale: "Canone di occupazione"},
			Posticipato: &servizio.Onere{Origine: servizio.ImportoFisso, Importo: decimal.NewFromInt(20), Causale: "Diritti di rilascio"},
		},
		Bolli:        &servizio.Bolli{Richiesta: &servizio.Bollo{Quantita: 1}, Rilascio: &servizio.Bollo{Quantita: 1}},
		Appuntamenti: &servizio.Appuntamenti{Calendari: []string{"commercio"}},
		Integrazioni: &servizio.Integrazioni{Giorni: 15}, Preavviso: &servizio.Preavviso{}, Ritiro: true,
		Messaggi: map[string]servizio.Messaggio{
			"protocollata":        {Oggetto: "Richiesta {numero} protocollata", Testo: "La richiesta {numero} ha il protocollo n. {protocollo} del {data_protocollo}."},
			"attesa_integrazione": {Oggetto: "Servono integrazioni", Testo: "Per la richiesta {numero} l'ufficio chiede: {motivo} Rispondi entro il {scadenza}."},
			"accettata":           {Oggetto: "Richiesta {numero} accettata", Testo: "La richiesta {numero} è stata accettata."},
		},
	}
}

// segnalaIndirizzo configures nothing: no registry, payment, stamp or booking.
func segnalaIndirizzo() servizio.Configurazione {
	return servizio.Configurazione{
		ID: "segnala-indirizzo", Versione: 1, Nome: "Rettifica del numero civico", Accesso: servizio.SPID1,
		Modulo: modulo.Definizione{ID: "segnala_indirizzo", Versione: 1, Titolo: "Rettifica del numero civico", Sezioni: []modulo.Sezione{{ID: "dati", Titolo: "Dati", Campi: []modulo.Campo{
			{ID: "via", Etichetta: "Via", Tipo: modulo.Testo, Obbligatorio: true},
			{ID: "civico", Etichetta: "Numero civico corretto", Tipo: modulo.Testo, Obbligatorio: true},
		}}}},
	}
}

// presenta is the first part: two requests, compiled, paid for and sent. No
// worker runs, so every document and every registration is still to be done.
func presenta(ctx context.Context, dir string) error {
	u, err := apri(ctx, dir)
	if err != nil {
		return err
	}
	id, err := u.ApriBozza(ctx, cittadina, "suolo-pubblico")
	if err != nil {
		return err
	}
	p, _, err := u.Leggi(ctx, cittadina, id)
	if err != nil {
		return err
	}
	risposte := p.Risposte.Copia()
	risposte["via"], risposte["dal"], risposte["giorni"], risposte["metri"] = "Piazza Grande", termini.GiornoDi(time.Now()).Piu(40).String(), "10", "12"
	if _, err := u.Esegui(ctx, cittadina, id, pratica.SalvaBozza{Risposte: risposte}); err != nil {
		return err
	}
	for campo, file := range map[string]struct {
		nome      string
		contenuto func() ([]byte, error)
	}{"planimetria": {"planimetria.pdf", planimetria}, "foto": {"piazza.jpg", fotografia}} {
		b, err := file.contenuto()
		if err != nil {
			return err
		}
		if _, err := u.Allega(ctx, cittadina, id, sportello.NuovoAllegato{Nome: file.nome, Campo: campo, Origine: pratica.OrigineRichiesta}, bytes.NewReader(b)); err != nil {
			return err
		}
	}
	if err := u.prenota(ctx, id); err != nil {
		return err
	}
	if err := u.invia(ctx, id, pratica.Invia{Bolli: []bolli.Contrassegno{marca("01180045123456")}}); err != nil {
		return err
	}
	if err := u.paga(ctx, id); err != nil {
		return err
	}
	fmt.Println("pratica " + string(id))

	altra, err := u.ApriBozza(ctx, cittadina, "segnala-indirizzo")
	if err != nil {
		return err
	}
	if _, err := u.Esegui(ctx, cittadina, altra, pratica.SalvaBozza{Risposte: modulo.Risposte{"via": "via Roma", "civico": "12/bis"}}); err != nil {
		return err
	}
	if err := u.invia(ctx, altra, pratica.Invia{}); err != nil {
		return err
	}
	fmt.Println("pratica " + string(altra))
	fmt.Println("pronto")
	select {} // until the other process kills this one
}

func (u *ufficio) invia(ctx context.Context, id pratica.ID, d pratica.Invia) error {
	_, err := u.Esegui(ctx, cittadina, id, d, sportello.ConChiave("invio")) // the key: a double click has one effect
	if err != nil {
		return err
	}
	p, _, err := u.Leggi(ctx, cittadina, id)
	if err == nil {
		fmt.Printf("Inviata la richiesta n. %s: %s.\n", p.Numero, p.Stato.Etichetta())
	}
	return err
}

func (u *ufficio) prenota(ctx context.Context, id pratica.ID) error {
	oggi := termini.GiornoDi(time.Now())
	fasce, err := u.Fasce(ctx, cittadina, id, "commercio", oggi.Piu(1), oggi.Piu(14))
	if err != nil {
		return err
	}
	if len(fasce) == 0 {
		return errors.New("nessuna fascia libera")
	}
	_, err = u.PrenotaAppuntamento(ctx, cittadina, id, fasce[len(fasce)/2])
	return err
}

// paga does what the payer and the payment system do: the position is created by
// its effect, paid, and the news of it is asked for.
func (u *ufficio) paga(ctx context.Context, id pratica.ID) error {
	p, _, err := u.Leggi(ctx, cittadina, id)
	if err != nil {
		return err
	}
	for _, x := range p.Pagamenti {
		if !x.Aperto() {
			continue
		}
		effetti, err := u.store.Effetti(ctx, ente, id)
		if err != nil {
			return err
		}
		for _, e := range effetti {
			if e.Genere == pratica.EffettoPagamento && e.Riferimento == x.ID && e.Stato != storage.Fatto {
				if _, err := u.EseguiEffetto(ctx, ente, e.ID); err != nil {
					return err
				}
			}
		}
		if _, err := u.cassa.Simula(ctx, ente, x.ID, cassa.Paga); err != nil {
			return err
		}
		if _, err := u.NotificaPagamento(ctx, ente, id, x.ID); err != nil {
			return err
		}
		fmt.Printf("Pagati %s per %s.\n", pagamenti.Euro(x.Importo), x.Causale)
	}
	return nil
}

// decidi is the second part: the worker produces and registers what was left
// undone, the operator works the pratica to its outcome.
func (u *ufficio) decidi(ctx context.Context, id pratica.ID) error {
	fai := func(a pratica.Attore, comandi ...pratica.Dati) error {
		for _, c := range comandi {
			if _, err := u.Esegui(ctx, a, id, c); err != nil {
				return fmt.Errorf("%s: %w", c.Azione(), err)
			}
			if _, err := u.Svuota(ctx); err != nil {
				return err
			}
		}
		return nil
	}
	if _, err := u.Svuota(ctx); err != nil {
		return err
	}
	if err := fai(operatrice, pratica.PrendiInCarico{}); err != nil {
		return err
	}
	p, _, err := u.Leggi(ctx, operatrice, id)
	if err != nil {
		return err
	}
	if p.Servizio == "segnala-indirizzo" {
		return fai(operatrice, pratica.Approva{Motivazione: "Il numero civico è stato rettificato."})
	}
	if err := fai(operatrice, pratica.RichiediIntegrazione{Testo: "Indicare con esattezza i metri quadrati.", Campi: []string{"metri"}}); err != nil {
		return err
	}
	if err := fai(cittadina, pratica.ScriviMessaggio{Testo: "Buongiorno, ho misurato di nuovo: sono 14 metri."}, pratica.InviaIntegrazione{Testo: "I metri sono 14.", Risposte: modulo.Risposte{"metri": "14"}}); err != nil {
		return err
	}
	if err := fai(operatrice, pratica.ScriviMessaggio{Testo: "Grazie, la pratica prosegue."}, pratica.Approva{Motivazione: "Nulla osta all'occupazione."}); err != nil {
		return err
	}
	if err := u.paga(ctx, id); err != nil {
		return err
	}
	return fai(cittadina, pratica.FornisciBollo{Forniti: []bolli.Contrassegno{marca("01180045123457")}})
}

func marca(seriale string) bolli.Contrassegno {
	return bolli.Contrassegno{Tipo: bolli.Cartaceo, Seriale: seriale, Emissione: termini.GiornoDi(time.Now()), Importo: decimal.NewFromInt(16), Dichiarato: true}
}

// stampa prints the operator's view. The pages of registry, payments, stamps and
// appointments are there only where the service configures them.
func (u *ufficio) stampa(ctx context.Context, w io.Writer, id pratica.ID) error {
	v, err := u.Apri(ctx, operatrice, id)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	titolo := func(s string) { fmt.Fprintf(t, "\n%s\n", s) }
	riga := func(colonne ...any) {
		for _, c := range colonne {
			fmt.Fprintf(t, "\t%v", c)
		}
		fmt.Fprintln(t)
	}
	ora := func(x time.Time) string { return x.In(termini.Roma()).Format("02/01/2006 15:04") }
	fmt.Fprintf(t, "\n%s\n%s — %s\n", strings.Repeat("═", 78), v.NomeServizio, v.Etichetta)
	titolo("ITER")
	for _, x := range v.Iter {
		riga(ora(x.Quando), x.Titolo, x.Chi, x.Motivo)
	}
	titolo("ULTIME PRATICHE DELLO STESSO RICHIEDENTE")
	for _, x := range v.UltimePratiche {
		riga(x.Numero, x.Servizio, x.Stato.Etichetta())
	}
	titolo("DATI GENERALI")
	riga("Numero richiesta", v.Generali.Numero)
	riga("Richiesta presentata il", ora(v.Generali.PresentataIl))
	if p := v.Generali.Protocollo; p != nil {
		riga("Protocollo", "n. "+p.NumeroEsteso()+" del "+termini.GiornoDi(p.Data).Italiano())
	}
	riga("Richiedente", v.Generali.Richiedente+" ("+v.Generali.Identificazione+")")
	titolo("MODULO COMPILATO")
	for _, s := range v.Modulo.Sezioni {
		for _, x := range s.Voci {
			riga(s.Titolo, x.Etichetta, x.Valore)
		}
	}
	titolo("ALLEGATI")
	for _, x := range v.Allegati {
		riga(x.Nome, modulo.Dimensione(x.Dimensione), x.SHA256[:12]+"…")
	}
	if f := v.FileDiRichiesta; f != nil && len(v.Allegati) == 0 {
		riga("File di richiesta", f.Nome, modulo.Dimensione(f.Dimensione))
	}
	titolo("MESSAGGI")
	for _, x := range v.Messaggi {
		riga(ora(x.Quando), x.Chi, strings.TrimSpace(x.Oggetto+" "+x.Testo))
	}
	if pg := v.Protocollo; pg != nil {
		titolo("DATI DI PROTOCOLLAZIONE")
		if pg.Fascicolo != nil {
			riga("Fascicolo", pg.Fascicolo.Codice, pg.Fascicolo.Oggetto)
		}
		for _, x := range pg.Documenti {
			numero := "in attesa di protocollazione"
			if x.Registrazione != nil {
				numero = "n. " + x.Registrazione.NumeroEsteso()
			}
			riga(x.Titolo, x.Direzione, numero, x.Nome, fmt.Sprintf("%d allegati", len(x.Allegati)))
		}
	}
	if pg := v.Pagamenti; pg != nil {
		titolo("PAGAMENTI")
		for _, x := range pg.Pagamenti {
			riga(x.Causale, pagamenti.Euro(x.Importo), x.Posizione.Stato.Etichetta(), "IUV "+x.Posizione.IUV)
		}
	}
	if pg := v.Bolli; pg != nil {
		titolo("BOLLI")
		for _, x := range pg.Bolli {
			for _, c := range x.Forniti {
				riga("Bollo per "+map[pratica.Momento]string{pratica.AllaRichiesta: "la richiesta", pratica.AlRilascio: "il rilascio"}[x.Momento], c.Seriale, pagamenti.Euro(c.Importo))
			}
		}
	}
	if pg := v.Appuntamenti; pg != nil {
		titolo("APPUNTAMENTI")
		for _, x := range pg.Appuntamenti {
			riga(ora(x.Inizio), x.Calendario, x.Stato.Etichetta())
		}
	}
	eventi, err := u.store.Eventi(ctx, ente, id)
	if err != nil {
		return err
	}
	if err := pratica.Verifica(eventi); err != nil {
		return err
	}
	fmt.Fprintf(t, "\nIter di %d eventi verificato: nessuna voce è stata alterata.\n", len(eventi))
	return t.Flush()
}

func planimetria() ([]byte, error) {
	pdf := gofpdf.New("P", "mm", "A4", "")
	pdf.AddPage()
	pdf.SetFont("Helvetica", "", 14)
	pdf.Text(20, 20, "Planimetria: Piazza Grande, 12 mq")
	pdf.Rect(40, 40, 80, 60, "D")
	var b bytes.Buffer
	err := pdf.Output(&b)
	return b.Bytes(), err
}

func fotografia() ([]byte, error) {
	m := image.NewRGBA(image.Rect(0, 0, 320, 200))
	for x := range 320 {
		for y := range 200 {
			m.Set(x, y, color.RGBA{uint8(x / 2), uint8(y), 180, 255}) //nolint:gosec // 0–159
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, m, nil)
	return b.Bytes(), err
}
