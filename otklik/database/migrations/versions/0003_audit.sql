-- Who did what, when, from where and why. Each row's hash covers the row and the hash before it; the head remembers
-- how many rows there are and the last hash. A changed row, a missing one and a cut end are each evident.
CREATE TABLE audit (
    id bigint PRIMARY KEY,  -- 1, 2, 3 … without a gap
    at timestamptz NOT NULL,
    person_id integer,
    person text NOT NULL,
    address text NOT NULL,
    action text NOT NULL CHECK (action <> ''),
    object text NOT NULL,
    reason text,
    before jsonb,
    after jsonb,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_person ON audit (person_id, at);
CREATE TABLE audit_head (
    only_one boolean PRIMARY KEY CHECK (only_one),
    entries bigint NOT NULL,
    hash bytea NOT NULL
);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

CREATE FUNCTION audit_hash(entry audit) RETURNS bytea LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        entry.id, extract(epoch FROM entry.at), entry.person_id, entry.person, entry.address, entry.action,
        entry.object, entry.reason, entry.before, entry.after, encode(entry.previous_hash, 'hex')
    )::text, 'UTF8'))
$$;

-- The person that this transaction acts for; null when it names none.
CREATE FUNCTION viewer_id() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('otklik.person', true), '')::integer
$$;

-- Call it last in a transaction: others that have something to record wait until the transaction ends.
CREATE FUNCTION audit_append(did text, what text, why text, was jsonb, became jsonb)
RETURNS bigint LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    head audit_head;
    entry audit;
BEGIN
    INSERT INTO audit_head VALUES (true, 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM audit_head FOR UPDATE;
    entry.id = head.entries + 1;
    entry.at = clock_timestamp();
    entry.person_id = viewer_id();
    entry.person = coalesce(
        (SELECT name || coalesce(' <' || email || '>', '') FROM person WHERE id = viewer_id()),
        'console: ' || nullif(current_setting('otklik.console', true), ''),
        'nobody signed in'
    );
    entry.address = coalesce(current_setting('otklik.address', true), '');
    entry.action = did;
    entry.object = what;
    entry.reason = nullif(btrim(why), '');
    entry.before = was;
    entry.after = became;
    entry.previous_hash = head.hash;
    entry.hash = audit_hash(entry);
    INSERT INTO audit SELECT entry.*;
    UPDATE audit_head SET entries = entry.id, hash = entry.hash;
    RETURN entry.id;
END $$;

-- The same for the screens, who can't speak for the console.
CREATE FUNCTION audit_record(did text, what text, why text DEFAULT NULL, was jsonb DEFAULT NULL, became jsonb DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('otklik.console', '', true);
    RETURN audit_append(did, what, why, was, became);
END $$;

-- Every entry that doesn't follow from the one before it, then what the head says otherwise; empty when all is well.
CREATE VIEW audit_break AS
SELECT id, why FROM (
    SELECT id,
        CASE
            WHEN id <> place THEN 'entries before it are missing'
            WHEN previous_hash <> before_hash THEN 'it doesn''t follow from the entry before it'
            WHEN hash <> audit_hash(entry) THEN 'it was changed'
        END AS why
    FROM (
        SELECT entry, id, hash, previous_hash, row_number() OVER (ORDER BY id) AS place,
            lag(hash, 1, '') OVER (ORDER BY id) AS before_hash
        FROM audit AS entry
    ) AS chain
) AS checked
WHERE why IS NOT NULL
UNION ALL
SELECT last.id + 1, 'entries up to ' || coalesce(head.entries, 0) || ' should follow, or the head was changed'
FROM (SELECT coalesce(max(id), 0) AS id FROM audit) AS last
LEFT JOIN audit_head AS head ON true
WHERE coalesce(head.entries, 0) <> last.id
    OR coalesce(head.hash, '') <> coalesce((SELECT hash FROM audit WHERE audit.id = last.id), '');
