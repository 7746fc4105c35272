"""Silence while nothing happens: what screens show besides appeals is announced, and a listener asks for nothing.

Whoever changed appeals while another transaction was announcing its change counted up `unsaid`, and each listener read
that count twice a second. Since `region_change` has every change with its transaction, the count says nothing more: a
listener reads the changes themselves after a notification, and while transactions are open that may have made some.

Notices, audit entries and transfers that wait for approval are announced by name, so that no page has to ask for
them. Notes and allowed transfers are changes of their region.
"""

from pathlib import Path

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Announce what screens show besides appeals, and count no longer what was not announced."""
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
