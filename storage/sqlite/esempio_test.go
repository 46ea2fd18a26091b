package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/sqlite"
)

func Example() {
	cartella, err := os.MkdirTemp("", "pratiche")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(cartella) }()
	ctx := context.Background()
	s, err := sqlite.Open(ctx, sqlite.Config{Percorso: filepath.Join(cartella, "pratiche.db")})
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
	for range 2 { // a double click
		r, err := s.Registra(ctx, storage.Commit{Pratica: p, Eventi: eventi, Chiave: "k1", Ora: ora,
			Effetti: []storage.Effetto{{ID: "e1", Genere: pratica.EffettoAvviso, Riferimento: "bozza"}}})
		fmt.Println(r.Versione, r.Stato, r.Ripetuta, err)
	}
	pagina, err := s.Cerca(ctx, storage.Filtro{Ente: "c_h501", Bozze: true})
	fmt.Println(len(pagina.Righe), pagina.Righe[0].Servizio, err)
	presi, err := s.Prenota(ctx, storage.Prenotazione{Titolare: "lavoratore", Ora: ora, Durata: time.Minute, Limite: 10})
	fmt.Println(len(presi), presi[0].Genere, presi[0].Tentativi, err)
	// Output:
	// 1 bozza false <nil>
	// 1 bozza true <nil>
	// 1 occupazione-suolo <nil>
	// 1 avviso 1 <nil>
}
