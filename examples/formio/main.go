// Formio shows what becomes of a Form.io definition in this library.
//
//	go run ./examples/formio FILE.json            the report of the import
//	go run ./examples/formio -server FILE.json    the form in the browser
//	go run ./examples/formio -righe [FILE.json]   submissions on standard input, a line each
//
// With -righe every line is an object {"id", "components", "data"}; without
// components it is of FILE.json. One line answers each: {"id", "data", "hidden",
// "errors": [{"path", "rule"}]}, or {"id", "failed"}. Where the library does
// otherwise than Form.io on purpose, "differences" names why; -fedele does as
// Form.io does, for comparisons.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/sportello-digitale/pratiche/pratica/modulo/formio"
)

func main() {
	ctx, ferma := signal.NotifyContext(context.Background(), os.Interrupt)
	err := esegui(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	ferma()
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func esegui(ctx context.Context, argomenti []string, in io.Reader, out, avvisi io.Writer) error {
	f := flag.NewFlagSet("formio", flag.ContinueOnError)
	f.SetOutput(avvisi)
	righe := f.Bool("righe", false, "legge dati dall'ingresso, un oggetto JSON per riga, e scrive che cosa ne trova")
	fedele := f.Bool("fedele", false, "con -righe: fa come Form.io anche dove la libreria fa diversamente apposta")
	server := f.Bool("server", false, "mostra il modulo nel navigatore")
	indirizzo := f.String("indirizzo", "127.0.0.1:8090", "con -server: dove ascolta")
	f.Usage = func() {
		fmt.Fprintln(f.Output(), "uso: formio [-server] FILE.json\n     formio -righe [-fedele] [FILE.json]")
		f.PrintDefaults()
	}
	if err := f.Parse(argomenti); err != nil {
		return err
	}
	if f.NArg() > 1 || f.NArg() == 0 && !*righe {
		f.Usage()
		return flag.ErrHelp
	}
	var d *formio.Definizione
	if f.NArg() == 1 {
		var err error
		if d, err = leggi(f.Arg(0)); err != nil {
			return err
		}
	}
	if *righe {
		return valutaRighe(d, *fedele, in, out)
	}
	m, rapporto, err := formio.Importa(d, formio.OpzioniImporta{})
	if err != nil {
		return err
	}
	if *server {
		return mostra(ctx, *indirizzo, m, rapporto, out)
	}
	_, err = fmt.Fprint(out, testoRapporto(m, rapporto))
	return err
}

// leggi reads a definition, at most one byte more than the library takes.
func leggi(file string) (*formio.Definizione, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, formio.LimiteDefinizione+1))
	if chiuso := f.Close(); err == nil {
		err = chiuso
	}
	if err != nil {
		return nil, err
	}
	return formio.Leggi(b)
}

// testoRapporto is the report of the import, and what of it the portal shows otherwise.
func testoRapporto(m *formio.Modulo, r *formio.Rapporto) string {
	testo := r.String()
	p, err := ponte(m)
	if err != nil {
		return testo + "\nNel portale: " + err.Error() + "\n"
	}
	if note := p.Rapporto(); len(note) > 0 {
		testo += "\nNelle pagine:\n"
		for _, n := range note {
			for _, motivo := range n.Motivi {
				testo += fmt.Sprintf("    %s (%s): %s\n", n.Percorso, n.Tipo, motivo)
			}
		}
	}
	return testo
}

func ponte(m *formio.Modulo) (*formio.Ponte, error) {
	titolo := m.Titolo()
	if titolo == "" {
		titolo = "Modulo"
	}
	return m.Ponte(formio.OpzioniPonte{ID: "modulo", Titolo: titolo})
}
