"""What the demo's problems say: where each is, since when, how far it got and why, and what is to be done."""

from collections.abc import Sequence
from typing import NamedTuple

from otklik.database.functions.problems import REJECTED


class DemoRemedy(NamedTuple):
    """What is to be done by somebody who is named, so many days after the demo's day, and what was done, if it was."""

    title: str
    responsible: str
    due_days: int
    note: str | None = None


class DemoProblem(NamedTuple):
    """A problem of a territory and topic that began so many days ago, its last status, and why it got there."""

    territory: str
    topic: str
    title: str
    description: str
    since_days: int
    status: str
    reasons: Sequence[str]
    remedies: Sequence[DemoRemedy] = ()


DEMO_PROBLEMS = (
    DemoProblem(
        "RU-CHE",
        "waste.collection.missed",
        "После смены подрядчика мусор вывозят через раз",
        "Жалобы из большинства муниципалитетов области с первого дня работы нового подрядчика.",
        70,
        "in_progress",
        (
            "Проверено по обращениям трёх недель: пропущен каждый третий вывоз.",
            "Потребовать от подрядчика второй график и назначить штрафы.",
            "Договор дополнен, график согласован.",
        ),
        (
            DemoRemedy(
                "Дополнить договор штрафами за пропуск вывоза", "Министерство экологии", -30, "Соглашение подписано"
            ),
            DemoRemedy("Вывести на линию двенадцать запасных машин", "Региональный оператор", -4),
            DemoRemedy("Опубликовать графики вывоза по дворам", "Министерство экологии", 12),
        ),
    ),
    DemoProblem(
        "RU-KHM-SURGUT",
        "transport.service.route",
        "Отменены два автобусных маршрута",
        "Из двух микрорайонов не доехать до больницы без двух пересадок.",
        75,
        "checked",
        (
            "Обращения из обоих микрорайонов, всплеск с первого дня отмены.",
            "Вернуть один маршрут и продлить другой.",
            "Перевозчик выбран.",
            "После возвращения маршрута обращения почти прекратились.",
        ),
        (DemoRemedy("Вернуть маршрут до больницы", "Департамент транспорта", -30, "Маршрут работает с понедельника"),),
    ),
    DemoProblem(
        "RU-NVS-NOVOSIBIRSK",
        "roads.surface.pothole",
        "Прошлогодний ремонт дорог не держится",
        "Ямы появляются на тех же улицах, которые ремонтировали год назад.",
        120,
        "decided",
        ("Улицы сверены с планом ремонта прошлого года.", "Гарантийный ремонт за счёт подрядчиков."),
        (DemoRemedy("Предъявить подрядчикам гарантийные требования", "Департамент дорог", 20),),
    ),
    DemoProblem(
        "RU-NVS",
        "schools.meals.missing",
        "Поставщик не привозит школьные обеды",
        "Несколько школ области остались без горячего питания.",
        56,
        "confirmed",
        ("Школы подтвердили недопоставки.",),
    ),
    DemoProblem(
        "RU-VGG-VOLGOGRAD",
        "housing.water.nocold",
        "Прорыв водовода: район без холодной воды",
        "За два дня столько обращений, сколько обычно за месяц.",
        48,
        "closed",
        (
            "Подтверждено водоканалом.",
            "Заменить аварийный участок.",
            "Работы начаты.",
            "Вода подана, новых обращений нет.",
            "Участок заменён, водоканал отчитался.",
        ),
        (DemoRemedy("Заменить участок водовода", "Водоканал", -16, "Заменены триста метров"),),
    ),
    DemoProblem(
        "RU-KHM-NIZHNEVARTOVSK",
        "health.vaccination.queue",
        "Остался один прививочный пункт",
        "Очередь на прививку занимает полдня.",
        40,
        "found",
        (),
    ),
    DemoProblem(
        "RU-ROS",
        "health.ambulance.wait",
        "Скорую ждут дольше часа",
        "Жалобы во время подъёма гриппа.",
        200,
        REJECTED,
        ("Подъём заболеваемости прошёл, дальше обычный уровень.",),
    ),
)
