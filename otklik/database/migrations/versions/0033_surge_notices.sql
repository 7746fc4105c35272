CREATE FUNCTION announce_surges() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('otklik_announcements', 'surges');
    RETURN NULL;
END $$;
CREATE TRIGGER announce_surges AFTER INSERT ON detection_run FOR EACH STATEMENT EXECUTE FUNCTION announce_surges();

CREATE TABLE surge_read (
    person_id integer NOT NULL REFERENCES person ON DELETE CASCADE,
    territory_id integer NOT NULL,
    topic_id integer NOT NULL,
    day date NOT NULL,
    read_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_id, territory_id, topic_id, day),
    FOREIGN KEY (territory_id, topic_id, day) REFERENCES surge_alarm
);
CREATE INDEX surge_read_alarm ON surge_read (territory_id, topic_id, day);
COMMENT ON TABLE surge_read IS 'One row a person and surge whose notice they have marked as read; the day is one of an alarm of its episode.';

CREATE OR REPLACE FUNCTION forget_surges() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    TRUNCATE detection_run, surge_alarm, surge_read;
    RETURN NULL;
END $$;

-- When people of a place may be told of what happened at a moment: then, or at the end of the place's quiet hours.
CREATE FUNCTION after_quiet_hours(at timestamptz, zone text) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT after_quiet(at, zone, coalesce((hours->>'from')::time, '22:00'), coalesce((hours->>'until')::time, '08:00'))
    FROM (SELECT (SELECT value FROM setting WHERE name = 'escalation_quiet_hours') AS hours) AS set_hours
$$;

-- One row an episode that the viewer sees and hasn't marked as read, of those with an alarm in the last fortnight that
-- was searched. With the figures of its last alarm.
CREATE VIEW surge_notice WITH (security_invoker = true) AS
SELECT e.territory_id, e.topic_id, e.last_alarm AS day, latest.window_days, latest.observed, latest.usual_low,
    latest.usual_high, calm.shown_at
FROM surge_episode AS e
JOIN surge_alarm AS latest ON latest.territory_id = e.territory_id AND latest.topic_id = e.topic_id AND latest.day = e.last_alarm
JOIN detection_run AS run ON run.country_id = e.country_id AND run.day = e.first_alarm
JOIN territory AS place ON place.id = e.territory_id
CROSS JOIN LATERAL (SELECT after_quiet_hours(run.ran_at, place.timezone) AS shown_at) AS calm
WHERE e.last_alarm > (SELECT max(day) - 14 FROM detection_run WHERE country_id = e.country_id)
    AND calm.shown_at <= now()
    AND NOT EXISTS (
        SELECT FROM surge_read AS r
        WHERE r.person_id = viewer_id() AND r.territory_id = e.territory_id AND r.topic_id = e.topic_id
            AND r.day BETWEEN e.first_alarm AND e.last_alarm
    );

-- Mark surges that the viewer sees as read: each the one with an alarm of this territory, topic and day.
CREATE FUNCTION read_surges(territories integer[], topics integer[], days date[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    marked integer;
BEGIN
    INSERT INTO surge_read (person_id, territory_id, topic_id, day)
    SELECT viewer_id(), a.territory_id, a.topic_id, a.day
    FROM unnest(territories, topics, days) AS those (territory_id, topic_id, day)
    JOIN surge_alarm AS a USING (territory_id, topic_id, day)
    WHERE EXISTS (SELECT FROM person WHERE id = viewer_id() AND is_active)
        AND (sees_everything() OR a.territory_id = ANY (visible_territories()::integer[]))
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS marked = ROW_COUNT;
    IF marked > 0 THEN
        PERFORM pg_notify('otklik_announcements', 'notices ' || viewer_id());
    END IF;
    RETURN marked;
END $$;

ALTER TABLE surge_read ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON surge_read FOR SELECT USING (person_id = (SELECT viewer_id()));
GRANT SELECT ON surge_read, surge_notice TO otklik_app;
REVOKE EXECUTE ON FUNCTION announce_surges, after_quiet_hours, read_surges FROM PUBLIC;
GRANT EXECUTE ON FUNCTION after_quiet_hours(timestamptz, text), read_surges(integer[], integer[], date[]) TO otklik_app;
