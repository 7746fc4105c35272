-- The role that the screens connect as. It belongs to the server: other databases of Otklik's may have made it.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'otklik_app') THEN
        CREATE ROLE otklik_app LOGIN;  -- without a password: only a server that trusts the caller lets it in
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- another database was faster
END $$;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'otklik_app' AND (rolsuper OR rolbypassrls)) THEN
        RAISE EXCEPTION 'the role otklik_app may bypass row security: take SUPERUSER and BYPASSRLS from it';
    END IF;
    -- A superuser can become any role; others have to be members.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        GRANT otklik_app TO CURRENT_USER;
    END IF;
END $$;
