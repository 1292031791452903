-- How fast each destination may be sent to, and who did what by hand.

CREATE TABLE waymark.pace (
  destination text PRIMARY KEY,
  -- An operator's word for this destination; NULL where the settings hold.
  places      integer CHECK (places > 0),
  per_second  integer CHECK (per_second > 0),
  -- Leases given in each of the latest tenths of a second, newest first; `slot` is the number of the first.
  slot        bigint NOT NULL DEFAULT 0,
  slots       integer[] NOT NULL DEFAULT '{}'
) WITH (fillfactor = 50);

-- Only ever added to. Ids, codes and names of operators; nothing about a person who was referred.
CREATE TABLE waymark.audit (
  id       uuid PRIMARY KEY,
  at       timestamptz NOT NULL,
  actor    text NOT NULL,
  verb     text NOT NULL,
  subjects text[] NOT NULL,
  codes    jsonb NOT NULL
);
CREATE INDEX audit_at ON waymark.audit (at);

GRANT SELECT, INSERT, UPDATE ON waymark.pace TO waymark_worker;
GRANT SELECT, INSERT ON waymark.audit TO waymark_worker;
