"""Imported files: which brought what, and which appeals to take back where it was the wrong one.

The ids of the appeals that a file added are ranges, since one statement gives them in a row: a million take as much room
as one.
"""

from pathlib import Path

from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    """Add the table."""
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
