package tema_test

import (
	"fmt"
	"net/http"

	"github.com/sportello-digitale/pratiche/examples/portale/tema"
)

// The pages link the stylesheets that the theme names, whichever it is.
func ExampleHandler() {
	t, err := tema.Handler("")
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+tema.Prefisso, t)
	for _, foglio := range t.Fogli() {
		fmt.Printf("<link rel=\"stylesheet\" href=%q>\n", foglio)
	}
	// Output:
	// <link rel="stylesheet" href="/tema/portale.css">
}
