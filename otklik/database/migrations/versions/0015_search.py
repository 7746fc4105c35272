"""Searching the queue without regard to accents, and by a number of any length."""

from pathlib import Path

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Fold accents in the index and in what is searched for."""
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
