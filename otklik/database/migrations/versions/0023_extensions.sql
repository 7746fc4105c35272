-- What each regime does with a last day that is a day off, and extensions that count from the last day as counted.

-- The most specific row applies: for the country and regime, for the regime, for the country, for any.
CREATE TABLE last_day_setting (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Codes; none is any.
    country text,
    regime text,
    last_day text NOT NULL CHECK (last_day IN ('keep', 'next', 'previous')),
    -- What says so; by language in `sources`.
    source text NOT NULL CHECK (btrim(source) <> ''),
    sources jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(sources) = 'object'),
    UNIQUE NULLS NOT DISTINCT (country, regime)
);
INSERT INTO last_day_setting (country, regime, last_day, source, sources) VALUES
    (NULL, NULL, 'next', 'Regulation (EEC, Euratom) No 1182/71, article 3(4).',
        '{"ru": "Регламент (ЕЭС, Евратом) № 1182/71, статья 3, часть 4.",
          "hr": "Uredba (EEZ, Euratom) br. 1182/71, članak 3. stavak 4."}'),
    ('RU', 'ordinary', 'keep', 'the Feedback Platform, whose planned dates are calendar days.',
        '{"ru": "Платформа обратной связи: плановые даты — календарные дни.",
          "hr": "Platforma povratnih informacija, čiji su planirani datumi kalendarski dani."}'),
    ('RU', 'fast', 'keep', 'the Feedback Platform, whose planned dates are calendar days.',
        '{"ru": "Платформа обратной связи: плановые даты — календарные дни.",
          "hr": "Platforma povratnih informacija, čiji su planirani datumi kalendarski dani."}'),
    ('RU', 'law59', 'previous',
        '59-FZ, article 12, names no rule; the working day before is in time by every reading. Article 193 of the Civil '
            'Code, by analogy, would allow the next.',
        '{"ru": "59-ФЗ, статья 12, правила не называет; предыдущий рабочий день — в срок при любом толковании. '
            'Статья 193 ГК РФ по аналогии допускала бы следующий.",
          "hr": "59-FZ, članak 12., ne navodi pravilo; radni dan prije pravodoban je po svakom tumačenju. '
            'Članak 193. Građanskog zakonika analogijom bi dopustio sljedeći."}');
GRANT SELECT ON last_day_setting TO otklik_app;

-- Rules that came with Otklik leave the day to the setting where both say the same. Others kept a day off where they
-- said nothing: they go on to.
UPDATE deadline_rule SET spans = (
    SELECT jsonb_object_agg(key, CASE
        WHEN code IN ('any', 'ru.law59') AND key <> 'register'
            AND span->>'last_day' = CASE code WHEN 'any' THEN 'next' ELSE 'previous' END THEN span - 'last_day'
        WHEN code IN ('any', 'ru.law59') AND NOT span ? 'last_day' THEN span || '{"last_day": "keep"}'
        WHEN NOT span ? 'last_day'
            AND (country IS DISTINCT FROM 'RU' OR regime IS NULL OR regime NOT IN ('ordinary', 'fast'))
            THEN span || '{"last_day": "keep"}'
        ELSE span
    END) FROM jsonb_each(spans) AS entry (key, span)
);

INSERT INTO deadline_rule (code, country, regime, topic, name, names, spans) VALUES
    ('ru.law59.migration', 'RU', 'law59', 'migration', '59-FZ, article 12, part 1.1',
        '{"ru": "59-ФЗ, статья 12, часть 1.1", "hr": "59-FZ, članak 12. stavak 1.1"}',
        '{"register": {"days": 3, "last_day": "next"},
          "forward": {"days": 7, "from": "registered"},
          "answer": {"days": 20, "from": "registered"},
          "reopened": {"days": 20}}')
ON CONFLICT DO NOTHING;

-- `fields.deadlines` holds the new deadline of each appeal by its position, or null. The calendar of days off is outside
-- of the database, so the deadline is worked out there; one further from the plain count than the longest run of days
-- off is not taken. Without one, the new deadline is at the same time of the local day.
CREATE OR REPLACE FUNCTION judge_extend(regions integer[], ids bigint[], versions timestamptz[], fields jsonb)
RETURNS SETOF operation_row LANGUAGE sql STABLE AS $$
    SELECT NULL::uuid, j.region_id, j.appeal_id, (j.a).number,
        coalesce(j.refused, CASE
            WHEN (j.a).deadline_at IS NULL THEN 'no_deadline'
            WHEN (j.a).status_id = extended.id OR made.extensions > 0 THEN 'extended'
            WHEN later.deadline_at <= now() THEN 'still_late'
        END), j.by_whom, j.at,
        jsonb_build_object(
            'deadline_at', (j.a).deadline_at, 'status_id', (j.a).status_id, 'set_here', (j.a).set_here),
        jsonb_build_object(
            'deadline_at', later.deadline_at, 'status_id', extended.id, 'days', (fields->>'days')::integer,
            'set_here', with_word((j.a).set_here, 'deadline'), 'notice', true), NULL::timestamptz
    FROM asked_appeals(regions, ids, versions, true) AS j
    CROSS JOIN (SELECT id FROM status WHERE code = 'extended') AS extended
    LEFT JOIN territory ON territory.id = (j.a).region_id
    LEFT JOIN (
        SELECT DISTINCT ON (region_id, id) region_id, id,
            (fields->'deadlines'->>(nth - 1)::integer)::timestamptz AS deadline_at
        FROM unnest(regions, ids) WITH ORDINALITY AS asked (region_id, id, nth) ORDER BY region_id, id, nth
    ) AS proposed ON proposed.region_id = j.region_id AND proposed.id = j.appeal_id
    CROSS JOIN LATERAL (
        SELECT ((j.a).deadline_at AT TIME ZONE territory.timezone + make_interval(days => (fields->>'days')::integer))
            AT TIME ZONE territory.timezone AS deadline_at
    ) AS counted
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN proposed.deadline_at > (j.a).deadline_at
                AND proposed.deadline_at
                    BETWEEN counted.deadline_at - interval '14 days' AND counted.deadline_at + interval '14 days'
            THEN proposed.deadline_at ELSE counted.deadline_at
        END AS deadline_at
    ) AS later
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(CASE e.kind WHEN 'undone' THEN -1 ELSE 1 END), 0) AS extensions FROM event AS e
        WHERE e.region_id = j.region_id AND e.appeal_id = j.appeal_id
            AND (e.kind = 'extended' OR e.kind = 'undone' AND e.before ? 'deadline')
            -- What was re-opened has a time of its own.
            AND NOT EXISTS (
                SELECT FROM event AS r WHERE r.region_id = e.region_id AND r.appeal_id = e.appeal_id
                    AND r.kind = 'reopened' AND r.at > e.at)
    ) AS made
$$;

-- What the audit records of the fields: the organisations and days, not what each appeal gets, which is in its history.
CREATE OR REPLACE FUNCTION audited_fields(fields jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN fields ? 'holders' THEN fields || jsonb_build_object('holders', (
        SELECT jsonb_agg(code ORDER BY code) FROM jsonb_object_keys(fields->'holders') AS code
    )) ELSE fields END - 'deadlines'
$$;
