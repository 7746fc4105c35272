-- What is to be done against a problem, and that it is done. Each returns the problem's new version.
CREATE FUNCTION remedy_fields(a_remedy integer) RETURNS jsonb LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object('remedy', r.title, 'due', r.due,
        'responsible', coalesce(organisation.name, r.responsible), 'done', r.done_at IS NOT NULL)
    FROM problem_remedy AS r LEFT JOIN organisation ON organisation.id = organisation_id WHERE r.id = a_remedy
$$;

-- Lock the problem of a remedy, which has to be open: in the order of all others, the problem before the remedy.
CREATE FUNCTION lock_remedied_problem(a_problem integer, a_version integer) RETURNS problem
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    was problem = lock_problem(a_problem, coalesce(a_version, 0));
BEGIN
    IF was.status IN ('closed', 'rejected') THEN
        PERFORM refuse_all('step', 'a problem that is closed or rejected has nothing more to be done');
    END IF;
    RETURN was;
END $$;

CREATE FUNCTION must_be_due(a_due date, a_territory integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF a_due IS NULL OR a_due < local_day(a_territory) THEN
        PERFORM refuse_all('due', 'a remedy is due today or later');
    END IF;
END $$;

CREATE FUNCTION add_remedy(
    a_problem integer, a_version integer, a_title text, an_organisation text, a_responsible text, a_due date, why text
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was problem;
    made integer;
BEGIN
    PERFORM must_have('decide');
    PERFORM must_say_why(why);
    was = lock_remedied_problem(a_problem, a_version);
    PERFORM must_be_due(a_due, was.territory_id);
    INSERT INTO problem_remedy (problem_id, title, organisation_id, responsible, due)
    VALUES (a_problem, btrim(coalesce(a_title, '')), (SELECT id FROM organisation WHERE code = an_organisation),
        btrim(coalesce(a_responsible, '')), a_due)
    RETURNING id INTO made;
    UPDATE problem SET version = version + 1 WHERE id = a_problem;
    PERFORM record_problem(a_problem, 'remedy_added', 'remedy added', why, NULL, remedy_fields(made));
    RETURN was.version + 1;
END $$;

CREATE FUNCTION change_remedy_due(a_remedy integer, a_version integer, a_due date, why text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was problem;
    old_fields jsonb;
BEGIN
    PERFORM must_have('decide');
    PERFORM must_say_why(why);
    was = lock_remedied_problem((SELECT problem_id FROM problem_remedy WHERE id = a_remedy), a_version);
    PERFORM must_be_due(a_due, was.territory_id);
    old_fields = remedy_fields(a_remedy);
    UPDATE problem_remedy SET due = a_due WHERE id = a_remedy AND done_at IS NULL;
    IF NOT FOUND THEN
        PERFORM refuse_all('done', 'this remedy is done');
    END IF;
    UPDATE problem SET version = version + 1 WHERE id = was.id;
    PERFORM record_problem(was.id, 'remedy_due_changed', 'remedy rescheduled', why, old_fields, remedy_fields(a_remedy));
    RETURN was.version + 1;
END $$;

-- Say that a remedy is done, which the problem's owner may too; or that it isn't after all. The reason is what was done.
CREATE FUNCTION finish_remedy(a_remedy integer, a_version integer, is_done boolean, why text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was problem;
    old_fields jsonb;
BEGIN
    IF NOT (viewer_may('problems') AND EXISTS (
        SELECT FROM problem_remedy AS r JOIN problem AS p ON p.id = r.problem_id
        WHERE r.id = a_remedy AND p.owner_id = viewer_id()
    )) THEN
        PERFORM must_have('decide');
    END IF;
    PERFORM must_say_why(why);
    was = lock_remedied_problem((SELECT problem_id FROM problem_remedy WHERE id = a_remedy), a_version);
    old_fields = remedy_fields(a_remedy);
    UPDATE problem_remedy SET done_at = CASE WHEN is_done THEN clock_timestamp() END,
        done_by = CASE WHEN is_done THEN viewer_id() END, note = CASE WHEN is_done THEN btrim(why) END
    WHERE id = a_remedy AND (done_at IS NULL) = is_done;
    IF NOT FOUND THEN
        PERFORM refuse_all('done', CASE WHEN is_done THEN 'this remedy is done' ELSE 'this remedy isn''t done' END);
    END IF;
    UPDATE problem SET version = version + 1 WHERE id = was.id;
    PERFORM record_problem(was.id, CASE WHEN is_done THEN 'remedy_done' ELSE 'remedy_undone' END,
        CASE WHEN is_done THEN 'remedy done' ELSE 'remedy not done after all' END, why, old_fields, remedy_fields(a_remedy));
    RETURN was.version + 1;
END $$;

-- Mark the notices of overdue remedies that the viewer sees as read; how many it marked.
CREATE FUNCTION read_remedies(remedies integer[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    marked integer;
BEGIN
    INSERT INTO remedy_read (person_id, remedy_id, due)
    SELECT viewer_id(), o.id, o.due FROM overdue_remedy AS o
    WHERE o.id = ANY (remedies) AND EXISTS (SELECT FROM person WHERE id = viewer_id() AND is_active)
        AND sees_territory(o.territory_id)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS marked = ROW_COUNT;
    IF marked > 0 THEN
        PERFORM pg_notify('otklik_announcements', 'notices ' || viewer_id());
    END IF;
    RETURN marked;
END $$;

REVOKE EXECUTE ON FUNCTION remedy_fields, lock_remedied_problem, must_be_due, add_remedy, change_remedy_due,
    finish_remedy, read_remedies FROM PUBLIC;
GRANT EXECUTE ON FUNCTION add_remedy, change_remedy_due, finish_remedy, read_remedies TO otklik_app;
