"""`otklik mapping`: foreign files get a right mapping with few answers, and bad ones one sentence."""

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from otklik.cli.imports import mapping as mapping_command
from otklik.cli.main import otklik
from tests.support.imports.export_files import query_rows, run_import, table_contents
from tests.support.imports.foreign_files import FOREIGN_FILES, TERRITORY, ForeignFile

MAX_ANSWERS = 3
LANDED_SQL = """
    SELECT a.number, a.received_at AT TIME ZONE t.timezone, a.closed_at AT TIME ZONE t.timezone,
        coalesce(parent.name, topic.name), CASE WHEN parent.id IS NOT NULL THEN topic.name END, o.name, m.name, a.lat,
        a.lon, status.code
    FROM appeal AS a JOIN territory AS t ON t.id = a.region_id JOIN territory AS m ON m.id = a.municipality_id
    JOIN topic ON topic.id = a.topic_id LEFT JOIN topic AS parent ON parent.id = topic.parent_id
    JOIN organisation AS o ON o.id = a.holder_id JOIN status ON status.id = a.status_id ORDER BY a.number"""
FILE_BY_NAME = {file.name: file for file in FOREIGN_FILES}


def run_mapping(url: str, file: Path, *options: str, typed: str | None = None) -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["mapping", str(file), *options], input=typed)


def answered(answers: tuple[str, ...]) -> list[str]:
    return [option for answer in answers for option in ("--answer", answer)]


@pytest.mark.parametrize("file", FOREIGN_FILES, ids=[file.name for file in FOREIGN_FILES])
def test_a_foreign_file_lands_right_with_few_answers(url: str, tmp_path: Path, file: ForeignFile) -> None:
    path, mapping = tmp_path / file.name, tmp_path / "mapping.toml"
    file.write(path, file.expected())
    before = table_contents(url)
    result = run_mapping(url, path, "-o", str(mapping))
    if file.answers:
        assert (result.exit_code, result.stdout, mapping.exists()) == (2, "", False)
        asked = {line.split(":")[0].strip() for line in result.stderr.splitlines() if line[:3].strip()} - {"Error"}
        assert asked == {answer.partition("=")[0] for answer in file.answers}
        assert len(asked) <= MAX_ANSWERS
        result = run_mapping(url, path, "-o", str(mapping), *answered(file.answers))
    assert result.exit_code == 0, result.stderr
    assert "Of the first 60 rows 0 would be rejected." in result.stderr
    assert table_contents(url) == before
    assert run_import(url, path, mapping).exit_code == 0
    landed = query_rows(url, LANDED_SQL)
    assert landed == [
        (
            *(appeal.number, appeal.received, appeal.closed, appeal.topic, appeal.subtopic, appeal.holder),
            *(appeal.district, appeal.lat, appeal.lon, appeal.status),
        )
        for appeal in sorted(file.expected(), key=lambda appeal: appeal.number)
    ]


def test_doubts_and_the_first_rows_are_shown_and_the_mapping_printed(url: str, tmp_path: Path) -> None:
    path = tmp_path / "croatian.csv"
    FILE_BY_NAME[path.name].write(path, FILE_BY_NAME[path.name].expected())
    result = run_mapping(url, path, *answered((TERRITORY, "status.U tijeku=extended", "subcategory=", "holder==Grad")))
    assert result.exit_code == 0
    table = tomllib.loads(result.stdout)
    assert (table["source"]["code"], table["file"]["skip_rows"]) == ("croatian", 3)
    assert table["columns"]["holder"] == {"default": "Grad"}
    assert "subcategory" not in table["columns"]
    assert table["status"][0]["words"] == {"Riješeno": "answered", "U tijeku": "extended"}
    assert "# Doubtful: Dates are taken as day-first" in result.stdout
    lines = result.stderr.splitlines()
    assert "10 columns; separator ';', encoding windows-1250, 3 rows above the header." in lines
    assert "Doubtful: Dates are taken as day-first, the other order would make some of them no dates." in lines
    landed = [line.split("  ") for line in lines[lines.index("The first rows, as they would land:") + 1 :]]
    assert [[cell.strip() for cell in cells if cell][:2] for cells in landed][:2] == [
        ["number", "A-1000"],
        ["received", "2026-03-01 08:00:00"],
    ]


def test_questions_are_asked_on_a_terminal(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ambiguous.csv"
    FILE_BY_NAME[path.name].write(path, FILE_BY_NAME[path.name].expected())
    monkeypatch.setattr(mapping_command, "_is_terminal", lambda: True)
    result = run_mapping(url, path, typed="Springfield, US\nSpringfield, US, America/Chicago\n2\n")
    assert result.exit_code == 0
    table = tomllib.loads(result.stdout.partition("# How rows")[2].partition("\n")[2])
    assert table["territories"]["region"] == "US-SPRINGFIELD"
    assert table["dates"]["formats"] == ["%m/%d/%Y"]
    assert "No value beyond 12 tells." in result.stderr
    assert "has no time zone: expected one of America/New_York" in result.stderr


def test_points_tell_the_region_where_there_are_boundaries(url: str, tmp_path: Path) -> None:
    path, existing = tmp_path / "apart.csv", tmp_path / "mapping.toml"
    FILE_BY_NAME[path.name].write(path, FILE_BY_NAME[path.name].expected())
    result = run_mapping(url, path, "--answer", "territory=points")
    # Here there are none.
    assert (result.exit_code, result.stdout) == (2, "")
    assert "places appeals by their points, and there are no boundaries" in result.stderr
    existing.write_text("kept")
    result = run_mapping(url, path, "-o", str(existing), *answered((TERRITORY,)))
    assert result.exit_code == 2
    assert "mapping.toml exists already: expected another name, or -o left out." in result.stderr
    assert existing.read_text() == "kept"


CSV = "id,created,type,office\n1,2026-03-04,Roads,Works\n2,2026-03-05,Roads,Works\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "a.csv is empty: expected a header and rows."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 20, "a.csv isn't text"),
        (b"\x00\x01" * 500, "a.csv is no text, or UTF-16 without a byte order mark"),
        (b"\x1f\x8bnonsense", "a.csv is damaged or cut off"),
        (b"number\n1\n2\n", "a.csv has one column alone"),
        (b"1,2026-03-04,Roads\n2,2026-03-05,Roads\n", "a.csv has no header, since its first row looks like data"),
        (b"id,created,type\n", "a.csv has a header but no rows"),
        (b"id,type\n1,a\n1,b\n", "The file has no column with a different value in each row"),
        (b"id,type\n1,a\n2,b\n", "The file has no column with dates, which could be `received_at`."),
    ],
)
def test_a_file_that_is_no_table_gives_one_sentence(url: str, tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    result = run_mapping(url, path)
    assert (result.exit_code, result.stdout) == (2, "")
    [message] = result.stderr.splitlines()
    assert message.startswith(f"Error: {sentence}")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("colour=id", "settles nothing: expected a field (number,"),
        ("holder=Office", "names no column: the file has id, created, type, office."),
        ("rating==5", "gives rating one text for all rows: expected a column."),
        ("closed_at=type", "names a column that has no dates."),
        ("dates=backwards", "is no order: expected day-first or month-first."),
        ("territory=Atlantis", "names no region: expected a known region, or its name,"),
        ("territory=Boston, US", "has no time zone: expected one of America/New_York,"),
        ("territory=Boston, US, Europe/Paris", "has the time zone Europe/Paris: expected one of America/New_York,"),
        ("territory=Boston, XX", "has an unknown country XX"),
        ("territory=points", "needs points: no column has coordinates."),
    ],
)
def test_an_answer_that_cant_be_used_gives_one_sentence(url: str, tmp_path: Path, answer: str, sentence: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    result = run_mapping(url, path, "--answer", answer)
    assert result.exit_code == 2
    assert sentence in result.stderr.splitlines()[-1]
