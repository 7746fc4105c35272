-- The cluster of similar texts that a problem was opened from; without a reference, since what was found in all appeals
-- goes with them, and problems stay.
ALTER TABLE problem ADD COLUMN text_cluster_id bigint;

-- Open a problem, as open_problem does, perhaps of a cluster of its territory and topic; returns its id.
CREATE FUNCTION open_problem_of_cluster(
    a_territory text, a_topic text, a_title text, a_description text, an_owner integer, a_since date,
    a_surge_starts date, a_cluster bigint
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made integer = open_problem(a_territory, a_topic, a_title, a_description, an_owner, a_since, a_surge_starts);
BEGIN
    IF a_cluster IS NOT NULL THEN
        UPDATE problem AS p SET text_cluster_id = c.id FROM text_cluster AS c
        WHERE p.id = made AND c.id = a_cluster AND c.territory_id = p.territory_id AND c.topic_id = p.topic_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no such cluster' USING ERRCODE = 'no_data_found';
        END IF;
    END IF;
    RETURN made;
END $$;
REVOKE EXECUTE ON FUNCTION open_problem_of_cluster FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_problem_of_cluster TO otklik_app;
