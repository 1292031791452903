-- What was told of a referral after it was sent, byte for byte; the version of its consents, so that a decision on older
-- ones is never written; and which kind of authority a client is under the duty to refer.
CREATE TABLE waymark.amendment (
  id           uuid PRIMARY KEY,
  referral     uuid NOT NULL REFERENCES waymark.referral,
  organisation text NOT NULL,
  -- NULL: the person.
  client       uuid,
  -- Digests: a key is a caller's own text.
  key          text NOT NULL,
  body_digest  text NOT NULL,
  content_type text NOT NULL,
  received_at  timestamptz NOT NULL,
  sealed_body  bytea NOT NULL,
  UNIQUE (referral, key)
);
GRANT SELECT, INSERT ON waymark.amendment TO waymark_worker;
GRANT SELECT ON waymark.amendment TO waymark_reader;
ALTER TABLE waymark.amendment ENABLE ROW LEVEL SECURITY;
ALTER TABLE waymark.amendment FORCE ROW LEVEL SECURITY;
CREATE POLICY carries ON waymark.amendment TO waymark_worker USING (true) WITH CHECK (true);
CREATE POLICY owns ON waymark.amendment FOR SELECT TO waymark_reader USING (organisation = waymark.reading());

-- NULL on what was written before there was such a version: nothing is compared with it.
ALTER TABLE waymark.referral ADD COLUMN consent_digest text;
ALTER TABLE waymark.client ADD COLUMN authority_type text;
