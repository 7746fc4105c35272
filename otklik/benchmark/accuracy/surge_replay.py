"""A replay of the demo's days: which of its planted surges are found, how soon, and what else raises an alarm."""

from collections.abc import Iterator
from datetime import date, timedelta
from time import perf_counter
from typing import LiteralString, NamedTuple

import psycopg

from otklik.benchmark.report import table_line
from otklik.detection.cell_tree import Cell, CellTree, read_tree
from otklik.detection.daily_counts import read_daily_counts
from otklik.detection.receipt_minutes import read_receipt_minutes
from otklik.detection.surge_search import GAP_DAYS, WINDOW_DAYS, day_alarms
from otklik.progress import ProgressCallback

DAY = timedelta(days=1)
COUNTRY_SQL: LiteralString = "SELECT code FROM territory WHERE level = 'country' ORDER BY id LIMIT 1"
SURGES_SQL: LiteralString = """
    SELECT topic.code, place.code, topic.id, place.id, starts, ends, factor
    FROM planted_problem AS problem JOIN topic ON topic.id = topic_id JOIN territory AS place ON place.id = territory_id
    WHERE kind = 'surge' ORDER BY starts"""


class PlantedSurge(NamedTuple):
    """A surge of the demo: `factor` times as many appeals as usual from `starts` until the day before `ends`."""

    topic: str
    territory: str
    cell: Cell
    starts: date
    ends: date
    factor: float


class Episode(NamedTuple):
    """Alarms of a cell no more than a fortnight apart."""

    cell: Cell
    first_alarm: date


def replay_table(connection: psycopg.Connection, days: list[date], progress: ProgressCallback) -> Iterator[str]:
    """The lines of a Markdown table of the planted surges that begin in these days, and of what else was found.

    Each day is judged by what had been received until then; nothing is stored.
    """
    surges = [
        PlantedSurge(topic, place, (place_id, topic_id), starts, ends, factor)
        for topic, place, topic_id, place_id, starts, ends, factor in connection.execute(SURGES_SQL).fetchall()
    ]
    tree = read_tree(connection)
    started_at = perf_counter()
    episodes, judged_cells = replay(connection, tree, days, progress)
    seconds = (perf_counter() - started_at) / len(days)
    yield table_line(["planted", "in", "begins", "times usual", "found after days"])
    yield "|---|---|---|---:|---:|"
    for surge in surges:
        if days[0] <= surge.starts <= days[-1]:
            found = [episode.first_alarm for episode in episodes if is_of(tree, episode, surge)]
            delay = str((min(found) - surge.starts).days) if found else "–"
            yield table_line([surge.topic, surge.territory, str(surge.starts), f"{surge.factor:g}", delay])
    others = [episode for episode in episodes if not any(is_of(tree, episode, surge) for surge in surges)]
    yield ""
    yield (
        f"{len(days)} days, {min(judged_cells):,} to {max(judged_cells):,} cells judged a day, {seconds:.2f} s a day."
        f" Alarms of no planted surge: {len(others)}, {len(others) / len(days) * 7:.2f} a week."
    )


def replay(
    connection: psycopg.Connection, tree: CellTree, days: list[date], progress: ProgressCallback
) -> tuple[list[Episode], list[int]]:
    """The episodes that begin in consecutive days, and how many cells were judged on each."""
    country = connection.execute(COUNTRY_SQL).fetchone()
    code = str(country[0]) if country else ""
    daily = read_daily_counts(connection)
    minutes = read_receipt_minutes(connection, days[0] - max(WINDOW_DAYS) * DAY, days[-1])
    last_alarms: dict[Cell, date] = {}
    episodes, judged_cells = [], []
    for step, day in enumerate(days):
        progress("Replaying", step, len(days))
        going_on = {cell for cell, last in last_alarms.items() if day - last <= GAP_DAYS * DAY}
        result = day_alarms(tree, daily, minutes, code, day, going_on)
        judged_cells.append(result.judged_cells)
        for alarm in result.alarms:
            cell = (alarm.territory_id, alarm.topic_id)
            if cell not in going_on:
                episodes.append(Episode(cell, day))
            last_alarms[cell] = day
    progress("Replaying", len(days), len(days))
    return episodes, judged_cells


def is_of(tree: CellTree, episode: Episode, surge: PlantedSurge) -> bool:
    """Whether an alarm is of a planted surge: within its cell or around it, while its appeals are in the windows."""
    lasts = surge.starts <= episode.first_alarm < surge.ends + max(WINDOW_DAYS) * DAY
    return lasts and tree.are_related(episode.cell, surge.cell)
