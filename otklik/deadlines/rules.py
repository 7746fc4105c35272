"""The deadline rules of the database, and which of them applies to an appeal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from sqlalchemy import Connection, text

from otklik.deadlines.explanation import LocalizedName
from otklik.deadlines.model import LAST_DAY_RULES, CountedFrom, DeadlineRule, LastDayRule, Span


@dataclass(frozen=True)
class LastDaySetting:
    """What a regime does with a last day that is a day off, and the source that says so."""

    last_day: LastDayRule
    source: LocalizedName


@dataclass(frozen=True)
class DeadlineRules:
    """All rules by the codes of country, regime and topic, and the last-day settings by country and regime.

    None stands for any.
    """

    by_key: Mapping[tuple[str | None, str | None, str | None], DeadlineRule]
    last_days: Mapping[tuple[str | None, str | None], LastDaySetting]
    _settled: dict[tuple[str, str | None, str], DeadlineRule] = field(default_factory=dict, repr=False, compare=False)

    def rule_for(self, country: str | None, regime: str, topics: Sequence[str]) -> DeadlineRule | None:
        """The most specific rule: one for the regime before one for any, then the nearest topic's, then the country's.

        `topics` are the codes of the appeal's topic and those above it, nearest first. Spans that leave the last day
        open have it by the setting of the appeal's country and regime. None without a rule.
        """
        keys = (
            (country_code, regime_code, topic)
            for regime_code in (regime, None)
            for topic in (*topics, None)
            for country_code in (country, None)
        )
        rule = next((self.by_key[key] for key in keys if key in self.by_key), None)
        if rule is None:
            return None
        settled_key = (rule.code, country, regime)
        if settled_key not in self._settled:
            self._settled[settled_key] = self._with_last_days(rule, country, regime)
        return self._settled[settled_key]

    def _with_last_days(self, rule: DeadlineRule, country: str | None, regime: str) -> DeadlineRule:
        keys = ((country, regime), (None, regime), (country, None), (None, None))
        setting = next(self.last_days[key] for key in keys if key in self.last_days)
        spans = {
            kind: replace(span, last_day=setting.last_day, last_day_source=setting.source)
            if span.last_day is None
            else span
            for kind, span in rule.spans.items()
        }
        return replace(rule, spans=spans)


def deadline_rules(connection: Connection) -> DeadlineRules:
    """All rules and last-day settings in the database."""
    rows = connection.execute(text("SELECT * FROM deadline_rule")).mappings().all()
    settings = connection.execute(text("SELECT * FROM last_day_setting")).mappings().all()
    return rules_from_rows(rows, settings)


def rules_from_rows(rows: Iterable[Mapping[Any, Any]], settings: Iterable[Mapping[Any, Any]]) -> DeadlineRules:
    """The rules of rows of `deadline_rule` and `last_day_setting`."""
    return DeadlineRules(
        {(row["country"], row["regime"], row["topic"]): rule_from_row(row) for row in rows},
        {
            (row["country"], row["regime"]): LastDaySetting(
                row["last_day"], LocalizedName(row["source"], row["sources"])
            )
            for row in settings
        },
    )


def rule_from_row(row: Mapping[Any, Any]) -> DeadlineRule:
    """The rule of a row of `deadline_rule`. Raises ValueError for a span that it doesn't know."""
    return DeadlineRule(
        row["name"],
        {span_kind: span_from_json(span_fields) for span_kind, span_fields in _known_spans(row["spans"])},
        row["extension_days"],
        row["extension_notice"],
        row["names"],
        row["code"],
    )


def span_from_json(span_fields: Mapping[str, Any]) -> Span:
    """The span of its JSON: days, and optionally working, last_day and from. Raises ValueError for anything else."""
    fields = {"working": False, "last_day": None, "from": "received", **span_fields}
    days, last_day, counted_from = fields.get("days", -1), fields["last_day"], fields["from"]
    is_valid = (
        fields.keys() == {"days", "working", "last_day", "from"}
        and isinstance(days, int)
        and days >= 0
        and last_day in (None, *LAST_DAY_RULES)
        and counted_from in get_args(CountedFrom)
    )
    if not is_valid:
        raise ValueError(f"no such span: {dict(span_fields)}")
    return Span(days, fields["working"] is True, last_day, counted_from)


def _known_spans(spans: Mapping[str, Any]) -> Iterable[tuple[Any, Any]]:
    if unknown := spans.keys() - {"register", "forward", "answer", "reopened"}:
        raise ValueError(f"no such span: {', '.join(sorted(unknown))}")
    return spans.items()
