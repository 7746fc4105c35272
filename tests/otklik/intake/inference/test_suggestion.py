"""What is inferred from samples, and that no file ends otherwise than in a draft or in a sentence."""

import csv
import io
import tomllib
from pathlib import Path

import pytest

from otklik.intake.errors import BadFile
from otklik.intake.inference.draft import Draft
from otklik.intake.inference.fields.territory import KnownRegions, shipped_regions
from otklik.intake.inference.sample import read_sample
from otklik.intake.inference.suggestion import suggest_mapping
from otklik.intake.inference.toml_text import mapping_text
from tests.support.imports.damaged_csv import CSV_FILES, PACKED_FILES
from tests.support.imports.damaged_files import DamagedFile
from tests.support.imports.damaged_workbooks import WORKBOOKS

KNOWN = KnownRegions(shipped_regions())
OPEN_CODES = {"received": True, "in_progress": True, "answered": False}
MAX_SENTENCE = 700


def suggest(folder: Path, columns: dict[str, list[str]], **answers: str) -> Draft:
    """The draft of a CSV with these columns besides those that every file has."""
    count = len(next(iter(columns.values())))
    table = {
        "id": [str(number) for number in range(count)],
        "created": [f"2026-03-{1 + number % 28:02} 10:00" for number in range(count)],
        "category": ["Roads"] * count,
        "department": ["Works"] * count,
        **columns,
    }
    text = io.StringIO()
    csv.writer(text).writerows([table, *zip(*table.values(), strict=True)])
    path = folder / "a.csv"
    path.write_text(text.getvalue(), "utf-8")
    return suggest_mapping(read_sample(path), KNOWN, OPEN_CODES, {"territory": "Zagreb, HR", **answers})


@pytest.mark.parametrize("file", [*CSV_FILES, *PACKED_FILES, *WORKBOOKS], ids=lambda file: f"{file.name}: {file.label}")
def test_a_damaged_file_ends_in_a_draft_or_a_sentence(tmp_path: Path, file: DamagedFile) -> None:
    path = tmp_path / file.name
    path.write_bytes(file.content)
    try:
        sample = read_sample(path)
        draft = suggest_mapping(sample, KNOWN, OPEN_CODES, {})
    except BadFile as error:
        sentence = str(error)
    else:
        sentence = "."
        tomllib.loads(mapping_text(draft, sample.layout, "code", "name\x7f\n", file.name))
    assert sentence.endswith(".")
    assert sentence.isprintable()
    assert len(sentence) < MAX_SENTENCE


@pytest.mark.parametrize(
    ("ratings", "rating", "empty"),
    [
        (["1", "5", "3"], {}, {}),
        (["0", "5", "3"], {}, {"rating": ["0"]}),
        (["1", "10", "7"], {"scale": [1, 10]}, {}),
        (["0", "9", "7"], {"scale": [0, 10]}, {}),
        (["20%", "100%", "0%"], {"scale": [0, 100]}, {}),
        (["Отлично", "Плохо", "Отлично"], {"words": {"Отлично": 5, "Плохо": 2}}, {}),
    ],
)
def test_a_scale_of_ratings_is_found(
    tmp_path: Path, ratings: list[str], rating: dict[str, object], empty: dict[str, list[str]]
) -> None:
    draft = suggest(tmp_path, {"rating": ratings})
    assert (draft.columns["rating"], draft.rating, draft.empty_by_column) == ("rating", rating, empty)


def test_unknown_words_of_the_status_go_by_the_date_of_closing(tmp_path: Path) -> None:
    status = ["Sorted", "Sorted", "Shelved", "Closed", "Assigned", "Assigned"]
    closed = ["2026-04-01", "2026-04-02", "", "2026-04-01", "2026-04-03", "2026-04-04"]
    draft = suggest(tmp_path, {"status": status, "closed": closed}, **{"status.Shelved": "received"})
    assert draft.rules["status"].words == {
        "Sorted": "answered",
        "Shelved": "received",
        "Closed": "answered",
        "Assigned": "answered",
    }
    assert "Unknown words of the status are taken by whether they have a date of closing: “Sorted” as answered." in (
        draft.doubts
    )
    with pytest.raises(BadFile, match=r"status.Shelved=eaten is no status: expected received, in_progress, answered."):
        suggest(tmp_path, {"status": status, "closed": closed}, **{"status.Shelved": "eaten"})


def test_a_column_of_known_regions_needs_no_name_and_an_unknown_one_is_named(tmp_path: Path) -> None:
    cells = ["Калининградская область", "Югра", "Москва", "Москва", "Атлантида", "Москва"]
    draft = suggest(tmp_path, {"где": cells}, territory="")
    assert (draft.columns["region"], draft.territories, draft.questions) == ("где", {"file": "ru"}, [])
    assert "Unknown regions, whose rows will be rejected: “Атлантида”." in draft.doubts


def test_times_of_day_in_columns_of_their_own_go_with_the_day_of_their_name(tmp_path: Path) -> None:
    columns = {
        "open_date": ["28/3/26", "29/3/26"],
        "close_date": ["29/3/26", ""],
        "open_time": ["9:05 AM", "1:10 PM"],
        "close_time": ["1:10 PM", ""],
        "lunch_time": ["12:00", "12:30"],
    }
    draft = suggest(tmp_path, columns, received_at="open_date")
    assert (draft.columns["received_at"], draft.columns["closed_at"]) == (
        ["open_date", "open_time"],
        ["close_date", "close_time"],
    )
    assert draft.date_formats == ["%d/%m/%y %I:%M %p", "%d/%m/%y"]


def test_placeholders_doubles_and_rivals_are_named(tmp_path: Path) -> None:
    count = 200
    columns = {
        "closed": ["N/A"] * count,
        "agency": ["A", "B"] * (count // 2),
        "ticket": ["1", *map(str, range(1, count))],
    }
    draft = suggest(tmp_path, columns, number="ticket", holder="")
    assert [question.key for question in draft.questions] == ["holder"]
    assert ("agency", "such as “A”") in draft.questions[0].choices
    draft = suggest(tmp_path, columns, number="ticket")
    assert "1 rows have no number or that of another row, and will be rejected." in draft.doubts
    assert "`holder` is read from “department”; it could also be “agency”." in draft.doubts
