-- Opening problems, deciding on them and commenting on them, in the viewer's name and territories.
CREATE FUNCTION sees_territory(a_territory integer) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(sees_everything() OR a_territory = ANY (visible_territories()), false)
$$;

-- Lock a problem that the viewer sees; without a version, whichever it has.
CREATE FUNCTION lock_problem(a_problem integer, a_version integer) RETURNS problem
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    was problem;
BEGIN
    SELECT * INTO was FROM problem WHERE id = a_problem FOR UPDATE;
    IF was.id IS NULL OR NOT sees_territory(was.territory_id) THEN
        RAISE EXCEPTION 'there is no such problem' USING ERRCODE = 'no_data_found';
    ELSIF a_version <> was.version THEN
        RAISE EXCEPTION 'somebody has changed the problem meanwhile' USING ERRCODE = 'no_data_found';
    END IF;
    RETURN was;
END $$;

CREATE FUNCTION local_day(a_territory integer) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (now() AT TIME ZONE timezone)::date FROM territory WHERE id = a_territory
$$;

-- Who may be shown a problem of a territory, and so may own it.
CREATE FUNCTION may_own_problem(a_person integer, a_territory integer) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM person JOIN role_right USING (role)
        WHERE person.id = a_person AND is_active AND may = 'problems' AND (everywhere OR a_territory = ANY (sees))
    )
$$;

CREATE FUNCTION must_be_owner(a_person integer, a_territory integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF a_person IS NOT NULL AND NOT may_own_problem(a_person, a_territory) THEN
        PERFORM refuse_all('owner', 'this person doesn''t see problems of this territory');
    END IF;
END $$;

-- Write what happened to the history and to the audit: the last step of each change.
CREATE FUNCTION record_problem(a_problem integer, what text, action text, why text, was jsonb, became jsonb)
RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO problem_event (problem_id, person_id, person, kind, reason, before, after)
    VALUES (a_problem, viewer_id(), (SELECT name FROM person WHERE id = viewer_id()), what, btrim(why), was, became);
    PERFORM audit_append(action, 'problem ' || a_problem, why, was, became);
END $$;

CREATE FUNCTION open_problem(
    a_territory text, a_topic text, a_title text, a_description text, an_owner integer, a_since date,
    a_surge_starts date
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    place integer = (SELECT id FROM territory WHERE code = a_territory);
    subject integer = (SELECT id FROM topic WHERE code = a_topic);
    made integer;
BEGIN
    PERFORM must_have('open_problem');
    IF NOT sees_territory(place) THEN
        RAISE EXCEPTION 'there is no territory "%"', coalesce(a_territory, '') USING ERRCODE = 'no_data_found';
    ELSIF subject IS NULL THEN
        PERFORM refuse_all('topic', 'a problem needs a topic');
    ELSIF a_since IS NULL OR a_since > local_day(place) THEN
        PERFORM refuse_all('since', 'a problem begins today or before');
    ELSIF a_surge_starts IS NOT NULL AND NOT EXISTS (
        SELECT FROM surge_episode WHERE territory_id = place AND topic_id = subject AND starts = a_surge_starts
    ) THEN
        RAISE EXCEPTION 'there is no such surge' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM must_say_why(a_description);
    PERFORM must_be_owner(an_owner, place);
    INSERT INTO problem (territory_id, topic_id, title, description, owner_id, since, surge_starts, opened_by)
    VALUES (place, subject, btrim(coalesce(a_title, '')), btrim(a_description), an_owner, a_since, a_surge_starts, viewer_id())
    RETURNING id INTO made;
    PERFORM record_problem(made, 'opened', 'problem opened', a_description, NULL, jsonb_build_object(
        'title', btrim(a_title), 'territory', a_territory, 'topic', a_topic, 'since', a_since,
        'owner', (SELECT name FROM person WHERE id = an_owner)));
    RETURN made;
END $$;

-- The steps in their order; a step back is a step too, and what is open can be rejected. Returns the new version.
CREATE FUNCTION move_problem(a_problem integer, a_version integer, a_status text, why text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    steps CONSTANT text[] = '{found,confirmed,decided,in_progress,checked,closed}';
    was problem;
BEGIN
    PERFORM must_have('decide');
    PERFORM must_say_why(why);
    was = lock_problem(a_problem, coalesce(a_version, 0));
    IF NOT coalesce(CASE
        WHEN a_status = 'rejected' THEN was.status NOT IN ('closed', 'rejected')
        WHEN was.status = 'rejected' THEN a_status = 'found'
        ELSE abs(array_position(steps, a_status) - array_position(steps, was.status)) = 1
    END, false) THEN
        PERFORM refuse_all('step', 'this step doesn''t follow from where the problem is now');
    ELSIF a_status = 'decided' AND was.owner_id IS NULL THEN
        PERFORM refuse_all('owner', 'a problem needs an owner before it is decided');
    END IF;
    UPDATE problem SET status = a_status, version = version + 1 WHERE id = a_problem;
    PERFORM record_problem(a_problem, 'moved', 'problem moved', why,
        jsonb_build_object('status', was.status), jsonb_build_object('status', a_status));
    RETURN was.version + 1;
END $$;

CREATE FUNCTION change_problem(
    a_problem integer, a_version integer, a_title text, a_description text, an_owner integer, why text
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was problem;
    old_fields jsonb;
    new_fields jsonb = jsonb_build_object('title', btrim(a_title), 'description', btrim(a_description),
        'owner', (SELECT name FROM person WHERE id = an_owner));
BEGIN
    PERFORM must_have('decide');
    PERFORM must_say_why(why);
    was = lock_problem(a_problem, coalesce(a_version, 0));
    IF an_owner IS DISTINCT FROM was.owner_id THEN
        PERFORM must_be_owner(an_owner, was.territory_id);
    END IF;
    IF an_owner IS NULL AND was.status NOT IN ('found', 'confirmed', 'rejected') THEN
        PERFORM refuse_all('owner', 'a problem that is decided needs an owner');
    END IF;
    old_fields = jsonb_build_object('title', was.title, 'description', was.description,
        'owner', (SELECT name FROM person WHERE id = was.owner_id));
    UPDATE problem SET title = btrim(coalesce(a_title, '')), description = btrim(coalesce(a_description, '')), owner_id = an_owner,
        version = version + 1 WHERE id = a_problem;
    PERFORM record_problem(a_problem, 'changed', 'problem changed', why, old_fields, new_fields);
    RETURN was.version + 1;
END $$;

CREATE FUNCTION comment_problem(a_problem integer, comment text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM must_have('open_problem');
    BEGIN
        PERFORM must_say_why(comment);
    EXCEPTION WHEN invalid_parameter_value THEN
        PERFORM refuse_all('comment', 'a comment has 1 to 1000 characters');
    END;
    PERFORM lock_problem(a_problem, NULL);
    PERFORM record_problem(a_problem, 'comment', 'problem commented', comment, NULL, NULL);
END $$;

-- One row an owner of a problem that the viewer sees: people are otherwise shown to administrators alone.
CREATE FUNCTION problem_owners() RETURNS TABLE (id integer, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT person.id, person.name FROM problem JOIN person ON person.id = owner_id
    WHERE sees_territory(problem.territory_id)
$$;

-- One row a person who can own a problem of a territory, for those who may name an owner there.
CREATE FUNCTION possible_problem_owners(a_territory text) RETURNS TABLE (id integer, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT person.id, person.name FROM person, territory
    WHERE code = a_territory AND (viewer_may('open_problem') OR viewer_may('decide'))
        AND sees_territory(territory.id) AND may_own_problem(person.id, territory.id)
$$;

REVOKE EXECUTE ON FUNCTION sees_territory, lock_problem, local_day, may_own_problem, must_be_owner, record_problem,
    open_problem, move_problem, change_problem, comment_problem, problem_owners, possible_problem_owners FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_problem, move_problem, change_problem, comment_problem, problem_owners,
    possible_problem_owners TO otklik_app;
