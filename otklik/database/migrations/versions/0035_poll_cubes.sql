-- Ballots and answers by all that screens tell them apart by. The day is the local one of the vote in the poll's territory;
-- a municipality that is unknown is 0, and so is the option of an answer in words. Fresh rows are what statements added
-- and took away since the last fold; writers only append them, so they never wait for each other.
CREATE TABLE poll_turnout_folded (
    poll_id integer NOT NULL,
    day date NOT NULL,
    municipality_id integer NOT NULL,
    channel_id smallint NOT NULL,
    age_band smallint NOT NULL,
    sex smallint NOT NULL,
    territory_id integer NOT NULL,
    ballots integer NOT NULL,
    PRIMARY KEY (poll_id, day, municipality_id, channel_id, age_band, sex, territory_id)
);
CREATE TABLE poll_turnout_fresh (LIKE poll_turnout_folded);
CREATE TABLE poll_count_folded (
    poll_id integer NOT NULL,
    question_id integer NOT NULL,
    option_id integer NOT NULL,
    day date NOT NULL,
    municipality_id integer NOT NULL,
    channel_id smallint NOT NULL,
    age_band smallint NOT NULL,
    sex smallint NOT NULL,
    territory_id integer NOT NULL,
    ballots integer NOT NULL,
    PRIMARY KEY (poll_id, question_id, option_id, day, municipality_id, channel_id, age_band, sex, territory_id)
);
CREATE TABLE poll_count_fresh (LIKE poll_count_folded);

CREATE VIEW poll_turnout WITH (security_invoker = true) AS
SELECT poll_id, day, municipality_id, channel_id, age_band, sex, territory_id, sum(ballots)::integer AS ballots
FROM (SELECT * FROM poll_turnout_folded UNION ALL SELECT * FROM poll_turnout_fresh) AS cell
GROUP BY poll_id, day, municipality_id, channel_id, age_band, sex, territory_id;
CREATE VIEW poll_count WITH (security_invoker = true) AS
SELECT poll_id, question_id, option_id, day, municipality_id, channel_id, age_band, sex, territory_id,
    sum(ballots)::integer AS ballots
FROM (SELECT * FROM poll_count_folded UNION ALL SELECT * FROM poll_count_fresh) AS cell
GROUP BY poll_id, question_id, option_id, day, municipality_id, channel_id, age_band, sex, territory_id;

-- What the cubes have to be, from the ballots and answers themselves.
CREATE VIEW poll_turnout_truth AS
SELECT b.poll_id, (b.cast_at AT TIME ZONE place.timezone)::date AS day, coalesce(b.municipality_id, 0) AS municipality_id,
    b.channel_id, b.age_band, b.sex, p.territory_id, count(*)::integer AS ballots
FROM poll_ballot AS b JOIN poll AS p ON p.id = b.poll_id JOIN territory AS place ON place.id = p.territory_id
WHERE b.withdrawn_at IS NULL
GROUP BY 1, 2, 3, 4, 5, 6, 7;
CREATE VIEW poll_count_truth AS
SELECT b.poll_id, a.question_id, coalesce(a.option_id, 0) AS option_id,
    (b.cast_at AT TIME ZONE place.timezone)::date AS day, coalesce(b.municipality_id, 0) AS municipality_id,
    b.channel_id, b.age_band, b.sex, p.territory_id, count(*)::integer AS ballots
FROM poll_answer AS a JOIN poll_ballot AS b ON b.id = a.ballot_id
JOIN poll AS p ON p.id = b.poll_id JOIN territory AS place ON place.id = p.territory_id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;

DO $$
DECLARE
    relation text;
BEGIN
    FOREACH relation IN ARRAY '{poll_turnout_folded,poll_turnout_fresh,poll_count_folded,poll_count_fresh}'::text[] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation);
        EXECUTE format(
            'CREATE POLICY scope ON %I FOR SELECT
                USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]))',
            relation);
        EXECUTE format('GRANT SELECT ON %I TO otklik_app', relation);
    END LOOP;
END $$;
GRANT SELECT ON poll_turnout, poll_count TO otklik_app;

-- Sum fresh rows into the cells; whether there are more. One session folds at a time, as with the other cubes.
CREATE FUNCTION fold_polls(at_most integer DEFAULT 100000) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (EXISTS (SELECT FROM poll_turnout_fresh) OR EXISTS (SELECT FROM poll_count_fresh))
        OR NOT pg_try_advisory_xact_lock(hashtext('otklik fold')) THEN
        RETURN false;
    END IF;
    WITH taken AS (
        DELETE FROM poll_turnout_fresh WHERE ctid = ANY (ARRAY(SELECT ctid FROM poll_turnout_fresh LIMIT at_most))
        RETURNING *
    )
    INSERT INTO poll_turnout_folded AS c (poll_id, day, municipality_id, channel_id, age_band, sex, territory_id, ballots)
    SELECT poll_id, day, municipality_id, channel_id, age_band, sex, territory_id, sum(ballots) FROM taken
    GROUP BY poll_id, day, municipality_id, channel_id, age_band, sex, territory_id HAVING sum(ballots) <> 0
    ON CONFLICT (poll_id, day, municipality_id, channel_id, age_band, sex, territory_id)
    DO UPDATE SET ballots = c.ballots + excluded.ballots;
    WITH taken AS (
        DELETE FROM poll_count_fresh WHERE ctid = ANY (ARRAY(SELECT ctid FROM poll_count_fresh LIMIT at_most))
        RETURNING *
    )
    INSERT INTO poll_count_folded AS c (
        poll_id, question_id, option_id, day, municipality_id, channel_id, age_band, sex, territory_id, ballots
    )
    SELECT poll_id, question_id, option_id, day, municipality_id, channel_id, age_band, sex, territory_id, sum(ballots)
    FROM taken
    GROUP BY poll_id, question_id, option_id, day, municipality_id, channel_id, age_band, sex, territory_id
    HAVING sum(ballots) <> 0
    ON CONFLICT (poll_id, question_id, option_id, day, municipality_id, channel_id, age_band, sex, territory_id)
    DO UPDATE SET ballots = c.ballots + excluded.ballots;
    RETURN EXISTS (SELECT FROM poll_turnout_fresh) OR EXISTS (SELECT FROM poll_count_fresh);
END $$;

CREATE FUNCTION must_take_votes(polls integer[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM poll WHERE id = ANY (polls)
            AND (published_at IS NULL OR clock_timestamp() < opens_at OR clock_timestamp() >= closes_at)
    ) THEN
        PERFORM refuse_all('closed', 'a vote is cast, changed and withdrawn while its poll is open, neither before nor after');
    END IF;
END $$;

-- The cell of the turnout that a ballot is in; one row.
CREATE FUNCTION ballot_cell(
    b poll_ballot, OUT poll_id integer, OUT day date, OUT municipality_id integer, OUT channel_id smallint,
    OUT age_band smallint, OUT sex smallint, OUT territory_id integer
) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT p.id, (b.cast_at AT TIME ZONE place.timezone)::date, coalesce(b.municipality_id, 0), b.channel_id, b.age_band,
        b.sex, p.territory_id
    FROM poll AS p JOIN territory AS place ON place.id = p.territory_id WHERE p.id = b.poll_id
$$;

-- What a statement did, from its transition tables. Nothing that a ballot is counted by changes, but for its withdrawal.
CREATE FUNCTION count_ballots() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM must_take_votes(ARRAY(SELECT DISTINCT poll_id FROM added));
        INSERT INTO poll_turnout_fresh SELECT c.*, 1 FROM added AS b, ballot_cell(b) AS c WHERE b.withdrawn_at IS NULL;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM must_take_votes(ARRAY(SELECT DISTINCT poll_id FROM removed));
        INSERT INTO poll_turnout_fresh SELECT c.*, -1 FROM removed AS b, ballot_cell(b) AS c WHERE b.withdrawn_at IS NULL;
    ELSE
        PERFORM must_take_votes(ARRAY(SELECT DISTINCT poll_id FROM added));
        INSERT INTO poll_turnout_fresh
        SELECT c.*, CASE WHEN b.withdrawn_at IS NULL THEN 1 ELSE -1 END
        FROM added AS b JOIN removed AS was ON was.id = b.id, ballot_cell(b) AS c
        WHERE (b.withdrawn_at IS NULL) <> (was.withdrawn_at IS NULL);
    END IF;
    RETURN NULL;
END $$;

-- The ballot of an answer is there, whichever statement this is: it goes after its answers.
CREATE FUNCTION count_answers() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM must_take_votes(ARRAY(SELECT DISTINCT poll_id FROM answered));
    INSERT INTO poll_count_fresh (
        poll_id, question_id, option_id, day, municipality_id, channel_id, age_band, sex, territory_id, ballots
    )
    SELECT c.poll_id, a.question_id, coalesce(a.option_id, 0), c.day, c.municipality_id, c.channel_id, c.age_band, c.sex,
        c.territory_id, CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END
    FROM answered AS a LEFT JOIN poll_ballot AS b ON b.id = a.ballot_id LEFT JOIN LATERAL ballot_cell(b) AS c ON true;
    RETURN NULL;
END $$;

CREATE TRIGGER count_added AFTER INSERT ON poll_ballot
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_ballots();
CREATE TRIGGER count_changed AFTER UPDATE ON poll_ballot
    REFERENCING NEW TABLE AS added OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_ballots();
CREATE TRIGGER count_removed AFTER DELETE ON poll_ballot
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_ballots();
CREATE TRIGGER count_added AFTER INSERT ON poll_answer
    REFERENCING NEW TABLE AS answered FOR EACH STATEMENT EXECUTE FUNCTION count_answers();
CREATE TRIGGER count_removed AFTER DELETE ON poll_answer
    REFERENCING OLD TABLE AS answered FOR EACH STATEMENT EXECUTE FUNCTION count_answers();

CREATE FUNCTION forget_votes() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'poll_ballot' THEN
        TRUNCATE poll_turnout_fresh, poll_turnout_folded;
    ELSE
        TRUNCATE poll_count_fresh, poll_count_folded;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_votes AFTER TRUNCATE ON poll_ballot FOR EACH STATEMENT EXECUTE FUNCTION forget_votes();
CREATE TRIGGER forget_votes AFTER TRUNCATE ON poll_answer FOR EACH STATEMENT EXECUTE FUNCTION forget_votes();

-- What votes are counted by stays.
CREATE FUNCTION votes_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse_all('counted', 'what a vote is counted by stays as it was when it was cast');
    RETURN NULL;
END $$;
CREATE TRIGGER votes_stay BEFORE UPDATE ON poll_ballot FOR EACH ROW
    WHEN ((OLD.id, OLD.poll_id, OLD.voter, OLD.cast_at, OLD.channel_id, OLD.municipality_id, OLD.age_band, OLD.sex)
        IS DISTINCT FROM
        (NEW.id, NEW.poll_id, NEW.voter, NEW.cast_at, NEW.channel_id, NEW.municipality_id, NEW.age_band, NEW.sex))
    EXECUTE FUNCTION votes_stay();
-- An answer is taken away and another given.
CREATE TRIGGER votes_stay BEFORE UPDATE ON poll_answer FOR EACH ROW EXECUTE FUNCTION votes_stay();
CREATE TRIGGER votes_stay BEFORE UPDATE OF territory_id ON poll FOR EACH ROW
    WHEN (OLD.territory_id <> NEW.territory_id) EXECUTE FUNCTION votes_stay();

CREATE FUNCTION closed_polls_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse_all('closed', 'a poll that is closed stays closed, with its period and its quorum');
    RETURN NULL;
END $$;
CREATE TRIGGER closed_polls_stay BEFORE UPDATE ON poll FOR EACH ROW
    WHEN (OLD.closes_at <= clock_timestamp() AND (
        OLD.opens_at, OLD.closes_at, OLD.published_at, OLD.eligible, OLD.quorum_votes, OLD.quorum_share
    ) IS DISTINCT FROM (
        NEW.opens_at, NEW.closes_at, NEW.published_at, NEW.eligible, NEW.quorum_votes, NEW.quorum_share
    )) EXECUTE FUNCTION closed_polls_stay();

-- Each commit announces them: pages that show polls ask again, others don't listen.
CREATE FUNCTION announce_polls() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('otklik_announcements', 'polls');
    RETURN NULL;
END $$;
CREATE TRIGGER announce_polls AFTER INSERT OR UPDATE OR DELETE ON poll
    FOR EACH STATEMENT EXECUTE FUNCTION announce_polls();
CREATE TRIGGER announce_polls AFTER INSERT OR UPDATE OR DELETE ON poll_ballot
    FOR EACH STATEMENT EXECUTE FUNCTION announce_polls();
CREATE TRIGGER announce_polls AFTER INSERT OR DELETE ON poll_answer
    FOR EACH STATEMENT EXECUTE FUNCTION announce_polls();

REVOKE EXECUTE ON FUNCTION fold_polls, must_take_votes, ballot_cell, count_ballots, count_answers, forget_votes, votes_stay,
    closed_polls_stay, announce_polls FROM PUBLIC;
