-- What was changed and is not folded in yet: seen as far as its regions are.
ALTER TABLE trace_fresh ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON trace_fresh FOR SELECT
    USING ((SELECT sees_everything()) OR region_id = ANY ((SELECT visible_territories())::integer[]));
GRANT SELECT ON trace_fresh TO otklik_app;

CREATE FUNCTION trace_truncate() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    TRUNCATE trace_fresh, cube_course_folded, cube_doubt_folded;
    RETURN NULL;
END $$;
CREATE TRIGGER trace_truncate AFTER TRUNCATE ON appeal FOR EACH STATEMENT EXECUTE FUNCTION trace_truncate();

-- Appeals are counted by what it means that they were explained.
CREATE TRIGGER code_stays BEFORE UPDATE OF code ON outcome FOR EACH ROW
    WHEN (OLD.code <> NEW.code) EXECUTE FUNCTION stays_as_counted('code');
