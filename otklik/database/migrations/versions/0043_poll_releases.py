"""The figures of running polls that are shown: in steps of at least ten votes, never as single votes come in."""

from pathlib import Path

from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    """Add the tables of what is shown of each poll, and of what is to be shown next."""
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
