-- What providers reported after help began: jobs, checkpoints, earnings. Pay and evidence are sealed with the case.

CREATE TABLE waymark.outcome_report (
  id            uuid PRIMARY KEY,
  referral      uuid NOT NULL,
  offer         uuid NOT NULL,
  organisation  text NOT NULL,
  provider      text NOT NULL,
  at            timestamptz NOT NULL,
  sealed_report bytea NOT NULL
);
CREATE INDEX outcome_report_referral ON waymark.outcome_report (referral, at, id);
CREATE INDEX outcome_report_offer ON waymark.outcome_report (offer, at, id);
-- Reports of outcomes count the events of this kind.
CREATE INDEX event_outcome ON waymark.event (referral) WHERE type = 'outcome-reached';

GRANT SELECT, INSERT ON waymark.outcome_report TO waymark_worker;
GRANT SELECT ON waymark.outcome_report TO waymark_reader;
ALTER TABLE waymark.outcome_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE waymark.outcome_report FORCE ROW LEVEL SECURITY;
CREATE POLICY carries ON waymark.outcome_report TO waymark_worker USING (true) WITH CHECK (true);
-- Its provider's, and that of the partner that works it: a referrer hears what its class may hear, and never what somebody earns.
CREATE POLICY owns ON waymark.outcome_report FOR SELECT TO waymark_reader
  USING (provider = waymark.reading()
    OR EXISTS (SELECT FROM waymark.offer o WHERE o.id = outcome_report.offer AND o.assigned_to = waymark.reading()));
