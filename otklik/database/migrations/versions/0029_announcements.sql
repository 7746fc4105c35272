-- The functions that count changes keep all else that they do.
DO $$
DECLARE
    counting record;
    definition text;
BEGIN
    FOR counting IN
        SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosrc LIKE '%nextval(''unsaid'')%'
    LOOP
        definition = regexp_replace(
            pg_get_functiondef(counting.oid),
            '\s*ELSE\s+PERFORM pg_advisory_xact_lock_shared\(hashtext\(''otklik''\), hashtext\(''unsaid''\)\);'
            '\s+PERFORM nextval\(''unsaid''\);',
            ''
        );
        IF definition LIKE '%unsaid%' THEN
            RAISE EXCEPTION 'a function still counts: %', definition;
        END IF;
        EXECUTE definition;
    END LOOP;
END $$;
DROP SEQUENCE unsaid;

-- A note and an allowed transfer change no fact of an appeal, and yet what screens show of it.
CREATE FUNCTION note_changed_region() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO region_change (region_id) VALUES (NEW.region_id);
    RETURN NULL;
END $$;
CREATE TRIGGER note_changed_region AFTER INSERT ON event
    FOR EACH ROW WHEN (NEW.kind = 'note') EXECUTE FUNCTION note_changed_region();
CREATE TRIGGER note_changed_region AFTER INSERT ON transfer_allowed
    FOR EACH ROW EXECUTE FUNCTION note_changed_region();

-- Announcements: whose notices changed, that the audit grew, that transfers wait for approval or were approved. Each commit
-- that changes them announces them: these are presses of buttons and the worker's runs, not imports.
CREATE FUNCTION announce_notices() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('otklik_announcements', 'notices ' || person_id) FROM (SELECT DISTINCT person_id FROM changed) AS people;
    RETURN NULL;
END $$;
CREATE TRIGGER announce_added_notices AFTER INSERT ON notice
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION announce_notices();
CREATE TRIGGER announce_changed_notices AFTER UPDATE ON notice
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION announce_notices();

CREATE FUNCTION announce_audit() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('otklik_announcements', 'audit');
    RETURN NULL;
END $$;
CREATE TRIGGER announce_audit AFTER INSERT ON audit FOR EACH STATEMENT EXECUTE FUNCTION announce_audit();

CREATE FUNCTION announce_transfers() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('otklik_announcements', 'transfers');
    RETURN NULL;
END $$;
CREATE TRIGGER announce_transfers AFTER INSERT ON operation_row
    FOR EACH ROW WHEN (NEW.refused = 'cap') EXECUTE FUNCTION announce_transfers();
CREATE TRIGGER announce_transfers AFTER INSERT ON transfer_allowed
    FOR EACH STATEMENT EXECUTE FUNCTION announce_transfers();

REVOKE EXECUTE ON FUNCTION note_changed_region, announce_notices, announce_audit, announce_transfers FROM PUBLIC;
