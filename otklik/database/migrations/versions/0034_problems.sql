CREATE TABLE problem (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    territory_id integer NOT NULL REFERENCES territory,
    topic_id integer NOT NULL REFERENCES topic,
    title text NOT NULL CONSTRAINT problem_title CHECK (btrim(title) <> '' AND length(title) <= 200),
    description text NOT NULL CONSTRAINT problem_description CHECK (btrim(description) <> '' AND length(description) <= 1000),
    owner_id integer REFERENCES person,
    status text NOT NULL DEFAULT 'found'
        CHECK (status IN ('found', 'confirmed', 'decided', 'in_progress', 'checked', 'closed', 'rejected')),
    -- Appeals received on this local day or later are its own.
    since date NOT NULL,
    -- The first day of the surge (surge_episode) of the same territory and topic that it was opened from.
    surge_starts date,
    opened_at timestamptz NOT NULL DEFAULT now(),
    opened_by integer REFERENCES person,
    -- Counts the changes, also those of remedies; a comment is none.
    version integer NOT NULL DEFAULT 1 CHECK (version > 0)
);
CREATE INDEX problem_territory ON problem (territory_id);
CREATE INDEX problem_topic ON problem (topic_id);
CREATE INDEX problem_owner ON problem (owner_id);
CREATE INDEX problem_opened_by ON problem (opened_by);
COMMENT ON TABLE problem IS 'One row a problem: what is wrong, in which territory and topic, who owns it, and how far it is dealt with.';

CREATE TABLE problem_remedy (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    problem_id integer NOT NULL REFERENCES problem,
    title text NOT NULL CONSTRAINT remedy_title CHECK (btrim(title) <> '' AND length(title) <= 200),
    -- Who is to do it: an organisation, or anybody else by name.
    organisation_id integer REFERENCES organisation,
    responsible text NOT NULL DEFAULT '' CONSTRAINT remedy_responsible CHECK (length(responsible) <= 200),
    -- Done at the end of this local day at the latest.
    due date NOT NULL,
    done_at timestamptz,
    done_by integer REFERENCES person,
    -- What was done.
    note text,
    CONSTRAINT remedy_one_responsible CHECK ((organisation_id IS NULL) <> (btrim(responsible) = '')),
    CONSTRAINT remedy_done CHECK ((done_at IS NULL) = (note IS NULL) AND (done_at IS NOT NULL OR done_by IS NULL))
);
CREATE INDEX problem_remedy_problem ON problem_remedy (problem_id);
CREATE INDEX problem_remedy_organisation ON problem_remedy (organisation_id);
CREATE INDEX problem_remedy_done_by ON problem_remedy (done_by);
COMMENT ON TABLE problem_remedy IS 'One row a remedy: what is to be done against a problem, by whom and by when, and what was done.';

CREATE TABLE problem_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    problem_id integer NOT NULL REFERENCES problem,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    person_id integer,
    -- Their name then.
    person text NOT NULL,
    kind text NOT NULL CHECK (kind IN (
        'opened', 'moved', 'changed', 'comment', 'remedy_added', 'remedy_due_changed', 'remedy_done', 'remedy_undone'
    )),
    reason text NOT NULL,
    before jsonb,
    after jsonb
);
CREATE INDEX problem_event_problem ON problem_event (problem_id, id);
COMMENT ON TABLE problem_event IS 'One row a change of a problem or of its remedies, or a comment: who, when, why, and the fields before and after.';

CREATE TABLE remedy_read (
    person_id integer NOT NULL REFERENCES person ON DELETE CASCADE,
    remedy_id integer NOT NULL REFERENCES problem_remedy ON DELETE CASCADE,
    due date NOT NULL,
    read_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_id, remedy_id, due)
);
CREATE INDEX remedy_read_remedy ON remedy_read (remedy_id);
COMMENT ON TABLE remedy_read IS 'One row a person and overdue remedy whose notice they have marked as read; another due day is another notice.';

CREATE FUNCTION problem_events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what happened to a problem is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER problem_events_are_append_only BEFORE UPDATE OR DELETE ON problem_event
    FOR EACH ROW EXECUTE FUNCTION problem_events_are_append_only();

-- Whatever changes writes an event.
CREATE FUNCTION announce_problems() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('otklik_announcements', 'problems');
    RETURN NULL;
END $$;
CREATE TRIGGER announce_problems AFTER INSERT ON problem_event FOR EACH STATEMENT EXECUTE FUNCTION announce_problems();

ALTER TABLE problem ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON problem FOR SELECT
    USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]));
-- By the problem's own policy.
ALTER TABLE problem_remedy ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON problem_remedy FOR SELECT
    USING (EXISTS (SELECT FROM problem WHERE problem.id = problem_id));
ALTER TABLE problem_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON problem_event FOR SELECT
    USING (EXISTS (SELECT FROM problem WHERE problem.id = problem_id));
ALTER TABLE remedy_read ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON remedy_read FOR SELECT USING (person_id = (SELECT viewer_id()));

-- One row a remedy that isn't done though the last day for it is over in the problem's territory, of open problems.
CREATE VIEW overdue_remedy WITH (security_invoker = true) AS
SELECT r.id, r.problem_id, p.territory_id, p.topic_id, p.owner_id, r.title, r.organisation_id, r.responsible, r.due,
    ((r.due + 1)::timestamp AT TIME ZONE place.timezone) AS overdue_since, place.timezone
FROM problem_remedy AS r
JOIN problem AS p ON p.id = r.problem_id
JOIN territory AS place ON place.id = p.territory_id
WHERE r.done_at IS NULL AND p.status NOT IN ('closed', 'rejected')
    AND r.due < (now() AT TIME ZONE place.timezone)::date;

-- One row an overdue remedy of which the viewer is told, as the problem's owner or as somebody who decides there, and
-- which they haven't marked as read.
CREATE VIEW remedy_notice WITH (security_invoker = true) AS
SELECT o.id, o.problem_id, o.territory_id, o.topic_id, o.title, o.due, calm.shown_at
FROM overdue_remedy AS o
CROSS JOIN LATERAL (SELECT after_quiet_hours(o.overdue_since, o.timezone) AS shown_at) AS calm
WHERE (o.owner_id = viewer_id() OR (SELECT viewer_may('decide'))) AND calm.shown_at <= now()
    AND NOT EXISTS (
        SELECT FROM remedy_read AS r WHERE r.person_id = viewer_id() AND r.remedy_id = o.id AND r.due = o.due
    );
GRANT SELECT ON problem, problem_remedy, problem_event, remedy_read, overdue_remedy, remedy_notice TO otklik_app;
REVOKE EXECUTE ON FUNCTION problem_events_are_append_only, announce_problems FROM PUBLIC;
