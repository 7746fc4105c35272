"""Which regions changed: a screen of one region need not be drawn again for what happens in another.

Each transaction that changes appeals leaves a row for each region concerned, with its transaction id, so that a
listener finds exactly what was committed since its last snapshot, however long the transaction took. Inserted rows
lock nothing, unlike a counter for each region.
"""

from pathlib import Path

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Keep the regions of each change for ten minutes."""
    op.get_bind().exec_driver_sql(Path(__file__).with_name("0024_region_changes.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
