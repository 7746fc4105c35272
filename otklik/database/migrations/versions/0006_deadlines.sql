-- Rules of deadlines, as data. The rule of an appeal: of its regime rather than any, then of the nearest topic above it
-- rather than any, then of its country rather than any.
CREATE TABLE deadline_rule (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code <> ''),
    name text NOT NULL CHECK (name <> ''),
    names jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(names) = 'object'),
    -- Codes; none is any. No foreign keys: a rule may come before the topics that it is about.
    country text,
    regime text,
    topic text,
    -- By `register`, `forward`, `answer`, `reopened`: {"days": 30, "working": false, "from": "received", "last_day": "keep"}.
    spans jsonb NOT NULL CHECK (spans ? 'answer'),
    -- The most days by which a deadline may be extended once, and whether the applicant is to be told.
    extension_days smallint NOT NULL DEFAULT 30 CHECK (extension_days BETWEEN 0 AND 30),
    extension_notice boolean NOT NULL DEFAULT true,
    UNIQUE NULLS NOT DISTINCT (country, regime, topic)
);
INSERT INTO deadline_rule (code, country, regime, name, names, spans, extension_notice) VALUES
    ('any', NULL, NULL, 'Any appeal', '{"ru": "Любое обращение", "hr": "Svaki podnesak"}',
        '{"answer": {"days": 30, "last_day": "next"}, "reopened": {"days": 15, "last_day": "next"}}', false),
    ('ru.ordinary', 'RU', 'ordinary', 'Ordinary message', '{"ru": "Обычное сообщение", "hr": "Obična poruka"}',
        '{"answer": {"days": 20}, "reopened": {"days": 15}}', false),
    ('ru.fast', 'RU', 'fast', 'Fast track', '{"ru": "Фаст-трек", "hr": "Ubrzani postupak"}',
        '{"answer": {"days": 10}, "reopened": {"days": 10}}', false),
    ('ru.law59', 'RU', 'law59', '59-FZ, article 12', '{"ru": "59-ФЗ, статья 12", "hr": "59-FZ, članak 12."}',
        '{"register": {"days": 3, "last_day": "next"},
          "forward": {"days": 7, "from": "registered", "last_day": "previous"},
          "answer": {"days": 30, "from": "registered", "last_day": "previous"},
          "reopened": {"days": 30, "last_day": "previous"}}', true);
GRANT SELECT ON deadline_rule TO otklik_app;
