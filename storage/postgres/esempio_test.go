package postgres_test

import (
	"context"
	"fmt"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/guasto"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/postgres"
)

// The connection string comes from where the host keeps its secrets. Whatever is
// wrong with it or with the server, no error repeats it.
func ExampleOpen() {
	segreto := "postgres://pratiche:parola-segreta@127.0.0.1:1/comune?sslmode=disable"
	_, err := postgres.Open(context.Background(), postgres.Config{Connessione: segreto})
	fmt.Println(err)
	fmt.Println("riprovare:", guasto.Ripetibile(err))
	// Output:
	// postgres.apertura: transitorio (connessione)
	// riprovare: true
}

// Whether a commit whose answer was lost was made, the same commit tells.
func ExampleStore_Registra() {
	ctx := context.Background()
	s, err := postgres.Open(ctx, postgres.Config{Connessione: "postgres://pratiche@db.comune.example/pratiche?sslmode=verify-full"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = s.Close() }()

	ora := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	eventi := []pratica.Evento{{Pratica: "0190a3c2-0000-7000-8000-000000000001", Progressivo: 1, Azione: pratica.AzioneApriBozza,
		Quando: ora, A: pratica.Bozza, Fatto: pratica.BozzaAperta{Ente: "c_h501", Servizio: "occupazione-suolo"}}}
	if err := pratica.Sigilla("", eventi, func() ([]byte, error) { return []byte("sedici byte, qui"), nil }); err != nil {
		fmt.Println(err)
		return
	}
	p, err := pratica.Ripiega(eventi)
	if err != nil {
		fmt.Println(err)
		return
	}
	c := storage.Commit{Pratica: p, Eventi: eventi, Chiave: "k1", Ora: ora}
	r, err := s.Registra(ctx, c)
	if guasto.Di(err) == guasto.EsitoIgnoto { // or Transitorio: nothing was done, and it may work now
		r, err = s.Registra(ctx, c)
	}
	fmt.Println(r.Versione, r.Stato, r.Ripetuta, err)
}
