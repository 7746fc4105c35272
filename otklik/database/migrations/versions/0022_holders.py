"""One operation may reassign appeals to several organisations."""

from pathlib import Path

from alembic import op

revision = "0022"
down_revision = "0021"

# A thousand positions and as many codes are longer than what one organisation took.
REDEFINE_HANDLING = """
    DO $do$
    DECLARE
        definition CONSTANT text = pg_get_functiondef('handle_appeals'::regproc);
        redefined text = replace(definition, 'length(fields::text) > 10000', 'length(fields::text) > 200000');
    BEGIN
        redefined = replace(redefined, 'why, NULL, handle_appeals.fields ||',
            'why, NULL, audited_fields(handle_appeals.fields) ||');
        IF length(redefined) <> length(definition) + 17 THEN
            RAISE EXCEPTION 'handle_appeals is not what this migration expects';
        END IF;
        EXECUTE redefined;
    END $do$"""


def upgrade() -> None:
    """Take an organisation for each appeal; record the organisations of an operation in the audit."""
    connection = op.get_bind()
    connection.exec_driver_sql(Path(__file__).with_name("0022_holders.sql").read_text(encoding="utf-8"))
    connection.exec_driver_sql(REDEFINE_HANDLING)


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
