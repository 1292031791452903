-- Answers for equality monitoring, apart from everything that decides: who takes them in cannot read them, and who counts
-- them reads nothing else of a case but its key.
CREATE TABLE waymark.monitoring (
  id             uuid PRIMARY KEY,
  case_id        uuid NOT NULL,
  referral       uuid NOT NULL,
  organisation   text NOT NULL,
  test           boolean NOT NULL,
  given_at       timestamptz NOT NULL,
  -- With the key of the case: erasure ends them too.
  sealed_answers bytea NOT NULL
);
CREATE INDEX monitoring_case ON waymark.monitoring (test, case_id, given_at);

GRANT USAGE ON SCHEMA waymark TO waymark_reports;
GRANT INSERT ON waymark.monitoring TO waymark_intake, waymark_worker;
GRANT SELECT ON waymark.monitoring TO waymark_reports;
GRANT SELECT (id, wrapped_key, ring_key) ON waymark.case_file TO waymark_reports;

ALTER TABLE waymark.monitoring ENABLE ROW LEVEL SECURITY;
ALTER TABLE waymark.monitoring FORCE ROW LEVEL SECURITY;
CREATE POLICY takes ON waymark.monitoring FOR INSERT TO waymark_intake WITH CHECK (true);
CREATE POLICY adds ON waymark.monitoring FOR INSERT TO waymark_worker WITH CHECK (true);
CREATE POLICY counts ON waymark.monitoring FOR SELECT TO waymark_reports USING (true);
CREATE POLICY counts ON waymark.case_file FOR SELECT TO waymark_reports USING (true);
