"""The appeals of a region that have a text, and the cells in which clusters are searched for."""

from datetime import date, timedelta
from typing import LiteralString, NamedTuple

import numpy as np
import psycopg

from otklik.detection.cell_tree import Ancestry, IntArray
from otklik.detection.text_clusters.growth import HISTORY_WEEKS, NEW_DAYS
from otklik.detection.weekly_series import WEEK_DAYS

SEARCHED_DAYS = NEW_DAYS + HISTORY_WEEKS * WEEK_DAYS
MIN_NEW_TEXTS = 15
"""New texts that a cell needs: of fewer, any five similar ones are more than a third."""
MAX_NEW_TEXTS = 500
"""A cell of more is split by topic; of one that can't be, the newest count."""
MAX_OLD_TEXTS = 1000
"""Of the history of a cell, of more a sample. Vectors of a cell's texts take less than 60 MB."""
MIN_OLD_TEXTS = 30
MIN_KNOWN_DAYS = 8 * WEEK_DAYS
HASH_FACTOR, HASH_SIZE = 2654435761, 2**32
"""Multiplicative hashing (D. Knuth, 1973, The Art of Computer Programming 3, section 6.4)."""
# A day is that of the region's own clock. A batch is what came from a place through a channel within an hour; what came
# at midnight has no known time of day, and is never one.
TEXTS_SQL: LiteralString = """
    SELECT appeal.id, topic_id, coalesce(municipality_id, region_id), channel_id, %(day)s::date - local_at::date,
        CASE WHEN local_at::time = '00:00' THEN 0 ELSE floor(extract(epoch FROM received_at) / 3600)::integer END
    FROM appeal
    JOIN territory AS region ON region.id = region_id
    CROSS JOIN LATERAL (SELECT received_at AT TIME ZONE region.timezone AS local_at) AS local
    WHERE region_id = %(region)s AND body <> ''
        AND received_at >= %(first)s::date - interval '1 day' AND received_at < %(day)s::date + interval '2 days'
        AND local_at::date BETWEEN %(first)s AND %(day)s
    ORDER BY appeal.id"""
BODIES_SQL: LiteralString = "SELECT id, body FROM appeal WHERE region_id = %s AND id = ANY (%s)"


class RegionTexts(NamedTuple):
    """One element per appeal with a text; `age` in days before the day searched, `hour` 0 where it isn't known."""

    id: IntArray
    topic: IntArray
    place: IntArray
    channel: IntArray
    age: IntArray
    hour: IntArray

    def at(self, positions: IntArray) -> "RegionTexts":
        """Those at some positions."""
        return RegionTexts(*(values[positions] for values in self))

    def batches(self) -> IntArray:
        """A number per appeal, the same for those of one batch: one place, channel and hour."""
        keys = np.column_stack([self.place, self.channel, self.hour, np.where(self.hour == 0, self.id, 0)])
        numbers: IntArray = np.unique(keys, axis=0, return_inverse=True)[1].ravel()
        return numbers


class TextCell(NamedTuple):
    """A topic's appeals in a region: the new ones, and those before or a sample of them (`old_share` of all)."""

    topic_id: int
    texts: RegionTexts
    old_share: float

    @property
    def new_count(self) -> int:
        """How many of the texts are new."""
        return int((self.texts.age < NEW_DAYS).sum())


def read_texts(connection: psycopg.Connection, region: int, day: date) -> RegionTexts:
    """The appeals with a text that a region received in the fortnight that ends with the day, and in 26 weeks before.

    In the order of their ids.
    """
    first = day - timedelta(days=SEARCHED_DAYS - 1)
    values = {"region": region, "day": day, "first": first}
    rows = connection.execute(TEXTS_SQL, values).fetchall()
    return RegionTexts(*np.array(rows, dtype=np.int64).reshape(-1, len(RegionTexts._fields)).T)


def read_bodies(connection: psycopg.Connection, region: int, appeal_ids: IntArray) -> list[str]:
    """The texts of some appeals, in their order."""
    bodies: dict[int, str] = dict(connection.execute(BODIES_SQL, (region, appeal_ids.tolist())).fetchall())
    return [bodies.get(appeal_id, "") for appeal_id in appeal_ids.tolist()]


def text_cells(texts: RegionTexts, topics: Ancestry) -> list[TextCell]:
    """The cells with enough texts: topics of the highest level, or where these have too many those below."""
    if not len(texts.age) or texts.age.max() < MIN_KNOWN_DAYS:
        return []
    paths = {topic: topics.path(topic)[::-1] for topic in np.unique(texts.topic).tolist()}
    deepest = max(map(len, paths.values()))
    waiting = [(0, np.arange(len(texts.age)))]
    cells = []
    while waiting:
        level, positions = waiting.pop()
        above = {topic: path[min(level, len(path) - 1)] for topic, path in paths.items()}
        topic_of = np.array([above[topic] for topic in texts.topic[positions].tolist()])
        for topic in np.unique(topic_of).tolist():
            inside = positions[topic_of == topic]
            new_count = int((texts.age[inside] < NEW_DAYS).sum())
            if new_count > MAX_NEW_TEXTS and level + 1 < deepest:
                waiting.append((level + 1, inside))
            elif new_count >= MIN_NEW_TEXTS and len(inside) - new_count >= MIN_OLD_TEXTS:
                cells.append(_bounded_cell(topic, texts.at(inside)))
    return sorted(cells, key=lambda cell: cell.topic_id)


def _bounded_cell(topic: int, texts: RegionTexts) -> TextCell:
    new, old = (np.flatnonzero(side) for side in (texts.age < NEW_DAYS, texts.age >= NEW_DAYS))
    newest = new[np.argsort(texts.age[new], kind="stable")[:MAX_NEW_TEXTS]]
    sample = old[np.argsort(texts.id[old] * HASH_FACTOR % HASH_SIZE, kind="stable")[:MAX_OLD_TEXTS]]
    return TextCell(topic, texts.at(np.concatenate([newest, sample])), len(sample) / len(old))
