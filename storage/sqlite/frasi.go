package sqlite

import (
	"context"
	"database/sql"
	"strings"
	"sync"
)

// frasi are the prepared statements: those above the line of the writer, the
// others of the readers.
type frasi struct {
	guarda, inserisci, proietta, riproietta, elimina        *sql.Stmt
	evento, effetto, unico, diUnico, restituisci            *sql.Stmt
	concludi, registraChiave, eliminaEffetti, eliminaChiavi *sql.Stmt
	oscuraEvento, oscuraDiari                               *sql.Stmt
	riferisci, dimentica, fondi                             *sql.Stmt
	numera, numero                                          *sql.Stmt
	prenota, prenotaSolo, prolunga, termina, sblocca        *sql.Stmt
	scrivi, inserisciVoce, eliminaVoce, leggi               *sql.Stmt

	carica, eventi, ripetuta, effettoDi, effettiDi *sql.Stmt
	pronti, leggiVoce, inUso                       *sql.Stmt
	raccogli, parola, contaStato, righe, periodo   *sql.Stmt

	// imparate are those written as they are needed: a change of a pratica sets
	// the columns that change, so that all others cost no index its entry; a list
	// merges the intervals that it needs.
	mu       sync.Mutex
	imparate map[string]*sql.Stmt

	colonne []string // of colonnePratica

	tutte []*sql.Stmt
}

const colonneRiga = `riga, id, versione, servizio, stato, anno, progressivo, oggetto, richiedente, codice_fiscale,
	ufficio, operatore, protocollo, creata, presentata_il, cambio_stato, aggiornata, attenzione > 0, dovuto, campi`

// colonnePratica are the columns that a commit writes, after riga.
const colonnePratica = `ente, id, versione, servizio, stato, bozza, finale, anno, progressivo, oggetto, richiedente, codice_fiscale, anonimo,
	ufficio, operatore, protocollo, creata, presentata_il, presentazione, cambio_stato, aggiornata, dovuto, oscurata, campi, lessemi`

const colonneEffetto = `id, ente, pratica, genere, riferimento, corsia, causato, ordine, stato, tentativi, prossimo,
	diario, ultimo_errore, concluso, titolare, gettone, scadenza`

// primo holds for the first unfinished effect of its lane.
const primo = `NOT EXISTS (SELECT 1 FROM effetti p WHERE p.ente = e.ente AND p.pratica = e.pratica AND p.corsia = e.corsia
	AND p.stato <> 'fatto' AND p.ordine < e.ordine)`

// daDare selects the effects to lease at ?1 of kinds not in ?2 (JSON).
const daDare = `FROM effetti e WHERE e.stato IN ('da_fare', 'in_corso') AND iif(e.stato = 'in_corso', e.scadenza, e.prossimo) <= ?1
	AND e.genere NOT IN (SELECT value FROM json_each(?2)) AND ` + primo

// daDareSolo is the same for the effect with id ?3, also before its time.
const daDareSolo = `FROM effetti e WHERE e.id = ?3 AND e.stato IN ('da_fare', 'in_corso')
	AND (e.stato = 'da_fare' OR e.scadenza <= ?1)
	AND e.genere NOT IN (SELECT value FROM json_each(?2)) AND ` + primo

const prende = `UPDATE effetti SET stato = 'in_corso', titolare = ?4, scadenza = ?5, gettone = gettone + 1, tentativi = tentativi + 1
	WHERE rowid IN (SELECT e.rowid `

const scelti = ` ORDER BY iif(e.stato = 'in_corso', e.scadenza, e.prossimo), e.causato, e.ente, e.pratica, e.ordine LIMIT ?6) RETURNING ` + colonneEffetto

func (f *frasi) prepara(ctx context.Context, scrittura, lettura *sql.DB) error {
	for _, c := range strings.Split(colonnePratica, ",") {
		f.colonne = append(f.colonne, strings.TrimSpace(c))
	}
	if err := f.preparaSu(ctx, scrittura, f.scrive()); err != nil {
		return err
	}
	return f.preparaSu(ctx, lettura, f.legge())
}

// scrive gives the statements of the writer.
func (f *frasi) scrive() []frase {
	return []frase{
		{&f.guarda, `SELECT k.versione, k.stato, (SELECT coalesce(max(ordine), 0) FROM effetti WHERE ente = ?1 AND pratica = ?2),
			(SELECT group_concat(sha256, '` + separa + `') FROM riferimenti WHERE riferimenti.riga = p.riga), p.riga, p.` + strings.Join(f.colonne, ", p.") + `
			FROM (SELECT 1) LEFT JOIN chiavi k ON k.ente = ?1 AND k.pratica = ?2 AND k.chiave = ?3 LEFT JOIN pratiche p ON p.ente = ?1 AND p.id = ?2`},
		{&f.inserisci, `INSERT INTO pratiche (` + colonnePratica + `, attenzione)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25,
			(SELECT count(*) FROM effetti WHERE ente = ?1 AND pratica = ?2 AND stato IN ('esito_ignoto', 'fallito'))) RETURNING riga`},
		{&f.proietta, `INSERT INTO proiezioni (riga, dati) VALUES (?, ?)`},
		{&f.riproietta, `UPDATE proiezioni SET dati = ? WHERE riga = ?`},
		{&f.elimina, `DELETE FROM pratiche WHERE ente = ? AND id = ?`},
		{&f.eliminaEffetti, `DELETE FROM effetti WHERE ente = ? AND pratica = ?`},
		{&f.eliminaChiavi, `DELETE FROM chiavi WHERE ente = ? AND pratica = ?`},
		{&f.evento, `INSERT INTO eventi (ente, pratica, progressivo, evento) VALUES (?, ?, ?, ?)`},
		{&f.effetto, `INSERT INTO effetti (ente, id, pratica, ordine, genere, riferimento, corsia, causato, stato, prossimo) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&f.unico, `INSERT INTO unici (ente, ambito, chiave, pratica) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`},
		{&f.diUnico, `SELECT pratica FROM unici WHERE ente = ? AND ambito = ? AND chiave = ?`},
		{&f.restituisci, `DELETE FROM unici WHERE ente = ? AND ambito = ? AND chiave = ? AND pratica = ?`},
		{&f.concludi, `UPDATE effetti SET stato = 'fatto', concluso = ?1, ultimo_errore = '', titolare = '', scadenza = 0, diario = iif(?2, ?3, diario)
			WHERE ente = ?4 AND id = ?5 AND pratica = ?6 AND stato = 'in_corso' AND titolare = ?7 AND gettone = ?8`},
		{&f.registraChiave, `INSERT INTO chiavi (ente, pratica, chiave, versione, stato) VALUES (?, ?, ?, ?, ?)`},
		{&f.oscuraEvento, `UPDATE eventi SET evento = ?4 WHERE ente = ?1 AND pratica = ?2 AND progressivo = ?3`},
		{&f.oscuraDiari, `UPDATE effetti SET diario = NULL WHERE ente = ? AND pratica = ? AND diario IS NOT NULL`},
		{&f.fondi, `INSERT INTO ricerca (ricerca, rank) VALUES ('merge', ?)`},
		{&f.riferisci, `INSERT OR IGNORE INTO riferimenti (ente, sha256, riga) VALUES (?, ?, ?)`},
		{&f.dimentica, `DELETE FROM riferimenti WHERE ente = ? AND sha256 = ? AND riga = ?`},
		{&f.numera, `INSERT INTO numeri (ente, serie, anno, numero, pratica)
			SELECT ?1, ?2, ?3, coalesce(max(numero), 0) + 1, ?4 FROM numeri WHERE ente = ?1 AND serie = ?2 AND anno = ?3
			ON CONFLICT (ente, serie, anno, pratica) DO NOTHING`},
		{&f.numero, `SELECT numero FROM numeri WHERE ente = ? AND serie = ? AND anno = ? AND pratica = ?`},
		{&f.prenota, prende + daDare + ` AND ?3 = ''` + scelti},
		{&f.prenotaSolo, prende + daDareSolo + scelti},
		{&f.prolunga, `UPDATE effetti SET diario = ?, scadenza = ? WHERE ente = ? AND id = ? AND stato = 'in_corso' AND titolare = ? AND gettone = ?`},
		{&f.termina, `UPDATE effetti SET stato = ?1, prossimo = ?2, diario = ?3, ultimo_errore = ?4, concluso = iif(?1 = 'fatto', ?5, concluso), titolare = '', scadenza = 0
			WHERE ente = ?6 AND id = ?7 AND stato = 'in_corso' AND titolare = ?8 AND gettone = ?9`},
		{&f.sblocca, `UPDATE effetti SET stato = 'da_fare', tentativi = 0, prossimo = 0, diario = iif(?1, ?2, diario)
			WHERE ente = ?3 AND id = ?4 AND stato IN ('esito_ignoto', 'fallito')`},
		{&f.scrivi, `INSERT INTO cassetto (ente, tabella, chiave, valore) VALUES (?, ?, ?, ?) ON CONFLICT (ente, tabella, chiave) DO UPDATE SET valore = excluded.valore`},
		{&f.inserisciVoce, `INSERT INTO cassetto (ente, tabella, chiave, valore) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`},
		{&f.eliminaVoce, `DELETE FROM cassetto WHERE ente = ? AND tabella = ? AND chiave = ?`},
		{&f.leggi, `SELECT valore FROM cassetto WHERE ente = ? AND tabella = ? AND chiave = ?`},
	}
}

// legge gives those of the readers.
func (f *frasi) legge() []frase {
	return []frase{
		{&f.carica, `SELECT dati FROM proiezioni WHERE riga = (SELECT riga FROM pratiche WHERE ente = ? AND id = ?)`},
		{&f.eventi, `SELECT evento FROM eventi WHERE ente = ? AND pratica = ? ORDER BY progressivo`},
		{&f.ripetuta, `SELECT versione, stato FROM chiavi WHERE ente = ? AND pratica = ? AND chiave = ?`},
		{&f.effettoDi, `SELECT ` + colonneEffetto + ` FROM effetti WHERE ente = ? AND id = ?`},
		{&f.effettiDi, `SELECT ` + colonneEffetto + ` FROM effetti WHERE ente = ? AND pratica = ? ORDER BY ordine`},
		{&f.pronti, `SELECT EXISTS (SELECT 1 ` + daDare + `)`},
		{&f.inUso, `SELECT EXISTS (SELECT 1 FROM riferimenti WHERE ente = ? AND sha256 = ?)`},
		{&f.raccogli, `SELECT rowid FROM ricerca WHERE ricerca MATCH ? LIMIT ?`},
		{&f.parola, `SELECT term FROM ricerca_parole WHERE term >= ? AND term < ? LIMIT 1`},
		{&f.contaStato, `SELECT count(*) FROM (SELECT 1 FROM pratiche INDEXED BY pratiche_stato_presentazione WHERE ente = ? AND stato = ? LIMIT ?)`},
		{&f.periodo, `SELECT (SELECT min(presentazione) FROM pratiche INDEXED BY pratiche_presentazione WHERE ente = ?1 AND bozza = 0),
			(SELECT max(presentazione) FROM pratiche INDEXED BY pratiche_presentazione WHERE ente = ?1 AND bozza = 0)`},
		{&f.righe, `SELECT ` + colonneRiga + ` FROM pratiche WHERE riga IN (SELECT value FROM json_each(?))`},
		{&f.leggiVoce, `SELECT valore FROM cassetto WHERE ente = ? AND tabella = ? AND chiave = ?`},
	}
}

type frase struct {
	dove  **sql.Stmt
	testo string
}

func (f *frasi) preparaSu(ctx context.Context, db *sql.DB, elenco []frase) error {
	for _, x := range elenco {
		q, err := db.PrepareContext(ctx, x.testo)
		if err != nil {
			return err
		}
		*x.dove = q
		f.tutte = append(f.tutte, q)
	}
	return nil
}

// chiudi closes what was prepared. Errors are those of the connections, which
// are closed next.
func (f *frasi) chiudi() {
	for _, q := range f.tutte {
		_ = q.Close()
	}
}

// massimoImparate bounds the statements kept. Commits change a few dozen sets of
// columns, and users ask for a few dozen kinds of lists.
const massimoImparate = 512

func (f *frasi) preparata(testo string) (*sql.Stmt, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	q, ok := f.imparate[testo]
	return q, ok
}

// impara prepares a statement for the next time. It must not be called from
// within a transaction, which may hold the connection that it needs. Where it
// fails the next time tries again.
func (f *frasi) impara(ctx context.Context, db *sql.DB, testo string) {
	f.mu.Lock()
	piene := len(f.imparate) >= massimoImparate
	f.mu.Unlock()
	if piene {
		return
	}
	q, err := db.PrepareContext(ctx, testo)
	if err != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.imparate[testo]; ok {
		_ = q.Close()
		return
	}
	if f.imparate == nil {
		f.imparate = map[string]*sql.Stmt{}
	}
	f.imparate[testo] = q
	f.tutte = append(f.tutte, q)
}
