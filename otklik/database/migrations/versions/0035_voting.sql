-- Cast a vote, or change it: answers are [{"question": 1, "option": 2} or {"question": 3, "text": "…"}, …]. Returns the
-- ballot's id. What the voter is counted by stays as it was at the first vote. Not for the screens' role.
CREATE FUNCTION cast_vote(
    a_poll integer, a_voter bytea, a_channel text, a_municipality integer, an_age_band integer, a_sex integer, answers jsonb
) RETURNS bigint LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    ballot bigint;
BEGIN
    -- Locks the ballot: two changes of one vote come one after the other.
    INSERT INTO poll_ballot AS b (poll_id, voter, channel_id, municipality_id, age_band, sex)
    VALUES (a_poll, a_voter, (SELECT id FROM channel WHERE code = a_channel), a_municipality, an_age_band, a_sex)
    ON CONFLICT (poll_id, voter) DO UPDATE SET changed_at = clock_timestamp(), withdrawn_at = NULL
    RETURNING b.id INTO ballot;
    DELETE FROM poll_answer WHERE ballot_id = ballot;
    INSERT INTO poll_answer (ballot_id, poll_id, question_id, kind, option_id, text)
    SELECT ballot, a_poll, given.question, (SELECT kind FROM poll_question WHERE id = given.question), given.option, given.text
    FROM jsonb_to_recordset(answers) AS given (question integer, option integer, text text);
    RETURN ballot;
END $$;

-- Withdraw a vote: the ballot stays, so that the person can vote again, and its answers go. Whether there was one.
CREATE FUNCTION withdraw_vote(a_poll integer, a_voter bytea) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    ballot bigint;
BEGIN
    SELECT id INTO ballot FROM poll_ballot
    WHERE poll_id = a_poll AND voter = a_voter AND withdrawn_at IS NULL FOR NO KEY UPDATE;
    IF ballot IS NULL THEN
        RETURN false;
    END IF;
    DELETE FROM poll_answer WHERE ballot_id = ballot;
    UPDATE poll_ballot SET withdrawn_at = clock_timestamp() WHERE id = ballot;
    RETURN true;
END $$;

-- Answers of a withdrawn ballot would be counted.
CREATE FUNCTION withdrawn_ballots_are_empty() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM poll_answer WHERE ballot_id = NEW.id) THEN
        PERFORM refuse_all('withdrawn', 'a withdrawn vote has no answers');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER withdrawn_ballots_are_empty AFTER UPDATE OF withdrawn_at ON poll_ballot
    FOR EACH ROW WHEN (NEW.withdrawn_at IS NOT NULL) EXECUTE FUNCTION withdrawn_ballots_are_empty();
CREATE FUNCTION answers_have_a_vote() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Waits for whoever withdraws it.
    PERFORM FROM poll_ballot WHERE id = NEW.ballot_id AND withdrawn_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM refuse_all('withdrawn', 'a withdrawn vote has no answers');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answers_have_a_vote BEFORE INSERT ON poll_answer FOR EACH ROW EXECUTE FUNCTION answers_have_a_vote();

REVOKE EXECUTE ON FUNCTION cast_vote, withdraw_vote, withdrawn_ballots_are_empty, answers_have_a_vote FROM PUBLIC;
