CREATE TABLE poll_release (
    poll_id integer PRIMARY KEY REFERENCES poll ON DELETE CASCADE,
    territory_id integer NOT NULL,
    -- The state that is shown next, once at least ten votes have come after it.
    counted_at timestamptz NOT NULL,
    counted_ballots integer NOT NULL,
    -- The state that is shown; NULL before the first one.
    shown_at timestamptz,
    shown_ballots integer,
    CONSTRAINT poll_release_shown CHECK ((shown_at IS NULL) = (shown_ballots IS NULL))
);
COMMENT ON TABLE poll_release IS 'One row a poll with votes: as of when its figures are shown while it runs, and as of when they are next.';

CREATE TABLE poll_release_figure (
    poll_id integer NOT NULL REFERENCES poll_release ON DELETE CASCADE,
    territory_id integer NOT NULL,
    -- By what the voters are told apart, and the key of the group as in the cubes.
    dimension text NOT NULL CHECK (dimension IN ('all', 'territory', 'channel', 'age', 'sex')),
    key integer NOT NULL,
    -- 0 and 0 for the ballots themselves; a negative option for those who didn't choose it.
    question_id integer NOT NULL,
    option_id integer NOT NULL,
    counted integer NOT NULL,
    -- NULL where it is hidden.
    shown integer,
    -- The last count that was ever shown; 0 before the first one.
    last_shown integer NOT NULL,
    PRIMARY KEY (poll_id, dimension, question_id, option_id, key)
);
COMMENT ON TABLE poll_release_figure IS 'One row a figure of a poll: how many of a group chose an option in the state shown, and in the next one.';

DO $$
DECLARE
    relation text;
BEGIN
    FOREACH relation IN ARRAY '{poll_release,poll_release_figure}'::text[] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation);
        EXECUTE format(
            'CREATE POLICY scope ON %I FOR SELECT
                USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]))',
            relation);
        EXECUTE format('GRANT SELECT ON %I TO otklik_app', relation);
    END LOOP;
END $$;
