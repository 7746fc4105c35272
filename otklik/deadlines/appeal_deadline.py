"""The deadline of an appeal in the database: computed by the rules, and explained as it is stored."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from otklik.deadlines import explanation
from otklik.deadlines.calculation import AppealHistory, Deadline, DeadlineRule, Jurisdiction, answer_deadline
from otklik.deadlines.calendars import territory_calendar
from otklik.deadlines.explanation import ExplanationStep, LocalizedName
from otklik.deadlines.history import clock_changes
from otklik.deadlines.rules import DeadlineRules, deadline_rules

RowMapping = Mapping[Any, Any]

OWN_SOURCES = ("otklik", "demo")
"""The sources whose deadlines Otklik computes; the appeals of others are imported with theirs."""

DEADLINE_APPEALS_SQL = """
    SELECT a.region_id, a.id, a.number, a.received_at, a.registered_at, a.deadline_at, a.closed_at, a.set_here,
        regime.code AS regime, region.code AS region, region.timezone,
        source.code AS source, source.name AS source_name, source.names AS source_names, country.code AS country,
        array_remove(ARRAY[topic.code, above.code, top.code], NULL) AS topics
    FROM appeal AS a
    JOIN regime ON regime.id = a.regime_id
    JOIN source ON source.id = a.source_id
    JOIN territory AS region ON region.id = a.region_id
    JOIN topic ON topic.id = a.topic_id
    LEFT JOIN topic AS above ON above.id = topic.parent_id
    LEFT JOIN topic AS top ON top.id = above.parent_id
    LEFT JOIN LATERAL (
        SELECT code FROM territory_above JOIN territory AS up ON up.id = above_id
        WHERE territory_id = a.region_id AND up.level = 'country'
    ) AS country ON true"""
"""The rows of appeals that `computed_deadline` takes; append a WHERE clause."""
DEADLINE_EVENT_KINDS = ("redirected", "extended", "deferred", "reopened", "moved", "undone")
DEADLINE_EVENTS_SQL = f"""
    SELECT region_id, appeal_id, at, kind, before, after FROM event WHERE kind IN {DEADLINE_EVENT_KINDS}"""  # noqa: S608 - own words
"""The rows of events that `computed_deadline` takes; append an AND condition and ORDER BY at, id."""


def computed_deadline(appeal: RowMapping, events: Iterable[RowMapping], rules: DeadlineRules) -> Deadline | None:
    """The deadline by the rules; None where no rule applies.

    `appeal` is a row of `DEADLINE_APPEALS_SQL`, `events` are its rows of `DEADLINE_EVENTS_SQL`, oldest first.
    """
    rule = matching_rule(appeal, rules)
    if rule is None:
        return None
    return answer_deadline(rule, appeal_history(appeal, events), jurisdiction_of(appeal))


def appeal_history(appeal: RowMapping, events: Iterable[RowMapping]) -> AppealHistory:
    """What the deadline of an appeal is computed from; the rows are those that `computed_deadline` takes."""
    return AppealHistory(appeal["received_at"], appeal["registered_at"], tuple(clock_changes(events)))


def deadline_events(connection: Connection, appeals: Iterable[RowMapping]) -> dict[tuple[int, int], list[RowMapping]]:
    """The rows of events that `computed_deadline` takes, oldest first, by region id and id of their appeals."""
    keys = [(appeal["region_id"], appeal["id"]) for appeal in appeals]
    condition_sql = "(region_id, appeal_id) IN (SELECT * FROM unnest(:regions, :ids))"
    events_sql = f"{DEADLINE_EVENTS_SQL} AND {condition_sql} ORDER BY at, id"
    events: dict[tuple[int, int], list[RowMapping]] = {}
    values = {"regions": [region for region, _ in keys], "ids": [appeal for _, appeal in keys]}
    for event in connection.execute(text(events_sql), values).mappings():
        events.setdefault((event["region_id"], event["appeal_id"]), []).append(event)
    return events


def explained_deadline(connection: Connection, region_id: int, appeal_id: int) -> Deadline | None:
    """The stored deadline of an appeal with its explanation.

    The last step says so where a person or the appeal's source set a deadline that differs from the rule's. None for an
    appeal that the viewer may not see, for one without a deadline and a rule, and for one whose deadline a person took
    away.
    """
    key = {"region": region_id, "appeal": appeal_id}
    appeal = (
        connection.execute(text(f"{DEADLINE_APPEALS_SQL} WHERE a.region_id = :region AND a.id = :appeal"), key)
        .mappings()
        .first()
    )
    if appeal is None:
        return None
    events_sql = f"{DEADLINE_EVENTS_SQL} AND region_id = :region AND appeal_id = :appeal ORDER BY at, id"
    events = connection.execute(text(events_sql), key).mappings().all()
    return explain_deadline(appeal, events, deadline_rules(connection))


def explain_deadline(appeal: RowMapping, events: Iterable[RowMapping], rules: DeadlineRules) -> Deadline | None:
    """The stored deadline of an appeal with its explanation, as `explained_deadline` says it.

    `appeal` is a row of `DEADLINE_APPEALS_SQL`, `events` are its rows of `DEADLINE_EVENTS_SQL`, oldest first.
    """
    computed = computed_deadline(appeal, events, rules)
    current_deadline: datetime | None = appeal["deadline_at"]
    if current_deadline is None and "deadline" in appeal["set_here"]:
        return None
    if current_deadline is None or (computed is not None and computed.at == current_deadline):
        return computed
    jurisdiction = jurisdiction_of(appeal)
    local_deadline = current_deadline.astimezone(jurisdiction.timezone)
    if computed is None:
        steps: tuple[ExplanationStep, ...] = (
            ExplanationStep(explanation.RECEIVED, {"moment": appeal["received_at"].astimezone(jurisdiction.timezone)}),
        )
    else:
        steps = computed.steps
    return Deadline(current_deadline, (*steps, _override_step(appeal, local_deadline)))


def _override_step(appeal: RowMapping, local_deadline: datetime) -> ExplanationStep:
    """Why the stored deadline applies and not the rule's."""
    if "deadline" in appeal["set_here"]:
        return ExplanationStep(explanation.SET_BY_PERSON, {"moment": local_deadline}, local_deadline.date())
    if appeal["source"] in OWN_SOURCES:
        return ExplanationStep(explanation.HOLDS_UNTIL_RECOMPUTED, {"moment": local_deadline}, local_deadline.date())
    source = LocalizedName(appeal["source_name"], appeal["source_names"])
    return ExplanationStep(
        explanation.SET_BY_SOURCE, {"moment": local_deadline, "source": source}, local_deadline.date()
    )


def matching_rule(appeal: RowMapping, rules: DeadlineRules) -> DeadlineRule | None:
    """The rule for an appeal, a row of `DEADLINE_APPEALS_SQL`; None without one."""
    return rules.rule_for(appeal["country"], appeal["regime"], tuple(appeal["topics"]))


def jurisdiction_of(appeal: RowMapping) -> Jurisdiction:
    """The time zone and calendar of an appeal, a row of `DEADLINE_APPEALS_SQL`."""
    return _jurisdiction(appeal["country"], appeal["region"], appeal["timezone"])


@lru_cache(maxsize=4096)
def _jurisdiction(country: str | None, region: str, timezone: str) -> Jurisdiction:
    return Jurisdiction(ZoneInfo(timezone), territory_calendar(country, region))
