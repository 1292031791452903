-- Restoring: which store this is, what the journal off the host is still to be told of, and whether anything may leave.

-- One row. A copy of the store has the same `store`; each restore is a further `epoch` of it.
CREATE TABLE waymark.identity (
  one               boolean PRIMARY KEY DEFAULT true CHECK (one),
  store             uuid NOT NULL DEFAULT gen_random_uuid(),
  epoch             integer NOT NULL DEFAULT 1,
  -- A journal is kept: then what it must know stands in waymark.journal_line with what it tells of, until it is written there.
  journal           boolean NOT NULL DEFAULT false,
  -- The last line of the journal that we know of: its number, its mark, and where it is found.
  head_number       bigint NOT NULL DEFAULT 0,
  head_mark         text NOT NULL DEFAULT '',
  head_place        bigint NOT NULL DEFAULT 0,
  -- Who writes to the journal now, and until when nobody else does.
  writer            uuid,
  writer_until      timestamptz,
  -- Since when nothing leaves, and why: a code.
  quarantined_since timestamptz,
  quarantined_for   text
);
INSERT INTO waymark.identity DEFAULT VALUES;

CREATE TABLE waymark.journal_line (
  turn bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id   uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
  at   timestamptz NOT NULL,
  kind text NOT NULL,
  -- Ids, references, codes and keyed digests.
  body jsonb NOT NULL
);

-- The audit as a chain: each row is marked with a key over itself and the mark before it. Rows from before have none.
ALTER TABLE waymark.audit ADD COLUMN number bigint UNIQUE, ADD COLUMN mark text;

GRANT SELECT ON waymark.identity TO waymark_intake, waymark_reader;
GRANT SELECT, UPDATE ON waymark.identity TO waymark_worker;
GRANT SELECT, INSERT, DELETE ON waymark.journal_line TO waymark_worker;

-- What the journal is told is written by the tables themselves, in the transaction of the deed: no path can leave it out.
-- The canary's rows (ids from ffffffff) are nobody's.

CREATE FUNCTION waymark.journal_submissions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF (SELECT journal FROM waymark.identity) THEN
    INSERT INTO waymark.journal_line (at, kind, body)
    SELECT received_at, 'accepted', jsonb_build_object('referral', referral, 'reference', reference, 'case', case_id,
      'organisation', organisation, 'door', door, 'key', key)
    FROM fresh WHERE referral < 'ffffffff-0000-0000-0000-000000000000' ORDER BY id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal AFTER INSERT ON waymark.submission
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION waymark.journal_submissions();

CREATE FUNCTION waymark.journal_offers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF (SELECT journal FROM waymark.identity) THEN
    INSERT INTO waymark.journal_line (at, kind, body)
    SELECT f.changed_at, 'offer', jsonb_build_object('offer', f.id, 'referral', f.referral, 'reference', r.reference,
      'programme', f.programme, 'contract', f.contract, 'service', f.service, 'places', f.places, 'provider', f.provider,
      'status', f.status, 'test', f.test)
    FROM fresh f JOIN waymark.referral r ON r.id = f.referral
    WHERE f.referral < 'ffffffff-0000-0000-0000-000000000000' ORDER BY f.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal AFTER INSERT ON waymark.offer
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION waymark.journal_offers();

CREATE FUNCTION waymark.journal_offer_steps() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF (SELECT journal FROM waymark.identity) THEN
    INSERT INTO waymark.journal_line (at, kind, body)
    SELECT f.changed_at, 'offer-step', jsonb_build_object('offer', f.id, 'status', f.status)
    FROM fresh f JOIN stale s ON s.id = f.id
    WHERE s.status <> f.status AND f.referral < 'ffffffff-0000-0000-0000-000000000000' ORDER BY f.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal_steps AFTER UPDATE ON waymark.offer
  REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION waymark.journal_offer_steps();

CREATE FUNCTION waymark.journal_withdrawals() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF (SELECT journal FROM waymark.identity) THEN
    INSERT INTO waymark.journal_line (at, kind, body)
    SELECT at, 'withdrawn', jsonb_build_object('referral', referral, 'event', id, 'by', body -> 'by',
      'reasons', (SELECT coalesce(jsonb_agg(one -> 'code'), '[]') FROM jsonb_array_elements(body -> 'reasons') AS one))
    FROM fresh WHERE type = 'withdrawn' AND referral < 'ffffffff-0000-0000-0000-000000000000' ORDER BY id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal AFTER INSERT ON waymark.event
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION waymark.journal_withdrawals();

CREATE FUNCTION waymark.journal_erasures() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF (SELECT journal FROM waymark.identity) THEN
    INSERT INTO waymark.journal_line (at, kind, body)
    SELECT f.erased_at, 'erased', jsonb_build_object('case', f.id)
    FROM fresh f JOIN stale s ON s.id = f.id
    WHERE f.wrapped_key IS NULL AND s.wrapped_key IS NOT NULL ORDER BY f.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal AFTER UPDATE ON waymark.case_file
  REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION waymark.journal_erasures();

CREATE FUNCTION waymark.journal_recalls() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF (SELECT journal FROM waymark.identity) THEN
    INSERT INTO waymark.journal_line (at, kind, body)
    SELECT asked_at, 'recall-wanted', jsonb_build_object('offer', offer, 'referral', referral, 'provider', provider)
    FROM fresh WHERE referral < 'ffffffff-0000-0000-0000-000000000000' ORDER BY offer;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal AFTER INSERT ON waymark.recall
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION waymark.journal_recalls();

CREATE FUNCTION waymark.journal_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF (SELECT journal FROM waymark.identity) THEN
    INSERT INTO waymark.journal_line (at, kind, body)
    SELECT at, 'audit-head', jsonb_build_object('number', number, 'mark', mark) FROM fresh ORDER BY number;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal AFTER INSERT ON waymark.audit
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION waymark.journal_audit();
