-- Open an appeal: `result` is 'open', 'wrong' (which of number and secret isn't said) or 'limited' (too many attempts).
-- At most 10 wrong attempts a client and 30 a number, however it is spelt, in a quarter of an hour: then no secret is
-- checked until that time is over.
-- What a client tries beyond its own attempts doesn't count against the number, whose applicant it would lock out.
CREATE OR REPLACE FUNCTION citizen_open(
    a_number text, secret_hash bytea, client text, session_hash bytea, OUT result text, OUT retry_seconds integer
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moment timestamptz = clock_timestamp();
    entry receipt;
BEGIN
    -- Clients before numbers, so that two attempts never wait for one another.
    retry_seconds = count_attempt('client', client, 10);
    IF retry_seconds = 0 THEN
        retry_seconds = count_attempt('number', upper(a_number), 30);
    END IF;
    IF retry_seconds > 0 THEN
        result = 'limited';
        RETURN;
    END IF;
    -- A number that isn't there costs a hash too.
    SELECT r.* INTO entry FROM (SELECT) AS always
    LEFT JOIN (appeal AS a JOIN receipt AS r ON r.region_id = a.region_id AND r.appeal_id = a.id) ON a.number IN (a_number, upper(a_number))
    ORDER BY sha256(coalesce(r.salt, decode(repeat('00', 16), 'hex')) || secret_hash) = r.digest DESC NULLS LAST LIMIT 1;
    IF entry.digest IS NULL OR entry.digest <> sha256(entry.salt || secret_hash) THEN
        result = 'wrong';
        RETURN;
    END IF;
    UPDATE receipt_attempt AS t SET attempts = t.attempts - 1 FROM receipt_key AS k
    WHERE (t.kind, t.key) IN (
        ('client', sha256(k.key || convert_to(client, 'UTF8'))), ('number', sha256(k.key || convert_to(upper(a_number), 'UTF8')))
    );
    INSERT INTO receipt_session VALUES (session_hash, entry.region_id, entry.appeal_id, moment + interval '30 minutes');
    -- Whoever has the secret fills no table: ten visits at a time, and a look a minute.
    DELETE FROM receipt_session WHERE token_hash IN (
        SELECT token_hash FROM receipt_session AS s
        WHERE s.region_id = entry.region_id AND s.appeal_id = entry.appeal_id ORDER BY expires_at DESC OFFSET 10);
    INSERT INTO appeal_look SELECT entry.region_id, entry.appeal_id, moment
    WHERE NOT EXISTS (
        SELECT FROM appeal_look AS l WHERE l.region_id = entry.region_id AND l.appeal_id = entry.appeal_id
            AND l.at > moment - interval '1 minute')
    ON CONFLICT DO NOTHING;
    result = 'open';
    -- Last, and past what others hold: nothing waits here.
    DELETE FROM receipt_attempt WHERE (kind, key) IN (
        SELECT kind, key FROM receipt_attempt WHERE since < moment - interval '1 day' LIMIT 100 FOR UPDATE SKIP LOCKED);
    DELETE FROM receipt_session WHERE token_hash IN (
        SELECT token_hash FROM receipt_session WHERE expires_at < moment LIMIT 100 FOR UPDATE SKIP LOCKED);
END $$;
