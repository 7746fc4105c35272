"""One rule for reasons, a closed list of what screens record, and no territories that people give themselves."""

from pathlib import Path

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Redefine the functions that ask why, and `audit_record`."""
    op.get_bind().exec_driver_sql(Path(__file__).with_name("0017_reasons.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: an older version doesn't know the codes of the refusals."""
    raise NotImplementedError
