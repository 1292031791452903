-- How people without a system come in: a link by e-mail, opened with a code sent to a telephone that was seen to be theirs.
-- Tokens and codes stand here as keyed digests only.

-- The telephone of a provider that is reached by e-mail was seen to be its own.
ALTER TABLE waymark.client ADD COLUMN reach_checked_at timestamptz;

CREATE TABLE waymark.link (
  id             uuid PRIMARY KEY,
  offer          uuid NOT NULL,
  referral       uuid NOT NULL,
  client         uuid NOT NULL,
  token_digest   text NOT NULL UNIQUE,
  made_at        timestamptz NOT NULL,
  ends_at        timestamptz NOT NULL,
  -- Its letter was taken by whoever carries letters.
  sent_at        timestamptz,
  replaced_at    timestamptz,
  redeemed_at    timestamptz,
  -- The one visit that it opened: over after a while without a click, and at `session_ends` in any case.
  session_digest text UNIQUE,
  session_until  timestamptz,
  session_ends   timestamptz
);
CREATE INDEX link_offer ON waymark.link (offer, made_at);

-- The code that is out for a link, or for a number at sign-up. A new one takes the place of the one before.
CREATE TABLE waymark.code (
  subject     uuid PRIMARY KEY,
  code_digest text,
  until       timestamptz NOT NULL,
  tries       integer NOT NULL,
  sent        integer NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON waymark.link, waymark.code TO waymark_worker;
