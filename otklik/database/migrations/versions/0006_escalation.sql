-- The ladder: at which moment, and how long after it, which roles are told of an appeal in their territories.
CREATE TABLE escalation_step (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code <> ''),
    -- risk: four fifths of the time are used; deadline: it is over; transfer: handed on, and not touched since.
    moment text NOT NULL CHECK (moment IN ('risk', 'deadline', 'transfer')),
    after interval NOT NULL DEFAULT '0',
    roles text[] NOT NULL CHECK (roles <@ ARRAY['staff', 'manager', 'official', 'administrator']),
    -- Whether it waits for the end of the region's quiet hours.
    waits boolean NOT NULL DEFAULT true,
    is_active boolean NOT NULL DEFAULT true,
    CHECK (moment = 'deadline' OR after >= '0'),
    CHECK (after BETWEEN '-60 days' AND '365 days')
);
INSERT INTO escalation_step (code, moment, after, roles) VALUES
    ('risk', 'risk', '0', '{staff}'),
    ('overdue', 'deadline', '0', '{staff,official}'),
    ('overdue_3', 'deadline', '3 days', '{official,manager}'),
    ('overdue_10', 'deadline', '10 days', '{manager,administrator}'),
    ('untouched', 'transfer', '24 hours', '{staff,official}');

-- Up to when the ladder was looked at; a new database starts with the last day.
CREATE TABLE escalation_state (
    id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    evaluated_at timestamptz NOT NULL
);
INSERT INTO escalation_state (evaluated_at) VALUES (now() - interval '1 day');

-- The outbox: who is told of which appeal, once for each step and the moment that it is counted from. At a midnight there
-- may be a hundred thousand new ones: people and steps, which are never deleted, aren't looked up again for each.
CREATE TABLE notice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id integer NOT NULL,
    region_id integer NOT NULL,
    appeal_id bigint NOT NULL,
    step_id integer NOT NULL,
    moment_at timestamptz NOT NULL,
    told_at timestamptz NOT NULL DEFAULT now(),
    -- The end of the quiet hours, where they were.
    shown_at timestamptz NOT NULL,
    read_at timestamptz,
    mailed_at timestamptz,
    UNIQUE (region_id, appeal_id, step_id, moment_at, person_id),
    FOREIGN KEY (region_id, appeal_id) REFERENCES appeal ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX notice_unread ON notice (person_id, shown_at DESC, id DESC) WHERE read_at IS NULL;

-- The digests by e-mail: when each person had the last one, and what went wrong with the next.
CREATE TABLE digest (
    person_id integer PRIMARY KEY REFERENCES person,
    sent_at timestamptz,
    tries smallint NOT NULL DEFAULT 0,
    tried_at timestamptz,
    error text
);

-- Appeals handed on that nobody has touched since; kept by `escalate`.
CREATE TABLE untouched (
    region_id integer NOT NULL,
    appeal_id bigint NOT NULL,
    moved_at timestamptz NOT NULL,
    flagged_at timestamptz NOT NULL,
    PRIMARY KEY (region_id, appeal_id),
    FOREIGN KEY (region_id, appeal_id) REFERENCES appeal ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE VIEW untouched_transfer WITH (security_invoker = true) AS
SELECT u.region_id, u.appeal_id, u.moved_at, a.holder_id
FROM untouched AS u
JOIN appeal AS a ON a.region_id = u.region_id AND a.id = u.appeal_id AND a.closed_at IS NULL
WHERE NOT EXISTS (
    SELECT FROM event AS e
    WHERE e.region_id = u.region_id AND e.appeal_id = u.appeal_id AND e.at > u.moved_at
);
COMMENT ON VIEW untouched_transfer IS 'Open appeals that were handed on and that nobody has touched since.';

-- What crosses a step is found by time: of the appeals by queue_deadline and queue_risk, of the rest by these.
CREATE INDEX queue_touched ON appeal (updated_at) WHERE closed_at IS NULL;
CREATE INDEX event_transfer ON event (at) WHERE kind IN ('moved', 'redirected', 'undone') AND after ? 'holder';

-- When somebody may be disturbed: now, or at the end of the quiet hours of the zone.
CREATE FUNCTION after_quiet(at timestamptz, zone text, quiet_from time, quiet_until time) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN quiet_from <= quiet_until AND clock >= quiet_from AND clock < quiet_until THEN (day + quiet_until) AT TIME ZONE zone
        WHEN quiet_from > quiet_until AND clock >= quiet_from THEN (day + 1 + quiet_until) AT TIME ZONE zone
        WHEN quiet_from > quiet_until AND clock < quiet_until THEN (day + quiet_until) AT TIME ZONE zone
        ELSE at END
    FROM (SELECT (at AT TIME ZONE zone)::time AS clock, (at AT TIME ZONE zone)::date AS day) AS here
$$;

-- Tell who is to be told of what crossed a step since the last time; how many notices that made. NULL: another process
-- is at it, or was within `apart`. An appeal that changes or arrives when it is past a step already is told of for two days.
CREATE FUNCTION escalate(
    at timestamptz DEFAULT now(), apart interval DEFAULT '20 seconds',
    quiet_from time DEFAULT '22:00', quiet_until time DEFAULT '08:00'
) RETURNS integer LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    until_now CONSTANT timestamptz := at;
    evaluated timestamptz;
    since timestamptz;
    made integer;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('otklik escalation')) THEN
        RETURN NULL;
    END IF;
    SELECT evaluated_at INTO evaluated FROM escalation_state;
    IF evaluated > until_now - apart THEN
        RETURN NULL;
    END IF;
    -- Transactions that began before the last time and ended after it weren't seen then.
    since = evaluated - interval '10 minutes';
    DELETE FROM untouched AS u WHERE NOT EXISTS (
        SELECT FROM untouched_transfer AS t WHERE t.region_id = u.region_id AND t.appeal_id = u.appeal_id
    );
    WITH passed AS (
        SELECT step.id AS step_id, a.region_id, a.id AS appeal_id, a.deadline_at AS moment_at
        FROM escalation_step AS step
        JOIN appeal AS a ON a.closed_at IS NULL
            AND a.deadline_at > since - step.after AND a.deadline_at <= until_now - step.after
        WHERE step.is_active AND step.moment = 'deadline'
    UNION
        SELECT step.id, a.region_id, a.id, a.risk_at
        FROM escalation_step AS step
        CROSS JOIN territory AS region
        JOIN appeal AS a ON a.region_id = region.id AND a.closed_at IS NULL
            AND a.risk_at > since - step.after AND a.risk_at <= until_now - step.after AND a.deadline_at > until_now
        WHERE step.is_active AND step.moment = 'risk' AND region.level = 'region'
    UNION
        SELECT step.id, a.region_id, a.id, moment_at
        FROM appeal AS a
        CROSS JOIN escalation_step AS step
        CROSS JOIN LATERAL (
            SELECT CASE step.moment WHEN 'risk' THEN a.risk_at WHEN 'deadline' THEN a.deadline_at END AS moment_at
        ) AS counted
        WHERE a.closed_at IS NULL AND a.updated_at > since AND step.is_active
            AND moment_at > until_now - interval '2 days' - step.after AND moment_at <= until_now - step.after
            AND (step.moment <> 'risk' OR a.deadline_at > until_now)
    UNION
        SELECT step.id, e.region_id, e.appeal_id, e.at
        FROM escalation_step AS step
        JOIN event AS e ON e.at > since - step.after AND e.at <= until_now - step.after
            AND e.kind IN ('moved', 'redirected', 'undone') AND e.after ? 'holder'
            AND e.before->>'holder' IS DISTINCT FROM e.after->>'holder'
        JOIN appeal AS a ON a.region_id = e.region_id AND a.id = e.appeal_id AND a.closed_at IS NULL
        WHERE step.is_active AND step.moment = 'transfer' AND NOT EXISTS (
            SELECT FROM event AS later
            WHERE later.region_id = e.region_id AND later.appeal_id = e.appeal_id AND later.at > e.at
        )
    ), crossed AS (
        SELECT p.*, step.moment, step.roles, step.waits
        FROM passed AS p JOIN escalation_step AS step ON step.id = p.step_id
        WHERE NOT EXISTS (
            SELECT FROM notice AS n WHERE n.region_id = p.region_id AND n.appeal_id = p.appeal_id
                AND n.step_id = p.step_id AND n.moment_at = p.moment_at
        )
    ), flagged AS (
        INSERT INTO untouched
        SELECT region_id, appeal_id, max(moment_at), until_now FROM crossed WHERE moment = 'transfer' GROUP BY 1, 2
        ON CONFLICT ON CONSTRAINT untouched_pkey
        DO UPDATE SET moved_at = EXCLUDED.moved_at, flagged_at = EXCLUDED.flagged_at
    ), calm AS MATERIALIZED (
        SELECT id AS region_id, after_quiet(until_now, timezone, quiet_from, quiet_until) AS shown_at
        FROM territory WHERE id IN (SELECT region_id FROM crossed)
    ), told AS (
        INSERT INTO notice (person_id, region_id, appeal_id, step_id, moment_at, told_at, shown_at)
        SELECT person.id, c.region_id, c.appeal_id, c.step_id, c.moment_at, until_now,
            CASE WHEN c.waits THEN calm.shown_at ELSE until_now END
        FROM crossed AS c
        JOIN appeal AS a ON a.region_id = c.region_id AND a.id = c.appeal_id
        JOIN calm ON calm.region_id = c.region_id
        JOIN person ON person.is_active AND person.role = ANY (c.roles)
            AND (everywhere OR a.region_id = ANY (sees) OR a.municipality_id = ANY (sees))
        ON CONFLICT DO NOTHING
        RETURNING 1
    )
    SELECT count(*) INTO made FROM told;

    IF date_trunc('hour', evaluated) < date_trunc('hour', until_now) THEN
        DELETE FROM notice WHERE told_at < until_now - interval '30 days';
        -- Nobody has to read of what is done.
        UPDATE notice SET read_at = until_now FROM appeal AS a
        WHERE read_at IS NULL AND a.region_id = notice.region_id AND a.id = appeal_id AND a.closed_at IS NOT NULL;
    END IF;
    UPDATE escalation_state SET evaluated_at = until_now;
    IF made > 0 THEN
        PERFORM pg_notify('otklik_appeals', 'notices');
    END IF;
    RETURN made;
END $$;

-- Mark the viewer's notices as read: those, or (NULL) all that are shown by now.
CREATE FUNCTION read_notices(those bigint[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    marked integer;
BEGIN
    UPDATE notice SET read_at = now()
    WHERE person_id = viewer_id() AND read_at IS NULL AND shown_at <= now() AND (those IS NULL OR id = ANY (those));
    GET DIAGNOSTICS marked = ROW_COUNT;
    RETURN marked;
END $$;

-- One's own notices, of appeals that one sees now; the flagged appeals like the appeals themselves. OFFSET 0: looked up
-- one by one, never in a table of all appeals.
ALTER TABLE notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON notice FOR SELECT USING (
    person_id = (SELECT viewer_id()) AND (
        (SELECT sees_everything()) OR region_id = ANY ((SELECT visible_territories())::integer[])
        OR EXISTS (SELECT FROM appeal AS a WHERE a.region_id = notice.region_id AND a.id = appeal_id OFFSET 0)
    )
);
ALTER TABLE untouched ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON untouched FOR SELECT USING (
    (SELECT sees_everything()) OR region_id = ANY ((SELECT visible_territories())::integer[])
    OR EXISTS (SELECT FROM appeal AS a WHERE a.region_id = untouched.region_id AND a.id = appeal_id OFFSET 0)
);
GRANT SELECT ON notice, untouched, untouched_transfer, escalation_step TO otklik_app;
GRANT EXECUTE ON FUNCTION read_notices(bigint[]) TO otklik_app;
