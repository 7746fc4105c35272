-- Besides lists and the audit itself, files that leave Otklik are dossiers of problems and situation reports.
CREATE OR REPLACE FUNCTION audit_record(
    did text, what text, why text DEFAULT NULL, was jsonb DEFAULT NULL, became jsonb DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    needed text = jsonb_build_object(
        'audit exported', 'audit', 'list exported', 'queue', 'dossier exported', 'problems', 'report exported', 'overview'
    )->>did;
BEGIN
    IF needed IS NULL THEN
        RAISE EXCEPTION 'screens don''t record "%"', left(did, 60) USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM must_have(needed);
    IF length(what) > 100 OR length(why) > 1000 OR was IS NOT NULL OR length(became::text) > 20000 THEN
        RAISE EXCEPTION 'this entry of the audit is too long' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM set_config('otklik.console', '', true);
    RETURN audit_append(did, what, why, was, became);
END $$;
