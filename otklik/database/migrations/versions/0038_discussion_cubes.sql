-- Comments, reactions and participants by all that screens tell them apart by, and the reactions to each comment. The day
-- is the local one, in the discussion's territory, of writing, of the first reaction, of joining; a municipality that is
-- unknown is 0. Fresh rows are what statements added and took away since the last fold, as with the cubes of polls.
CREATE TABLE discussion_activity_folded (
    discussion_id integer NOT NULL,
    day date NOT NULL,
    municipality_id integer NOT NULL,
    channel_id smallint NOT NULL,
    territory_id integer NOT NULL,
    comments integer NOT NULL,
    pending integer NOT NULL,
    published integer NOT NULL,
    rejected integer NOT NULL,
    -- Published, and an answer is due that hasn't come.
    unanswered integer NOT NULL,
    reactions integer NOT NULL,
    participants integer NOT NULL,
    PRIMARY KEY (discussion_id, day, municipality_id, channel_id, territory_id)
);
CREATE TABLE discussion_activity_fresh (LIKE discussion_activity_folded);
CREATE TABLE discussion_reactions_folded (
    discussion_id integer NOT NULL,
    comment_id bigint NOT NULL,
    territory_id integer NOT NULL,
    agrees integer NOT NULL,
    disagrees integer NOT NULL,
    passes integer NOT NULL,
    PRIMARY KEY (discussion_id, comment_id, territory_id)
);
CREATE TABLE discussion_reactions_fresh (LIKE discussion_reactions_folded);

CREATE VIEW discussion_activity WITH (security_invoker = true) AS
SELECT discussion_id, day, municipality_id, channel_id, territory_id, sum(comments)::integer AS comments,
    sum(pending)::integer AS pending, sum(published)::integer AS published, sum(rejected)::integer AS rejected,
    sum(unanswered)::integer AS unanswered, sum(reactions)::integer AS reactions, sum(participants)::integer AS participants
FROM (SELECT * FROM discussion_activity_folded UNION ALL SELECT * FROM discussion_activity_fresh) AS cell
GROUP BY discussion_id, day, municipality_id, channel_id, territory_id;
CREATE VIEW discussion_reactions WITH (security_invoker = true) AS
SELECT discussion_id, comment_id, territory_id, sum(agrees)::integer AS agrees, sum(disagrees)::integer AS disagrees,
    sum(passes)::integer AS passes
FROM (SELECT * FROM discussion_reactions_folded UNION ALL SELECT * FROM discussion_reactions_fresh) AS cell
GROUP BY discussion_id, comment_id, territory_id;

-- What one comment, reaction or participant adds to its cell.
CREATE FUNCTION comment_fact(c discussion_comment) RETURNS SETOF discussion_activity_folded
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT d.id, (c.written_at AT TIME ZONE place.timezone)::date, coalesce(c.municipality_id, 0), c.channel_id,
        d.territory_id, 1, (c.state = 'pending')::integer, (c.state = 'published')::integer,
        (c.state = 'rejected')::integer,
        (c.state = 'published' AND c.answer_due IS NOT NULL AND c.answered_at IS NULL)::integer, 0, 0
    FROM discussion AS d JOIN territory AS place ON place.id = d.territory_id WHERE d.id = c.discussion_id
$$;
CREATE FUNCTION reaction_fact(r comment_reaction) RETURNS SETOF discussion_activity_folded
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT d.id, (r.reacted_at AT TIME ZONE place.timezone)::date, coalesce(r.municipality_id, 0), r.channel_id,
        d.territory_id, 0, 0, 0, 0, 0, 1, 0
    FROM discussion AS d JOIN territory AS place ON place.id = d.territory_id WHERE d.id = r.discussion_id
$$;
CREATE FUNCTION participant_fact(p discussion_participant) RETURNS SETOF discussion_activity_folded
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT d.id, (p.joined_at AT TIME ZONE place.timezone)::date, coalesce(p.municipality_id, 0), p.channel_id,
        d.territory_id, 0, 0, 0, 0, 0, 0, 1
    FROM discussion AS d JOIN territory AS place ON place.id = d.territory_id WHERE d.id = p.discussion_id
$$;
CREATE FUNCTION reaction_counts(r comment_reaction) RETURNS SETOF discussion_reactions_folded
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT d.id, r.comment_id, d.territory_id, (r.reaction = 'agree')::integer, (r.reaction = 'disagree')::integer,
        (r.reaction = 'pass')::integer
    FROM discussion AS d WHERE d.id = r.discussion_id
$$;

-- What the cubes have to be, from the rows themselves.
CREATE VIEW discussion_activity_truth AS
SELECT discussion_id, day, municipality_id, channel_id, territory_id, sum(comments)::integer AS comments,
    sum(pending)::integer AS pending, sum(published)::integer AS published, sum(rejected)::integer AS rejected,
    sum(unanswered)::integer AS unanswered, sum(reactions)::integer AS reactions, sum(participants)::integer AS participants
FROM (
    SELECT f.* FROM discussion_comment AS c, comment_fact(c) AS f
    UNION ALL SELECT f.* FROM comment_reaction AS r, reaction_fact(r) AS f
    UNION ALL SELECT f.* FROM discussion_participant AS p, participant_fact(p) AS f
) AS fact
GROUP BY discussion_id, day, municipality_id, channel_id, territory_id;
CREATE VIEW discussion_reactions_truth AS
SELECT discussion_id, comment_id, territory_id, sum(agrees)::integer AS agrees, sum(disagrees)::integer AS disagrees,
    sum(passes)::integer AS passes
FROM (SELECT f.* FROM comment_reaction AS r, reaction_counts(r) AS f) AS fact
GROUP BY discussion_id, comment_id, territory_id;

DO $$
DECLARE
    relation text;
BEGIN
    FOREACH relation IN ARRAY '{discussion_activity_folded,discussion_activity_fresh,discussion_reactions_folded,
        discussion_reactions_fresh}'::text[]
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation);
        EXECUTE format(
            'CREATE POLICY scope ON %I FOR SELECT
                USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]))',
            relation);
        EXECUTE format('GRANT SELECT ON %I TO otklik_app', relation);
    END LOOP;
END $$;
GRANT SELECT ON discussion_activity, discussion_reactions TO otklik_app;

-- Sum fresh rows into the cells; whether there are more. One session folds at a time, as with the other cubes.
CREATE FUNCTION fold_discussions(at_most integer DEFAULT 100000) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (EXISTS (SELECT FROM discussion_activity_fresh) OR EXISTS (SELECT FROM discussion_reactions_fresh))
        OR NOT pg_try_advisory_xact_lock(hashtext('otklik fold')) THEN
        RETURN false;
    END IF;
    WITH taken AS (
        DELETE FROM discussion_activity_fresh
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM discussion_activity_fresh LIMIT at_most)) RETURNING *
    )
    INSERT INTO discussion_activity_folded AS cell
    SELECT discussion_id, day, municipality_id, channel_id, territory_id, sum(comments), sum(pending), sum(published),
        sum(rejected), sum(unanswered), sum(reactions), sum(participants)
    FROM taken GROUP BY discussion_id, day, municipality_id, channel_id, territory_id
    ON CONFLICT (discussion_id, day, municipality_id, channel_id, territory_id) DO UPDATE SET
        comments = cell.comments + excluded.comments, pending = cell.pending + excluded.pending,
        published = cell.published + excluded.published, rejected = cell.rejected + excluded.rejected,
        unanswered = cell.unanswered + excluded.unanswered, reactions = cell.reactions + excluded.reactions,
        participants = cell.participants + excluded.participants;
    WITH taken AS (
        DELETE FROM discussion_reactions_fresh
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM discussion_reactions_fresh LIMIT at_most)) RETURNING *
    )
    INSERT INTO discussion_reactions_folded AS cell
    SELECT discussion_id, comment_id, territory_id, sum(agrees), sum(disagrees), sum(passes)
    FROM taken GROUP BY discussion_id, comment_id, territory_id
    ON CONFLICT (discussion_id, comment_id, territory_id) DO UPDATE SET
        agrees = cell.agrees + excluded.agrees, disagrees = cell.disagrees + excluded.disagrees,
        passes = cell.passes + excluded.passes;
    RETURN EXISTS (SELECT FROM discussion_activity_fresh) OR EXISTS (SELECT FROM discussion_reactions_fresh);
END $$;

-- What a statement did, from its transition tables: the old rows are taken away, the new ones added.
CREATE FUNCTION count_comments() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO discussion_activity_fresh
        SELECT f.discussion_id, f.day, f.municipality_id, f.channel_id, f.territory_id, -f.comments, -f.pending,
            -f.published, -f.rejected, -f.unanswered, -f.reactions, -f.participants
        FROM removed AS c, comment_fact(c) AS f;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO discussion_activity_fresh SELECT f.* FROM added AS c, comment_fact(c) AS f;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION count_participants() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO discussion_activity_fresh
        SELECT f.discussion_id, f.day, f.municipality_id, f.channel_id, f.territory_id, -f.comments, -f.pending,
            -f.published, -f.rejected, -f.unanswered, -f.reactions, -f.participants
        FROM removed AS p, participant_fact(p) AS f;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO discussion_activity_fresh SELECT f.* FROM added AS p, participant_fact(p) AS f;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION count_reactions() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO discussion_activity_fresh
        SELECT f.discussion_id, f.day, f.municipality_id, f.channel_id, f.territory_id, -f.comments, -f.pending,
            -f.published, -f.rejected, -f.unanswered, -f.reactions, -f.participants
        FROM removed AS r, reaction_fact(r) AS f;
        INSERT INTO discussion_reactions_fresh
        SELECT f.discussion_id, f.comment_id, f.territory_id, -f.agrees, -f.disagrees, -f.passes
        FROM removed AS r, reaction_counts(r) AS f;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO discussion_activity_fresh SELECT f.* FROM added AS r, reaction_fact(r) AS f;
        INSERT INTO discussion_reactions_fresh SELECT f.* FROM added AS r, reaction_counts(r) AS f;
    END IF;
    RETURN NULL;
END $$;

-- Each commit announces them: pages that show discussions ask again, others don't listen.
CREATE FUNCTION announce_discussions() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('otklik_announcements', 'discussions');
    RETURN NULL;
END $$;

DO $$
DECLARE
    counted record;
BEGIN
    FOR counted IN
        SELECT * FROM (VALUES ('discussion_comment', 'count_comments'), ('comment_reaction', 'count_reactions'),
            ('discussion_participant', 'count_participants')) AS f (relation, counts)
    LOOP
        EXECUTE format('CREATE TRIGGER count_added AFTER INSERT ON %I REFERENCING NEW TABLE AS added
            FOR EACH STATEMENT EXECUTE FUNCTION %I()', counted.relation, counted.counts);
        EXECUTE format('CREATE TRIGGER count_changed AFTER UPDATE ON %I
            REFERENCING NEW TABLE AS added OLD TABLE AS removed
            FOR EACH STATEMENT EXECUTE FUNCTION %I()', counted.relation, counted.counts);
        EXECUTE format('CREATE TRIGGER count_removed AFTER DELETE ON %I REFERENCING OLD TABLE AS removed
            FOR EACH STATEMENT EXECUTE FUNCTION %I()', counted.relation, counted.counts);
        EXECUTE format('CREATE TRIGGER announce_discussions AFTER INSERT OR UPDATE OR DELETE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION announce_discussions()', counted.relation);
    END LOOP;
END $$;
CREATE TRIGGER announce_discussions AFTER INSERT OR UPDATE OR DELETE ON discussion
    FOR EACH STATEMENT EXECUTE FUNCTION announce_discussions();
CREATE TRIGGER announce_discussions AFTER INSERT OR DELETE ON discussion_problem
    FOR EACH STATEMENT EXECUTE FUNCTION announce_discussions();

-- A cube counts rows of three tables: where one is truncated, it is counted again from what is left.
CREATE FUNCTION recount_discussions() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    TRUNCATE discussion_activity_fresh, discussion_activity_folded, discussion_reactions_fresh, discussion_reactions_folded;
    INSERT INTO discussion_activity_folded SELECT * FROM discussion_activity_truth;
    INSERT INTO discussion_reactions_folded SELECT * FROM discussion_reactions_truth;
    RETURN NULL;
END $$;
CREATE TRIGGER recount_discussions AFTER TRUNCATE ON discussion_comment
    FOR EACH STATEMENT EXECUTE FUNCTION recount_discussions();
CREATE TRIGGER recount_discussions AFTER TRUNCATE ON comment_reaction
    FOR EACH STATEMENT EXECUTE FUNCTION recount_discussions();
CREATE TRIGGER recount_discussions AFTER TRUNCATE ON discussion_participant
    FOR EACH STATEMENT EXECUTE FUNCTION recount_discussions();

-- Its days are local to its territory.
CREATE FUNCTION discussions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse_all('counted', 'a discussion stays in its territory');
    RETURN NULL;
END $$;
CREATE TRIGGER discussions_stay BEFORE UPDATE OF territory_id ON discussion FOR EACH ROW
    WHEN (OLD.territory_id <> NEW.territory_id) EXECUTE FUNCTION discussions_stay();

REVOKE EXECUTE ON FUNCTION comment_fact, reaction_fact, participant_fact, reaction_counts, fold_discussions, count_comments,
    count_participants, count_reactions, announce_discussions, recount_discussions, discussions_stay FROM PUBLIC;
