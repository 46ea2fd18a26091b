package sqlite

import (
	"context"
	"database/sql"
)

// frasi are the prepared statements: those above the line of the writer, the
// others of the readers.
type frasi struct {
	chiave, inserisci, aggiorna, versione, elimina    *sql.Stmt
	evento, effetto, ordine, unico, diUnico, concludi *sql.Stmt
	registraChiave, eliminaEffetti, eliminaChiavi     *sql.Stmt
	numera, numero                                    *sql.Stmt
	prenota, prenotaSolo, prolunga, termina, sblocca  *sql.Stmt
	scrivi, inserisciVoce, eliminaVoce, leggi         *sql.Stmt

	carica, eventi, ripetuta, effettoDi, effettiDi *sql.Stmt
	pronti, leggiVoce                              *sql.Stmt

	tutte []*sql.Stmt
}

const colonneRiga = `id, versione, servizio, stato, anno, progressivo, oggetto, richiedente, codice_fiscale,
	ufficio, operatore, protocollo, creata, presentata_il, cambio_stato, aggiornata, attenzione > 0`

const colonneEffetto = `id, ente, pratica, genere, riferimento, corsia, causato, ordine, stato, tentativi, prossimo,
	diario, ultimo_errore, concluso, titolare, gettone, scadenza`

// primo holds for the first unfinished effect of its lane.
const primo = `NOT EXISTS (SELECT 1 FROM effetti p WHERE p.ente = e.ente AND p.pratica = e.pratica AND p.corsia = e.corsia
	AND p.stato <> 'fatto' AND p.ordine < e.ordine)`

// daDare selects the effects to lease at ?1 of kinds not in ?2 (JSON).
const daDare = `FROM effetti e WHERE e.stato IN ('da_fare', 'in_corso')
	AND (e.stato = 'da_fare' AND e.prossimo <= ?1 OR e.stato = 'in_corso' AND e.scadenza <= ?1)
	AND e.genere NOT IN (SELECT value FROM json_each(?2)) AND ` + primo

// daDareSolo is the same for the effect with id ?3, also before its time.
const daDareSolo = `FROM effetti e WHERE e.id = ?3 AND e.stato IN ('da_fare', 'in_corso')
	AND (e.stato = 'da_fare' OR e.scadenza <= ?1)
	AND e.genere NOT IN (SELECT value FROM json_each(?2)) AND ` + primo

const prende = `UPDATE effetti SET stato = 'in_corso', titolare = ?4, scadenza = ?5, gettone = gettone + 1, tentativi = tentativi + 1
	WHERE rowid IN (SELECT e.rowid `

const scelti = ` ORDER BY e.causato, e.ente, e.pratica, e.ordine LIMIT ?6) RETURNING ` + colonneEffetto

func (f *frasi) prepara(ctx context.Context, scrittura, lettura *sql.DB) error {
	err := f.preparaSu(ctx, scrittura, []frase{
		{&f.chiave, `SELECT versione, stato FROM chiavi WHERE ente = ? AND pratica = ? AND chiave = ?`},
		{&f.inserisci, `INSERT INTO pratiche (ente, id, versione, servizio, stato, bozza, finale, anno, progressivo, oggetto, richiedente,
			codice_fiscale, anonimo, ufficio, operatore, protocollo, creata, presentata_il, presentazione, cambio_stato, aggiornata, testo, proiezione, attenzione)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
			(SELECT count(*) FROM effetti WHERE ente = ?1 AND pratica = ?2 AND stato IN ('esito_ignoto', 'fallito')))
			ON CONFLICT (ente, id) DO NOTHING`},
		{&f.aggiorna, `UPDATE pratiche SET versione = ?3, servizio = ?4, stato = ?5, bozza = ?6, finale = ?7, anno = ?8, progressivo = ?9, oggetto = ?10,
			richiedente = ?11, codice_fiscale = ?12, anonimo = ?13, ufficio = ?14, operatore = ?15, protocollo = ?16, creata = ?17, presentata_il = ?18,
			presentazione = ?19, cambio_stato = ?20, aggiornata = ?21, testo = ?22, proiezione = ?23 WHERE ente = ?1 AND id = ?2 AND versione = ?24`},
		{&f.versione, `SELECT versione FROM pratiche WHERE ente = ? AND id = ?`},
		{&f.elimina, `DELETE FROM pratiche WHERE ente = ? AND id = ?`},
		{&f.eliminaEffetti, `DELETE FROM effetti WHERE ente = ? AND pratica = ?`},
		{&f.eliminaChiavi, `DELETE FROM chiavi WHERE ente = ? AND pratica = ?`},
		{&f.evento, `INSERT INTO eventi (ente, pratica, progressivo, evento) VALUES (?, ?, ?, ?)`},
		{&f.ordine, `SELECT coalesce(max(ordine), 0) FROM effetti WHERE ente = ? AND pratica = ?`},
		{&f.effetto, `INSERT INTO effetti (ente, id, pratica, ordine, genere, riferimento, corsia, causato, stato, prossimo) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&f.unico, `INSERT INTO unici (ente, ambito, chiave, pratica) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`},
		{&f.diUnico, `SELECT pratica FROM unici WHERE ente = ? AND ambito = ? AND chiave = ?`},
		{&f.concludi, `UPDATE effetti SET stato = 'fatto', concluso = ?1, ultimo_errore = '', titolare = '', scadenza = 0, diario = iif(?2, ?3, diario)
			WHERE ente = ?4 AND id = ?5 AND pratica = ?6 AND stato = 'in_corso' AND titolare = ?7 AND gettone = ?8`},
		{&f.registraChiave, `INSERT INTO chiavi (ente, pratica, chiave, versione, stato) VALUES (?, ?, ?, ?, ?)`},
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
	})
	if err != nil {
		return err
	}
	return f.preparaSu(ctx, lettura, []frase{
		{&f.carica, `SELECT proiezione FROM pratiche WHERE ente = ? AND id = ?`},
		{&f.eventi, `SELECT evento FROM eventi WHERE ente = ? AND pratica = ? ORDER BY progressivo`},
		{&f.ripetuta, `SELECT versione, stato FROM chiavi WHERE ente = ? AND pratica = ? AND chiave = ?`},
		{&f.effettoDi, `SELECT ` + colonneEffetto + ` FROM effetti WHERE ente = ? AND id = ?`},
		{&f.effettiDi, `SELECT ` + colonneEffetto + ` FROM effetti WHERE ente = ? AND pratica = ? ORDER BY ordine`},
		{&f.pronti, `SELECT EXISTS (SELECT 1 ` + daDare + `)`},
		{&f.leggiVoce, `SELECT valore FROM cassetto WHERE ente = ? AND tabella = ? AND chiave = ?`},
	})
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
