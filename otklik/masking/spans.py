"""Spans of a text that hold personal data, and the text without them."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

PersonalKind = Literal["name", "phone", "email", "account", "document", "card", "birth", "address"]


class Span(NamedTuple):
    """Where something personal stands in a text: from `start` up to `end`, which isn't included."""

    start: int
    end: int
    kind: PersonalKind


class TextPart(NamedTuple):
    """A part of a masked text: its words, or none and the kind of what stood there."""

    words: str
    kind: PersonalKind | None = None


MAX_CONTEXT = 60
"""Characters before a place in a text by which a rule decides about it: so that no rule reads all of them."""


def context_before(text: str, position: int) -> str:
    """The last characters before a position."""
    return text[max(0, position - MAX_CONTEXT) : position]


def cut_spans(text: str, spans: Iterable[Span]) -> tuple[TextPart, ...]:
    """The text as parts, without what lies in the spans; of two that overlap the one that begins first is whole.

    Neighbouring spans of one kind with nothing but spaces, commas or dots between them are one part.
    """
    parts: list[TextPart] = []
    position = 0
    for span in sorted(spans, key=lambda item: (item.start, -item.end)):
        if span.end <= position:
            continue
        between = text[position : max(span.start, position)]
        if parts and parts[-1].kind == span.kind and not between.strip(" ,.\n"):
            position = span.end
            continue
        if between:
            parts.append(TextPart(between))
        parts.append(TextPart("", span.kind))
        position = span.end
    if position < len(text):
        parts.append(TextPart(text[position:]))
    return tuple(parts)
