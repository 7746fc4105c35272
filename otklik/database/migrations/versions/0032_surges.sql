CREATE TABLE detection_run (
    country_id integer NOT NULL REFERENCES territory,
    day date NOT NULL,
    cells integer NOT NULL CHECK (cells >= 0),
    threshold double precision NOT NULL CHECK (threshold BETWEEN 0 AND 1),
    code_version text NOT NULL,
    ran_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (country_id, day)
);
COMMENT ON TABLE detection_run IS 'One row a country and local day whose appeals have been searched for surges: how many cells were judged, and which probability was an alarm.';

CREATE TABLE surge_alarm (
    country_id integer NOT NULL,
    day date NOT NULL,
    territory_id integer NOT NULL REFERENCES territory,
    topic_id integer NOT NULL REFERENCES topic,
    window_days smallint NOT NULL CHECK (window_days IN (7, 14)),
    observed integer NOT NULL CHECK (observed > 0),
    expected double precision NOT NULL CHECK (expected >= 0),
    usual_low integer NOT NULL,
    usual_high integer NOT NULL CHECK (usual_high >= usual_low),
    dispersion double precision NOT NULL CHECK (dispersion >= 1),
    probability double precision NOT NULL CHECK (probability BETWEEN 0 AND 1),
    PRIMARY KEY (territory_id, topic_id, day),
    FOREIGN KEY (country_id, day) REFERENCES detection_run
);
CREATE INDEX surge_alarm_run ON surge_alarm (country_id, day);
CREATE INDEX surge_alarm_topic ON surge_alarm (topic_id);
COMMENT ON TABLE surge_alarm IS 'One row a territory, topic and day: more appeals in the window that ends with the day than are likely by chance. The usual range holds nine of ten windows in which nothing happens; the variance is dispersion times the mean.';

CREATE FUNCTION detection_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was known of a surge is append-only';
END $$;
CREATE TRIGGER detection_is_append_only BEFORE UPDATE OR DELETE ON detection_run
    FOR EACH ROW EXECUTE FUNCTION detection_is_append_only();
CREATE TRIGGER detection_is_append_only BEFORE UPDATE OR DELETE ON surge_alarm
    FOR EACH ROW EXECUTE FUNCTION detection_is_append_only();

-- Removing all appeals, as of a demo, takes with them what was found in them.
CREATE FUNCTION forget_surges() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    TRUNCATE detection_run, surge_alarm;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_surges AFTER TRUNCATE ON appeal FOR EACH STATEMENT EXECUTE FUNCTION forget_surges();

-- One row an episode: alarms of a territory and topic that are at most 14 days apart. It starts with the window of its
-- first alarm, and peaks on the day with the least probable count, whose figures it has.
CREATE VIEW surge_episode WITH (security_invoker = true) AS
WITH marked AS (
    SELECT *, coalesce(day - lag(day) OVER cell > 14, true) AS begins FROM surge_alarm
    WINDOW cell AS (PARTITION BY territory_id, topic_id ORDER BY day)
), numbered AS (
    SELECT *, count(*) FILTER (WHERE begins) OVER (PARTITION BY territory_id, topic_id ORDER BY day) AS number
    FROM marked
), ordered AS (
    SELECT *, min(day - window_days + 1) OVER episode AS starts, min(day) OVER episode AS first_alarm,
        max(day) OVER episode AS last_alarm,
        row_number() OVER (PARTITION BY territory_id, topic_id, number ORDER BY probability, day) AS rank
    FROM numbered WINDOW episode AS (PARTITION BY territory_id, topic_id, number)
)
SELECT country_id, territory_id, topic_id, starts, first_alarm, last_alarm, day AS peak, window_days, observed,
    expected, usual_low, usual_high, dispersion, probability
FROM ordered WHERE rank = 1;

ALTER TABLE detection_run ENABLE ROW LEVEL SECURITY;
-- That a country's day was searched says nothing of its appeals.
CREATE POLICY scope ON detection_run FOR SELECT USING (true);
ALTER TABLE surge_alarm ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON surge_alarm FOR SELECT
    USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]));
GRANT SELECT ON detection_run, surge_alarm, surge_episode TO otklik_app;
REVOKE EXECUTE ON FUNCTION forget_surges, detection_is_append_only FROM PUBLIC;
