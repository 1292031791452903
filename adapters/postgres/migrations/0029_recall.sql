-- Who was asked to delete what it holds of a person, how often it was told, and what it answered. Codes, ids and days.

CREATE TABLE waymark.recall (
  offer        uuid PRIMARY KEY,
  referral     uuid NOT NULL,
  organisation text NOT NULL,
  provider     text NOT NULL,
  service      text NOT NULL,
  test         boolean NOT NULL,
  asked_at     timestamptz NOT NULL,
  answer_by    date NOT NULL,
  told         integer NOT NULL,
  told_at      timestamptz,
  answer       text CHECK (answer IN ('deleted', 'kept', 'never-held')),
  basis        text,
  kept_until   date,
  answered_at  timestamptz,
  CHECK ((answer = 'kept') = (basis IS NOT NULL AND kept_until IS NOT NULL) OR answer IS NULL)
);
CREATE INDEX recall_referral ON waymark.recall (referral);
CREATE INDEX recall_open ON waymark.recall (provider, offer) WHERE answer IS NULL;

GRANT SELECT, INSERT, UPDATE ON waymark.recall TO waymark_worker;
GRANT SELECT ON waymark.recall TO waymark_reader;
ALTER TABLE waymark.recall ENABLE ROW LEVEL SECURITY;
ALTER TABLE waymark.recall FORCE ROW LEVEL SECURITY;
CREATE POLICY carries ON waymark.recall TO waymark_worker USING (true) WITH CHECK (true);
CREATE POLICY owns ON waymark.recall FOR SELECT TO waymark_reader
  USING (organisation = waymark.reading() OR provider = waymark.reading());
