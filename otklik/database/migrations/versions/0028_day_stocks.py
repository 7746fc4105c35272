"""Stocks of past days as they stood: a report of March is the same in April and in May.

Open and overdue at the end of a past day were counted back from what is known now: an extension since took appeals out
of the overdue ones of days on which they were overdue, and a re-opening added some to days on which they were closed.
From now on each region's day is recorded at the following noon.
"""

from pathlib import Path

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Record days from now on; those before remain counted back."""
    op.get_bind().exec_driver_sql(Path(__file__).with_name("0028_day_stocks.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
