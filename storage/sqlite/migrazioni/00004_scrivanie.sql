-- +goose Up
-- What a desk asks for most: its services with a state, what an operator has in
-- charge by state, an office, some days in the order of the last change. Each row
-- lies in an interval of its own; 2^51 nanoseconds are 26 days.
CREATE INDEX pratiche_incrocio_presentazione ON pratiche (ente, servizio, stato, presentazione, id, ufficio, cambio_stato);
CREATE INDEX pratiche_incrocio_aggiornata ON pratiche (ente, servizio, stato, aggiornata, id, ufficio, presentata_il, cambio_stato);
DROP INDEX pratiche_operatore_presentazione;
DROP INDEX pratiche_operatore_aggiornata;
CREATE INDEX pratiche_operatore_presentazione ON pratiche (ente, operatore, stato, presentazione, id, servizio, ufficio, cambio_stato) WHERE operatore <> '';
CREATE INDEX pratiche_operatore_aggiornata ON pratiche (ente, operatore, stato, aggiornata, id, servizio, ufficio, presentata_il, cambio_stato) WHERE operatore <> '';
CREATE INDEX pratiche_ufficio_presentazione ON pratiche (ente, ufficio, bozza, presentazione, id, servizio, stato, cambio_stato) WHERE ufficio <> '';
CREATE INDEX pratiche_ufficio_aggiornata ON pratiche (ente, ufficio, bozza, aggiornata, id, servizio, stato, presentata_il, cambio_stato) WHERE ufficio <> '';
CREATE INDEX pratiche_periodo_aggiornata ON pratiche (ente, presentazione >> 51, aggiornata, id, servizio, stato, ufficio, presentazione, presentata_il, cambio_stato) WHERE bozza = 0;
