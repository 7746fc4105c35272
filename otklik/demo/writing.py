"""Appeals, applicants and events into their tables, by COPY."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import LiteralString

import numpy as np
import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from otklik.demo.answers import OUTCOMES, Answers
from otklik.demo.arrivals import CHANNELS, Arrivals, World
from otklik.demo.handling import Handling
from otklik.demo.history import events
from otklik.demo.office_hours import NEVER, Flags
from otklik.demo.routing import REGIMES
from otklik.demo.sheets import Ints
from otklik.demo.standing import STATUSES, deadline_now, statuses
from otklik.demo.texts import bodies, points

Progress = Callable[[str, int, int], None]
Connection = psycopg.Connection[TupleRow]

CHUNK = 50_000
PLACED = 0.97
"""The share whose municipality is known."""
NAMED = 0.1
"""The share with an applicant's data."""
NULL = "\\N"
APPEAL = (
    "COPY appeal (region_id, id, source_id, number, channel_id, topic_id, municipality_id, lon, lat, body, regime_id,"
    " status_id, outcome_id, received_at, registered_at, deadline_at, closed_at, first_holder_id, holder_id, reopened,"
    " rating, rated_at, updated_at) FROM STDIN"
)
APPLICANT = "COPY applicant (region_id, appeal_id, full_name, phone, email) FROM STDIN"
EVENT = "COPY event (region_id, appeal_id, at, kind, actor, reason, before, after) FROM STDIN"


def write(connection: Connection, w: World, a: Arrivals, c: Handling, r: Answers, progress: Progress) -> None:
    """All rows, in the connection's transaction; ids are 1, 2, 3… in order of receipt."""
    n = len(a.region)
    region = _ids(connection, "territory", [row["code"] for row in w.data.regions])[a.region]
    rows = list(zip(*_columns(connection, w, a, c, r, region), strict=True))
    for start in range(0, n, CHUNK):
        progress("Appeals", start, n)
        _copy(connection, APPEAL, ("\t".join(row) for row in islice(rows, start, start + CHUNK)))
    connection.execute("SELECT setval(pg_get_serial_sequence('appeal', 'id'), %s)", [max(n, 1)])
    connection.execute("ANALYZE appeal")  # for the foreign keys of what follows
    progress("Appeals", n, n)
    progress("History", 0, 1)
    named = np.flatnonzero(w.rng.random(n) < NAMED)
    _copy(connection, APPLICANT, (f"{region[i]}\t{i + 1}\t{_person(i + 1)}" for i in named.tolist()))
    _copy(
        connection,
        EVENT,
        (
            f"{region[i]}\t{i + 1}\t{np.datetime64(at, 's')}Z\t{kind}\t{actor}\t" + "\t".join(x or NULL for x in words)
            for i, at, kind, actor, *words in events(w, a, c, r)
        ),
    )
    progress("History", 1, 1)


def _columns(
    connection: Connection, w: World, a: Arrivals, c: Handling, r: Answers, region: Ints
) -> Iterator[list[str]]:
    """The columns of APPEAL as COPY reads them."""
    n, always = len(a.region), np.ones(len(a.region), dtype=np.bool_)
    closed, rated = r.closed <= w.now, r.rating > 0
    holders = _ids(connection, "organisation", w.data.holders())
    towns = _ids(connection, "territory", [row["code"] for row in w.data.municipalities])
    lon, lat = points(w, a)
    yield _text(region)
    yield _text(np.arange(1, n + 1))
    yield _text(_ids(connection, "source", ["demo"])[np.zeros(n, dtype=np.int64)])
    yield _numbers(w, a)
    yield _text(_ids(connection, "channel", CHANNELS)[a.channel])
    yield _text(_ids(connection, "topic", [row["code"] for row in w.data.facts])[a.fact])
    yield _text(towns[a.municipality], w.rng.random(n) < PLACED)
    yield lon
    yield lat
    yield bodies(w, a)
    yield _text(_ids(connection, "regime", REGIMES)[c.regime])
    yield _text(_ids(connection, "status", STATUSES)[statuses(w, a, c, r)])
    yield _text(_ids(connection, "outcome", OUTCOMES)[r.outcome], closed)
    yield _instants(a.received, always)
    yield _instants(c.moderated, (c.moderated <= w.now) & ~c.rejected)
    yield _instants(deadline_now(w, c, r), always)
    yield _instants(r.closed, closed)
    yield _text(holders[c.first_holder])
    yield _text(holders[np.where(c.redirected <= w.now, c.holder, c.first_holder)])
    yield _text((r.reopened <= w.now).astype(np.int64))
    yield _text(r.rating, rated)
    yield _instants(r.rated, rated)
    steps = [a.received, c.moderated, c.coordinated, c.redirected, c.extended, c.deferred, r.closed, r.reopened]
    steps.append(np.where(rated, r.rated, NEVER))
    yield _instants(np.maximum.reduce([np.where(step <= w.now, step, 0) for step in steps]), always)


def _ids(connection: Connection, table: str, codes: Sequence[str]) -> Ints:
    """The ids of codes, in their order."""
    query = sql.SQL("SELECT code, id FROM {}").format(sql.Identifier(table))
    found: dict[str, int] = {code: number for code, number in connection.execute(query).fetchall()}  # noqa: C416 - types
    return np.array([found[code] for code in codes], dtype=np.int64)


def _copy(connection: Connection, statement: LiteralString, lines: Iterable[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        rest = iter(lines)
        while lot := list(islice(rest, 2000)):
            copy.write("\n".join(lot) + "\n")


def _numbers(w: World, a: Arrivals) -> list[str]:
    """`D-2026-0001234`: counted within the year of the region's time."""
    year = (a.received + w.offset[a.region]).astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
    count = np.zeros(len(year), dtype=np.int64)
    for each in np.unique(year):
        count[year == each] = np.arange(1, np.count_nonzero(year == each) + 1)
    return [f"D-{y}-{i:07d}" for y, i in zip(year.tolist(), count.tolist(), strict=True)]


def _person(number: int) -> str:
    """Plainly made up: nobody's name, telephone or address."""
    phone = f"+7 000 {number // 10_000 % 1000:03d} {number % 10_000:04d}"
    return f"Заявитель {number:06d}\t{phone}\tapplicant-{number}@example.org"


def _text(values: Ints, known: Flags | None = None) -> list[str]:
    words = [str(value) for value in values.tolist()]
    if known is None:
        return words
    return [word if there else NULL for word, there in zip(words, known.tolist(), strict=True)]


def _instants(at: Ints, happened: Flags) -> list[str]:
    words = np.datetime_as_string(np.where(happened, at, 0).astype("datetime64[s]"), timezone="UTC").tolist()
    return [word if there else NULL for word, there in zip(words, happened.tolist(), strict=True)]
