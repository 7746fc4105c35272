"""Data sources, from which appeals come in by themselves: how each is read, its state, and its runs.

The maintenance process writes them as the owner. Administrators read them on their screens, and pause one or have it
run at once by functions that the audit records. Runs are append-only. No password and no token is here: addresses
name what holds the password, and of a token there is the hash.
"""

from pathlib import Path

from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Add the tables, the view of notices, and what the screens call."""
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
