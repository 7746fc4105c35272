-- Nobody votes while the cubes are counted.
LOCK TABLE poll_ballot, poll_answer IN SHARE ROW EXCLUSIVE MODE;
DROP VIEW poll_turnout, poll_turnout_truth, poll_count, poll_count_truth;
DROP TABLE poll_turnout_folded, poll_turnout_fresh, poll_count_folded, poll_count_fresh;
DROP FUNCTION ballot_cell;

-- Each territory with every territory above it, itself included, and which part of the upper one it lies in: the one a
-- step below that, or that itself. It never changes, since no territory changes its parent.
CREATE VIEW territory_part WITH (security_invoker = true) AS
SELECT below.territory_id, step.above_id, step.territory_id AS part_id
FROM territory_above AS step JOIN territory AS part ON part.id = step.territory_id AND part.parent_id = step.above_id
JOIN territory_above AS below ON below.above_id = part.id
UNION ALL
SELECT territory_id, above_id, territory_id FROM territory_above WHERE territory_id = above_id;
GRANT SELECT ON territory_part TO otklik_app;

-- What statements added and took away since the last fold; writers only append rows, so they never wait for each other.
-- Question and option 0 are the ballot itself, option 0 of a question an answer in words. The day is the local one of the
-- vote in the poll's territory; the part is that of the poll's territory from which somebody voted, 0 where it isn't known
-- and -1 outside of it.
CREATE TABLE poll_vote_fresh (
    poll_id integer NOT NULL,
    question_id integer NOT NULL,
    option_id integer NOT NULL,
    day date NOT NULL,
    part_id integer NOT NULL,
    channel_id smallint NOT NULL,
    age_band smallint NOT NULL,
    sex smallint NOT NULL,
    territory_id integer NOT NULL,
    ballots integer NOT NULL
);
-- The cells: ballots by day, and ballots and answers by channel, and by part of the territory with a column for each age
-- band and sex.
CREATE TABLE poll_turnout_folded (
    poll_id integer NOT NULL,
    day date NOT NULL,
    territory_id integer NOT NULL,
    ballots integer NOT NULL,
    PRIMARY KEY (poll_id, day, territory_id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE TABLE poll_channel_votes_folded (
    poll_id integer NOT NULL,
    question_id integer NOT NULL,
    option_id integer NOT NULL,
    channel_id smallint NOT NULL,
    territory_id integer NOT NULL,
    ballots integer NOT NULL,
    PRIMARY KEY (poll_id, question_id, option_id, channel_id, territory_id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE TABLE poll_group_votes_folded (
    poll_id integer NOT NULL,
    question_id integer NOT NULL,
    option_id integer NOT NULL,
    part_id integer NOT NULL,
    territory_id integer NOT NULL,
    {{columns}},
    PRIMARY KEY (poll_id, question_id, option_id, part_id, territory_id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);

CREATE VIEW poll_turnout WITH (security_invoker = true) AS
SELECT poll_id, day, territory_id, sum(ballots)::integer AS ballots
FROM (
    SELECT poll_id, day, territory_id, ballots FROM poll_turnout_folded
    UNION ALL
    SELECT poll_id, day, territory_id, ballots FROM poll_vote_fresh WHERE question_id = 0
) AS cell
GROUP BY poll_id, day, territory_id;
CREATE VIEW poll_channel_votes WITH (security_invoker = true) AS
SELECT poll_id, question_id, option_id, channel_id, territory_id, sum(ballots)::integer AS ballots
FROM (
    SELECT poll_id, question_id, option_id, channel_id, territory_id, ballots FROM poll_channel_votes_folded
    UNION ALL
    SELECT poll_id, question_id, option_id, channel_id, territory_id, ballots FROM poll_vote_fresh
) AS cell
GROUP BY poll_id, question_id, option_id, channel_id, territory_id;
CREATE VIEW poll_group_votes WITH (security_invoker = true) AS
SELECT poll_id, question_id, option_id, part_id, territory_id,
        {{summed}}
FROM (
    SELECT poll_id, question_id, option_id, part_id, territory_id,
        {{names}}
    FROM poll_group_votes_folded
    UNION ALL
    SELECT poll_id, question_id, option_id, part_id, territory_id,
        {{of_votes}}
    FROM poll_vote_fresh
) AS cell
GROUP BY poll_id, question_id, option_id, part_id, territory_id;

-- What the cubes have to be, from the ballots and answers themselves. Municipalities are put together to parts after they
-- are counted: there are far fewer of them than votes.
CREATE VIEW poll_vote_truth AS
SELECT b.poll_id, 0 AS question_id, 0 AS option_id, b.municipality_id, b.channel_id, b.age_band, b.sex
FROM poll_ballot AS b WHERE b.withdrawn_at IS NULL
UNION ALL
SELECT b.poll_id, a.question_id, coalesce(a.option_id, 0), b.municipality_id, b.channel_id, b.age_band, b.sex
FROM poll_answer AS a JOIN poll_ballot AS b ON b.id = a.ballot_id;
CREATE VIEW poll_turnout_truth AS
SELECT b.poll_id, (b.cast_at AT TIME ZONE place.timezone)::date AS day, p.territory_id, count(*)::integer AS ballots
FROM poll_ballot AS b JOIN poll AS p ON p.id = b.poll_id JOIN territory AS place ON place.id = p.territory_id
WHERE b.withdrawn_at IS NULL
GROUP BY 1, 2, 3;
CREATE VIEW poll_channel_votes_truth AS
SELECT v.poll_id, v.question_id, v.option_id, v.channel_id, p.territory_id, v.ballots::integer AS ballots
FROM (
    SELECT poll_id, question_id, option_id, channel_id, count(*) AS ballots FROM poll_vote_truth GROUP BY 1, 2, 3, 4
) AS v JOIN poll AS p ON p.id = v.poll_id;
CREATE VIEW poll_group_votes_truth AS
SELECT v.poll_id, v.question_id, v.option_id,
    CASE WHEN v.municipality_id IS NULL THEN 0 ELSE coalesce(part.part_id, -1) END AS part_id, p.territory_id,
        {{of_sums}}
FROM (
    SELECT poll_id, question_id, option_id, municipality_id, age_band, sex, count(*) AS ballots
    FROM poll_vote_truth GROUP BY 1, 2, 3, 4, 5, 6
) AS v JOIN poll AS p ON p.id = v.poll_id
LEFT JOIN territory_part AS part ON part.above_id = p.territory_id AND part.territory_id = v.municipality_id
GROUP BY 1, 2, 3, 4, 5;

DO $$
DECLARE
    relation text;
BEGIN
    FOREACH relation IN ARRAY '{poll_vote_fresh,poll_turnout_folded,poll_channel_votes_folded,poll_group_votes_folded}'::text[]
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation);
        EXECUTE format(
            'CREATE POLICY scope ON %I FOR SELECT
                USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]))',
            relation);
        EXECUTE format('GRANT SELECT ON %I TO otklik_app', relation);
    END LOOP;
END $$;
GRANT SELECT ON poll_turnout, poll_channel_votes, poll_group_votes TO otklik_app;

INSERT INTO poll_turnout_folded (poll_id, day, territory_id, ballots)
SELECT poll_id, day, territory_id, ballots FROM poll_turnout_truth ORDER BY 1, 2;
INSERT INTO poll_channel_votes_folded (poll_id, question_id, option_id, channel_id, territory_id, ballots)
SELECT poll_id, question_id, option_id, channel_id, territory_id, ballots FROM poll_channel_votes_truth
ORDER BY 1, 2, 3, 4;
INSERT INTO poll_group_votes_folded SELECT * FROM poll_group_votes_truth ORDER BY 1, 2, 3, 4;

-- Sum fresh rows into the cells; whether there are more. One session folds at a time, as with the other cubes.
CREATE OR REPLACE FUNCTION fold_polls(at_most integer DEFAULT 100000) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM poll_vote_fresh) OR NOT pg_try_advisory_xact_lock(hashtext('otklik fold')) THEN
        RETURN false;
    END IF;
    WITH taken AS (
        DELETE FROM poll_vote_fresh WHERE ctid = ANY (ARRAY(SELECT ctid FROM poll_vote_fresh LIMIT at_most))
        RETURNING *
    ), turnout AS (
        INSERT INTO poll_turnout_folded AS c (poll_id, day, territory_id, ballots)
        SELECT poll_id, day, territory_id, sum(ballots) FROM taken WHERE question_id = 0
        GROUP BY poll_id, day, territory_id HAVING sum(ballots) <> 0
        ON CONFLICT (poll_id, day, territory_id) DO UPDATE SET ballots = c.ballots + excluded.ballots
    ), channel_votes AS (
        INSERT INTO poll_channel_votes_folded AS c (poll_id, question_id, option_id, channel_id, territory_id, ballots)
        SELECT poll_id, question_id, option_id, channel_id, territory_id, sum(ballots) FROM taken
        GROUP BY poll_id, question_id, option_id, channel_id, territory_id HAVING sum(ballots) <> 0
        ON CONFLICT (poll_id, question_id, option_id, channel_id, territory_id)
        DO UPDATE SET ballots = c.ballots + excluded.ballots
    )
    INSERT INTO poll_group_votes_folded AS c (
        poll_id, question_id, option_id, part_id, territory_id,
        {{names}}
    )
    SELECT poll_id, question_id, option_id, part_id, territory_id,
        {{of_sums}}
    FROM (
        SELECT poll_id, question_id, option_id, part_id, territory_id, age_band, sex, sum(ballots) AS ballots FROM taken
        GROUP BY poll_id, question_id, option_id, part_id, territory_id, age_band, sex HAVING sum(ballots) <> 0
    ) AS changed
    GROUP BY poll_id, question_id, option_id, part_id, territory_id
    ON CONFLICT (poll_id, question_id, option_id, part_id, territory_id) DO UPDATE SET
        {{added}};
    RETURN EXISTS (SELECT FROM poll_vote_fresh);
END $$;

-- What a ballot is counted by; one row.
CREATE FUNCTION ballot_cell(
    b poll_ballot, OUT poll_id integer, OUT day date, OUT part_id integer, OUT channel_id smallint, OUT age_band smallint,
    OUT sex smallint, OUT territory_id integer
) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT p.id, (b.cast_at AT TIME ZONE place.timezone)::date,
        CASE WHEN b.municipality_id IS NULL THEN 0 ELSE coalesce((
            SELECT part.part_id FROM territory_part AS part
            WHERE part.above_id = p.territory_id AND part.territory_id = b.municipality_id
        ), -1) END,
        b.channel_id, b.age_band, b.sex, p.territory_id
    FROM poll AS p JOIN territory AS place ON place.id = p.territory_id WHERE p.id = b.poll_id
$$;
REVOKE EXECUTE ON FUNCTION ballot_cell FROM PUBLIC;

-- What a statement did, from its transition tables. Nothing that a ballot is counted by changes, but for its withdrawal.
CREATE OR REPLACE FUNCTION count_ballots() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM must_take_votes(ARRAY(SELECT DISTINCT poll_id FROM added));
        INSERT INTO poll_vote_fresh
        SELECT c.poll_id, 0, 0, c.day, c.part_id, c.channel_id, c.age_band, c.sex, c.territory_id, 1
        FROM added AS b, ballot_cell(b) AS c WHERE b.withdrawn_at IS NULL;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM must_take_votes(ARRAY(SELECT DISTINCT poll_id FROM removed));
        INSERT INTO poll_vote_fresh
        SELECT c.poll_id, 0, 0, c.day, c.part_id, c.channel_id, c.age_band, c.sex, c.territory_id, -1
        FROM removed AS b, ballot_cell(b) AS c WHERE b.withdrawn_at IS NULL;
    ELSE
        PERFORM must_take_votes(ARRAY(SELECT DISTINCT poll_id FROM added));
        INSERT INTO poll_vote_fresh
        SELECT c.poll_id, 0, 0, c.day, c.part_id, c.channel_id, c.age_band, c.sex, c.territory_id,
            CASE WHEN b.withdrawn_at IS NULL THEN 1 ELSE -1 END
        FROM added AS b JOIN removed AS was ON was.id = b.id, ballot_cell(b) AS c
        WHERE (b.withdrawn_at IS NULL) <> (was.withdrawn_at IS NULL);
    END IF;
    RETURN NULL;
END $$;

-- The ballot of an answer is there, whichever statement this is: it goes after its answers.
CREATE OR REPLACE FUNCTION count_answers() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM must_take_votes(ARRAY(SELECT DISTINCT poll_id FROM answered));
    INSERT INTO poll_vote_fresh
    SELECT c.poll_id, a.question_id, coalesce(a.option_id, 0), c.day, c.part_id, c.channel_id, c.age_band, c.sex,
        c.territory_id, CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END
    FROM answered AS a LEFT JOIN poll_ballot AS b ON b.id = a.ballot_id LEFT JOIN LATERAL ballot_cell(b) AS c ON true;
    RETURN NULL;
END $$;

-- Ballots are truncated with their answers, answers alone too.
CREATE OR REPLACE FUNCTION forget_votes() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'poll_ballot' THEN
        TRUNCATE poll_vote_fresh, poll_turnout_folded, poll_channel_votes_folded, poll_group_votes_folded;
    ELSE
        DELETE FROM poll_vote_fresh WHERE question_id <> 0;
        DELETE FROM poll_channel_votes_folded WHERE question_id <> 0;
        DELETE FROM poll_group_votes_folded WHERE question_id <> 0;
    END IF;
    RETURN NULL;
END $$;

-- Who lives where is kept as names are, until it changes.
CREATE TRIGGER tell_of_words AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON population_group
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_words();
