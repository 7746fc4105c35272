"""The statements that make the polls and votes of a benchmark; see otklik.benchmark.polls.dataset."""

CREATE_PLACES = """
    INSERT INTO territory (parent_id, level, code, name, timezone, population, lon, lat)
    SELECT id, 'municipality', code || '-B' || n, name || ' ' || n, timezone, 20000, lon, lat
    FROM territory AS region, generate_series(1, {towns}) AS n
    WHERE level = 'region' AND NOT EXISTS (SELECT FROM territory AS town WHERE town.parent_id = region.id);
    INSERT INTO population_group (territory_id, age_band, sex, people, source)
    SELECT id, band, sex, greatest(coalesce(population, 1000) / 14, 1), 'benchmark'
    FROM territory, unnest(ARRAY[14, 18, 25, 35, 45, 55, 65]) AS band, generate_series(1, 2) AS sex
    WHERE level = 'municipality';
    CREATE UNLOGGED TABLE vote_plan (
        poll_id integer PRIMARY KEY, chunk integer NOT NULL, votes integer NOT NULL, towns integer[] NOT NULL
    );
    CREATE UNLOGGED TABLE channel_bag AS SELECT array_agg(id ORDER BY id) AS channels FROM channel;"""
TERRITORIES_SQL = "SELECT id FROM territory WHERE level = ANY (%s) ORDER BY id"
INSERT_POLL = """
    WITH written AS (
        INSERT INTO poll
            (number, title, territory_id, topic_id, opens_at, closes_at, published_at, eligible, quorum_votes)
        SELECT %(number)s, 'A made-up poll', %(territory)s, (SELECT min(id) FROM topic),
            closes_at - interval '21 days', closes_at, closes_at - interval '30 days', 10 * %(votes)s, %(votes)s
        FROM (SELECT now() + %(closes_in)s * interval '1 day' AS closes_at) AS period
        RETURNING id, territory_id
    )
    INSERT INTO vote_plan
    SELECT id, %(chunk)s, %(votes)s, ARRAY(
        SELECT town.id FROM territory AS town JOIN territory_above AS above ON above.territory_id = town.id
        WHERE above.above_id = written.territory_id AND town.level = 'municipality'
    )
    FROM written"""
INSERT_QUESTIONS = """
    INSERT INTO poll_question (poll_id, position, kind, text)
    SELECT poll.id, asked.position, asked.kind, 'What about it?'
    FROM poll, unnest(%s::text[]) WITH ORDINALITY AS asked (kind, position) ORDER BY 1, 2;"""
INSERT_OPTIONS = """
    INSERT INTO poll_option (question_id, position, text, value)
    SELECT id, n, 'Option ' || n, CASE WHEN kind = 'scale' THEN n END
    FROM poll_question, generate_series(1, %s) AS n WHERE kind = %s ORDER BY 1, 2"""
CREATE_OFFERS = """
    CREATE UNLOGGED TABLE offer AS
    SELECT poll_id, question_id, kind, array_agg(o.id ORDER BY o.position) AS options
    FROM poll_option AS o JOIN poll_question AS q ON q.id = question_id GROUP BY 1, 2, 3;
    CREATE INDEX ON offer (poll_id);
    ANALYZE offer; ANALYZE vote_plan; ANALYZE poll;"""
INSERT_BALLOTS = """
    INSERT INTO poll_ballot (poll_id, voter, cast_at, channel_id, municipality_id, age_band, sex)
    SELECT poll_id, sha256(int8send(n)),
        poll.opens_at + dice.delay ^ 3 * (least(poll.closes_at, now()) - poll.opens_at),
        channels[1 + floor(dice.channel ^ 3 * cardinality(channels))::int],
        towns[1 + floor(dice.town ^ 2 * cardinality(towns))::int],
        (ARRAY[0, 14, 18, 25, 35, 45, 55, 65])[1 + floor(dice.age * 8)::int], floor(dice.sex * 3)::int
    FROM vote_plan AS plan JOIN poll ON poll.id = poll_id CROSS JOIN channel_bag
    CROSS JOIN LATERAL generate_series(1, plan.votes) AS n
    CROSS JOIN LATERAL (
        SELECT random() AS delay, random() AS channel, random() AS town, random() AS age, random() AS sex WHERE n > 0
    ) AS dice
    WHERE chunk = %s"""
INSERT_ANSWERS = """
    INSERT INTO poll_answer (ballot_id, poll_id, question_id, kind, option_id)
    SELECT b.id, poll_id, question_id, kind, option_id
    FROM vote_plan JOIN poll_ballot AS b USING (poll_id) JOIN offer USING (poll_id)
    CROSS JOIN LATERAL (
        SELECT options[1 + floor(random() ^ 2 * cardinality(options))::int] AS option_id
        WHERE kind <> 'multiple' AND b.id > 0
        UNION ALL
        SELECT option FROM unnest(options) AS option WHERE kind = 'multiple' AND random() < 0.4 AND b.id > 0
    ) AS choice
    WHERE chunk = %s"""
