-- For the person on call: what is paused, which alerts were given, how the canary does, and since when a breaker is open.

CREATE TABLE waymark.pause (
  scope  text PRIMARY KEY,
  by     text NOT NULL,
  reason text NOT NULL,
  since  timestamptz NOT NULL
);
-- What waits because of a pause is found again when it ends.
CREATE INDEX work_paused ON waymark.work (referral, destination) WHERE cause IN ('paused', 'programme-paused');

ALTER TABLE waymark.breaker ADD COLUMN opened_at timestamptz;

-- One row for each thing that fails, so that several workers give one alert; it goes once people were told that it is over.
CREATE TABLE waymark.alert (
  subject  text PRIMARY KEY,
  -- Codes: what is wrong, and of what sort. Words are made from them.
  codes    jsonb NOT NULL,
  since    timestamptz NOT NULL,
  told_at  timestamptz,
  ended_at timestamptz
);

-- The canary: a made-up referral each minute, to see that the whole path works. Its ids begin with ffffffff, which no time of
-- day will give them for eight thousand years, so that whatever counts people leaves it out by this column alone.
ALTER TABLE waymark.referral ADD COLUMN canary boolean NOT NULL
  GENERATED ALWAYS AS (id >= 'ffffffff-0000-0000-0000-000000000000') STORED;

CREATE TABLE waymark.canary (
  referral uuid PRIMARY KEY,
  begun_at timestamptz NOT NULL,
  -- Its referrer heard how it ended.
  ended_at timestamptz
);
CREATE INDEX canary_begun ON waymark.canary (begun_at);

-- Events and receipts are never deleted, except the canary's: this and nothing else can do it.
CREATE FUNCTION waymark.clear_canary(before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  old uuid[];
  cases uuid[];
BEGIN
  SELECT array_agg(id), array_agg(DISTINCT case_id) INTO old, cases
  FROM (SELECT id, case_id FROM waymark.referral WHERE id >= 'ffffffff-0000-0000-0000-000000000000' AND received_at < before
        ORDER BY id LIMIT 100) r;
  IF old IS NULL THEN RETURN 0; END IF;
  DELETE FROM waymark.work WHERE referral = ANY (old);
  DELETE FROM waymark.attempt WHERE referral = ANY (old);
  DELETE FROM waymark.callback WHERE referral = ANY (old);
  DELETE FROM waymark.receipt WHERE referral = ANY (old);
  DELETE FROM waymark.event WHERE referral = ANY (old);
  DELETE FROM waymark.offer WHERE referral = ANY (old);
  DELETE FROM waymark.submission WHERE organisation = 'waymark-canary' AND referral = ANY (old);
  DELETE FROM waymark.person_key WHERE case_id = ANY (cases);
  DELETE FROM waymark.canary WHERE referral = ANY (old);
  DELETE FROM waymark.referral WHERE id = ANY (old);
  DELETE FROM waymark.case_file WHERE id = ANY (cases);
  RETURN cardinality(old);
END $$;
REVOKE ALL ON FUNCTION waymark.clear_canary(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION waymark.clear_canary(timestamptz) TO waymark_worker;

GRANT SELECT, INSERT, DELETE ON waymark.pause TO waymark_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON waymark.alert, waymark.canary TO waymark_worker;
