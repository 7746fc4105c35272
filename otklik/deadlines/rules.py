"""Which rule of deadlines holds for an appeal, from the table of rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from sqlalchemy import Connection, text

from otklik.deadlines.model import LastDay, Rule, Span, Start


@dataclass(frozen=True)
class Rules:
    """All rules, by country, regime and topic (codes; None is any)."""

    by_case: Mapping[tuple[str | None, str | None, str | None], Rule]

    def of(self, country: str | None, regime: str, topics: Sequence[str]) -> Rule | None:
        """The rule of an appeal: the regime's own before any, then the nearest topic's, then the country's own.

        `topics` are the appeal's own and those above it, nearest first.
        """
        cases = ((place, of, topic) for of in (regime, None) for topic in (*topics, None) for place in (country, None))
        return next((self.by_case[case] for case in cases if case in self.by_case), None)


def read(connection: Connection) -> Rules:
    """The rules in the database."""
    found = connection.execute(text("SELECT * FROM deadline_rule")).mappings().all()
    return Rules({(row["country"], row["regime"], row["topic"]): rule(row) for row in found})


def rule(row: Mapping[Any, Any]) -> Rule:
    """A row of the table as a Rule. Raises ValueError for spans that say something unknown."""
    return Rule(
        row["name"],
        {what: span(said) for what, said in _known(row["spans"])},
        row["extension_days"],
        row["extension_notice"],
        row["names"],
        row["code"],
    )


def span(said: Mapping[str, Any]) -> Span:
    """A span as the table says it; `from` is what it is counted from. Raises ValueError."""
    given = {"working": False, "last_day": "keep", "from": "received", **said}
    days, last_day, start = given.get("days", -1), given["last_day"], given["from"]
    fits = (
        given.keys() == {"days", "working", "last_day", "from"}
        and isinstance(days, int)
        and days >= 0
        and last_day in get_args(LastDay)
        and start in get_args(Start)
    )
    if not fits:
        raise ValueError(f"no such span: {dict(said)}")
    return Span(days, given["working"] is True, last_day, start)


def _known(spans: Mapping[str, Any]) -> Iterable[tuple[Any, Any]]:
    if unknown := spans.keys() - {"register", "forward", "answer", "reopened"}:
        raise ValueError(f"no such span: {', '.join(sorted(unknown))}")
    return spans.items()
