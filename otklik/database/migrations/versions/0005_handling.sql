-- Doing it: right, reason and fields are checked once, each appeal against what the screen saw; those that are refused
-- don't hold up the others. History, columns and audit change in one transaction.

-- Refuse all of it, by a code that the screens have a sentence for.
CREATE FUNCTION refuse_all(code text, said text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', said USING ERRCODE = 'invalid_parameter_value', CONSTRAINT = code;
END $$;

CREATE FUNCTION check_fields(what text, fields jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    undone operation;
BEGIN
    IF what = 'reassign' AND NOT EXISTS (SELECT FROM organisation WHERE code = fields->>'holder') THEN
        PERFORM refuse_all('no_holder', 'there is no such organisation');
    ELSIF what = 'extend' AND NOT coalesce((fields->>'days')::integer BETWEEN 1 AND 30, false) THEN
        PERFORM refuse_all('days', 'a deadline is extended by 1 to 30 days');
    ELSIF what = 'extend' AND NOT coalesce((fields->>'notice')::boolean, false) THEN
        PERFORM refuse_all('no_notice', 'the applicant has to be told of an extension');
    ELSIF what = 'topic' AND NOT EXISTS (
        SELECT FROM topic AS t WHERE code = fields->>'topic' AND NOT EXISTS (SELECT FROM topic WHERE parent_id = t.id)
    ) THEN
        PERFORM refuse_all('no_topic', 'there is no such topic of the lowest level');
    ELSIF what = 'duplicate' AND NOT EXISTS (
        SELECT FROM appeal WHERE region_id = (fields->>'region')::integer AND id = (fields->>'appeal')::bigint
            AND sees_place(region_id, municipality_id)
    ) THEN
        PERFORM refuse_all('no_original', 'there is no such appeal to be a duplicate of');
    ELSIF what = 'undo' THEN
        SELECT * INTO undone FROM operation WHERE key = (check_fields.fields->>'operation')::uuid FOR UPDATE;
        IF undone.person_id <> viewer_id() OR undone.kind IN ('note', 'undo') THEN
            PERFORM refuse_all('not_undoable', 'this can''t be undone by you');
        ELSIF undone.undone_by IS NOT NULL THEN
            PERFORM refuse_all('undone', 'this was undone already');
        ELSIF undone.at < clock_timestamp() - interval '10 minutes' THEN
            PERFORM refuse_all('too_late', 'this can be undone for 10 minutes only');
        END IF;
    END IF;
END $$;

CREATE FUNCTION judged(what text, regions integer[], ids bigint[], versions timestamptz[], fields jsonb)
RETURNS SETOF operation_row LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT * FROM judge_%s($1, $2, $3, $4) ORDER BY region_id, appeal_id', what)
    USING regions, ids, versions, fields;
END $$;

-- One press of a button, on up to 1,000 appeals: a row each, done or refused. `only_look` shows what would come of it.
CREATE FUNCTION handle_appeals(
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
    ELSIF btrim(coalesce(why, '')) = '' THEN
        PERFORM refuse_all('no_reason', 'a reason is needed');
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

-- One more transfer of an appeal than the cap; false when one is allowed already.
CREATE FUNCTION allow_transfer(a_region integer, an_appeal bigint, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    seen text;
BEGIN
    PERFORM must_have('allow_transfer');
    IF btrim(coalesce(why, '')) = '' THEN
        PERFORM refuse_all('no_reason', 'a reason is needed');
    END IF;
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

GRANT EXECUTE ON FUNCTION
    handle_appeals(uuid, text, integer[], bigint[], timestamptz[], jsonb, text, boolean),
    allow_transfer(integer, bigint, text)
TO otklik_app;
