-- People, what each role may, and the territories that each person sees. Nobody is ever deleted: the audit names them.
CREATE TABLE role_right (
    -- Kept equal to the table in database/roles.py by `database.migrate`.
    role text NOT NULL,
    may text NOT NULL,
    PRIMARY KEY (role, may)
);

CREATE TABLE person (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Known by e-mail until the first sign-in, by the provider's own name for them from then on.
    email text UNIQUE CHECK (email = lower(email) AND email LIKE '%_@_%'),
    issuer text,
    subject text,
    name text NOT NULL CHECK (name <> ''),
    role text NOT NULL CHECK (role IN ('staff', 'manager', 'official', 'administrator', 'screen')),
    -- Every territory, also those that come later; otherwise exactly what person_territory lists, and what lies below.
    everywhere boolean NOT NULL DEFAULT false,
    is_active boolean NOT NULL DEFAULT true,
    -- What person_territory comes to, kept by triggers so that a query finds it in one row: the territories below which
    -- all is seen (none below another), and all that are seen, the larger ones first.
    tops integer[] NOT NULL DEFAULT '{}',
    sees integer[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (issuer, subject),
    CHECK ((issuer IS NULL) = (subject IS NULL))
);
CREATE TABLE person_territory (
    person_id integer NOT NULL REFERENCES person,
    territory_id integer NOT NULL REFERENCES territory,
    PRIMARY KEY (person_id, territory_id)
);
CREATE INDEX person_territory_territory ON person_territory (territory_id);

-- A wall screen that signs in by a secret of its own, of which only the hash is kept.
CREATE TABLE device (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    name text NOT NULL CHECK (name <> ''),
    person_id integer NOT NULL REFERENCES person,
    enrolled_by integer REFERENCES person,
    enrolled_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    seen_at timestamptz
);
CREATE INDEX device_person ON device (person_id);
CREATE INDEX device_enrolled_by ON device (enrolled_by);

-- Open screens ask anew when somebody's rights change.
CREATE FUNCTION people_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('otklik_appeals', 'people');
    RETURN NULL;
END $$;
CREATE TRIGGER people_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON person
    FOR EACH STATEMENT EXECUTE FUNCTION people_changed();
CREATE TRIGGER people_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON person_territory
    FOR EACH STATEMENT EXECUTE FUNCTION people_changed();
CREATE TRIGGER people_changed AFTER INSERT OR UPDATE OF revoked_at OR DELETE OR TRUNCATE ON device
    FOR EACH STATEMENT EXECUTE FUNCTION people_changed();

CREATE FUNCTION work_out_sight(people integer[]) RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE person SET
        tops = ARRAY(
            SELECT listed.territory_id FROM person_territory AS listed
            WHERE listed.person_id = person.id AND NOT EXISTS (
                SELECT FROM person_territory AS other
                JOIN territory_above AS above ON above.above_id = other.territory_id
                WHERE other.person_id = person.id
                    AND above.territory_id = listed.territory_id AND other.territory_id <> listed.territory_id
            )
            ORDER BY listed.territory_id
        ),
        sees = ARRAY(
            SELECT territory.id FROM territory WHERE territory.id IN (
                SELECT above.territory_id FROM person_territory AS listed
                JOIN territory_above AS above ON above.above_id = listed.territory_id
                WHERE listed.person_id = person.id
            )
            ORDER BY territory.level = 'municipality', territory.id
        )
    WHERE id = ANY (people)
$$;
CREATE FUNCTION territories_were_listed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM work_out_sight(ARRAY(SELECT DISTINCT person_id FROM changed));
    RETURN NULL;
END $$;
CREATE TRIGGER listed AFTER INSERT ON person_territory REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION territories_were_listed();
CREATE TRIGGER unlisted AFTER DELETE ON person_territory REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION territories_were_listed();
CREATE FUNCTION list_is_as_it_was() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a listed territory is deleted or added, not changed';
END $$;
CREATE TRIGGER list_is_as_it_was BEFORE UPDATE ON person_territory
    FOR EACH STATEMENT EXECUTE FUNCTION list_is_as_it_was();
CREATE FUNCTION nothing_is_listed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE person SET tops = '{}', sees = '{}' WHERE tops <> '{}';
    RETURN NULL;
END $$;
CREATE TRIGGER nothing_is_listed AFTER TRUNCATE ON person_territory
    FOR EACH STATEMENT EXECUTE FUNCTION nothing_is_listed();

-- A new territory is seen by those who see what lies above it.
CREATE FUNCTION territory_was_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM work_out_sight(ARRAY(
        SELECT DISTINCT person_id FROM placed JOIN person_territory AS listed ON listed.territory_id = placed.above_id
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER territory_was_placed AFTER INSERT ON territory_above REFERENCING NEW TABLE AS placed
    FOR EACH STATEMENT EXECUTE FUNCTION territory_was_placed();

-- Each person with what they see now: a disabled one nothing.
CREATE VIEW person_scope AS
SELECT id, issuer, subject, email, name, role, is_active, everywhere AND is_active AS everywhere,
    CASE WHEN is_active AND NOT everywhere THEN tops ELSE '{}' END AS tops
FROM person;
