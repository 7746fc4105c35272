-- One rule for every function that asks why, and only those entries of the audit that the screens make.

-- Blanks of every script say nothing. The codes are those that screens have a sentence for.
CREATE OR REPLACE FUNCTION must_say_why(why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(why, '') !~ '[^[:space:][:cntrl:]\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufeff]' THEN
        PERFORM refuse_all('no_reason', 'a reason is needed');
    ELSIF length(why) > 1000 THEN
        PERFORM refuse_all('long_reason', 'a reason has at most 1000 characters');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION handle_appeals(
    a_key uuid, what text, regions integer[], ids bigint[], versions timestamptz[], fields jsonb, why text,
    only_look boolean
) RETURNS SETOF operation_row LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    undone CONSTANT uuid = CASE WHEN what = 'undo' THEN fields->>'operation' END;
    known operation;
    did operation;
BEGIN
    PERFORM must_have(coalesce(CASE WHEN what = 'undo' THEN (SELECT kind FROM operation WHERE key = undone) ELSE what END, ''));
    IF what = 'undo' THEN
        SELECT array_agg(region_id), array_agg(appeal_id), array_agg(version) INTO regions, ids, versions
        FROM (
            SELECT * FROM operation_row WHERE operation = undone AND refused IS NULL ORDER BY region_id, appeal_id
        ) AS done;
        why = coalesce(nullif(btrim(why), ''), (SELECT reason FROM operation WHERE key = undone));
    END IF;
    IF cardinality(coalesce(ids, '{}')) NOT BETWEEN 1 AND 1000 THEN
        PERFORM refuse_all('how_many', 'between 1 and 1,000 appeals can be handled at once');
    ELSIF cardinality(regions) <> cardinality(ids) OR cardinality(versions) <> cardinality(ids) THEN
        RAISE EXCEPTION 'each appeal has a region, an id and a version';
    ELSIF only_look THEN
        PERFORM check_fields(what, fields);
        RETURN QUERY SELECT * FROM judged(what, regions, ids, versions, fields);
        RETURN;
    END IF;
    PERFORM must_say_why(why);
    IF length(fields::text) > 10000 THEN
        RAISE EXCEPTION 'these fields are too long' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO operation (key, person_id, actor, kind, fields, reason, request)
    SELECT a_key, viewer_id(), person.name, what, handle_appeals.fields, btrim(why),
        sha256(convert_to(jsonb_build_array(what, regions, ids, versions, handle_appeals.fields, btrim(why))::text, 'UTF8'))
    FROM person WHERE person.id = viewer_id()
    -- The same press once more, perhaps at this moment: it waits here for the first.
    ON CONFLICT (key) DO NOTHING RETURNING * INTO did;
    IF NOT FOUND THEN
        SELECT * INTO known FROM operation WHERE key = a_key;
        IF known.person_id <> viewer_id() OR known.request <> sha256(convert_to(
            jsonb_build_array(what, regions, ids, versions, fields, btrim(why))::text, 'UTF8')) THEN
            PERFORM refuse_all('key_used', 'something else was done under this key');
        END IF;
        RETURN QUERY SELECT * FROM operation_row AS r WHERE r.operation = a_key ORDER BY r.region_id, r.appeal_id;
        RETURN;
    END IF;
    PERFORM check_fields(what, fields);
    -- In the order of the key, so that two who meet wait and don't lock each other out.
    PERFORM FROM appeal AS a WHERE (a.region_id, a.id) IN (SELECT * FROM unnest(regions, ids))
    ORDER BY a.region_id, a.id FOR NO KEY UPDATE OF a;
    -- A statement of its own: it sees what was committed while this one waited.
    INSERT INTO operation_row
    SELECT a_key, j.region_id, j.appeal_id, j.number, j.refused, j.by_whom, j.at, j.before, j.after, NULL
    FROM judged(what, regions, ids, versions, fields) AS j;
    PERFORM carry_out(did);
    IF what = 'undo' THEN
        UPDATE operation SET undone_by = a_key WHERE key = undone;
        UPDATE transfer_allowed AS t SET used_by = NULL FROM operation_row AS r
        WHERE r.operation = a_key AND r.refused IS NULL AND t.used_by = undone
            AND t.region_id = r.region_id AND t.appeal_id = r.appeal_id AND NOT EXISTS (
                SELECT FROM transfer_allowed AS u
                WHERE u.region_id = t.region_id AND u.appeal_id = t.appeal_id AND u.used_by IS NULL);
    ELSIF what = 'reassign' THEN
        -- Only who hands on between equals needs the word.
        UPDATE transfer_allowed AS t SET used_by = a_key FROM operation_row AS r
        JOIN organisation AS old ON old.id = (r.before->>'holder_id')::integer
        JOIN organisation AS new ON new.id = (r.after->>'holder_id')::integer AND new.level = old.level
        WHERE r.operation = a_key AND r.refused IS NULL AND t.used_by IS NULL
            AND t.region_id = r.region_id AND t.appeal_id = r.appeal_id;
    END IF;
    RETURN QUERY SELECT * FROM operation_row AS r WHERE r.operation = a_key ORDER BY r.region_id, r.appeal_id;
    -- Last, since others that have something to record wait from here on.
    PERFORM audit_append(
        CASE what
            WHEN 'reassign' THEN 'appeals reassigned' WHEN 'extend' THEN 'deadlines extended'
            WHEN 'return' THEN 'appeals returned' WHEN 'topic' THEN 'topic changed' WHEN 'note' THEN 'note added'
            WHEN 'duplicate' THEN 'duplicates marked' ELSE 'undone'
        END,
        'operation ' || a_key, why, NULL, handle_appeals.fields || (
            SELECT jsonb_build_object('done', count(*) FILTER (WHERE refused IS NULL), 'refused', count(refused),
                'appeals', coalesce(jsonb_agg(number) FILTER (WHERE refused IS NULL), '[]'))
            FROM operation_row AS r WHERE r.operation = a_key)
    );
END $$;

CREATE OR REPLACE FUNCTION allow_transfer(a_region integer, an_appeal bigint, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    seen text;
BEGIN
    PERFORM must_have('allow_transfer');
    PERFORM must_say_why(why);
    SELECT number INTO seen FROM appeal
    WHERE region_id = a_region AND id = an_appeal AND closed_at IS NULL AND sees_place(region_id, municipality_id);
    IF seen IS NULL THEN
        RAISE EXCEPTION 'there is no such appeal' USING ERRCODE = 'no_data_found', CONSTRAINT = 'unseen';
    END IF;
    INSERT INTO transfer_allowed (region_id, appeal_id, allowed_by, reason)
    VALUES (a_region, an_appeal, viewer_id(), btrim(why)) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM pg_notify('otklik_appeals', '');
    PERFORM audit_append('transfer allowed', 'appeal ' || seen, why, NULL, NULL);
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION applicant_of(a_region integer, an_appeal bigint, why text) RETURNS SETOF applicant
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    seen text;
BEGIN
    PERFORM must_have('personal_data');
    PERFORM must_say_why(why);
    SELECT source.code || ' ' || number INTO seen FROM appeal JOIN source ON source.id = source_id
    WHERE region_id = a_region AND appeal.id = an_appeal AND sees_place(region_id, municipality_id);
    IF seen IS NULL THEN
        RAISE EXCEPTION 'there is no such appeal' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM audit_append('personal data shown', 'appeal ' || seen, why, NULL, NULL);
    RETURN QUERY SELECT * FROM applicant WHERE region_id = a_region AND appeal_id = an_appeal;
END $$;

-- What screens record themselves: that a file was made. Everything else is recorded by the function that does it.
CREATE OR REPLACE FUNCTION audit_record(
    did text, what text, why text DEFAULT NULL, was jsonb DEFAULT NULL, became jsonb DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF did = 'audit exported' THEN
        PERFORM must_have('audit');
    ELSIF did = 'list exported' THEN
        PERFORM must_have('queue');
    ELSE
        RAISE EXCEPTION 'screens don''t record "%"', left(did, 60) USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF length(what) > 100 OR length(why) > 1000 OR was IS NOT NULL OR length(became::text) > 20000 THEN
        RAISE EXCEPTION 'this entry of the audit is too long' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM set_config('otklik.console', '', true);
    RETURN audit_append(did, what, why, was, became);
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
    ELSIF who = viewer_id() AND new ?| ARRAY['territories', 'everywhere'] THEN
        -- What somebody sees is decided by another administrator, or at the console.
        RAISE EXCEPTION 'nobody changes their own territories' USING ERRCODE = 'insufficient_privilege';
    ELSIF who IS NULL AND new->>'role' <> 'screen' AND coalesce(new->>'email', '') = '' THEN
        RAISE EXCEPTION 'a person signs in by an e-mail' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN person_save(who, new, why);
END $$;
