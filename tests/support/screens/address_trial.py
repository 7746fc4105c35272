"""Odd addresses tried on a running Otklik, as a browser would open them.

`python -m tests.support.screens.address_trial --help` says how. Each page is opened with one odd value in one
parameter at a time, or with wide ranges of days. Reported are addresses that end in an error or a lost panel, values
that the page neither uses nor names, what a page costs in processor time of the screens and the database, and how much
memory the screens took.
"""

import argparse
import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from components.url.page_filters import FILTER_PARAMS
from tests.support.screens.odd_addresses import ODD_VALUES, PARAMS_BY_PAGE, VIEWER, is_usable
from tests.support.servers.process_usage import Processes
from tests.support.servers.streamlit_client import PageRun, open_page

WIDE_RANGE_PAGES = ("overview", "queue", "resolution", "regions", "satisfaction", "matrix", "quality", "audit")


class Result(NamedTuple):
    """One odd address: what failed on the page, and whether it neither used nor named the value.

    `cost` and `plain_cost` are processor seconds of the page with it and of the page without anything odd, opened one
    right after the other: every minute, figures are counted anew for whichever page comes first.
    """

    page: str
    param: str
    value: str
    faults: tuple[str, ...]
    is_unnamed: bool
    cost: float
    plain_cost: float


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
    generator = random.Random(seed)  # noqa: S311 -- a sample
    chosen = generator.sample(combinations(), int(len(combinations()) * share))
    for page, param, value in sorted(chosen, key=lambda item: item[0]):
        plain, odd = {"as": "administrator"}, {"as": "administrator", param: value}
        runs: dict[str, PageRun] = {}
        costs: dict[str, float] = {}
        for name, params in generator.sample([("plain", plain), ("odd", odd)], 2):
            before = processes.cpu_seconds()
            runs[name] = open_page(url, page, urlencode(params, errors="surrogatepass"))
            costs[name] = processes.cpu_seconds() - before
        is_unnamed = not is_usable(page, param, value) and not names_ignored(runs["odd"], param)
        yield Result(page, param, value[:40], tuple(faults(runs["odd"])), is_unnamed, costs["odd"], costs["plain"])


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
    """Print the addresses with faults or unnamed values as they come, and after each page its costs."""
    results: list[Result] = []
    for page, page_results in groupby(odd_trial(url, processes, share, seed), key=lambda result: result.page):
        costs = []
        for result in page_results:
            results.append(result)
            costs.append((result.cost, result.plain_cost))
            if result.faults or result.is_unnamed:
                write_line(str(result))
        odd, plain = (sorted(side) for side in zip(*costs, strict=True))
        tenth = int(0.9 * (len(costs) - 1))
        write_line(
            f"{page}: {len(costs)} odd addresses cost {sum(odd) / max(sum(plain), 0.01):.2f} × plain;"
            f" 90th percentiles {odd[tenth]:.2f} s and {plain[tenth]:.2f} s"
        )
    faulty_count = sum(bool(result.faults) for result in results)
    unnamed_count = sum(result.is_unnamed for result in results)
    write_line(f"{len(results)} of {len(combinations())}: {faulty_count} with faults, {unnamed_count} unnamed")


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
