-- Receipts: what lets an applicant follow an appeal. The secret itself is nowhere: `digest` is the SHA-256 of the salt and
-- the secret's own SHA-256. It is 140 random bits, so that a slow hash would only be slow for this server.
CREATE TABLE receipt (
    region_id integer NOT NULL,
    appeal_id bigint NOT NULL,
    salt bytea NOT NULL CHECK (length(salt) = 16),
    digest bytea NOT NULL CHECK (length(digest) = 32),
    issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (region_id, appeal_id),
    FOREIGN KEY (region_id, appeal_id) REFERENCES appeal ON UPDATE CASCADE ON DELETE CASCADE
);
-- A visit: the browser has the token, of which this is the hash.
CREATE TABLE receipt_session (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    region_id integer NOT NULL,
    appeal_id bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (region_id, appeal_id) REFERENCES receipt ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX receipt_session_receipt ON receipt_session (region_id, appeal_id);
CREATE INDEX receipt_session_expired ON receipt_session (expires_at);
-- Attempts to open an appeal since a moment, by a keyed hash of the client's address, or of the number.
CREATE TABLE receipt_attempt (
    kind text NOT NULL CHECK (kind IN ('client', 'number')),
    key bytea NOT NULL,
    since timestamptz NOT NULL,
    attempts integer NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE INDEX receipt_attempt_old ON receipt_attempt (since);
CREATE TABLE receipt_key (only_one boolean PRIMARY KEY CHECK (only_one), key bytea NOT NULL);

CREATE TABLE appeal_look (
    region_id integer NOT NULL,
    appeal_id bigint NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (region_id, appeal_id, at),
    FOREIGN KEY (region_id, appeal_id) REFERENCES appeal ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE appeal_look IS
    'One row each time that the applicant opened an appeal with its secret. Not in event: it changes nothing.';

-- Answers are known by the moment of the close: one verdict an answer, whatever became of the appeal since.
CREATE TABLE verdict (
    region_id integer NOT NULL,
    appeal_id bigint NOT NULL,
    answered_at timestamptz NOT NULL,
    given_at timestamptz NOT NULL,
    resolved text NOT NULL CHECK (resolved IN ('yes', 'partly', 'no')),
    outcome_id smallint REFERENCES outcome,  -- the official one, when the verdict was given
    PRIMARY KEY (region_id, appeal_id, answered_at),
    FOREIGN KEY (region_id, appeal_id) REFERENCES appeal ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE verdict IS 'One row an answer: whether the matter was resolved, as the applicant says.';
CREATE INDEX verdict_given ON verdict (region_id, given_at);
CREATE INDEX verdict_outcome ON verdict (outcome_id);

ALTER TABLE appeal_look ENABLE ROW LEVEL SECURITY;
ALTER TABLE verdict ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON appeal_look FOR SELECT USING (
    EXISTS (SELECT FROM appeal AS a WHERE a.region_id = appeal_look.region_id AND a.id = appeal_id)
);
CREATE POLICY scope ON verdict FOR SELECT
    USING ((SELECT sees_everything()) OR region_id = ANY ((SELECT visible_territories())::integer[])
        OR EXISTS (SELECT FROM appeal AS a WHERE a.region_id = verdict.region_id AND a.id = appeal_id));
GRANT SELECT ON appeal_look, verdict TO otklik_app;
