-- Who commissions a programme may read the decisions made under it, refusals too, and nothing else of the case.

ALTER TABLE waymark.client DROP CONSTRAINT client_kind_check;
ALTER TABLE waymark.client ADD CONSTRAINT client_kind_check
  CHECK (kind IN ('gp', 'jobcentre', 'council', 'provider', 'operator', 'commissioner'));

-- By organisation, the programmes that were its own when it was decided: those of whose rules the decision was made.
ALTER TABLE waymark.receipt ADD COLUMN commissioners jsonb NOT NULL DEFAULT '{}';
CREATE INDEX receipt_commissioners ON waymark.receipt USING gin (commissioners);
CREATE INDEX receipt_case ON waymark.receipt (case_id);

-- Apart from waymark.reading(): an authority that refers people and commissions help has two desks.
CREATE FUNCTION waymark.commissioning() RETURNS text LANGUAGE sql STABLE
  RETURN nullif(current_setting('waymark.commissioner', true), '');

CREATE POLICY commissions ON waymark.receipt FOR SELECT TO waymark_reader
  USING (commissioners ? waymark.commissioning());
CREATE POLICY commissions ON waymark.referral FOR SELECT TO waymark_reader
  USING (waymark.commissioning() IS NOT NULL AND EXISTS (
    SELECT FROM waymark.receipt t WHERE t.referral = referral.id AND t.commissioners ? waymark.commissioning()));
-- The key of the case opens its receipts; what else it opens lies in tables that a commissioner's reader is never shown.
CREATE POLICY commissions ON waymark.case_file FOR SELECT TO waymark_reader
  USING (waymark.commissioning() IS NOT NULL AND EXISTS (
    SELECT FROM waymark.receipt t WHERE t.case_id = case_file.id AND t.commissioners ? waymark.commissioning()));
