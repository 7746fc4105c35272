"""Odd addresses tried on a running Otklik, as a browser would open them: python -m tests.support.address_trial --help.

Each page is opened with one odd value in one parameter at a time, or with wide ranges of days. Reported are addresses
that end in an error or a lost panel, values that the page neither uses nor names, what a page costs in processor time
of the screens and the database, and how much memory the screens took.
"""

import argparse
import random
import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from os import sysconf
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from components.url.page_filters import FILTER_PARAMS
from tests.support.odd_addresses import ODD_VALUES, PARAMS_BY_PAGE, VIEWER, is_usable
from tests.support.streamlit_client import PageRun, open_page

TICKS_PER_SECOND = sysconf("SC_CLK_TCK")
PLAIN_RUNS = 15
WIDE_RANGE_PAGES = ("overview", "queue", "resolution", "regions", "satisfaction", "quality", "audit")


@dataclass(frozen=True)
class Processes:
    """The launcher of the screens, and the postmaster of their database."""

    launcher: int
    postmaster: int

    @classmethod
    def of(cls, launcher: int, data: Path) -> "Processes":
        """The processes of an `otklik run` on this data folder."""
        (pid_file,) = data.glob("**/postmaster.pid")
        return cls(launcher, int(pid_file.read_text().split()[0]))

    def cpu_seconds(self) -> float:
        """Processor time of both and of all processes that they started."""
        ticks = 0
        for pid in self._tree():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
        return ticks / TICKS_PER_SECOND

    def resident_mb(self) -> float:
        """Memory of the launcher and the screens, without the database's."""
        pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self._tree(self.launcher)]
        return sum(pages) * sysconf("SC_PAGE_SIZE") / 2**20

    def _tree(self, *roots: int) -> list[int]:
        children = defaultdict(list)
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            children[parent].append(int(stat.parent.name))
        pids = list(roots or (self.launcher, self.postmaster))
        for pid in pids:
            pids.extend(child for child in children[pid] if child not in pids)
        return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


class Result(NamedTuple):
    """One odd address: what failed on the page, whether it neither used nor named the value, processor seconds."""

    page: str
    param: str
    value: str
    faults: tuple[str, ...]
    is_unnamed: bool
    cost: float


def combinations() -> list[tuple[str, str, str]]:
    """Page, parameter and value of each combination."""
    return [
        (page, param, value)
        for page, params in PARAMS_BY_PAGE.items()
        for param in (*params, *VIEWER)
        for value in ODD_VALUES
    ]


def texts(run: PageRun) -> list[str]:
    """All texts in Markdown that a page drew."""
    return [element.markdown.body for element in run.elements() if element.WhichOneof("type") == "markdown"]


def faults(run: PageRun) -> list[str]:
    """Errors of Streamlit and panels that failed."""
    return [
        element.exception.message if element.WhichOneof("type") == "exception" else element.alert.body
        for element in run.elements()
        if element.WhichOneof("type") == "exception"
        or (element.WhichOneof("type") == "alert" and "can't be shown" in element.alert.body)
    ]


def names_ignored(run: PageRun, param: str) -> bool:
    """Whether the page names this parameter's value as ignored, or says that filters don't narrow it."""
    notes = texts(run)
    is_kept_filter = param in FILTER_PARAMS and any("don't narrow this page" in note for note in notes)
    return is_kept_filter or any("ignored" in note and f"{param}=" in note for note in notes)


def odd_trial(url: str, processes: Processes, share: float, seed: int) -> Iterator[Result]:
    """Try a random share of the combinations, page by page."""
    chosen = random.Random(seed).sample(combinations(), int(len(combinations()) * share))  # noqa: S311 -- a sample
    for page, param, value in sorted(chosen, key=lambda item: item[0]):
        address = urlencode({"as": "administrator", param: value}, errors="surrogatepass")
        before = processes.cpu_seconds()
        run = open_page(url, page, address)
        cost = processes.cpu_seconds() - before
        is_unnamed = not is_usable(page, param, value) and not names_ignored(run, param)
        yield Result(page, param, value[:40], tuple(faults(run)), is_unnamed, cost)


def plain_costs(url: str, processes: Processes) -> dict[str, list[float]]:
    """Processor seconds of each page without anything odd, several times."""
    costs: dict[str, list[float]] = {}
    for page in PARAMS_BY_PAGE:
        costs[page] = []
        for _run in range(PLAIN_RUNS):
            before = processes.cpu_seconds()
            open_page(url, page, "as=administrator")
            costs[page].append(processes.cpu_seconds() - before)
    return costs


def wide_ranges(count: int) -> Iterator[dict[str, str]]:
    """Addresses of wide ranges, each another one."""
    for n in range(count):
        start, end = date(1880, 2, 1) + timedelta(days=97 * n), date(2120, 1, 1) - timedelta(days=31 * n)
        yield {
            "period": "range",
            "from": min(start, end).isoformat(),
            "to": max(start, end).isoformat(),
            "compare": ("year", "previous", "none")[n % 3],
        }


def wide_trial(url: str, processes: Processes, page: str, count: int) -> tuple[float, float, int]:
    """Memory (MB) before and after wide ranges in turn on a page, and the most bytes that one of them sent."""
    before = processes.resident_mb()
    largest = 0
    for address in wide_ranges(count):
        largest = max(largest, len(open_page(url, page, urlencode({"as": "administrator"} | address)).sent_bytes()))
    return before, processes.resident_mb(), largest


def print_odd_trial(url: str, processes: Processes, share: float, seed: int) -> None:
    """Print the addresses with faults or unnamed values as they come, then their number and the costs by page."""
    plain = plain_costs(url, processes)
    costs: dict[str, list[float]] = defaultdict(list)
    faulty_count = unnamed_count = 0
    for result in odd_trial(url, processes, share, seed):
        costs[result.page].append(result.cost)
        faulty_count, unnamed_count = faulty_count + bool(result.faults), unnamed_count + result.is_unnamed
        if result.faults or result.is_unnamed:
            write_line(str(result))
    count = sum(map(len, costs.values()))
    write_line(f"{count} of {len(combinations())} tried: {faulty_count} with faults, {unnamed_count} unnamed")
    for page, seconds in costs.items():
        percentile = sorted(seconds)[int(0.9 * (len(seconds) - 1))]
        medians = f"plain {statistics.median(plain[page]):.2f} s, odd {statistics.median(seconds):.2f} s"
        write_line(f"{page}: {medians}, 90th percentile {percentile:.2f} s of {len(seconds)}")


def write_line(line: str) -> None:
    """Show a line at once."""
    print(line, flush=True)  # noqa: T201 -- a command


def main() -> None:
    """Run a trial and print its results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trial", choices=("odd", "wide"))
    parser.add_argument("url")
    parser.add_argument("--launcher", type=int, required=True, help="process id of `otklik run`")
    parser.add_argument("--data", type=Path, required=True, help="its data folder")
    parser.add_argument("--share", type=float, default=1.0, help="of the combinations, chosen at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200, help="of wide ranges on each page")
    parser.add_argument("--pages", nargs="*", default=WIDE_RANGE_PAGES)
    arguments = parser.parse_args()
    processes = Processes.of(arguments.launcher, arguments.data)
    if arguments.trial == "odd":
        print_odd_trial(arguments.url, processes, arguments.share, arguments.seed)
        return
    for page in arguments.pages:
        before, after, largest = wide_trial(arguments.url, processes, page, arguments.count)
        write_line(f"{page}: {before:.0f} MB, then {after:.0f} MB; at most {largest:,} bytes sent for one range")


if __name__ == "__main__":
    main()
