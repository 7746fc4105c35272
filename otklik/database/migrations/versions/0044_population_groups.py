"""How many people of each age and sex live in a municipality: what the voters of polls are compared with."""

from alembic import op

revision = "0044"
down_revision = "0043"
STATEMENTS = """
CREATE TABLE population_group (
    territory_id integer NOT NULL REFERENCES territory ON DELETE CASCADE,
    -- The first year of age in the band, and the sex as in ISO/IEC 5218, as of ballots.
    age_band smallint NOT NULL CHECK (age_band IN (14, 18, 25, 35, 45, 55, 65)),
    sex smallint NOT NULL CHECK (sex IN (1, 2)),
    people integer NOT NULL CHECK (people >= 0),
    source text NOT NULL CHECK (btrim(source) <> '' AND length(source) <= 200),
    PRIMARY KEY (territory_id, age_band, sex)
);
COMMENT ON TABLE population_group IS 'One row a municipality, age band and sex: how many people live there, and who says so.';
ALTER TABLE population_group ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON population_group FOR SELECT
    USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]));
GRANT SELECT ON population_group TO otklik_app;
"""


def upgrade() -> None:
    """Add the table."""
    op.get_bind().exec_driver_sql(STATEMENTS)


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
