"""Where the text of a field comes from: a column, a part of one, several joined, or the same text in every row."""

import re
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from otklik.intake.mapping.toml_sections import TomlSection
from otklik.intake.readers.tabular import normalized_column

PAIRS = (("lon", "lat"), ("lat", "lon"), ("fact", "subcategory"), ("rated_at", "rating"))
"""Fields that a mapping can only have with another one."""


@dataclass(frozen=True)
class FieldSource:
    """The cells of `columns` joined by `separator`, empty ones left out; then a part of that, or `default`.

    The part is the one between two `split_at`, counted from 1, or from the end by -1; or what `pattern` finds, its
    first group if it has one. A part that isn't there is empty. Without columns, every row has the `default`.
    """

    columns: tuple[str, ...] = ()
    separator: str = " "
    split_at: str | None = None
    part: int = 1
    pattern: re.Pattern[str] | None = None
    default: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether the field is one column's cell as it stands."""
        return len(self.columns) == 1 and self.split_at is None and self.pattern is None and not self.default

    def without(self, missing: Container[str]) -> "FieldSource":
        """The source without the columns of these normalized names."""
        return replace(self, columns=tuple(name for name in self.columns if normalized_column(name) not in missing))

    def text(self, cell_texts: Iterable[str]) -> str:
        """The field's text, given those of the columns' cells."""
        text = self.separator.join(filter(None, cell_texts))
        if self.split_at is not None:
            parts = text.split(self.split_at)
            position = self.part - 1 if self.part > 0 else self.part
            text = parts[position].strip() if -len(parts) <= position < len(parts) else ""
        elif self.pattern is not None:
            match = self.pattern.search(text)
            text = (match[match.re.groups and 1] or "").strip() if match else ""
        return text or self.default


def parse_field_sources(root: TomlSection) -> dict[str, FieldSource]:
    """The section [columns] of a mapping, by field. Raises BadFile for a mistake in it."""
    table: dict[str, Any] = root.get("columns", {})
    return {field: _parse_source(root, field, value) for field, value in table.items()}


def _parse_source(root: TomlSection, field: str, value: object) -> FieldSource:
    if isinstance(value, str):
        return FieldSource((value,))
    if isinstance(value, list) and value and all(isinstance(name, str) for name in value):
        return FieldSource(tuple(value))
    if isinstance(value, dict):
        return _parse_source_table(TomlSection(f"{root.description}, [columns.{field}],", value))
    raise root.error(f"has `{field} = {value!r}` in [columns]: expected a column, a list of columns or a table")


def _parse_source_table(section: TomlSection) -> FieldSource:
    column = section.optional_text("column")
    columns = (column,) if column is not None else section.text_list("columns", [])
    expression = section.optional_text("pattern")
    try:
        pattern = None if expression is None else re.compile(expression)
    except re.error as error:
        raise section.error(f"has a pattern “{expression}” that isn't a regular expression ({error})") from error
    source = FieldSource(
        columns,
        section.get("separator", " "),
        section.optional_text("split"),
        section.get("part", 1),
        pattern,
        section.get("default", ""),
    )
    section.reject_unknown_keys()
    if not columns and not source.default:
        raise section.error("has no `column` and no `default`: expected one of them, or `columns` to be joined")
    if source.split_at is not None and (not source.split_at or source.part == 0 or pattern is not None):
        raise section.error("expects a text as `split`, a `part` from 1 on or from -1 back, and no `pattern` besides")
    return source


def check_fields(root: TomlSection, sources: Collection[str], known: Sequence[str], required: Sequence[str]) -> None:
    """Raise BadFile for an unknown field in [columns], and for one that is missing."""
    for field in sources:
        if field not in known:
            raise root.error(f"has an unknown field `{field}` in [columns]: expected {', '.join(known)}")
    for field in required:
        if field not in sources:
            raise root.error(f"has no `{field}` in [columns]: expected the column that holds it")
    for field, other in PAIRS:
        if field in sources and other not in sources:
            raise root.error(f"has `{field}` without `{other}` in [columns]: expected both")
