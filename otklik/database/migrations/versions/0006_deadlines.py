"""Rules of deadlines, the ladder of escalation and its outbox."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the rules, then who is told when they are broken."""
    for subject in ("deadlines", "escalation"):
        text = Path(__file__).with_name(f"0006_{subject}.sql").read_text(encoding="utf-8")
        op.get_bind().exec_driver_sql(text)


def downgrade() -> None:
    """Refuse: what was recorded since would be lost."""
    raise NotImplementedError
