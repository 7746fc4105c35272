"""Components are looked at in English unless a test says otherwise."""

import pytest

from components import words


@pytest.fixture(autouse=True)
def english() -> None:
    words.use("en")
