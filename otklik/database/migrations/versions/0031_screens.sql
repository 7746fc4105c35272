CREATE FUNCTION is_scenes(scenes jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_typeof(scenes) = 'array' AND jsonb_array_length(scenes) BETWEEN 1 AND 50 AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(CASE jsonb_typeof(scenes) WHEN 'array' THEN scenes ELSE '[]' END) AS scene
        WHERE jsonb_typeof(scene) IS DISTINCT FROM 'object'
            OR jsonb_typeof(scene->'page') IS DISTINCT FROM 'string' OR scene->>'page' !~ '^[a-z]{1,40}$'
            OR jsonb_typeof(scene->'query') IS DISTINCT FROM 'string' OR length(scene->>'query') > 2000
            OR jsonb_typeof(scene->'seconds') IS DISTINCT FROM 'number'
            OR (scene->>'seconds')::numeric NOT BETWEEN 5 AND 3600
    )
$$;

CREATE TABLE playlist (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CONSTRAINT playlist_name CHECK (btrim(name) <> '' AND length(name) <= 100),
    -- [{"page": "wall", "query": "territory=RU-KHM", "seconds": 30}, …]
    scenes jsonb NOT NULL CONSTRAINT playlist_scenes CHECK (is_scenes(scenes)),
    -- Whether a scene comes at once when one of its figures crosses "act".
    is_jumping boolean NOT NULL DEFAULT true,
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT playlist_once UNIQUE (name)
);
COMMENT ON TABLE playlist IS 'One row a playlist of wall screens: the scenes that they show in turn.';

ALTER TABLE device
    -- Without a playlist a screen shows the wall of its territories.
    ADD COLUMN playlist_id integer REFERENCES playlist,
    ADD COLUMN reload_asked_at timestamptz;
CREATE INDEX device_playlist ON device (playlist_id);

CREATE TABLE device_report (
    device_id integer PRIMARY KEY REFERENCES device,
    -- The moment since which it has been connected without a break.
    connected_at timestamptz NOT NULL,
    -- The last moment at which it was known to be connected.
    seen_at timestamptz NOT NULL,
    -- When what it shows was last drawn again, the version of its page, and the address of what it shows.
    refreshed_at timestamptz,
    build text NOT NULL,
    shows text NOT NULL
);
COMMENT ON TABLE device_report IS 'One row a device that has connected: what it shows, and since when it is there.';

CREATE TABLE wall_threshold (
    figure text NOT NULL CHECK (figure ~ '^[a-z0-9_]{1,60}$'),
    -- NULL is everywhere, where no territory has numbers of its own.
    territory_id integer REFERENCES territory,
    watch double precision NOT NULL,
    act double precision NOT NULL,
    CONSTRAINT wall_threshold_order CHECK (0 <= watch AND watch <= act AND act < 'infinity'),
    CONSTRAINT wall_threshold_once UNIQUE NULLS NOT DISTINCT (figure, territory_id)
);
CREATE INDEX wall_threshold_territory ON wall_threshold (territory_id);
COMMENT ON TABLE wall_threshold IS 'One row a figure and territory: above which level a wall says "watch" and "act".';
CREATE TRIGGER tell_of_words AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON wall_threshold
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_words();

ALTER TABLE playlist ENABLE ROW LEVEL SECURITY;
ALTER TABLE device_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON playlist FOR SELECT USING ((SELECT viewer_may('screens')));
CREATE POLICY scope ON device_report FOR SELECT USING ((SELECT viewer_may('screens')));
GRANT SELECT ON playlist, device_report, wall_threshold TO otklik_app;
GRANT SELECT (playlist_id, reload_asked_at) ON device TO otklik_app;

-- Screens and the page about them follow what changes there.
CREATE FUNCTION announce_screens() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('otklik_announcements', TG_ARGV[0]);
    RETURN NULL;
END $$;
CREATE TRIGGER announce_screens AFTER INSERT OR UPDATE OR DELETE ON playlist
    FOR EACH STATEMENT EXECUTE FUNCTION announce_screens('screens');
CREATE TRIGGER announce_screens AFTER UPDATE OF playlist_id, reload_asked_at ON device
    FOR EACH STATEMENT EXECUTE FUNCTION announce_screens('screens');
CREATE TRIGGER announce_reports AFTER INSERT OR UPDATE OR DELETE ON device_report
    FOR EACH STATEMENT EXECUTE FUNCTION announce_screens('screen reports');

-- Enrolling and revoking belong to the page of screens.
DO $$
DECLARE
    administering regprocedure;
BEGIN
    FOREACH administering IN ARRAY ARRAY[
        'enrol_device(integer, text, bytea, text)'::regprocedure, 'revoke_device(integer, text)'::regprocedure
    ] LOOP
        EXECUTE replace(pg_get_functiondef(administering), 'must_have(''people'')', 'must_have(''screens'')');
    END LOOP;
END $$;
DROP POLICY scope ON device;
CREATE POLICY scope ON device FOR SELECT USING ((SELECT viewer_may('screens')) OR (SELECT viewer_may('audit')));

CREATE FUNCTION assign_playlist(a_device integer, a_playlist integer, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was integer;
BEGIN
    PERFORM must_have('screens');
    PERFORM must_say_why(why);
    SELECT playlist_id INTO was FROM device WHERE id = a_device AND revoked_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no device %', a_device USING ERRCODE = 'no_data_found';
    ELSIF a_playlist IS NOT NULL AND NOT EXISTS (SELECT FROM playlist WHERE id = a_playlist) THEN
        RAISE EXCEPTION 'there is no playlist %', a_playlist USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE device SET playlist_id = a_playlist WHERE id = a_device;
    PERFORM audit_append('playlist assigned', 'device ' || a_device, why,
        jsonb_build_object('playlist', (SELECT name FROM playlist WHERE id = was)),
        jsonb_build_object('playlist', (SELECT name FROM playlist WHERE id = a_playlist)));
END $$;

CREATE FUNCTION reload_device(a_device integer, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM must_have('screens');
    PERFORM must_say_why(why);
    UPDATE device SET reload_asked_at = clock_timestamp() WHERE id = a_device AND revoked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no device %', a_device USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM audit_append('screen reloaded', 'device ' || a_device, why, NULL, NULL);
END $$;

-- Add a playlist (NULL) or change one, if it still is as of `seen_at`.
CREATE FUNCTION save_playlist(
    a_playlist integer, seen_at timestamptz, a_name text, some_scenes jsonb, jumps boolean, why text
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was jsonb;
    became jsonb = jsonb_build_object('name', btrim(a_name), 'scenes', some_scenes, 'is_jumping', jumps);
BEGIN
    PERFORM must_have('screens');
    PERFORM must_say_why(why);
    IF a_playlist IS NULL THEN
        INSERT INTO playlist (name, scenes, is_jumping) VALUES (btrim(a_name), some_scenes, jumps)
        RETURNING id INTO a_playlist;
    ELSE
        SELECT jsonb_build_object('name', name, 'scenes', scenes, 'is_jumping', is_jumping) INTO was
        FROM playlist WHERE id = a_playlist AND changed_at = seen_at FOR UPDATE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'somebody has changed the playlist meanwhile' USING ERRCODE = 'no_data_found';
        END IF;
        UPDATE playlist SET name = btrim(a_name), scenes = some_scenes, is_jumping = jumps,
            changed_at = clock_timestamp() WHERE id = a_playlist;
    END IF;
    IF was IS DISTINCT FROM became THEN
        PERFORM audit_append('playlist saved', 'playlist ' || a_playlist, why, was, became);
    END IF;
    RETURN a_playlist;
END $$;

CREATE FUNCTION delete_playlist(a_playlist integer, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was jsonb;
BEGIN
    PERFORM must_have('screens');
    PERFORM must_say_why(why);
    IF EXISTS (SELECT FROM device WHERE playlist_id = a_playlist AND revoked_at IS NULL) THEN
        RAISE EXCEPTION 'screens still play it: assign them another one before'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    UPDATE device SET playlist_id = NULL WHERE playlist_id = a_playlist;
    DELETE FROM playlist WHERE id = a_playlist
    RETURNING jsonb_build_object('name', name, 'scenes', scenes, 'is_jumping', is_jumping) INTO was;
    IF was IS NULL THEN
        RAISE EXCEPTION 'there is no playlist %', a_playlist USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM audit_append('playlist removed', 'playlist ' || a_playlist, why, was, NULL);
END $$;

-- What the device of a secret is to play; no row for one that is unknown or revoked. Without a playlist, no scenes.
CREATE FUNCTION assignment_of_device(a_token_hash bytea)
RETURNS TABLE (device_id integer, playlist text, scenes jsonb, is_jumping boolean, reload_asked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT device.id, coalesce(playlist.name, ''), coalesce(playlist.scenes, '[]'), coalesce(playlist.is_jumping, true),
        device.reload_asked_at
    FROM device LEFT JOIN playlist ON playlist.id = playlist_id
    WHERE token_hash = a_token_hash AND revoked_at IS NULL
$$;

-- Reports of connected devices: [{"device": 3, "connected_at": …, "refreshed_at": …, "build": …, "shows": …}, …].
CREATE FUNCTION report_devices(reports jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO device_report (device_id, connected_at, seen_at, refreshed_at, build, shows)
    SELECT r.device, r.connected_at, now(), r.refreshed_at, r.build, r.shows
    FROM jsonb_to_recordset(reports) AS r (
        device integer, connected_at timestamptz, refreshed_at timestamptz, build text, shows text
    )
    JOIN device ON device.id = r.device
    ON CONFLICT (device_id) DO UPDATE SET connected_at = EXCLUDED.connected_at, seen_at = EXCLUDED.seen_at,
        refreshed_at = EXCLUDED.refreshed_at, build = EXCLUDED.build, shows = EXCLUDED.shows
$$;

-- Set a figure's thresholds in a territory (NULL: everywhere); without numbers, those of the level above hold again.
CREATE FUNCTION save_threshold(a_figure text, a_territory text, new_watch double precision, new_act double precision, why text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    place integer = (SELECT id FROM territory WHERE code = a_territory);
    was jsonb;
BEGIN
    PERFORM must_have('screens');
    PERFORM must_say_why(why);
    IF a_territory IS NOT NULL AND place IS NULL THEN
        RAISE EXCEPTION 'there is no territory "%"', a_territory USING ERRCODE = 'no_data_found';
    END IF;
    DELETE FROM wall_threshold WHERE figure = a_figure AND territory_id IS NOT DISTINCT FROM place
    RETURNING jsonb_build_object('watch', watch, 'act', act) INTO was;
    IF new_watch IS NOT NULL THEN
        INSERT INTO wall_threshold VALUES (a_figure, place, new_watch, new_act);
    ELSIF was IS NULL THEN
        RAISE EXCEPTION 'there are no thresholds of its own' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM audit_append('threshold set', 'threshold ' || a_figure || coalesce(' ' || a_territory, ''), why, was,
        CASE WHEN new_watch IS NOT NULL THEN jsonb_build_object('watch', new_watch, 'act', new_act) END);
END $$;

REVOKE EXECUTE ON FUNCTION is_scenes, announce_screens, assign_playlist, reload_device, save_playlist, delete_playlist,
    assignment_of_device, report_devices, save_threshold FROM PUBLIC;
GRANT EXECUTE ON FUNCTION assign_playlist, reload_device, save_playlist, delete_playlist, assignment_of_device,
    report_devices, save_threshold TO otklik_app;
