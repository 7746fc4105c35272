"""Deadlines, pauses and the ladder of escalation."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Refuse: what was recorded since would be lost."""
    raise NotImplementedError
