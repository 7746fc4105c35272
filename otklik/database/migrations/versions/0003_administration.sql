-- Signing in, and changing people. What the screens call checks the viewer's right; what it calls is the console's too.
CREATE FUNCTION must_have(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT viewer_may(what) THEN
        RAISE EXCEPTION 'this needs the right "%"', what USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

CREATE FUNCTION person_of(an_issuer text, a_subject text) RETURNS SETOF person_scope
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT * FROM person_scope WHERE issuer = an_issuer AND subject = a_subject
$$;

-- At the first sign-in the provider's own name for a person takes the e-mail's place.
CREATE FUNCTION bind_person(an_issuer text, a_subject text, an_email text, an_address text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bound integer;
BEGIN
    UPDATE person SET issuer = an_issuer, subject = a_subject, changed_at = now()
    WHERE email = lower(an_email) AND issuer IS NULL AND is_active RETURNING id INTO bound;
    IF bound IS NULL THEN
        RETURN false;
    END IF;
    PERFORM set_config('otklik.person', bound::text, true), set_config('otklik.address', an_address, true);
    PERFORM audit_append('first sign-in', 'person ' || bound, NULL, NULL,
        jsonb_build_object('issuer', an_issuer, 'subject', a_subject));
    RETURN true;
END $$;

CREATE FUNCTION person_facts(who integer) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'email', email, 'name', name, 'role', role, 'everywhere', everywhere, 'is_active', is_active,
        'territories', (
            SELECT coalesce(jsonb_agg(code ORDER BY code), '[]')
            FROM person_territory JOIN territory ON territory.id = territory_id WHERE person_id = who
        )
    ) FROM person WHERE id = who
$$;

-- Add a person (who is null) or change one; `new` has those of the keys of person_facts that are to change.
CREATE FUNCTION person_save(who integer, new jsonb, why text) RETURNS integer
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    was jsonb;
    became jsonb;
    unknown text;
BEGIN
    IF who IS NULL THEN
        INSERT INTO person (email, name, role) VALUES (lower(new->>'email'), new->>'name', new->>'role')
        RETURNING id INTO who;
    ELSE
        PERFORM FROM person WHERE id = who FOR UPDATE;
        was = person_facts(who);
        IF was IS NULL THEN
            RAISE EXCEPTION 'there is no person %', who USING ERRCODE = 'no_data_found';
        END IF;
    END IF;
    IF new ? 'territories' THEN
        SELECT code INTO unknown FROM jsonb_array_elements_text(new->'territories') AS code
        WHERE code NOT IN (SELECT territory.code FROM territory) LIMIT 1;
        IF unknown IS NOT NULL THEN
            RAISE EXCEPTION 'there is no territory "%"', unknown USING ERRCODE = 'no_data_found';
        END IF;
        DELETE FROM person_territory WHERE person_id = who;
        INSERT INTO person_territory SELECT who, id FROM territory WHERE new->'territories' ? code;
    END IF;
    became = person_facts(who) || (new - 'territories') || jsonb_build_object('email', coalesce(lower(new->>'email'), was->>'email'));
    UPDATE person SET
        email = became->>'email', name = became->>'name', role = became->>'role', changed_at = now(),
        everywhere = (became->>'everywhere')::boolean, is_active = (became->>'is_active')::boolean,
        -- Another e-mail is another account at the provider.
        issuer = CASE WHEN email IS DISTINCT FROM became->>'email' THEN NULL ELSE issuer END,
        subject = CASE WHEN email IS DISTINCT FROM became->>'email' THEN NULL ELSE subject END
    WHERE id = who;
    became = person_facts(who);
    IF was IS DISTINCT FROM became THEN
        PERFORM audit_append(CASE
            WHEN was IS NULL THEN 'person added'
            WHEN was->>'is_active' < became->>'is_active' THEN 'person enabled'
            WHEN was->>'is_active' > became->>'is_active' THEN 'person disabled'
            ELSE 'person changed' END, 'person ' || who, why, was, became);
    END IF;
    RETURN who;
END $$;

CREATE FUNCTION administer_person(who integer, new jsonb, why text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM must_have('people');
    IF who = viewer_id() AND new ?| ARRAY['role', 'is_active'] THEN
        RAISE EXCEPTION 'nobody changes their own role' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN person_save(who, new, why);
END $$;

CREATE FUNCTION enrol_device(a_person integer, a_name text, a_token_hash bytea, why text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made integer;
BEGIN
    PERFORM must_have('people');
    IF NOT EXISTS (SELECT FROM person WHERE id = a_person AND role = 'screen') THEN
        RAISE EXCEPTION 'person % is no screen', a_person USING ERRCODE = 'no_data_found';
    END IF;
    INSERT INTO device (token_hash, name, person_id, enrolled_by) VALUES (a_token_hash, a_name, a_person, viewer_id())
    RETURNING id INTO made;
    PERFORM audit_append('device enrolled', 'device ' || made, why, NULL,
        jsonb_build_object('name', a_name, 'person', a_person));
    RETURN made;
END $$;

CREATE FUNCTION revoke_device(a_device integer, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM must_have('people');
    UPDATE device SET revoked_at = now() WHERE id = a_device AND revoked_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM audit_append('device revoked', 'device ' || a_device, why, NULL, NULL);
    RETURN true;
END $$;

CREATE FUNCTION person_of_device(a_token_hash bytea) RETURNS SETOF person_scope
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE device SET seen_at = now() WHERE token_hash = a_token_hash AND revoked_at IS NULL
        AND (seen_at IS NULL OR seen_at < now() - interval '1 minute');
    RETURN QUERY SELECT p.* FROM person_scope AS p JOIN device ON device.person_id = p.id
        WHERE token_hash = a_token_hash AND revoked_at IS NULL AND p.role = 'screen';
END $$;

-- One applicant, to one person, for a reason; each look stands in the audit, whether or not there was anything to see.
CREATE FUNCTION applicant_of(a_region integer, an_appeal bigint, why text) RETURNS SETOF applicant
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    seen text;
BEGIN
    PERFORM must_have('personal_data');
    IF btrim(coalesce(why, '')) = '' THEN
        RAISE EXCEPTION 'personal data are shown for a reason only' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT source.code || ' ' || number INTO seen FROM appeal JOIN source ON source.id = source_id
    WHERE region_id = a_region AND appeal.id = an_appeal AND sees_place(region_id, municipality_id);
    IF seen IS NULL THEN
        RAISE EXCEPTION 'there is no such appeal' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM audit_append('personal data shown', 'appeal ' || seen, why, NULL, NULL);
    RETURN QUERY SELECT * FROM applicant WHERE region_id = a_region AND appeal_id = an_appeal;
END $$;
