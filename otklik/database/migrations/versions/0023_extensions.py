"""Extensions count from the last day as counted; what happens to a last day off is a setting of the regime."""

from pathlib import Path

from alembic import op

revision = "0023"
down_revision = "0022"

# Deadlines are worked out again at each press: a repeated press is known by what was asked, not by them.
REDEFINE_HANDLING = """
    DO $do$
    DECLARE
        definition CONSTANT text = pg_get_functiondef('handle_appeals'::regproc);
        redefined CONSTANT text = regexp_replace(
            definition, '(versions, (handle_appeals\\.)?fields)(, btrim\\(why\\)\\)::text)', '\\1 - ''deadlines''\\3', 'g');
    BEGIN
        IF length(redefined) <> length(definition) + 2 * length(' - ''deadlines''') THEN
            RAISE EXCEPTION 'handle_appeals is not what this migration expects';
        END IF;
        EXECUTE redefined;
    END $do$"""


def upgrade() -> None:
    """Make the settings, the rule for matters of migration, and extensions from the last day as counted."""
    connection = op.get_bind()
    connection.exec_driver_sql(Path(__file__).with_name("0023_extensions.sql").read_text(encoding="utf-8"))
    connection.exec_driver_sql(REDEFINE_HANDLING)


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
