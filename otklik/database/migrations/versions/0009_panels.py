"""What panels were still slow to find."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Index what they look for."""
    op.get_bind().exec_driver_sql(Path(__file__).with_name("0009_panels.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: what later migrations count on would be gone."""
    raise NotImplementedError
