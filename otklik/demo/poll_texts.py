"""What the demo's polls ask, about what, and how people tend to answer."""

from collections.abc import Sequence
from typing import NamedTuple


class DemoQuestion(NamedTuple):
    """A question of a kind of `otklik.database.functions.votes`, and its options with weights; no option for words."""

    kind: str
    text: str
    options: Sequence[tuple[str, float]] = ()


class DemoPoll(NamedTuple):
    """What is asked about a topic of the demo; `{place}` is the territory's name."""

    topic: str
    title: str
    description: str
    questions: Sequence[DemoQuestion]


TERRITORIES = (
    *("RU-KHM-SURGUT", "RU-KHM-NIZHNEVARTOVSK", "RU-KHM", "RU-KHM-NEFTEYUGANSK", "RU-KHM-KHANTY-MANSIYSK"),
    *("RU-CHE", "RU-SVE", "RU-TYU", "RU-YAN", "RU-KHM-KOGALYM"),
)
"""Where the demo's polls are, most of them in Ugra."""
SATISFACTION = DemoQuestion(
    "scale",
    "Насколько вы довольны тем, как сейчас?",
    (("1 — совсем недоволен", 0.12), ("2", 0.2), ("3", 0.31), ("4", 0.24), ("5 — полностью доволен", 0.13)),
)
WORDS = DemoQuestion("open", "Что ещё важно учесть?")
COMMENTS = ("Больше деревьев", "Сделайте освещение", "Нужна парковка", "Учтите маломобильных", "Проверьте подрядчика")
DEMO_POLLS = (
    DemoPoll(
        "landscaping.public",
        "Какую территорию благоустроить первой: {place}",
        "Голосование за общественную территорию программы «Городская среда».",
        (
            DemoQuestion(
                "single",
                "Какую территорию благоустроить первой?",
                (("Набережная", 0.46), ("Центральный парк", 0.34), ("Сквер у вокзала", 0.2)),
            ),
            DemoQuestion(
                "multiple",
                "Что там должно быть?",
                (("Деревья и газоны", 0.62), ("Детская площадка", 0.55), ("Велодорожка", 0.38), ("Сцена", 0.21)),
            ),
            WORDS,
        ),
    ),
    DemoPoll(
        "transport.service",
        "Новая схема автобусных маршрутов: {place}",
        "Оператор предлагает новую схему: меньше пересадок, чаще рейсы в час пик.",
        (
            DemoQuestion(
                "single",
                "Поддерживаете ли вы новую схему маршрутов?",
                (("Да", 0.51), ("Нет", 0.33), ("Затрудняюсь ответить", 0.16)),
            ),
            SATISFACTION,
        ),
    ),
    DemoPoll(
        "roads.parking",
        "Платная парковка в центре: {place}",
        "Предлагается сделать стоянку в центре платной в рабочие часы.",
        (
            DemoQuestion(
                "single",
                "Нужна ли платная парковка в центре?",
                (("Да", 0.24), ("Только для приезжих", 0.29), ("Нет", 0.47)),
            ),
        ),
    ),
    DemoPoll(
        "landscaping.lighting",
        "Где не хватает освещения: {place}",
        "Ответы пойдут в план замены светильников.",
        (
            DemoQuestion(
                "multiple",
                "Где не хватает освещения?",
                (("Дворы", 0.66), ("Остановки", 0.41), ("Пешеходные переходы", 0.37), ("Парки", 0.29)),
            ),
            SATISFACTION,
            WORDS,
        ),
    ),
    DemoPoll(
        "waste.sorting",
        "Раздельный сбор отходов: {place}",
        "Готовы ли жители разделять отходы, если у дома появятся контейнеры.",
        (
            DemoQuestion(
                "single",
                "Готовы ли вы разделять отходы?",
                (("Уже разделяю", 0.27), ("Да, если контейнеры у дома", 0.52), ("Нет", 0.21)),
            ),
            WORDS,
        ),
    ),
    DemoPoll(
        "schools.meals",
        "Школьное питание: {place}",
        "Опрос родителей о питании в школах.",
        (
            SATISFACTION,
            DemoQuestion(
                "multiple",
                "Что изменить?",
                (("Больше горячих блюд", 0.48), ("Выбор из двух меню", 0.57), ("Больше времени на обед", 0.35)),
            ),
        ),
    ),
)
