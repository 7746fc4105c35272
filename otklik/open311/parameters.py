"""What a client asks for: the parameters of a question for requests, checked.

An empty parameter counts as absent, and one that nobody knows is ignored, as the standard says.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from otklik.i18n import _

MAX_SPAN = timedelta(days=90)
SECOND = timedelta(seconds=1)
DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
MAX_SKIPPED = 5_000
"""Requests before the page that a client names by its number; the header Link leads further."""
MAX_LISTED = 200
"""Ids or codes in one parameter."""
YEARS = range(1900, 2200)
STATUSES = ("open", "closed")
CURSOR_PATTERN = re.compile(r"(\d{1,17})\.([0-9a-f]{32})", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BadParameter(Exception):
    """A parameter can't be used; the message is a sentence for the client."""


@dataclass(frozen=True)
class Span:
    """Moments from `start` to `end`, both included, to the second: so long as `end` lasts."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Cursor:
    """The place after one request in the order of an answer: its moment there, and its public id."""

    moment: datetime
    public_id: str

    def __str__(self) -> str:
        """As a parameter: microseconds since 1970, and the id."""
        return f"{(self.moment - EPOCH) // timedelta(microseconds=1)}.{self.public_id}"


@dataclass(frozen=True)
class RequestQuery:
    """Which requests are asked for.

    `public_ids` alone count where there are any. `received` or `updated` is given, or both: with `updated` the least
    recently changed come first, else those received last. `statuses` and `service_codes` are empty for all of them.
    """

    received: Span | None
    updated: Span | None
    public_ids: tuple[str, ...] = ()
    service_codes: tuple[str, ...] = ()
    statuses: frozenset[str] = frozenset()
    jurisdiction: str = ""
    after: Cursor | None = None
    page: int = 1
    page_size: int = DEFAULT_PAGE_SIZE


def request_query(params: Mapping[str, str], now: datetime) -> RequestQuery:
    """The question that parameters ask at a moment. Raises BadParameter."""
    if any("\0" in value for value in params.values()):
        raise BadParameter(_("A parameter has a NUL character."))
    given = {name: value.strip() for name, value in params.items() if value.strip()}
    updated = _span(given, "updated_after", "updated_before", now)
    received = _span(given, "start_date", "end_date", now)
    statuses = frozenset(_listed(given, "status"))
    if not statuses <= set(STATUSES):
        raise BadParameter(_("“status” is open or closed."))
    page_size = min(_positive_number(given, "page_size", DEFAULT_PAGE_SIZE), MAX_PAGE_SIZE)
    page = _positive_number(given, "page", 1)
    if (page - 1) * page_size > MAX_SKIPPED:
        raise BadParameter(_("There are too many pages before this one: follow the header Link."))
    return RequestQuery(
        received=received or (None if updated else Span(now - MAX_SPAN, now)),
        updated=updated,
        public_ids=_listed(given, "service_request_id"),
        service_codes=_listed(given, "service_code"),
        statuses=statuses if len(statuses) < len(STATUSES) else frozenset(),
        jurisdiction=given.get("jurisdiction_id", ""),
        after=_cursor(given.get("after", "")),
        page=page,
        page_size=page_size,
    )


def next_page_params(params: Mapping[str, str], query: RequestQuery, last: Cursor) -> dict[str, str]:
    """The parameters of the page after the one that ends with `last`: its spans don't move on with the clock."""
    kept = {name: value for name, value in params.items() if name not in ("page", "after") and value.strip()}
    spans = (("start_date", "end_date", query.received), ("updated_after", "updated_before", query.updated))
    for start_name, end_name, span in spans:
        if span:
            kept |= {start_name: w3_moment(span.start), end_name: w3_moment(span.end)}
    return {**kept, "after": str(last)}


def w3_moment(moment: datetime) -> str:
    """A moment as the standard writes it, to the second, in UTC: `2026-01-31T09:05:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _span(given: Mapping[str, str], start_name: str, end_name: str, now: datetime) -> Span | None:
    start, end = _moment(given, start_name), _moment(given, end_name)
    if start is None and end is None:
        return None
    if start is None:
        start = (end or now) - MAX_SPAN
    elif end is None:
        end = min(start + MAX_SPAN, max(now, start))
    span = Span(start, end or now)
    if span.start > span.end:
        raise BadParameter(_("“{start}” is later than “{end}”.").format(start=start_name, end=end_name))
    if span.end - span.start > MAX_SPAN:
        raise BadParameter(
            _("From “{start}” to “{end}” there are more than 90 days.").format(start=start_name, end=end_name)
        )
    return span


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    """A moment, to the second; an unescaped `+` of its offset arrives as a blank."""
    if name not in given:
        return None
    try:
        moment = datetime.fromisoformat(given[name].replace(" ", "+"))
        if moment.tzinfo is not None and moment.year in YEARS:
            return moment.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        pass
    example = "2026-01-31T09:05:00Z"
    raise BadParameter(
        _("“{name}” isn't a moment with a time zone, such as {example}.").format(name=name, example=example)
    )


def _positive_number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 10):  # noqa: PLR2004
        raise BadParameter(_("“{name}” isn't a number from 1 on.").format(name=name))
    return int(text)


def _listed(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    listed = tuple(dict.fromkeys(filter(None, (part.strip() for part in given.get(name, "").split(",")))))
    if len(listed) > MAX_LISTED:
        raise BadParameter(_("“{name}” has more than {n} entries.").format(name=name, n=MAX_LISTED))
    return listed


def _cursor(text: str) -> Cursor | None:
    if not text:
        return None
    match = CURSOR_PATTERN.fullmatch(text)
    if match is None:
        raise BadParameter(_("“after” isn't from the header Link of an answer."))
    try:
        return Cursor(EPOCH + timedelta(microseconds=int(match[1])), match[2])
    except OverflowError:
        raise BadParameter(_("“after” isn't from the header Link of an answer.")) from None
