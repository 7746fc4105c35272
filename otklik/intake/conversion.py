"""From the cells of a row to the columns of an appeal, or to the reason why not."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from psycopg import Connection

from otklik.intake.catalogue import OrganisationLookup, TopicLookup
from otklik.intake.cells import CellReader, FieldTexts, parse_point, parse_rating
from otklik.intake.dates import utc_instant
from otklik.intake.errors import BadFile, RowRejected, short_quote
from otklik.intake.file_reader import Cell
from otklik.intake.mapping import CODED_FIELDS, DATE_FIELDS, ImportMapping
from otklik.intake.territories import Territory
from otklik.intake.territory_lookup import TerritoryLookup
from otklik.intake.vocabulary import CodeRule

MAX_NUMBER_LENGTH = 200
"""Characters; a number stands in an index."""

ColumnValues = dict[str, Any]


class RowConverter:
    """Turns rows into columns of `appeal`; makes the topics and organisations that good rows need."""

    def __init__(self, connection: Connection[Any], mapping: ImportMapping, header: Sequence[str]) -> None:
        """Raises BadFile for a mapping that uses codes which the database doesn't know."""
        self._date_format = mapping.date_format
        self._cell_reader = CellReader(mapping, header)
        self._reference_ids = {
            name: _ids_by_code(connection, mapping, name) for name in CODED_FIELDS if name != "reopened"
        }
        self._status_is_open = dict(connection.execute("SELECT code, is_open FROM status").fetchall())
        self._rules = {
            name: [
                (self._cell_reader.column_position(rule.column) if rule.column else None, self._cached_code_for(rule))
                for rule in rules
            ]
            for name, rules in mapping.code_rules.items()
        }
        self._territories = TerritoryLookup(connection, mapping)
        self._topics = TopicLookup(connection, mapping)
        self._organisations = OrganisationLookup(connection, mapping, self._territories)
        self._seen_numbers: set[str] = set()

    def column_values(self, row: Sequence[Cell]) -> ColumnValues:
        """The appeal's columns by name. Raises Rejected."""
        cell_reader = self._cell_reader
        if len(row) != cell_reader.column_count:
            raise RowRejected("a wrong number of cells", f"{len(row)} instead of {cell_reader.column_count}")
        texts = cell_reader.field_texts(row)
        number = cell_reader.required_text(texts, "number")
        if number in self._seen_numbers:
            raise RowRejected("a number that an earlier row has", short_quote(number))
        if len(number) > MAX_NUMBER_LENGTH:
            raise RowRejected("a number that is too long", short_quote(number))
        region = self._territories.region(texts["region"])
        values: ColumnValues = {"number": number, **self._date_values(row, texts, region), **self._state_values(row)}
        self._check_closing(values)
        self._set_rating(texts, values)
        values["lon"], values["lat"] = parse_point(texts)
        values["body"] = texts["body"] or None
        topic = (cell_reader.required_text(texts, "category"), texts["subcategory"], texts["fact"])
        holder = cell_reader.required_text(texts, "holder")
        # From here on the row is good: what it needs is made.
        values["region_id"] = self._territories.ensure_id(region)
        values["municipality_id"] = self._territories.municipality_id(region, texts["municipality"])
        values["topic_id"] = self._topics.ensure_id(tuple(filter(None, topic)))
        values["holder_id"] = self._organisations.ensure_id(region, holder)
        values["first_holder_id"] = self._organisations.ensure_id(region, texts["first_holder"] or holder)
        self._seen_numbers.add(number)
        return values

    def _date_values(self, row: Sequence[Cell], texts: FieldTexts, region: Territory) -> ColumnValues:
        zone = self._date_format.zone or region.zone
        self._cell_reader.required_text(texts, "received_at")
        values: ColumnValues = dict.fromkeys(DATE_FIELDS)
        for field in DATE_FIELDS:
            cell = self._cell_reader.date_cell(row, texts, field)
            if cell is None:
                continue
            # A deadline before receipt is odd, and real.
            not_before = None if field == "deadline_at" else values["received_at"]
            values[field] = utc_instant(self._date_format.local_time(field, cell), zone, not_before)
            if not_before is not None and values[field] < not_before:
                raise RowRejected(f"{field.removesuffix('_at')} before received", str(cell))
        return values

    def _state_values(self, row: Sequence[Cell]) -> ColumnValues:
        values: ColumnValues = {"status": self._mapped_code(row, "status")}
        if not values["status"]:
            raise RowRejected("no status")
        values["status_id"] = self._reference_ids["status"][values["status"]]
        for field, default_code in (("channel", "integration"), ("regime", "ordinary"), ("outcome", "")):
            values[f"{field}_id"] = self._reference_ids[field].get(self._mapped_code(row, field) or default_code)
        values["reopened"] = int(self._mapped_code(row, "reopened") or 0)
        return values

    def _mapped_code(self, row: Sequence[Cell], field: str) -> str:
        for position, meaning in self._rules[field]:
            if code := meaning("" if position is None else row[position]):
                return code
        return ""

    def _cached_code_for(self, rule: CodeRule) -> Callable[[Cell], str]:
        # Few words fill many cells; 1, 1.0 and True are different ones.
        return lru_cache(maxsize=20_000, typed=True)(lambda cell: rule.code_for(self._cell_reader.cell_text(cell)))

    def _check_closing(self, values: ColumnValues) -> None:
        """The status says open or closed, and so does the date of closing."""
        is_open = self._status_is_open[values.pop("status")]
        if is_open and values["closed_at"] is not None:
            raise RowRejected("an open status with a date of closing")
        if not is_open and values["closed_at"] is None:
            raise RowRejected("a closed status without a date of closing")
        if is_open:
            values["outcome_id"] = None

    def _set_rating(self, texts: FieldTexts, values: ColumnValues) -> None:
        values["rating"] = parse_rating(texts)
        if values["rating"] is None and values["rated_at"] is not None:
            raise RowRejected("a date of rating without a rating")
        if values["rating"] is not None:
            # When a source doesn't say: with the answer, which a rating can't be before.
            values["rated_at"] = values["rated_at"] or values["closed_at"] or values["received_at"]


def _ids_by_code(connection: Connection[Any], mapping: ImportMapping, table: str) -> dict[str, int]:
    ids = dict(connection.execute(f"SELECT code, id FROM {table}").fetchall())  # noqa: S608 - one of WORDS
    for rule in mapping.code_rules[table]:
        for code in sorted(rule.possible_codes() - set(ids)):
            raise BadFile(f"The mapping {mapping.code} uses the {table} “{code}”: expected {', '.join(ids)}.")
    return ids
