-- What an action would do to each appeal: one row an appeal with the columns as they are and as they would become, or
-- the code of why not. Looking changes nothing; `handle_appeals` asks the same again with the appeals locked.

-- The appeals that a screen named, in the viewer's scope, each against the version that the screen saw (null: any).
CREATE FUNCTION asked_appeals(regions integer[], ids bigint[], versions timestamptz[], only_open boolean)
RETURNS TABLE (region_id integer, appeal_id bigint, a appeal, refused text, by_whom text, at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT asked.region_id, asked.id, a, judged.refused,
        CASE WHEN judged.refused <> 'unseen' THEN last.actor END,
        CASE judged.refused WHEN 'closed' THEN a.closed_at WHEN 'changed' THEN a.updated_at END
    FROM (
        SELECT DISTINCT ON (region_id, id) * FROM unnest(regions, ids, versions) AS asked (region_id, id, version)
        ORDER BY region_id, id
    ) AS asked
    CROSS JOIN (SELECT sees_everything() AS everything, visible_territories() AS places) AS sight
    LEFT JOIN appeal AS a ON a.region_id = asked.region_id AND a.id = asked.id
        AND (sight.everything OR a.region_id = ANY (sight.places) OR a.municipality_id = ANY (sight.places))
    CROSS JOIN LATERAL (SELECT CASE
        WHEN a.id IS NULL THEN 'unseen'
        WHEN only_open AND a.closed_at IS NOT NULL THEN 'closed'
        WHEN a.updated_at <> asked.version THEN 'changed'
    END AS refused) AS judged
    LEFT JOIN LATERAL (
        SELECT actor FROM event AS e
        WHERE judged.refused IS NOT NULL AND e.region_id = a.region_id AND e.appeal_id = a.id
            AND e.kind NOT IN ('note', 'rated') AND (asked.version IS NULL OR e.at > asked.version)
        ORDER BY e.at DESC, e.id DESC LIMIT 1
    ) AS last ON true
$$;

CREATE FUNCTION with_word(words text[], word text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN word = ANY (words) THEN words ELSE words || word END
$$;

CREATE FUNCTION judge_reassign(regions integer[], ids bigint[], versions timestamptz[], fields jsonb)
RETURNS SETOF operation_row LANGUAGE sql STABLE AS $$
    SELECT NULL::uuid, j.region_id, j.appeal_id, (j.a).number,
        coalesce(j.refused, CASE
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
    CROSS JOIN (SELECT * FROM organisation WHERE code = fields->>'holder') AS new
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

-- At the same time of the local day: a deadline is the end of one.
CREATE FUNCTION judge_extend(regions integer[], ids bigint[], versions timestamptz[], fields jsonb)
RETURNS SETOF operation_row LANGUAGE sql STABLE AS $$
    SELECT NULL::uuid, j.region_id, j.appeal_id, (j.a).number,
        coalesce(j.refused, CASE
            WHEN (j.a).deadline_at IS NULL THEN 'no_deadline'
            WHEN (j.a).status_id = extended.id OR made.extensions > 0 THEN 'extended'
            WHEN later.deadline_at <= now() THEN 'still_late'
        END), j.by_whom, j.at,
        jsonb_build_object(
            'deadline_at', (j.a).deadline_at, 'status_id', (j.a).status_id, 'set_here', (j.a).set_here),
        jsonb_build_object(
            'deadline_at', later.deadline_at, 'status_id', extended.id,
            'set_here', with_word((j.a).set_here, 'deadline'), 'notice', true), NULL::timestamptz
    FROM asked_appeals(regions, ids, versions, true) AS j
    CROSS JOIN (SELECT id FROM status WHERE code = 'extended') AS extended
    LEFT JOIN territory ON territory.id = (j.a).region_id
    CROSS JOIN LATERAL (
        SELECT ((j.a).deadline_at AT TIME ZONE territory.timezone + make_interval(days => (fields->>'days')::integer))
            AT TIME ZONE territory.timezone AS deadline_at
    ) AS later
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(CASE e.kind WHEN 'undone' THEN -1 ELSE 1 END), 0) AS extensions FROM event AS e
        WHERE e.region_id = j.region_id AND e.appeal_id = j.appeal_id
            AND (e.kind = 'extended' OR e.kind = 'undone' AND e.before ? 'deadline')
            -- What was re-opened has a time of its own.
            AND NOT EXISTS (
                SELECT FROM event AS r WHERE r.region_id = e.region_id AND r.appeal_id = e.appeal_id
                    AND r.kind = 'reopened' AND r.at > e.at)
    ) AS made
$$;

CREATE FUNCTION judge_return(regions integer[], ids bigint[], versions timestamptz[], fields jsonb)
RETURNS SETOF operation_row LANGUAGE sql STABLE AS $$
    SELECT NULL::uuid, j.region_id, j.appeal_id, (j.a).number,
        coalesce(j.refused, CASE WHEN stage.code IN ('moderation', 'coordination') THEN 'not_handed_on' END),
        j.by_whom, j.at,
        jsonb_build_object('status_id', (j.a).status_id, 'set_here', (j.a).set_here),
        jsonb_build_object('status_id', returned.id, 'set_here', with_word((j.a).set_here, 'status')), NULL::timestamptz
    FROM asked_appeals(regions, ids, versions, true) AS j
    CROSS JOIN (SELECT id FROM status WHERE code = 'on_coordination') AS returned
    LEFT JOIN status ON status.id = (j.a).status_id
    LEFT JOIN stage ON stage.id = status.stage_id
$$;

CREATE FUNCTION judge_topic(regions integer[], ids bigint[], versions timestamptz[], fields jsonb)
RETURNS SETOF operation_row LANGUAGE sql STABLE AS $$
    SELECT NULL::uuid, j.region_id, j.appeal_id, (j.a).number,
        coalesce(j.refused, CASE WHEN (j.a).topic_id = new.id THEN 'same_topic' END), j.by_whom, j.at,
        jsonb_build_object('topic_id', (j.a).topic_id, 'set_here', (j.a).set_here),
        jsonb_build_object('topic_id', new.id, 'set_here', with_word((j.a).set_here, 'topic')), NULL::timestamptz
    FROM asked_appeals(regions, ids, versions, true) AS j
    CROSS JOIN (SELECT id FROM topic WHERE code = fields->>'topic') AS new
$$;

-- A note is added to whatever state the appeal is in.
CREATE FUNCTION judge_note(regions integer[], ids bigint[], versions timestamptz[], fields jsonb)
RETURNS SETOF operation_row LANGUAGE sql STABLE AS $$
    SELECT NULL::uuid, j.region_id, j.appeal_id, (j.a).number, j.refused, NULL, NULL::timestamptz,
        NULL::jsonb, NULL::jsonb, NULL::timestamptz
    FROM asked_appeals(regions, ids, array_fill(NULL::timestamptz, ARRAY[cardinality(ids)]), false) AS j
$$;

CREATE FUNCTION judge_duplicate(regions integer[], ids bigint[], versions timestamptz[], fields jsonb)
RETURNS SETOF operation_row LANGUAGE sql STABLE AS $$
    SELECT NULL::uuid, j.region_id, j.appeal_id, (j.a).number,
        coalesce(j.refused, CASE WHEN (original.region_id, original.id) = (j.region_id, j.appeal_id) THEN 'itself' END),
        j.by_whom, j.at,
        jsonb_build_object(
            'status_id', (j.a).status_id, 'outcome_id', NULL, 'closed_at', NULL, 'set_here', (j.a).set_here),
        jsonb_build_object(
            'status_id', answered.id, 'outcome_id', duplicate.id,
            'closed_at', greatest(date_trunc('second', clock_timestamp()), (j.a).received_at),
            'set_here', with_word((j.a).set_here, 'status'), 'duplicate_of', original.number), NULL::timestamptz
    FROM asked_appeals(regions, ids, versions, true) AS j
    CROSS JOIN (
        SELECT * FROM appeal WHERE region_id = (fields->>'region')::integer AND id = (fields->>'appeal')::bigint
    ) AS original
    CROSS JOIN (SELECT id FROM status WHERE code = 'answered') AS answered
    CROSS JOIN (SELECT id FROM outcome WHERE code = 'duplicate') AS duplicate
$$;

-- Back to what it was, where nobody changed it since.
CREATE FUNCTION judge_undo(regions integer[], ids bigint[], versions timestamptz[], fields jsonb)
RETURNS SETOF operation_row LANGUAGE sql STABLE AS $$
    SELECT NULL::uuid, j.region_id, j.appeal_id, (j.a).number, j.refused, j.by_whom, j.at,
        done.after, done.before, NULL::timestamptz
    FROM asked_appeals(regions, ids, versions, false) AS j
    JOIN operation_row AS done ON done.operation = (fields->>'operation')::uuid
        AND done.region_id = j.region_id AND done.appeal_id = j.appeal_id
$$;
