"""Texts and points of appeals: short Russian sentences on the topic, without names of persons."""

import numpy as np

from otklik.demo.catalogue_data import Floats
from otklik.demo.generator.arrivals import Arrivals
from otklik.demo.generator.context import Flags, GeneratorContext

STREETS = (
    "Ленина", "Мира", "Советская", "Молодёжная", "Школьная", "Садовая", "Лесная", "Новая", "Набережная",
    "Центральная", "Зелёная", "Гагарина", "Полевая", "Заводская", "Октябрьская", "Победы", "Пионерская",
    "Строителей", "Комсомольская", "Железнодорожная", "Нефтяников", "Дружбы народов",
)  # fmt: skip
OPENINGS = (
    "", "", "", "Здравствуйте! ", "Добрый день. ", "Прошу помочь. ", "Обращаюсь повторно. ",
    "Уважаемая администрация! ",
)  # fmt: skip
CLOSINGS = (
    "", "", " Просим принять меры.", " Когда это исправят?", " Звонили в диспетчерскую, ответа нет.",
    " Прошу ответить по существу.", " Так продолжается давно.", " Фото прилагаю.", " Спасибо.",
    " Просим указать срок работ.", " Соседи тоже писали.",
)  # fmt: skip
ADDRESS_SHARE = 0.7
"""The share of texts with an address."""
POINT_SHARE = 0.86
"""The share of appeals with a point on the map."""


def draw_bodies(context: GeneratorContext, arrivals: Arrivals) -> list[str]:
    """A random text for each appeal."""
    rng, n = context.rng, len(arrivals.fact)
    topic_texts = [(row["text_1"], row["text_2"]) for row in context.catalogue.facts]
    municipality_names = [row["name_ru"] for row in context.catalogue.municipalities]
    columns = zip(
        rng.integers(0, len(OPENINGS), n).tolist(),
        arrivals.fact.tolist(),
        rng.integers(0, 2, n).tolist(),
        arrivals.municipality.tolist(),
        rng.integers(0, len(STREETS), n).tolist(),
        rng.integers(1, 96, n).tolist(),
        (rng.random(n) < ADDRESS_SHARE).tolist(),
        rng.integers(0, len(CLOSINGS), n).tolist(),
        strict=True,
    )
    return [
        OPENINGS[opening] + topic_texts[fact][variant]
        + (f" {municipality_names[municipality]}, ул. {STREETS[street]}, {house}." if has_address else "")
        + CLOSINGS[closing]
        for opening, fact, variant, municipality, street, house, has_address, closing in columns
    ]  # fmt: skip


def draw_points(context: GeneratorContext, arrivals: Arrivals) -> tuple[list[str], list[str]]:
    """Longitudes and latitudes as COPY reads them, around nine centres of each town; some are unknown."""
    rng, n = context.rng, len(arrivals.fact)
    municipalities = context.catalogue.municipalities
    lon = np.array([float(row["lon"]) for row in municipalities])
    lat = np.array([float(row["lat"]) for row in municipalities])
    # In degrees; the radius grows with the square root of the population, to about 5 km for 400,000 people.
    radius = np.minimum(0.6 + 0.007 * np.sqrt(context.catalogue.municipality_population), 7) / 111.0
    neighbourhoods = rng.normal(0.0, 0.45, (len(municipalities), 9, 2))
    neighbourhood = neighbourhoods[arrivals.municipality, (9 * rng.random(n) ** 1.6).astype(np.int64)]
    offset = neighbourhood + rng.normal(0.0, 0.18, (n, 2))
    point_lon = lon[arrivals.municipality] + offset[:, 0] * radius[arrivals.municipality] / np.cos(
        np.radians(lat[arrivals.municipality])
    )
    point_lat = lat[arrivals.municipality] + offset[:, 1] * radius[arrivals.municipality]
    has_point = rng.random(n) < POINT_SHARE
    return _format_degrees(point_lon, has_point), _format_degrees(point_lat, has_point)


def _format_degrees(degrees: Floats, known: Flags) -> list[str]:
    return [
        f"{value:.5f}" if is_known else "\\N" for value, is_known in zip(degrees.tolist(), known.tolist(), strict=True)
    ]
