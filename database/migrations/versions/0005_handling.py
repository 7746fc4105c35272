"""Moving appeals: each action one function that checks, compares, sets and records."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Refuse: what was recorded since would be lost."""
    raise NotImplementedError
