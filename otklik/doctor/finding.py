"""What a check has found."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How something is: well, to be watched, or to be acted on."""

    OK = "ok"
    WATCH = "watch"
    ACT = "act"


@dataclass(frozen=True)
class Finding:
    """What a check has found: one sentence, and what to do where it isn't well."""

    check: str
    health: Health
    message: str
    advice: str = ""


def worst(findings: Sequence[Finding]) -> Health:
    """The worst health among findings."""
    order = list(Health)
    return max((finding.health for finding in findings), key=order.index, default=Health.OK)
