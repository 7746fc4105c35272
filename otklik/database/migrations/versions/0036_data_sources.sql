CREATE TABLE data_source (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CONSTRAINT data_source_name CHECK (name ~ '^[a-z][a-z0-9_-]{0,39}$'),
    kind text NOT NULL CONSTRAINT data_source_kind CHECK (kind IN ('folder', 'database', 'open311', 'push')),
    -- A shipped mapping's name, or the path of a TOML file.
    mapping text NOT NULL,
    -- What the kind needs: a folder, an address, a query, …; passwords only by the names of what holds them.
    options jsonb NOT NULL,
    run_every interval NOT NULL
        CONSTRAINT data_source_every CHECK (run_every BETWEEN interval '1 second' AND interval '31 days'),
    -- SHA-256 of the token by which rows are pushed.
    token_hash bytea,
    is_paused boolean NOT NULL DEFAULT false,
    -- How far it has been read; set in the transaction that merges the rows.
    cursor jsonb,
    next_run_at timestamptz NOT NULL DEFAULT now(),
    running_since timestamptz,
    -- When it was last read to its end, and when that last brought a new or changed appeal.
    read_at timestamptz,
    changed_at timestamptz,
    -- Failed runs since it was last read to its end, and the sentence of the last one.
    failure_count integer NOT NULL DEFAULT 0,
    error text NOT NULL DEFAULT '',
    -- It is silent when nothing has changed for longer: three times the gap that 95 of 100 changes keep to.
    silent_after interval NOT NULL DEFAULT interval '1 day',
    added_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz,
    CONSTRAINT data_source_token CHECK ((kind = 'push') = (token_hash IS NOT NULL))
);
CREATE UNIQUE INDEX data_source_once ON data_source (name) WHERE removed_at IS NULL;
COMMENT ON TABLE data_source IS 'One row a place from which appeals come in by themselves: how it is read, and its state.';

CREATE TABLE data_source_run (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    data_source_id integer NOT NULL REFERENCES data_source,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    read_count integer NOT NULL,
    new_count integer NOT NULL,
    changed_count integer NOT NULL,
    rejected_count integer NOT NULL,
    -- {"an unknown value": 3, …}
    reasons jsonb NOT NULL DEFAULT '{}',
    -- Empty for a run that read to the end.
    error text NOT NULL DEFAULT '',
    cursor jsonb
);
CREATE INDEX data_source_run_newest ON data_source_run (data_source_id, ended_at DESC);
COMMENT ON TABLE data_source_run IS 'One row a run of a data source that brought something, failed or was interrupted.';

CREATE TABLE data_source_file (
    data_source_id integer NOT NULL REFERENCES data_source,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    name text NOT NULL,
    imported_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (data_source_id, sha256)
);
COMMENT ON TABLE data_source_file IS 'One row a file that a folder brought, known by its content; imported in the same transaction.';

CREATE TABLE data_source_read (
    person_id integer NOT NULL REFERENCES person ON DELETE CASCADE,
    data_source_id integer NOT NULL REFERENCES data_source,
    since timestamptz NOT NULL,
    read_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_id, data_source_id, since)
);
CREATE INDEX data_source_read_source ON data_source_read (data_source_id);
COMMENT ON TABLE data_source_read IS 'One row a person and silence of a data source whose notice they have marked as read.';

CREATE FUNCTION data_source_run_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'runs of data sources are append-only';
END $$;
CREATE TRIGGER data_source_run_is_append_only BEFORE UPDATE OR DELETE ON data_source_run
    FOR EACH ROW EXECUTE FUNCTION data_source_run_is_append_only();
CREATE TRIGGER data_source_run_is_not_emptied BEFORE TRUNCATE ON data_source_run
    FOR EACH STATEMENT EXECUTE FUNCTION data_source_run_is_append_only();

CREATE FUNCTION announce_data_sources() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('otklik_announcements', 'data sources');
    RETURN NULL;
END $$;
CREATE TRIGGER announce_data_sources AFTER INSERT OR UPDATE OR DELETE ON data_source
    FOR EACH STATEMENT EXECUTE FUNCTION announce_data_sources();

-- One row a data source that can't be read, or from which nothing has come for longer than usual; `since` is the last
-- moment at which all was well.
CREATE VIEW silent_data_source WITH (security_invoker = true) AS
SELECT d.id, d.name, d.error, is_unreadable,
    CASE WHEN is_unreadable THEN coalesce(d.read_at, d.added_at) ELSE coalesce(d.changed_at, d.added_at) END AS since
FROM data_source AS d
CROSS JOIN LATERAL (
    SELECT d.kind <> 'push' AND d.failure_count > 0
        AND coalesce(d.read_at, d.added_at) + greatest(3 * d.run_every, interval '10 minutes') < now() AS is_unreadable
) AS reading
WHERE d.removed_at IS NULL AND NOT d.is_paused
    AND (is_unreadable OR coalesce(d.changed_at, d.added_at) + d.silent_after < now());

CREATE VIEW data_source_notice WITH (security_invoker = true) AS
SELECT s.* FROM silent_data_source AS s
WHERE NOT EXISTS (
    SELECT FROM data_source_read AS r
    WHERE r.person_id = viewer_id() AND r.data_source_id = s.id AND r.since = s.since
);

ALTER TABLE data_source ENABLE ROW LEVEL SECURITY;
ALTER TABLE data_source_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE data_source_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE data_source_read ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON data_source FOR SELECT USING ((SELECT viewer_may('sources')));
CREATE POLICY scope ON data_source_run FOR SELECT USING ((SELECT viewer_may('sources')));
CREATE POLICY scope ON data_source_file FOR SELECT USING ((SELECT viewer_may('sources')));
CREATE POLICY scope ON data_source_read FOR SELECT USING (person_id = (SELECT viewer_id()));
GRANT SELECT (
    id, name, kind, mapping, options, run_every, is_paused, cursor, next_run_at, running_since, read_at, changed_at,
    failure_count, error, silent_after, added_at, removed_at
) ON data_source TO otklik_app;
GRANT SELECT ON data_source_run, data_source_file, data_source_read, silent_data_source, data_source_notice
    TO otklik_app;

-- Pause a data source or let it go on; the screens' functions check the right, commands call the console's.
CREATE FUNCTION set_data_source_paused(a_data_source integer, pauses boolean, why text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    was boolean;
BEGIN
    SELECT is_paused INTO was FROM data_source WHERE id = a_data_source AND removed_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no data source %', a_data_source USING ERRCODE = 'no_data_found';
    ELSIF was <> pauses THEN
        -- A silence counts from when it goes on.
        UPDATE data_source SET is_paused = pauses, next_run_at = clock_timestamp(),
            changed_at = CASE WHEN pauses THEN changed_at ELSE clock_timestamp() END
        WHERE id = a_data_source;
        PERFORM audit_append(CASE WHEN pauses THEN 'data source paused' ELSE 'data source resumed' END,
            'data-source ' || (SELECT name FROM data_source WHERE id = a_data_source), why, NULL, NULL);
    END IF;
END $$;

CREATE FUNCTION pause_data_source(a_data_source integer, pauses boolean, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM must_have('sources');
    PERFORM must_say_why(why);
    PERFORM set_data_source_paused(a_data_source, pauses, why);
END $$;

-- Have the maintenance process run a data source at once, also one that waits after a failure.
CREATE FUNCTION run_data_source(a_data_source integer, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    paused boolean;
BEGIN
    PERFORM must_have('sources');
    PERFORM must_say_why(why);
    UPDATE data_source SET next_run_at = clock_timestamp()
    WHERE id = a_data_source AND removed_at IS NULL AND kind <> 'push' RETURNING is_paused INTO paused;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no data source % that could run', a_data_source USING ERRCODE = 'no_data_found';
    ELSIF paused THEN
        RAISE EXCEPTION 'it is paused: let it go on before' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM audit_append('data source run', 'data-source ' || (SELECT name FROM data_source WHERE id = a_data_source),
        why, NULL, NULL);
END $$;

-- Mark notices of silent data sources (NULL: of all) as read for the viewer; how many it marked.
CREATE FUNCTION read_data_sources(data_sources integer[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    marked integer;
BEGIN
    IF NOT viewer_may('sources') THEN
        RETURN 0;
    END IF;
    INSERT INTO data_source_read (person_id, data_source_id, since)
    SELECT viewer_id(), id, since FROM silent_data_source WHERE data_sources IS NULL OR id = ANY (data_sources)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS marked = ROW_COUNT;
    IF marked > 0 THEN
        PERFORM pg_notify('otklik_announcements', 'notices ' || viewer_id());
    END IF;
    RETURN marked;
END $$;

REVOKE EXECUTE ON FUNCTION data_source_run_is_append_only, announce_data_sources, set_data_source_paused,
    pause_data_source, run_data_source, read_data_sources FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pause_data_source, run_data_source, read_data_sources TO otklik_app;
