-- What people did to appeals: an operation for each press of the button, with a row for each appeal, done or refused.
CREATE TABLE operation (
    -- Made when the form is shown: the same key again is the same press, and gets the recorded answer.
    key uuid PRIMARY KEY,
    person_id integer NOT NULL REFERENCES person,
    actor text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('reassign', 'extend', 'return', 'topic', 'note', 'duplicate', 'undo')),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    fields jsonb NOT NULL,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    -- The hash of all that was asked: a key stands for one question.
    request bytea NOT NULL,
    undone_by uuid REFERENCES operation
);
CREATE INDEX operation_person ON operation (person_id, at);
CREATE INDEX operation_undone_by ON operation (undone_by) WHERE undone_by IS NOT NULL;

CREATE TABLE operation_row (
    operation uuid NOT NULL REFERENCES operation,
    region_id integer NOT NULL,
    appeal_id bigint NOT NULL,
    number text,
    refused text,  -- why; null: done
    by_whom text,  -- who changed the appeal meanwhile, and when
    at timestamptz,
    before jsonb,  -- the columns that were set, as they were and as they became
    after jsonb,
    version timestamptz,  -- the appeal's updated_at since
    PRIMARY KEY (operation, region_id, appeal_id)
);
CREATE INDEX operation_row_appeal ON operation_row (region_id, appeal_id);
CREATE INDEX operation_row_capped ON operation_row (region_id, appeal_id) WHERE refused = 'cap';

-- An administrator's word that an appeal may be handed on once more; `used_by` is the operation that did.
CREATE TABLE transfer_allowed (
    region_id integer NOT NULL,
    appeal_id bigint NOT NULL,
    allowed_by integer NOT NULL REFERENCES person,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    used_by uuid REFERENCES operation,
    PRIMARY KEY (region_id, appeal_id, at)
);
CREATE UNIQUE INDEX transfer_allowed_unused ON transfer_allowed (region_id, appeal_id) WHERE used_by IS NULL;
CREATE INDEX transfer_allowed_used_by ON transfer_allowed (used_by);
CREATE INDEX transfer_allowed_by ON transfer_allowed (allowed_by);

-- Also who forgets it leaves a new version behind: others compare it before they set anything.
CREATE FUNCTION appeal_was_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at = greatest(clock_timestamp(), OLD.updated_at + interval '1 microsecond');
    RETURN NEW;
END $$;
CREATE TRIGGER appeal_was_changed BEFORE UPDATE ON appeal
    FOR EACH ROW WHEN (NEW.updated_at = OLD.updated_at) EXECUTE FUNCTION appeal_was_changed();

-- The transfers that wait for an administrator's word: refused because of the cap, and nothing has changed since.
CREATE VIEW transfer_asked WITH (security_invoker = true) AS
SELECT DISTINCT ON (r.region_id, r.appeal_id)
    r.region_id, r.appeal_id, a.number, o.at, o.actor, o.reason, holder.code AS holder, o.fields->>'holder' AS new_holder
FROM operation_row AS r
JOIN operation AS o ON o.key = r.operation
JOIN appeal AS a ON a.region_id = r.region_id AND a.id = r.appeal_id
JOIN organisation AS holder ON holder.id = a.holder_id
WHERE r.refused = 'cap' AND a.closed_at IS NULL AND a.holder_id = (r.before->>'holder_id')::integer
    AND NOT EXISTS (
        SELECT FROM transfer_allowed AS t WHERE t.region_id = r.region_id AND t.appeal_id = r.appeal_id AND t.at > o.at
    )
ORDER BY r.region_id, r.appeal_id, o.at DESC;

ALTER TABLE operation ENABLE ROW LEVEL SECURITY;
ALTER TABLE operation_row ENABLE ROW LEVEL SECURITY;
ALTER TABLE transfer_allowed ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON operation FOR SELECT USING (
    person_id = (SELECT viewer_id()) AND (SELECT viewer_may('appeal'))
    OR (SELECT viewer_may('allow_transfer')) OR (SELECT viewer_may('audit'))
);
CREATE POLICY scope ON operation_row FOR SELECT USING (
    EXISTS (SELECT FROM appeal AS a WHERE a.region_id = operation_row.region_id AND a.id = appeal_id)
);
CREATE POLICY scope ON transfer_allowed FOR SELECT USING (
    EXISTS (SELECT FROM appeal AS a WHERE a.region_id = transfer_allowed.region_id AND a.id = appeal_id)
);
GRANT SELECT ON operation, operation_row, transfer_allowed, transfer_asked TO otklik_app;
