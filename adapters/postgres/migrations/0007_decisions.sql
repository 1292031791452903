-- What a decision read, sealed beside its receipt, so that it can be made again; what an offer holds; and cases of several referrals.
ALTER TABLE waymark.receipt ADD COLUMN sealed_input bytea;
ALTER TABLE waymark.offer ADD COLUMN contract text, ADD COLUMN places text[] NOT NULL DEFAULT '{}';
UPDATE waymark.offer SET places = ARRAY[service];
CREATE INDEX referral_case ON waymark.referral (case_id);
