-- After a restore: what a later copy of this store had given and sent, as far as its journal knows.

-- Offers that may have been sent by a copy that is gone: nothing here says that they were not.
CREATE TABLE waymark.maybe_sent (
  offer uuid PRIMARY KEY,
  at    timestamptz NOT NULL
);

-- References that were given for referrals that are gone. The same submission, when it comes again, gets the same one.
CREATE TABLE waymark.lost_referral (
  reference    text PRIMARY KEY,
  referral     uuid NOT NULL,
  organisation text NOT NULL,
  door         text NOT NULL,
  -- A keyed digest, as in waymark.submission.
  key          text NOT NULL,
  at           timestamptz NOT NULL
);
CREATE INDEX lost_referral_key ON waymark.lost_referral (organisation, door, key);

GRANT SELECT, INSERT ON waymark.maybe_sent, waymark.lost_referral TO waymark_worker;
