-- What the screens do in discussions, in the viewer's name and territories; each leaves an event and an audit record.
CREATE FUNCTION lock_discussion(a_discussion integer) RETURNS discussion
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    locked discussion;
BEGIN
    SELECT * INTO locked FROM discussion WHERE id = a_discussion AND published_at <= now() FOR NO KEY UPDATE;
    IF locked.id IS NULL OR NOT sees_territory(locked.territory_id) THEN
        RAISE EXCEPTION 'there is no such discussion' USING ERRCODE = 'no_data_found';
    END IF;
    RETURN locked;
END $$;

-- A comment of a discussion that the viewer sees, in the state that their screen showed.
CREATE FUNCTION lock_comment(a_comment bigint, a_state text) RETURNS discussion_comment
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    locked discussion_comment;
BEGIN
    SELECT * INTO locked FROM discussion_comment WHERE id = a_comment FOR NO KEY UPDATE;
    IF locked.id IS NULL OR NOT EXISTS (
        SELECT FROM discussion WHERE id = locked.discussion_id AND sees_territory(territory_id) AND published_at <= now()
    ) THEN
        RAISE EXCEPTION 'there is no such comment' USING ERRCODE = 'no_data_found';
    ELSIF a_state IS DISTINCT FROM locked.state THEN
        RAISE EXCEPTION 'somebody has decided about the comment meanwhile' USING ERRCODE = 'no_data_found';
    END IF;
    RETURN locked;
END $$;

CREATE FUNCTION record_discussion(
    a_discussion integer, a_comment bigint, what text, action text, why text, was jsonb, became jsonb
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO discussion_event (discussion_id, comment_id, person_id, person, kind, reason)
    VALUES (a_discussion, a_comment, viewer_id(), (SELECT name FROM person WHERE id = viewer_id()), what, btrim(why));
    PERFORM audit_append(action, 'discussion ' || (SELECT number FROM discussion WHERE id = a_discussion), why, was, became);
END $$;

CREATE FUNCTION must_be_text(a_text text, what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF btrim(coalesce(a_text, ''), E' \t\r\n') = '' OR length(a_text) > 2000 THEN
        PERFORM refuse_all('text', what || ' has 1 to 2000 characters');
    END IF;
END $$;

-- Publish a comment or reject it, from the state that the screen showed; a rejection says why. What was decided can be
-- decided otherwise later, and both stay in the log. The last day for an answer counts from the first publication.
CREATE FUNCTION moderate_comment(a_comment bigint, seen_state text, a_state text, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was discussion_comment;
    discussed discussion;
BEGIN
    PERFORM must_have('moderate');
    was = lock_comment(a_comment, seen_state);
    IF a_state = 'rejected' OR was.state = 'rejected' THEN
        PERFORM must_say_why(why);
    END IF;
    IF NOT coalesce(a_state IN ('published', 'rejected') AND a_state <> was.state, false) THEN
        PERFORM refuse_all('state', 'a comment is published or rejected');
    END IF;
    SELECT * INTO discussed FROM discussion WHERE id = was.discussion_id;
    UPDATE discussion_comment SET state = a_state,
        published_at = CASE WHEN a_state = 'published' THEN coalesce(published_at, now()) ELSE published_at END,
        answer_due = CASE WHEN a_state = 'published' AND parent_id IS NULL
            THEN coalesce(answer_due, local_day(discussed.territory_id) + discussed.answer_days) ELSE answer_due END
    WHERE id = a_comment;
    PERFORM record_discussion(was.discussion_id, a_comment, a_state, 'comment ' || a_state, btrim(coalesce(why, '')),
        jsonb_build_object('comment', a_comment, 'state', was.state),
        jsonb_build_object('comment', a_comment, 'state', a_state));
END $$;

-- The organisation's official answer to a published comment; a later one replaces it, and both stay in the log.
CREATE FUNCTION answer_comment(a_comment bigint, an_answer text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was discussion_comment;
BEGIN
    PERFORM must_have('moderate');
    PERFORM must_be_text(an_answer, 'an answer');
    was = lock_comment(a_comment, 'published');
    UPDATE discussion_comment SET answer = btrim(an_answer), answered_at = coalesce(answered_at, now()) WHERE id = a_comment;
    PERFORM record_discussion(was.discussion_id, a_comment, 'answered', 'comment answered', an_answer,
        jsonb_build_object('comment', a_comment, 'answer', was.answer),
        jsonb_build_object('comment', a_comment, 'answer', btrim(an_answer)));
END $$;

-- Say what was decided, which ends a discussion that takes no more comments; or, once it has ended, what came of it.
CREATE FUNCTION conclude_discussion(a_discussion integer, a_kind text, a_text text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was discussion;
BEGIN
    PERFORM must_have('moderate');
    PERFORM must_be_text(a_text, 'a decision');
    was = lock_discussion(a_discussion);
    IF a_kind IS DISTINCT FROM 'decided' AND a_kind IS DISTINCT FROM 'outcome' THEN
        PERFORM refuse_all('kind', 'a discussion ends by what was decided, and later by what came of it');
    ELSIF a_kind = 'decided' AND (was.decided_at IS NOT NULL OR now() < was.closes_at) THEN
        PERFORM refuse_all('phase', 'a discussion is decided once, after it has closed for comments');
    ELSIF a_kind = 'outcome' AND was.decided_at IS NULL THEN
        PERFORM refuse_all('phase', 'first it is said what was decided');
    END IF;
    UPDATE discussion SET
        decided_at = coalesce(decided_at, now()),
        decision = CASE a_kind WHEN 'decided' THEN btrim(a_text) ELSE decision END,
        outcome = CASE a_kind WHEN 'outcome' THEN btrim(a_text) ELSE outcome END
    WHERE id = a_discussion;
    PERFORM record_discussion(a_discussion, NULL, a_kind,
        CASE a_kind WHEN 'decided' THEN 'discussion decided' ELSE 'discussion outcome recorded' END, a_text,
        jsonb_build_object('decision', was.decision, 'outcome', was.outcome),
        jsonb_build_object('decision', CASE a_kind WHEN 'decided' THEN btrim(a_text) ELSE was.decision END,
            'outcome', CASE a_kind WHEN 'outcome' THEN btrim(a_text) ELSE was.outcome END));
END $$;

REVOKE EXECUTE ON FUNCTION lock_discussion, lock_comment, record_discussion, must_be_text, moderate_comment, answer_comment,
    conclude_discussion FROM PUBLIC;
GRANT EXECUTE ON FUNCTION moderate_comment, answer_comment, conclude_discussion TO otklik_app;
