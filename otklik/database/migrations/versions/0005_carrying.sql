-- How the history tells columns: codes for ids, and what stands beside them.
CREATE FUNCTION told(set_columns jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT set_columns - ARRAY['holder_id', 'topic_id', 'status_id', 'outcome_id', 'deadline_at', 'closed_at', 'set_here']
        || jsonb_strip_nulls(jsonb_build_object(
            'holder', (SELECT code FROM organisation WHERE id = (set_columns->>'holder_id')::integer),
            'topic', (SELECT code FROM topic WHERE id = (set_columns->>'topic_id')::integer),
            'status', (SELECT code FROM status WHERE id = (set_columns->>'status_id')::smallint),
            'outcome', (SELECT code FROM outcome WHERE id = (set_columns->>'outcome_id')::smallint),
            'deadline', set_columns->'deadline_at',
            'closed', set_columns->'closed_at'
        ))
$$;

-- Set the columns of the rows that are not refused, and write their history.
CREATE FUNCTION carry_out(done operation) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz = clock_timestamp();
    wanted bigint = (SELECT count(*) FROM operation_row WHERE operation = done.key AND refused IS NULL);
    done_rows bigint;
BEGIN
    WITH updated AS (
        UPDATE appeal AS a SET
            holder_id = coalesce((r.after->>'holder_id')::integer, a.holder_id),
            topic_id = coalesce((r.after->>'topic_id')::integer, a.topic_id),
            status_id = coalesce((r.after->>'status_id')::smallint, a.status_id),
            deadline_at = CASE WHEN r.after ? 'deadline_at' THEN (r.after->>'deadline_at')::timestamptz ELSE a.deadline_at END,
            closed_at = CASE WHEN r.after ? 'closed_at' THEN (r.after->>'closed_at')::timestamptz ELSE a.closed_at END,
            outcome_id = CASE WHEN r.after ? 'outcome_id' THEN (r.after->>'outcome_id')::smallint ELSE a.outcome_id END,
            set_here = ARRAY(SELECT jsonb_array_elements_text(r.after->'set_here')),
            updated_at = greatest(moment, a.updated_at + interval '1 microsecond')
        FROM operation_row AS r
        WHERE r.operation = done.key AND r.refused IS NULL AND done.kind <> 'note'
            AND a.region_id = r.region_id AND a.id = r.appeal_id
        RETURNING a.region_id, a.id, a.updated_at
    )
    UPDATE operation_row AS r SET version = updated.updated_at FROM updated
    WHERE r.operation = done.key AND r.region_id = updated.region_id AND r.appeal_id = updated.id;
    GET DIAGNOSTICS done_rows = ROW_COUNT;
    IF done_rows <> wanted AND done.kind <> 'note' THEN
        RAISE EXCEPTION 'operation % would set % appeals of %', done.key, done_rows, wanted;
    END IF;
    INSERT INTO event (region_id, appeal_id, at, kind, actor, reason, before, after)
    SELECT region_id, appeal_id, coalesce(version, moment), CASE done.kind
            WHEN 'reassign' THEN 'redirected' WHEN 'extend' THEN 'extended' WHEN 'duplicate' THEN 'answered'
            WHEN 'note' THEN 'note' WHEN 'undo' THEN 'undone' ELSE 'moved' END,
        done.actor, done.reason, told(before), told(after)
    FROM operation_row WHERE operation = done.key AND refused IS NULL
    ORDER BY region_id, appeal_id;
    -- The appeals' own trigger tells the screens of the rest.
    PERFORM pg_notify('otklik_appeals', '') WHERE done.kind = 'note';
END $$;
