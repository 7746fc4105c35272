"""What an entry of the audit is about: in words for people, with the addresses of the pages that show it."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from components.url import links
from otklik.i18n import N_, _, formats, ngettext

OBJECT_LABELS = {
    "person": N_("person {name}"),
    "device": N_("screen {name}"),
    "playlist": N_("playlist {name}"),
    "threshold": N_("threshold {name}"),
    "appeal": N_("appeal {name}"),
    "operation": N_("operation {name}"),
    "problem": N_("problem {name}"),
    "data-source": N_("data source {name}"),
    "discussion": N_("discussion {name}"),
    "report": N_("situation report {name}"),
    "import": N_("import {name}"),
    "topic": N_("topic {name}"),
    "regime": N_("regime {name}"),
    "audit": N_("the audit"),
}
LIST_FORMATS = ("csv", "xlsx")
MAX_NUMBERS = 3
"""The number of an operation's appeals that the table names; the others are counted."""


class ObjectNames(NamedTuple):
    """The present names of people and devices, by id."""

    people: Mapping[int, str]
    devices: Mapping[int, str]


def object_code(text: str) -> str:
    """An object as the database records it, from a text in the current language: `пользователь 5` -> `person 5`."""
    for code, label in OBJECT_LABELS.items():
        kind = _(label).format(name="").strip()
        if f"{text} ".casefold().startswith(f"{kind} ".casefold()):
            return f"{code}{text[len(kind) :]}"
    return text


def object_label(entry: Mapping[str, Any], names: ObjectNames) -> str:
    """The object of an entry: appeals by number, people and devices by number and name, anything else as recorded."""
    kind, _blank, object_name = str(entry["object"]).partition(" ")
    if kind == "operation" and "appeals" in (entry["after"] or {}):
        return appeals_label(entry["after"]["appeals"])
    if kind == "appeal":
        object_name = appeal_numbers(entry)[0]
    elif kind in ("person", "device"):
        known_names = names.people if kind == "person" else names.devices
        recorded_name = next(
            (values["name"] for name in ("after", "before") if "name" in (values := entry[name] or {})), ""
        )
        name = known_names.get(int(object_name) if object_name.isdecimal() else 0, recorded_name)
        object_name = f"{object_name} · {name}" if name else object_name
    elif kind in LIST_FORMATS:
        return _("list of open appeals ({format})").format(format=kind.upper())
    return _(OBJECT_LABELS[kind]).format(name=object_name) if kind in OBJECT_LABELS else str(entry["object"])


def appeals_label(numbers: list[str]) -> str:
    """`appeal 1`, `3 appeals: 1, 2, 3`, `5 appeals: 1, 2, 3 and 2 more`; where all were refused, that none changed."""
    if not numbers:
        return _("no appeal: all were refused")
    if len(numbers) == 1:
        label = OBJECT_LABELS["appeal"]
        return _(label).format(name=numbers[0])
    listed, more_count = ", ".join(numbers[:MAX_NUMBERS]), len(numbers) - MAX_NUMBERS
    if more_count > 0:
        listed = _("{names} and {n} more").format(names=listed, n=formats.number(more_count))
    count = ngettext("{n} appeal", "{n} appeals", len(numbers)).format(n=formats.number(len(numbers)))
    return f"{count}: {listed}"


def appeal_numbers(entry: Mapping[str, Any]) -> list[str]:
    """The numbers of the appeals that an entry is about."""
    kind, _blank, object_name = str(entry["object"]).partition(" ")
    if kind == "operation":
        return list((entry["after"] or {}).get("appeals", ()))
    if kind != "appeal":
        return []
    # An entry about personal data has the code of the source before the number.
    return [object_name.partition(" ")[2] if entry["action"] == "personal data shown" else object_name]


def object_links(entry: Mapping[str, Any], names: ObjectNames) -> dict[str, str]:
    """The addresses of the pages that show an entry's object, by what a link to them says; empty where none does."""
    numbers = appeal_numbers(entry)
    if numbers:
        return {number: page_url("appeal", number=number) for number in numbers}
    kind, _blank, object_name = str(entry["object"]).partition(" ")
    if kind == "person" and object_name.isdecimal():
        return {object_label(entry, names): page_url("people", person=object_name)}
    if kind == "problem":
        return {object_label(entry, names): page_url("problems", problem=object_name)}
    if kind == "discussion":
        return {object_label(entry, names): page_url("discussions", discussion=object_name)}
    # A table tells links apart by their addresses: two screens on one page are two.
    is_of_screens = kind in ("device", "playlist", "threshold")
    return {object_label(entry, names): f"{page_url('screens')}#{kind}-{object_name}"} if is_of_screens else {}


def object_url(entry: Mapping[str, Any], names: ObjectNames) -> str:
    """The address of the page that shows an entry's object; of the entry itself where there isn't just one."""
    urls = list(object_links(entry, names).values())
    return urls[0] if len(urls) == 1 else page_url("audit", entry=str(entry["id"]))


def page_url(page: str, **params: str) -> str:
    """The relative address of a page for the current viewer."""
    return f"{page}?{urlencode(params | links.viewer_params())}"
