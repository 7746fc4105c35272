"""What importing a file costs, by its size: time for a row, and the most memory of the importing process."""

import csv
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from otklik.benchmark.database import benchmark_database
from otklik.benchmark.timing import MILLISECONDS
from otklik.intake.importer import import_file
from otklik.progress import ProgressCallback

DATABASE_NAME = "otklik_bench_import"
FIRST_RECEIPT, PERIOD = datetime(2025, 1, 1, tzinfo=UTC), timedelta(days=600)
TOPICS, OFFICES, DISTRICTS = 200, 50, 22
COLUMNS = ("id", "received", "closed", "due", "office", "topic", "type", "status", "outcome", "district", "lat", "lon")
MAPPING = """
[source]
code = "bench"
name = "Benchmark"
[columns]
number = "id"
received_at = "received"
closed_at = "closed"
deadline_at = "due"
category = "topic"
subcategory = "type"
holder = "office"
municipality = "district"
lat = "lat"
lon = "lon"
[territories]
region = "XB-1"
[[territories.add]]
code = "XB"
level = "country"
name = "Benchland"
timezone = "UTC"
[[territories.add]]
code = "XB-1"
level = "region"
parent = "XB"
name = "Bench region"
timezone = "UTC"
[[status]]
column = "status"
words = { open = "in_progress", closed = "answered" }
[[outcome]]
column = "outcome"
words = { done = "resolved", told = "explained" }
default = "explained"
"""


class ImportCost(NamedTuple):
    """One import: the rows that it took, the seconds of all of it, and the most memory of its process before and after.

    The memory is in MB; that before the import is Python's with the import's code.
    """

    rows: int
    seconds: float
    first_mb: float
    most_mb: float


def import_cost_table(url: str, sizes: Sequence[int], progress: ProgressCallback) -> Iterator[str]:
    """The lines of a table: for each number of rows, a first import of a file and the same file again.

    `url`: of a server's database, beside which one is made and dropped again.
    """
    yield "| rows | import | s | ms a row | memory at the begin, MB | most, MB |"
    yield "|---:|---|---:|---:|---:|---:|"
    with TemporaryDirectory(prefix="otklik-bench-") as folder:
        for step, size in enumerate(sizes):
            progress("Importing", step, len(sizes))
            file, mapping = write_appeals(Path(folder), size)
            with benchmark_database(url, keep=False, name=DATABASE_NAME) as database_url:
                for name in ("first", "again"):
                    cost = measure_import(database_url, file, mapping)
                    per_row = cost.seconds / cost.rows * MILLISECONDS
                    yield (
                        f"| {cost.rows:,} | {name} | {cost.seconds:.1f} | {per_row:.3f}"
                        f" | {cost.first_mb:.0f} | {cost.most_mb:.0f} |"
                    )


def write_appeals(folder: Path, count: int) -> tuple[Path, Path]:
    """A file of so many appeals and its mapping, always the same: three of four closed, some after their deadlines."""
    file, mapping = folder / "appeals.csv", folder / "mapping.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(_rows(count))
    return file, mapping


def _rows(count: int) -> Iterator[Sequence[object]]:
    for n in range(count):
        received = FIRST_RECEIPT + PERIOD * n / count
        is_closed = n % 4 != 0
        closed = (received + timedelta(hours=1 + n * 7 % 900)).isoformat(timespec="seconds") if is_closed else ""
        due = (received + timedelta(days=30)).isoformat(timespec="seconds")
        topic, outcome = n * 31 % TOPICS, ("done" if n % 3 else "told") if is_closed else ""
        place = (n * 17 % DISTRICTS, f"{50 + n % 997 / 1000:.3f}", f"{30 + n % 1499 / 1000:.3f}")
        yield (
            f"B-{n:09}", received.isoformat(timespec="seconds"), closed, due, f"Office {n * 13 % OFFICES}",
            f"Topic {topic // 10}", f"Kind {topic}", "closed" if is_closed else "open", outcome,
            f"District {place[0]}", *place[1:],
        )  # fmt: skip


def measure_import(url: str, file: Path, mapping: Path) -> ImportCost:
    """Import a file in a process of its own. Raises what the import raises."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        return processes.submit(_measured_import, url, file, mapping).result()


def _measured_import(url: str, file: Path, mapping: Path) -> ImportCost:
    first_mb, started_at = _most_memory_mb(), time.perf_counter()
    summary = import_file(url, file, str(mapping))
    return ImportCost(sum(summary.counts), time.perf_counter() - started_at, first_mb, _most_memory_mb())


def _most_memory_mb() -> float:
    # `getrusage` would begin with what the parent had. In KiB.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6
