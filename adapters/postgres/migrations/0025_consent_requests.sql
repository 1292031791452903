-- Asking the person for their own yes: a letter to a safe contact with a link, and the one visit that goes on behind it.
-- Tokens and sessions stand here as keyed digests only; what is asked is codes and ids of organisations.
CREATE TABLE waymark.consent_request (
  id             uuid PRIMARY KEY,
  referral       uuid NOT NULL REFERENCES waymark.referral,
  organisation   text NOT NULL,
  -- email or text: never the address itself.
  way            text NOT NULL,
  asks           jsonb NOT NULL,
  -- Words on safe contact stand beside it: its letter goes now or never.
  once           boolean NOT NULL,
  made_at        timestamptz NOT NULL,
  ends_at        timestamptz NOT NULL,
  -- NULL until a letter is about to leave.
  token_digest   text UNIQUE,
  sent_at        timestamptz,
  replaced_at    timestamptz,
  -- Counted before anything is compared.
  tries          integer NOT NULL DEFAULT 0,
  session_digest text UNIQUE,
  session_until  timestamptz
);
CREATE INDEX consent_request_referral ON waymark.consent_request (referral, made_at);
GRANT SELECT, INSERT, UPDATE ON waymark.consent_request TO waymark_worker;
