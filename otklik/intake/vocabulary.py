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
    codes_by_word: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    other_code: str | None = None
    default_code: str = ""

    def code_for(self, text: str) -> str:
        """The code, or "". Raises Rejected."""
        if not text:
            return self.default_code
        word = normalized_name(text)
        if word in self.codes_by_word:
            return self.codes_by_word[word]
        for pattern, code in self.patterns:
            if pattern.search(text):
                return code
        if self.other_code is None:
            raise RowRejected("an unknown word", f"{short_quote(text)} in the column {short_quote(self.column or '')}")
        return self.other_code

    def possible_codes(self) -> set[str]:
        """All that it can answer, but "nothing"."""
        possible = {
            *self.codes_by_word.values(),
            *(code for _, code in self.patterns),
            self.other_code or "",
            self.default_code,
        }
        return possible - {""}


def parse_rules(section: TomlSection, name: str) -> tuple[CodeRule, ...]:
    """The rules of one field, in the order in which they are asked. Raises BadFile."""
    return tuple(_parse_rule(subsection) for subsection in section.subsections(name))


def _parse_rule(section: TomlSection) -> CodeRule:
    patterns = []
    for expression, code in section.text_table("patterns").items():
        try:
            patterns.append((re.compile(expression, re.IGNORECASE), code))
        except re.error as error:
            raise section.error(f"has a pattern “{expression}” that is no regular expression ({error})") from error
    rule = CodeRule(
        column=section.optional_text("column"),
        codes_by_word={normalized_name(word): code for word, code in section.text_table("words").items()},
        patterns=tuple(patterns),
        other_code=section.optional_text("other"),
        default_code=section.get("default", ""),
    )
    section.reject_unknown_keys()
    if rule.column is None and (
        rule.codes_by_word or rule.patterns or rule.other_code is not None or not rule.default_code
    ):
        raise section.error("has no `column`: expected one, or a `default` alone")
    return rule
