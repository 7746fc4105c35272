"""Word of what things are called: topics, places, holders change once in a while, appeals every second.

So screens keep the names, and ask for them anew when there is news of these alone (`database.listen`).
"""

from alembic import op

revision = "0013"
down_revision = "0012"

TABLES = ("territory", "organisation", "topic", "channel", "regime", "status", "stage", "source", "outcome")
TELL = """
    CREATE FUNCTION tell_of_words() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM pg_notify('otklik_words', '');
        RETURN NULL;
    END $$"""


def upgrade() -> None:
    """Let each table tell."""
    op.execute(TELL)
    for table in TABLES:
        op.execute(
            f"""CREATE TRIGGER tell_of_words AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION tell_of_words()"""
        )


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
