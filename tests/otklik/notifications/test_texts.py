"""The texts of notices in every language."""

from datetime import timedelta

import pytest

from otklik.i18n import LANGUAGES, set_language
from otklik.notifications.texts import notice_text

DAY = timedelta(days=1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_step_has_a_text_in_each_language(language: str) -> None:
    set_language(language)
    try:
        texts = [
            notice_text("risk", timedelta(0)),
            notice_text("deadline", timedelta(0)),
            notice_text("deadline", 3 * DAY),
            notice_text("deadline", -2 * DAY),
            notice_text("transfer", timedelta(hours=24)),
        ]
    finally:
        set_language("en")
    assert (
        texts
        == {
            "en": [
                "Four fifths of the time are used",
                "The deadline has passed",
                "Overdue by 3 days",
                "2 days left",
                "No action for 1 day since it was reassigned",
            ],
            "ru": [
                "Использовано четыре пятых срока",
                "Срок истёк",
                "Просрочено на 3 дня",
                "Осталось 2 дня",
                "После перенаправления без движения: 1 день",
            ],
            "hr": [
                "Potrošene su četiri petine roka",
                "Rok je prekoračen",
                "Prekoračen za 3 dana",
                "Još 2 dana",
                "Bez radnje od prosljeđivanja: 1 dan",
            ],
        }[language]
    )
