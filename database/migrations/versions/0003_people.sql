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

-- Each person with the tops of what they see: a listed territory below another listed one says nothing new.
CREATE VIEW person_scope AS
SELECT person.id, issuer, subject, email, name, role, is_active, everywhere AND is_active AS everywhere,
    CASE WHEN is_active AND NOT everywhere THEN ARRAY(
        SELECT listed.territory_id FROM person_territory AS listed
        WHERE listed.person_id = person.id AND NOT EXISTS (
            SELECT FROM person_territory AS other
            JOIN territory_above AS above ON above.above_id = other.territory_id
            WHERE other.person_id = person.id
                AND above.territory_id = listed.territory_id AND other.territory_id <> listed.territory_id
        )
        ORDER BY listed.territory_id
    ) ELSE '{}' END AS tops
FROM person;
