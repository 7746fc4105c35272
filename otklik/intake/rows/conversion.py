"""Converting a row's cells into an appeal's columns, or finding the reason to reject it."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from psycopg import Connection

from otklik.intake.errors import BadFile, RowRejected, short_quote
from otklik.intake.mapping.dates import utc_instant
from otklik.intake.mapping.model import CODED_FIELDS, DATE_FIELDS, ImportMapping
from otklik.intake.mapping.territories import Territory
from otklik.intake.mapping.vocabulary import CodeRule
from otklik.intake.readers.tabular import Cell
from otklik.intake.rows.catalogue import OrganisationLookup, TopicLookup
from otklik.intake.rows.cells import CellReader, FieldTexts, parse_point, parse_rating
from otklik.intake.rows.territory_lookup import TerritoryLookup

MAX_NUMBER_LENGTH = 200
"""Characters. Numbers are indexed, and an index entry has a limited size."""

MAX_CACHED_LENGTH = 200
"""Characters of a cell whose code is remembered."""

ColumnValues = dict[str, Any]


class RowConverter:
    """Turns rows into columns of `appeal`; adds the territories, topics and organisations that good rows need."""

    def __init__(self, connection: Connection[Any], mapping: ImportMapping, header: Sequence[str]) -> None:
        """Raises BadFile for a mapping with codes that the database doesn't have."""
        self._date_format = mapping.date_format
        self._rating_scale = mapping.rating_scale
        self.cell_reader = CellReader(mapping, header)
        self._reference_ids = {
            name: _ids_by_code(connection, mapping, name) for name in CODED_FIELDS if name != "reopened"
        }
        self._status_is_open = dict(connection.execute("SELECT code, is_open FROM status").fetchall())
        self._rules = {
            name: [self._positioned_rule(rule) for rule in rules] for name, rules in mapping.code_rules.items()
        }
        self.territories = TerritoryLookup(connection, mapping)
        self._topics = TopicLookup(connection, mapping)
        self._organisations = OrganisationLookup(connection, mapping, self.territories)
        self._seen_numbers: set[str] = set()
        self.origin_point_count = 0
        """Rows so far with a point at 0, 0."""

    def begin_batch(self, rows: Iterable[Sequence[Cell]], staged_numbers: Callable[[list[str]], set[str]]) -> None:
        """Look up which numbers of the next rows earlier ones have; only those are held, and only for this batch."""
        self._seen_numbers = staged_numbers(self.cell_reader.row_numbers(rows))

    def column_values(self, row: Sequence[Cell]) -> ColumnValues:
        """The appeal's columns by name. Raises RowRejected."""
        cell_reader = self.cell_reader
        if len(row) != cell_reader.column_count:
            raise RowRejected("a wrong number of cells", f"{len(row)} instead of {cell_reader.column_count}")
        texts = cell_reader.field_texts(row)
        number = cell_reader.required_text(texts, "number")
        if number in self._seen_numbers:
            raise RowRejected("a duplicate number", short_quote(number))
        if len(number) > MAX_NUMBER_LENGTH:
            raise RowRejected(f"a number longer than {MAX_NUMBER_LENGTH} characters", short_quote(number))
        lon, lat = parse_point(texts)
        has_origin_point = lon is None and bool(texts["lon"] and texts["lat"])
        region = self.territories.region(texts["region"], lon, lat)
        values: ColumnValues = {"number": number, "lon": lon, "lat": lat}
        values |= {**self._date_values(row, texts, region), **self._state_values(row)}
        self._check_closing(values)
        self._set_rating(texts, values)
        values["body"] = texts["body"] or None
        topic = (cell_reader.required_text(texts, "category"), texts["subcategory"], texts["fact"])
        holder = cell_reader.required_text(texts, "holder")
        # The row is good: only now may territories, topics and organisations be added.
        values["region_id"] = self.territories.ensure_id(region)
        values["municipality_id"] = self.territories.municipality_id(region, texts["municipality"], lon, lat)
        values["topic_id"] = self._topics.ensure_id(tuple(filter(None, topic)))
        values["holder_id"] = self._organisations.ensure_id(region, holder)
        values["first_holder_id"] = self._organisations.ensure_id(region, texts["first_holder"] or holder)
        self._seen_numbers.add(number)
        self.origin_point_count += has_origin_point
        return values

    def _date_values(self, row: Sequence[Cell], texts: FieldTexts, region: Territory) -> ColumnValues:
        zone = self._date_format.zone or region.zone
        self.cell_reader.required_text(texts, "received_at")
        values: ColumnValues = dict.fromkeys(DATE_FIELDS)
        for field in DATE_FIELDS:
            cell = self.cell_reader.date_cell(row, texts, field)
            if cell is None:
                continue
            # Deadlines before the receipt do occur in real exports.
            not_before = None if field == "deadline_at" else values["received_at"]
            values[field] = utc_instant(self._date_format.local_time(field, cell), zone, not_before)
            if not_before is not None and values[field] < not_before:
                raise RowRejected(f"{field.removesuffix('_at')} before received", str(cell))
        return values

    def _state_values(self, row: Sequence[Cell]) -> ColumnValues:
        values: ColumnValues = {"status": self.mapped_code(row, "status")}
        if not values["status"]:
            raise RowRejected("no status")
        values["status_id"] = self._reference_ids["status"][values["status"]]
        for field, default_code in (("channel", "integration"), ("regime", "ordinary"), ("outcome", "")):
            values[f"{field}_id"] = self._reference_ids[field].get(self.mapped_code(row, field) or default_code)
        values["reopened"] = int(self.mapped_code(row, "reopened") or 0)
        return values

    def mapped_code(self, row: Sequence[Cell], field: str) -> str:
        """The code of a coded field in a row, by its first rule that gives one; "" without. Raises UnknownWord."""
        for position, meaning in self._rules[field]:
            if code := meaning("" if position is None else row[position]):
                return code
        return ""

    def _positioned_rule(self, rule: CodeRule) -> tuple[int | None, Callable[[Cell], str]]:
        """The position of the rule's column, and what gives a cell its code."""
        if rule.column is None:
            return None, lambda _: rule.default_code
        position = self.cell_reader.column_position(rule.column)

        def code_for(cell: Cell) -> str:
            return rule.code_for(self.cell_reader.cell_text(cell, position))

        # Few distinct values fill many cells; `typed` keeps 1, 1.0 and True apart.
        cached_code_for = lru_cache(maxsize=20_000, typed=True)(code_for)
        return (
            position,
            lambda cell: (
                cached_code_for(cell) if not isinstance(cell, str) or len(cell) <= MAX_CACHED_LENGTH else code_for(cell)
            ),
        )

    def _check_closing(self, values: ColumnValues) -> None:
        """Status and closing date must agree on whether the appeal is open."""
        is_open = self._status_is_open[values.pop("status")]
        if is_open and values["closed_at"] is not None:
            raise RowRejected("an open status with a closing date")
        if not is_open and values["closed_at"] is None:
            raise RowRejected("a closed status without a closing date")
        if is_open:
            values["outcome_id"] = None

    def _set_rating(self, texts: FieldTexts, values: ColumnValues) -> None:
        values["rating"] = parse_rating(texts, self._rating_scale)
        if values["rating"] is None and values["rated_at"] is not None:
            raise RowRejected("a rating date without a rating")
        if values["rating"] is not None:
            # Without a rating date, the rating counts as given with the answer.
            values["rated_at"] = values["rated_at"] or values["closed_at"] or values["received_at"]


def _ids_by_code(connection: Connection[Any], mapping: ImportMapping, table: str) -> dict[str, int]:
    ids = dict(connection.execute(f"SELECT code, id FROM {table}").fetchall())  # noqa: S608 - one of CODED_FIELDS
    for rule in mapping.code_rules[table]:
        for code in sorted(rule.possible_codes() - set(ids)):
            raise BadFile(f"The mapping {mapping.code} uses the {table} “{code}”: expected {', '.join(ids)}.")
    return ids
