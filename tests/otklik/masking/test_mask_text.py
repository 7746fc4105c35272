"""Personal data in texts are left out, and what only looks like them stays."""

import pytest

from otklik.masking.checksums import is_card_number, is_oib, is_personal_inn, is_snils
from otklik.masking.mask_text import MAX_MASKED_CHARACTERS, mask_text
from tests.support.appeals.personal_texts import SENTENCES, masked_words, personal_texts, recall, written_texts

MISSED = {"name": 12, "address": 8}
"""Of the values in tests/data/personal_texts.txt."""


def test_on_drawn_sentences_all_is_found() -> None:
    there, gone, leaks = recall(personal_texts())
    assert sum(1 for _ in personal_texts()) == SENTENCES
    assert leaks == []
    assert gone == there


def test_on_sentences_as_people_write_them_nearly_all_is_found_and_nearly_nothing_else() -> None:
    """At least as much as docs/access.md says."""
    texts = list(written_texts())
    there, gone, _ = recall(texts)
    assert {kind: count - gone[kind] for kind, count in there.items() if count > gone[kind]} == MISSED
    clean_texts = [sentence.text for sentence in texts if not sentence.values]
    assert [text for text in clean_texts if masked_words(text) != text] == []


@pytest.mark.parametrize(
    "text",
    [
        "В Сургуте на улице Гагарина яма, ждали 20 дней, во дворе 5 этажей.",
        "Автобус 45 не пришёл в 8:30, ждали 40 минут, потом 12 марта снова.",
        "Школа № 5, обращение 2026-11-0012345, заплатили 1500 рублей за 36 кв. м.",
        "Закон 59-ФЗ от 02.05.2006, статья 12, пункт 3.",
        "Пандус у поликлиники имени Пирогова сломан с 2024 года.",
        "Bus 214 was 25 minutes late on 3 March 2026, the fare is 2.50.",
        "Na cesti je rupa od 40 cm već 3 mjeseca, linija 12 ne vozi.",
    ],
)
def test_what_only_looks_like_personal_data_stays(text: str) -> None:
    assert masked_words(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("", ""),
        ("иванова мария петровна жалуется", "[name] жалуется"),
        ("Иванов И.И., Петров П.П. не работают", "[name] не работают"),
        ("звоните 89123456789,89123456780", "звоните [phone]"),
        ("пишите a@b.example или c@d.example", "пишите [email] или [email]"),
        ("ул. Мира, 5-12, вход со двора", "ул. Мира, [address], вход со двора"),
        ("ул. Дружбы народов, 70, первый подъезд", "ул. Дружбы народов, [address], первый подъезд"),
        ("на ул. Ленина ямы, 5 дней не чинят", "на ул. Ленина ямы, 5 дней не чинят"),
        ("карта 4276 3800 1234 5674", "карта [card]"),
    ],
)
def test_pieces_are_whole_and_neighbours_are_one(text: str, masked: str) -> None:
    assert masked_words(text) == masked


@pytest.mark.parametrize("unit", ["a", "1", "Ivana Horvat 091 234 5678, ", "Иван Петров, д. 5, "])
def test_of_a_very_long_text_the_begin_is_masked_and_the_rest_left_out(unit: str) -> None:
    text = unit * (2 * MAX_MASKED_CHARACTERS // len(unit))
    parts = mask_text(text)
    assert sum(len(part.words) for part in parts) <= MAX_MASKED_CHARACTERS
    assert not any(word in part.words for part in parts for word in ("Horvat", "Петров", "5678"))


def test_check_digits_are_those_of_the_standards() -> None:
    # Published examples of ISO/IEC 7812-1, the pension insurance, and the tax administrations of Croatia and Russia.
    assert is_card_number("4539578763621486")
    assert is_snils("11223344595")
    assert is_oib("69435151530")
    assert is_personal_inn("500100732259")
    for is_valid, wrong in (
        (is_card_number, "4539578763621487"),
        (is_card_number, "0000000000000000"),
        (is_snils, "11223344596"),
        (is_oib, "69435151531"),
        (is_personal_inn, "500100732258"),
    ):
        assert not is_valid(wrong)
