-- What a provider last told of an offer that it has; and clocks for the offers that were open before there were any.

ALTER TABLE waymark.offer
  -- An attempt to reach the person, or a step of the action plan: codes and a day.
  ADD COLUMN progress    jsonb,
  -- Made before there were clocks: its own are counted from here, and not from the day on which it was made.
  ADD COLUMN clocks_from timestamptz;

WITH unwatched AS (
  UPDATE waymark.offer o SET clocks_from = clock_timestamp()
  WHERE o.status IN ('sent', 'acknowledged', 'accepted', 'started')
    AND NOT EXISTS (SELECT FROM waymark.work w WHERE w.kind = 'chase' AND w.subject = o.id)
  RETURNING o.id, o.referral
)
-- Each rings at once, finds that it owes nothing yet, and says from then on what is due and when.
INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at)
SELECT gen_random_uuid(), 'chase', id, referral, 'clocks', clock_timestamp(), clock_timestamp() FROM unwatched;
