-- Alerts as they are told: by one worker, once, again after a while, and once more when it is over.

ALTER TABLE waymark.alert
  -- The same for every telling of one alert.
  ADD COLUMN id            uuid NOT NULL,
  -- Some process saw it stand. Nobody for a while: it is over.
  ADD COLUMN seen_at       timestamptz NOT NULL,
  -- Tellings that went well.
  ADD COLUMN told          integer NOT NULL DEFAULT 0,
  -- Who tells it now, and until when nobody else does.
  ADD COLUMN token         uuid,
  ADD COLUMN claimed_until timestamptz;

-- When a destination that failed last answered: what still waits for its next try there says nothing against it any more.
ALTER TABLE waymark.breaker ADD COLUMN reached_at timestamptz;

-- What was tried three times and more: few rows, found destination by destination.
CREATE INDEX work_failing ON waymark.work (destination, first_due) WHERE attempt >= 3 AND dead_at IS NULL;
