"""Recomputing the deadlines of many appeals after a rule or a calendar has changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from otklik.deadlines.appeal_deadline import (
    DEADLINE_APPEALS_SQL,
    OWN_SOURCES,
    computed_deadline,
    deadline_events,
    matching_rule,
)
from otklik.deadlines.model import DeadlineRule
from otklik.deadlines.rules import DeadlineRules, deadline_rules

RowMapping = Mapping[Any, Any]


@dataclass(frozen=True)
class RecomputedDeadline:
    """An appeal's deadline as stored, and as the rule computes it; None where the clock is stopped."""

    region_id: int
    id: int
    number: str
    rule: DeadlineRule
    old_deadline: datetime | None
    new_deadline: datetime | None


def recomputed_deadlines(
    connection: Connection, sources: Sequence[str] = OWN_SOURCES, batch_size: int = 2000
) -> Iterator[list[RecomputedDeadline]]:
    """Batches of open appeals with their stored and computed deadlines, changed or not, in the order of their keys.

    Appeals of other sources, those whose deadline a person set in Otklik, and those without a rule are left out.
    """
    rules = deadline_rules(connection)
    batch_sql = f"""{DEADLINE_APPEALS_SQL}
        WHERE a.closed_at IS NULL AND NOT 'deadline' = ANY (a.set_here) AND source.code = ANY (:sources)
        AND (a.region_id, a.id) > (:region, :id) ORDER BY a.region_id, a.id LIMIT :batch"""
    last_key = (0, 0)
    while (
        rows := connection.execute(
            text(batch_sql), {"sources": list(sources), "region": last_key[0], "id": last_key[1], "batch": batch_size}
        )
        .mappings()
        .all()
    ):
        last_key = (rows[-1]["region_id"], rows[-1]["id"])
        yield list(_recomputed_batch(connection, rows, rules))


def _recomputed_batch(
    connection: Connection, rows: Sequence[RowMapping], rules: DeadlineRules
) -> Iterator[RecomputedDeadline]:
    histories = deadline_events(connection, rows)
    for row in rows:
        rule = matching_rule(row, rules)
        deadline = computed_deadline(row, histories.get((row["region_id"], row["id"]), []), rules)
        if rule and deadline:
            yield RecomputedDeadline(row["region_id"], row["id"], row["number"], rule, row["deadline_at"], deadline.at)


def apply_deadlines(connection: Connection, deadlines: Sequence[RecomputedDeadline]) -> set[tuple[int, int]]:
    """Store the new deadlines where the old ones are unchanged since, with an event in each history.

    Returns the region id and id of each appeal that was changed.
    """
    update_sql = """
        WITH set AS (
            UPDATE appeal AS a SET deadline_at = v.becomes, updated_at = clock_timestamp()
            FROM unnest(CAST(:regions AS integer[]), CAST(:ids AS bigint[]), CAST(:was AS timestamptz[]),
                CAST(:becomes AS timestamptz[]), CAST(:rules AS text[])) AS v (region_id, id, was, becomes, rule)
            WHERE a.region_id = v.region_id AND a.id = v.id AND a.closed_at IS NULL
                AND a.deadline_at IS NOT DISTINCT FROM v.was AND NOT 'deadline' = ANY (a.set_here)
            RETURNING a.region_id, a.id, v.was, v.becomes, v.rule
        )
        INSERT INTO event (region_id, appeal_id, kind, actor, reason, before, after)
        SELECT region_id, id, 'note', 'otklik', 'deadline worked out anew by the rule ' || rule,
            jsonb_build_object('deadline', was), jsonb_build_object('deadline', becomes)
        FROM set RETURNING region_id, appeal_id"""
    values = {
        "regions": [deadline.region_id for deadline in deadlines],
        "ids": [deadline.id for deadline in deadlines],
        "was": [deadline.old_deadline for deadline in deadlines],
        "becomes": [deadline.new_deadline for deadline in deadlines],
        "rules": [deadline.rule.code for deadline in deadlines],
    }
    return {(row.region_id, row.appeal_id) for row in connection.execute(text(update_sql), values)}
