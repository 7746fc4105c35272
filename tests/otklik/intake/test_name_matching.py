"""Codes made of names, and how many names a file may bring."""

import pytest

from otklik.intake import name_matching
from otklik.intake.errors import BadFile
from otklik.intake.name_matching import check_new_names, unused_code


class Codes(set[str]):
    """Codes that count how often they are asked for one."""

    lookups = 0

    def __contains__(self, code: object) -> bool:
        self.lookups += 1
        return super().__contains__(code)


@pytest.mark.parametrize(("used_count", "code"), [(0, "a"), (1, "a-2"), (2, "a-3"), (3, "a-4"), (1000, "a-1001")])
def test_the_next_code_of_a_row_takes_few_lookups(used_count: int, code: str) -> None:
    codes = Codes(["a", *(f"a-{suffix}" for suffix in range(2, used_count + 1))][:used_count])
    assert unused_code("a", codes) == code
    assert codes.lookups <= 25


def test_too_many_new_names_refuse_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_matching, "MAX_NEW_NAMES", 1000)
    check_new_names("topics", 999)
    with pytest.raises(BadFile, match="more than 1,000 topics that aren't in the database"):
        check_new_names("topics", 1000)
