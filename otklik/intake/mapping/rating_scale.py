"""Ratings in words or on another scale than 1 to 5."""

import re
from dataclasses import dataclass, field

from otklik.intake.errors import RowRejected, UnknownWord, short_quote
from otklik.intake.mapping.toml_sections import TomlSection
from otklik.intake.name_matching import normalized_name

RATING = re.compile(r"([1-5])(?:[.,]0+)?", re.ASCII)
NUMBER = re.compile(r"(-?\d+(?:[.,]\d+)?)\s*%?", re.ASCII)
LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True)
class RatingScale:
    """How a source writes ratings: by words, or by numbers from `worst` to `best`, of which the worst may be larger."""

    ratings_by_word: dict[str, int] = field(default_factory=dict)
    worst: float = LOWEST
    best: float = HIGHEST

    def rating(self, text: str) -> int:
        """The rating, 1 to 5, nearest to a place on the scale. Raises RowRejected for anything else.

        A half goes to the better rating.
        """
        if self.ratings_by_word and (rating := self.ratings_by_word.get(normalized_name(text))):
            return rating
        is_usual = (self.worst, self.best) == (LOWEST, HIGHEST)
        match = (RATING if is_usual else NUMBER).fullmatch(text)
        if match is not None:
            number = float(match[1].replace(",", "."))
            share = (number - self.worst) / (self.best - self.worst)
            if 0 <= share <= 1:
                return int(LOWEST + share * (HIGHEST - LOWEST) + 0.5)
        if self.ratings_by_word:
            raise UnknownWord("an unknown rating", short_quote(text))
        raise RowRejected(f"a rating outside {self.worst:g}–{self.best:g}", short_quote(text))


def parse_rating_scale(section: TomlSection) -> RatingScale:
    """The section [rating] of a mapping. Raises BadFile for a mistake in it."""
    words: dict[str, object] = section.get("words", {})
    bounds: list[object] = section.get("scale", [LOWEST, HIGHEST])
    section.reject_unknown_keys()
    ratings_by_word = {}
    for word, rating in words.items():
        if type(rating) is not int or not LOWEST <= rating <= HIGHEST:
            raise section.error(f"has the word “{word}” as {rating!r}: expected a rating from 1 to 5")
        ratings_by_word[normalized_name(word)] = rating
    match bounds:
        case [int() | float() as worst, int() | float() as best] if worst != best:
            return RatingScale(ratings_by_word, worst, best)
    raise section.error(f"has `scale = {bounds!r}`: expected the worst and the best number, such as [0, 10]")
