// Command portale is a complete host of the library: the web portal of an
// invented municipality, for citizens and for operators, on SQLite and a folder
// of files. It needs nothing else.
//
//	go run ./examples/portale [-addr 127.0.0.1:8080] [-dati DIR] [-tema DIR]
//
// Identities are chosen from a list and payments are simulated: it is for
// trying and for reading, not for the public.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/sportello-digitale/pratiche/examples/portale/cittadino"
	"github.com/sportello-digitale/pratiche/examples/portale/scrivania"
	"github.com/sportello-digitale/pratiche/examples/portale/servizi"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cartella"
	"github.com/sportello-digitale/pratiche/storage/postgres"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
)

// attesaFine is how long a stop waits for the requests under way.
const attesaFine = 10 * time.Second

func main() {
	ctx, ferma := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer ferma()
	if err := esegui(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "Errore:", err)
		os.Exit(1) //nolint:gocritic // ferma has nothing left to undo
	}
}

type opzioni struct{ indirizzo, dati, tema, postgres string }

func leggiOpzioni(args []string, errori io.Writer) (opzioni, error) {
	var o opzioni
	f := flag.NewFlagSet("portale", flag.ContinueOnError)
	f.SetOutput(errori)
	f.StringVar(&o.indirizzo, "addr", "127.0.0.1:8080", "indirizzo e porta su cui rispondere")
	f.StringVar(&o.dati, "dati", "./dati-portale", "cartella dei dati, creata se non c'è")
	f.StringVar(&o.tema, "tema", "", "cartella del pacchetto npm bootstrap-italia; vuota: tema incluso")
	f.StringVar(&o.postgres, "postgres", "", "file con la stringa di connessione a PostgreSQL; vuoto: SQLite nella cartella dei dati")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("argomento sconosciuto: %s", f.Arg(0))
	}
	return o, nil
}

// esegui runs the portal until ctx ends. It prints the address to open on
// uscita and the log on errori.
func esegui(ctx context.Context, args []string, uscita, errori io.Writer) (err error) {
	o, err := leggiOpzioni(args, errori)
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(errori, nil))
	if err := os.MkdirAll(o.dati, 0o700); err != nil {
		return err
	}
	store, chiudi, err := apriStore(ctx, o, logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, chiudi()) }()
	archivio, err := cartella.New(filepath.Join(o.dati, "file"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, archivio.Close()) }()

	ascolto, err := new(net.ListenConfig).Listen(ctx, "tcp", o.indirizzo)
	if err != nil {
		return err
	}
	indirizzo := "http://" + raggiungibile(ascolto.Addr())
	p, err := servizi.Monta(servizi.Impianto{Store: store, Archivio: archivio, Indirizzo: indirizzo, CartellaTema: o.tema, Logger: logger})
	if err != nil {
		return errors.Join(err, ascolto.Close())
	}
	defer func() { err = errors.Join(err, p.Tema.Close()) }()
	mux := http.NewServeMux()
	p.Registra(mux)
	if err := errors.Join(cittadino.Monta(mux, p), scrivania.Monta(mux, p)); err != nil {
		return errors.Join(err, ascolto.Close())
	}
	if _, err := fmt.Fprintf(uscita, "%s\nApri %s nel browser. I dati sono in %s. Per fermare premi Ctrl+C.\n", p.Ente.Nome, indirizzo, o.dati); err != nil {
		return errors.Join(err, ascolto.Close())
	}
	return servi(ctx, ascolto, p.Gestore(mux), p.Sportello.Lavora, logger)
}

// apriStore opens SQLite or, where a file with its connection string is named,
// PostgreSQL: a secret on the command line could be read by everybody.
func apriStore(ctx context.Context, o opzioni, logger *slog.Logger) (storage.Store, func() error, error) {
	if o.postgres == "" {
		s, err := sqlite.Open(ctx, sqlite.Config{Percorso: filepath.Join(o.dati, "pratiche.db"), Logger: logger})
		if err != nil {
			return nil, nil, err
		}
		return s, s.Close, nil
	}
	segreto, err := os.ReadFile(o.postgres)
	if err != nil {
		return nil, nil, err
	}
	s, err := postgres.Open(ctx, postgres.Config{Connessione: strings.TrimSpace(string(segreto)), Logger: logger})
	if err != nil {
		return nil, nil, err
	}
	return s, s.Close, nil
}

// raggiungibile gives an address that a browser on this machine can open: one
// that stands for all of them is reached as localhost.
func raggiungibile(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	return a.String()
}

// servi answers until ctx ends, with the worker beside: requests under way end
// first, then the worker, so that no file or database is closed under them.
func servi(ctx context.Context, ascolto net.Listener, pagine http.Handler, lavora func(context.Context) error, logger *slog.Logger) error {
	server := &http.Server{
		Handler: pagine, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
	}
	ctxLavoro, fineLavoro := context.WithCancel(context.WithoutCancel(ctx))
	lavoro := make(chan error, 1)
	go func() { lavoro <- lavora(ctxLavoro) }()
	servito := make(chan error, 1)
	go func() { servito <- server.Serve(ascolto) }()

	var err error
	select {
	case <-ctx.Done():
		chiusura, annulla := context.WithTimeout(context.WithoutCancel(ctx), attesaFine)
		err = server.Shutdown(chiusura)
		annulla()
		<-servito //nolint:errcheck // Serve says that it was shut down, as asked
	case err = <-servito: // it could not go on
	}
	fineLavoro()
	return errors.Join(err, <-lavoro)
}
