"""Components are looked at in English unless a test says otherwise."""

from collections.abc import Iterator

import pytest

from otklik import i18n


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.set_language("en")
    yield
    i18n.set_language("en")
