-- Names and reasons are shown in lists: they stay so short that a list remains one.
ALTER TABLE person ADD CONSTRAINT person_name_short CHECK (length(name) <= 200);
ALTER TABLE device ADD CONSTRAINT device_name_short CHECK (length(name) <= 200);

-- Somebody has to remain who may administer people. Those of the demo can't sign in by a provider: beside somebody who
-- does, they don't count.
CREATE FUNCTION an_administrator_remains() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Two who disable one another at once: the second waits, and then sees what the first did.
    PERFORM pg_advisory_xact_lock(hashtext('otklik: the last administrator'));
    IF NOT EXISTS (
        SELECT FROM person AS other WHERE other.id <> OLD.id AND other.role = 'administrator' AND other.is_active
            AND (OLD.issuer IS NULL OR OLD.issuer = 'demo' OR other.issuer IS DISTINCT FROM 'demo')
    ) THEN
        RAISE EXCEPTION 'this is the last administrator: make somebody else one before'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER an_administrator_remains BEFORE UPDATE OF role, is_active ON person FOR EACH ROW
    WHEN (OLD.role = 'administrator' AND OLD.is_active AND NOT (NEW.role = 'administrator' AND NEW.is_active))
    EXECUTE FUNCTION an_administrator_remains();

CREATE FUNCTION must_say_why(why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF btrim(coalesce(why, ''), E' \t\r\n') = '' THEN
        RAISE EXCEPTION 'a reason is needed' USING ERRCODE = 'invalid_parameter_value';
    ELSIF length(why) > 1000 THEN
        RAISE EXCEPTION 'a reason has at most 1000 characters' USING ERRCODE = 'invalid_parameter_value';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION administer_person(who integer, new jsonb, why text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM must_have('people');
    PERFORM must_say_why(why);
    IF who = viewer_id() AND new ?| ARRAY['role', 'is_active'] THEN
        RAISE EXCEPTION 'nobody changes their own role' USING ERRCODE = 'insufficient_privilege';
    ELSIF who = viewer_id() AND new ? 'email' THEN
        -- A slip there, and nobody could sign in as them any more.
        RAISE EXCEPTION 'nobody changes their own e-mail' USING ERRCODE = 'insufficient_privilege';
    ELSIF who IS NULL AND new->>'role' <> 'screen' AND coalesce(new->>'email', '') = '' THEN
        RAISE EXCEPTION 'a person signs in by an e-mail' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN person_save(who, new, why);
END $$;

CREATE OR REPLACE FUNCTION enrol_device(a_person integer, a_name text, a_token_hash bytea, why text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made integer;
    screen text;
BEGIN
    PERFORM must_have('people');
    PERFORM must_say_why(why);
    SELECT name INTO screen FROM person WHERE id = a_person AND role = 'screen' AND is_active;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'person % is no screen', a_person USING ERRCODE = 'no_data_found';
    END IF;
    INSERT INTO device (token_hash, name, person_id, enrolled_by) VALUES (a_token_hash, a_name, a_person, viewer_id())
    RETURNING id INTO made;
    PERFORM audit_append('device enrolled', 'device ' || made, why, NULL,
        jsonb_build_object('name', a_name, 'screen', screen));
    RETURN made;
END $$;

CREATE OR REPLACE FUNCTION revoke_device(a_device integer, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was jsonb;
BEGIN
    PERFORM must_have('people');
    PERFORM must_say_why(why);
    UPDATE device SET revoked_at = now() FROM person
    WHERE device.id = a_device AND revoked_at IS NULL AND person.id = person_id
    RETURNING jsonb_build_object('name', device.name, 'screen', person.name) INTO was;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM audit_append('device revoked', 'device ' || a_device, why, was, NULL);
    RETURN true;
END $$;
