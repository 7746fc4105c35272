"""Sentences with personal data whose places are known, and how much of it masking finds: python -m this module.

Some are drawn from templates, of whose words the rules were made. The others, in tests/data/personal_texts.txt, were
written as people write, by somebody who knew no rule; some rules were made for what had been missed in them.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from otklik.masking.mask_text import mask_text
from otklik.masking.spans import PersonalKind
from tests.support.paths import PROJECT_ROOT

SENTENCES = 420
SEED = 7
SURNAMES = ["Иванов", "Петров", "Кузнецов", "Морозов", "Лебедев", "Егоров", "Шевченко", "Ким", "Гусейнов", "Абдуллаев"]
MEN = ["Александр", "Сергей", "Андрей", "Иван", "Дмитрий", "Пётр", "Рустам", "Магомед"]
WOMEN = ["Елена", "Ольга", "Наталья", "Анна", "Марина", "Гузель", "Светлана", "Фатима"]
FATHERS = [("Иванович", "Ивановна"), ("Петрович", "Петровна"), ("Сергеевич", "Сергеевна"), ("Рашидович", "Рашидовна")]
CROATIAN = ["Ivana Horvat", "Marko Babić", "Ana Kovačević", "Luka Šimić", "Petra Đurić"]
ENGLISH = ["John Smith", "Mary O'Neill", "Ann Taylor", "David Brown", "Sarah Jones"]
STREETS = ["Ленина", "Гагарина", "Мира", "Космонавтов", "Садовая", "Советская"]
EMAILS = ["anna@mail.example", "petrov.a@post.example.org", "user_77@mail.example"]
ACCOUNTS = ["@petr_surgut", "@anna1987", "@jama_foto"]
WRITTEN_FILE = PROJECT_ROOT / "tests" / "data" / "personal_texts.txt"
"""A sentence a line: 120 in Russian, 45 in Croatian, 35 in English; values stand as `{kind:value}`."""
ANNOTATION = re.compile(r"\{(?P<kind>\w+):(?P<value>[^{}]*)\}")
# A value in braces is personal; what stands in the sentence besides must stay readable.
TEMPLATES = """
Меня зовут {name}, прошу принять меры: во дворе не убирают снег.
Прошу разобраться. С уважением, {name}.
{name}, проживаю по адресу ул. %street%, д. {house}, кв. {flat}. Отопления нет третий день.
Обращается {name}. Автобус 45 не приходит с понедельника.
Перезвоните мне по тел. {phone}, дозвониться до вас нельзя.
мой телефон {phone} звоните после 18 часов
Ответ пришлите на {email}, письма не доходят.
Сосед {name} из квартиры {flat} заливает нас второй год.
{lower} уже писала об этом 12 марта, ответа нет
Паспорт {passport}, прошу оформить льготу на питание.
Мой СНИЛС {snils}, выплату не начислили за три месяца.
Карту {card} заблокировали, пенсия не приходит.
Я, {initials}, инвалид второй группы, пандуса нет.
Мать {name}, {birth} г.р., не может попасть к врачу.
Дата рождения {birth}. Полис не приняли в поликлинике.
Пишите в телеграм {account}, фото ямы приложу.
Во дворе дома {house} по улице %street% яма глубиной 40 сантиметров.
Zovem se {croatian}, na cesti je rupa već mjesec dana.
S poštovanjem, {croatian}, tel. {phone_hr}.
Moj OIB je {oib}, rješenje nisam dobio.
My name is {english}, the street light is out.
Please call me at {phone_us}, nobody answers.
Regards, {english}
""".strip().splitlines()


class PersonalText(NamedTuple):
    """A sentence, and its personal values with their kinds, in their order."""

    text: str
    values: tuple[tuple[PersonalKind, str], ...]


def personal_texts(count: int = SENTENCES, seed: int = SEED) -> Iterator[PersonalText]:
    """So many sentences, from each template in turn."""
    generator = random.Random(seed)  # noqa: S311 -- made-up sentences
    values_of_slots = ValueGenerator(generator)
    for number in range(count):
        template = TEMPLATES[number % len(TEMPLATES)].replace("%street%", generator.choice(STREETS))
        values: list[tuple[PersonalKind, str]] = []
        text = ""
        for piece in re.split(r"(\{\w+\})", template):
            if not piece.startswith("{"):
                text += piece
                continue
            kind, value = values_of_slots.draw(piece[1:-1])
            values.append((kind, value))
            text += value
        yield PersonalText(text, tuple(values))


class ValueGenerator:
    """Draws values for the slots of templates."""

    def __init__(self, generator: random.Random) -> None:
        """Draw from a generator, which is the same from the same seed."""
        self._generator = generator

    def draw(self, slot: str) -> tuple[PersonalKind, str]:
        """The kind of a slot, and a value for it. Raises KeyError for an unknown slot."""
        drawn_values: dict[str, tuple[PersonalKind, Callable[[], list[str]]]] = {
            "name": ("name", self._names),
            "lower": ("name", lambda: [self._names()[0].lower()]),
            "initials": ("name", self._initials),
            "croatian": ("name", lambda: CROATIAN),
            "english": ("name", lambda: ENGLISH),
            "phone": ("phone", self._russian_phones),
            "phone_hr": ("phone", lambda: [f"09{self._digit('1589')} {self._digits(3)} {self._digits(4)}"]),
            "phone_us": ("phone", lambda: [f"(2{self._digits(2)}) {self._digits(3)}-{self._digits(4)}"]),
            "email": ("email", lambda: EMAILS),
            "account": ("account", lambda: ACCOUNTS),
            "passport": ("document", self._passports),
            "snils": ("document", self._snils),
            "oib": ("document", self._oib),
            "card": ("card", self._cards),
            "birth": ("birth", self._birth_dates),
            "house": ("address", self._houses),
            "flat": ("address", self._houses),
        }
        kind, values = drawn_values[slot]
        return kind, self._generator.choice(values())

    def _digit(self, digits: str = "0123456789") -> str:
        return self._generator.choice(digits)

    def _digits(self, count: int) -> str:
        return "".join(self._digit() for _ in range(count))

    def _person(self) -> tuple[str, str, str]:
        is_man = self._digit("01") == "1"
        surname = self._generator.choice(SURNAMES)
        surname += "" if is_man or not surname.endswith(("ов", "ев")) else "а"
        fathers_name = self._generator.choice(FATHERS)[0 if is_man else 1]
        return surname, self._generator.choice(MEN if is_man else WOMEN), fathers_name

    def _names(self) -> list[str]:
        surname, first, father = self._person()
        return [f"{surname} {first} {father}", f"{first} {father} {surname}", f"{first} {surname}"]

    def _initials(self) -> list[str]:
        surname, first, father = self._person()
        return [f"{surname} {first[0]}. {father[0]}."]

    def _russian_phones(self) -> list[str]:
        a, b, c, d = self._digits(2), self._digits(3), self._digits(2), self._digits(2)
        return [f"8 9{a} {b}-{c}-{d}", f"+79{a}{b}{c}{d}", f"8(9{a}){b}{c}{d}", f"9{a} {b} {c} {d}"]

    def _passports(self) -> list[str]:
        return [f"{self._digits(2)} {self._digits(2)} {self._digits(6)}", f"{self._digits(4)} № {self._digits(6)}"]

    def _snils(self) -> list[str]:
        body = self._digits(9)
        check = sum(int(digit) * (9 - position) for position, digit in enumerate(body)) % 101 % 100
        return [f"{body[:3]}-{body[3:6]}-{body[6:]} {check:02}", f"{body}{check:02}"]

    def _oib(self) -> list[str]:
        body, remainder = self._digits(10), 10
        for digit in body:
            remainder = ((remainder + int(digit)) % 10 or 10) * 2 % 11
        return [f"{body}{(11 - remainder) % 10}"]

    def _cards(self) -> list[str]:
        body = "4" + self._digits(14)
        doubled = [int(digit) * (2 - position % 2) for position, digit in enumerate(body)]
        check = -sum(value - 9 * (value > 9) for value in doubled) % 10
        card = f"{body}{check}"
        return [card, " ".join(card[start : start + 4] for start in range(0, 16, 4))]

    def _birth_dates(self) -> list[str]:
        day, month = self._generator.randrange(1, 29), self._generator.randrange(1, 13)
        return [f"{day:02}.{month:02}.{self._generator.randrange(1930, 2005)}"]

    def _houses(self) -> list[str]:
        number = self._generator.randrange(1, 99)
        return [str(number), f"{number}а"]


def written_texts() -> Iterator[PersonalText]:
    """The sentences of tests/data/personal_texts.txt, in their order."""
    for line in WRITTEN_FILE.read_text(encoding="utf-8").splitlines():
        values = tuple((match["kind"], match["value"]) for match in ANNOTATION.finditer(line))
        yield PersonalText(ANNOTATION.sub(lambda match: match["value"], line), values)  # type: ignore[arg-type]


def masked_words(text: str) -> str:
    """A text as screens show it, with the kinds in brackets."""
    return "".join(part.words or f"[{part.kind}]" for part in mask_text(text))


def recall(texts: Iterable[PersonalText]) -> tuple[Counter[PersonalKind], Counter[PersonalKind], list[str]]:
    """By kind how many values there are, how many are gone, and the sentences in which one is left."""
    there, gone, leaks = Counter[PersonalKind](), Counter[PersonalKind](), []
    for sentence in texts:
        masked = masked_words(sentence.text)
        for kind, value in sentence.values:
            there[kind] += 1
            left = [word for word in re.findall(r"\w+", value) if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", masked)]
            if left and not all(word in re.findall(r"\w+", template_words(sentence)) for word in left):
                leaks.append(f"{kind} {value!r}: {masked}")
            else:
                gone[kind] += 1
    return there, gone, leaks


def template_words(sentence: PersonalText) -> str:
    """The words of a sentence besides its values."""
    words = sentence.text
    for _, value in sentence.values:
        words = words.replace(value, " ", 1)
    return words


def print_recall(title: str, texts: Sequence[PersonalText]) -> None:
    """Print a table of what is found, and the sentences in which something is left."""
    there, gone, leaks = recall(texts)
    clean_texts = [sentence.text for sentence in texts if not sentence.values]
    changed = [masked_words(text) for text in clean_texts if masked_words(text) != text]
    lines = [title, *(f"{kind:10} {gone[kind]:4} of {count:4}" for kind, count in there.items())]
    lines += [f"{len(changed)} of {len(clean_texts)} sentences without personal data are changed", *changed, *leaks, ""]
    print("\n".join(lines))  # noqa: T201 -- a command


if __name__ == "__main__":
    print_recall("Drawn", list(personal_texts()))
    all_written = list(written_texts())
    for language, part in (("Russian", slice(120)), ("Croatian", slice(120, 165)), ("English", slice(165, 200))):
        print_recall(language, all_written[part])
