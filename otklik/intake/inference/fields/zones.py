"""Time zones of countries, and where they are: the table of the time zone database."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

PLACE = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


@dataclass(frozen=True)
class Zone:
    """A time zone of a country (its ISO 3166 code), with the point of its largest place in degrees."""

    country: str
    name: str
    lon: float
    lat: float


@cache
def zones() -> tuple[Zone, ...]:
    """All time zones, once for each country."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    return tuple(_parse_line(line) for line in lines if line and not line.startswith("#"))


def _parse_line(line: str) -> Zone:
    country, place, name, *_ = line.split("\t")
    match = PLACE.fullmatch(place)
    if match is None:
        raise ValueError(line)
    lat = int(match[2]) + int(match[3]) / 60
    lon = int(match[6]) + int(match[7]) / 60
    return Zone(country, name, lon if match[5] == "+" else -lon, lat if match[1] == "+" else -lat)
