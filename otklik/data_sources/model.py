"""What a data source is, what a run of it has done, and how it fails."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

MAX_LISTED_WORDS = 20
"""Different unknown words of one reason that a run names."""


class DataSourceError(Exception):
    """A run or a test failed; the message is one sentence without a secret. The next run tries again."""

    def __init__(self, message: str, retry_after: timedelta = timedelta()) -> None:
        """`retry_after` is how long the other side asks to be left alone."""
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True)
class DataSource:
    """A row of `data_source`. `options` are those of its kind; `cursor` says how far it has been read, None for new."""

    id: int
    name: str
    kind: str
    mapping: str
    options: Mapping[str, Any]
    run_every: timedelta
    is_paused: bool
    cursor: Mapping[str, Any] | None
    next_run_at: datetime
    running_since: datetime | None
    read_at: datetime | None
    changed_at: datetime | None
    failure_count: int
    error: str


@dataclass(frozen=True)
class NewDataSource:
    """What a data source is added with. `token_hash` is that of the token by which rows are pushed to it."""

    name: str
    kind: str
    mapping: str
    options: Mapping[str, Any]
    run_every: timedelta
    token_hash: bytes | None = None


@dataclass
class RunTally:
    """What a run has done so far: rows read, new, changed and rejected, and the reasons of these."""

    read: int = 0
    new: int = 0
    changed: int = 0
    rejected: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Rows by the reason for which they were rejected, with the unknown words."""

    def add(self, other: "RunTally") -> None:
        """Count what another tally has counted too."""
        self.read += other.read
        self.new += other.new
        self.changed += other.changed
        self.rejected += other.rejected
        self.reasons += other.reasons

    def sentence(self) -> str:
        """The counts for people, such as "12 rows read; 3 new, 1 changed, 8 unchanged, 0 rejected."."""
        unchanged = self.read - self.new - self.changed - self.rejected
        rows = f"{self.read:,} row{'s' * (self.read != 1)} read"
        counts = f"{self.new:,} new, {self.changed:,} changed, {unchanged:,} unchanged, {self.rejected:,} rejected"
        return f"{rows}; {counts}."


def reason_counts(reasons: Mapping[str, int], words: Mapping[str, Mapping[str, int]]) -> Counter[str]:
    """Rejected rows by reason; those of an unknown word by it too: `an unknown value: “x” in the column “status”`."""
    counts: Counter[str] = Counter()
    for reason, count in reasons.items():
        frequent = Counter(words.get(reason, {})).most_common(MAX_LISTED_WORDS)
        counts.update({f"{reason}: {word}": number for word, number in frequent})
        if rest := count - sum(number for _, number in frequent):
            counts[reason] += rest
    return counts
