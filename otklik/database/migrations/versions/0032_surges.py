"""Surges: which territories and topics have surely more appeals than usual, as each day's detection knew it.

What was known then stays: later imports change the counts of past days, but not what was alarmed, and why.
"""

from pathlib import Path

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Store the alarms of each day; episodes are a view of them."""
    op.get_bind().exec_driver_sql(Path(__file__).with_name("0032_surges.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
