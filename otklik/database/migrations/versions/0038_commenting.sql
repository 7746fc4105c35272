-- Comments and reactions as the platform writes them. Not for the screens' role.
CREATE FUNCTION must_collect(discussions integer[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM discussion WHERE id = ANY (discussions)
            AND (published_at IS NULL OR clock_timestamp() < opens_at OR clock_timestamp() >= closes_at)
    ) THEN
        PERFORM refuse_all('closed', 'people comment and react while a discussion is open, neither before nor after');
    END IF;
END $$;

-- Whatever adds comments or changes reactions, does so while the discussion is open.
CREATE FUNCTION only_while_open() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM must_collect(ARRAY(SELECT DISTINCT discussion_id FROM written));
    RETURN NULL;
END $$;
CREATE TRIGGER only_while_open_added AFTER INSERT ON discussion_comment REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION only_while_open();
CREATE TRIGGER only_while_open_added AFTER INSERT ON comment_reaction REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION only_while_open();
CREATE TRIGGER only_while_open_changed AFTER UPDATE ON comment_reaction REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION only_while_open();
CREATE TRIGGER only_while_open_removed AFTER DELETE ON comment_reaction REFERENCING OLD TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION only_while_open();

-- The participant that a person is in a discussion, from now on.
CREATE FUNCTION join_discussion(a_discussion integer, a_person bytea, a_channel text, a_municipality integer) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    participant bigint = (SELECT id FROM discussion_participant WHERE discussion_id = a_discussion AND person = a_person);
BEGIN
    IF participant IS NULL THEN
        INSERT INTO discussion_participant (discussion_id, person, channel_id, municipality_id)
        VALUES (a_discussion, a_person, (SELECT id FROM channel WHERE code = a_channel), a_municipality)
        ON CONFLICT (discussion_id, person) DO UPDATE SET person = excluded.person
        RETURNING id INTO participant;
    END IF;
    RETURN participant;
END $$;

-- Returns the comment's id; it is published by a moderator. A reply is to a published comment of the same discussion.
CREATE FUNCTION write_comment(
    a_discussion integer, a_person bytea, a_channel text, a_municipality integer, a_text text, a_parent bigint
) RETURNS bigint LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    IF a_parent IS NOT NULL AND NOT EXISTS (
        SELECT FROM discussion_comment WHERE id = a_parent AND discussion_id = a_discussion AND state = 'published'
    ) THEN
        RAISE EXCEPTION 'there is no such comment' USING ERRCODE = 'no_data_found';
    END IF;
    INSERT INTO discussion_comment (discussion_id, participant_id, parent_id, text, channel_id, municipality_id)
    VALUES (a_discussion, join_discussion(a_discussion, a_person, a_channel, a_municipality), a_parent, a_text,
        (SELECT id FROM channel WHERE code = a_channel), a_municipality)
    RETURNING id INTO made;
    RETURN made;
END $$;

-- Agree or disagree with a published comment, or pass on it; the latest counts. NULL takes the reaction back.
CREATE FUNCTION react_to_comment(
    a_comment bigint, a_person bytea, a_channel text, a_municipality integer, a_reaction text
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    discussed integer = (SELECT discussion_id FROM discussion_comment WHERE id = a_comment AND state = 'published');
BEGIN
    IF discussed IS NULL THEN
        RAISE EXCEPTION 'there is no such comment' USING ERRCODE = 'no_data_found';
    ELSIF a_reaction IS NULL THEN
        DELETE FROM comment_reaction USING discussion_participant AS p
        WHERE comment_id = a_comment AND p.id = participant_id AND p.discussion_id = discussed AND p.person = a_person;
        RETURN;
    END IF;
    INSERT INTO comment_reaction (comment_id, discussion_id, participant_id, reaction, channel_id, municipality_id)
    VALUES (a_comment, discussed, join_discussion(discussed, a_person, a_channel, a_municipality), a_reaction,
        (SELECT id FROM channel WHERE code = a_channel), a_municipality)
    ON CONFLICT (comment_id, participant_id)
    DO UPDATE SET reaction = excluded.reaction, changed_at = clock_timestamp();
END $$;

-- One row a participant and published comment that they reacted to, for the groups of opinion: participants are counted
-- from 1 in no order that means anything, so that nobody is known by their number, here or in another discussion.
CREATE FUNCTION reaction_matrix(a_discussion integer)
RETURNS TABLE (participant integer, comment_id bigint, reaction text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (dense_rank() OVER (ORDER BY p.person))::integer, r.comment_id, r.reaction
    FROM comment_reaction AS r
    JOIN discussion_participant AS p ON p.id = r.participant_id
    JOIN discussion_comment AS c ON c.id = r.comment_id AND c.state = 'published'
    JOIN discussion AS d ON d.id = r.discussion_id
    WHERE r.discussion_id = a_discussion AND viewer_may('discussions') AND sees_territory(d.territory_id)
$$;

REVOKE EXECUTE ON FUNCTION must_collect, only_while_open, join_discussion, write_comment, react_to_comment, reaction_matrix
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reaction_matrix TO otklik_app;
