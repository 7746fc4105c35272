"""Which column holds which field, by names and contents."""

from collections.abc import Callable, Iterable, Sequence

from otklik.intake.inference.columns.profile import NAMED, PERCENTAGE, ColumnProfile
from otklik.intake.inference.columns.vocabulary import name_score, word_codes
from otklik.intake.mapping.model import DATE_FIELDS
from otklik.intake.name_matching import normalized_name

DATE_SHARE, NUMBER_SHARE, WORD_SHARE = 0.9, 0.95, 0.8
MAX_WORDS = 200
"""Different words of a coded field; more are free text."""
MAX_DEGREES, MAX_RATING = 180, 100
UNNAMED_REGION, UNNAMED_STATUS = 0.8, 0.5
"""Scores of columns with other names whose words are nearly all known."""
MIN_SCORES = {"body": 0.6}
"""A text is mapped only by a name of its own: most texts of a file are no applicant's, or have personal data."""
TOPIC_FIELDS = ("category", "subcategory", "fact")
IsRegion = Callable[[str], bool]


def assign_columns(profiles: Sequence[ColumnProfile], is_region: IsRegion) -> dict[str, ColumnProfile]:
    """The column of each field that has one; a column has one field, the one it fits best.

    `point` is a column with both coordinates. The levels of the topic are put in order by which determines which.
    """
    scored = sorted(
        (
            (score, field, profile)
            for profile in profiles
            for field in CONTENT_CHECKS
            if (score := fit(field, profile, is_region)) >= NAMED
        ),
        key=lambda item: (-item[0], item[2].position),
    )
    columns: dict[str, ColumnProfile] = {}
    taken: set[int] = set()
    for _, field, profile in scored:
        if field not in columns and profile.position not in taken:
            columns[field] = profile
            taken.add(profile.position)
    if ("lat" in columns) != ("lon" in columns):
        columns.pop("lat", None)
        columns.pop("lon", None)
    if "lat" in columns:
        columns.pop("point", None)
    return _order_topics(columns)


def fit(field: str, profile: ColumnProfile, is_region: IsRegion) -> float:
    """How well a column fits a field, from 0; 0 where its cells can't be values of it."""
    score = name_score(field, profile.name)
    if not profile.counts or (score < MIN_SCORES.get(field, NAMED) and field not in ("region", "status")):
        return 0
    if not CONTENT_CHECKS[field](profile):
        return 0
    if field == "region":
        return max(score, UNNAMED_REGION) if profile.share(is_region) >= WORD_SHARE else 0
    if field == "status" and score < NAMED and known_word_share(field, profile) >= WORD_SHARE:
        return UNNAMED_STATUS
    return score


def known_word_share(field: str, profile: ColumnProfile) -> float:
    """The share of a column's cells that are known words of a coded field, or of `rating`."""
    codes = word_codes()[field]
    return profile.share(lambda text: normalized_name(text) in codes)


def candidates(profiles: Iterable[ColumnProfile], field: str, taken: Iterable[ColumnProfile]) -> list[ColumnProfile]:
    """The columns that could hold a field by their cells, whatever they are called, and aren't taken."""
    taken_positions = {profile.position for profile in taken}
    return [
        profile
        for profile in profiles
        if profile.position not in taken_positions and profile.counts and CONTENT_CHECKS[field](profile)
    ]


def _is_rating(profile: ColumnProfile) -> bool:
    if profile.number_share >= NUMBER_SHARE:
        return min(profile.numbers) >= 0 and max(profile.numbers) <= MAX_RATING
    if profile.share(PERCENTAGE.fullmatch) >= NUMBER_SHARE:
        return max(profile.percentages) <= MAX_RATING
    return known_word_share("rating", profile) >= WORD_SHARE


def _is_degrees(profile: ColumnProfile) -> bool:
    is_number = profile.number_share >= NUMBER_SHARE
    return is_number and all(abs(number) <= MAX_DEGREES for number in profile.numbers)


def _is_status(profile: ColumnProfile) -> bool:
    return profile.has_few_texts and profile.distinct_count <= MAX_WORDS


CONTENT_CHECKS: dict[str, Callable[[ColumnProfile], bool]] = {
    "number": lambda profile: profile.is_unique,
    **dict.fromkeys(DATE_FIELDS, lambda profile: profile.dates.readable_share >= DATE_SHARE),
    **dict.fromkeys((*TOPIC_FIELDS, "holder", "first_holder"), lambda profile: profile.has_few_texts),
    "municipality": lambda profile: profile.has_few_texts and profile.distinct_count > 1,
    "region": lambda profile: profile.has_few_texts,
    "rating": _is_rating,
    "lat": _is_degrees,
    "lon": _is_degrees,
    "point": lambda profile: profile.pair_share >= WORD_SHARE,
    "body": lambda profile: profile.has_texts,
    "status": _is_status,
    "outcome": lambda profile: _is_status(profile) and known_word_share("outcome", profile) >= WORD_SHARE,
    "channel": _is_status,
    "reopened": lambda profile: known_word_share("reopened", profile) == 1,
}
"""By field, whether a column's cells can be values of it."""


def _order_topics(columns: dict[str, ColumnProfile]) -> dict[str, ColumnProfile]:
    """The same columns; a level that is determined by the one above it goes up."""
    levels = [columns[field] for field in TOPIC_FIELDS if field in columns]
    if len(levels) > 1 and levels[0].determines(levels[1]) and not levels[1].determines(levels[0]):
        levels[:2] = levels[1], levels[0]
    others = {field: profile for field, profile in columns.items() if field not in TOPIC_FIELDS}
    return others | dict(zip(TOPIC_FIELDS, levels, strict=False))
