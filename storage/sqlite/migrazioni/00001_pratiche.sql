-- +goose Up
-- Every key begins with the ente. Instants are nanoseconds since 1970 (UTC), 0 for none.
CREATE TABLE pratiche (
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
    presentazione  INTEGER NOT NULL, -- presentata_il, for drafts creata: the order of lists
    cambio_stato   INTEGER NOT NULL,
    aggiornata     INTEGER NOT NULL,
    attenzione     INTEGER NOT NULL DEFAULT 0, -- effects in esito_ignoto or fallito
    testo          TEXT    NOT NULL,           -- folded text in which a search looks
    proiezione     BLOB    NOT NULL,           -- JSON of the pratica; last, so that lists do not read it
    PRIMARY KEY (ente, id)
) STRICT;
CREATE INDEX pratiche_presentazione ON pratiche (ente, presentazione, id);
CREATE INDEX pratiche_aggiornata ON pratiche (ente, aggiornata, id);
CREATE INDEX pratiche_codice_fiscale ON pratiche (ente, codice_fiscale) WHERE codice_fiscale <> '';
CREATE INDEX pratiche_anonimo ON pratiche (ente, anonimo) WHERE anonimo <> '';
CREATE INDEX pratiche_numero ON pratiche (ente, anno, progressivo) WHERE progressivo <> 0;
CREATE INDEX pratiche_operatore ON pratiche (ente, operatore, presentazione);

CREATE TABLE eventi (
    ente        TEXT    NOT NULL,
    pratica     TEXT    NOT NULL,
    progressivo INTEGER NOT NULL,
    evento      BLOB    NOT NULL,
    PRIMARY KEY (ente, pratica, progressivo),
    FOREIGN KEY (ente, pratica) REFERENCES pratiche (ente, id) ON DELETE CASCADE
) STRICT;

-- No reference to pratiche: what the deletion of a draft causes outlives it.
CREATE TABLE effetti (
    ente          TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    pratica       TEXT    NOT NULL,
    ordine        INTEGER NOT NULL,
    genere        TEXT    NOT NULL,
    riferimento   TEXT    NOT NULL,
    corsia        TEXT    NOT NULL,
    causato       INTEGER NOT NULL,
    stato         TEXT    NOT NULL,
    tentativi     INTEGER NOT NULL DEFAULT 0,
    prossimo      INTEGER NOT NULL,
    ultimo_errore TEXT    NOT NULL DEFAULT '',
    concluso      INTEGER NOT NULL DEFAULT 0,
    titolare      TEXT    NOT NULL DEFAULT '',
    gettone       INTEGER NOT NULL DEFAULT 0,
    scadenza      INTEGER NOT NULL DEFAULT 0,
    diario        BLOB,
    PRIMARY KEY (ente, id),
    UNIQUE (ente, pratica, ordine)
) STRICT;
CREATE INDEX effetti_da_dare ON effetti (causato, ente, pratica, ordine) WHERE stato IN ('da_fare', 'in_corso');
CREATE INDEX effetti_corsia ON effetti (ente, pratica, corsia, ordine) WHERE stato <> 'fatto';
CREATE INDEX effetti_id ON effetti (id);

-- +goose StatementBegin
CREATE TRIGGER effetti_attenzione AFTER UPDATE OF stato ON effetti
WHEN (old.stato IN ('esito_ignoto', 'fallito')) <> (new.stato IN ('esito_ignoto', 'fallito'))
BEGIN
    UPDATE pratiche SET attenzione = attenzione + iif(new.stato IN ('esito_ignoto', 'fallito'), 1, -1)
    WHERE ente = new.ente AND id = new.pratica;
END;
-- +goose StatementEnd

-- Idempotency keys and the receipts of their commits.
CREATE TABLE chiavi (
    ente     TEXT    NOT NULL,
    pratica  TEXT    NOT NULL,
    chiave   TEXT    NOT NULL,
    versione INTEGER NOT NULL,
    stato    TEXT    NOT NULL,
    PRIMARY KEY (ente, pratica, chiave)
) STRICT, WITHOUT ROWID;

CREATE TABLE unici (
    ente    TEXT NOT NULL,
    ambito  TEXT NOT NULL,
    chiave  TEXT NOT NULL,
    pratica TEXT NOT NULL,
    PRIMARY KEY (ente, ambito, chiave),
    FOREIGN KEY (ente, pratica) REFERENCES pratiche (ente, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX unici_pratica ON unici (ente, pratica);

-- Outlives the pratica: which one reserved a number stays on record.
CREATE TABLE numeri (
    ente    TEXT    NOT NULL,
    serie   TEXT    NOT NULL,
    anno    INTEGER NOT NULL,
    numero  INTEGER NOT NULL,
    pratica TEXT    NOT NULL,
    PRIMARY KEY (ente, serie, anno, numero),
    UNIQUE (ente, serie, anno, pratica)
) STRICT, WITHOUT ROWID;

CREATE TABLE cassetto (
    ente    TEXT NOT NULL,
    tabella TEXT NOT NULL,
    chiave  TEXT NOT NULL,
    valore  BLOB NOT NULL,
    PRIMARY KEY (ente, tabella, chiave)
) STRICT;

-- +goose Down
DROP TABLE cassetto;
DROP TABLE numeri;
DROP TABLE unici;
DROP TABLE chiavi;
DROP TABLE effetti;
DROP TABLE eventi;
DROP TABLE pratiche;
