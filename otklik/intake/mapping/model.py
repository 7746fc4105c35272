"""Mappings: TOML files that describe how the rows of a source become appeals. See docs/import.md."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from otklik.intake.errors import BadFile
from otklik.intake.mapping.dates import DateFormat, parse_date_format
from otklik.intake.mapping.field_source import FieldSource, check_fields, parse_field_sources
from otklik.intake.mapping.file_layout import parse_file_layout
from otklik.intake.mapping.rating_scale import RatingScale, parse_rating_scale
from otklik.intake.mapping.toml_sections import TomlSection
from otklik.intake.mapping.vocabulary import CodeRule, parse_rules
from otklik.intake.readers.tabular import FileLayout, normalized_column

MAPPINGS_FOLDER = Path(__file__).parents[1] / "mappings"
REQUIRED_FIELDS = ("number", "received_at", "category", "holder")
DATE_FIELDS = ("received_at", "registered_at", "deadline_at", "closed_at", "rated_at")
COLUMN_FIELDS = (
    *REQUIRED_FIELDS, *DATE_FIELDS[1:], "region", "municipality", "subcategory", "fact", "first_holder",
    "rating", "lon", "lat", "body",
)  # fmt: skip
CODED_FIELDS = ("status", "outcome", "channel", "regime", "reopened")
ORGANISATION_LEVELS = ("federal", "regional", "municipal")


@dataclass(frozen=True)
class ImportMapping:
    """A mapping; `columns` says where each field comes from, `code_rules` has the rules of each coded field.

    `optional_columns` and the columns of `empty_by_column` are normalized names. `absent_fields` are those whose
    columns the file at hand lacks: known appeals keep them, new ones get their defaults.
    """

    code: str
    name: str
    names: dict[str, str]
    file_layout: FileLayout
    empty_values: frozenset[str]
    empty_by_column: dict[str, frozenset[str]]
    optional_columns: frozenset[str]
    columns: dict[str, FieldSource]
    rating_scale: RatingScale
    code_rules: dict[str, tuple[CodeRule, ...]]
    date_format: DateFormat
    added_territories: tuple[dict[str, Any], ...]
    territories_file: Path | None
    boundaries_file: Path | None
    fixed_region: str | None
    by_point: bool
    level_patterns: tuple[tuple[re.Pattern[str], str], ...]
    default_level: str
    organisation_names: dict[str, str]
    organisation_short_names: dict[str, str]
    absent_fields: frozenset[str] = frozenset()

    def required_columns(self) -> list[str]:
        """The columns that a file must have, each once."""
        return [column for column in self.all_columns() if normalized_column(column) not in self.optional_columns]

    def all_columns(self) -> list[str]:
        """The columns that are read, those too that a file may lack, each once."""
        field_columns = [column for source in self.columns.values() for column in source.columns]
        rule_columns = [rule.column for field_rules in self.code_rules.values() for rule in field_rules if rule.column]
        return list(dict.fromkeys([*field_columns, *rule_columns]))

    def for_header(self, header: Sequence[str]) -> "ImportMapping":
        """The mapping without the optional columns that a file lacks. Raises BadFile where it can't do without."""
        missing = self.optional_columns - {normalized_column(name) for name in header}
        if not missing:
            return self
        columns = {field: source.without(missing) for field, source in self.columns.items()}
        rules = {
            name: tuple(rule.without(missing) for rule in field_rules) for name, field_rules in self.code_rules.items()
        }
        present = {field: source for field, source in columns.items() if source.columns or source.default}
        present_rules = {
            name: tuple(rule for rule in field_rules if rule.column or rule.default_code)
            for name, field_rules in rules.items()
        }
        absent = {field for field, source in columns.items() if self.columns[field].columns and not source.columns}
        absent |= {
            name
            for name, field_rules in rules.items()
            if any(rule.column for rule in self.code_rules[name]) and not any(rule.column for rule in field_rules)
        }
        for field in (*REQUIRED_FIELDS, "region", "status"):
            if field in absent and not (field in present or present_rules.get(field)):
                raise BadFile(f"The file has no column for `{field}`, which the mapping {self.code} calls optional.")
        return replace(self, columns=present, code_rules=present_rules, absent_fields=frozenset(absent))


def read_mapping(name: str) -> ImportMapping:
    """A shipped mapping by its name, or one in a TOML file by its path. Raises BadFile for a mistake in it."""
    path = MAPPINGS_FOLDER / f"{name}.toml" if re.fullmatch(r"\w[\w-]*", name) else Path(name)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        mapping_names = ", ".join(sorted(toml_file.stem for toml_file in MAPPINGS_FOLDER.glob("*.toml")))
        raise BadFile(f"There is no mapping {name}: expected {mapping_names} or the path of a TOML file.") from error
    except OSError as error:
        raise BadFile(f"The mapping {name} can't be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadFile(f"The mapping {name} isn't a TOML file: {error}.") from error
    return _parse_mapping(TomlSection(f"The mapping {name}", table), path.parent)


def _parse_mapping(root: TomlSection, folder: Path) -> ImportMapping:
    source, file, territories = root.subsection("source"), root.subsection("file"), root.subsection("territories")
    organisations, columns = root.subsection("organisations"), parse_field_sources(root)
    check_fields(root, columns, COLUMN_FIELDS, REQUIRED_FIELDS)
    territories_file = territories.optional_text("file")
    boundaries_file = territories.optional_text("boundaries")
    mapping = ImportMapping(
        code=source.require("code", str),
        name=source.require("name", str),
        names=source.text_table("names"),
        file_layout=parse_file_layout(file),
        empty_values=frozenset(file.text_list("empty", [])),
        empty_by_column={
            normalized_column(column): frozenset(values)
            for column, values in file.text_lists("empty_by_column").items()
        },
        optional_columns=frozenset(map(normalized_column, file.text_list("optional_columns", []))),
        columns=columns,
        rating_scale=parse_rating_scale(root.subsection("rating")),
        code_rules={name: parse_rules(root, name) for name in CODED_FIELDS},
        date_format=parse_date_format(root.subsection("dates"), DATE_FIELDS),
        added_territories=tuple(territories.get("add", [])),
        territories_file=_territories_path(territories, folder, territories_file) if territories_file else None,
        boundaries_file=folder / boundaries_file if boundaries_file else None,
        fixed_region=territories.optional_text("region"),
        by_point=bool(territories.get("by_point", False)),
        level_patterns=_parse_level_patterns(organisations),
        default_level=organisations.get("level", "regional"),
        organisation_names=organisations.text_table("names"),
        organisation_short_names=organisations.text_table("short_names"),
    )
    namings = (mapping.fixed_region is not None) + ("region" in columns)
    if namings > 1 or not (namings or mapping.by_point):
        raise root.error(
            "has to name the region once: as `region` in [columns], or in [territories],"
            " which may also say `by_point = true`"
        )
    if mapping.by_point and "lon" not in columns:
        raise territories.error("has `by_point` without `lon` and `lat` in [columns]: expected both")
    if not mapping.code_rules["status"]:
        raise root.error("has no [[status]]: expected the column and the words of the status")
    for number in sorted({code for rule in mapping.code_rules["reopened"] for code in rule.possible_codes()}):
        if not re.fullmatch(r"[0-9]{1,3}", number):
            raise root.error(f"uses “{number}” for reopened: expected a number")
    if mapping.default_level not in ORGANISATION_LEVELS:
        raise organisations.error(f"has the level “{mapping.default_level}”: expected {', '.join(ORGANISATION_LEVELS)}")
    for section in (root, source, file, territories, organisations):
        section.reject_unknown_keys()
    return mapping


def _parse_level_patterns(section: TomlSection) -> tuple[tuple[re.Pattern[str], str], ...]:
    patterns = section.pattern_table("levels")
    for _, level in patterns:
        if level not in ORGANISATION_LEVELS:
            raise section.error(f"has the level “{level}”: expected {', '.join(ORGANISATION_LEVELS)}")
    return tuple(patterns)


def _territories_path(section: TomlSection, folder: Path, name: str) -> Path:
    path = folder / name if name.endswith(".csv") else Path(__file__).parents[1] / "territories" / f"{name}.csv"
    if not path.is_file():
        raise section.error(
            f"names the file {name}, which doesn't exist: expected ru, or a CSV file next to the mapping"
        )
    return path
