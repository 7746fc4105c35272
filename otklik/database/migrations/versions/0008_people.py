"""Administering people and screens: never without a reason, and somebody always remains who may; the audit's pages."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Ask for reasons, guard the last administrator, and open the audit's state to its page."""
    for subject in ("people", "audit"):
        text = Path(__file__).with_name(f"0008_{subject}.sql").read_text(encoding="utf-8")
        op.get_bind().exec_driver_sql(text)


def downgrade() -> None:
    """Refuse: what was recorded since would be lost."""
    raise NotImplementedError
