"""The places that a text names (streets, settlements, numbered schools or routes), and whether two texts share one."""

import re
from dataclasses import dataclass, field

MAX_HOUSES_APART = 10
"""House numbers farther apart than this are another place on the same street."""

STREET_KINDS = (
    r"ул(?:иц\w*)?|пр(?:осп(?:ект\w*)?|-к?т)|пер(?:еул\w*)?|б(?:ульвар\w*|-р)|шоссе|наб(?:ережн\w*)?|площад[иью]\w?|пл"
    r"|проезд\w*|тракт\w*|м(?:икрорайон\w*|кр|-н)|пос[её]л\w*|сел[оеа]|деревн\w*"
    r"|ulic[aeiu]|ul|trg\w*|avenij\w*|cest[aei]|street|avenue|road"
)
KIND = rf"\b(?i:{STREET_KINDS})\b\.?"
NAME = r"(?:\d+[-\w]*\s+(?:лет\s+)?)?[A-ZА-ЯЁČĆŠŽĐ][-\w]+"
ADJECTIVE = r"[А-ЯЁ]\w+(?:[иыо][йм]|[ая][яю]|ую|[оеы]го|[оеы]му)|[A-ZČĆŠŽĐ][a-zčćšžđ]+"
NUMBER = r"(?P<house>\d+)(?!\s*(?:дн|мес|час|лет|год|нед|мин))\b"
HOUSE = rf"(?:(?:\s+[а-яё]+,|,)?\s*(?:д(?:ом\w*)?\b\.?\s*)?{NUMBER})?"
STREET_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{KIND}\s+(?P<name>{NAME}){HOUSE}",
        rf"{KIND}\s+{NAME}\s+(?:и|i|and)\s+(?P<name>{NAME}){HOUSE}",
        # "Ленинградский проспект", "Vukovarska ulica": in Russian only adjectives stand before the kind.
        rf"\b(?P<name>{ADJECTIVE})\s+{KIND}{HOUSE}",
        rf"(?:\b[Нн]а|\b[Пп]о|,)\s+(?P<name>{NAME}),?\s*(?:д(?:ом\w*)?\b\.?\s*)?{NUMBER}",  # "на Ленина, 5"
        rf"\b(?i:дом\w*|д\.)\s*{NUMBER}\s+(?:по\s+)?{KIND}\s+(?P<name>{NAME})",
    )
)
NUMBERED = re.compile(r"(?P<kind>\w{3,})\s*№\s*(?P<number>\d+)")
ENDING = re.compile(r"(?:[аеиоуыэюяйьaeiouj]|[оеы]го|[оеы]му?)+$")


@dataclass(frozen=True)
class NamedPlaces:
    """Streets and settlements by stem with their houses, and numbers of schools, routes and the like by kind."""

    houses_by_street: dict[str, set[int]] = field(default_factory=dict)
    numbers_by_kind: dict[str, set[int]] = field(default_factory=dict)

    def all_numbers(self) -> set[int]:
        """The numbers of all kinds."""
        return set().union(*self.numbers_by_kind.values())


def find_places(text: str) -> NamedPlaces:
    """The places that a text names; names of one word are compared without their ending."""
    places = NamedPlaces()
    for pattern in STREET_PATTERNS:
        for match in pattern.finditer(text):
            houses = places.houses_by_street.setdefault(_stem(match["name"]), set())
            if match["house"]:
                houses.add(int(match["house"]))
    for match in NUMBERED.finditer(text):
        places.numbers_by_kind.setdefault(_stem(match["kind"]), set()).add(int(match["number"]))
    return places


def is_same_place(places: NamedPlaces, other: NamedPlaces) -> bool | None:
    """Whether both name a common place (True) or only different ones (False); None if that can't be told."""
    verdicts = []
    if places.houses_by_street and other.houses_by_street:
        verdicts.append(
            any(
                _are_close(places.houses_by_street[street], other.houses_by_street[street])
                for street in places.houses_by_street.keys() & other.houses_by_street.keys()
            )
        )
    common_kinds = places.numbers_by_kind.keys() & other.numbers_by_kind.keys()
    verdicts += [not places.numbers_by_kind[kind].isdisjoint(other.numbers_by_kind[kind]) for kind in common_kinds]
    # A school and a kindergarten are two places; "bus 12" and "route 12" may be one.
    if places.all_numbers() and other.all_numbers() and places.all_numbers().isdisjoint(other.all_numbers()):
        verdicts.append(False)
    return all(verdicts) if verdicts else None


def _are_close(houses: set[int], other_houses: set[int]) -> bool:
    """True also if one of the texts names the whole street."""
    if not houses or not other_houses:
        return True
    return min(abs(house - other) for house in houses for other in other_houses) <= MAX_HOUSES_APART


def _stem(name: str) -> str:
    return ENDING.sub("", name.casefold().replace("ё", "е"))
