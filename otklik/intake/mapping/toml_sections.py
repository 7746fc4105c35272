"""Typed access to a mapping's TOML, with every mistake in it reported as one sentence."""

import re
from typing import Any, TypeVar

from otklik.intake.errors import BadFile

T = TypeVar("T")
TYPE_LABELS = {str: "text", int: "a whole number", list: "a list", dict: "a table", bool: "true or false"}


class TomlSection:
    """A table of the mapping. Each key is read once; a key that is left over is a mistake."""

    def __init__(self, description: str, table: dict[str, Any]) -> None:
        """`description` is the subject of the error messages, such as "The mapping pos, [file],"."""
        self.description = description
        self._unread = dict(table)

    def error(self, problem: str) -> BadFile:
        """The error for a problem in this table, such as "has no `code`"."""
        return BadFile(f"{self.description} {problem}.")

    def require(self, name: str, expected_type: type[T]) -> T:
        """A required value. Raises BadFile when it is missing or of another type."""
        if name not in self._unread:
            raise self.error(f"has no `{name}`: expected {TYPE_LABELS[expected_type]}")
        value = self._unread.pop(name)
        if not isinstance(value, expected_type) or (expected_type is int and isinstance(value, bool)):
            raise self.error(f"has `{name} = {value!r}`: expected {TYPE_LABELS[expected_type]}")
        return value

    def get(self, name: str, default: T) -> T:
        """An optional value of the default's type. Raises BadFile when it is of another type."""
        return self.require(name, type(default)) if name in self._unread else default

    def optional_text(self, name: str) -> str | None:
        """An optional text. Raises BadFile when it isn't text."""
        return self.require(name, str) if name in self._unread else None

    def text_list(self, name: str, default: list[str]) -> tuple[str, ...]:
        """An optional list of texts. Raises BadFile when it is something else."""
        items: list[Any] = self.get(name, list(default))
        if not all(isinstance(item, str) for item in items):
            raise self.error(f"has `{name} = {items!r}`: expected a list of texts")
        return tuple(items)

    def text_lists(self, name: str) -> dict[str, list[str]]:
        """An optional table whose values are lists of texts. Raises BadFile when it is something else."""
        table: dict[str, Any] = self.get(name, {})
        for items in table.values():
            if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
                raise self.error(f"has a value in `{name}` that isn't a list of texts")
        return table

    def text_table(self, name: str) -> dict[str, str]:
        """An optional table whose values are texts. Raises BadFile when it is something else."""
        table: dict[str, Any] = self.get(name, {})
        if not all(isinstance(value, str) for value in table.values()):
            raise self.error(f"has a value in `{name}` that isn't text")
        return table

    def pattern_table(self, name: str) -> list[tuple[re.Pattern[str], str]]:
        """An optional table of texts by regular expressions, which ignore case. Raises BadFile for a wrong one."""
        patterns = []
        for expression, text in self.text_table(name).items():
            try:
                patterns.append((re.compile(expression, re.IGNORECASE), text))
            except re.error as error:
                raise self.error(f"has a pattern “{expression}” that isn't a regular expression ({error})") from error
        return patterns

    def subsection(self, name: str) -> "TomlSection":
        """An inner table, empty when it is absent. Raises BadFile when it isn't a table."""
        return TomlSection(f"{self.description}, [{name}],", self.get(name, {}))

    def subsections(self, name: str) -> "list[TomlSection]":
        """An optional list of inner tables. Raises BadFile when it is something else."""
        tables: list[Any] = self.get(name, [])
        if not all(isinstance(table, dict) for table in tables):
            raise self.error(f"has a `{name}` that isn't a list of tables: expected [[{name}]]")
        return [TomlSection(f"{self.description}, [[{name}]],", table) for table in tables]

    def reject_unknown_keys(self) -> None:
        """Raise BadFile when a key hasn't been read."""
        for name in self._unread:
            raise self.error(f"has an unknown key `{name}`")
