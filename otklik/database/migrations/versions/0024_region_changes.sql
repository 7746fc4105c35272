-- A region whose appeals a transaction changed; NULL is every region.
CREATE TABLE region_change (
    region_id integer,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX region_change_xid ON region_change (xid);

CREATE FUNCTION note_changed_regions() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO region_change (region_id)
    SELECT DISTINCT added.region_id FROM added
    WHERE NOT EXISTS (
        SELECT FROM region_change AS earlier
        WHERE earlier.xid = pg_current_xact_id() AND earlier.region_id = added.region_id
    );
    RETURN NULL;
END $$;

-- Every change of appeals adds fresh facts; folding them takes some away, and is no change.
CREATE TRIGGER note_changed_regions AFTER INSERT ON fact_fresh
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_changed_regions();
CREATE TRIGGER note_changed_regions AFTER INSERT ON open_fact_fresh
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_changed_regions();

CREATE FUNCTION note_truncation() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO region_change (region_id) VALUES (NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER note_truncation AFTER TRUNCATE ON appeal FOR EACH STATEMENT EXECUTE FUNCTION note_truncation();

-- The regions changed by transactions that were not yet visible in a snapshot, and the snapshot of this answer.
CREATE FUNCTION regions_changed_since(before pg_snapshot, OUT snapshot pg_snapshot, OUT region_ids integer[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT pg_current_snapshot(), array_agg(DISTINCT region_id)
    FROM region_change WHERE xid >= pg_snapshot_xmin(before) AND NOT pg_visible_in_snapshot(xid, before)
$$;

-- Listeners read changes within a second; who was away for longer takes everything for changed.
CREATE FUNCTION forget_region_changes() RETURNS bigint LANGUAGE sql SET search_path = public, pg_temp AS $$
    WITH forgotten AS (DELETE FROM region_change WHERE changed_at < now() - interval '10 minutes' RETURNING 1)
    SELECT count(*) FROM forgotten
$$;

-- The regions with an open appeal whose deadline, or start of risk, lies in (after, until]: they change by themselves.
CREATE FUNCTION regions_with_crossings(after timestamptz, until timestamptz) RETURNS integer[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(region.id), '{}') FROM territory AS region
    WHERE region.level = 'region' AND (
        EXISTS (
            SELECT FROM appeal WHERE appeal.region_id = region.id AND closed_at IS NULL
                AND deadline_at > after AND deadline_at <= until
        ) OR EXISTS (
            SELECT FROM appeal WHERE appeal.region_id = region.id AND closed_at IS NULL
                AND risk_at > after AND risk_at <= until
        )
    )
$$;

REVOKE EXECUTE ON FUNCTION regions_changed_since, regions_with_crossings, forget_region_changes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION regions_changed_since, regions_with_crossings TO otklik_app;
