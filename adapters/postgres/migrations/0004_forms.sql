-- Who we are at the FHIR server of a GP's system, for news in the form of Tasks; and the line of each client's news, which
-- a subscriber counts. An id of ours there and a public address: nothing secret.
ALTER TABLE waymark.client ADD COLUMN callback_login jsonb;
CREATE INDEX callback_line ON waymark.callback (client, id);
