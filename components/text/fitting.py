"""Names that are too long for their place, cut in the middle: what tells them apart mostly stands at an end."""

import re

ELLIPSIS = "…"
# The widths of letters at 14 pixels in Source Sans, on the whole; all others are `LETTER_WIDTH` pixels wide.
WIDTH_PATTERNS = {
    re.compile(r"[\s.,:;'’|!()\[\]iіjl·]"): 3.7,
    re.compile(r"[frtгIJ/“”«»–-]"): 5.2,
    re.compile(r"[mwжмшщыюфMWЖМШЩЫЮФДO@%—…]"): 9.6,
    re.compile(r"[A-ZА-ЯЁČĆĐŠŽ]"): 8.2,
}
LETTER_WIDTH = 7.1  # pixels


def text_width(text: str) -> float:
    """About how many pixels a text is wide in a table."""
    return sum(map(_letter_width, text))


def fit_name(name: str, max_width: float) -> str:
    """The name, or as much of its beginning and its end as fits into so many pixels, with an ellipsis between them."""
    if text_width(name) <= max_width:
        return name
    head, tail, room = "", "", max_width - _letter_width(ELLIPSIS)
    for first, last in zip(name, reversed(name), strict=True):
        if text_width(head + first + tail) > room:
            break
        head += first
        if text_width(head + last + tail) > room:
            break
        tail = last + tail
    return f"{head.rstrip()}{ELLIPSIS}{tail.lstrip()}"


def _letter_width(letter: str) -> float:
    return next((width for pattern, width in WIDTH_PATTERNS.items() if pattern.match(letter)), LETTER_WIDTH)
