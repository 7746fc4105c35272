"""Notices of surges: that a day was searched is announced, and each person marks a surge as read for themselves."""

from pathlib import Path

from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Add the view of a person's unread surges, what they have read, and the announcement."""
    op.get_bind().exec_driver_sql(Path(__file__).with_name("0033_surge_notices.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
