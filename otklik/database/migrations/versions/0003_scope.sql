-- Row security. The functions look at the tables of people as their owner, once a query: policies call them in a
-- sub-select, whose value is known before the first row.
CREATE FUNCTION viewer_scope(OUT everywhere boolean, OUT tops integer[], OUT is_administrator boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT p.everywhere, p.tops, p.role = 'administrator' AND p.is_active INTO everywhere, tops, is_administrator
    FROM person_scope AS p WHERE p.id = viewer_id();
END $$;

CREATE FUNCTION viewer_may(what text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM person JOIN role_right USING (role) WHERE person.id = viewer_id() AND is_active AND may = what
    );
END $$;

CREATE FUNCTION sees_everything() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM person WHERE id = viewer_id() AND is_active AND everywhere);
END $$;

CREATE FUNCTION visible_territories() RETURNS integer[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT sees FROM person WHERE id = viewer_id() AND is_active);
END $$;

CREATE FUNCTION sees_place(region integer, municipality integer) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT sees_everything() OR region = ANY (visible_territories()) OR municipality = ANY (visible_territories())
$$;

-- What a relation's rows are seen by. Reference words (territories, topics, organisations …) have no policy.
DO $$
DECLARE
    sees CONSTANT text := '(SELECT sees_everything()) OR %I = ANY ((SELECT visible_territories())::integer[])';
    of_place CONSTANT text := sees || ' OR %I = ANY ((SELECT visible_territories())::integer[])';
    -- One's own region's at once; else whether the appeal is seen, by the appeal's own policy.
    of_appeal CONSTANT text := sees || ' OR EXISTS (SELECT FROM appeal AS a WHERE a.region_id = %I.region_id AND a.id = appeal_id)';
    relation text;
    condition text;
BEGIN
    FOR relation, condition IN
        SELECT relname, CASE
            WHEN relname IN ('fact_fresh', 'open_fact_fresh') THEN format(of_place, 'region_id', 'place_id')
            WHEN relname = 'appeal' THEN format(of_place, 'region_id', 'municipality_id')
            WHEN relname IN ('event', 'applicant') THEN format(of_appeal, 'region_id', relname)
            WHEN relname = 'territory_above' THEN format(sees, 'above_id')
            WHEN relname LIKE '%\_folded' THEN format(sees, 'territory_id')
            WHEN relname IN ('person', 'person_territory', 'device') THEN '(SELECT viewer_may(''people''))'
            WHEN relname = 'audit' THEN '(SELECT viewer_may(''audit''))'
        END
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    LOOP
        CONTINUE WHEN condition IS NULL;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation);
        EXECUTE format('CREATE POLICY scope ON %I FOR SELECT USING (%s)', relation, condition);
    END LOOP;
    -- A view looks with the eyes of who asks.
    FOR relation IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v' LOOP
        EXECUTE format('ALTER VIEW %I SET (security_invoker = true)', relation);
    END LOOP;
END $$;
