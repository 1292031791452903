-- Work that two workers died with goes out one at a time, so that a further death says which of it is to blame: whether some is out is asked
-- at every lease.
CREATE INDEX work_suspect ON waymark.work (lease_until) WHERE lapses >= 2 AND dead_at IS NULL;
