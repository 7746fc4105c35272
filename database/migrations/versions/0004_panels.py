"""What panels ask beyond the first cubes."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Refuse: what was recorded since would be lost."""
    raise NotImplementedError
