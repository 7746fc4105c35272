"""The demo's catalogue from its data files: territories, topics and offices, addressed by position."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA_FOLDER = Path(__file__).parent / "data"
RUSSIA_CSV = Path(__file__).parents[1] / "intake" / "territories" / "ru.csv"
UGRA = "RU-KHM"
NO_TERM = 0
"""The days of facts, such as thanks, whose ordinary messages have no deadline."""
UNHURRIED_DAYS = 15

Row = dict[str, str]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def read_rows(name: str) -> list[Row]:
    """The rows of a data file, by its name without `.csv`."""
    with (DATA_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def russian_territories(level: str) -> list[Row]:
    """The country, its districts or its regions, from the file that imports use too."""
    with RUSSIA_CSV.open(encoding="utf-8", newline="") as file:
        return [row | {"name_en": row["name"]} for row in csv.DictReader(file) if row["level"] == level]


@dataclass(frozen=True)
class CatalogueData:
    """The rows of the files, and arrays for the generator."""

    regions: list[Row]
    municipalities: list[Row]
    topics: list[Row]
    """All three levels, parents first."""
    facts: list[Row]
    """Topics of the third level, which appeals are about."""
    offices: list[Row]
    region_of_municipality: Ints
    """The position of each municipality's region."""
    region_population: Floats
    municipality_population: Floats

    def region_index(self, code: str) -> int:
        """The position of a region. Raises StopIteration for an unknown code."""
        return next(i for i, row in enumerate(self.regions) if row["code"] == code)

    def municipality_index(self, code: str) -> int:
        """The position of a municipality. Raises StopIteration for an unknown code."""
        return next(i for i, row in enumerate(self.municipalities) if row["code"] == code)

    def facts_under(self, topic: str) -> Ints:
        """The positions of the facts under a topic of any level, or of the fact itself."""
        indexes = [i for i, row in enumerate(self.facts) if f"{row['code']}.".startswith(f"{topic}.")]
        return np.array(indexes, dtype=np.int64)

    def fact_values(self, column: str) -> Floats:
        """A numeric column of the facts' rows."""
        return np.array([float(row[column]) for row in self.facts])

    def answer_days(self) -> Ints:
        """The days that each fact leaves for an answer; `UNHURRIED_DAYS` for those without a term."""
        days = self.fact_values("days").astype(np.int64)
        return np.where(days == NO_TERM, UNHURRIED_DAYS, days)

    def holder_codes(self) -> list[str]:
        """The codes of the organisations that can hold appeals, in the order of their positions."""
        return [
            organisation_code(office, territory)
            for office in self.offices
            for territory in office_territories(office, self.regions, self.municipalities)
        ]

    def holder_table(self) -> Ints:
        """The positions in `holder_codes` of the organisations in charge: a row an office, a column a municipality."""
        table = np.zeros((len(self.offices), len(self.municipalities)), dtype=np.int64)
        start = 0
        for i, office in enumerate(self.offices):
            offsets = {
                "federal": np.zeros(len(self.municipalities), dtype=np.int64),
                "regional": self.region_of_municipality,
                "municipal": np.arange(len(self.municipalities)),
            }[office["level"]]
            table[i] = start + offsets
            start += len(office_territories(office, self.regions, self.municipalities))
        return table


def office_territories(office: Row, regions: list[Row], municipalities: list[Row]) -> list[Row | None]:
    """The territories where an office has an organisation; None stands for the country."""
    territories_by_level: dict[str, list[Row | None]] = {
        "federal": [None],
        "regional": list(regions),
        "municipal": list(municipalities),
    }
    return territories_by_level[office["level"]]


def organisation_code(office: Row, territory: Row | None) -> str:
    """The code of an office's organisation in a territory, such as `RU-KHM:health`."""
    return f"{territory['code'] if territory else 'RU'}:{office['office']}"


@cache
def catalogue_data() -> CatalogueData:
    """The catalogue, read from its files once."""
    regions, municipalities, topics = russian_territories("region"), read_rows("municipalities"), read_rows("topics")
    region_indexes = {row["code"]: i for i, row in enumerate(regions)}
    return CatalogueData(
        regions=regions,
        municipalities=municipalities,
        topics=topics,
        facts=[row for row in topics if row["office"]],
        offices=read_rows("offices"),
        region_of_municipality=np.array([region_indexes[row["region"]] for row in municipalities], dtype=np.int64),
        region_population=np.array([float(row["population"]) for row in regions]),
        municipality_population=np.array([float(row["population"]) for row in municipalities]),
    )
