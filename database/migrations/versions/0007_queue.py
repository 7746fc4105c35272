"""Searching the queue, and each person's saved views."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Refuse: what was recorded since would be lost."""
    raise NotImplementedError
