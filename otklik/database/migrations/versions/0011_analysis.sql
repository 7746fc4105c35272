-- What was changed and is not folded in yet: seen as far as its regions are.
ALTER TABLE trace_fresh ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON trace_fresh FOR SELECT
    USING ((SELECT sees_everything()) OR region_id = ANY ((SELECT visible_territories())::integer[]));
GRANT SELECT ON trace_fresh TO otklik_app;

CREATE FUNCTION trace_truncate() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    TRUNCATE trace_fresh, cube_course_folded, cube_doubt_folded;
    RETURN NULL;
END $$;
CREATE TRIGGER trace_truncate AFTER TRUNCATE ON appeal FOR EACH STATEMENT EXECUTE FUNCTION trace_truncate();

-- Appeals are counted by what it means that they were explained.
CREATE TRIGGER code_stays BEFORE UPDATE OF code ON outcome FOR EACH ROW
    WHEN (OLD.code <> NEW.code) EXECUTE FUNCTION stays_as_counted('code');

-- How many appeals of the regions the viewer sees that were received since and until then are open, by whole days since.
-- Row by row row security would fetch each of them from the table; the queue's index has all that is counted. Looked for
-- region by region, that index would be read once for each.
CREATE FUNCTION open_ages(regions integer[], since timestamptz[], until timestamptz[])
RETURNS TABLE (age integer, appeals bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_nestloop = off AS $$
    WITH day AS MATERIALIZED (
        SELECT region_id, first, last FROM unnest(regions, since, until) AS of (region_id, first, last)
        WHERE sees_everything() OR region_id = ANY (visible_territories())
    )
    SELECT floor(greatest(extract(epoch FROM now() - received_at)::double precision, 0) / 86400)::integer, count(*)
    FROM appeal JOIN day USING (region_id)
    WHERE closed_at IS NULL AND received_at >= first AND received_at < last
        AND received_at >= (SELECT min(first) FROM day) AND received_at < (SELECT max(last) FROM day)
    GROUP BY 1
$$;
REVOKE EXECUTE ON FUNCTION open_ages FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_ages TO otklik_app;
