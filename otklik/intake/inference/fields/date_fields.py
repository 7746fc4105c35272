"""The date fields of a draft: their formats, the order of day and month, days and times in columns of their own."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from otklik.intake.errors import BadFile
from otklik.intake.inference.columns.date_formats import DAY_FIRST, MONTH_FIRST, ORDERS, DateColumn, infer_order
from otklik.intake.inference.columns.profile import NAMED, ColumnProfile
from otklik.intake.inference.columns.vocabulary import column_words, name_score
from otklik.intake.inference.draft import Answers, Draft, Question
from otklik.intake.mapping.dates import NAMED_FORMATS, has_time
from otklik.intake.mapping.model import DATE_FIELDS

MAX_FORMATS = 12
DATE_WORDS = {"date", "day", "at", "of", "дата", "день", "datum", "dan"}
"""Words that don't tell one date from another."""
TIME_FORMATS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p", "%H.%M")


def add_dates(
    draft: Draft, profiles: Sequence[ColumnProfile], columns: Mapping[str, ColumnProfile], answers: Answers
) -> None:
    """Add the date fields and their formats; a question where day and month can't be told apart. Raises BadFile."""
    fields = {field: columns[field] for field in DATE_FIELDS if field in columns}
    dates = {field: column.dates for field, column in fields.items()}
    order = answers.get("dates")
    if order is not None and order not in ORDERS:
        raise BadFile(f"The answer dates={order} is no order: expected {DAY_FIRST} or {MONTH_FIRST}.")
    if order is None:
        order, reason = infer_order(list(dates.values()))
        if order is None:
            order, reason = _order_by_time(fields)
        if order is None:
            draft.questions.append(_order_question(fields, dates))
        elif reason:
            draft.doubts.append(f"Dates are taken as {order}, {reason}.")
    formats: list[str] = []
    for field, column in fields.items():
        column_formats = dates[field].formats(order or DAY_FIRST)
        draft.columns[field] = column.name
        if (times := _time_column(profiles, column)) is not None:
            draft.columns[field] = [column.name, times.name]
            column_formats = [f"{pattern} {clock}" for pattern in column_formats for clock in _clock_formats(times)]
            column_formats += dates[field].formats(order or DAY_FIRST)
        formats += column_formats
        if field == "deadline_at" and times is None and not dates[field].has_times and _has_days_alone(column):
            draft.end_of_day.append(field)
    distinct = list(dict.fromkeys(formats))
    # Numbers last: what is a date by a pattern isn't a number of days. A joined ISO date is read by ISO itself.
    named = [pattern for pattern in distinct if pattern in NAMED_FORMATS]
    usable = ["ISO"] if any(pattern.startswith("ISO") for pattern in distinct) else []
    usable += [pattern for pattern in distinct if not pattern.startswith("ISO") and pattern not in named]
    usable += [pattern for pattern in named if pattern != "ISO"]
    draft.date_formats = usable[:MAX_FORMATS] or ["ISO"]


def _has_days_alone(column: ColumnProfile) -> bool:
    cells = [cell for cell in column.counts if isinstance(cell, datetime)]
    return not cells and not any(":" in str(cell) for cell in column.counts)


def _order_by_time(fields: Mapping[str, ColumnProfile]) -> tuple[str | None, str]:
    """The order by which nothing is closed before it is received, if the other one has such rows."""
    if "received_at" not in fields or "closed_at" not in fields:
        return None, ""
    wrong = {}
    for order in ORDERS:
        wrong[order] = 0
        read = {field: _readings(fields[field], order) for field in ("received_at", "closed_at")}
        for first, last in zip(fields["received_at"].cells, fields["closed_at"].cells, strict=True):
            received, closed = read["received_at"].get(str(first)), read["closed_at"].get(str(last))
            wrong[order] += received is not None and closed is not None and closed < received
    best, other = sorted(ORDERS, key=lambda order: wrong[order])
    if wrong[best] == 0 and wrong[other] > 0:
        return best, f"since otherwise {wrong[other]:,} rows were closed before they came"
    return None, ""


def _readings(column: ColumnProfile, order: str) -> dict[str, date]:
    readings = {}
    formats = [pattern for pattern in column.dates.formats(order) if pattern not in NAMED_FORMATS]
    for cell in column.counts:
        for pattern in formats:
            try:
                readings[str(cell)] = datetime.strptime(str(cell), pattern).date()  # noqa: DTZ007
                break
            except ValueError:
                continue
    return readings


def _order_question(fields: Mapping[str, ColumnProfile], dates: Mapping[str, DateColumn]) -> Question:
    column = next(column for field, column in fields.items() if dates[field].is_ordered)
    example = str(next(iter(column.counts)))
    return Question(
        "dates",
        f"Which comes first in dates such as {example} in “{column.name}”, the day or the month?"
        " No value beyond 12 tells.",
        ((DAY_FIRST, "the day"), (MONTH_FIRST, "the month")),
        DAY_FIRST,
    )


def _time_column(profiles: Sequence[ColumnProfile], dates: ColumnProfile) -> ColumnProfile | None:
    """The column with the times of day of a column of days: named alike, or to the right of it."""
    if dates.dates.has_times or not _has_days_alone(dates):
        return None
    times = [column for column in profiles if column.is_time and name_score("time", column.name) >= NAMED / 2]
    words = set(column_words(dates.name)) - DATE_WORDS
    alike = [column for column in times if words & set(column_words(column.name))]
    beside = [column for column in times if column.position == dates.position + 1]
    return next(iter([*alike, *beside]), None)


def _clock_formats(times: ColumnProfile) -> list[str]:
    """The formats in which the texts of times are times."""
    texts = [str(cell) for cell in times.counts if isinstance(cell, str)]
    return [pattern for pattern in TIME_FORMATS if any(_is_time(text, pattern) for text in texts[:100])]


def _is_time(text: str, pattern: str) -> bool:
    try:
        return has_time(pattern) and bool(datetime.strptime(text, pattern))  # noqa: DTZ007
    except ValueError:
        return False
