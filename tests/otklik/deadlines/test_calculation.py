"""Deadlines counted by hand on a paper calendar, in local days."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from otklik.deadlines.calculation import (
    AppealHistory,
    ClockChange,
    DeadlineRule,
    Jurisdiction,
    Span,
    answer_deadline,
    extension_error,
    forwarding_deadline,
    registration_deadline,
)
from otklik.deadlines.calendars import territory_calendar
from otklik.deadlines.explanation import (
    ALREADY_EXTENDED,
    EXTENSION_NEEDS_REASON,
    EXTENSION_NOT_ALLOWED,
    EXTENSION_TOO_LONG,
)
from otklik.deadlines.extension import extended_deadline
from otklik.deadlines.model import ChangeKind

Happened = tuple[ChangeKind, str, int | str | tuple[int, str] | None]
"""Kind, day or moment, and the days of an extension or the deadline that a person set, or both."""

LAW59 = DeadlineRule(
    "59-FZ",
    {
        "register": Span(3, last_day="next"),
        "forward": Span(7, last_day="previous", counted_from="registered"),
        "answer": Span(30, last_day="previous", counted_from="registered"),
        "reopened": Span(30, last_day="previous"),
    },
)
ORDINARY = DeadlineRule("ordinary", {"answer": Span(20), "reopened": Span(15)})
SHORT = DeadlineRule("short", {"answer": Span(7)})
NEXT = DeadlineRule("next", {"answer": Span(10, last_day="next")})
ANY = DeadlineRule("any", {"answer": Span(30, last_day="next")})


def working(days: int) -> DeadlineRule:
    return DeadlineRule("working days", {"answer": Span(days, working=True)})


def place(zone: str, region: str = "RU") -> Jurisdiction:
    return Jurisdiction(ZoneInfo(zone), territory_calendar(region[:2], region))


MOSCOW = place("Europe/Moscow")
NEW_YORK = place("America/New_York", "US-NY")
ZAGREB = place("Europe/Zagreb", "HR")


def at(text: str, where: Jurisdiction = MOSCOW) -> datetime:
    """`2026-03-02` is noon of that local day; with a time and an offset it is that instant."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(hour=12, tzinfo=where.timezone)


ZONES = [
    ("Europe/Kaliningrad", "2026-04-01T21:59:59Z"),
    ("Europe/Moscow", "2026-04-02T20:59:59Z"),
    ("Europe/Samara", "2026-04-02T19:59:59Z"),
    ("Asia/Yekaterinburg", "2026-04-02T18:59:59Z"),
    ("Asia/Omsk", "2026-04-02T17:59:59Z"),
    ("Asia/Krasnoyarsk", "2026-04-02T16:59:59Z"),
    ("Asia/Irkutsk", "2026-04-02T15:59:59Z"),
    ("Asia/Yakutsk", "2026-04-02T14:59:59Z"),
    ("Asia/Vladivostok", "2026-04-02T13:59:59Z"),
    ("Asia/Magadan", "2026-04-02T12:59:59Z"),
    ("Asia/Kamchatka", "2026-04-02T11:59:59Z"),
]


@pytest.mark.parametrize(("zone", "expected"), ZONES)
def test_each_russian_zone_has_its_own_last_day(zone: str, expected: str) -> None:
    # In Kaliningrad it is still the second of March, elsewhere the third.
    instant = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
    assert answer_deadline(LAW59, AppealHistory(instant, instant), place(zone)).at == at(expected)


# Day of registration, and the last day: thirty days later, or the working day before a day off.
LAW = [
    ("2026-01-12", "2026-02-11"),
    ("2025-12-10", "2025-12-30"),  # 9 January 2026, off by transfer; 31 December 2025 likewise
    ("2025-12-01", "2025-12-30"),
    ("2026-12-01", "2026-12-30"),  # 31 December 2026, off by transfer
    ("2026-12-10", "2026-12-30"),  # Saturday 9 January 2027
    ("2026-01-24", "2026-02-20"),  # 23 February, Monday
    ("2026-02-06", "2026-03-06"),  # 8 March, Sunday
    ("2026-02-07", "2026-03-06"),  # 9 March, off for the 8th
    ("2026-02-08", "2026-03-10"),
    ("2026-04-01", "2026-04-30"),  # 1 May
    ("2026-04-11", "2026-05-08"),  # 11 May, off for the 9th
    ("2026-05-13", "2026-06-11"),  # 12 June
    ("2026-10-05", "2026-11-03"),  # 4 November
    ("2024-01-30", "2024-02-29"),
    ("2024-01-31", "2024-03-01"),
    ("2023-01-30", "2023-03-01"),
    ("2024-03-28", "2024-04-27"),  # a Saturday that is worked
    ("2025-10-02", "2025-11-01"),  # another
    ("2025-10-04", "2025-11-01"),  # 3 November, off for that Saturday
    ("2024-11-28", "2024-12-28"),  # another Saturday that is worked
    ("2024-12-01", "2024-12-28"),  # 31 and 30 December are off, the 29th is a Sunday
]


@pytest.mark.parametrize(("registered", "last"), LAW)
def test_thirty_days_of_59_fz_end_on_a_working_day(registered: str, last: str) -> None:
    deadline = answer_deadline(LAW59, AppealHistory(at(registered), at(registered)), MOSCOW)
    assert deadline.at == at(f"{last}T20:59:59Z")


COURSES: list[tuple[str, DeadlineRule, Jurisdiction, str, str | None, str]] = [
    ("not registered: from receipt", LAW59, MOSCOW, "2026-06-01", None, "2026-07-01T20:59:59Z"),
    ("registered later", LAW59, MOSCOW, "2026-05-29", "2026-06-01", "2026-07-01T20:59:59Z"),
    ("registered before it was received", LAW59, MOSCOW, "2026-06-01", "2026-05-20", "2026-07-01T20:59:59Z"),
    ("ordinary keeps a holiday", ORDINARY, MOSCOW, "2026-12-12", None, "2027-01-01T20:59:59Z"),
    ("the last second of a day", ORDINARY, MOSCOW, "2026-06-01T20:59:59Z", None, "2026-06-21T20:59:59Z"),
    ("the first second of the next", ORDINARY, MOSCOW, "2026-06-01T21:00:00Z", None, "2026-06-22T20:59:59Z"),
    # Working days.
    ("over the year's end", working(5), MOSCOW, "2025-12-26", None, "2026-01-14T20:59:59Z"),
    ("over 9 January 2026", working(1), MOSCOW, "2026-01-08", None, "2026-01-12T20:59:59Z"),
    ("over 31 December 2026", working(1), MOSCOW, "2026-12-30", None, "2027-01-11T20:59:59Z"),
    ("over May 2024", working(5), MOSCOW, "2024-04-26", None, "2024-05-07T20:59:59Z"),
    ("over November 2025", working(3), MOSCOW, "2025-10-31", None, "2025-11-06T20:59:59Z"),
    ("over the year's end of 2024", working(2), MOSCOW, "2024-12-27", None, "2025-01-09T20:59:59Z"),
    ("over Victory Day", working(3), MOSCOW, "2026-05-08", None, "2026-05-14T20:59:59Z"),
    ("a Saturday that is worked counts", working(4), MOSCOW, "2024-11-01", None, "2024-11-07T20:59:59Z"),
    ("the Saturday of 2027", working(1), MOSCOW, "2027-02-19", None, "2027-02-20T20:59:59Z"),
    ("over 23 February", working(5), MOSCOW, "2026-02-16", None, "2026-02-24T20:59:59Z"),
    ("received on a Saturday", working(1), MOSCOW, "2026-03-07", None, "2026-03-10T20:59:59Z"),
    # New York: clocks change on 8 March and 1 November 2026.
    ("the day before summer", SHORT, NEW_YORK, "2026-02-28", None, "2026-03-08T04:59:59Z"),
    ("the day summer begins", SHORT, NEW_YORK, "2026-03-01", None, "2026-03-09T03:59:59Z"),
    ("the last day of summer", SHORT, NEW_YORK, "2026-10-24", None, "2026-11-01T03:59:59Z"),
    ("the day winter begins", SHORT, NEW_YORK, "2026-10-25", None, "2026-11-02T04:59:59Z"),
    ("a Sunday gives way", ANY, NEW_YORK, "2026-02-06", None, "2026-03-10T03:59:59Z"),
    ("Thanksgiving", working(1), NEW_YORK, "2026-11-25", None, "2026-11-28T04:59:59Z"),
    ("late in the evening", SHORT, NEW_YORK, "2026-03-09T03:30:00Z", None, "2026-03-16T03:59:59Z"),
    ("in the hour that comes twice", SHORT, NEW_YORK, "2026-11-01T06:30:00Z", None, "2026-11-09T04:59:59Z"),
    # Zagreb: clocks change on 29 March and 25 October 2026.
    ("the day before summer", SHORT, ZAGREB, "2026-03-21", None, "2026-03-28T22:59:59Z"),
    ("the day summer begins", SHORT, ZAGREB, "2026-03-22", None, "2026-03-29T21:59:59Z"),
    ("the last day of summer", SHORT, ZAGREB, "2026-10-17", None, "2026-10-24T21:59:59Z"),
    ("the day winter begins", SHORT, ZAGREB, "2026-10-18", None, "2026-10-25T22:59:59Z"),
    ("Easter Monday", working(3), ZAGREB, "2026-04-02", None, "2026-04-08T21:59:59Z"),
    ("a Sunday gives way", NEXT, ZAGREB, "2026-05-21", None, "2026-06-01T21:59:59Z"),
    ("Christmas gives way", NEXT, ZAGREB, "2026-12-15", None, "2026-12-28T22:59:59Z"),
    ("Remembrance Day", working(1), ZAGREB, "2026-11-17", None, "2026-11-19T22:59:59Z"),
]


@pytest.mark.parametrize(
    ("rule", "where", "received", "registered", "expected"),
    [pytest.param(*case[1:], id=f"{case[2].timezone.key}: {case[0]}") for case in COURSES],
)
def test_an_answer_is_due(
    rule: DeadlineRule, where: Jurisdiction, received: str, registered: str | None, expected: str
) -> None:
    course = AppealHistory(at(received, where), at(registered, where) if registered else None)
    assert answer_deadline(rule, course, where).at == at(expected)


REGISTERING_AND_FORWARDING = [
    ("register", "2026-03-02", "2026-03-05"),
    ("register", "2026-02-20", "2026-02-24"),  # 23 February
    ("register", "2026-03-05", "2026-03-10"),  # 8 and 9 March
    ("register", "2025-12-29", "2026-01-12"),  # the first days of January
    ("forward", "2026-01-12", "2026-01-19"),
    ("forward", "2026-05-02", "2026-05-08"),  # 9 May
    ("forward", "2025-12-30", "2025-12-30"),  # no working day after it in those seven
    ("forward", "2026-01-02", "2026-01-12"),  # not before it was registered: the next one
]


@pytest.mark.parametrize(("what", "start", "last"), REGISTERING_AND_FORWARDING)
def test_registering_and_forwarding_are_due(what: str, start: str, last: str) -> None:
    due = {"register": registration_deadline, "forward": forwarding_deadline}[what]
    deadline = due(LAW59, AppealHistory(at(start), at(start)), MOSCOW)
    assert deadline
    assert deadline.at == at(f"{last}T20:59:59Z")
    assert due(ORDINARY, AppealHistory(at(start)), MOSCOW) is None


def changed(kind: ChangeKind, day: str, more: int | str | None = None) -> Happened:
    return kind, day, more


# What happens after the receipt on 1 June 2026 (Monday; an ordinary answer is due on the 21st), and the answer's end.
CHANGES: list[tuple[str, DeadlineRule, list[Happened], str | None]] = [
    ("a redirect resets nothing", ORDINARY, [changed("redirected", "2026-06-10")], "2026-06-21T20:59:59Z"),
    (
        "nor do two",
        ORDINARY,
        [changed("redirected", "2026-06-10"), changed("redirected", "2026-06-20")],
        "2026-06-21T20:59:59Z",
    ),
    ("an extension", ORDINARY, [changed("extended", "2026-06-20", 15)], "2026-07-06T20:59:59Z"),
    (
        "an extension to a moment",
        ORDINARY,
        [changed("extended", "2026-06-20", "2026-07-01T09:30:00Z")],
        "2026-07-01T09:30:00Z",
    ),
    ("an extension of 59-FZ", LAW59, [changed("extended", "2026-06-25", 30)], "2026-07-31T20:59:59Z"),
    ("to a Sunday under 59-FZ", LAW59, [changed("extended", "2026-06-25", 4)], "2026-07-03T20:59:59Z"),
    (
        "an extension by days whose end was set with them",
        LAW59,
        [("extended", "2026-06-25", (30, "2026-07-31T20:59:59Z"))],
        "2026-07-31T20:59:59Z",
    ),
    (
        "an extension by days to another moment",
        LAW59,
        [("extended", "2026-06-25", (30, "2026-08-05T20:59:59Z"))],
        "2026-08-05T20:59:59Z",
    ),
    (
        "a pause with ten days left",
        ORDINARY,
        [changed("deferred", "2026-06-11"), changed("resumed", "2026-07-01")],
        "2026-07-11T20:59:59Z",
    ),
    ("a pause without an end", ORDINARY, [changed("deferred", "2026-06-11")], None),
    ("a pause after the end", ORDINARY, [changed("deferred", "2026-06-25")], "2026-06-21T20:59:59Z"),
    (
        "a pause of no day",
        ORDINARY,
        [changed("deferred", "2026-06-11"), changed("resumed", "2026-06-11")],
        "2026-06-21T20:59:59Z",
    ),
    (
        "two pauses",
        ORDINARY,
        [
            *[changed("deferred", "2026-06-11"), changed("resumed", "2026-06-13")],
            *[changed("deferred", "2026-06-20"), changed("resumed", "2026-07-01")],
        ],
        "2026-07-04T20:59:59Z",
    ),
    (
        "a pause of working days",  # 4, 5, 8 June are left: 11, 15, 16, since the 12th is a holiday
        working(5),
        [changed("deferred", "2026-06-03"), changed("resumed", "2026-06-10")],
        "2026-06-16T20:59:59Z",
    ),
    (
        "a pause until a moment",
        ORDINARY,
        [changed("deferred", "2026-06-11", "2026-09-01T20:59:59Z")],
        "2026-09-01T20:59:59Z",
    ),
    (
        "a pause that ends before a Sunday under 59-FZ",  # 20 days are left on 11 June: 19 July is a Sunday
        LAW59,
        [changed("deferred", "2026-06-11"), changed("resumed", "2026-06-29")],
        "2026-07-17T20:59:59Z",
    ),
    (
        "a pause and an extension",
        ORDINARY,
        [changed("deferred", "2026-06-11"), changed("resumed", "2026-06-16"), changed("extended", "2026-06-20", 5)],
        "2026-07-01T20:59:59Z",
    ),
    ("being resumed without a pause", ORDINARY, [changed("resumed", "2026-06-11")], "2026-06-21T20:59:59Z"),
    ("a re-opening", ORDINARY, [changed("reopened", "2026-07-10")], "2026-07-25T20:59:59Z"),
    (
        "a re-opening after an extension",
        ORDINARY,
        [changed("extended", "2026-06-20", 15), changed("reopened", "2026-07-10")],
        "2026-07-25T20:59:59Z",
    ),
    (
        "a re-opening that is extended",
        ORDINARY,
        [changed("reopened", "2026-07-10"), changed("extended", "2026-07-20", 5)],
        "2026-07-30T20:59:59Z",
    ),
    (
        "a re-opening in a pause",
        ORDINARY,
        [changed("deferred", "2026-06-11"), changed("reopened", "2026-07-10")],
        "2026-07-25T20:59:59Z",
    ),
    (
        "a re-opening to a moment",
        ORDINARY,
        [changed("reopened", "2026-07-10", "2026-07-25T07:00:00Z")],
        "2026-07-25T07:00:00Z",
    ),
    ("a re-opening before a holiday", LAW59, [changed("reopened", "2026-10-05")], "2026-11-03T20:59:59Z"),
    ("a re-opening without a rule of its own", SHORT, [changed("reopened", "2026-07-10")], "2026-07-17T20:59:59Z"),
    (
        "a re-opening just after midnight",
        ORDINARY,
        [changed("reopened", "2026-07-09T21:00:00Z")],
        "2026-07-25T20:59:59Z",
    ),
]


def change(kind: ChangeKind, day: str, more: int | str | tuple[int, str] | None) -> ClockChange:
    if isinstance(more, tuple):
        return ClockChange(kind, at(day), more[0], at(more[1]))
    days, until = (None, at(more)) if isinstance(more, str) else (more, None)
    return ClockChange(kind, at(day), days, until)


@pytest.mark.parametrize(("rule", "changes", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CHANGES])
def test_events_move_the_deadline(rule: DeadlineRule, changes: list[Happened], expected: str | None) -> None:
    course = AppealHistory(at("2026-06-01"), at("2026-06-01"), [change(*clock_event) for clock_event in changes])
    deadline = answer_deadline(rule, course, MOSCOW).at
    assert deadline == (at(expected) if expected else None)


# Day of registration, days of the extension, and the last day. The thirtieth day is moved only where it ends the term.
EXTENSIONS = [
    ("2026-06-05", 30, "2026-08-04"),  # day 30 is Sunday 5 July, answered by Friday the 3rd; day 60 is a Tuesday
    ("2026-06-05", 6, "2026-07-10"),  # day 36 is Saturday 11 July: the Friday before, once
    ("2026-06-05", 1, "2026-07-06"),  # Monday
    ("2026-06-04", 1, "2026-07-06"),  # from Saturday the 4th to Sunday the 5th: not back to before the fourth
    ("2025-12-01", 5, "2026-01-12"),  # from 31 December, off, into the holidays: not back to the 30th
]


@pytest.mark.parametrize(("registered", "days", "last"), EXTENSIONS)
def test_an_extension_runs_from_the_unmoved_last_day(registered: str, days: int, last: str) -> None:
    course = AppealHistory(at(registered), at(registered), [change("extended", registered, days)])
    assert answer_deadline(LAW59, course, MOSCOW).at == at(f"{last}T20:59:59Z")


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("2026-07-03T20:59:59Z", "2026-08-04T20:59:59Z"),  # moved to the working day before
        ("2026-07-05T20:59:59Z", "2026-08-04T20:59:59Z"),  # a source that doesn't move it
        ("2026-07-06T20:59:59Z", "2026-08-04T20:59:59Z"),  # a source that moves it to the next
        ("2026-07-08T20:59:59Z", None),  # set by a person: nobody knows what it was counted from
    ],
)
def test_the_unmoved_last_day_is_known_from_each_way_of_moving_it(stored: str, expected: str | None) -> None:
    course = AppealHistory(at("2026-06-05"), at("2026-06-05"))
    assert extended_deadline(LAW59, course, MOSCOW, at(stored), 30) == (at(expected) if expected else None)


def test_an_interruption_leaves_the_days_to_the_unmoved_last_day() -> None:
    # On 1 July four days are left to Sunday the 5th, not two to Friday the 3rd; four after Monday the 13th is a Friday.
    changes = [change("deferred", "2026-07-01", None), change("resumed", "2026-07-13", None)]
    course = AppealHistory(at("2026-06-05"), at("2026-06-05"), changes)
    assert answer_deadline(LAW59, course, MOSCOW).at == at("2026-07-17T20:59:59Z")


def test_a_country_without_a_calendar_has_weekends() -> None:
    nowhere = Jurisdiction(ZoneInfo("UTC"), territory_calendar("X", "XA"))
    deadline = answer_deadline(working(5), AppealHistory(datetime(2026, 1, 1, tzinfo=UTC)), nowhere)
    assert deadline.at == at("2026-01-08T23:59:59Z")


def test_the_end_of_a_day_whose_midnight_the_clocks_skip() -> None:
    # In Cairo the 24th of April 2026 begins at one o'clock.
    cairo = place("Africa/Cairo", "EG")
    assert answer_deadline(SHORT, AppealHistory(at("2026-04-16", cairo)), cairo).at == at("2026-04-23T21:59:59Z")


@pytest.mark.parametrize(
    ("rule", "kinds", "days", "reason", "why"),
    [
        (LAW59, [], 30, "documents", None),
        (LAW59, ["redirected"], 1, "documents", None),
        (LAW59, [], 31, "documents", EXTENSION_TOO_LONG),
        (LAW59, [], 0, "documents", EXTENSION_TOO_LONG),
        (LAW59, [], 30, "  ", EXTENSION_NEEDS_REASON),
        (LAW59, ["extended"], 5, "documents", ALREADY_EXTENDED),
        (LAW59, ["extended", "reopened"], 5, "documents", None),
        (LAW59, ["extended", "reopened", "extended"], 5, "documents", ALREADY_EXTENDED),
        (replace(LAW59, max_extension_days=0), [], 5, "documents", EXTENSION_NOT_ALLOWED),
    ],
)
def test_an_extension_is_possible_once_up_to_the_maximum_for_a_reason(
    rule: DeadlineRule, kinds: list[ChangeKind], days: int, reason: str, why: str | None
) -> None:
    course = AppealHistory(at("2026-06-01"), None, [change(kind, "2026-06-02", 5) for kind in kinds])
    assert extension_error(rule, course, days, reason) == why
