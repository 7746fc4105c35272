"""Whoever writes appeals may fold accents: the index of their texts is made with it, and it reads no table."""

from alembic import op

revision = "0018"
down_revision = "0017"

# Where an administrator of the server made the extension, everybody may call its functions already.
GRANTS = """
    GRANT EXECUTE ON FUNCTION fold_accents TO PUBLIC;
    DO $$
    DECLARE
        function regprocedure;
    BEGIN
        FOR function IN
            SELECT oid FROM pg_proc WHERE proname = 'unaccent' AND pg_has_role(proowner, 'USAGE')
        LOOP
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO PUBLIC', function);
        END LOOP;
    END $$"""


def upgrade() -> None:
    """Grant it to everybody, and what it calls."""
    op.get_bind().exec_driver_sql(GRANTS)


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
