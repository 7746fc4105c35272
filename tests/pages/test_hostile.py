"""Hostile texts on every page: none fails, none is written as it is where Markdown would be read."""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from itertools import cycle
from typing import Any
from zipfile import ZipFile

import pandas as pd
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from components.export.tabular import csv_bytes, xlsx_bytes
from components.text.escape import escape_markdown
from otklik.database.access import devices, people
from otklik.pages import PAGES
from otklik.reports import situation_file
from queries.filters import Filters
from tests.support import factories
from tests.support.screens.app_pages import run_page
from tests.support.screens.hostile_texts import HOSTILE_TEXTS, LONG_TEXT, WITH_NUL
from tests.support.waiting import SCRIPT_SECONDS

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
TOO_MUCH = 3_000_000
"""Bytes on their way to the browser: one text of a megabyte alone, twice, would not make a page as heavy."""
# What reads Markdown, by its name in the protocol, and where.
READ = ("label", "body", "help", "placeholder", "delta_description", "title")
AS_IT_IS = {"text", "code", "text_input", "text_area", "dataframe", "arrow_data_frame", "vega_lite_chart", "selectbox"}
# A rule of three dashes also stands in our own tables; the browser's test sees that it is none.
OBEYED = tuple(text.strip() for text in HOSTILE_TEXTS if text != "---" and text.strip() not in escape_markdown(text))


@pytest.fixture
def planted(connection: Connection) -> factories.AppealKey:
    """Every text as a number, a body, a place, a topic, an organisation, a reason, a note and a person."""
    now = datetime.now(UTC)
    numbers = cycle(range(len(HOSTILE_TEXTS)))
    key = factories.AppealKey(0, 0)
    for n, text in zip(numbers, HOSTILE_TEXTS, strict=False):
        region = f"X{n % 7}"
        factories.territory(connection, region, name=HOSTILE_TEXTS[-1 - n % 7], lon=60.0 + n % 7, lat=60.0)
        place = f"{region}-{n}"
        factories.territory(connection, place, "municipality", parent=region, name=text, lon=60.0, lat=60.0)
        factories.topic(connection, f"t{n}", name=text)
        factories.organisation(connection, f"o{n}", name=text, region=region)
        named: dict[str, Any] = {
            "region": region,
            "municipality": place,
            "topic": f"t{n}",
            "holder": f"o{n}",
            "lon": 60.1,
            "lat": 60.1,
        }
        open_one: dict[str, Any] = {
            "number": f"{text} open",
            "body": text,
            "received_at": now - 9 * DAY,
            "deadline_at": now - DAY / 2,
        }
        key = factories.appeal(connection, **named, **open_one)
        factories.event(connection, key, reason=text, actor=text, after={"note": text})
        closed: dict[str, Any] = {
            "number": text,
            "body": text,
            "received_at": now - 3 * DAY,
            "closed_at": now - DAY,
            "rating": 1 + n % 5,
        }
        factories.appeal(connection, **named, **closed)
        facts = {"name": text.strip()[:200], "email": f"h{n}@example.org", "role": "manager", "territories": [place]}
        who = people.save_person_as_owner(connection, None, facts, text)
        people.change_person(who, text.strip(" \t\r\n")[:900] or "-", role="staff")
    hall = people.save_person_as_owner(
        connection, None, {"name": HOSTILE_TEXTS[0], "role": "screen", "everywhere": True}, LONG_TEXT
    )
    devices.enrol_device(hall, HOSTILE_TEXTS[0], HOSTILE_TEXTS[0])
    return factories.appeal(
        connection, number="LONG", body=LONG_TEXT, received_at=now, municipality="X0-0", region="X0"
    )


def elements(block: Block) -> Iterator[Element]:
    """Everything on a page, wherever it stands."""
    for child in block.children.values():
        if isinstance(child, Block):
            yield from elements(child)
        else:
            yield child


def read_as_markdown(page: AppTest) -> Iterator[tuple[str, str]]:
    """Each text of a page that the browser reads as Markdown: what it is of, and the text."""
    for element in elements(page.main):
        if element.type in AS_IT_IS:
            continue
        for part in READ:
            said = getattr(element.proto, part, None)
            if isinstance(said, str):
                yield f"{element.type}.{part}", said


def test_a_text_that_is_obeyed_would_be_found() -> None:
    def script() -> None:
        import streamlit as st  # noqa: PLC0415 -- the whole script

        st.columns(2)[1].button("[a](http://b)")
        st.metric("**c**", 1, help=":red[d]")
        st.text("**e**")

    found = dict(read_as_markdown(AppTest.from_function(script, default_timeout=SCRIPT_SECONDS).run()))
    assert (found["button.label"], found["metric.label"], found["metric.help"]) == ("[a](http://b)", "**c**", ":red[d]")
    assert "**e**" not in found.values()


def test_no_page_writes_a_hostile_text_where_markdown_is_read(planted: factories.AppealKey) -> None:
    one = {"number": f"{HOSTILE_TEXTS[0]} open", "source": "otklik"}
    addresses = [*((name, {}) for name in PAGES), ("regions", {"territory": "X0"}), ("appeal", one)]
    addresses += [("people", {"find": "h3@"}), ("audit", {"entry": "5"}), ("appeal", {"number": "LONG"})]
    assert planted
    for name, address in addresses:
        for who in ("administrator", "official") if name in ("overdue", "appeal") else ("administrator",):
            wanted = {"as": who, "period": "all", **address}
            page = run_page(name, deep_link=False, **wanted)
            found = list(read_as_markdown(page))
            assert found
            for text in OBEYED:
                assert [place for place, said in found if text in said] == [], (name, address, text)
            assert sum(len(element.proto.SerializeToString()) for element in elements(page.main)) < TOO_MUCH, name


def test_every_file_holds_each_text_as_text() -> None:
    rows = pd.DataFrame({"Number": range(len(HOSTILE_TEXTS) + 1), HOSTILE_TEXTS[0]: [*HOSTILE_TEXTS, LONG_TEXT]})
    read = list(csv.reader(StringIO(csv_bytes(rows).decode("utf-8-sig"), newline="")))
    assert [row[0] for row in read[1:]] == [str(n) for n in range(len(HOSTILE_TEXTS) + 1)]
    for _number, cell in read[1:]:
        assert not re.match(r"\s*[=+@\-＝][^-]", cell), cell
    book = xlsx_bytes(rows, HOSTILE_TEXTS[1], [HOSTILE_TEXTS[2]])
    cells = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    assert len(cells) == len(HOSTILE_TEXTS) + 2
    as_text_alone(book)


@pytest.mark.usefixtures("planted")
def test_the_report_holds_each_text_as_text() -> None:
    today = datetime.now(UTC).date()
    filters = Filters(today - 29 * DAY, today + DAY)
    pages = PdfReader(BytesIO(situation_file.make_report("pdf", filters, lambda *_told: None))).pages
    said = "".join(page.extract_text() for page in pages)
    written = "".join(said.split())
    for text in ('#read("/etc/passwd")', "=cmd|'/C calc'!A0", "$HOSTILE^2$", "[HOSTILE md link](http://evil.example)"):
        assert "".join(text.split())[:12] in written, text
    assert "root:" not in said
    assert [one for page in pages for one in page.get("/Annots") or () if "evil" in str(one.get_object())] == []
    as_text_alone(situation_file.make_report("xlsx", filters, lambda *_told: None))


def as_text_alone(book: bytes) -> None:
    """No cell of a spreadsheet is computed, none leads anywhere."""
    with ZipFile(BytesIO(book)) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            for sign in (b"<f>", b"<hyperlink", b'TargetMode="External"'):
                assert sign not in content, name


def test_no_text_of_the_databases_holds_a_nul(connection: Connection) -> None:
    with pytest.raises(DBAPIError, match="NUL"):
        factories.appeal(connection, body=WITH_NUL)
    facts = {"name": WITH_NUL, "email": "n@example.org", "role": "staff"}
    with pytest.raises(DBAPIError):
        people.save_person_as_owner(connection, None, facts)
    assert escape_markdown(WITH_NUL) == "HOSTILE\ufffd=1+1"
