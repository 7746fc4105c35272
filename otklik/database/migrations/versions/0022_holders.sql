-- Reassigning appeals to several organisations at once, in one operation: `fields` names one for all, {"holder": code},
-- or one for each, {"holders": {code: [positions in the list of appeals, from 0]}}.

CREATE FUNCTION holder_codes(fields jsonb) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT fields->>'holder' WHERE fields ? 'holder'
    UNION ALL
    SELECT jsonb_object_keys(fields->'holders') WHERE fields ? 'holders'
$$;

-- An appeal without a row has no new organisation: it is refused, and the others go through.
CREATE FUNCTION chosen_holders(regions integer[], ids bigint[], fields jsonb)
RETURNS TABLE (region_id integer, appeal_id bigint, holder_id integer) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (asked.region_id, asked.id) asked.region_id, asked.id, organisation.id
    FROM unnest(regions, ids) WITH ORDINALITY AS asked (region_id, id, nth)
    LEFT JOIN (
        SELECT holder.code, position.value::bigint AS position
        FROM jsonb_each(fields->'holders') AS holder (code, positions),
            jsonb_array_elements_text(holder.positions) AS position
    ) AS pair ON pair.position = asked.nth - 1
    JOIN organisation ON organisation.code = coalesce(fields->>'holder', pair.code)
    ORDER BY asked.region_id, asked.id, asked.nth, organisation.id
$$;

CREATE OR REPLACE FUNCTION judge_reassign(regions integer[], ids bigint[], versions timestamptz[], fields jsonb)
RETURNS SETOF operation_row LANGUAGE sql STABLE AS $$
    SELECT NULL::uuid, j.region_id, j.appeal_id, (j.a).number,
        coalesce(j.refused, CASE
            WHEN new.id IS NULL THEN 'unassigned'
            WHEN new.id = old.id THEN 'holds_it'
            WHEN NOT EXISTS (
                SELECT FROM territory_above AS above WHERE above.above_id = new.territory_id
                    AND above.territory_id = coalesce((j.a).municipality_id, (j.a).region_id)
            ) THEN 'territory'
            WHEN NOT (sight.everything OR new.territory_id = ANY (sight.places)) THEN 'level'
            WHEN new.level = old.level AND made.transfers >= cap.transfers AND NOT EXISTS (
                SELECT FROM transfer_allowed AS t
                WHERE t.region_id = j.region_id AND t.appeal_id = j.appeal_id AND t.used_by IS NULL
            ) THEN 'cap'
        END), j.by_whom, j.at,
        jsonb_build_object('holder_id', old.id, 'set_here', (j.a).set_here),
        jsonb_build_object('holder_id', new.id, 'set_here', with_word((j.a).set_here, 'holder')), NULL::timestamptz
    FROM asked_appeals(regions, ids, versions, true) AS j
    LEFT JOIN chosen_holders(regions, ids, fields) AS chosen
        ON chosen.region_id = j.region_id AND chosen.appeal_id = j.appeal_id
    LEFT JOIN organisation AS new ON new.id = chosen.holder_id
    CROSS JOIN (SELECT sees_everything() AS everything, visible_territories() AS places) AS sight
    CROSS JOIN (
        SELECT coalesce((SELECT value::integer FROM setting WHERE name = 'horizontal_transfers'), 2) AS transfers
    ) AS cap
    LEFT JOIN organisation AS old ON old.id = (j.a).holder_id
    -- Between organisations of one level; those that were undone don't count.
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(CASE e.kind WHEN 'undone' THEN -1 ELSE 1 END), 0) AS transfers
        FROM event AS e
        JOIN organisation AS giver ON giver.code = e.before->>'holder'
        JOIN organisation AS taker ON taker.code = e.after->>'holder'
        WHERE e.region_id = j.region_id AND e.appeal_id = j.appeal_id AND new.level = old.level
            AND e.kind IN ('redirected', 'imported', 'undone') AND giver.level = taker.level AND giver.id <> taker.id
    ) AS made
$$;

CREATE OR REPLACE FUNCTION check_fields(what text, fields jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    undone operation;
BEGIN
    IF what = 'reassign' AND fields ? 'holder' = fields ? 'holders' THEN
        PERFORM refuse_all('no_holder', 'there is either one organisation or one for each appeal');
    ELSIF what = 'reassign' AND (
        NOT EXISTS (SELECT FROM holder_codes(fields)) OR EXISTS (
            SELECT FROM holder_codes(fields) AS asked (code)
            WHERE NOT EXISTS (SELECT FROM organisation WHERE organisation.code = asked.code))
    ) THEN
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

-- What the audit records of the fields: the organisations, without the positions. Each appeal's is in its history.
CREATE FUNCTION audited_fields(fields jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN fields ? 'holders' THEN fields || jsonb_build_object('holders', (
        SELECT jsonb_agg(code ORDER BY code) FROM jsonb_object_keys(fields->'holders') AS code
    )) ELSE fields END
$$;

-- Each refused row knows its own new organisation.
CREATE OR REPLACE VIEW transfer_asked WITH (security_invoker = true) AS
SELECT DISTINCT ON (r.region_id, r.appeal_id)
    r.region_id, r.appeal_id, a.number, o.at, o.actor, o.reason, holder.code AS holder, new_holder.code AS new_holder
FROM operation_row AS r
JOIN operation AS o ON o.key = r.operation
JOIN appeal AS a ON a.region_id = r.region_id AND a.id = r.appeal_id
JOIN organisation AS holder ON holder.id = a.holder_id
JOIN organisation AS new_holder ON new_holder.id = (r.after->>'holder_id')::integer
WHERE r.refused = 'cap' AND a.closed_at IS NULL AND a.holder_id = (r.before->>'holder_id')::integer
    AND NOT EXISTS (
        SELECT FROM transfer_allowed AS t WHERE t.region_id = r.region_id AND t.appeal_id = r.appeal_id AND t.at > o.at
    )
ORDER BY r.region_id, r.appeal_id, o.at DESC;
