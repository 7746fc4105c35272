-- Everything that a database has, one line a thing, sorted.
WITH relation AS (
    SELECT oid, relname, relkind, relacl, relrowsecurity, reloptions, relnamespace::regnamespace || '.' || relname AS name
    FROM pg_class
    WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'report'))
        AND relkind IN ('r', 'p', 'v', 'S') AND NOT relispartition AND relname <> 'alembic_version'
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
), routine AS (
    SELECT oid, proacl, proowner, prosrc, prosecdef,
        pronamespace::regnamespace || '.' || proname || '(' || pg_get_function_identity_arguments(oid) || ')' AS name
    FROM pg_proc
    WHERE pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'report'))
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
), app AS (SELECT oid FROM pg_roles WHERE rolname = 'otklik_app')
SELECT 'column ' || name || '.' || attname || ' ' || format_type(atttypid, atttypmod)
FROM relation JOIN pg_attribute ON attrelid = relation.oid
WHERE relkind <> 'S' AND attnum > 0 AND NOT attisdropped
UNION ALL SELECT 'sequence ' || name FROM relation WHERE relkind = 'S'
UNION ALL SELECT 'row security of ' || name FROM relation WHERE relrowsecurity
UNION ALL SELECT 'viewer''s rights in ' || name FROM relation WHERE 'security_invoker=true' = ANY (reloptions)
UNION ALL SELECT 'policy ' || polname || ' of ' || name FROM relation JOIN pg_policy ON polrelid = relation.oid
UNION ALL SELECT 'trigger ' || tgname || ' of ' || name
FROM relation JOIN pg_trigger ON tgrelid = relation.oid WHERE NOT tgisinternal
UNION ALL SELECT 'constraint ' || conname || ' of ' || name
FROM relation JOIN pg_constraint ON conrelid = relation.oid WHERE contype IN ('p', 'u', 'f', 'c')
UNION ALL SELECT 'index ' || i.relname || ' of ' || name
FROM relation JOIN pg_index ON indrelid = relation.oid JOIN pg_class AS i ON i.oid = indexrelid
UNION ALL SELECT 'function ' || name || CASE WHEN prosecdef THEN ' as its owner ' ELSE ' ' END || md5(prosrc) FROM routine
UNION ALL SELECT format('grant %s ON %s %s', privilege_type, CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, name)
FROM relation, aclexplode(relacl), app WHERE grantee = app.oid
UNION ALL SELECT format('grant %s (%I) ON TABLE %s', privilege_type, attname, name)
FROM relation JOIN pg_attribute ON attrelid = relation.oid, aclexplode(attacl), app WHERE grantee = app.oid
UNION ALL SELECT format('grant %s ON FUNCTION %s', privilege_type, name)
FROM routine, aclexplode(proacl), app WHERE grantee = app.oid
UNION ALL SELECT format('grant %s ON SCHEMA %I', privilege_type, nspname)
FROM pg_namespace, aclexplode(nspacl), app WHERE grantee = app.oid
ORDER BY 1
