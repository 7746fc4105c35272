CREATE TABLE poll (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The public number, as in an address.
    number text NOT NULL UNIQUE CONSTRAINT poll_number CHECK (number ~ '^[A-Za-z0-9-]{1,40}$'),
    title text NOT NULL CONSTRAINT poll_title CHECK (btrim(title) <> '' AND length(title) <= 200),
    description text NOT NULL DEFAULT '' CONSTRAINT poll_description CHECK (length(description) <= 2000),
    territory_id integer NOT NULL REFERENCES territory,
    topic_id integer NOT NULL REFERENCES topic,
    -- Who is asked, in words.
    audience text NOT NULL DEFAULT '' CONSTRAINT poll_audience CHECK (length(audience) <= 200),
    opens_at timestamptz NOT NULL,
    -- No vote counts from this moment on.
    closes_at timestamptz NOT NULL,
    -- How many people may vote; NULL where nobody knows.
    eligible integer CONSTRAINT poll_eligible CHECK (eligible > 0),
    -- The turnout from which the result counts: votes, or a share of those who may vote; neither where there is none.
    quorum_votes integer CHECK (quorum_votes > 0),
    quorum_share numeric CHECK (quorum_share > 0 AND quorum_share <= 1),
    -- A poll that isn't published is a draft: it takes no votes and no screen shows it.
    published_at timestamptz,
    CONSTRAINT poll_period CHECK (opens_at < closes_at AND published_at <= opens_at),
    CONSTRAINT poll_quorum CHECK (
        num_nonnulls(quorum_votes, quorum_share) <= 1 AND (quorum_share IS NULL OR eligible IS NOT NULL)
    )
);
CREATE INDEX poll_territory ON poll (territory_id);
CREATE INDEX poll_topic ON poll (topic_id);
COMMENT ON TABLE poll IS 'One row a poll: where and about what, who may vote from when until when, and the quorum.';

CREATE TABLE poll_question (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    poll_id integer NOT NULL REFERENCES poll,
    position smallint NOT NULL CHECK (position > 0),
    -- One option, several, one step of a scale, or a text.
    kind text NOT NULL CHECK (kind IN ('single', 'multiple', 'scale', 'open')),
    text text NOT NULL CHECK (btrim(text) <> '' AND length(text) <= 500),
    UNIQUE (poll_id, position),
    UNIQUE (id, poll_id, kind)
);
COMMENT ON TABLE poll_question IS 'One row a question of a poll.';

CREATE TABLE poll_option (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    question_id integer NOT NULL REFERENCES poll_question,
    position smallint NOT NULL CHECK (position > 0),
    text text NOT NULL CHECK (btrim(text) <> '' AND length(text) <= 300),
    -- Of a step of a scale.
    value smallint,
    UNIQUE (question_id, position),
    UNIQUE (id, question_id)
);
COMMENT ON TABLE poll_option IS 'One row an option that a question offers.';

CREATE TABLE poll_ballot (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    poll_id integer NOT NULL REFERENCES poll,
    -- A keyed hash of the person and the poll: who knows it, without the key, knows neither who voted nor where else.
    voter bytea NOT NULL CONSTRAINT poll_ballot_voter CHECK (octet_length(voter) = 32),
    cast_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at timestamptz,
    -- A withdrawn ballot has no answers and isn't counted, until the person votes again.
    withdrawn_at timestamptz,
    channel_id smallint NOT NULL REFERENCES channel,
    -- As at the vote; NULL and 0 where unknown. The band is the first year of age in it; the sex is as in ISO/IEC 5218.
    municipality_id integer REFERENCES territory,
    age_band smallint NOT NULL DEFAULT 0 CHECK (age_band IN (0, 14, 18, 25, 35, 45, 55, 65)),
    sex smallint NOT NULL DEFAULT 0 CHECK (sex IN (0, 1, 2)),
    UNIQUE (poll_id, voter),
    UNIQUE (id, poll_id)
);
CREATE INDEX poll_ballot_channel ON poll_ballot (channel_id);
CREATE INDEX poll_ballot_municipality ON poll_ballot (municipality_id);
COMMENT ON TABLE poll_ballot IS 'One row a person and poll, without identity: that somebody voted, when, how, and from where.';

CREATE TABLE poll_answer (
    ballot_id bigint NOT NULL,
    poll_id integer NOT NULL,
    question_id integer NOT NULL,
    -- The question's, so that constraints can tell kinds apart.
    kind text NOT NULL,
    option_id integer,
    text text CHECK (btrim(text) <> '' AND length(text) <= 2000),
    FOREIGN KEY (ballot_id, poll_id) REFERENCES poll_ballot (id, poll_id),
    FOREIGN KEY (question_id, poll_id, kind) REFERENCES poll_question (id, poll_id, kind),
    FOREIGN KEY (option_id, question_id) REFERENCES poll_option (id, question_id),
    CONSTRAINT poll_answer_kind CHECK ((kind = 'open') = (option_id IS NULL) AND (kind = 'open') = (text IS NOT NULL)),
    CONSTRAINT poll_answer_once UNIQUE (ballot_id, question_id, option_id)
);
CREATE UNIQUE INDEX poll_answer_one ON poll_answer (ballot_id, question_id) WHERE kind <> 'multiple';
CREATE INDEX poll_answer_question ON poll_answer (question_id, option_id);
COMMENT ON TABLE poll_answer IS 'One row an option that a ballot chose, or the text that it answered an open question with.';

ALTER TABLE poll ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON poll FOR SELECT
    USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]));
-- By the poll's own policy.
ALTER TABLE poll_question ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON poll_question FOR SELECT USING (EXISTS (SELECT FROM poll WHERE poll.id = poll_id));
ALTER TABLE poll_option ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON poll_option FOR SELECT USING (EXISTS (SELECT FROM poll_question AS q WHERE q.id = question_id));
-- No policy and no grant: nobody but the owner reads what somebody voted.
ALTER TABLE poll_ballot ENABLE ROW LEVEL SECURITY;
ALTER TABLE poll_answer ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON poll, poll_question, poll_option TO otklik_app;
