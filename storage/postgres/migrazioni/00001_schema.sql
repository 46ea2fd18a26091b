-- +goose Up
-- Every key begins with the ente. Instants are nanoseconds since 1970 (UTC), 0
-- for none; amounts are cents. Names are written as nome.go says, because text
-- cannot hold NUL, and compare byte by byte. No foreign keys: only registra()
-- writes, and it locks the row in pratiche first.
CREATE TABLE pratiche (
    ente           text COLLATE "C" NOT NULL,
    id             text COLLATE "C" NOT NULL,
    versione       integer NOT NULL,
    servizio       text COLLATE "C" NOT NULL,
    stato          text COLLATE "C" NOT NULL,
    bozza          boolean NOT NULL, -- in state bozza
    finale         boolean NOT NULL,
    oscurata       boolean NOT NULL, -- its personal data were erased
    anno           integer NOT NULL,
    progressivo    bigint  NOT NULL,
    oggetto        text COLLATE "C" NOT NULL,
    richiedente    text COLLATE "C" NOT NULL,
    codice_fiscale text COLLATE "C" NOT NULL,
    anonimo        text COLLATE "C" NOT NULL,
    ufficio        text COLLATE "C" NOT NULL,
    operatore      text COLLATE "C" NOT NULL,
    protocollo     text COLLATE "C" NOT NULL,
    creata         bigint  NOT NULL,
    presentata_il  bigint  NOT NULL,
    presentazione  bigint  NOT NULL, -- presentata_il, for drafts creata: the order of lists
    cambio_stato   bigint  NOT NULL,
    aggiornata     bigint  NOT NULL,
    dovuto         bigint  NOT NULL,
    attenzione     boolean NOT NULL, -- an effect is in esito_ignoto or fallito
    campi          bytea,            -- JSON of the fields that lists show
    cifre          jsonb,            -- their numbers, by name
    PRIMARY KEY (ente, id)
) WITH (autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_threshold = 2500, autovacuum_analyze_scale_factor = 0.02);
-- A page walks one of these from where it begins, or several side by side.
CREATE INDEX pratiche_presentazione ON pratiche (ente, bozza, presentazione, id);
CREATE INDEX pratiche_aggiornata ON pratiche (ente, bozza, aggiornata, id);
CREATE INDEX pratiche_servizio_presentazione ON pratiche (ente, servizio, bozza, presentazione, id);
CREATE INDEX pratiche_servizio_aggiornata ON pratiche (ente, servizio, bozza, aggiornata, id);
CREATE INDEX pratiche_stato_presentazione ON pratiche (ente, servizio, stato, presentazione, id);
CREATE INDEX pratiche_stato_aggiornata ON pratiche (ente, servizio, stato, aggiornata, id);
CREATE INDEX pratiche_operatore_presentazione ON pratiche (ente, operatore, presentazione, id) WHERE operatore <> '';
CREATE INDEX pratiche_operatore_aggiornata ON pratiche (ente, operatore, aggiornata, id) WHERE operatore <> '';
CREATE INDEX pratiche_libere_presentazione ON pratiche (ente, presentazione, id) WHERE operatore = '' AND NOT finale AND NOT bozza;
CREATE INDEX pratiche_libere_aggiornata ON pratiche (ente, aggiornata, id) WHERE operatore = '' AND NOT finale AND NOT bozza;
CREATE INDEX pratiche_attenzione_presentazione ON pratiche (ente, presentazione, id) WHERE attenzione;
CREATE INDEX pratiche_attenzione_aggiornata ON pratiche (ente, aggiornata, id) WHERE attenzione;
CREATE INDEX pratiche_ufficio_presentazione ON pratiche (ente, ufficio, presentazione, id) WHERE ufficio <> '';
CREATE INDEX pratiche_ufficio_aggiornata ON pratiche (ente, ufficio, aggiornata, id) WHERE ufficio <> '';
CREATE INDEX pratiche_dovuto_presentazione ON pratiche (ente, presentazione, id) WHERE dovuto > 0;
CREATE INDEX pratiche_dovuto_aggiornata ON pratiche (ente, aggiornata, id) WHERE dovuto > 0;
CREATE INDEX pratiche_codice_fiscale ON pratiche (ente, codice_fiscale) WHERE codice_fiscale <> '';
CREATE INDEX pratiche_anonimo ON pratiche (ente, anonimo) WHERE anonimo <> '';
CREATE INDEX pratiche_numero ON pratiche (ente, anno, progressivo) WHERE progressivo <> 0;

-- JSON of the pratica, apart so that lists read narrow rows. No index but the
-- key: an update stays in its page.
CREATE TABLE proiezioni (
    ente text COLLATE "C" NOT NULL,
    id   text COLLATE "C" NOT NULL,
    dati bytea NOT NULL,
    PRIMARY KEY (ente, id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- The words of a search, apart because they seldom change and an index of words
-- is dear to write. Lexemes are made by the program, no dictionary is used.
CREATE TABLE ricerca (
    ente          text COLLATE "C" NOT NULL,
    id            text COLLATE "C" NOT NULL,
    servizio      text COLLATE "C" NOT NULL,
    presentazione bigint NOT NULL,
    lessemi       tsvector NOT NULL,
    PRIMARY KEY (ente, id)
) WITH (autovacuum_vacuum_threshold = 5000, autovacuum_analyze_threshold = 2500);
CREATE INDEX ricerca_presentazione ON ricerca (ente, presentazione, id);
-- A short list of what is still to be sorted in keeps both commits and searches quick.
CREATE INDEX ricerca_lessemi ON ricerca USING gin (lessemi) WITH (gin_pending_list_limit = 256);

CREATE TABLE eventi (
    ente        text COLLATE "C" NOT NULL,
    pratica     text COLLATE "C" NOT NULL,
    progressivo integer NOT NULL,
    evento      bytea NOT NULL, -- JSON
    PRIMARY KEY (ente, pratica, progressivo)
);

-- What the deletion of a draft causes outlives it.
CREATE TABLE effetti (
    ente          text COLLATE "C" NOT NULL,
    id            text COLLATE "C" NOT NULL,
    pratica       text COLLATE "C" NOT NULL,
    ordine        bigint  NOT NULL,
    genere        text COLLATE "C" NOT NULL,
    riferimento   text COLLATE "C" NOT NULL,
    corsia        text COLLATE "C" NOT NULL,
    in_testa      boolean NOT NULL, -- first unfinished of its lane: written under the lock of corsie()
    causato       bigint  NOT NULL,
    stato         text COLLATE "C" NOT NULL DEFAULT 'da_fare',
    tentativi     integer NOT NULL DEFAULT 0,
    prossimo      bigint  NOT NULL,
    ultimo_errore text COLLATE "C" NOT NULL DEFAULT '',
    concluso      bigint  NOT NULL DEFAULT 0,
    titolare      text COLLATE "C" NOT NULL DEFAULT '',
    gettone       bigint  NOT NULL DEFAULT 0,
    scadenza      bigint  NOT NULL DEFAULT 0,
    diario        bytea,
    PRIMARY KEY (ente, id),
    UNIQUE (ente, pratica, ordine)
) WITH (autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_threshold = 2500, autovacuum_analyze_scale_factor = 0.02);
-- Only what may be given, by the instant from which it may. What was given stays
-- at its beginning until the next vacuum: hence the settings above.
CREATE INDEX effetti_da_dare ON effetti ((CASE stato WHEN 'in_corso' THEN scadenza ELSE prossimo END))
    WHERE in_testa AND stato IN ('da_fare', 'in_corso');
CREATE INDEX effetti_da_dare_genere ON effetti (genere, (CASE stato WHEN 'in_corso' THEN scadenza ELSE prossimo END))
    WHERE in_testa AND stato IN ('da_fare', 'in_corso');
CREATE INDEX effetti_id ON effetti (id) WHERE in_testa AND stato IN ('da_fare', 'in_corso');

-- Idempotency keys and the receipts of their commits.
CREATE TABLE chiavi (
    ente     text COLLATE "C" NOT NULL,
    pratica  text COLLATE "C" NOT NULL,
    chiave   text COLLATE "C" NOT NULL,
    versione integer NOT NULL,
    stato    text COLLATE "C" NOT NULL,
    PRIMARY KEY (ente, pratica, chiave)
);

CREATE TABLE unici (
    ente    text COLLATE "C" NOT NULL,
    ambito  text COLLATE "C" NOT NULL,
    chiave  text COLLATE "C" NOT NULL,
    pratica text COLLATE "C" NOT NULL,
    PRIMARY KEY (ente, ambito, chiave)
) WITH (autovacuum_vacuum_threshold = 5000, autovacuum_analyze_threshold = 2500);
CREATE INDEX unici_pratica ON unici (ente, pratica);

-- The files that a pratica refers to.
CREATE TABLE riferimenti (
    ente    text COLLATE "C" NOT NULL,
    pratica text COLLATE "C" NOT NULL,
    sha256  text COLLATE "C" NOT NULL,
    PRIMARY KEY (ente, pratica, sha256)
) WITH (autovacuum_vacuum_threshold = 5000, autovacuum_analyze_threshold = 2500);
CREATE INDEX riferimenti_sha256 ON riferimenti (ente, sha256);

-- Outlives the pratica: which one reserved a number stays on record.
CREATE TABLE numeri (
    ente    text COLLATE "C" NOT NULL,
    serie   text COLLATE "C" NOT NULL,
    anno    integer NOT NULL,
    numero  bigint  NOT NULL,
    pratica text COLLATE "C" NOT NULL,
    PRIMARY KEY (ente, serie, anno, numero),
    UNIQUE (ente, serie, anno, pratica)
) WITH (autovacuum_vacuum_threshold = 5000, autovacuum_analyze_threshold = 2500);

CREATE TABLE cassetto (
    ente    text COLLATE "C" NOT NULL,
    tabella text COLLATE "C" NOT NULL,
    chiave  text COLLATE "C" NOT NULL,
    valore  bytea NOT NULL,
    PRIMARY KEY (ente, tabella, chiave)
);

-- Plans are made when the tables are empty, and kept as long as a session; among
-- indexes that all begin with the ente the server would take any. So it is shown
-- rows such as will come, in no order, and keeps their statistics until there are
-- enough others: hence the thresholds of these tables.
INSERT INTO pratiche SELECT 'ente', n::text, 1, 's' || n % 250, 't' || n % 50, n % 5 = 0, n % 5 > 2, false, 2000, n,
    'oggetto', 'nome', 'cf' || n, '', 'u' || n % 100, CASE WHEN n % 5 > 1 THEN 'op' || n % 250 ELSE '' END, '', n, n, n, n, n, 0, n % 100 = 0, NULL, NULL
    FROM (SELECT n * 7919 % 1009 AS n FROM generate_series(1, 1000) n) x;
INSERT INTO ricerca SELECT 'ente', n::text, 's' || n % 250, n, array_to_tsvector(ARRAY['l' || n, 'm' || n % 100])
    FROM (SELECT n * 7919 % 1009 AS n FROM generate_series(1, 1000) n) x;
INSERT INTO effetti (ente, id, pratica, ordine, genere, riferimento, corsia, in_testa, causato, prossimo, stato, titolare, gettone, scadenza)
    SELECT 'ente', n::text, (n / 5)::text, n, 'g' || n % 5, '', 'c' || n % 3, n % 10 = 0, n, n, CASE WHEN n % 10 > 0 THEN 'fatto' WHEN n % 20 = 0 THEN 'da_fare' ELSE 'in_corso' END,
    CASE WHEN n % 20 = 10 THEN 'w' || n % 7 ELSE '' END, 1, n FROM (SELECT n * 7919 % 1009 AS n FROM generate_series(1, 1000) n) x;
INSERT INTO unici SELECT 'ente', 'a', n::text, (n / 2)::text FROM generate_series(1, 1000) n;
INSERT INTO riferimenti SELECT 'ente', (n / 2)::text, n::text FROM generate_series(1, 1000) n;
INSERT INTO numeri SELECT 'ente', 's' || n % 2, 2000 + n % 3, n, n::text FROM generate_series(1, 1000) n;
ANALYZE pratiche, ricerca, effetti, unici, riferimenti, numeri;
DELETE FROM pratiche;
DELETE FROM ricerca;
DELETE FROM effetti;
DELETE FROM unici;
DELETE FROM riferimenti;
DELETE FROM numeri;

-- serratura gives the advisory lock of a thing: one for each schema, purpose,
-- ente and name. That two things may share one costs a wait, nothing else.
-- +goose StatementBegin
CREATE FUNCTION serratura(p_scopo text, p_ente text, p_nome text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT hashtextextended(p_nome, hashtextextended(p_ente, hashtextextended(p_scopo, hashtextextended(current_schema(), 0))))
$$;
-- +goose StatementEnd

-- registra commits a command: all of it or nothing. It gives 'fatto', 'ripetuta'
-- with the receipt of then, or 'conflitto'; it fails with PR001 where another
-- pratica holds a claim (its place in p_unici_… is the detail), PR002 where the
-- lease is lost, and with the constraint where the pratica is there already, its
-- key was used, or an effect repeats. Locks are taken in one order: the pratica,
-- the claims sorted, the lanes, the effects.
-- +goose StatementBegin
CREATE FUNCTION registra(
    p_ente text, p_id text, p_attesa integer, p_chiave text, p_ora bigint, p_elimina boolean,
    p_versione integer, p_servizio text, p_stato text, p_bozza boolean, p_finale boolean, p_oscurata boolean,
    p_anno integer, p_progressivo bigint, p_oggetto text, p_richiedente text, p_codice_fiscale text, p_anonimo text,
    p_ufficio text, p_operatore text, p_protocollo text, p_creata bigint, p_presentata_il bigint, p_presentazione bigint,
    p_cambio_stato bigint, p_aggiornata bigint, p_dovuto bigint, p_campi bytea, p_cifre jsonb,
    p_proiezione bytea, p_lessemi text[], p_file text[], p_eventi bytea[], p_oscurati bytea[],
    p_effetti_id text[], p_effetti_genere text[], p_effetti_riferimento text[], p_effetti_corsia text[],
    p_effetti_primo boolean[], p_effetti_prossimo bigint[],
    p_unici_ambito text[], p_unici_chiave text[],
    p_concluso text, p_titolare text, p_gettone bigint, p_diario bytea,
    OUT o_esito text, OUT o_versione integer, OUT o_stato text
) LANGUAGE plpgsql AS $$
DECLARE
    v_lessemi tsvector;
    v_corsia  text;
    v_ordine  bigint;
    v_posto   bigint;
    v_file    text[];
BEGIN
    IF p_elimina THEN
        PERFORM 1 FROM pratiche WHERE ente = p_ente AND id = p_id AND versione = p_attesa FOR UPDATE;
    ELSIF p_attesa = 0 THEN
        INSERT INTO pratiche VALUES (p_ente, p_id, p_versione, p_servizio, p_stato, p_bozza, p_finale, p_oscurata, p_anno, p_progressivo,
            p_oggetto, p_richiedente, p_codice_fiscale, p_anonimo, p_ufficio, p_operatore, p_protocollo, p_creata, p_presentata_il,
            p_presentazione, p_cambio_stato, p_aggiornata, p_dovuto, false, p_campi, p_cifre);
    ELSE
        UPDATE pratiche SET versione = p_versione, servizio = p_servizio, stato = p_stato, bozza = p_bozza, finale = p_finale,
            oscurata = p_oscurata, anno = p_anno, progressivo = p_progressivo, oggetto = p_oggetto, richiedente = p_richiedente,
            codice_fiscale = p_codice_fiscale, anonimo = p_anonimo, ufficio = p_ufficio, operatore = p_operatore,
            protocollo = p_protocollo, creata = p_creata, presentata_il = p_presentata_il, presentazione = p_presentazione,
            cambio_stato = p_cambio_stato, aggiornata = p_aggiornata, dovuto = p_dovuto, campi = p_campi, cifre = p_cifre
        WHERE ente = p_ente AND id = p_id AND versione = p_attesa;
    END IF;
    IF NOT FOUND THEN
        -- Only now: whoever committed the same key a moment ago had the row.
        IF p_chiave <> '' THEN
            SELECT versione, stato INTO o_versione, o_stato FROM chiavi WHERE ente = p_ente AND pratica = p_id AND chiave = p_chiave;
            IF FOUND THEN
                o_esito := 'ripetuta';
                RETURN;
            END IF;
        END IF;
        o_esito := 'conflitto';
        RETURN;
    END IF;
    o_esito := 'fatto';
    o_versione := p_versione;
    o_stato := p_stato;

    IF p_chiave <> '' THEN
        INSERT INTO chiavi VALUES (p_ente, p_id, p_chiave, p_versione, p_stato);
    END IF;

    IF cardinality(p_unici_ambito) > 0 THEN
        IF NOT p_elimina THEN
            INSERT INTO unici SELECT p_ente, u.ambito, u.chiave, p_id FROM unnest(p_unici_ambito, p_unici_chiave) u (ambito, chiave)
                ORDER BY u.ambito COLLATE "C", u.chiave COLLATE "C" ON CONFLICT DO NOTHING;
        END IF;
        SELECT u.posto INTO v_posto FROM unnest(p_unici_ambito, p_unici_chiave) WITH ORDINALITY u (ambito, chiave, posto)
            JOIN unici x ON x.ente = p_ente AND x.ambito = u.ambito AND x.chiave = u.chiave
            WHERE x.pratica <> p_id ORDER BY u.posto LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'PR001', MESSAGE = 'pratiche: unico di un''altra pratica', DETAIL = v_posto::text;
        END IF;
    END IF;

    IF p_concluso IS NOT NULL OR p_elimina OR p_attesa = 0 OR cardinality(p_effetti_id) > 0 THEN
        PERFORM pg_advisory_xact_lock(serratura('corsie', p_ente, p_id));
    END IF;
    IF p_concluso IS NOT NULL THEN
        UPDATE effetti SET stato = 'fatto', in_testa = false, concluso = p_ora, ultimo_errore = '', titolare = '', scadenza = 0,
            diario = coalesce(p_diario, diario)
            WHERE ente = p_ente AND id = p_concluso AND pratica = p_id AND stato = 'in_corso' AND titolare = p_titolare AND gettone = p_gettone
            RETURNING corsia INTO v_corsia;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'PR002', MESSAGE = 'pratiche: prenotazione scaduta';
        END IF;
        UPDATE effetti SET in_testa = true WHERE ente = p_ente AND pratica = p_id AND ordine = (
            SELECT ordine FROM effetti WHERE ente = p_ente AND pratica = p_id AND corsia = v_corsia AND stato <> 'fatto' ORDER BY ordine LIMIT 1); -- the next of the lane
    END IF;
    IF p_elimina OR p_attesa = 0 OR cardinality(p_effetti_id) > 0 THEN
        v_ordine := coalesce((SELECT ordine FROM effetti WHERE ente = p_ente AND pratica = p_id ORDER BY ordine DESC LIMIT 1), 0);
    END IF;
    IF p_attesa = 0 AND v_ordine > 0 THEN -- what the deletion of a draft of the same name left
        PERFORM guarda_attenzione(p_ente, p_id);
    END IF;

    IF p_elimina THEN
        DELETE FROM pratiche WHERE ente = p_ente AND id = p_id;
        DELETE FROM proiezioni WHERE ente = p_ente AND id = p_id;
        DELETE FROM ricerca WHERE ente = p_ente AND id = p_id;
        DELETE FROM eventi WHERE ente = p_ente AND pratica = p_id;
        DELETE FROM effetti WHERE ente = p_ente AND pratica = p_id;
        DELETE FROM chiavi WHERE ente = p_ente AND pratica = p_id AND chiave <> p_chiave;
        DELETE FROM unici WHERE ente = p_ente AND pratica = p_id;
        DELETE FROM riferimenti WHERE ente = p_ente AND pratica = p_id;
    ELSE
        IF cardinality(p_oscurati) > 0 THEN
            UPDATE eventi SET evento = u.evento FROM unnest(p_oscurati) WITH ORDINALITY u (evento, n)
                WHERE ente = p_ente AND pratica = p_id AND progressivo = u.n;
            UPDATE effetti SET diario = NULL WHERE ente = p_ente AND pratica = p_id AND diario IS NOT NULL;
        END IF;
        INSERT INTO eventi SELECT p_ente, p_id, p_attesa + u.n, u.evento FROM unnest(p_eventi) WITH ORDINALITY u (evento, n);
        v_lessemi := array_to_tsvector(p_lessemi);
        IF p_attesa = 0 THEN
            INSERT INTO proiezioni VALUES (p_ente, p_id, p_proiezione);
            INSERT INTO ricerca VALUES (p_ente, p_id, p_servizio, p_presentazione, v_lessemi);
        ELSE
            UPDATE proiezioni SET dati = p_proiezione WHERE ente = p_ente AND id = p_id;
            UPDATE ricerca SET servizio = p_servizio, presentazione = p_presentazione, lessemi = v_lessemi WHERE ente = p_ente AND id = p_id
                AND (servizio <> p_servizio OR presentazione <> p_presentazione OR lessemi <> v_lessemi);
            SELECT array_agg(sha256 ORDER BY sha256) INTO v_file FROM riferimenti WHERE ente = p_ente AND pratica = p_id;
        END IF;
        IF p_file IS DISTINCT FROM coalesce(v_file, '{}') THEN
            DELETE FROM riferimenti WHERE ente = p_ente AND pratica = p_id AND sha256 <> ALL (p_file);
            INSERT INTO riferimenti SELECT p_ente, p_id, u.sha256 FROM unnest(p_file) u (sha256) ON CONFLICT DO NOTHING;
        END IF;
    END IF;

    IF cardinality(p_effetti_id) > 0 THEN
        INSERT INTO effetti (ente, id, pratica, ordine, genere, riferimento, corsia, in_testa, causato, prossimo)
            SELECT p_ente, u.id, p_id, v_ordine + u.n, u.genere, u.riferimento, u.corsia,
                u.primo AND (v_ordine = 0 OR NOT EXISTS (SELECT 1 FROM effetti e WHERE e.ente = p_ente AND e.pratica = p_id AND e.corsia = u.corsia AND e.stato <> 'fatto')),
                p_ora, u.prossimo
            FROM unnest(p_effetti_id, p_effetti_genere, p_effetti_riferimento, p_effetti_corsia, p_effetti_primo, p_effetti_prossimo)
                WITH ORDINALITY u (id, genere, riferimento, corsia, primo, prossimo, n);
    END IF;
END
$$;
-- +goose StatementEnd

-- guarda_attenzione tells the list whether an effect waits for somebody. The
-- pratica and its lanes are locked.
-- +goose StatementBegin
CREATE FUNCTION guarda_attenzione(p_ente text, p_pratica text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE pratiche p SET attenzione = NOT p.attenzione WHERE p.ente = p_ente AND p.id = p_pratica AND p.attenzione <> EXISTS (
        SELECT 1 FROM effetti e WHERE e.ente = p_ente AND e.pratica = p_pratica AND e.stato IN ('esito_ignoto', 'fallito'));
END
$$;
-- +goose StatementEnd

-- fermo ends a lease with an effect that waits for somebody; false where it is lost.
-- +goose StatementBegin
CREATE FUNCTION fermo(
    p_ente text, p_id text, p_titolare text, p_gettone bigint, p_diario bytea, p_prossimo bigint, p_stato text, p_ultimo_errore text
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_pratica text;
BEGIN
    SELECT pratica INTO v_pratica FROM effetti WHERE ente = p_ente AND id = p_id;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM 1 FROM pratiche WHERE ente = p_ente AND id = v_pratica FOR NO KEY UPDATE;
    PERFORM pg_advisory_xact_lock(serratura('corsie', p_ente, v_pratica));
    UPDATE effetti SET diario = p_diario, prossimo = p_prossimo, stato = p_stato, ultimo_errore = p_ultimo_errore, titolare = '', scadenza = 0
        WHERE ente = p_ente AND id = p_id AND stato = 'in_corso' AND titolare = p_titolare AND gettone = p_gettone;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM guarda_attenzione(p_ente, v_pratica);
    RETURN true;
END
$$;
-- +goose StatementEnd

-- sblocca puts such an effect back; it gives 'assente' or 'conflitto' where it cannot.
-- +goose StatementBegin
CREATE FUNCTION sblocca(p_ente text, p_id text, p_diario bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_pratica text;
BEGIN
    SELECT pratica INTO v_pratica FROM effetti WHERE ente = p_ente AND id = p_id;
    IF NOT FOUND THEN
        RETURN 'assente';
    END IF;
    PERFORM 1 FROM pratiche WHERE ente = p_ente AND id = v_pratica FOR NO KEY UPDATE;
    PERFORM pg_advisory_xact_lock(serratura('corsie', p_ente, v_pratica));
    UPDATE effetti SET stato = 'da_fare', tentativi = 0, prossimo = 0, diario = coalesce(p_diario, diario)
        WHERE ente = p_ente AND id = p_id AND stato IN ('esito_ignoto', 'fallito');
    IF NOT FOUND THEN
        RETURN 'conflitto';
    END IF;
    PERFORM guarda_attenzione(p_ente, v_pratica);
    RETURN 'fatto';
END
$$;
-- +goose StatementEnd

-- fatto marks a leased effect as done; false where the lease is lost.
-- +goose StatementBegin
CREATE FUNCTION fatto(
    p_ente text, p_id text, p_titolare text, p_gettone bigint, p_prossimo bigint, p_diario bytea, p_ultimo_errore text, p_concluso bigint
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_pratica text;
    v_corsia  text;
BEGIN
    SELECT pratica INTO v_pratica FROM effetti WHERE ente = p_ente AND id = p_id;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(serratura('corsie', p_ente, v_pratica));
    UPDATE effetti SET stato = 'fatto', in_testa = false, prossimo = p_prossimo, diario = p_diario, ultimo_errore = p_ultimo_errore,
        concluso = p_concluso, titolare = '', scadenza = 0
        WHERE ente = p_ente AND id = p_id AND stato = 'in_corso' AND titolare = p_titolare AND gettone = p_gettone
        RETURNING corsia INTO v_corsia;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE effetti SET in_testa = true WHERE ente = p_ente AND pratica = v_pratica AND ordine = (
        SELECT ordine FROM effetti WHERE ente = p_ente AND pratica = v_pratica AND corsia = v_corsia AND stato <> 'fatto' ORDER BY ordine LIMIT 1); -- the next of the lane
    RETURN true;
END
$$;
-- +goose StatementEnd

-- numera gives the number of a pratica in a series, the next one where it has none.
-- +goose StatementBegin
CREATE FUNCTION numera(p_ente text, p_serie text, p_anno integer, p_pratica text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_numero bigint;
BEGIN
    SELECT numero INTO v_numero FROM numeri WHERE ente = p_ente AND serie = p_serie AND anno = p_anno AND pratica = p_pratica;
    IF FOUND THEN
        RETURN v_numero;
    END IF;
    PERFORM pg_advisory_xact_lock(serratura('numeri', p_ente, p_serie || ' ' || p_anno));
    SELECT numero INTO v_numero FROM numeri WHERE ente = p_ente AND serie = p_serie AND anno = p_anno AND pratica = p_pratica;
    IF FOUND THEN
        RETURN v_numero;
    END IF;
    INSERT INTO numeri SELECT p_ente, p_serie, p_anno, coalesce(max(numero), 0) + 1, p_pratica
        FROM numeri WHERE ente = p_ente AND serie = p_serie AND anno = p_anno
        RETURNING numero INTO v_numero;
    RETURN v_numero;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION numera, fatto, sblocca, fermo, guarda_attenzione, registra, serratura;
DROP TABLE cassetto, numeri, riferimenti, unici, chiavi, effetti, eventi, ricerca, proiezioni, pratiche;
