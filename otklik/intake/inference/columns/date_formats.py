"""How the dates of a column are written."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from otklik.intake.mapping.dates import FIRST_YEAR, LAST_YEAR, NAMED_FORMATS
from otklik.intake.readers.tabular import Cell

NUMERIC_DATE = re.compile(
    r"(?P<a>\d{1,4})(?P<separator>[./-])(?P<space> ?)(?P<b>\d{1,2})(?P=separator)(?P=space)(?P<c>\d{2,4})(?P<end>\.?)"
    r"(?P<rest>.*)"
)
TIME = re.compile(r"(?P<comma>,?)(?P<before>[ T]) *\d{1,2}:\d{2}(?P<second>:\d{2})?((?P<gap> ?)(?P<half>[AaPp][Mm]))?")
TIME_ALONE = re.compile(r"\d{1,2}[:.]\d{2}(:\d{2})?( ?[AaPp][Mm])?")
NUMBER = re.compile(r"\d+([.,]\d+)?")
YEAR_DIGITS, COMPACT_DIGITS = 4, 8
LEAST_NUMBERS = {"Excel": 25_569, "Unix": 1e8, "Unix ms": 1e11}
"""From which number on one is a date: smaller ones are counts of something. Days, seconds and milliseconds."""
WORD_DATES = ("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%b %d %Y", "%d %B %Y", "%B %d, %Y", "%d/%b/%Y")
WORD_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M")
DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
ORDERS = {DAY_FIRST: ("%d", "%m"), MONTH_FIRST: ("%m", "%d")}
MAX_EXAMPLES = 3000
"""Different texts of a column that are tried."""
TRIED_TEXTS, MIN_SHARE = 50, 0.5
"""After so many texts, a column with a smaller share of dates isn't one of dates."""


@dataclass
class DateColumn:
    """What is known of a column of dates. In a template, {0} and {1} are day and month in an unknown order."""

    templates: Counter[str] = field(default_factory=Counter)
    cell_count: int = 0
    """Date cells of a workbook, which need no format."""
    unreadable_count: int = 0
    orders: set[str] = field(default_factory=lambda: set(ORDERS))
    """The orders in which all of the texts are dates."""

    @property
    def readable_share(self) -> float:
        """The share of the filled cells that are dates."""
        readable = self.templates.total() + self.cell_count
        return readable / (readable + self.unreadable_count) if readable else 0

    @property
    def is_ordered(self) -> bool:
        """Whether the order of day and month matters."""
        return any("{0}" in template for template in self.templates)

    @property
    def has_dots(self) -> bool:
        """Whether days and months stand between dots, as they do only where the day comes first."""
        return all("{0}." in template for template in self.templates if "{0}" in template)

    @property
    def has_times(self) -> bool:
        """Whether some of the dates have a time of day."""
        return any(template in {"Unix", "Unix ms"} or ":" in template for template in self.templates)

    def formats(self, order: str) -> list[str]:
        """The formats of a mapping, the most frequent first."""
        return [template.format(*ORDERS[order]) for template, _ in self.templates.most_common()]


def date_column(cells: Iterable[tuple[Cell, int]], *, accept_numbers: bool) -> DateColumn:
    """How the filled cells of a column, given with their counts, are dates; numbers only where they may be dates."""
    column = DateColumn()
    for place, (cell, count) in enumerate(cells):
        if place == MAX_EXAMPLES or (place == TRIED_TEXTS and column.readable_share < MIN_SHARE):
            break
        if isinstance(cell, date):
            column.cell_count += count
            continue
        text = str(cell)
        template, orders = _template(text, accept_numbers=accept_numbers)
        if template is None:
            column.unreadable_count += count
        else:
            column.templates[template] += count
            column.orders &= orders
    return column


def _template(text: str, *, accept_numbers: bool) -> tuple[str | None, set[str]]:
    """The template of a text and the orders in which it is a date; none for a text that isn't one."""
    if NUMBER.fullmatch(text):
        return (_number_format(text) if accept_numbers else None), set(ORDERS)
    if _is_readable(text, "ISO"):
        return "ISO", set(ORDERS)
    if match := NUMERIC_DATE.fullmatch(text):
        template = _numeric_template(match)
        if template is None:
            return None, set()
        orders = {order for order, parts in ORDERS.items() if _is_readable(text, template.format(*parts))}
        return (template if orders else None), orders
    for pattern in WORD_DATES:
        for time_pattern in WORD_TIMES:
            if _is_readable(text, pattern + time_pattern):
                return pattern + time_pattern, set(ORDERS)
    return None, set()


def _numeric_template(match: re.Match[str]) -> str | None:
    joint = match["separator"] + match["space"]
    if len(match["a"]) == YEAR_DIGITS:
        template = f"%Y{joint}%m{joint}%d"
    else:
        template = f"{{0}}{joint}{{1}}{joint}{'%Y' if len(match['c']) == YEAR_DIGITS else '%y'}"
    template += match["end"]
    if not match["rest"]:
        return template
    if (moment := TIME.fullmatch(match["rest"])) is None:
        return None
    second = ":%S" if moment["second"] else ""
    clock = f"%I:%M{second}{moment['gap']}%p" if moment["half"] else f"%H:%M{second}"
    return template + moment["comma"] + moment["before"] + clock


def _number_format(text: str) -> str | None:
    """The named format by which a number is a date of our time; 20261128 is one of ISO."""
    names = ("ISO",) if len(text) == COMPACT_DIGITS else LEAST_NUMBERS
    number = float(text.replace(",", "."))
    return next((name for name in names if number >= LEAST_NUMBERS.get(name, 0) and _is_readable(text, name)), None)


def _is_readable(text: str, pattern: str) -> bool:
    try:
        parsed = NAMED_FORMATS[pattern](text) if pattern in NAMED_FORMATS else datetime.strptime(text, pattern)  # noqa: DTZ007
    except (ValueError, OverflowError):
        return False
    return FIRST_YEAR <= parsed.year <= LAST_YEAR


def infer_order(columns: Sequence[DateColumn]) -> tuple[str | None, str]:
    """The order of day and month in a file, None when it can't be known, and why it is that one."""
    ordered = [column for column in columns if column.is_ordered]
    if not ordered:
        return DAY_FIRST, ""
    possible = set.intersection(*(column.orders for column in ordered))
    if len(possible) == 1:
        return possible.pop(), "the other order would make some of them no dates"
    if not possible:
        votes = Counter(order for column in ordered for order in column.orders)
        return (votes.most_common(1)[0][0] if votes else DAY_FIRST), "though some columns fit the other order only"
    if all(column.has_dots for column in ordered):
        return DAY_FIRST, "as dates with dots are written"
    return None, ""
