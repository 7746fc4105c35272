"""Made-up texts of a topic in a region: the demo's as usual traffic, and a planted kind in other words."""

from functools import cache
from typing import NamedTuple

import numpy as np

from otklik.demo.catalogue_data import read_rows
from otklik.demo.generator.appeal_texts import CLOSINGS, OPENINGS, STREETS
from otklik.detection.cell_tree import Ancestry, CellTree, IntArray
from otklik.detection.count_model.quasi_poisson import BoolArray
from otklik.detection.text_clusters.region_texts import SEARCHED_DAYS, RegionTexts, TextCell

CATEGORY = "schools"
PLANTED_TOPIC = "schools.meals"
PLANTED_BEGINS = (
    "В школе № {school} уже третий день не кормят горячим обедом.",
    "Дочь в школе № {school} осталась без горячего обеда.",
    "Горячих обедов в школе № {school} нет с понедельника.",
    "Сын учится в школе № {school}, столовая закрыта, горячее не готовят.",
    "Школьная столовая не даёт детям горячее, школа № {school}.",
    "Детей в школе № {school} перестали кормить горячими обедами.",
    "Почему в столовой школы № {school} нет горячего питания?",
    "Столовая школы № {school} не работает, обеды не привозят.",
)
PLANTED_DETAILS = (
    "", " Дети весь день голодные.", " Деньги за обеды списывают.", " Обещали наладить, но ничего не изменилось.",
    " Учителя говорят, сменился поставщик.", " Младшие классы тоже без еды.",
)  # fmt: skip
SCHOOLS = 5
TOWNS, CHANNELS = 6, 3
REGION, FIRST_TOWN, CATEGORY_ID, FIRST_TOPIC = 1, 10, 1, 100
ADDRESS_SHARE = 0.7


class SimulatedCell(NamedTuple):
    """A cell as it is on a day, its texts, and which of them are planted."""

    cell: TextCell
    bodies: list[str]
    is_planted: BoolArray


class SimulatedAppeals(NamedTuple):
    """Appeals of a cell until some day: the planted ones begin on day 0, the others before."""

    texts: RegionTexts
    day: IntArray
    bodies: list[str]
    is_planted: BoolArray

    def on(self, day: int) -> SimulatedCell:
        """What is known on a day."""
        positions = np.flatnonzero((self.day <= day) & (self.day > day - SEARCHED_DAYS))
        texts = self.texts.at(positions)._replace(age=day - self.day[positions])
        bodies = [self.bodies[position] for position in positions.tolist()]
        return SimulatedCell(TextCell(CATEGORY_ID, texts, 1.0), bodies, self.is_planted[positions])


def simulated_tree() -> CellTree:
    """A region with its towns, and a category with its topics."""
    towns = dict.fromkeys(range(FIRST_TOWN, FIRST_TOWN + TOWNS), REGION)
    topics = dict.fromkeys(range(FIRST_TOPIC, FIRST_TOPIC + len(_facts())), CATEGORY_ID)
    return CellTree(Ancestry({REGION: None, **towns}), Ancestry({CATEGORY_ID: None, **topics}))


def simulated_appeals(
    rng: np.random.Generator, a_fortnight: int, planted: int, planted_days: int, last_day: int
) -> SimulatedAppeals:
    """Appeals by chance until the last day, `a_fortnight` on average, with a planted kind in the days from 0 on."""
    days = SEARCHED_DAYS + last_day
    usual_count = int(rng.poisson(a_fortnight / 14 * days))
    weights = np.array([weight for _code, _texts, weight in _facts()])
    fact = rng.choice(len(weights), usual_count, p=weights / weights.sum())
    meals = [position for position, (code, _texts, _weight) in enumerate(_facts()) if code.startswith(PLANTED_TOPIC)]
    schools = rng.choice(40, SCHOOLS, replace=False) + 1
    bodies = [_with_address(rng, str(rng.choice(_facts()[position][1]))) for position in fact.tolist()]
    bodies += [
        _with_address(
            rng, str(rng.choice(PLANTED_BEGINS)).format(school=rng.choice(schools)) + rng.choice(PLANTED_DETAILS)
        )
        for _ in range(planted)
    ]
    count = usual_count + planted
    day = np.concatenate(
        [rng.integers(last_day - days + 1, last_day + 1, usual_count), rng.integers(0, planted_days, planted)]
    )
    texts = RegionTexts(
        np.arange(1, count + 1),
        np.concatenate([fact, rng.choice(meals, planted)]) + FIRST_TOPIC,
        rng.integers(0, TOWNS, count) + FIRST_TOWN,
        rng.integers(0, CHANNELS, count),
        np.zeros(count, dtype=np.int64),
        (day - day.min() + 1) * 24 + rng.integers(0, 24, count),
    )
    return SimulatedAppeals(texts, day, bodies, np.arange(count) >= usual_count)


def _with_address(rng: np.random.Generator, body: str) -> str:
    has_address = rng.random() < ADDRESS_SHARE
    address = f" Сургут, ул. {rng.choice(STREETS)}, {rng.integers(1, 96)}." if has_address else ""
    return f"{rng.choice(OPENINGS)}{body}{address}{rng.choice(CLOSINGS)}"


@cache
def _facts() -> tuple[tuple[str, tuple[str, str], float], ...]:
    """The demo's lowest topics of the category: code, two texts, weight."""
    return tuple(
        (row["code"], (row["text_1"], row["text_2"]), float(row["weight"]))
        for row in read_rows("topics")
        if row["text_1"] and row["code"].startswith(f"{CATEGORY}.")
    )
