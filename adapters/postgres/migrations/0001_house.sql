-- The house: what was received, what it became, what there is to do, who may come in.
-- Personal data stands only in columns named sealed_*, encrypted with the key of its case. Everything else is codes, ids and times.

-- ---------------------------------------------------------------- who may come in

CREATE TABLE waymark.client (
  id             uuid PRIMARY KEY,
  kind           text NOT NULL CHECK (kind IN ('gp', 'jobcentre', 'council', 'provider', 'operator')),
  organisation   text NOT NULL,
  name           text NOT NULL,
  keys           jsonb,
  callback_url   text,
  scopes         text[] NOT NULL,
  test           boolean NOT NULL,
  -- Webhook secrets, sealed with the key ring itself: they belong to no case.
  sealed_secrets bytea NOT NULL,
  api_key_digest text UNIQUE,
  created_at     timestamptz NOT NULL,
  silenced_at    timestamptz,
  revoked_at     timestamptz
);
CREATE INDEX client_organisation ON waymark.client (kind, organisation, created_at DESC);

-- Assertions already shown (RFC 7523 section 3): a second showing is a replay.
CREATE TABLE waymark.assertion (
  client  uuid NOT NULL,
  jti     text NOT NULL,
  expires timestamptz NOT NULL,
  PRIMARY KEY (client, jti)
);
CREATE INDEX assertion_expires ON waymark.assertion (expires);

-- ---------------------------------------------------------------- what was received

-- The data key of one case, wrapped by the ring. Destroying it (NULL) erases the person everywhere at once.
CREATE TABLE waymark.case_file (
  id           uuid PRIMARY KEY,
  organisation text NOT NULL,
  wrapped_key  bytea,
  ring_key     text NOT NULL,
  opened_at    timestamptz NOT NULL,
  erased_at    timestamptz
);

CREATE TABLE waymark.referral (
  id               uuid PRIMARY KEY,
  case_id          uuid NOT NULL REFERENCES waymark.case_file,
  client           uuid NOT NULL,
  organisation     text NOT NULL,
  door             text NOT NULL,
  reference        text NOT NULL UNIQUE,
  caller_reference text,
  request_id       text,
  correlation_id   text,
  message_id       text,
  test             boolean NOT NULL,
  participation    text NOT NULL,
  status           text NOT NULL,
  version          integer NOT NULL,
  sequence         integer NOT NULL,
  received_at      timestamptz NOT NULL,
  changed_at       timestamptz NOT NULL,
  sealed_content   bytea NOT NULL
);
CREATE INDEX referral_changed ON waymark.referral (organisation, door, changed_at);

CREATE TABLE waymark.submission (
  id           uuid PRIMARY KEY,
  organisation text NOT NULL,
  door         text NOT NULL,
  key          text NOT NULL,
  body_digest  text NOT NULL,
  client       uuid NOT NULL,
  referral     uuid NOT NULL,
  reference    text NOT NULL,
  case_id      uuid NOT NULL,
  content_type text NOT NULL,
  received_at  timestamptz NOT NULL,
  -- The bytes as they came.
  sealed_body  bytea NOT NULL,
  UNIQUE (organisation, door, key)
);

-- ---------------------------------------------------------------- what it became

CREATE TABLE waymark.event (
  referral     uuid NOT NULL,
  sequence     integer NOT NULL,
  id           uuid NOT NULL UNIQUE,
  organisation text NOT NULL,
  at           timestamptz NOT NULL,
  actor        text NOT NULL,
  type         text NOT NULL,
  body         jsonb NOT NULL,
  sealed_note  bytea,
  PRIMARY KEY (referral, sequence)
);

CREATE TABLE waymark.offer (
  id           uuid PRIMARY KEY,
  referral     uuid NOT NULL REFERENCES waymark.referral,
  case_id      uuid NOT NULL,
  organisation text NOT NULL,
  programme    text NOT NULL,
  service      text NOT NULL,
  provider     text NOT NULL,
  status       text NOT NULL,
  test         boolean NOT NULL,
  made_at      timestamptz NOT NULL,
  changed_at   timestamptz NOT NULL
);
-- One provider is asked at a time: a second open offer for a referral cannot be written.
CREATE UNIQUE INDEX offer_open ON waymark.offer (referral)
  WHERE status IN ('sent', 'acknowledged', 'accepted', 'started');
CREATE INDEX offer_provider ON waymark.offer (provider, status, id);
CREATE INDEX offer_referral ON waymark.offer (referral);

CREATE TABLE waymark.receipt (
  id             uuid PRIMARY KEY,
  referral       uuid NOT NULL,
  case_id        uuid NOT NULL,
  organisation   text NOT NULL,
  -- The provider that this decision chose, who may read its own part.
  provider       text,
  decided_at     timestamptz NOT NULL,
  input_hash     text NOT NULL,
  sealed_receipt bytea NOT NULL
);
CREATE INDEX receipt_referral ON waymark.receipt (referral, id);

CREATE TABLE waymark.callback (
  id         uuid PRIMARY KEY,
  referral   uuid NOT NULL,
  client     uuid NOT NULL,
  sequence   integer NOT NULL,
  body       jsonb NOT NULL,
  state      text NOT NULL,
  made_at    timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX callback_referral ON waymark.callback (referral, sequence);
CREATE INDEX callback_client ON waymark.callback (client, state);

-- Keyed digests by which a person is found again; erasure deletes them.
CREATE TABLE waymark.person_key (
  kind    text NOT NULL,
  digest  text NOT NULL,
  case_id uuid NOT NULL,
  PRIMARY KEY (kind, digest, case_id)
);
CREATE INDEX person_key_case ON waymark.person_key (case_id);

-- ---------------------------------------------------------------- places, and what there is to do

-- A decision locks its programme's row, so that no place is given twice.
CREATE TABLE waymark.allocation (programme text PRIMARY KEY);
CREATE TABLE waymark.place (
  programme text NOT NULL,
  service   text NOT NULL,
  taken     integer NOT NULL DEFAULT 0 CHECK (taken >= 0),
  drawn     integer NOT NULL DEFAULT 0,
  PRIMARY KEY (programme, service)
);

CREATE TABLE waymark.work (
  id          uuid PRIMARY KEY,
  kind        text NOT NULL,
  subject     uuid NOT NULL,
  referral    uuid NOT NULL,
  destination text NOT NULL,
  due         timestamptz NOT NULL,
  attempt     integer NOT NULL DEFAULT 0,
  token       uuid,
  lease_until timestamptz,
  dead_at     timestamptz,
  cause       text,
  made_at     timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX work_due ON waymark.work (due) WHERE dead_at IS NULL;
-- The line before each destination: a lease walks from destination to destination and takes the first few of each.
CREATE INDEX work_line ON waymark.work (destination, due, id) WHERE dead_at IS NULL;
CREATE INDEX work_leased ON waymark.work (destination, lease_until) WHERE lease_until IS NOT NULL AND dead_at IS NULL;
CREATE INDEX work_referral ON waymark.work (referral);

-- What each attempt came to, for `waymark why` and for reports; codes only.
CREATE TABLE waymark.attempt (
  work     uuid NOT NULL,
  number   integer NOT NULL,
  kind     text NOT NULL,
  subject  uuid NOT NULL,
  referral uuid NOT NULL,
  at       timestamptz NOT NULL,
  result   text NOT NULL,
  cause    text,
  PRIMARY KEY (work, number, at)
);
CREATE INDEX attempt_referral ON waymark.attempt (referral, at);

CREATE TABLE waymark.breaker (
  destination text PRIMARY KEY,
  state       text NOT NULL CHECK (state IN ('open', 'closed')),
  until       timestamptz NOT NULL,
  failures    integer NOT NULL DEFAULT 0,
  probe_token uuid,
  probe_until timestamptz
);

-- ---------------------------------------------------------------- roles: each sees only what its work needs

GRANT USAGE ON SCHEMA waymark TO waymark_intake, waymark_worker, waymark_reader;

-- intake writes for anyone and reads only how a key was used before.
GRANT INSERT ON waymark.submission, waymark.case_file, waymark.referral, waymark.event, waymark.work TO waymark_intake;
GRANT SELECT (id, organisation, door, key, body_digest, referral, reference, received_at) ON waymark.submission TO waymark_intake;

-- worker carries cases; it also keeps the register of clients and the breakers.
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA waymark TO waymark_worker;
GRANT DELETE ON waymark.work, waymark.assertion, waymark.person_key TO waymark_worker;
REVOKE UPDATE ON waymark.event, waymark.receipt, waymark.submission, waymark.attempt FROM waymark_worker;
REVOKE INSERT, UPDATE ON waymark.migration FROM waymark_worker;

-- reader sees one organisation's rows.
GRANT SELECT ON waymark.referral, waymark.event, waymark.offer, waymark.receipt, waymark.case_file TO waymark_reader;

ALTER TABLE waymark.referral ENABLE ROW LEVEL SECURITY;
ALTER TABLE waymark.referral FORCE ROW LEVEL SECURITY;
ALTER TABLE waymark.event ENABLE ROW LEVEL SECURITY;
ALTER TABLE waymark.event FORCE ROW LEVEL SECURITY;
ALTER TABLE waymark.offer ENABLE ROW LEVEL SECURITY;
ALTER TABLE waymark.offer FORCE ROW LEVEL SECURITY;
ALTER TABLE waymark.receipt ENABLE ROW LEVEL SECURITY;
ALTER TABLE waymark.receipt FORCE ROW LEVEL SECURITY;
ALTER TABLE waymark.case_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE waymark.case_file FORCE ROW LEVEL SECURITY;

CREATE FUNCTION waymark.reading() RETURNS text LANGUAGE sql STABLE
  RETURN nullif(current_setting('waymark.organisation', true), '');

CREATE POLICY carries ON waymark.referral TO waymark_worker USING (true) WITH CHECK (true);
CREATE POLICY carries ON waymark.event TO waymark_worker USING (true) WITH CHECK (true);
CREATE POLICY carries ON waymark.offer TO waymark_worker USING (true) WITH CHECK (true);
CREATE POLICY carries ON waymark.receipt TO waymark_worker USING (true) WITH CHECK (true);
CREATE POLICY carries ON waymark.case_file TO waymark_worker USING (true) WITH CHECK (true);

CREATE POLICY takes ON waymark.referral FOR INSERT TO waymark_intake WITH CHECK (true);
CREATE POLICY takes ON waymark.event FOR INSERT TO waymark_intake WITH CHECK (true);
CREATE POLICY takes ON waymark.case_file FOR INSERT TO waymark_intake WITH CHECK (true);

CREATE POLICY owns ON waymark.event FOR SELECT TO waymark_reader USING (organisation = waymark.reading());
CREATE POLICY owns ON waymark.offer FOR SELECT TO waymark_reader
  USING (organisation = waymark.reading() OR provider = waymark.reading());
CREATE POLICY owns ON waymark.receipt FOR SELECT TO waymark_reader
  USING (organisation = waymark.reading() OR provider = waymark.reading());
CREATE POLICY owns ON waymark.referral FOR SELECT TO waymark_reader
  USING (organisation = waymark.reading()
    OR EXISTS (SELECT FROM waymark.offer o WHERE o.referral = referral.id AND o.provider = waymark.reading()));
CREATE POLICY owns ON waymark.case_file FOR SELECT TO waymark_reader
  USING (organisation = waymark.reading()
    OR EXISTS (SELECT FROM waymark.offer o WHERE o.case_id = case_file.id AND o.provider = waymark.reading()));
