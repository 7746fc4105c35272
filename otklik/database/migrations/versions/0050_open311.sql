-- What everybody may read by Open311: nothing, until somebody publishes a topic.
CREATE TABLE open311_topic (
    topic_id integer PRIMARY KEY REFERENCES topic ON DELETE CASCADE,
    has_points boolean NOT NULL,  -- else no more of the place than the municipality
    has_texts boolean NOT NULL
);
COMMENT ON TABLE open311_topic IS 'One row a topic whose appeals are public. Topics below it have rows of their own.';
-- Those under 59-FZ are not: what is written in them isn't to be disclosed (article 6). Nor are regimes that are yet to come.
ALTER TABLE regime ADD COLUMN is_public boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN regime.is_public IS 'Whether appeals of this regime are public, where their topics are.';
UPDATE regime SET is_public = code IN ('ordinary', 'fast');
-- By which public ids are made of keys; without it they say nothing.
CREATE TABLE open311_key (only_one boolean PRIMARY KEY CHECK (only_one), key bytea NOT NULL CHECK (length(key) = 16));

-- Changes are asked for by all appeals, open or not.
CREATE INDEX appeal_updated ON appeal (updated_at);

-- The views are not for the role of the API, which calls the functions below: it could ask them what they leave out, by
-- conditions that fail on it; and a view that prevents that is sorted as a whole before its first rows are known.
CREATE VIEW open311_service AS
SELECT topic.id AS topic_id, topic.code, topic.name, topic.names, above.name AS group_name, above.names AS group_names
FROM open311_topic JOIN topic ON topic.id = topic_id LEFT JOIN topic AS above ON above.id = topic.parent_id;
COMMENT ON VIEW open311_service IS 'One row a topic whose appeals are public.';

-- Left out are appeals that no moderator has looked through yet, or that were rejected; and, where a topic is published
-- without points, those of a place and month (in UTC) with fewer than five of the topic: whoever knows one of so few
-- people would know what they wrote of. A point is the centre of its cell of 0.001 degrees of latitude by as many
-- thousandths of longitude as are 100 metres at least.
CREATE VIEW open311_request AS
SELECT
    a.region_id, a.id, a.topic_id, a.received_at, a.updated_at, a.closed_at, a.deadline_at,
    status.code AS status, status.name AS status_name, status.names AS status_names,
    outcome.code AS outcome, outcome.name AS outcome_name, outcome.names AS outcome_names,
    topic.code AS service_code, topic.name AS service_name, topic.names AS service_names,
    holder.name AS holder_name, holder.names AS holder_names,
    region.name AS region_name, region.names AS region_names,
    municipality.name AS municipality_name, municipality.names AS municipality_names,
    CASE WHEN p.has_points THEN cell.lat END AS lat,
    CASE WHEN p.has_points THEN round(round(a.lon::numeric / cell.width) * cell.width, 3)::double precision END AS lon,
    CASE WHEN p.has_texts AND status.code <> 'withdrawn' THEN left(a.body, 5000) END AS body
FROM appeal AS a
JOIN open311_topic AS p ON p.topic_id = a.topic_id
JOIN regime ON regime.id = a.regime_id AND regime.is_public
JOIN status ON status.id = a.status_id AND status.code <> 'rejected'
JOIN stage ON stage.id = status.stage_id AND stage.code <> 'moderation'
JOIN topic ON topic.id = a.topic_id
JOIN territory AS region ON region.id = a.region_id
LEFT JOIN territory AS municipality ON municipality.id = a.municipality_id
JOIN organisation AS holder ON holder.id = a.holder_id
LEFT JOIN outcome ON outcome.id = a.outcome_id
CROSS JOIN LATERAL (
    SELECT round(a.lat::numeric, 3)::double precision AS lat,
        (0.001 * ceil(1 / greatest(cos(radians(round(a.lat::numeric, 3)::double precision)), 0.01)))::numeric AS width
) AS cell
WHERE p.has_points
    OR a.municipality_id IS NOT NULL AND EXISTS (
        SELECT FROM appeal AS o JOIN regime ON regime.id = o.regime_id AND regime.is_public
        WHERE o.topic_id = a.topic_id AND o.municipality_id = a.municipality_id
            AND o.received_at >= date_trunc('month', a.received_at, 'UTC')
            AND o.received_at < date_trunc('month', a.received_at, 'UTC') + interval '1 month'
        OFFSET 4)
    OR a.municipality_id IS NULL AND EXISTS (
        SELECT FROM appeal AS o JOIN regime ON regime.id = o.regime_id AND regime.is_public
        WHERE o.topic_id = a.topic_id AND o.municipality_id IS NULL AND o.region_id = a.region_id
            AND o.received_at >= date_trunc('month', a.received_at, 'UTC')
            AND o.received_at < date_trunc('month', a.received_at, 'UTC') + interval '1 month'
        OFFSET 4);
COMMENT ON VIEW open311_request IS 'One row an appeal that everybody may read of, without number, applicant and exact place.';

CREATE FUNCTION open311_services() RETURNS SETOF open311_service
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT * FROM open311_service ORDER BY code
$$;

-- The public ones of these appeals.
CREATE FUNCTION open311_requests(region_ids integer[], ids bigint[]) RETURNS SETOF open311_request
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.* FROM unnest(region_ids, ids) AS wanted (region_id, id) CROSS JOIN LATERAL (
        SELECT * FROM open311_request AS o WHERE o.region_id = wanted.region_id AND o.id = wanted.id
        OFFSET 0  -- each by its key: the planner takes the list for a long one
    ) AS r
$$;

-- A page of them, the last received first: from a moment to another, of services by their codes, of a region by its code,
-- open ones (or closed ones, `only_open` being false), after the last one of the page before. What is NULL doesn't narrow.
CREATE FUNCTION open311_received(
    since timestamptz, until timestamptz, codes text[], a_region text, only_open boolean,
    after_at timestamptz, after_region integer, after_id bigint, skipped integer, page_limit integer
) RETURNS SETOF open311_request
-- Planned for these values, and so that an index gives the order: hash and merge joins would read all of the span first.
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    a_region_id integer = (SELECT id FROM territory WHERE code = a_region AND level = 'region');
    topic_ids integer[] = ARRAY(SELECT topic_id FROM open311_service WHERE codes IS NULL OR code = ANY (codes));
BEGIN
    IF a_region IS NOT NULL AND a_region_id IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT * FROM open311_request AS r
    WHERE r.received_at >= since AND r.received_at < until AND (codes IS NULL OR r.topic_id = ANY (topic_ids))
        AND (a_region_id IS NULL OR r.region_id = a_region_id)
        AND (only_open IS NULL OR (r.closed_at IS NULL) = only_open)
        AND (after_at IS NULL OR (r.received_at, r.region_id, r.id) < (after_at, after_region, after_id))
    ORDER BY r.received_at DESC, r.region_id DESC, r.id DESC LIMIT page_limit OFFSET skipped;
END $$;

-- The same by their last change, the first changed first; `received_since` and `received_until` narrow it further.
CREATE FUNCTION open311_changed(
    since timestamptz, until timestamptz, codes text[], a_region text, only_open boolean,
    after_at timestamptz, after_region integer, after_id bigint, skipped integer, page_limit integer,
    received_since timestamptz, received_until timestamptz
) RETURNS SETOF open311_request
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    a_region_id integer = (SELECT id FROM territory WHERE code = a_region AND level = 'region');
    topic_ids integer[] = ARRAY(SELECT topic_id FROM open311_service WHERE codes IS NULL OR code = ANY (codes));
BEGIN
    IF a_region IS NOT NULL AND a_region_id IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT * FROM open311_request AS r
    WHERE r.updated_at >= since AND r.updated_at < until AND (codes IS NULL OR r.topic_id = ANY (topic_ids))
        AND (received_since IS NULL OR (r.received_at >= received_since AND r.received_at < received_until))
        AND (a_region_id IS NULL OR r.region_id = a_region_id)
        AND (only_open IS NULL OR (r.closed_at IS NULL) = only_open)
        AND (after_at IS NULL OR (r.updated_at, r.region_id, r.id) > (after_at, after_region, after_id))
    ORDER BY r.updated_at, r.region_id, r.id LIMIT page_limit OFFSET skipped;
END $$;

CREATE FUNCTION open311_is_jurisdiction(a_region text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM territory WHERE code = a_region AND level = 'region')
$$;

-- The key of public ids; the first call makes it.
CREATE FUNCTION open311_id_key() RETURNS bytea
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO open311_key
    SELECT true, substring(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')) FOR 16)
    ON CONFLICT DO NOTHING;
    SELECT key FROM open311_key
$$;

REVOKE EXECUTE ON FUNCTION open311_services, open311_requests, open311_received, open311_changed,
    open311_is_jurisdiction, open311_id_key FROM PUBLIC;
