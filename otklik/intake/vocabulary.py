"""What a source's words mean in ours: statuses, outcomes, channels, regimes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from otklik.intake.errors import RowRejected, short_quote
from otklik.intake.name_matching import normalized_name
from otklik.intake.toml_sections import TomlSection


@dataclass(frozen=True)
class CodeRule:
    """What one column says: a code of ours, or "" when it says nothing and the next rule is asked.

    In order: `words` (whole cell), `patterns` (anywhere in it), `other` (any other text), `default`
    (an empty cell, or a rule without a column). Without `other`, another text is a mistake of the row.
    """

    column: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    other: str | None = None
    default: str = ""

    def meaning(self, text: str) -> str:
        """The code, or "". Raises Rejected."""
        if not text:
            return self.default
        word = normalized_name(text)
        if word in self.words:
            return self.words[word]
        for pattern, code in self.patterns:
            if pattern.search(text):
                return code
        if self.other is None:
            raise RowRejected("an unknown word", f"{short_quote(text)} in the column {short_quote(self.column or '')}")
        return self.other

    def codes(self) -> set[str]:
        """All that it can answer, but "nothing"."""
        possible = {*self.words.values(), *(code for _, code in self.patterns), self.other or "", self.default}
        return possible - {""}


def parse_rules(section: TomlSection, name: str) -> tuple[CodeRule, ...]:
    """The rules of one field, in the order in which they are asked. Raises BadFile."""
    return tuple(_parse_rule(subsection) for subsection in section.sections(name))


def _parse_rule(section: TomlSection) -> CodeRule:
    patterns = []
    for expression, code in section.pairs("patterns").items():
        try:
            patterns.append((re.compile(expression, re.IGNORECASE), code))
        except re.error as error:
            raise section.mistake(f"has a pattern “{expression}” that is no regular expression ({error})") from error
    rule = CodeRule(
        column=section.text("column"),
        words={normalized_name(word): code for word, code in section.pairs("words").items()},
        patterns=tuple(patterns),
        other=section.text("other"),
        default=section.get("default", ""),
    )
    section.done()
    if rule.column is None and (rule.words or rule.patterns or rule.other is not None or not rule.default):
        raise section.mistake("has no `column`: expected one, or a `default` alone")
    return rule
