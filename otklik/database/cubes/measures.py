"""The measures: every count and sum over appeals that cubes hold per day, each declared once.

Queries take their expressions from here, and so does a migration that changes what a cube holds (`Measure.sql`). A
migration that landed keeps its own copy; tests/otklik/database/cubes/test_measures.py says that both compute the same.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Interval,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql

from otklik.database.tables import appeal, outcome, territory

Moment = Literal["received_at", "closed_at", "due_at", "rated_at", "settled_at"]
# The moments on whose local day (in the region's time zone) an appeal counts. One that was due before it was received
# is late from its receipt on. On the day of a rating counts the appeal's latest one; cubes count those of earlier
# answers (`earlier_rating`) by the same measures. A first answer is settled a week later: a return counts until then.
RETURN_TIME = timedelta(days=7)
# In hours: a week of days would depend on the time zone of the connection.
RETURN_INTERVAL: ColumnElement[Any] = literal_column("interval '168 hours'", Interval)
_first_answered_at = case((appeal.c.reopened == 0, appeal.c.closed_at), else_=appeal.c.first_answered_at)
_first_outcome_id = case((appeal.c.reopened == 0, appeal.c.outcome_id), else_=appeal.c.first_outcome_id)
MOMENTS: dict[Moment, ColumnElement[Any]] = {
    "received_at": appeal.c.received_at,
    "closed_at": appeal.c.closed_at,
    "due_at": func.greatest(appeal.c.deadline_at, appeal.c.received_at),
    "rated_at": appeal.c.rated_at,
    "settled_at": _first_answered_at + RETURN_INTERVAL,
}
ONE = literal_column("1", Integer)
ZERO = literal_column("0", Integer)
MAX_MARGIN_DAYS = 10
"""Local days between close and deadline that are told apart; appeals with less time from receipt to deadline are not
counted by them, as they couldn't be closed on all of these days."""
FLOW_CUBES = ("cube_place", "cube_topic", "cube_holder", "cube_intake")


@dataclass(frozen=True)
class Measure:
    """What the appeals that fulfil a condition add up to on the local day of a moment.

    `condition` and `amount` are expressions over the table `appeal`; a condition that is NULL isn't fulfilled. `cubes`
    are those that have a column of this name.
    """

    name: str
    meaning: str
    moment: Moment
    condition: ColumnElement[bool]
    cubes: tuple[str, ...] = FLOW_CUBES
    amount: ColumnElement[Any] = ONE

    @property
    def value(self) -> ColumnElement[Any]:
        """What one appeal adds: the amount, or 0 where the condition isn't fulfilled."""
        return case((self.condition, self.amount), else_=ZERO)

    def sql(self) -> str:
        """The value as text over a row `appeal`, for the SQL of a migration."""
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        return str(self.value.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


_is_closed = appeal.c.closed_at.is_not(None)
_is_resolved = appeal.c.outcome_id.in_(select(outcome.c.id).where(outcome.c.resolved))
_is_explained = _first_outcome_id == select(outcome.c.id).where(outcome.c.code == "explained").scalar_subquery()
_is_answered = _first_answered_at.is_not(None)
_is_returned = appeal.c.first_returned_at <= appeal.c.first_answered_at + RETURN_INTERVAL
_is_on_time = appeal.c.closed_at <= appeal.c.deadline_at
_is_late = appeal.c.closed_at > appeal.c.deadline_at
_answer_time = appeal.c.closed_at - appeal.c.received_at
_zone = territory.alias("zone")
# By name: as a column it would bring the table into the subquery where the expression is printed alone.
_timezone = select(_zone.c.timezone).where(_zone.c.id == literal_column("appeal.region_id", Integer)).scalar_subquery()


def local_day_of(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """The local day of an appeal's moment in its region."""
    return cast(func.timezone(_timezone, moment), Date)


_had_time = local_day_of(appeal.c.deadline_at) - local_day_of(appeal.c.received_at) >= MAX_MARGIN_DAYS


def closed_within_margin(days: int | ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an appeal that had time was closed by its deadline, at most so many local days before it."""
    return and_(_is_on_time, _had_time, local_day_of(appeal.c.deadline_at) - local_day_of(appeal.c.closed_at) <= days)


_FLOW_MEASURES = (
    Measure(
        "received",
        "Received",
        "received_at",
        appeal.c.received_at.is_not(None),
        (*FLOW_CUBES, "cube_town"),
    ),
    Measure(
        "received_resolved",
        "Closed by now as resolved, by the day of receipt",
        "received_at",
        _is_resolved,
        (*FLOW_CUBES, "cube_town"),
    ),
    Measure(
        "redirected",
        "Now held by another organisation than the first",
        "received_at",
        appeal.c.holder_id != appeal.c.first_holder_id,
    ),
    Measure("closed", "Closed, whatever the outcome", "closed_at", _is_closed, (*FLOW_CUBES, "cube_wait")),
    Measure("resolved", "Closed as resolved", "closed_at", _is_resolved),
    Measure("on_time", "Closed at or before the deadline", "closed_at", _is_on_time),
    Measure("late", "Closed after the deadline", "closed_at", _is_late),
    Measure("returned", "First answered a week ago, and returned within the week", "settled_at", _is_returned),
    *(
        Measure(
            f"rated_{rating}",
            f"Rated {rating}",
            "rated_at",
            appeal.c.rating == rating,
            (*FLOW_CUBES, "cube_wait"),
        )
        for rating in range(1, 6)
    ),
    Measure(
        "answer_seconds",
        "Seconds from receipt to close, summed",
        "closed_at",
        _is_closed,
        amount=cast(func.extract("epoch", _answer_time), BigInteger),
    ),
    Measure("late_due", "Fell due, and closed after that", "due_at", _is_late),
    Measure("on_time_due", "Fell due, and closed by then; has days in the future", "due_at", _is_on_time),
    Measure(
        "closed_rated",
        "Closed, and rated",
        "closed_at",
        appeal.c.rating.is_not(None),
        (*FLOW_CUBES, "cube_wait"),
    ),
    Measure(
        "first_answered", "First answered a week ago; has days in the future, up to a week", "settled_at", _is_answered
    ),
    Measure(
        "first_unknown",
        "Re-opened, but without a history of the first answer",
        "received_at",
        and_(appeal.c.reopened > 0, appeal.c.first_answered_at.is_(None)),
    ),
)
_QUALITY_MEASURES = (
    Measure(
        "at_once",
        "Closed within a minute of the receipt",
        "closed_at",
        _answer_time < timedelta(minutes=1),
        ("cube_doubt",),
    ),
    Measure("explained", "First answered a week ago, as explained", "settled_at", _is_explained, ("cube_doubt",)),
    Measure(
        "explained_reopened",
        "First answered a week ago, as explained, and returned within the week",
        "settled_at",
        and_(_is_explained, _is_returned),
        ("cube_doubt",),
    ),
    Measure(
        "disordered",
        "With dates that contradict each other; a date in the future is not among them, since it passes",
        "received_at",
        or_(
            appeal.c.deadline_at < appeal.c.received_at,
            appeal.c.registered_at > appeal.c.closed_at,
            # After a return the rating may be that of the first answer.
            and_(appeal.c.rated_at < appeal.c.closed_at, appeal.c.reopened == 0),
        ),
        ("cube_doubt",),
    ),
    Measure(
        "placeless",
        "With neither a municipality nor a point on the map",
        "received_at",
        and_(appeal.c.municipality_id.is_(None), appeal.c.lon.is_(None)),
        ("cube_doubt",),
    ),
    *(
        Measure(
            f"margin_{days}",
            f"Fell due at least {MAX_MARGIN_DAYS} local days after the receipt, and closed by then, "
            f"at most {days} local days before",
            "due_at",
            closed_within_margin(days),
            ("cube_doubt",),
        )
        for days in range(MAX_MARGIN_DAYS + 1)
    ),
)
MEASURE_BY_NAME: dict[str, Measure] = {measure.name: measure for measure in (*_FLOW_MEASURES, *_QUALITY_MEASURES)}


def measures_in(cube: str) -> tuple[str, ...]:
    """The names of the measures that a cube holds, in the order of its columns."""
    return tuple(name for name, measure in MEASURE_BY_NAME.items() if cube in measure.cubes)


def measure_condition(name: str) -> ColumnElement[bool]:
    """The condition over `appeal` that a measure counts by."""
    return MEASURE_BY_NAME[name].condition


MEASURES = measures_in("cube_place")
QUALITY_MEASURES = measures_in("cube_doubt")
# Of days that aren't over yet they say too little: more may be answered, and returned.
SETTLED_MEASURES = tuple(name for name in MEASURES if MEASURE_BY_NAME[name].moment == "settled_at")
MARGIN_MEASURES = tuple(f"margin_{days}" for days in range(MAX_MARGIN_DAYS + 1))
RATING_MEASURES = tuple(f"rated_{rating}" for rating in range(1, 6))
