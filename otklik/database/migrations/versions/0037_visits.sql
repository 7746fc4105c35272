-- What the page of applicants may call. Each function checks the secret, or the session that a secret opened, and reaches
-- that one appeal. What was refused is an answer and no error: the attempt has to stay counted.

-- Count an attempt within a window of a quarter of an hour; returns the seconds to wait where there were too many, or 0.
CREATE FUNCTION count_attempt(a_kind text, what text, allowed integer) RETURNS integer
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    moment timestamptz = clock_timestamp();
    waiting integer;
BEGIN
    INSERT INTO receipt_key
    VALUES (true, sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')))
    ON CONFLICT DO NOTHING;
    -- Locks the row: attempts at the same time are counted one after the other.
    INSERT INTO receipt_attempt AS a (kind, key, since, attempts)
    SELECT a_kind, sha256(key || convert_to(what, 'UTF8')), moment, 1 FROM receipt_key
    ON CONFLICT (kind, key) DO UPDATE SET
        since = CASE WHEN a.since < moment - interval '15 minutes' THEN moment ELSE a.since END,
        attempts = CASE WHEN a.since < moment - interval '15 minutes' THEN 1 ELSE least(a.attempts + 1, 1000000) END
    RETURNING CASE WHEN a.attempts > allowed
        THEN greatest(ceil(extract(epoch FROM a.since + interval '15 minutes' - moment)), 1) ELSE 0 END INTO waiting;
    RETURN waiting;
END $$;

-- Open an appeal: `result` is 'open', 'wrong' (whether the number or the secret is) or 'limited' (too many attempts).
-- At most 10 wrong attempts a client and 30 a number in a quarter of an hour; while there are more, no secret is checked.
CREATE FUNCTION citizen_open(
    a_number text, secret_hash bytea, client text, session_hash bytea, OUT result text, OUT retry_seconds integer
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moment timestamptz = clock_timestamp();
    entry receipt;
BEGIN
    -- Clients before numbers, so that two attempts never wait for one another.
    retry_seconds = greatest(count_attempt('client', client, 10), count_attempt('number', a_number, 30));
    IF retry_seconds > 0 THEN
        result = 'limited';
        RETURN;
    END IF;
    -- A number that isn't there costs a hash too.
    SELECT r.* INTO entry FROM (SELECT) AS always
    LEFT JOIN (appeal AS a JOIN receipt AS r ON r.region_id = a.region_id AND r.appeal_id = a.id) ON a.number = a_number
    ORDER BY sha256(coalesce(r.salt, decode(repeat('00', 16), 'hex')) || secret_hash) = r.digest DESC NULLS LAST LIMIT 1;
    IF entry.digest IS NULL OR entry.digest <> sha256(entry.salt || secret_hash) THEN
        result = 'wrong';
        RETURN;
    END IF;
    UPDATE receipt_attempt AS t SET attempts = t.attempts - 1 FROM receipt_key AS k
    WHERE (t.kind, t.key) IN (
        ('client', sha256(k.key || convert_to(client, 'UTF8'))), ('number', sha256(k.key || convert_to(a_number, 'UTF8')))
    );
    INSERT INTO receipt_session VALUES (session_hash, entry.region_id, entry.appeal_id, moment + interval '30 minutes');
    INSERT INTO appeal_look VALUES (entry.region_id, entry.appeal_id, moment) ON CONFLICT DO NOTHING;
    result = 'open';
    -- Last, and past what others hold: nothing waits here.
    DELETE FROM receipt_attempt WHERE (kind, key) IN (
        SELECT kind, key FROM receipt_attempt WHERE since < moment - interval '1 day' LIMIT 100 FOR UPDATE SKIP LOCKED);
    DELETE FROM receipt_session WHERE token_hash IN (
        SELECT token_hash FROM receipt_session WHERE expires_at < moment LIMIT 100 FOR UPDATE SKIP LOCKED);
END $$;

CREATE FUNCTION citizen_leave(session_hash bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM receipt_session WHERE token_hash = session_hash
$$;

-- The appeal of a session; NULL without one. The other locks it until the transaction's end.
CREATE FUNCTION session_appeal(session_hash bytea) RETURNS appeal
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT a FROM appeal AS a JOIN receipt_session AS s ON s.region_id = a.region_id AND s.appeal_id = a.id
    WHERE s.token_hash = session_hash AND s.expires_at > clock_timestamp()
$$;
CREATE FUNCTION locked_session_appeal(session_hash bytea) RETURNS appeal
LANGUAGE sql SET search_path = public, pg_temp AS $$
    SELECT a FROM appeal AS a JOIN receipt_session AS s ON s.region_id = a.region_id AND s.appeal_id = a.id
    WHERE s.token_hash = session_hash AND s.expires_at > clock_timestamp() FOR NO KEY UPDATE OF a
$$;

-- Until when an applicant may have an answered appeal re-opened; NULL where not at all. Once, within the days of the
-- setting `reopening_days` (30).
CREATE FUNCTION reopening_until(a appeal) RETURNS timestamptz LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT a.closed_at
        + make_interval(days => coalesce((SELECT value::integer FROM setting WHERE name = 'reopening_days'), 30))
    FROM status LEFT JOIN outcome ON outcome.id = a.outcome_id
    WHERE status.id = a.status_id AND status.code = 'answered' AND a.reopened = 0
        AND outcome.code IS DISTINCT FROM 'duplicate'
$$;

-- Whether the applicant has yet to say of the answer if it resolved the matter, and whether the answer isn't rated yet.
CREATE FUNCTION awaits_verdict(a appeal) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM status WHERE id = a.status_id AND code = 'answered') AND NOT EXISTS (
        SELECT FROM verdict AS v WHERE v.region_id = a.region_id AND v.appeal_id = a.id AND v.answered_at = a.closed_at)
$$;
CREATE FUNCTION awaits_rating(a appeal) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT a.closed_at IS NOT NULL AND (a.rating IS NULL OR a.reopened > 0 AND a.rated_at < a.closed_at)
$$;

CREATE FUNCTION localized(codes jsonb, word text, words jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT codes || jsonb_build_object('name', word, 'names', words)
$$;

-- Everything that the page shows of the session's appeal, without personal data; NULL without a session. Names are
-- objects of `name` and `names`; `deadline_row`, `rules` and `last_days` are what otklik.deadlines explains a deadline by.
CREATE FUNCTION citizen_appeal(session_hash bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    a appeal = session_appeal(session_hash);
    codes text[];
    country_code text;
    regime_code text = (SELECT code FROM regime WHERE id = a.regime_id);
BEGIN
    IF a.id IS NULL THEN
        RETURN NULL;
    END IF;
    codes = ARRAY(
        WITH RECURSIVE up AS (
            SELECT t.*, 1 AS step FROM topic AS t WHERE t.id = a.topic_id
            UNION ALL SELECT t.*, step + 1 FROM topic AS t JOIN up ON t.id = up.parent_id
        ) SELECT code FROM up ORDER BY step);
    SELECT code INTO country_code FROM territory_above JOIN territory AS up ON up.id = above_id
    WHERE territory_id = a.region_id AND up.level = 'country';
    RETURN jsonb_build_object(
        'number', a.number, 'body', left(a.body, 20000), 'rating', a.rating, 'rated_at', a.rated_at,
        'registered_at', a.registered_at, 'closed_at', a.closed_at,
        'reopening_until', reopening_until(a), 'awaits_verdict', awaits_verdict(a), 'awaits_rating', awaits_rating(a),
        'status', (SELECT localized(jsonb_build_object('code', code), name, names) FROM status WHERE id = a.status_id),
        'outcome', (SELECT localized(jsonb_build_object('code', code), name, names) FROM outcome WHERE id = a.outcome_id),
        'holder', (SELECT localized('{}', name, names) FROM organisation WHERE id = a.holder_id),
        'place', (SELECT localized('{}', name, names) FROM territory WHERE id = coalesce(a.municipality_id, a.region_id)),
        'topic', (SELECT localized('{}', name, names) FROM topic WHERE id = a.topic_id),
        'verdict', (
            SELECT resolved FROM verdict AS v
            WHERE v.region_id = a.region_id AND v.appeal_id = a.id AND v.answered_at = a.closed_at),
        'deadline_row', (
            SELECT jsonb_build_object(
                'received_at', a.received_at, 'registered_at', a.registered_at, 'deadline_at', a.deadline_at,
                'closed_at', a.closed_at, 'set_here', a.set_here, 'regime', regime_code, 'region', region.code,
                'timezone', region.timezone, 'source', source.code, 'source_name', source.name,
                'source_names', source.names, 'country', country_code, 'topics', codes)
            FROM territory AS region, source WHERE region.id = a.region_id AND source.id = a.source_id),
        'rules', (
            SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM deadline_rule AS r
            WHERE (r.country IS NULL OR r.country = country_code) AND (r.regime IS NULL OR r.regime = regime_code)
                AND (r.topic IS NULL OR r.topic = ANY (codes))),
        'last_days', (SELECT coalesce(jsonb_agg(to_jsonb(l)), '[]') FROM last_day_setting AS l),
        'events', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'at', e.at, 'kind', e.kind, 'before', e.before, 'after', e.after,
                'holder', (SELECT localized('{}', name, names) FROM organisation WHERE code = e.after->>'holder'),
                'outcome', (SELECT localized('{}', name, names) FROM outcome WHERE code = e.after->>'outcome'),
                -- Their own words; what others wrote there is internal.
                'text', CASE WHEN e.actor = 'applicant' THEN e.reason END
            ) ORDER BY e.at, e.id), '[]')
            FROM event AS e WHERE e.region_id = a.region_id AND e.appeal_id = a.id)
    );
END $$;

-- Rate the answer and say whether it resolved the matter. Returns 'done', 'no_session', or 'not_now': not answered, or
-- said before. A rating that the answer has already stays as it is.
CREATE FUNCTION citizen_rate(session_hash bytea, a_rating integer, a_verdict text, a_comment text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    a appeal = locked_session_appeal(session_hash);
    moment timestamptz = greatest(clock_timestamp(), a.closed_at);
    is_rating boolean = awaits_rating(a);
BEGIN
    IF a.id IS NULL THEN
        RETURN 'no_session';
    ELSIF NOT awaits_verdict(a) OR is_rating AND a_rating IS NULL THEN
        RETURN 'not_now';
    END IF;
    INSERT INTO verdict VALUES (a.region_id, a.id, a.closed_at, moment, a_verdict, a.outcome_id);
    UPDATE appeal SET rating = CASE WHEN is_rating THEN a_rating ELSE rating END,
        rated_at = CASE WHEN is_rating THEN moment ELSE rated_at END,
        updated_at = greatest(moment, updated_at + interval '1 microsecond')
    WHERE region_id = a.region_id AND id = a.id;
    INSERT INTO event (region_id, appeal_id, at, kind, actor, reason, after)
    VALUES (a.region_id, a.id, moment, 'rated', 'applicant', left(nullif(btrim(a_comment), ''), 1000),
        jsonb_strip_nulls(jsonb_build_object('rating', CASE WHEN is_rating THEN a_rating END, 'verdict', a_verdict)));
    RETURN 'done';
END $$;

-- Take an answered appeal up again, for a reason. Returns 'done', 'no_session' or 'not_now'. `by_rule`: whether the
-- new deadline is that of a rule, which then explains it.
CREATE FUNCTION citizen_reopen(session_hash bytea, a_reason text, new_deadline timestamptz, by_rule boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    a appeal = locked_session_appeal(session_hash);
    moment timestamptz = greatest(clock_timestamp(), a.closed_at);
    is_imported boolean = NOT EXISTS (SELECT FROM source WHERE id = a.source_id AND code IN ('otklik', 'demo'));
BEGIN
    IF a.id IS NULL THEN
        RETURN 'no_session';
    ELSIF coalesce(reopening_until(a) < moment, true) OR coalesce(btrim(a_reason), '') = ''
        OR new_deadline NOT BETWEEN moment AND moment + interval '1 year' THEN
        RETURN 'not_now';
    END IF;
    UPDATE appeal SET status_id = (SELECT id FROM status WHERE code = 'reconsideration'), closed_at = NULL,
        outcome_id = NULL, reopened = reopened + 1, deadline_at = new_deadline,
        -- The next import of the answer that the applicant doesn't accept leaves it open, with this deadline.
        set_here = CASE WHEN is_imported OR NOT by_rule THEN with_word(with_word(set_here, 'status'), 'deadline')
            ELSE with_word(set_here, 'status') END,
        updated_at = greatest(moment, updated_at + interval '1 microsecond')
    WHERE region_id = a.region_id AND id = a.id;
    INSERT INTO event (region_id, appeal_id, at, kind, actor, reason, before, after)
    SELECT a.region_id, a.id, moment, 'reopened', 'applicant', left(btrim(a_reason), 1000),
        jsonb_strip_nulls(jsonb_build_object('status', status.code, 'outcome', outcome.code, 'closed', a.closed_at)),
        jsonb_strip_nulls(jsonb_build_object(
            'status', 'reconsideration', 'deadline', CASE WHEN NOT by_rule THEN new_deadline END))
    FROM status LEFT JOIN outcome ON outcome.id = a.outcome_id WHERE status.id = a.status_id;
    RETURN 'done';
END $$;

REVOKE EXECUTE ON FUNCTION count_attempt, citizen_open, citizen_leave, session_appeal, locked_session_appeal, reopening_until, awaits_verdict,
    awaits_rating, localized, citizen_appeal, citizen_rate, citizen_reopen FROM PUBLIC;
