"""Cubes of polls by what screens show: the day, the channel, and the part of the territory with age and sex.

The cubes before had a cell for each combination of these, which was nearly one for each ballot.
"""

from pathlib import Path

from alembic import op

revision = "0051"
down_revision = "0050"

BANDS = (0, 14, 18, 25, 35, 45, 55, 65)
SEXES = (0, 1, 2)
GROUPS = {f"age_{band}_sex_{sex}": f"age_band = {band} AND sex = {sex}" for band in BANDS for sex in SEXES}
"""The columns of poll_group_votes, and which votes each counts; NULL for none."""


def listed(template: str) -> str:
    """The template once for each of GROUPS, with {name} and {condition}; separated by commas."""
    return ",\n        ".join(template.format(name=name, condition=condition) for name, condition in GROUPS.items())


def statements() -> str:
    """The SQL of the file beside this one, with the columns of GROUPS."""
    text = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    for placeholder, template in {
        "{{names}}": "{name}",
        "{{columns}}": "{name} integer",
        "{{summed}}": "sum({name})::integer AS {name}",
        "{{of_votes}}": "CASE WHEN {condition} THEN ballots END AS {name}",
        "{{of_sums}}": "(sum(ballots) FILTER (WHERE {condition}))::integer AS {name}",
        "{{added}}": "{name} = nullif(coalesce(c.{name}, 0) + coalesce(excluded.{name}, 0), 0)",
    }.items():
        text = text.replace(placeholder, listed(template))
    return text


def upgrade() -> None:
    """Replace the cubes, and count them from the ballots and answers."""
    op.get_bind().exec_driver_sql(statements())


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
