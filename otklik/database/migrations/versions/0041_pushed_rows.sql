CREATE TABLE pushed_batch (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    data_source_id integer NOT NULL REFERENCES data_source,
    received_at timestamptz NOT NULL DEFAULT now(),
    -- The objects of the request, until they are merged.
    rows jsonb CHECK (jsonb_typeof(rows) = 'array' AND jsonb_array_length(rows) BETWEEN 1 AND 1000),
    -- Then what became of each, in their order: {"number": "17", "result": "rejected", "reason": "no status"}.
    results jsonb CHECK (jsonb_typeof(results) = 'array'),
    CONSTRAINT pushed_batch_state CHECK ((rows IS NULL) <> (results IS NULL))
);
CREATE INDEX pushed_batch_waiting ON pushed_batch (data_source_id, id) WHERE results IS NULL;
CREATE INDEX pushed_batch_source ON pushed_batch (data_source_id);
COMMENT ON TABLE pushed_batch IS 'One row a request that has pushed rows: the rows, until they are merged, and then what became of them.';
ALTER TABLE pushed_batch ENABLE ROW LEVEL SECURITY;

-- Leave rows for the data source of a name and token; NULL for a wrong one, 0 where nothing can be pushed at all, -1
-- while it is paused.
CREATE FUNCTION push_rows(a_name text, a_token_hash bytea, some_rows jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    target data_source;
    made bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM data_source WHERE kind = 'push' AND removed_at IS NULL) THEN
        RETURN 0;
    END IF;
    SELECT * INTO target FROM data_source
    WHERE name = a_name AND kind = 'push' AND removed_at IS NULL AND token_hash = a_token_hash;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF target.is_paused THEN
        RETURN -1;
    END IF;
    INSERT INTO pushed_batch (data_source_id, rows) VALUES (target.id, some_rows) RETURNING id INTO made;
    RETURN made;
END $$;

-- What became of a request's rows; no row for a wrong name, token or number, NULL while they wait.
CREATE FUNCTION push_results(a_name text, a_token_hash bytea, a_batch bigint) RETURNS TABLE (results jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT pushed_batch.results FROM pushed_batch JOIN data_source ON data_source.id = data_source_id
    WHERE pushed_batch.id = a_batch AND name = a_name AND token_hash = a_token_hash AND removed_at IS NULL
$$;

REVOKE EXECUTE ON FUNCTION push_rows, push_results FROM PUBLIC;
GRANT EXECUTE ON FUNCTION push_rows, push_results TO otklik_app;
