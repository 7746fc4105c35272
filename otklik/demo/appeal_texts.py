"""What applicants write: short, in Russian, about the topic; no person is named."""

import numpy as np

from otklik.demo.arrivals import Arrivals, GeneratorContext

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


def draw_bodies(context: GeneratorContext, arrivals: Arrivals) -> list[str]:
    """The text of each appeal."""
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
        (rng.random(n) < 0.7).tolist(),
        rng.integers(0, len(CLOSINGS), n).tolist(),
        strict=True,
    )
    return [
        OPENINGS[opening] + topic_texts[fact][variant]
        + (f" {municipality_names[municipality]}, ул. {STREETS[street]}, {house}." if has_address else "") + CLOSINGS[closing]
        for opening, fact, variant, municipality, street, house, has_address, closing in columns
    ]  # fmt: skip


def draw_points(context: GeneratorContext, arrivals: Arrivals) -> tuple[list[str], list[str]]:
    """Longitude and latitude as COPY reads them: around some centres of the town, unknown for one in seven."""
    rng, n = context.rng, len(arrivals.fact)
    municipalities = context.catalogue.municipalities
    lon = np.array([float(row["lon"]) for row in municipalities])
    lat = np.array([float(row["lat"]) for row in municipalities])
    # A town's radius grows with the root of its population: about 5 km for 400,000.
    radius = np.minimum(0.6 + 0.007 * np.sqrt(context.catalogue.municipality_population), 7) / 111.0
    neighbourhoods = rng.normal(0.0, 0.45, (len(municipalities), 9, 2))
    neighbourhood = neighbourhoods[arrivals.municipality, (9 * rng.random(n) ** 1.6).astype(np.int64)]
    offset = neighbourhood + rng.normal(0.0, 0.18, (n, 2))
    x = lon[arrivals.municipality] + offset[:, 0] * radius[arrivals.municipality] / np.cos(
        np.radians(lat[arrivals.municipality])
    )
    y = lat[arrivals.municipality] + offset[:, 1] * radius[arrivals.municipality]
    known = (rng.random(n) < 0.86).tolist()
    return (
        [f"{degrees:.5f}" if is_known else "\\N" for degrees, is_known in zip(x.tolist(), known, strict=True)],
        [f"{degrees:.5f}" if is_known else "\\N" for degrees, is_known in zip(y.tolist(), known, strict=True)],
    )
