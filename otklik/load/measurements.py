"""What the viewers of a load run measured, and its table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from otklik.load.server_usage import ServerUsage

MEDIAN, HIGH = 0.5, 0.95


@dataclass
class Measurements:
    """Times in seconds, one per page opened and one per viewer and marked change; bytes received by all viewers."""

    first_paints: list[float] = field(default_factory=list)
    change_delays: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    received_bytes: int = 0
    updates: int = 0
    """How often a viewer was shown something new after its first paint."""
    unseen_changes: int = 0
    """Pairs of a viewer and a marked change that it never saw."""

    def table_lines(self, viewers: int, usage: ServerUsage | None) -> list[str]:
        """A Markdown table with a row per measurement, and a row per kind of error."""
        rows = [
            ("viewers, painted", f"{viewers:,}, {len(self.first_paints):,}"),
            ("first paint, s: median / p95", quantile_text(self.first_paints)),
            ("commit to viewer, s: median / p95", quantile_text(self.change_delays)),
            ("changes seen, not seen", f"{len(self.change_delays):,}, {self.unseen_changes:,}"),
            ("updates", f"{self.updates:,}"),
            ("received, MB", f"{self.received_bytes / 1e6:,.1f}"),
            ("errors", f"{self.errors.total():,}"),
            *((f"error: {message}", f"{count:,}") for message, count in self.errors.most_common()),
        ]
        if usage is not None:
            rows += [
                ("server: cores while they arrived, after that", f"{usage.arriving_cores:.2f}, {usage.cores:.2f}"),
                ("server: memory, MB: first / last / most", " / ".join(f"{value:,.0f}" for value in usage.memory_mb)),
            ]
        return ["| measured | value |", "|---|---:|", *(f"| {name} | {value} |" for name, value in rows)]


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of all values doesn't exceed; None without values."""
    return sorted(values)[max(ceil(share * len(values)), 1) - 1] if values else None


def quantile_text(values: Sequence[float]) -> str:
    """The median and the 95th percentile, `0.21 / 0.48`; a dash without values."""
    median, high = quantile(values, MEDIAN), quantile(values, HIGH)
    return "–" if median is None or high is None else f"{median:.2f} / {high:.2f}"
