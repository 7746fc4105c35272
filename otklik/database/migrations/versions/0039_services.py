"""Topical services: the topics that have a view of their own, such as vaccination, ambulance or school meals."""

from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Add the place of a topic among the services, which most topics don't have."""
    op.execute("ALTER TABLE topic ADD COLUMN service_position smallint CHECK (service_position > 0)")


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
