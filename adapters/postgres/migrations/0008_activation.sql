-- Which versions of rule packs are in force, from when, and who said so. Bodies stand in pack_body, by digest.
CREATE TABLE waymark.pack_activation (
  id           uuid PRIMARY KEY,
  programme    text NOT NULL,
  version      integer NOT NULL,
  digest       text NOT NULL,
  from_day     date NOT NULL,
  activated_at timestamptz NOT NULL,
  activated_by text NOT NULL,
  -- The first day on which it decides no more.
  until_day    date,
  ended_at     timestamptz,
  ended_by     text,
  CHECK ((until_day IS NULL) = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL))
);
-- Of one version one body is open at a time.
CREATE UNIQUE INDEX pack_activation_open ON waymark.pack_activation (programme, version) WHERE until_day IS NULL;

GRANT SELECT, INSERT, UPDATE (until_day, ended_at, ended_by) ON waymark.pack_activation TO waymark_worker;
