"""What entries of the audit are about, in words and with links."""

from collections.abc import Iterator
from typing import Any

import pytest

from components.admin.audit_objects import ObjectNames, object_label, object_links, object_url
from otklik.i18n import set_language

NAMES = ObjectNames({5: "Anna"}, {3: "Hall, left"})
OPERATION = "operation 0b5c6f2e-8a3a-4c55-9d8e-2f1f4f6f7a10"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def entry(target: str, action: str = "undone", **values: object) -> dict[str, Any]:
    return {"id": 9, "object": target, "action": action, "before": None, "after": None, **values}


@pytest.mark.parametrize(
    ("recorded", "label", "urls"),
    [
        (entry(OPERATION, after={"appeals": ["A-1"]}), "appeal A-1", ["appeal?number=A-1"]),
        (
            entry(OPERATION, after={"appeals": ["A 1", "A-2"]}),
            "2 appeals: A 1, A-2",
            ["appeal?number=A+1", "appeal?number=A-2"],
        ),
        (
            entry(OPERATION, after={"appeals": [str(n) for n in range(5)]}),
            "5 appeals: 0, 1, 2 and 2 more",
            [f"appeal?number={n}" for n in range(5)],
        ),
        (entry(OPERATION, after={"appeals": [], "refused": 2}), "no appeal: all were refused", []),
        (entry("appeal demo A-1", "personal data shown"), "appeal A-1", ["appeal?number=A-1"]),
        (entry("appeal A 1", "transfer allowed"), "appeal A 1", ["appeal?number=A+1"]),
        (entry("person 5"), "person 5 · Anna", ["people?person=5"]),
        (entry("person 6", after={"name": "Boris"}), "person 6 · Boris", ["people?person=6"]),
        (entry("device 3"), "screen 3 · Hall, left", ["screens#device-3"]),
        (entry("device 4", before={"name": "Lobby"}), "screen 4 · Lobby", ["screens#device-4"]),
        (entry("csv", "list exported"), "list of open appeals (CSV)", []),
        (entry("audit", "audit exported"), "the audit", []),
        (entry("thing 1"), "thing 1", []),
    ],
)
def test_an_object_is_named_in_words_and_leads_to_its_page(
    recorded: dict[str, Any], label: str, urls: list[str]
) -> None:
    assert object_label(recorded, NAMES) == label
    links = object_links(recorded, NAMES)
    assert [url.replace("?#", "#").rstrip("?") for url in links.values()] == urls
    assert object_url(recorded, NAMES).replace("?#", "#").rstrip("?") == (
        urls[0] if len(urls) == 1 else "audit?entry=9"
    )
