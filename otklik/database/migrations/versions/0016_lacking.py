"""The fields that the sources of a region's appeals don't have, by the source's code.

Without them figures can't be told: appeals without any outcome aren't unresolved. An import writes them from its mapping.
"""

from alembic import op

revision = "0016"
down_revision = "0015"

COLUMN = """
    ALTER TABLE territory ADD COLUMN lacking jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(lacking) = 'object')"""


def upgrade() -> None:
    """Add the column; of appeals that there are already, the next import says it."""
    op.execute(COLUMN)


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
