package scrivania_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/sportello-digitale/pratiche/examples/portale/scrivania"
	"github.com/sportello-digitale/pratiche/examples/portale/servizi"
	"github.com/sportello-digitale/pratiche/storage/memoria"
)

func ExampleMonta() {
	p, err := servizi.Monta(servizi.Impianto{Store: memoria.New(), Archivio: memoria.NewArchivio(), Indirizzo: "http://localhost"})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	p.Registra(mux)
	if err := scrivania.Monta(mux, p); err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	p.Gestore(mux).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/scrivania", nil))
	fmt.Println(w.Code, w.Header().Get("Location")) // who is not an operator chooses an identity first
	// Output: 303 /accesso?poi=%2Fscrivania
}
