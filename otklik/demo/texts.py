"""What applicants write: short, in Russian, about the topic; no person is named."""

import numpy as np

from otklik.demo.arrivals import Arrivals, World

STREETS = (
    "Ленина", "Мира", "Советская", "Молодёжная", "Школьная", "Садовая", "Лесная", "Новая", "Набережная",
    "Центральная", "Зелёная", "Гагарина", "Полевая", "Заводская", "Октябрьская", "Победы", "Пионерская",
    "Строителей", "Комсомольская", "Железнодорожная", "Нефтяников", "Дружбы народов",
)  # fmt: skip
BEFORE = (
    "", "", "", "Здравствуйте! ", "Добрый день. ", "Прошу помочь. ", "Обращаюсь повторно. ",
    "Уважаемая администрация! ",
)  # fmt: skip
AFTER = (
    "", "", " Просим принять меры.", " Когда это исправят?", " Звонили в диспетчерскую, ответа нет.",
    " Прошу ответить по существу.", " Так продолжается давно.", " Фото прилагаю.", " Спасибо.",
    " Просим указать срок работ.", " Соседи тоже писали.",
)  # fmt: skip


def bodies(w: World, a: Arrivals) -> list[str]:
    """The text of each appeal."""
    rng, n = w.rng, len(a.fact)
    said = [(row["text_1"], row["text_2"]) for row in w.data.facts]
    town = [row["name_ru"] for row in w.data.municipalities]
    columns = zip(
        rng.integers(0, len(BEFORE), n).tolist(),
        a.fact.tolist(),
        rng.integers(0, 2, n).tolist(),
        a.municipality.tolist(),
        rng.integers(0, len(STREETS), n).tolist(),
        rng.integers(1, 96, n).tolist(),
        (rng.random(n) < 0.7).tolist(),  # noqa: PLR2004 - the share that gives an address
        rng.integers(0, len(AFTER), n).tolist(),
        strict=True,
    )
    return [
        BEFORE[before] + said[fact][which]
        + (f" {town[place]}, ул. {STREETS[street]}, {house}." if addressed else "") + AFTER[after]
        for before, fact, which, place, street, house, addressed, after in columns
    ]  # fmt: skip


def points(w: World, a: Arrivals) -> tuple[list[str], list[str]]:
    """Longitude and latitude as COPY reads them: around some centres of the town, unknown for one in seven."""
    rng, n = w.rng, len(a.fact)
    towns = w.data.municipalities
    lon = np.array([float(row["lon"]) for row in towns])
    lat = np.array([float(row["lat"]) for row in towns])
    # A town's radius grows with the root of its population: about 5 km for 400,000.
    radius = np.minimum(0.6 + 0.007 * np.sqrt(w.data.town_population), 7) / 111.0
    quarters = rng.normal(0.0, 0.45, (len(towns), 9, 2))
    quarter = quarters[a.municipality, (9 * rng.random(n) ** 1.6).astype(np.int64)]
    around = quarter + rng.normal(0.0, 0.18, (n, 2))
    x = lon[a.municipality] + around[:, 0] * radius[a.municipality] / np.cos(np.radians(lat[a.municipality]))
    y = lat[a.municipality] + around[:, 1] * radius[a.municipality]
    known = (rng.random(n) < 0.86).tolist()  # noqa: PLR2004 - the share with a point
    return (
        [f"{at:.5f}" if there else "\\N" for at, there in zip(x.tolist(), known, strict=True)],
        [f"{at:.5f}" if there else "\\N" for at, there in zip(y.tolist(), known, strict=True)],
    )
