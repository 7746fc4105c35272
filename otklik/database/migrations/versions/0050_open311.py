"""Public appeals: which topics and regimes are published by Open311, and what is public of their appeals.

The role `otklik_open311` calls six functions and reads no table; `schema.complete_rights` grants them.
"""

from pathlib import Path

from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    """Add the tables of what is published, views and functions, and an index by the last change."""
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
