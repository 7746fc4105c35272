"""The whole list of open appeals, piece by piece: for files that take it away."""

from collections.abc import Iterator

import pandas as pd

from otklik.database import audit
from otklik.database.transactions import reading, writing
from queries.filters import Filters
from queries.queue import open_list
from queries.queue.list_filters import Wanted

MOST = 200_000
PIECE = 2_000
PATIENCE = 300.0
"""Seconds that the database may take to begin; a screen doesn't wait for it."""
COLUMNS = (
    "number", "source", "region", "territory", "topic", "organisation", "stage", "status", "state", "channel",
    "received_at", "deadline_at",
)  # fmt: skip


def pieces(filters: Filters, wanted: Wanted) -> Iterator[pd.DataFrame]:
    """The list in its order as of one moment, at most `MOST` rows, `PIECE` at a time, in the columns of `COLUMNS`."""
    with reading(PATIENCE) as connection:
        # Read from the server as it is written: never all of it in memory.
        result = connection.execution_options(yield_per=PIECE).execute(open_list.all_of(filters, wanted).limit(MOST))
        column_names = list(result.keys())
        for batch in result.partitions():
            rows = open_list.told(pd.DataFrame([tuple(row) for row in batch], columns=column_names), filters.language)
            yield rows[list(COLUMNS)]


def record(file_format: str, address: str, appeal_count: int) -> None:
    """Put into the audit that the viewer took a list away: how, which one, how many appeals."""
    with writing() as connection:
        audit.record(connection, "list exported", file_format, after={"list": address, "appeals": appeal_count})
