CREATE TABLE discussion (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The public number, as in an address.
    number text NOT NULL UNIQUE CONSTRAINT discussion_number CHECK (number ~ '^[A-Za-z0-9-]{1,40}$'),
    title text NOT NULL CONSTRAINT discussion_title CHECK (btrim(title) <> '' AND length(title) <= 200),
    description text NOT NULL DEFAULT '' CONSTRAINT discussion_description CHECK (length(description) <= 2000),
    -- Where the draft that is discussed can be read.
    document_url text CONSTRAINT discussion_document CHECK (document_url ~ '^https?://[^[:space:]]{1,500}$'),
    territory_id integer NOT NULL REFERENCES territory,
    topic_id integer NOT NULL REFERENCES topic,
    -- Who answers comments, and who reads them before they are published.
    organisation_id integer REFERENCES organisation,
    moderator text NOT NULL DEFAULT '' CONSTRAINT discussion_moderator CHECK (length(moderator) <= 200),
    -- A published comment that begins a thread is answered within so many local days after that of its publication; NULL
    -- where nothing promises an answer.
    answer_days smallint CONSTRAINT discussion_answer_days CHECK (answer_days BETWEEN 1 AND 90),
    -- A discussion that isn't published is a draft: it takes no comments and no screen shows it.
    published_at timestamptz,
    opens_at timestamptz NOT NULL,
    -- No comment and no reaction counts from this moment on.
    closes_at timestamptz NOT NULL,
    -- What was decided, which ends the discussion, and later what came of it.
    decided_at timestamptz,
    decision text CONSTRAINT discussion_decision CHECK (btrim(decision) <> '' AND length(decision) <= 2000),
    outcome text CONSTRAINT discussion_outcome CHECK (btrim(outcome) <> '' AND length(outcome) <= 2000),
    CONSTRAINT discussion_period CHECK (opens_at < closes_at AND published_at <= opens_at),
    CONSTRAINT discussion_decided CHECK (
        (decided_at IS NULL) = (decision IS NULL) AND decided_at >= closes_at AND (outcome IS NULL OR decision IS NOT NULL)
    )
);
CREATE INDEX discussion_territory ON discussion (territory_id);
CREATE INDEX discussion_topic ON discussion (topic_id);
CREATE INDEX discussion_organisation ON discussion (organisation_id);
COMMENT ON TABLE discussion IS 'One row a discussion: where and about what, from when until when, who answers, and what was decided.';

CREATE FUNCTION discussion_phase(a_discussion discussion) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN a_discussion.decided_at <= now() THEN 'closed'
        WHEN now() < a_discussion.opens_at THEN 'announced'
        WHEN now() < a_discussion.closes_at THEN 'collecting'
        ELSE 'summing_up'
    END
$$;

CREATE TABLE discussion_problem (
    discussion_id integer NOT NULL REFERENCES discussion,
    problem_id integer NOT NULL REFERENCES problem ON DELETE CASCADE,
    PRIMARY KEY (discussion_id, problem_id)
);
CREATE INDEX discussion_problem_problem ON discussion_problem (problem_id);
COMMENT ON TABLE discussion_problem IS 'One row a problem that a discussion is about, or that came of it.';

CREATE TABLE discussion_participant (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    discussion_id integer NOT NULL REFERENCES discussion,
    -- A keyed hash of the person and the discussion: without the key it says neither who took part nor where else.
    person bytea NOT NULL CONSTRAINT discussion_participant_person CHECK (octet_length(person) = 32),
    -- When, how and from where they first took part; NULL where the municipality isn't known.
    joined_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    channel_id smallint NOT NULL REFERENCES channel,
    municipality_id integer REFERENCES territory,
    UNIQUE (discussion_id, person),
    UNIQUE (id, discussion_id)
);
CREATE INDEX discussion_participant_channel ON discussion_participant (channel_id);
CREATE INDEX discussion_participant_municipality ON discussion_participant (municipality_id);
COMMENT ON TABLE discussion_participant IS 'One row a person and discussion, without identity: somebody who has commented or reacted.';

CREATE TABLE discussion_comment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    discussion_id integer NOT NULL REFERENCES discussion,
    participant_id bigint NOT NULL,
    -- The comment that it replies to; NULL for one that begins a thread.
    parent_id bigint,
    text text NOT NULL CONSTRAINT discussion_comment_text CHECK (btrim(text) <> '' AND length(text) <= 4000),
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- As at the comment.
    channel_id smallint NOT NULL REFERENCES channel,
    municipality_id integer REFERENCES territory,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'published', 'rejected')),
    -- When it was first published.
    published_at timestamptz,
    -- The last local day for an answer; NULL where none is due.
    answer_due date,
    answered_at timestamptz,
    answer text CONSTRAINT discussion_comment_answer CHECK (btrim(answer) <> '' AND length(answer) <= 2000),
    FOREIGN KEY (participant_id, discussion_id) REFERENCES discussion_participant (id, discussion_id),
    UNIQUE (id, discussion_id),
    FOREIGN KEY (parent_id, discussion_id) REFERENCES discussion_comment (id, discussion_id),
    CONSTRAINT discussion_comment_published CHECK (state <> 'published' OR published_at IS NOT NULL),
    CONSTRAINT discussion_comment_answered CHECK ((answered_at IS NULL) = (answer IS NULL))
);
CREATE INDEX discussion_comment_discussion ON discussion_comment (discussion_id, written_at);
CREATE INDEX discussion_comment_parent ON discussion_comment (parent_id);
CREATE INDEX discussion_comment_participant ON discussion_comment (participant_id);
CREATE INDEX discussion_comment_channel ON discussion_comment (channel_id);
CREATE INDEX discussion_comment_municipality ON discussion_comment (municipality_id);
CREATE INDEX discussion_comment_pending ON discussion_comment (discussion_id, written_at) WHERE state = 'pending';
CREATE INDEX discussion_comment_unanswered ON discussion_comment (answer_due, discussion_id)
    WHERE state = 'published' AND answered_at IS NULL AND answer_due IS NOT NULL;
COMMENT ON TABLE discussion_comment IS 'One row a comment: what was said, in reply to what, whether it is published, and the official answer.';

CREATE TABLE comment_reaction (
    comment_id bigint NOT NULL,
    discussion_id integer NOT NULL,
    participant_id bigint NOT NULL,
    reaction text NOT NULL CHECK (reaction IN ('agree', 'disagree', 'pass')),
    reacted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at timestamptz,
    -- As at the reaction.
    channel_id smallint NOT NULL REFERENCES channel,
    municipality_id integer REFERENCES territory,
    PRIMARY KEY (comment_id, participant_id),
    FOREIGN KEY (comment_id, discussion_id) REFERENCES discussion_comment (id, discussion_id),
    FOREIGN KEY (participant_id, discussion_id) REFERENCES discussion_participant (id, discussion_id)
);
CREATE INDEX comment_reaction_discussion ON comment_reaction (discussion_id);
CREATE INDEX comment_reaction_participant ON comment_reaction (participant_id);
CREATE INDEX comment_reaction_channel ON comment_reaction (channel_id);
CREATE INDEX comment_reaction_municipality ON comment_reaction (municipality_id);
COMMENT ON TABLE comment_reaction IS 'One row a person and comment that they agree or disagree with, or pass on.';

CREATE TABLE discussion_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    discussion_id integer NOT NULL REFERENCES discussion,
    comment_id bigint REFERENCES discussion_comment,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    person_id integer,
    -- Their name then.
    person text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('published', 'rejected', 'answered', 'decided', 'outcome')),
    -- Why, or the text of the answer, decision or outcome.
    reason text NOT NULL
);
CREATE INDEX discussion_event_discussion ON discussion_event (discussion_id, id);
CREATE INDEX discussion_event_comment ON discussion_event (comment_id);
COMMENT ON TABLE discussion_event IS 'One row a decision of a moderator about a comment, an official answer, or a decision that ends a discussion.';

CREATE FUNCTION discussion_events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was done in a discussion is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER discussion_events_are_append_only BEFORE UPDATE OR DELETE ON discussion_event
    FOR EACH ROW EXECUTE FUNCTION discussion_events_are_append_only();

ALTER TABLE discussion ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON discussion FOR SELECT
    USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]));
-- By the discussion's own policy.
ALTER TABLE discussion_problem ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON discussion_problem FOR SELECT USING (discussion_id IN (SELECT id FROM discussion));
-- What isn't published is for those who decide whether it is.
ALTER TABLE discussion_comment ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON discussion_comment FOR SELECT
    USING ((state = 'published' OR (SELECT viewer_may('moderate'))) AND discussion_id IN (SELECT id FROM discussion));
ALTER TABLE discussion_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON discussion_event FOR SELECT
    USING ((SELECT viewer_may('moderate')) AND discussion_id IN (SELECT id FROM discussion));
-- No policy and no grant: nobody but the owner reads who reacted, nor how.
ALTER TABLE discussion_participant ENABLE ROW LEVEL SECURITY;
ALTER TABLE comment_reaction ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON discussion, discussion_problem, discussion_event TO otklik_app;
-- Not whose it is, nor through which channel and from where somebody wrote it.
GRANT SELECT (id, discussion_id, parent_id, text, written_at, state, published_at, answer_due, answered_at, answer)
    ON discussion_comment TO otklik_app;
REVOKE EXECUTE ON FUNCTION discussion_phase, discussion_events_are_append_only FROM PUBLIC;
GRANT EXECUTE ON FUNCTION discussion_phase TO otklik_app;
