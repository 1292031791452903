-- Help that rests, delivery partners and clocks: how an offer gets on once a provider has it.

ALTER TABLE waymark.offer
  ADD COLUMN on_hold_since timestamptz,
  ADD COLUMN on_hold_until date,
  -- The delivery partner to whom its prime gave it.
  ADD COLUMN assigned_to   text,
  -- What its provider owes next, and until when.
  ADD COLUMN due_clock     text,
  ADD COLUMN due_at        timestamptz;
CREATE INDEX offer_partner ON waymark.offer (assigned_to, status, id) WHERE assigned_to IS NOT NULL;

-- A partner sees what was given to it and nothing else of its prime.
DROP POLICY owns ON waymark.offer;
CREATE POLICY owns ON waymark.offer FOR SELECT TO waymark_reader
  USING (organisation = waymark.reading() OR provider = waymark.reading() OR assigned_to = waymark.reading());
DROP POLICY owns ON waymark.referral;
CREATE POLICY owns ON waymark.referral FOR SELECT TO waymark_reader
  USING (organisation = waymark.reading()
    OR EXISTS (SELECT FROM waymark.offer o
      WHERE o.referral = referral.id AND (o.provider = waymark.reading() OR o.assigned_to = waymark.reading())));
DROP POLICY owns ON waymark.case_file;
CREATE POLICY owns ON waymark.case_file FOR SELECT TO waymark_reader
  USING (organisation = waymark.reading()
    OR EXISTS (SELECT FROM waymark.offer o
      WHERE o.case_id = case_file.id
        AND (o.provider = waymark.reading() OR o.assigned_to = waymark.reading())));

-- An offer's clocks are found with it.
CREATE INDEX work_clock ON waymark.work (subject) WHERE kind = 'chase';
