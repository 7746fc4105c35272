-- What otklik_app may: read words, appeals and cubes by its policies, and call what writes on its behalf.
DO $$
DECLARE
    thing regprocedure;
    relation text;
BEGIN
    -- PostgreSQL lets everybody call every function; here nobody may unless said so, now and for those to come.
    ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
    FOR thing IN
        SELECT p.oid FROM pg_proc AS p WHERE pronamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', thing);
        -- Who may write appeals needs no right on the cubes that the write is counted in.
        IF thing::text LIKE 'roll\_up\_%' OR thing = 'place_territory()'::regprocedure THEN
            EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = public, pg_temp', thing);
        END IF;
    END LOOP;
    FOR relation IN
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
            AND (relname ~ '_(folded|fresh)$' OR to_regclass(relname || '_folded') IS NOT NULL
                OR relname IN ('fact', 'open_fact'))
    LOOP
        EXECUTE format('GRANT SELECT ON %I TO otklik_app', relation);
    END LOOP;
END $$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO otklik_app;
GRANT SELECT ON territory, organisation, topic, source, channel, regime, outcome, stage, status, demo_run TO otklik_app;
GRANT SELECT ON territory_above, appeal, event, person, person_territory, audit TO otklik_app;
GRANT SELECT (id, name, person_id, enrolled_by, enrolled_at, revoked_at, seen_at) ON device TO otklik_app;
GRANT EXECUTE ON FUNCTION
    viewer_id(), viewer_scope(), viewer_may(text), sees_everything(), visible_territories(),
    person_of(text, text), bind_person(text, text, text, text), person_of_device(bytea),
    administer_person(integer, jsonb, text), enrol_device(integer, text, bytea, text), revoke_device(integer, text),
    audit_record(text, text, text, jsonb, jsonb), applicant_of(integer, bigint, text)
TO otklik_app;
