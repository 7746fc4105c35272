"""Rules that turn a source's words into our codes of statuses, outcomes, channels and regimes."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from otklik.intake.errors import UnknownWord, short_quote
from otklik.intake.mapping.toml_sections import TomlSection
from otklik.intake.name_matching import normalized_name
from otklik.intake.readers.tabular import normalized_column


@dataclass(frozen=True)
class CodeRule:
    """How the cells of one column become codes; an empty code leaves the decision to the field's next rule.

    Tried in order: `codes_by_word` (the whole cell), `patterns` (anywhere in it), `other_code` (any other text). An
    empty cell, or a rule without a column, gives `default_code`. Without `other_code` any other text rejects the row.
    """

    column: str | None = None
    codes_by_word: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    other_code: str | None = None
    default_code: str = ""

    def code_for(self, text: str) -> str:
        """The code of a cell, or "". Raises UnknownWord for an unknown value."""
        if not text:
            return self.default_code
        word = normalized_name(text)
        if word in self.codes_by_word:
            return self.codes_by_word[word]
        for pattern, code in self.patterns:
            if pattern.search(text):
                return code
        if self.other_code is None:
            raise UnknownWord("an unknown value", f"{short_quote(text)} in the column {short_quote(self.column or '')}")
        return self.other_code

    def without(self, missing: Container[str]) -> "CodeRule":
        """The rule, or its default alone where its column is one of these normalized names."""
        if self.column is None or normalized_column(self.column) not in missing:
            return self
        return CodeRule(default_code=self.default_code)

    def possible_codes(self) -> set[str]:
        """All codes that the rule can give, without the empty one."""
        possible = {
            *self.codes_by_word.values(),
            *(code for _, code in self.patterns),
            self.other_code or "",
            self.default_code,
        }
        return possible - {""}


def parse_rules(section: TomlSection, name: str) -> tuple[CodeRule, ...]:
    """The rules of a coded field, in the order in which they are tried. Raises BadFile for a wrong rule."""
    return tuple(_parse_rule(subsection) for subsection in section.subsections(name))


def _parse_rule(section: TomlSection) -> CodeRule:
    rule = CodeRule(
        column=section.optional_text("column"),
        codes_by_word={normalized_name(word): code for word, code in section.text_table("words").items()},
        patterns=tuple(section.pattern_table("patterns")),
        other_code=section.optional_text("other"),
        default_code=section.get("default", ""),
    )
    section.reject_unknown_keys()
    if rule.column is None and (
        rule.codes_by_word or rule.patterns or rule.other_code is not None or not rule.default_code
    ):
        raise section.error("has no `column`: expected one, or a `default` alone")
    return rule
