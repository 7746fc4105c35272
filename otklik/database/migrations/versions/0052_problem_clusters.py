"""Problems know the cluster of similar texts that they were opened from, and so its appeals."""

from pathlib import Path

from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    """Add the column, and the function that sets it."""
    op.get_bind().exec_driver_sql(Path(__file__).with_name("0052_problem_clusters.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
