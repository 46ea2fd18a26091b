package proiezione

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/sportello-digitale/pratiche/pratica"
	"github.com/sportello-digitale/pratiche/storage"
)

const (
	massimoNome  = 512   // bytes of ente, ids, keys, claims, series
	massimoVoci  = 1_000 // values of a list of a filter
	massimoTesto = 200   // bytes of Filtro.Testo, Nome and Protocollo
	righe        = 25    // rows of a page, where the filter does not say
	massimoRighe = 200
)

func nome(che, v string) error {
	if v == "" || len(v) > massimoNome || !utf8.ValidString(v) {
		return fmt.Errorf("%w: %s di %d byte", storage.ErrNonValido, che, len(v))
	}
	return nil
}

// Nomi checks an ente and one more name: given, UTF-8, and at most 512 bytes.
func Nomi(ente, altro string) error {
	if err := nome("ente", ente); err != nil {
		return err
	}
	return nome("nome", altro)
}

// Identita checks the part of a commit by which an earlier one is recognised.
func Identita(c *storage.Commit) error {
	if c.Pratica == nil {
		return fmt.Errorf("%w: manca la pratica", storage.ErrNonValido)
	}
	if len(c.Chiave) > massimoNome || !utf8.ValidString(c.Chiave) {
		return fmt.Errorf("%w: chiave di %d byte", storage.ErrNonValido, len(c.Chiave))
	}
	return Nomi(c.Pratica.Ente, string(c.Pratica.ID))
}

// Commit checks the rest of it.
func Commit(c *storage.Commit) error {
	p := c.Pratica
	no := func(s string) error { return fmt.Errorf("%w: %s", storage.ErrNonValido, s) }
	switch {
	case c.Ora.IsZero():
		return no("manca l'ora")
	case c.Attesa < 0 || p.Versione < 1 || p.Versione != c.Attesa+len(c.Eventi):
		return no("la versione della pratica non segue dagli eventi")
	case c.Elimina && c.Attesa == 0:
		return no("si elimina una pratica che non deve esistere")
	}
	for i := range c.Eventi {
		if e := &c.Eventi[i]; e.Pratica != p.ID || e.Progressivo != c.Attesa+i+1 || e.Impronta == "" {
			return no("evento fuori posto o non sigillato")
		}
	}
	visti := map[string]bool{}
	for i := range c.Effetti {
		e := &c.Effetti[i]
		if err := nome("id dell'effetto", e.ID); err != nil {
			return err
		}
		if err := nome("genere dell'effetto", string(e.Genere)); err != nil {
			return err
		}
		if visti[e.ID] {
			return no("effetto ripetuto")
		}
		if len(e.Riferimento) > massimoNome || !utf8.ValidString(e.Riferimento) {
			return no("riferimento dell'effetto")
		}
		visti[e.ID] = true
	}
	if err := unici(c); err != nil {
		return err
	}
	if err := campi(c.Campi); err != nil {
		return err
	}
	if err := oscurati(c); err != nil {
		return err
	}
	if c.Concluso != nil {
		return Diario(c.Concluso.Diario)
	}
	return nil
}

// unici checks the claims that are made and those that are given back.
func unici(c *storage.Commit) error {
	presi := make(map[storage.Unico]bool, len(c.Unici))
	for _, u := range c.Unici {
		if err := unico(u); err != nil {
			return err
		}
		presi[u] = true
	}
	for _, u := range c.Liberi {
		if err := unico(u); err != nil {
			return err
		}
		if presi[u] {
			return fmt.Errorf("%w: unico preso e restituito", storage.ErrNonValido)
		}
	}
	return nil
}

func unico(u storage.Unico) error {
	if err := nome("ambito", u.Ambito); err != nil {
		return err
	}
	return nome("chiave unica", u.Chiave)
}

// massimaCifra bounds the number of a field: what every database adds up exactly.
const massimaCifra = 30

func campi(elenco []storage.Campo) error {
	if len(elenco) > storage.MassimoCampi {
		return fmt.Errorf("%w: %d campi", storage.ErrNonValido, len(elenco))
	}
	visti := map[string]bool{}
	for i := range elenco {
		c := &elenco[i]
		if err := nome("nome del campo", c.Nome); err != nil {
			return err
		}
		switch n := c.Numero.Decimal; {
		case visti[c.Nome]:
			return fmt.Errorf("%w: campo ripetuto", storage.ErrNonValido)
		case len(c.Testo) > storage.MassimoCampo:
			return fmt.Errorf("%w: campo di %d byte", storage.ErrNonValido, len(c.Testo))
		case c.Numero.Valid && (n.Exponent() < -massimaCifra || n.Exponent() > massimaCifra || n.NumDigits() > massimaCifra):
			return fmt.Errorf("%w: numero di un campo troppo lungo", storage.ErrNonValido)
		}
		visti[c.Nome] = true
	}
	return nil
}

// oscurati checks that the earlier events are all there without content, and
// that the chain goes through them on to the new ones.
func oscurati(c *storage.Commit) error {
	n := len(c.Oscurati)
	if n == 0 {
		return nil
	}
	no := fmt.Errorf("%w: eventi oscurati", storage.ErrNonValido)
	if n != c.Attesa || c.Elimina || len(c.Eventi) > 0 && c.Eventi[0].Precedente != c.Oscurati[n-1].Impronta {
		return no
	}
	for i := range c.Oscurati {
		if e := &c.Oscurati[i]; e.Pratica != c.Pratica.ID || e.Fatto != nil || e.Sale != "" {
			return no
		}
	}
	if pratica.Verifica(c.Oscurati) != nil {
		return no
	}
	return nil
}

// CampiChiesti checks the fields that Riassumi is to add up.
func CampiChiesti(elenco []string) error {
	if len(elenco) > storage.MassimoCampi {
		return fmt.Errorf("%w: campi", storage.ErrFiltro)
	}
	for _, c := range elenco {
		if nome("campo", c) != nil {
			return fmt.Errorf("%w: campi", storage.ErrFiltro)
		}
	}
	return nil
}

// Diario checks the size of a journal.
func Diario(b []byte) error {
	if len(b) > storage.MassimoDiario {
		return fmt.Errorf("%w: diario di %d byte", storage.ErrTroppoGrande, len(b))
	}
	return nil
}

// Aggiornamento checks what Aggiorna is to write.
func Aggiornamento(e *storage.Effetto) error {
	switch e.Stato {
	case storage.DaFare, storage.InCorso, storage.Fatto, storage.EsitoIgnoto, storage.Fallito:
	default:
		return fmt.Errorf("%w: stato dell'effetto", storage.ErrNonValido)
	}
	return Diario(e.Diario)
}

// Nuovo fills in an effect of a commit; ordine is its position.
func Nuovo(c *storage.Commit, e storage.Effetto, ordine int64) storage.Effetto {
	n := storage.Effetto{
		ID: e.ID, Ente: c.Pratica.Ente, Pratica: c.Pratica.ID, Genere: e.Genere, Riferimento: e.Riferimento,
		Corsia: e.Genere.Corsia(), Causato: Netto(c.Ora), Ordine: ordine, Stato: storage.DaFare, Prossimo: Netto(e.Prossimo),
	}
	if n.Prossimo.IsZero() {
		n.Prossimo = n.Causato
	}
	return n
}

// Prenotazione checks what Prenota asks.
func Prenotazione(p *storage.Prenotazione) error {
	if nome("titolare", p.Titolare) != nil || len(p.Solo) > massimoNome || !utf8.ValidString(p.Solo) || len(p.Escludi) > massimoVoci ||
		p.Ora.IsZero() || p.Durata <= 0 || p.Limite < 1 || p.Limite > 1000 {
		return fmt.Errorf("%w: prenotazione", storage.ErrFiltro)
	}
	return nil
}

// Filtro checks a filter and gives it with the number of rows filled in, and
// where the page begins.
func Filtro(f storage.Filtro) (storage.Filtro, Posizione, error) {
	no := func(campo string) (storage.Filtro, Posizione, error) {
		return f, Posizione{}, fmt.Errorf("%w: %s", storage.ErrFiltro, campo)
	}
	if nome("ente", f.Ente) != nil {
		return no("ente")
	}
	if len(f.Servizi) > massimoVoci || len(f.Stati) > massimoVoci {
		return no("elenco")
	}
	for _, v := range slices.Concat([]string{f.Operatore, f.Ufficio, f.Richiedente, f.Anonimo, string(f.Escludi)}, f.Servizi) {
		if len(v) > massimoNome || !utf8.ValidString(v) {
			return no("valore")
		}
	}
	for _, v := range f.Stati {
		if !utf8.ValidString(string(v)) {
			return no("stato")
		}
	}
	if len(f.Testo) > massimoTesto || len(f.Nome) > massimoTesto || len(f.Protocollo) > massimoTesto {
		return no("testo")
	}
	for _, d := range []decimal.NullDecimal{f.DovutoMin, f.DovutoMax} {
		if e := d.Decimal.Exponent(); e < -massimaCifra || e > massimaCifra {
			return no("dovuto")
		}
	}
	switch f.Lavorazione {
	case storage.Tutte, storage.NonAssegnate:
	case storage.Mie:
		if f.Operatore == "" {
			return no("operatore")
		}
	default:
		return no("lavorazione")
	}
	switch f.Ordine {
	case storage.PerPresentazione, storage.PerPresentazioneVecchie, storage.PerAggiornamento, storage.PerAggiornamentoVecchie:
	default:
		return no("ordine")
	}
	if f.Limite < 0 || f.Limite > massimoRighe {
		return no("limite")
	}
	if f.Limite == 0 {
		f.Limite = righe
	}
	pos, err := leggiCursore(f.Cursore, f.Ordine)
	return f, pos, err
}

// Bozza reports whether the state is that of a draft, which lists leave out.
func Bozza(s pratica.Stato) bool { return s == pratica.Bozza || s == pratica.AttesaPagamento }
