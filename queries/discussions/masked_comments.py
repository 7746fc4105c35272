"""Comments without the personal data in them, for everybody who doesn't decide whether they are published."""

from functools import lru_cache

from otklik.masking.mask_text import mask_text
from otklik.masking.spans import TextPart

MAX_REMEMBERED = 4096
"""Comments, of at most 4,000 characters each: a page shows the same ones again with each change of a discussion."""


@lru_cache(MAX_REMEMBERED)
def masked_comment(text: str) -> tuple[TextPart, ...]:
    """The text as parts, in which personal data are replaced by their kind."""
    return mask_text(text)
