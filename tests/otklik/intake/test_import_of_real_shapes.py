"""What files of other systems need besides columns: skipped rows, joined and split cells, other numbers, JSON."""

import gzip
import json
from datetime import date, time
from pathlib import Path

import pytest
import xlsxwriter

from otklik.intake.importer import import_file
from tests.support.imports.export_files import query_rows, run_import, table_contents

MAPPING = """
[source]
code = "hill"
name = "Hill"

[file]
delimiter = ";"
empty = ["n/a"]
{file}

[columns]
number = ["Year", "No"]
received_at = ["Day", "Time"]
closed_at = "Done"
category = {{ column = "Topic", split = ">", part = 1 }}
subcategory = {{ column = "Topic", split = ">", part = 2 }}
fact = {{ column = "Topic", split = ">", part = 3 }}
holder = {{ column = "Office", default = "Town hall" }}
municipality = {{ default = "Centre" }}
lat = {{ column = "Place", pattern = '([-\\d.]+),' }}
lon = {{ column = "Place", pattern = ', *([-\\d.]+)' }}
rating = "Stars"

[rating]
scale = [0, 10]
words = {{ Fine = 4 }}

[dates]
formats = ["%m/%d/%Y %I:%M %p", "%m/%d/%Y", "Excel", "Unix"]

[territories]
region = "HILL"
[[territories.add]]
code = "HI"
level = "country"
name = "Hills"
timezone = "UTC"
[[territories.add]]
code = "HILL"
level = "region"
parent = "HI"
name = "Hill"
timezone = "UTC"

[[status]]
column = "Done"
other = "answered"
default = "in_progress"

[[channel]]
column = "Source"
words = {{ Phone = "call_centre" }}
default = "portal"
"""
ROWS = [
    {"Year": "2026", "No": "1", "Day": "03/04/2026", "Time": "1:05 PM", "Done": "46119.5", "Source": "Phone"}
    | {"Topic": "Roads > Potholes > Deep one", "Office": "Works", "Place": "(45.81, 15.95)", "Stars": "7"},
    {"Year": "2026", "No": "2", "Day": "03/05/2026", "Time": "n/a", "Done": "1775131200", "Source": "0"}
    | {"Topic": "Roads", "Office": "", "Place": "unknown", "Stars": "fine"},
    {"Year": "2026", "No": "3", "Day": "03/06/2026", "Time": "", "Done": "n/a", "Source": "Phone"}
    | {"Topic": "Parks>Trees", "Office": "n/a", "Place": "", "Stars": "-1"},
]
APPEALS_SQL = """
    SELECT number, received_at::text, closed_at::text, category, subcategory, fact, organisation, municipality, lat,
        lon, rating, channel FROM report.appeals ORDER BY number"""
APPEALS = [
    (
        *("2026 1", "2026-03-04 13:05:00+00", "2026-04-07 12:00:00+00", "Roads", "Potholes", "Deep one"),
        *("Works", "HILL-CENTRE", 45.81, 15.95, 4, "call_centre"),
    ),
    (
        *("2026 2", "2026-03-05 00:00:00+00", "2026-04-02 12:00:00+00", "Roads", None, None),
        *("Town hall", "HILL-CENTRE", None, None, 4, "portal"),
    ),
    (
        *("2026 3", "2026-03-06 00:00:00+00", None, "Parks", "Trees", None),
        *("Town hall", "HILL-CENTRE", None, None, None, "call_centre"),
    ),
]
EMPTY_BY_COLUMN = 'empty_by_column = { Stars = ["-1"], source = ["0"] }'


def write_mapping(folder: Path, file_section: str) -> str:
    path = folder / "hill.toml"
    path.write_text(MAPPING.format(file=f"{EMPTY_BY_COLUMN}\n{file_section}"))
    return str(path)


def csv_text(rows: list[dict[str, str]]) -> str:
    return "\n".join([";".join(rows[0]), *(";".join(row.values()) for row in rows)]) + "\n"


def test_cells_are_joined_split_and_filled_in(url: str, tmp_path: Path) -> None:
    """Below title rows too, whose rejected rows can be imported by the same mapping."""
    mapping = write_mapping(tmp_path, "skip_rows = 3")
    path = tmp_path / "a.csv"
    wrong = ROWS[0] | {"No": "4", "Day": "13/13/2026"}
    path.write_text('Appeals "of March\n\nprinted;today\n' + csv_text([*ROWS, wrong]))
    result = run_import(url, path, mapping)
    assert (result.exit_code, result.stdout.splitlines()[:2]) == (
        1,
        ["a.csv: 4 rows; 3 new, 0 changed, 0 unchanged, 1 rejected.", "  1 × an unreadable date"],
    )
    assert query_rows(url, APPEALS_SQL) == APPEALS
    rejected_file = tmp_path / "a.csv.rejected.csv"
    rejected_file.write_text(rejected_file.read_text("utf-8-sig").replace("13/13/2026", "03/13/2026"), "utf-8")
    assert "1 new" in run_import(url, rejected_file, mapping).stdout


def test_a_day_and_a_time_of_a_workbook_are_joined(url: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        days, times = workbook.add_format({"num_format": "yyyy-mm-dd"}), workbook.add_format({"num_format": "hh:mm"})
        sheet.write(0, 0, "Title")
        sheet.write_row(1, 0, list(ROWS[0]))
        for line, row in enumerate(ROWS, 2):
            sheet.write_row(line, 0, list(row.values()))
            sheet.write_datetime(line, 2, date(2026, 3, 1 + line + 1), days)
        sheet.write_datetime(2, 3, time(13, 5), times)
    assert run_import(url, path, write_mapping(tmp_path, "skip_rows = 1")).exit_code == 0
    assert query_rows(url, APPEALS_SQL) == APPEALS


@pytest.mark.parametrize("layout", ["list", "lines", "inside"])
def test_json_gives_the_same_appeals(url: str, tmp_path: Path, layout: str) -> None:
    mapping = write_mapping(tmp_path, "")
    records = [
        {
            **{name: text for name, text in row.items() if text not in {"", "n/a"}},
            "No": int(row["No"]),
            "Place": [float(part) for part in row["Place"].strip("()").split(",")] if "," in row["Place"] else None,
            "person": {"name": "x", "tags": [{"a": 1}]},
        }
        for row in ROWS
    ]
    text = {
        "list": json.dumps(records, indent=1),
        "lines": "\n\n".join(map(json.dumps, records)),
        "inside": json.dumps({"fields": [{"a": 1}], "result": {"records": records}}),
    }[layout]
    if layout == "inside":
        mapping = write_mapping(tmp_path, 'records = "result.records"')
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(text.encode("utf-8-sig")))
    result = run_import(url, path, mapping)
    assert result.stdout.splitlines()[0] == "a.json.gz: 3 rows; 3 new, 0 changed, 0 unchanged, 0 rejected."
    assert query_rows(url, APPEALS_SQL) == APPEALS


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "a.json is"),
        ("[]", "a.json has no list of objects"),
        ("{}", "a.json is empty"),
        ("[1, 2]", "a.json has no list of objects"),
        ('[{"Year": 1}, 2]', "a.json has “2” in place of record 2"),
        ('[{"Year": 1}', "a.json isn't JSON (parse error: premature EOF"),
        ('{"Year": 1}\n{"Year": \n', "a.json isn't JSON in line 2"),
        ('{"Year": 1}\n[]\n', "a.json has “[]” in place of record 2"),
        ('{"Year": 1}\n', "a.json has no column “No” in its header, the names of its records: “Year”."),
        ("Year;No\n1;2\n", "a.json isn't JSON"),
        ('[{"Year": "' + "x" * 5_000_000 + '"}]', "a.json has a record of more than 4,000,000 bytes"),
        ("[" * 100_000, "a.json has more than 50 lists and objects in one another"),
        ('[{"Year": ' + "[" * 100_000 + "]" * 100_000 + "}]", "a.json has more than 50 lists and objects in one"),
        (
            '{"Year": ' + "[" * 100_000 + "]" * 100_000 + '}\n{"Year": 1}',
            "a.json has more than 50 lists and objects in",
        ),
    ],
)
def test_what_is_no_list_of_records_is_one_sentence(url: str, tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content)
    result = run_import(url, path, write_mapping(tmp_path, ""))
    assert (result.exit_code, result.stdout) == (2, "")
    [message] = [line for line in result.stderr.splitlines() if not line.endswith("…")]
    assert message.startswith(f"Error: {sentence}")


def test_an_older_export_without_optional_columns_leaves_what_a_newer_one_brought(url: str, tmp_path: Path) -> None:
    optional = ["Stars", "Place", "Source", "Topic"]
    mapping = write_mapping(tmp_path, f"optional_columns = {json.dumps(optional[:3])}")
    new, old = tmp_path / "new.csv", tmp_path / "old.csv"
    new.write_text(csv_text(ROWS))
    old.write_text(csv_text([{name: text for name, text in row.items() if name not in optional[:3]} for row in ROWS]))
    assert import_file(url, new, mapping).counts.new == 3
    before = table_contents(url)["appeal"]
    assert import_file(url, old, mapping).counts == (0, 0, 3)
    assert table_contents(url)["appeal"] == before
    mapping = write_mapping(tmp_path, f"optional_columns = {json.dumps(optional)}")
    old.write_text(csv_text([{name: text for name, text in row.items() if name not in optional} for row in ROWS]))
    result = run_import(url, old, mapping)
    assert result.exit_code == 2
    assert "The file has no column for `category`, which the mapping hill calls optional." in result.stderr
