"""Components are looked at in English unless a test says otherwise."""

import pytest

from otklik import i18n


@pytest.fixture(autouse=True)
def english() -> None:
    i18n.set_language("en")
