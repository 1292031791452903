-- Our MESH mailbox: what was sent, so that nothing is sent twice, and what came, stored before MESH is told that we have it.

CREATE TABLE waymark.mesh_dispatch (
  -- An offer, or `reply-` with the id of the message that is answered. MESH knows it as our local id.
  key        text PRIMARY KEY,
  -- From the second on it goes out under an id of its own.
  round      integer NOT NULL,
  state      text NOT NULL CHECK (state IN ('begun', 'uploading', 'sent', 'returned')),
  mailbox    text NOT NULL,
  message_id text,
  code       text,
  changed_at timestamptz NOT NULL
);
CREATE INDEX mesh_dispatch_age ON waymark.mesh_dispatch (changed_at);

CREATE TABLE waymark.mesh_parcel (
  message_id  text PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('data', 'report')),
  mailbox     text NOT NULL,
  workflow    text NOT NULL,
  local_id    text,
  linked      text,
  code        text,
  fault       text,
  received_at timestamptz NOT NULL,
  -- NULL until somebody has looked into it.
  outcome     text,
  offer       uuid,
  client      uuid,
  reasons     text[],
  reply       text CHECK (reply IN ('due', 'sent', 'failed')),
  reply_cause text,
  -- What was sent to us, sealed with the ring: until it is read it belongs to no case. Gone once it was understood.
  sealed_body bytea
);
CREATE INDEX mesh_parcel_unopened ON waymark.mesh_parcel (received_at) WHERE outcome IS NULL;
CREATE INDEX mesh_parcel_reply ON waymark.mesh_parcel (received_at) WHERE reply = 'due';
CREATE INDEX mesh_parcel_age ON waymark.mesh_parcel (received_at);
CREATE INDEX mesh_parcel_offer ON waymark.mesh_parcel (offer) WHERE sealed_body IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON waymark.mesh_dispatch, waymark.mesh_parcel TO waymark_worker;
