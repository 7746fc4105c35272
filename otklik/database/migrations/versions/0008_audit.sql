-- By whom (audit_person) and when (audit_at) there are indexes already.
CREATE INDEX audit_action ON audit (action, id);
CREATE INDEX audit_object ON audit (object text_pattern_ops, id);

-- Whether each entry follows from the one before it, for the audit's page: as `otklik audit verify` finds it.
CREATE FUNCTION audit_state(OUT entries bigint, OUT head text, OUT broken_at bigint, OUT why text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM must_have('audit');
    SELECT count(*), (SELECT encode(last.hash, 'hex') FROM audit AS last ORDER BY last.id DESC LIMIT 1)
    INTO entries, head FROM audit;
    SELECT broken.id, broken.why INTO broken_at, why FROM audit_break AS broken ORDER BY broken.id LIMIT 1;
END $$;
GRANT EXECUTE ON FUNCTION audit_state() TO otklik_app;
