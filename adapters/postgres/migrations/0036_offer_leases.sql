-- Offers that a worker of a provider's own system took from its queue for a while: nobody else of that provider is given them.

CREATE TABLE waymark.offer_lease (
  offer    uuid PRIMARY KEY,
  provider text NOT NULL,
  lease    uuid NOT NULL,
  until    timestamptz NOT NULL
);
CREATE INDEX offer_lease_held ON waymark.offer_lease (lease);
CREATE INDEX offer_lease_until ON waymark.offer_lease (until);

GRANT SELECT, INSERT, UPDATE, DELETE ON waymark.offer_lease TO waymark_worker;
ALTER TABLE waymark.offer_lease ENABLE ROW LEVEL SECURITY;
ALTER TABLE waymark.offer_lease FORCE ROW LEVEL SECURITY;
CREATE POLICY carries ON waymark.offer_lease TO waymark_worker USING (true) WITH CHECK (true);
