"""The statements of `otklik.actions.candidates`; their parameters are regions, ids, language, lately and days."""

CHOSEN_SQL = """chosen AS MATERIALIZED (
        SELECT a.region_id, a.id, a.number, a.topic_id, a.holder_id, a.deadline_at,
            coalesce(a.municipality_id, a.region_id) AS place_id
        FROM appeal AS a WHERE (a.region_id, a.id) IN (
            SELECT * FROM unnest(CAST(:regions AS integer[]), CAST(:ids AS bigint[])))
    )"""

APPEALS_SQL = f"""
    WITH {CHOSEN_SQL}
    SELECT c.region_id, c.id, c.number, c.place_id, c.topic_id, coalesce(t.parent_id, t.id),
        coalesce(t.names->>:language, t.names->>'en', t.name), o.code,
        CAST(extract(epoch FROM c.deadline_at - now()) / 86400 AS double precision)
    FROM chosen AS c JOIN topic AS t ON t.id = c.topic_id JOIN organisation AS o ON o.id = c.holder_id
    ORDER BY c.region_id, c.id"""  # noqa: S608 -- constants, no input
"""One row a selected appeal: region_id, id, number, place, topic, its parent, the topic's name, the holder's code, and
the days to the deadline (negative when late, null without one)."""

CANDIDATES_SQL = f"""
    WITH {CHOSEN_SQL}, sight AS MATERIALIZED (
        SELECT sees_everything() AS everything, visible_territories() AS places
    ), regions AS MATERIALIZED (
        SELECT id FROM territory, sight WHERE level = 'region' AND (sight.everything OR id = ANY (sight.places))
    ), takers AS MATERIALIZED (
        SELECT o.id, array_agg(p.place_id) AS places
        FROM organisation AS o CROSS JOIN sight
        JOIN territory_above AS above ON above.above_id = o.territory_id
        JOIN (SELECT DISTINCT place_id FROM chosen) AS p ON p.place_id = above.territory_id
        WHERE sight.everything OR o.territory_id = ANY (sight.places)
        GROUP BY o.id
    ), loads AS (
        SELECT holder_id, sum(appeals) AS open, sum(appeals) FILTER (WHERE deadline_day < current_date) AS overdue
        FROM open_holder WHERE territory_id IN (SELECT id FROM regions) AND holder_id IN (SELECT id FROM takers)
        GROUP BY holder_id
    ), paces AS (
        SELECT holder_id, sum(closed) AS closed FROM cube_holder
        WHERE territory_id IN (SELECT id FROM regions) AND holder_id IN (SELECT id FROM takers)
            AND day >= current_date - CAST(:lately AS integer) AND day < current_date
        GROUP BY holder_id
    )
    SELECT o.id, o.code, coalesce(o.names->>:language, o.names->>'en', o.name) AS name,
        coalesce(t.names->>:language, t.names->>'en', t.name) AS territory, takers.places,
        CAST(coalesce(loads.open, 0) AS bigint) AS open, CAST(coalesce(loads.overdue, 0) AS bigint) AS overdue,
        CAST(coalesce(paces.closed, 0) AS double precision) / :lately AS closed_per_day
    FROM takers JOIN organisation AS o ON o.id = takers.id JOIN territory AS t ON t.id = o.territory_id
    LEFT JOIN loads ON loads.holder_id = o.id
    LEFT JOIN paces ON paces.holder_id = o.id"""  # noqa: S608 -- constants, no input
"""One row an organisation in charge of the place of a selected appeal; `places` are the ids of those places."""

ANSWERS_SQL = f"""
    WITH {CHOSEN_SQL}, topics AS MATERIALIZED (
        SELECT DISTINCT related.id, coalesce(related.parent_id, related.id) AS parent_id
        FROM (SELECT DISTINCT topic_id FROM chosen) AS c JOIN topic AS t ON t.id = c.topic_id
        JOIN topic AS related ON related.id = t.id OR related.parent_id = t.parent_id
    ), answered AS (
        SELECT a.region_id, coalesce(a.municipality_id, a.region_id) AS place_id, a.topic_id, topics.parent_id,
            a.holder_id, extract(epoch FROM a.closed_at - a.received_at) / 86400 AS days
        FROM appeal AS a JOIN topics ON topics.id = a.topic_id
        WHERE a.region_id = ANY (CAST(:regions AS integer[])) AND a.closed_at IS NOT NULL
            AND a.received_at > now() - make_interval(days => :days)
    ), sums AS (
        SELECT CASE WHEN grouping(topic_id) = 0 THEN 'topic' ELSE 'related' END
                || CASE WHEN grouping(place_id) = 0 THEN '_here' ELSE '_in_region' END AS nearness,
            coalesce(topic_id, parent_id) AS topic_id, coalesce(place_id, region_id) AS territory_id, holder_id,
            count(*) AS closed, CAST(sum(days) AS double precision) AS days, grouping(place_id) AS is_region
        FROM answered
        GROUP BY GROUPING SETS (
            (topic_id, place_id, holder_id), (topic_id, region_id, holder_id),
            (parent_id, place_id, holder_id), (parent_id, region_id, holder_id))
    )
    SELECT nearness, topic_id, territory_id, holder_id, closed, days FROM sums
    WHERE is_region = 1 OR territory_id IN (SELECT place_id FROM chosen)"""  # noqa: S608 -- constants, no input
"""One row a nearness, topic (or parent of topics), territory and holder: appeals closed, and the sum of their days."""
