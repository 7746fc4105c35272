"""From the cells of a row to the columns of an appeal, or to the reason why not."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from psycopg import Connection

from otklik.intake.catalogue import Organisations, Topics
from otklik.intake.cells import Cells, Texts, point, rating
from otklik.intake.dates import instant
from otklik.intake.errors import BadFile, Rejected, quoted
from otklik.intake.file_reader import Cell
from otklik.intake.mapping import DATES, WORDS, Mapping
from otklik.intake.territories import Place
from otklik.intake.territory_lookup import Places
from otklik.intake.vocabulary import Rule

LONGEST_NUMBER = 200
"""Characters; a number stands in an index."""

Values = dict[str, Any]


class Conversion:
    """Turns rows into columns of `appeal`; makes the topics and organisations that good rows need."""

    def __init__(self, connection: Connection[Any], mapping: Mapping, header: Sequence[str]) -> None:
        """Raises BadFile for a mapping that uses codes which the database doesn't know."""
        self._dates_of = mapping.dates
        self._cells = Cells(mapping, header)
        self._codes = {name: _codes(connection, mapping, name) for name in WORDS if name != "reopened"}
        self._open = dict(connection.execute("SELECT code, is_open FROM status").fetchall())
        self._rules = {
            name: [(self._cells.position(rule.column) if rule.column else None, self._meaning(rule)) for rule in rules]
            for name, rules in mapping.words.items()
        }
        self._places = Places(connection, mapping)
        self._topics = Topics(connection, mapping)
        self._organisations = Organisations(connection, mapping, self._places)
        self._numbers: set[str] = set()

    def values(self, row: Sequence[Cell]) -> Values:
        """The appeal's columns by name. Raises Rejected."""
        cell_reader = self._cells
        if len(row) != cell_reader.width:
            raise Rejected("a wrong number of cells", f"{len(row)} instead of {cell_reader.width}")
        texts = cell_reader.texts(row)
        number = cell_reader.needed(texts, "number")
        if number in self._numbers:
            raise Rejected("a number that an earlier row has", quoted(number))
        if len(number) > LONGEST_NUMBER:
            raise Rejected("a number that is too long", quoted(number))
        region = self._places.region(texts["region"])
        values: Values = {"number": number, **self._dates(row, texts, region), **self._state(row)}
        self._fit(values)
        self._rate(texts, values)
        values["lon"], values["lat"] = point(texts)
        values["body"] = texts["body"] or None
        topic = (cell_reader.needed(texts, "category"), texts["subcategory"], texts["fact"])
        holder = cell_reader.needed(texts, "holder")
        # From here on the row is good: what it needs is made.
        values["region_id"] = self._places.id(region)
        values["municipality_id"] = self._places.municipality(region, texts["municipality"])
        values["topic_id"] = self._topics.id(tuple(filter(None, topic)))
        values["holder_id"] = self._organisations.id(region, holder)
        values["first_holder_id"] = self._organisations.id(region, texts["first_holder"] or holder)
        self._numbers.add(number)
        return values

    def _dates(self, row: Sequence[Cell], texts: Texts, region: Place) -> Values:
        zone = self._dates_of.zone or region.zone
        self._cells.needed(texts, "received_at")
        values: Values = dict.fromkeys(DATES)
        for field in DATES:
            cell = self._cells.day(row, texts, field)
            if cell is None:
                continue
            # A deadline before receipt is odd, and real.
            not_before = None if field == "deadline_at" else values["received_at"]
            values[field] = instant(self._dates_of.local(field, cell), zone, not_before)
            if not_before is not None and values[field] < not_before:
                raise Rejected(f"{field.removesuffix('_at')} before received", str(cell))
        return values

    def _state(self, row: Sequence[Cell]) -> Values:
        values: Values = {"status": self._word(row, "status")}
        if not values["status"]:
            raise Rejected("no status")
        values["status_id"] = self._codes["status"][values["status"]]
        for field, default_code in (("channel", "integration"), ("regime", "ordinary"), ("outcome", "")):
            values[f"{field}_id"] = self._codes[field].get(self._word(row, field) or default_code)
        values["reopened"] = int(self._word(row, "reopened") or 0)
        return values

    def _word(self, row: Sequence[Cell], field: str) -> str:
        for position, meaning in self._rules[field]:
            if code := meaning("" if position is None else row[position]):
                return code
        return ""

    def _meaning(self, rule: Rule) -> Callable[[Cell], str]:
        # Few words fill many cells; 1, 1.0 and True are different ones.
        return lru_cache(maxsize=20_000, typed=True)(lambda cell: rule.meaning(self._cells.said(cell)))

    def _fit(self, values: Values) -> None:
        """The status says open or closed, and so does the date of closing."""
        is_open = self._open[values.pop("status")]
        if is_open and values["closed_at"] is not None:
            raise Rejected("an open status with a date of closing")
        if not is_open and values["closed_at"] is None:
            raise Rejected("a closed status without a date of closing")
        if is_open:
            values["outcome_id"] = None

    def _rate(self, texts: Texts, values: Values) -> None:
        values["rating"] = rating(texts)
        if values["rating"] is None and values["rated_at"] is not None:
            raise Rejected("a date of rating without a rating")
        if values["rating"] is not None:
            # When a source doesn't say: with the answer, which a rating can't be before.
            values["rated_at"] = values["rated_at"] or values["closed_at"] or values["received_at"]


def _codes(connection: Connection[Any], mapping: Mapping, table: str) -> dict[str, int]:
    ids = dict(connection.execute(f"SELECT code, id FROM {table}").fetchall())  # noqa: S608 - one of WORDS
    for rule in mapping.words[table]:
        for code in sorted(rule.codes() - set(ids)):
            raise BadFile(f"The mapping {mapping.code} uses the {table} “{code}”: expected {', '.join(ids)}.")
    return ids
