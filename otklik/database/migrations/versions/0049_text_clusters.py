"""Clusters: similar new appeals that are surely more than usual, as each day's search of the texts knew it.

What was known then stays, as that of surges does.
"""

from pathlib import Path

from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    """Store the clusters of each day with their appeals."""
    op.get_bind().exec_driver_sql(Path(__file__).with_name("0049_text_clusters.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
