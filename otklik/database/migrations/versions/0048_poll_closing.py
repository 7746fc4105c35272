"""Polls and discussions found by when they close and are decided: with a year's of a country, lists read all of them."""

from alembic import op

revision = "0048"
down_revision = "0047"

INDEXES = """
    CREATE INDEX poll_closing ON poll (closes_at);
    CREATE INDEX discussion_closing ON discussion (closes_at);
    CREATE INDEX discussion_decided ON discussion (decided_at);"""


def upgrade() -> None:
    """Add the indexes."""
    op.get_bind().exec_driver_sql(INDEXES)


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
