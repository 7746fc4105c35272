"""The whole list of open appeals in batches, for a file to download."""

from collections.abc import Iterator

import pandas as pd

from otklik.database.access import audit
from otklik.database.transactions import read_transaction, write_transaction
from queries.filters import Filters
from queries.lists.appeal_list import format_list_rows
from queries.queue import open_list
from queries.queue.list_filters import ListCriteria

MAX_ROWS = 200_000
BATCH_ROWS = 2_000
TIMEOUT_SECONDS = 300.0
"""Seconds that each statement may take; the file is made in the background."""
EXPORT_COLUMNS = (
    "number", "source", "region", "territory", "topic", "organisation", "stage", "status", "state", "channel",
    "received_at", "deadline_at",
)  # fmt: skip


def row_batches(filters: Filters, criteria: ListCriteria) -> Iterator[pd.DataFrame]:
    """The list in its order as of one moment, in batches of `BATCH_ROWS` rows, `MAX_ROWS` in all: `EXPORT_COLUMNS`."""
    with read_transaction(TIMEOUT_SECONDS) as connection:
        # A server-side cursor: the whole list is never in memory.
        result = connection.execution_options(yield_per=BATCH_ROWS).execute(
            open_list.full_list_query(filters, criteria).limit(MAX_ROWS)
        )
        column_names = list(result.keys())
        for batch in result.partitions():
            rows = format_list_rows(pd.DataFrame([tuple(row) for row in batch], columns=column_names), filters.language)
            yield rows[list(EXPORT_COLUMNS)]


def record_export(file_format: str, query_string: str, appeal_count: int) -> None:
    """Record in the audit that the viewer exported a list: its format, its query string, the number of appeals."""
    with write_transaction() as connection:
        audit.record_action(
            connection, "list exported", file_format, after={"list": query_string, "appeals": appeal_count}
        )
