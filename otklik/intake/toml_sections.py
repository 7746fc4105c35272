"""Reading a mapping's TOML so that every mistake in it is one sentence."""

from typing import Any, TypeVar

from otklik.intake.errors import BadFile

T = TypeVar("T")
TYPE_LABELS = {str: "text", list: "a list", dict: "a table", bool: "true or false"}


class TomlSection:
    """A table of the mapping, from which each key is taken once; what is left over is a mistake."""

    def __init__(self, description: str, table: dict[str, Any]) -> None:
        """`where` is what a sentence calls the table."""
        self.description = description
        self._unread = dict(table)

    def error(self, problem: str) -> BadFile:
        """The sentence about a mistake in this table."""
        return BadFile(f"{self.description} {problem}.")

    def require(self, name: str, expected_type: type[T]) -> T:
        """A value that has to be there. Raises BadFile."""
        if name not in self._unread:
            raise self.error(f"has no `{name}`: expected {TYPE_LABELS[expected_type]}")
        value = self._unread.pop(name)
        if not isinstance(value, expected_type):
            raise self.error(f"says `{name} = {value!r}`: expected {TYPE_LABELS[expected_type]}")
        return value

    def get(self, name: str, default: T) -> T:
        """A value that may be there, of the same type as the default. Raises BadFile."""
        return self.require(name, type(default)) if name in self._unread else default

    def optional_text(self, name: str) -> str | None:
        """A text that may be there. Raises BadFile."""
        return self.require(name, str) if name in self._unread else None

    def text_list(self, name: str, default: list[str]) -> tuple[str, ...]:
        """A list of texts. Raises BadFile."""
        items: list[Any] = self.get(name, list(default))
        if not all(isinstance(item, str) for item in items):
            raise self.error(f"says `{name} = {items!r}`: expected a list of texts")
        return tuple(items)

    def text_table(self, name: str) -> dict[str, str]:
        """A table of texts by texts, empty when it isn't there. Raises BadFile."""
        table: dict[str, Any] = self.get(name, {})
        if not all(isinstance(value, str) for value in table.values()):
            raise self.error(f"has something else than texts in `{name}`")
        return table

    def subsection(self, name: str) -> "TomlSection":
        """A table inside, empty when it isn't there. Raises BadFile."""
        return TomlSection(f"{self.description}, [{name}],", self.get(name, {}))

    def subsections(self, name: str) -> "list[TomlSection]":
        """A list of tables inside. Raises BadFile."""
        tables: list[Any] = self.get(name, [])
        if not all(isinstance(table, dict) for table in tables):
            raise self.error(f"says `{name}` otherwise than by tables: expected [[{name}]]")
        return [TomlSection(f"{self.description}, [[{name}]],", table) for table in tables]

    def reject_unknown_keys(self) -> None:
        """Raise BadFile when a key is left that nobody took."""
        for name in self._unread:
            raise self.error(f"has a key `{name}` that means nothing there")
