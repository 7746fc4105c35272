"""What became of each thing that an import of reference data has saved."""

from collections import Counter
from typing import Literal, get_args

SaveOutcome = Literal["added", "changed", "unchanged"]


def save_outcome(was_added: bool | None) -> SaveOutcome:  # noqa: FBT001 - what `RETURNING xmax = 0` gives
    """The outcome of an `INSERT … ON CONFLICT DO UPDATE … WHERE … RETURNING xmax = 0`; no row is no change."""
    return "unchanged" if was_added is None else "added" if was_added else "changed"


def format_outcomes(counts: Counter[SaveOutcome]) -> str:
    """The counts for people: `3 added, 1 changed, 12 unchanged`."""
    return ", ".join(f"{counts[outcome]:,} {outcome}" for outcome in get_args(SaveOutcome))
