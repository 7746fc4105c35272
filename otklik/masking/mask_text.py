"""A text without the personal data in it."""

import re
from collections.abc import Iterable, Iterator

from otklik.masking.cyrillic_names import cyrillic_name_spans
from otklik.masking.latin_names import latin_name_spans
from otklik.masking.number_rules import DAY, number_spans
from otklik.masking.spans import Span, TextPart, cut_spans

DAY_AFTER_NAME = re.compile(rf"[\s,(]{{1,3}}(?P<it>{DAY})")


MAX_MASKED_CHARACTERS = 20_000
"""Of a text; what comes behind is left out, as it is wherever long texts are shown."""


def mask_text(text: str) -> tuple[TextPart, ...]:
    """The text as parts, in which personal data are replaced by their kind.

    Masked are names, telephones, e-mails, accounts, numbers of documents and cards, birth dates, and numbers of houses
    and flats; a street stays, since it tells where something is. In Russian, Croatian and English; docs/access.md says
    how much is found. Of a text of more than `MAX_MASKED_CHARACTERS` so many are returned.
    """
    text = text[:MAX_MASKED_CHARACTERS]
    names = [*cyrillic_name_spans(text), *latin_name_spans(text)]
    return cut_spans(text, [*number_spans(text), *names, *_days_after_names(text, names)])


def _days_after_names(text: str, names: Iterable[Span]) -> Iterator[Span]:
    """Days right behind a name, which are birth dates: `Anna Petrova (1.2.1980)`."""
    for name in names:
        if match := DAY_AFTER_NAME.match(text, name.end):
            yield Span(*match.span("it"), "birth")
