"""Attempts to open an appeal: a client that has used up its own can't lock out applicants; numbers in any case."""

from pathlib import Path

from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Replace the function that opens an appeal."""
    text = Path(__file__).with_name("0040_attempts.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(text)


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
