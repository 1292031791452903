-- Delivery: what each attempt came to, which sends were begun and not ended, and in which order a referral's work goes out.

ALTER TABLE waymark.work
  -- Counts up as work is planned. Commits of one referral come one after the other, so this is the order of its news.
  ADD COLUMN turn       bigint GENERATED ALWAYS AS IDENTITY,
  -- When the first attempt was due: the last day of the schedule is counted from here.
  ADD COLUMN first_due  timestamptz,
  -- A worker has it. A lease that lapses then was held by one that died.
  ADD COLUMN claimed    boolean NOT NULL DEFAULT false,
  ADD COLUMN lapses     integer NOT NULL DEFAULT 0,
  -- A send was begun, by which way: written before it, and cleared with what became of it.
  ADD COLUMN intent_way text,
  ADD COLUMN intent_at  timestamptz;

ALTER TABLE waymark.attempt
  ADD COLUMN destination text,
  -- accepted, refused, unavailable, unknown; disabled, skipped, unmatched; broke. NULL where nothing was to be sent.
  ADD COLUMN outcome     text,
  ADD COLUMN status      integer,
  ADD COLUMN way         text,
  -- The receiver's own id for what it took.
  ADD COLUMN theirs      text;

-- What waits for a person, newest first.
CREATE INDEX work_dead ON waymark.work (dead_at) WHERE dead_at IS NOT NULL;
