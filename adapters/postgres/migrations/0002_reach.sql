-- How a provider is reached, sealed with the ring (an e-mail link goes to people), and the form of a GP system's news.
ALTER TABLE waymark.client ADD COLUMN callback_form text, ADD COLUMN sealed_reach bytea;
