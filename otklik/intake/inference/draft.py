"""A mapping in the making: what was inferred, what is doubtful, and what only a person knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Answers = Mapping[str, str]
"""What a person has settled, by key: see `otklik mapping --help`."""
TomlValue = str | int | float | Sequence[Any] | Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """What only a person knows. `choices` are possible answers with what each means; `default` is the likeliest."""

    key: str
    sentence: str
    choices: tuple[tuple[str, str], ...] = ()
    default: str | None = None


@dataclass(frozen=True)
class RuleDraft:
    """One [[rule]] of a coded field."""

    column: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    other: str | None = None
    default: str | None = None


@dataclass
class Draft:
    """The sections of a mapping; `notes` says by field how its column was found."""

    columns: dict[str, TomlValue] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    rules: dict[str, RuleDraft] = field(default_factory=dict)
    date_formats: list[str] = field(default_factory=lambda: ["ISO"])
    end_of_day: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    empty_by_column: dict[str, list[str]] = field(default_factory=dict)
    rating: dict[str, TomlValue] = field(default_factory=dict)
    territories: dict[str, TomlValue] = field(default_factory=dict)
    added_territories: list[dict[str, str]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
