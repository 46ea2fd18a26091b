package servizi

import (
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/sportello-digitale/pratiche/appuntamenti/calendario"
	"github.com/sportello-digitale/pratiche/examples/portale/tema"
	"github.com/sportello-digitale/pratiche/examples/portale/web"
	pagamenti "github.com/sportello-digitale/pratiche/pagamenti/interno"
	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/pratica/sportello"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/protocollo/interno"
	"github.com/sportello-digitale/pratiche/storage"
)

// Impianto is what the portal runs on.
type Impianto struct {
	Store        storage.Store    // required
	Archivio     storage.Archivio // required
	Indirizzo    string           // "http://127.0.0.1:8080": where browsers reach the portal; required
	CartellaTema string           // of the bootstrap-italia package; "" is the embedded theme

	Registro protocollo.Registro // defaults to the library's own, on the same store
	Logger   *slog.Logger        // defaults to none
	Orologio func() time.Time    // defaults to time.Now
}

// URLPaga begins the address of the demo payment page; the id of the payment follows.
const URLPaga = "/paga"

// Monta puts the portal together: payments, calendars and, where none is given,
// the registry are the library's own, on the same store. It starts nothing; the
// caller runs p.Sportello.Lavora and closes store, archive and theme.
func Monta(i Impianto) (*web.Portale, error) {
	if i.Store == nil || i.Archivio == nil || i.Indirizzo == "" {
		return nil, errors.New("servizi: Store, Archivio e Indirizzo sono obbligatori")
	}
	if i.Orologio == nil {
		i.Orologio = time.Now
	}
	ente := Ente()
	elenco, err := Elenco()
	if err != nil {
		return nil, err
	}
	catalogo := sportello.NuovoCatalogo(ente.Codice, elenco...)
	if i.Registro == nil {
		if i.Registro, err = interno.New(interno.Config{Cassetto: i.Store, Ente: ente.Codice, Orologio: i.Orologio}); err != nil {
			return nil, err
		}
	}
	indirizzo := strings.TrimRight(i.Indirizzo, "/")
	tramite, err := pagamenti.New(pagamenti.Config{Cassetto: i.Store, BaseURL: indirizzo + URLPaga, Orologio: i.Orologio})
	if err != nil {
		return nil, err
	}
	ricerca, err := calendario.Fissi(Calendari()...)
	if err != nil {
		return nil, err
	}
	agenda, err := calendario.New(calendario.Config{Cassetto: i.Store, Calendari: ricerca, Orologio: i.Orologio})
	if err != nil {
		return nil, err
	}
	rubrica := Rubrica()
	s, err := sportello.New(sportello.Config{
		Enti: []sportello.Ente{ente}, Servizi: catalogo, Store: i.Store, Archivio: i.Archivio,
		Registro: i.Registro, Tramite: tramite, Agenda: agenda, Rubrica: rubrica,
		RitornoPagamento: func(_ string, id pratica.ID) string { return indirizzo + web.URLArea + "/pratiche/" + string(id) },
		Orologio:         i.Orologio, Logger: i.Logger,
	})
	if err != nil {
		return nil, err
	}
	cittadini, err := Cittadini()
	if err != nil {
		return nil, err
	}
	aspetto, err := tema.Handler(i.CartellaTema)
	if err != nil {
		return nil, err
	}
	return web.Nuovo(web.Config{
		Sportello: s, Ente: ente, Servizi: catalogo, Tema: aspetto, Pagamenti: tramite, Agenda: agenda, Rubrica: rubrica,
		Cittadini: cittadini, Logger: i.Logger, Orologio: i.Orologio, Sicuro: strings.HasPrefix(indirizzo, "https://"),
	})
}
