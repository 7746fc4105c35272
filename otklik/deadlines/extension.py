"""The deadlines that appeals would have after an extension."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from otklik.deadlines.appeal_deadline import (
    DEADLINE_APPEALS_SQL,
    appeal_history,
    deadline_events,
    jurisdiction_of,
    matching_rule,
)
from otklik.deadlines.calculation import DeadlineRule, Jurisdiction
from otklik.deadlines.deadline_clock import DeadlineClock
from otklik.deadlines.model import AppealHistory
from otklik.deadlines.rules import deadline_rules

RowMapping = Mapping[Any, Any]


def extended_deadlines(
    connection: Connection, appeal_keys: Sequence[tuple[int, int]], days: int
) -> list[datetime | None]:
    """The deadline of each appeal, by region id and id, extended by calendar days; in the order of the keys.

    None where the last day isn't known as it was counted: without a rule or a deadline, where the clock is stopped, and
    where a person or another system set a deadline that the rule can't have led to. Those count from the deadline.
    """
    keys = {"regions": [region for region, _ in appeal_keys], "ids": [appeal for _, appeal in appeal_keys]}
    condition_sql = "(a.region_id, a.id) IN (SELECT * FROM unnest(:regions, :ids))"
    appeals = connection.execute(text(f"{DEADLINE_APPEALS_SQL} WHERE {condition_sql}"), keys).mappings().all()
    histories = deadline_events(connection, appeals)
    rules = deadline_rules(connection)
    extended: dict[tuple[int, int], datetime | None] = {}
    for appeal in appeals:
        key, rule = (appeal["region_id"], appeal["id"]), matching_rule(appeal, rules)
        if rule is not None and appeal["deadline_at"] is not None:
            history = appeal_history(appeal, histories.get(key, []))
            extended[key] = extended_deadline(rule, history, jurisdiction_of(appeal), appeal["deadline_at"], days)
    return [extended.get(key) for key in appeal_keys]


def extended_deadline(
    rule: DeadlineRule, history: AppealHistory, jurisdiction: Jurisdiction, deadline: datetime, days: int
) -> datetime | None:
    """A deadline extended by calendar days from the unmoved last day; None where that day isn't known.

    The deadline may be on the unmoved day or on the working day before or after it: sources differ in that.
    """
    clock = DeadlineClock(rule, jurisdiction)
    clock.start(history)
    for change in history.changes:
        clock.apply_change(change)
    unmoved, calendar = clock.unmoved_last_day, jurisdiction.calendar
    possible_days = {unmoved, calendar.working_day_on_or_before(unmoved), calendar.working_day_on_or_after(unmoved)}
    is_fixed = clock.stopped_on is not None or clock.fixed_deadline is not None
    if is_fixed or deadline not in {jurisdiction.end_of_day(day) for day in possible_days}:
        return None
    return jurisdiction.end_of_day(clock.extended_last_day(days))
