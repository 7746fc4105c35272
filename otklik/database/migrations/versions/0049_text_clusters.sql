CREATE TABLE text_cluster_run (
    country_id integer NOT NULL REFERENCES territory,
    day date NOT NULL,
    texts integer NOT NULL CHECK (texts >= 0),
    tested integer NOT NULL CHECK (tested >= 0),
    code_version text NOT NULL,
    ran_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (country_id, day)
);
COMMENT ON TABLE text_cluster_run IS 'One row a country and local day whose texts have been searched for clusters of similar ones: how many new texts were read, and how many groups tested.';

CREATE SEQUENCE text_cluster_id AS bigint;
CREATE TABLE text_cluster (
    id bigint PRIMARY KEY,
    -- The first cluster of the days in which it is found again.
    episode_id bigint NOT NULL REFERENCES text_cluster,
    country_id integer NOT NULL,
    day date NOT NULL,
    territory_id integer NOT NULL REFERENCES territory,
    topic_id integer NOT NULL REFERENCES topic,
    terms text[] NOT NULL CHECK (cardinality(terms) BETWEEN 1 AND 3),
    first_day date NOT NULL CHECK (first_day <= day),
    window_days smallint NOT NULL CHECK (window_days IN (7, 14)),
    appeals integer NOT NULL CHECK (appeals > 0),
    expected double precision NOT NULL CHECK (expected >= 0),
    usual_low integer NOT NULL,
    usual_high integer NOT NULL CHECK (usual_high >= usual_low),
    dispersion double precision NOT NULL CHECK (dispersion >= 1),
    probability double precision NOT NULL CHECK (probability BETWEEN 0 AND 1),
    surge_territory_id integer REFERENCES territory,
    surge_topic_id integer REFERENCES topic,
    FOREIGN KEY (country_id, day) REFERENCES text_cluster_run,
    CONSTRAINT text_cluster_surge CHECK ((surge_territory_id IS NULL) = (surge_topic_id IS NULL))
);
ALTER SEQUENCE text_cluster_id OWNED BY text_cluster.id;
CREATE INDEX text_cluster_run_day ON text_cluster (country_id, day);
CREATE INDEX text_cluster_episode ON text_cluster (episode_id);
CREATE INDEX text_cluster_territory ON text_cluster (territory_id);
CREATE INDEX text_cluster_topic ON text_cluster (topic_id);
CREATE INDEX text_cluster_surge_territory ON text_cluster (surge_territory_id);
CREATE INDEX text_cluster_surge_topic ON text_cluster (surge_topic_id);
COMMENT ON TABLE text_cluster IS 'One row a cluster of similar new appeals and day: more in the window that ends with the day than are likely by chance. Its terms are taken from masked texts; the usual range holds nine of ten windows without a cluster.';

-- Without a reference to the appeal: what was known of a cluster stays.
CREATE TABLE text_cluster_member (
    cluster_id bigint NOT NULL REFERENCES text_cluster,
    position integer NOT NULL CHECK (position > 0),
    region_id integer NOT NULL,
    appeal_id bigint NOT NULL,
    PRIMARY KEY (cluster_id, position)
);
COMMENT ON TABLE text_cluster_member IS 'One row an appeal of a cluster, by position: the most typical first.';

CREATE TRIGGER detection_is_append_only BEFORE UPDATE OR DELETE ON text_cluster_run
    FOR EACH ROW EXECUTE FUNCTION detection_is_append_only();
CREATE TRIGGER detection_is_append_only BEFORE UPDATE OR DELETE ON text_cluster
    FOR EACH ROW EXECUTE FUNCTION detection_is_append_only();
CREATE TRIGGER detection_is_append_only BEFORE UPDATE OR DELETE ON text_cluster_member
    FOR EACH ROW EXECUTE FUNCTION detection_is_append_only();
CREATE TRIGGER announce_surges AFTER INSERT ON text_cluster_run FOR EACH STATEMENT EXECUTE FUNCTION announce_surges();

CREATE OR REPLACE FUNCTION forget_surges() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    TRUNCATE detection_run, surge_alarm, surge_read, text_cluster_run, text_cluster, text_cluster_member;
    RETURN NULL;
END $$;

ALTER TABLE text_cluster_run ENABLE ROW LEVEL SECURITY;
-- That a country's day was searched says nothing of its appeals.
CREATE POLICY scope ON text_cluster_run FOR SELECT USING (true);
ALTER TABLE text_cluster ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON text_cluster FOR SELECT
    USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]));
-- By the cluster's own policy.
ALTER TABLE text_cluster_member ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON text_cluster_member FOR SELECT
    USING (EXISTS (SELECT FROM text_cluster WHERE text_cluster.id = cluster_id));
GRANT SELECT ON text_cluster_run, text_cluster, text_cluster_member TO otklik_app;
