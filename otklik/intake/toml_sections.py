"""Reading a mapping's TOML so that every mistake in it is one sentence."""

from typing import Any, TypeVar

from otklik.intake.errors import BadFile

T = TypeVar("T")
KINDS = {str: "text", list: "a list", dict: "a table", bool: "true or false"}


class Section:
    """A table of the mapping, from which each key is taken once; what is left over is a mistake."""

    def __init__(self, where: str, table: dict[str, Any]) -> None:
        """`where` is what a sentence calls the table."""
        self.where = where
        self._left = dict(table)

    def mistake(self, what: str) -> BadFile:
        """The sentence about a mistake in this table."""
        return BadFile(f"{self.where} {what}.")

    def take(self, name: str, kind: type[T]) -> T:
        """A value that has to be there. Raises BadFile."""
        if name not in self._left:
            raise self.mistake(f"has no `{name}`: expected {KINDS[kind]}")
        value = self._left.pop(name)
        if not isinstance(value, kind):
            raise self.mistake(f"says `{name} = {value!r}`: expected {KINDS[kind]}")
        return value

    def get(self, name: str, default: T) -> T:
        """A value that may be there, of the same type as the default. Raises BadFile."""
        return self.take(name, type(default)) if name in self._left else default

    def text(self, name: str) -> str | None:
        """A text that may be there. Raises BadFile."""
        return self.take(name, str) if name in self._left else None

    def texts(self, name: str, default: list[str]) -> tuple[str, ...]:
        """A list of texts. Raises BadFile."""
        found: list[Any] = self.get(name, list(default))
        if not all(isinstance(item, str) for item in found):
            raise self.mistake(f"says `{name} = {found!r}`: expected a list of texts")
        return tuple(found)

    def pairs(self, name: str) -> dict[str, str]:
        """A table of texts by texts, empty when it isn't there. Raises BadFile."""
        found: dict[str, Any] = self.get(name, {})
        if not all(isinstance(value, str) for value in found.values()):
            raise self.mistake(f"has something else than texts in `{name}`")
        return found

    def section(self, name: str) -> "Section":
        """A table inside, empty when it isn't there. Raises BadFile."""
        return Section(f"{self.where}, [{name}],", self.get(name, {}))

    def sections(self, name: str) -> "list[Section]":
        """A list of tables inside. Raises BadFile."""
        tables: list[Any] = self.get(name, [])
        if not all(isinstance(table, dict) for table in tables):
            raise self.mistake(f"says `{name}` otherwise than by tables: expected [[{name}]]")
        return [Section(f"{self.where}, [[{name}]],", table) for table in tables]

    def done(self) -> None:
        """Raise BadFile when a key is left that nobody took."""
        for name in self._left:
            raise self.mistake(f"has a key `{name}` that means nothing there")
