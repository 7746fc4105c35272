"""Rows that are pushed to a data source over HTTP: they wait here until the maintenance process has merged them.

The process that answers HTTP is the screens', which can write no appeal. By the hash of a token it may leave rows for
that one data source and read what became of them; the rows themselves go with the transaction that merges them.
"""

from pathlib import Path

from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Add the table and the functions by which rows are pushed and their results read."""
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
