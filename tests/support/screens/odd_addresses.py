"""Odd values for the query parameters of each page."""

from components.url.page_filters import FILTER_PARAMS
from otklik.pages import PAGES

ODD_VALUES = (
    "0", "-1", "1", "1e9", "0x10", "NaN", "inf", "None", "null", "true", "%", "%00", "\x00", "a\x00b", "\x01", "\x7f",
    "\n",
    "\u202eabc", "\ufffd", "😀", "é" * 300, "a" * 5000, "9" * 18, "9" * 25, "9" * 5000, "٣", "²",
    "1-1", "99999999999999999-1",
    "1-99999999999999999999", "1-1,2", "0001-01-01", "9999-12-31", "10000-01-01", "2025-02-30",
    "20251124", "2025-W01-1",
    "infinity~1~1", "2025-01-01T00:00+00:00~99999999999999999999~1", "0001-01-01T00:00+14:00~1~99999999999",
    "'; DROP TABLE x--",
    "<script>", "../../etc/passwd", "[a](http://b)", "a=b&c=d", "range", "{}",
)  # fmt: skip
BIGINT_DIGITS = 19
VIEWER = ("lang", "as")
PARAMS_BY_PAGE = {
    name: page.params if name in ("appeal", "people", "screens") else (*FILTER_PARAMS, *page.params)
    for name, page in PAGES.items()
}
"""The parameters of each page besides `VIEWER`."""
_TEXT_LENGTHS = {"q": 200, "find": 100, "object": 200, "text": 200, "number": 1000, "source": 200, "region": 200}
"""The most letters of texts that people type, or that tell one appeal from another."""
_USABLE_VALUES = {
    ("audit", "by"): {"0", "1"},
    ("people", "person"): {"1"},
    ("queue", "age"): {"0", "1"},
    ("queue", "selected"): {"1-1"},
    ("queue", "after"): {"infinity~1~1"},
    ("queue", "before"): {"infinity~1~1"},
}
_USABLE_ANYWHERE = {"period": {"range"}, "from": {"0001-01-01", "20251124", "2025-W01-1"}}
"""A last day without a first one is no range."""


def is_usable(page: str, param: str, value: str) -> bool:
    """Whether an odd value has a meaning after all on a page with data, where it is the only one in the address."""
    if param in _TEXT_LENGTHS:
        return len(value) <= _TEXT_LENGTHS[param] and "\x00" not in value
    if page == "audit" and param in ("before", "after", "entry"):
        return value.isascii() and value.isdecimal() and len(value) <= BIGINT_DIGITS and int(value) < 2**63
    return value in _USABLE_VALUES.get((page, param), _USABLE_ANYWHERE.get(param, set()))
