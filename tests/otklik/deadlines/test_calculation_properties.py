"""Properties of every deadline, for any rule, jurisdiction and day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from otklik.deadlines.calculation import AppealHistory, ClockChange, DeadlineRule, Jurisdiction, Span, answer_deadline
from otklik.deadlines.calendars import territory_calendar

PLACES = [
    Jurisdiction(ZoneInfo(zone), territory_calendar(code, code))
    for zone, code in [
        ("Europe/Kaliningrad", "RU"),
        ("Asia/Kamchatka", "RU"),
        ("Europe/Zagreb", "HR"),
        ("America/New_York", "US"),
        ("Africa/Cairo", "EG"),
        ("Pacific/Apia", "X"),
    ]
]
places = st.sampled_from(PLACES)
instants = st.datetimes(datetime(2019, 1, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.builds(
    Span,
    days=st.integers(0, 60),
    working=st.booleans(),
    last_day=st.sampled_from(["keep", "next", "previous"]),
    counted_from=st.sampled_from(["received", "registered"]),
)
later = st.timedeltas(timedelta(0), timedelta(days=40))


def due(span: Span, course: AppealHistory, place: Jurisdiction) -> datetime:
    deadline = answer_deadline(DeadlineRule("rule", {"answer": span}), course, place).at
    assert deadline is not None
    return deadline


@given(spans, instants, places, later)
def test_a_deadline_is_the_end_of_a_local_day_never_before_receipt(
    span: Span, received: datetime, place: Jurisdiction, wait: timedelta
) -> None:
    deadline = due(span, AppealHistory(received, received + wait), place)
    assert deadline >= received.replace(microsecond=0)
    before, after = (place.local_day(deadline + timedelta(seconds=second)) for second in (0, 1))
    assert before < after
    if span.last_day != "keep" or (span.working and span.days):
        assert place.calendar.is_working_day(before)


@given(spans, instants, places, later, st.integers(0, 30))
def test_a_later_receipt_has_no_earlier_deadline(
    span: Span, received: datetime, place: Jurisdiction, wait: timedelta, more: int
) -> None:
    extended = (ClockChange("extended", received, more),)
    first, second = (due(span, AppealHistory(start, start, extended), place) for start in (received, received + wait))
    assert first <= second


@given(spans, instants, places, st.integers(0, 20))
def test_more_days_make_no_earlier_deadline(span: Span, received: datetime, place: Jurisdiction, more: int) -> None:
    longer = Span(span.days + more, span.working, span.last_day, span.counted_from)
    course = AppealHistory(received)
    assert due(span, course, place) <= due(longer, course, place)
    assert due(span, course, place) <= due(
        span, AppealHistory(received, None, (ClockChange("extended", received, more),)), place
    )


@given(spans, instants, places, later, later)
def test_a_deferral_makes_no_earlier_deadline(
    span: Span, received: datetime, place: Jurisdiction, wait: timedelta, pause: timedelta
) -> None:
    stopped = received + wait
    course = AppealHistory(received, None, (ClockChange("deferred", stopped), ClockChange("resumed", stopped + pause)))
    assert due(span, course, place) >= due(span, AppealHistory(received), place)


@given(spans, instants, places, later)
def test_a_redirect_changes_nothing(span: Span, received: datetime, place: Jurisdiction, wait: timedelta) -> None:
    course = AppealHistory(received, None, (ClockChange("redirected", received + wait),))
    assert due(span, course, place) == due(span, AppealHistory(received), place)


@given(st.dates(date(2019, 1, 1), date(2027, 12, 31)), places, st.integers(1, 30))
def test_the_nth_working_day_has_n_working_days_up_to_it(day: date, place: Jurisdiction, count: int) -> None:
    last = place.calendar.add_working_days(day, count)
    assert place.calendar.is_working_day(last)
    assert place.calendar.count_working_days(day, last) == count
