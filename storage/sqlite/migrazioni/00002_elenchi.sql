-- +goose Up
-- Lists that stay quick on millions of pratiche: narrow rows under a number of
-- their own, the projection apart, the words of a search in a full-text index.
-- The steps are those of sqlite.org/lang_altertable.html#otheralter: foreign
-- keys are off on the connection that migrates. What SQL cannot compute from
-- the rows of before is left empty and filled in by the migration after this.
CREATE TABLE pratiche_nuove (
    riga           INTEGER PRIMARY KEY, -- explicit: VACUUM keeps it, and ricerca points at it
    ente           TEXT    NOT NULL,
    id             TEXT    NOT NULL,
    versione       INTEGER NOT NULL,
    servizio       TEXT    NOT NULL,
    stato          TEXT    NOT NULL,
    bozza          INTEGER NOT NULL,
    finale         INTEGER NOT NULL,
    anno           INTEGER NOT NULL,
    progressivo    INTEGER NOT NULL,
    oggetto        TEXT    NOT NULL,
    richiedente    TEXT    NOT NULL,
    codice_fiscale TEXT    NOT NULL,
    anonimo        TEXT    NOT NULL,
    ufficio        TEXT    NOT NULL,
    operatore      TEXT    NOT NULL,
    protocollo     TEXT    NOT NULL,
    creata         INTEGER NOT NULL,
    presentata_il  INTEGER NOT NULL,
    presentazione  INTEGER NOT NULL,           -- presentata_il, for drafts creata: the order of lists
    cambio_stato   INTEGER NOT NULL,
    aggiornata     INTEGER NOT NULL,
    attenzione     INTEGER NOT NULL DEFAULT 0, -- effects in esito_ignoto or fallito
    dovuto         INTEGER NOT NULL DEFAULT 0, -- cents still to pay
    oscurata       INTEGER NOT NULL DEFAULT 0, -- when its personal data were erased
    campi          TEXT    NOT NULL DEFAULT '{}', -- JSON of the fields that lists show
    lessemi        TEXT    NOT NULL DEFAULT '',   -- each after a space, and a space at the end
    UNIQUE (ente, id)
) STRICT;
CREATE TABLE proiezioni (
    riga INTEGER PRIMARY KEY REFERENCES pratiche (riga) ON DELETE CASCADE,
    dati BLOB NOT NULL -- JSON of the pratica
) STRICT;
INSERT INTO proiezioni (riga, dati) SELECT rowid, proiezione FROM pratiche ORDER BY rowid;
INSERT INTO pratiche_nuove (riga, ente, id, versione, servizio, stato, bozza, finale, anno, progressivo, oggetto, richiedente, codice_fiscale, anonimo,
    ufficio, operatore, protocollo, creata, presentata_il, presentazione, cambio_stato, aggiornata, attenzione)
SELECT rowid, ente, id, versione, servizio, stato, bozza, finale, anno, progressivo, oggetto, richiedente, codice_fiscale, anonimo,
    ufficio, operatore, protocollo, creata, presentata_il, presentazione, cambio_stato, aggiornata, attenzione
FROM pratiche ORDER BY rowid;
DROP TRIGGER effetti_attenzione;
DROP TABLE pratiche;
ALTER TABLE pratiche_nuove RENAME TO pratiche;

-- +goose StatementBegin
CREATE TRIGGER effetti_attenzione AFTER UPDATE OF stato ON effetti
WHEN (old.stato IN ('esito_ignoto', 'fallito')) <> (new.stato IN ('esito_ignoto', 'fallito'))
BEGIN
    UPDATE pratiche SET attenzione = attenzione + iif(new.stato IN ('esito_ignoto', 'fallito'), 1, -1)
    WHERE ente = new.ente AND id = new.pratica;
END;
-- +goose StatementEnd

-- A list is read from the index that has its rows in its order. What follows the
-- id is there to be tested without reading the row. Lists leave drafts out.
CREATE INDEX pratiche_presentazione ON pratiche (ente, presentazione, id, servizio, stato, ufficio, cambio_stato) WHERE bozza = 0;
CREATE INDEX pratiche_aggiornata ON pratiche (ente, aggiornata, id, servizio, stato, ufficio, presentata_il, cambio_stato) WHERE bozza = 0;
CREATE INDEX pratiche_servizio_presentazione ON pratiche (ente, servizio, presentazione, id, stato, ufficio, cambio_stato) WHERE bozza = 0;
CREATE INDEX pratiche_servizio_aggiornata ON pratiche (ente, servizio, aggiornata, id, stato, ufficio, presentata_il, cambio_stato) WHERE bozza = 0;
CREATE INDEX pratiche_stato_presentazione ON pratiche (ente, stato, presentazione, id, servizio, ufficio, cambio_stato);
CREATE INDEX pratiche_stato_aggiornata ON pratiche (ente, stato, aggiornata, id, servizio, ufficio, presentata_il, cambio_stato);
CREATE INDEX pratiche_operatore_presentazione ON pratiche (ente, operatore, presentazione, id, servizio, stato, bozza, ufficio, cambio_stato) WHERE operatore <> '';
CREATE INDEX pratiche_operatore_aggiornata ON pratiche (ente, operatore, aggiornata, id, servizio, stato, bozza, ufficio, presentata_il, cambio_stato) WHERE operatore <> '';
-- Few rows at any time: in charge to nobody, with an effect that needs somebody, with something to pay.
CREATE INDEX pratiche_libere_presentazione ON pratiche (ente, presentazione, id, servizio, stato) WHERE operatore = '' AND finale = 0 AND bozza = 0;
CREATE INDEX pratiche_libere_aggiornata ON pratiche (ente, aggiornata, id, servizio, stato) WHERE operatore = '' AND finale = 0 AND bozza = 0;
CREATE INDEX pratiche_attenzione_presentazione ON pratiche (ente, presentazione, id, servizio, stato) WHERE attenzione > 0;
CREATE INDEX pratiche_attenzione_aggiornata ON pratiche (ente, aggiornata, id, servizio, stato) WHERE attenzione > 0;
CREATE INDEX pratiche_dovuto_presentazione ON pratiche (ente, presentazione, id, servizio, stato) WHERE dovuto > 0;
CREATE INDEX pratiche_dovuto_aggiornata ON pratiche (ente, aggiornata, id, servizio, stato) WHERE dovuto > 0;
-- Few rows of each key.
CREATE INDEX pratiche_codice_fiscale ON pratiche (ente, codice_fiscale, presentazione, id) WHERE codice_fiscale <> '';
CREATE INDEX pratiche_anonimo ON pratiche (ente, anonimo) WHERE anonimo <> '';
CREATE INDEX pratiche_numero ON pratiche (ente, anno, progressivo) WHERE progressivo <> 0;

-- The lexemes: 10 characters of the ente, one of the kind, the word. The index
-- has no copy of the text, which is in pratiche. The beginnings of words, of 1 to
-- 6 characters, are indexed too; longer ones are looked up among the words.
CREATE VIRTUAL TABLE ricerca USING fts5 (lessemi, content = '', contentless_delete = 1, detail = none,
    tokenize = "ascii tokenchars '_'", prefix = '12 13 14 15 16 17');
CREATE VIRTUAL TABLE ricerca_parole USING fts5vocab (ricerca, instance);
-- +goose StatementBegin
CREATE TRIGGER pratiche_nuova AFTER INSERT ON pratiche WHEN new.lessemi <> ''
BEGIN
    INSERT INTO ricerca (rowid, lessemi) VALUES (new.riga, new.lessemi);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER pratiche_cambiata AFTER UPDATE OF lessemi ON pratiche WHEN new.lessemi <> old.lessemi
BEGIN
    DELETE FROM ricerca WHERE rowid = old.riga;
    INSERT INTO ricerca (rowid, lessemi) VALUES (new.riga, new.lessemi);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER pratiche_eliminata AFTER DELETE ON pratiche
BEGIN
    DELETE FROM ricerca WHERE rowid = old.riga;
END;
-- +goose StatementEnd

-- The files that a pratica refers to.
CREATE TABLE riferimenti (
    ente   TEXT    NOT NULL,
    sha256 TEXT    NOT NULL,
    riga   INTEGER NOT NULL REFERENCES pratiche (riga) ON DELETE CASCADE,
    PRIMARY KEY (ente, sha256, riga)
) STRICT, WITHOUT ROWID;
CREATE INDEX riferimenti_riga ON riferimenti (riga);

-- Effects by the instant from which they may be given.
DROP INDEX effetti_da_dare;
CREATE INDEX effetti_da_dare ON effetti (iif(stato = 'in_corso', scadenza, prossimo), causato, ente, pratica, ordine, corsia, genere)
WHERE stato IN ('da_fare', 'in_corso');
