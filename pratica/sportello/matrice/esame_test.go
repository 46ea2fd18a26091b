package matrice_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/protocollo"
	"github.com/sportello-digitale/pratiche/storage"
	"github.com/sportello-digitale/pratiche/storage/cassetto"
)

// quadro is all that can be seen in the end, here and outside. It has to be the
// same whoever died on the way: nothing lost, nothing doubled.
type quadro struct {
	Stato     string
	Documenti []string // with the digest of the file and the number
	Allegati  []string // known to be in the registry
	Fatti     []string // of the iter, whatever their order
	Effetti   []string
	Pagamenti []string
	Agenda    []string
	File      []string // in the archive
	Registro  []string // what was registered, and with which attachments
	Mondo     []string // the records of all the other systems
}

// fotografa looks at everything, and checks what has to hold by itself.
func fotografa(t *testing.T, b *banco, i incarico) quadro {
	t.Helper()
	ctx := context.Background()
	var q quadro
	ef, err := b.store.Effetti(ctx, ente, pratica.ID(i.Pratica))
	require.NoError(t, err)
	for _, e := range ef {
		q.Effetti = append(q.Effetti, fmt.Sprint(e.Genere, " ", e.Riferimento, " ", e.Stato))
	}
	slices.Sort(q.Effetti)
	p, err := b.store.Carica(ctx, ente, pratica.ID(i.Pratica))
	switch {
	case errors.Is(err, storage.ErrNonTrovata):
		q.Stato = "eliminata"
	default:
		require.NoError(t, err)
		q.pratica(t, b, p)
	}
	q.File = fileIn(t, filepath.Join(i.Cartella, "file"))
	q.mondo(t, b)
	return q
}

func (q *quadro) pratica(t *testing.T, b *banco, p *pratica.Pratica) {
	t.Helper()
	iter, err := b.store.Eventi(context.Background(), ente, p.ID)
	require.NoError(t, err)
	require.NoError(t, pratica.Verifica(iter))
	ripiegata, err := pratica.Ripiega(iter)
	require.NoError(t, err)
	require.Equal(t, ripiegata.Impronta, p.Impronta)
	require.Equal(t, ripiegata.Versione, p.Versione)
	q.Stato = string(p.Stato)
	for _, e := range iter {
		if _, nota := e.Fatto.(pratica.NotaScritta); !nota { // an operator's word on what he did
			q.Fatti = append(q.Fatti, fmt.Sprint(nomeFatto(e), " ", e.Da, "→", e.A))
		}
	}
	slices.Sort(q.Fatti)
	for _, d := range p.Documenti {
		v := fmt.Sprint(d.ID, " ", d.SHA256)
		if r := d.Registrazione; r != nil {
			v += " n. " + r.Estremi.String()
			q.Allegati = slices.AppendSeq(q.Allegati, maps.Keys(r.Allegati))
		}
		q.Documenti = append(q.Documenti, v)
	}
	for _, x := range p.Pagamenti {
		q.Pagamenti = append(q.Pagamenti, fmt.Sprint(x.ID, " ", x.Posizione.Stato, " ", x.Posizione.NAV))
	}
	for _, a := range p.Appuntamenti {
		q.Agenda = append(q.Agenda, fmt.Sprint(a.ID, " ", a.Stato, " ", a.Perso))
	}
}

// fileIn gives the files of an archive; what a crash left half written has no name yet.
func fileIn(t *testing.T, cartella string) (nomi []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(cartella, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), "tmp-") {
			nomi = append(nomi, d.Name())
		}
		return err
	}))
	slices.Sort(nomi)
	return nomi
}

// mondo gives what the other systems hold: their keys, and for a registration
// what belongs to it.
func (q *quadro) mondo(t *testing.T, b *banco) {
	t.Helper()
	ctx := context.Background()
	registrazioni, err := b.mondo.registrazioni()
	require.NoError(t, err)
	if b.interno != nil {
		registrazioni, err = b.interno.Cerca(ctx, protocollo.Criteri{Ente: ente, Dal: inizio})
		require.NoError(t, err)
	}
	for _, r := range registrazioni {
		fascicolo := ""
		if r.Fascicolo != nil {
			fascicolo = r.Fascicolo.Chiave + " " + r.Fascicolo.Codice
		}
		q.Registro = append(q.Registro, fmt.Sprint(r.Estremi, " ", r.Correlazione, " ", slices.Sorted(maps.Keys(r.Allegati)), " ", fascicolo))
	}
	for _, c := range []cassetto.Cassetto{b.mondo, b.store} {
		require.NoError(t, c.Lettura(ctx, ente, func(tx cassetto.Tx) error {
			for _, tabella := range []string{
				tabFascicoli, tabInVolo, tabAvvisi, "protocollo.fascicolo", "pagamenti.posizione", "appuntamenti.prenotazione", "appuntamenti.posto", "sportello.fascicoli",
			} {
				voci, err := tx.Elenca(tabella, cassetto.Intervallo{})
				if err != nil {
					return err
				}
				for _, v := range voci {
					chiave := v.Chiave
					if tabella == tabAvvisi { // the id of an effect that another process caused is another
						chiave = chiave[:strings.IndexByte(chiave, '/')]
					}
					q.Mondo = append(q.Mondo, tabella+" "+chiave)
				}
			}
			return nil
		}))
	}
}

// unaVolta are the calls that no crash may make happen twice; the other side
// takes the others twice for one.
func unaVolta(s scena, richiesta string) bool {
	metodo, _, _ := strings.Cut(richiesta, " ")
	return metodo == "Registro.Registra" || metodo == "Registro.CreaFascicolo" && s.capacita != nil && !s.capacita.FascicoliUnici
}

func controllaRichieste(t *testing.T, s scena, b *banco, processi int) {
	t.Helper()
	richieste, err := b.mondo.richieste()
	require.NoError(t, err)
	for r, chi := range richieste {
		if unaVolta(s, r) {
			require.Len(t, chi, 1, r)
			continue
		}
		require.LessOrEqual(t, len(chi), processi, r)
		visti := slices.Clone(chi)
		slices.Sort(visti)
		require.Len(t, slices.Compact(visti), len(chi), "%s: twice by one process", r)
	}
}

// controllaBase checks the run in which nobody dies, with which others are compared.
func controllaBase(t *testing.T, s scena, q quadro) {
	t.Helper()
	for _, e := range q.Effetti {
		require.True(t, strings.HasSuffix(e, " "+string(storage.Fatto)), e)
	}
	require.NotEmpty(t, q.Effetti)
	if tabella := s.lascia(); tabella != "" {
		require.True(t, slices.ContainsFunc(q.Mondo, func(v string) bool { return strings.HasPrefix(v, tabella+" ") }), "%s: %v", tabella, q.Mondo)
	}
	registrata := s.genere == pratica.EffettoProtocollo
	if registrata {
		require.Len(t, q.Registro, 1)
		require.Len(t, q.Allegati, 1)
	}
	for _, d := range q.Documenti {
		parti := strings.Fields(d)
		require.GreaterOrEqual(t, len(parti), 2, "non prodotto: %s", d)
		require.Contains(t, q.File, parti[1])
		require.Equal(t, registrata && parti[0] == string(pratica.DocIstanza), len(parti) == 4, d)
	}
}
