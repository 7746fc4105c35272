"""Writing appeals, applicants and events into their tables by COPY."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import LiteralString

import numpy as np
import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from otklik.demo.catalogue_data import Ints
from otklik.demo.generator.appeal_texts import draw_bodies, draw_points
from otklik.demo.generator.arrivals import Arrivals
from otklik.demo.generator.channels import CHANNELS
from otklik.demo.generator.context import NEVER, Flags, GeneratorContext
from otklik.demo.generator.doubtful_records import recorded_registrations
from otklik.demo.generator.event_history import STATUSES, current_deadlines, current_statuses, event_rows
from otklik.demo.generator.handling import Handling
from otklik.demo.generator.outcomes_and_ratings import OUTCOMES, Answers
from otklik.demo.generator.routing import REGIMES
from otklik.progress import ProgressCallback

Connection = psycopg.Connection[TupleRow]

CHUNK_ROWS = 50_000
MUNICIPALITY_SHARE = 0.97
"""The share of appeals with a municipality."""
APPLICANT_SHARE = 0.1
"""The share of appeals with an applicant's data."""
NULL = "\\N"
COPY_APPEALS = (
    "COPY appeal (region_id, id, source_id, number, channel_id, topic_id, municipality_id, lon, lat, body, regime_id,"
    " status_id, outcome_id, received_at, registered_at, deadline_at, set_here, closed_at, first_holder_id, holder_id,"
    " reopened, first_answered_at, first_outcome_id, first_returned_at, rating, rated_at, updated_at) FROM STDIN"
)
COPY_EARLIER_RATINGS = "COPY earlier_rating (region_id, appeal_id, number, rated_at, rating) FROM STDIN"
COPY_APPLICANTS = "COPY applicant (region_id, appeal_id, full_name, phone, email) FROM STDIN"
COPY_EVENTS = "COPY event (region_id, appeal_id, at, kind, actor, reason, before, after) FROM STDIN"


def write_appeals(
    connection: Connection,
    context: GeneratorContext,
    arrivals: Arrivals,
    handling: Handling,
    answers: Answers,
    progress: ProgressCallback,
) -> None:
    """Write everything in the connection's transaction; ids are 1, 2, 3… in order of receipt."""
    n = len(arrivals.region)
    region_ids = _reference_ids(connection, "territory", [row["code"] for row in context.catalogue.regions])[
        arrivals.region
    ]
    rows = list(zip(*_appeal_columns(connection, context, arrivals, handling, answers, region_ids), strict=True))
    for start in range(0, n, CHUNK_ROWS):
        progress("Appeals", start, n)
        _copy_lines(connection, COPY_APPEALS, ("\t".join(row) for row in islice(rows, start, start + CHUNK_ROWS)))
    connection.execute("SELECT setval(pg_get_serial_sequence('appeal', 'id'), %s)", [max(n, 1)])
    connection.execute("ANALYZE appeal")  # for the foreign-key checks of the next statements
    _copy_lines(
        connection,
        COPY_EARLIER_RATINGS,
        (
            f"{region_ids[i]}\t{i + 1}\t1\t{np.datetime64(int(answers.earlier_rated_at[i]), 's')}Z\t"
            f"{answers.earlier_rating[i]}"
            for i in np.flatnonzero(answers.earlier_rating).tolist()
        ),
    )
    progress("Appeals", n, n)
    progress("History", 0, 1)
    with_applicant = np.flatnonzero(context.rng.random(n) < APPLICANT_SHARE)
    _copy_lines(
        connection,
        COPY_APPLICANTS,
        (f"{region_ids[i]}\t{i + 1}\t{_made_up_applicant(i + 1)}" for i in with_applicant.tolist()),
    )
    _copy_lines(
        connection,
        COPY_EVENTS,
        (
            f"{region_ids[i]}\t{i + 1}\t{np.datetime64(at, 's')}Z\t{kind}\t{actor}\t"
            + "\t".join(detail or NULL for detail in details)
            for i, at, kind, actor, *details in event_rows(context, arrivals, handling, answers)
        ),
    )
    progress("History", 1, 1)


def _appeal_columns(
    connection: Connection,
    context: GeneratorContext,
    arrivals: Arrivals,
    handling: Handling,
    answers: Answers,
    region_ids: Ints,
) -> Iterator[list[str]]:
    """The columns of `COPY_APPEALS`, as texts that COPY reads."""
    n, always = len(arrivals.region), np.ones(len(arrivals.region), dtype=np.bool_)
    is_closed, is_rated = answers.closed_at <= context.now, answers.rating > 0
    holder_ids = _reference_ids(connection, "organisation", context.catalogue.holder_codes())
    municipality_ids = _reference_ids(
        connection, "territory", [row["code"] for row in context.catalogue.municipalities]
    )
    lon, lat = draw_points(context, arrivals)
    yield _format_integers(region_ids)
    yield _format_integers(np.arange(1, n + 1))
    yield _format_integers(_reference_ids(connection, "source", ["demo"])[np.zeros(n, dtype=np.int64)])
    yield _appeal_numbers(context, arrivals)
    yield _format_integers(_reference_ids(connection, "channel", CHANNELS)[arrivals.channel])
    yield _format_integers(
        _reference_ids(connection, "topic", [row["code"] for row in context.catalogue.facts])[arrivals.fact]
    )
    yield _format_integers(municipality_ids[arrivals.municipality], context.rng.random(n) < MUNICIPALITY_SHARE)
    yield lon
    yield lat
    yield draw_bodies(context, arrivals)
    yield _format_integers(_reference_ids(connection, "regime", REGIMES)[handling.regime])
    yield _format_integers(
        _reference_ids(connection, "status", STATUSES)[current_statuses(context, arrivals, handling, answers)]
    )
    yield _format_integers(_reference_ids(connection, "outcome", OUTCOMES)[answers.outcome], is_closed)
    yield _format_instants(arrivals.received, always)
    yield _format_instants(
        recorded_registrations(context, handling.moderated_at, answers.closed_at),
        (handling.moderated_at <= context.now) & ~handling.is_rejected,
    )
    yield _format_instants(current_deadlines(context, handling, answers), handling.has_deadline)
    yield ["{}" if has_deadline else "{deadline}" for has_deadline in handling.has_deadline.tolist()]
    yield _format_instants(answers.closed_at, is_closed)
    yield _format_integers(holder_ids[handling.first_holder])
    yield _format_integers(
        holder_ids[np.where(handling.redirected_at <= context.now, handling.holder, handling.first_holder)]
    )
    is_reopened = answers.reopened_at <= context.now
    yield _format_integers(is_reopened.astype(np.int64))
    yield _format_instants(handling.answered_at, is_reopened)
    yield _format_integers(_reference_ids(connection, "outcome", OUTCOMES)[answers.first_outcome], is_reopened)
    yield _format_instants(answers.reopened_at, is_reopened)
    yield _format_integers(answers.rating, is_rated)
    yield _format_instants(answers.rated_at, is_rated)
    event_times = [
        arrivals.received,
        handling.moderated_at,
        handling.coordinated_at,
        handling.redirected_at,
        handling.extended_at,
        handling.deferred_at,
        answers.closed_at,
        answers.reopened_at,
        np.where(is_rated, answers.rated_at, NEVER),
    ]
    yield _format_instants(
        np.maximum.reduce([np.where(event_time <= context.now, event_time, 0) for event_time in event_times]), always
    )


def _reference_ids(connection: Connection, table: str, codes: Sequence[str]) -> Ints:
    """The ids of a reference table's rows, in the order of their codes."""
    query = sql.SQL("SELECT code, id FROM {}").format(sql.Identifier(table))
    ids: dict[str, int] = {code: id_ for code, id_ in connection.execute(query).fetchall()}  # noqa: C416 - types
    return np.array([ids[code] for code in codes], dtype=np.int64)


def _copy_lines(connection: Connection, statement: LiteralString, lines: Iterable[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        remaining = iter(lines)
        while batch := list(islice(remaining, 2000)):
            copy.write("\n".join(batch) + "\n")


def _appeal_numbers(context: GeneratorContext, arrivals: Arrivals) -> list[str]:
    """Numbers such as `D-2026-0001234`, counted within the local year."""
    year = (arrivals.received + context.utc_offset[arrivals.region]).astype("datetime64[s]").astype(
        "datetime64[Y]"
    ).astype(np.int64) + 1970
    count = np.zeros(len(year), dtype=np.int64)
    for unique_year in np.unique(year):
        count[year == unique_year] = np.arange(1, np.count_nonzero(year == unique_year) + 1)
    return [
        f"D-{appeal_year}-{position:07d}" for appeal_year, position in zip(year.tolist(), count.tolist(), strict=True)
    ]


def _made_up_applicant(number: int) -> str:
    """An obviously invented name, telephone number and e-mail address, as COPY reads them."""
    phone = f"+7 000 {number // 10_000 % 1000:03d} {number % 10_000:04d}"
    return f"Заявитель {number:06d}\t{phone}\tapplicant-{number}@example.org"


def _format_integers(values: Ints, is_known: Flags | None = None) -> list[str]:
    texts = [str(value) for value in values.tolist()]
    if is_known is None:
        return texts
    return [text if known else NULL for text, known in zip(texts, is_known.tolist(), strict=True)]


def _format_instants(instants: Ints, happened: Flags) -> list[str]:
    texts = np.datetime_as_string(np.where(happened, instants, 0).astype("datetime64[s]"), timezone="UTC").tolist()
    return [text if has_happened else NULL for text, has_happened in zip(texts, happened.tolist(), strict=True)]
