"""Names that are too long for their place, cut in the middle: what tells them apart mostly stands at an end."""

import re
from collections.abc import Iterable

ELLIPSIS = "…"
WORD_BOUNDARIES = " -–—/"
# The widths of letters at 14 pixels in Source Sans, on the whole; all others are `LETTER_WIDTH` pixels wide.
WIDTH_PATTERNS = {
    re.compile(r"[\s.,:;'’|!()\[\]iіjlI·]"): 3.7,
    re.compile(r"[frtгJ/-]"): 5.2,
    re.compile(r"[“”«»–FLYГ]"): 6.7,
    re.compile(r"[ийнцъđ]"): 8,
    re.compile(r"[ШЩЮ№…]"): 13,
    re.compile(r"[mMWЖЫМ@%—]"): 11.7,
    re.compile(r"[шщюЪ]"): 10.6,
    re.compile(r"[wжмыфФДИЙНОПЦHNOQUDG]"): 9.5,
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


def fit_names(names: Iterable[str], max_width: float) -> dict[str, str]:
    """What `fit_name` makes of each name; names that would look the same begin where they differ instead."""
    labels = {name: fit_name(name, max_width) for name in names}
    alike: dict[str, list[str]] = {}
    for name, label in labels.items():
        alike.setdefault(label, []).append(name)
    for group in alike.values():
        if len(group) > 1:
            room = max_width - _letter_width(ELLIPSIS)
            start = max(_shared_beginning(group).rfind(boundary) for boundary in WORD_BOUNDARIES) + 1
            labels |= {name: ELLIPSIS + fit_name(name[start:], room) for name in group}
    return labels


def _shared_beginning(names: list[str]) -> str:
    first, last = min(names), max(names)
    length = next((n for n, letters in enumerate(zip(first, last, strict=False)) if len(set(letters)) > 1), len(first))
    return first[:length]


def _letter_width(letter: str) -> float:
    return next((width for pattern, width in WIDTH_PATTERNS.items() if pattern.match(letter)), LETTER_WIDTH)
