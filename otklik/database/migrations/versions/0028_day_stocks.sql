-- Which days of a region have been recorded: how many were open and overdue at their end, as they stood then.
CREATE TABLE recorded_day (
    region_id integer NOT NULL,
    day date NOT NULL,
    -- The moment at which the day ended.
    midnight timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (region_id, day)
);
COMMENT ON TABLE recorded_day IS 'One row a region and local day whose stocks are in day_stock.';

-- The appeals of a region or municipality that were open and overdue at the end of a recorded day. What was received
-- before and arrived later is added in rows of its own, so that writers share no lock: sum them.
CREATE TABLE day_stock (
    territory_id integer NOT NULL,
    day date NOT NULL,
    open integer NOT NULL,
    overdue integer NOT NULL
);
CREATE INDEX day_stock_place ON day_stock (territory_id, day) INCLUDE (open, overdue);
COMMENT ON TABLE day_stock IS 'Open and overdue at the end of a day, as it stood: neither extensions nor re-openings since change it.';

ALTER TABLE recorded_day ENABLE ROW LEVEL SECURITY;
-- That a day was recorded says nothing of its appeals: who sees a municipality needs to know it of the region.
CREATE POLICY scope ON recorded_day FOR SELECT USING (true);
ALTER TABLE day_stock ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON day_stock FOR SELECT
    USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]));
GRANT SELECT ON recorded_day, day_stock TO otklik_app;

-- Records the day that ended at the last midnight, from twelve hours after it on: by then the morning's import is there.
-- How many regions it recorded; NULL while older appeals are arriving, which would be missed.
CREATE FUNCTION record_day_stocks(at timestamptz DEFAULT now()) RETURNS integer LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    recorded integer;
BEGIN
    IF NOT EXISTS (
        SELECT FROM territory AS region
        WHERE region.level = 'region' AND NOT EXISTS (
            SELECT FROM recorded_day AS r WHERE r.region_id = region.id
                AND r.day = ((at - interval '12 hours') AT TIME ZONE region.timezone)::date - 1
        )
    ) THEN
        RETURN 0;
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtext('otklik day stocks')) THEN
        RETURN NULL;
    END IF;
    WITH due AS (
        SELECT region.id AS region_id, ended.day, (ended.day + 1)::timestamp AT TIME ZONE region.timezone AS midnight
        FROM territory AS region
        CROSS JOIN LATERAL (
            SELECT ((at - interval '12 hours') AT TIME ZONE region.timezone)::date - 1 AS day
        ) AS ended
        WHERE region.level = 'region'
    ), noted AS (
        INSERT INTO recorded_day (region_id, day, midnight) SELECT region_id, day, midnight FROM due
        ON CONFLICT DO NOTHING RETURNING region_id, day, midnight
    ), standing AS (
        SELECT noted.region_id, a.municipality_id, noted.day, a.deadline_at < noted.midnight AS is_overdue
        FROM noted JOIN appeal AS a ON a.region_id = noted.region_id AND a.closed_at IS NULL
            AND a.received_at < noted.midnight
        UNION ALL
        SELECT noted.region_id, a.municipality_id, noted.day, a.deadline_at < noted.midnight
        FROM noted JOIN appeal AS a ON a.region_id = noted.region_id AND a.closed_at >= noted.midnight
            AND a.received_at < noted.midnight
    ), written AS (
        INSERT INTO day_stock (territory_id, day, open, overdue)
        SELECT place.id, day, count(*), count(*) FILTER (WHERE is_overdue)
        FROM standing CROSS JOIN LATERAL (VALUES (region_id), (municipality_id)) AS place (id)
        WHERE place.id IS NOT NULL GROUP BY place.id, day
    )
    SELECT count(*) INTO recorded FROM noted;
    RETURN recorded;
END $$;

CREATE FUNCTION add_to_recorded_days() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Nothing younger can belong to a recorded day.
    IF EXISTS (SELECT FROM added WHERE received_at < now() - interval '12 hours') THEN
        PERFORM pg_advisory_xact_lock_shared(hashtext('otklik day stocks'));
        INSERT INTO day_stock (territory_id, day, open, overdue)
        SELECT place.id, r.day, count(*), count(*) FILTER (WHERE a.deadline_at < r.midnight)
        FROM added AS a
        JOIN recorded_day AS r ON r.region_id = a.region_id AND r.midnight > a.received_at
            AND r.midnight <= coalesce(a.closed_at, 'infinity')
        CROSS JOIN LATERAL (VALUES (a.region_id), (a.municipality_id)) AS place (id)
        WHERE place.id IS NOT NULL GROUP BY place.id, r.day;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER add_to_recorded_days AFTER INSERT ON appeal
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION add_to_recorded_days();

-- Removed appeals take the record of their days with them: what these had been isn't known any more.
CREATE FUNCTION forget_recorded_days() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    WITH forgotten AS (
        DELETE FROM recorded_day AS r USING (
            SELECT region_id, min(received_at) AS since FROM removed GROUP BY region_id
        ) AS gone
        WHERE r.region_id = gone.region_id AND r.midnight > gone.since RETURNING r.region_id, r.day
    )
    DELETE FROM day_stock AS s USING forgotten
    WHERE s.day = forgotten.day AND s.territory_id IN (
        SELECT id FROM territory WHERE id = forgotten.region_id OR parent_id = forgotten.region_id
    );
    RETURN NULL;
END $$;
CREATE TRIGGER forget_recorded_days AFTER DELETE ON appeal
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION forget_recorded_days();

CREATE FUNCTION forget_all_recorded_days() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    TRUNCATE recorded_day, day_stock;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_all_recorded_days AFTER TRUNCATE ON appeal
    FOR EACH STATEMENT EXECUTE FUNCTION forget_all_recorded_days();

REVOKE EXECUTE ON FUNCTION record_day_stocks, add_to_recorded_days, forget_recorded_days, forget_all_recorded_days
    FROM PUBLIC;
