-- Rule packs and directories as decisions read them, by digest: a decision can be made again long after its files have changed.
CREATE TABLE waymark.pack_body (
  digest    text PRIMARY KEY,
  programme text NOT NULL,
  version   integer NOT NULL,
  -- Canonical JSON, of which the digest is the SHA-256: what does not give its digest was altered.
  body      text NOT NULL,
  kept_at   timestamptz NOT NULL
);
CREATE INDEX pack_body_version ON waymark.pack_body (programme, version);

CREATE TABLE waymark.directory_body (
  digest  text PRIMARY KEY,
  version text NOT NULL,
  body    text NOT NULL,
  kept_at timestamptz NOT NULL
);

-- Never changed, never taken away: receipts name them for as long as receipts live.
GRANT SELECT, INSERT ON waymark.pack_body, waymark.directory_body TO waymark_worker;
