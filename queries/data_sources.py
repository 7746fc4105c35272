"""Data sources, their recorded runs, and the functions that command them."""

import pandas as pd

from otklik.database.functions import data_sources, file_imports
from otklik.database.functions.data_sources import pause_data_source, run_data_source

__all__ = ["MAX_RUNS", "all_data_sources", "imported_files", "pause_data_source", "recorded_runs", "run_data_source"]
MAX_RUNS = 200


def all_data_sources() -> pd.DataFrame:
    """One row a data source, by name; columns: otklik.database.functions.data_sources.all_data_sources."""
    return data_sources.all_data_sources()


def recorded_runs(source_id: int) -> pd.DataFrame:
    """The last `MAX_RUNS` runs of a data source that brought something, rejected rows or failed; newest first.

    Columns: otklik.database.functions.data_sources.recorded_runs.
    """
    return data_sources.recorded_runs(source_id, MAX_RUNS)


def imported_files() -> pd.DataFrame:
    """The last `MAX_RUNS` files that brought something, newest first.

    Columns: otklik.database.functions.file_imports.file_imports.
    """
    return file_imports.visible_file_imports(MAX_RUNS)
