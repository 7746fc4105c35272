"""A new source needs a mapping and no code; a mistake in a mapping gives one sentence."""

from pathlib import Path

import pytest

from otklik.intake.errors import BadFile
from otklik.intake.mapping.model import MAPPINGS_FOLDER, read_mapping
from tests.support.imports.export_files import EXAMPLE_ROW, query_rows, run_import, table_contents, write_csv

ZAGREB = """
[source]
code = "zagreb"
name = "Zagreb"

[file]
delimiter = "|"
encodings = ["windows-1250"]
empty = ["n/a"]

[columns]
number = "Broj"
received_at = "Zaprimljeno"
registered_at = "Upisano"
deadline_at = "Rok"
closed_at = "Zatvoreno"
category = "Tema"
holder = "Ured"
municipality = "Četvrt"
rating = "Ocjena"
rated_at = "Ocijenjeno"
lon = "X"
lat = "Y"
body = "Opis"

[dates]
formats = ["%d.%m.%Y. %H:%M", "%d.%m.%Y."]
timezone = "Europe/Zagreb"
end_of_day = ["deadline_at"]

[territories]
region = "HR-21"
[[territories.add]]
code = "HR"
level = "country"
name = "Croatia"
timezone = "Europe/Zagreb"
[[territories.add]]
code = "HR-21"
level = "region"
parent = "HR"
name = "Zagreb"
short_hr = "Zg"
timezone = "Europe/Zagreb"

[organisations]
level = "municipal"
levels = { "ministarstvo" = "federal" }
names = { GUO = "Ured za obnovu" }
short_names = { "Ured za obnovu" = "Obnova" }

# The status follows from the closing date.
[[status]]
column = "Zatvoreno"
other = "answered"
default = "in_progress"

[[channel]]
default = "email"

[[regime]]
column = "Rok"
patterns = { "^0[1-5]" = "fast" }
other = "ordinary"

[[reopened]]
column = "Ponovno"
words = { "0" = "0", "1" = "1", "2" = "2" }
"""
HEADER = "Broj|Zaprimljeno|Upisano|Rok|Zatvoreno|Tema|Ured|Četvrt|Ocjena|Ocijenjeno|X|Y|Opis|Ponovno"


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "zagreb.toml"
    path.write_text(ZAGREB, "utf-8")
    return path


def rows(folder: Path, *lines: str) -> Path:
    path = folder / "a.txt"
    path.write_text("\n".join([HEADER, *lines]), "windows-1250")
    return path


def test_a_new_source_needs_only_a_mapping(url: str, tmp_path: Path, mapping: Path) -> None:
    file = rows(
        tmp_path,
        "7|29.03.2026. 01:30|29.03.2026. 03:10|05.04.2026.|n/a|Ceste|GUO|Črnomerec|||15,95|45,81|Rupa|2",
        "8|25.10.2026. 02:50||26.10.2026. 12:00|25.10.2026. 02:10|Ceste|Ministarstvo|Črnomerec|3|26.10.2026.|||n/a|0",
    )
    result = run_import(url, file, mapping)
    summary, *warnings = result.stdout.splitlines()
    assert (result.exit_code, summary) == (0, "a.txt: 2 rows; 2 new, 0 changed, 0 unchanged, 0 rejected.")
    # The mapping has no outcome and no first holder.
    assert [warning.partition(":")[0] for warning in warnings] == ["Warning", "Warning"]
    query = (
        "SELECT source, channel, region, municipality, category, subcategory, organisation, status, regime,"
        " received_at::text, registered_at::text, deadline_at::text, closed_at::text, reopened, rating,"
        " rated_at::text, lon, lat FROM report.appeals ORDER BY number"
    )
    assert query_rows(url, query) == [
        (
            *("zagreb", "email", "HR-21", "HR-21-CRNOMEREC", "Ceste", None, "Ured za obnovu", "in_progress", "fast"),
            *("2026-03-29 00:30:00+00", "2026-03-29 01:10:00+00", "2026-04-05 21:59:59+00", None),
            *(2, None, None, 15.95, 45.81),
        ),
        (
            *(
                "zagreb",
                "email",
                "HR-21",
                "HR-21-CRNOMEREC",
                "Ceste",
                None,
                "Ministarstvo",
                "answered",
                "ordinary",
            ),
            # The clocks go back: 2:10 comes twice, and an answer isn't before its appeal.
            *("2026-10-25 00:50:00+00", None, "2026-10-26 11:00:00+00", "2026-10-25 01:10:00+00"),
            *(0, 3, "2026-10-25 23:00:00+00", None, None),
        ),
    ]
    levels = "SELECT o.level, t.code FROM organisation AS o JOIN territory AS t ON t.id = territory_id ORDER BY o.name"
    assert query_rows(url, levels) == [("federal", "HR"), ("municipal", "HR-21")]
    assert query_rows(url, "SELECT short_names FROM organisation ORDER BY name") == [({},), ({"en": "Obnova"},)]
    assert query_rows(url, "SELECT short_names FROM territory WHERE code = 'HR-21'") == [({"hr": "Zg"},)]
    assert query_rows(url, "SELECT body FROM appeal ORDER BY number") == [("Rupa",), (None,)]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("7|29.03.2026.|28.03.2026.|||Ceste|GUO|||||||0", "registered before received: 28.03.2026."),
        ("7|29.03.2026.||||Ceste|GUO|||30.03.2026.||||0", "a rating date without a rating"),
        ("7|29.03.2026.||||Ceste|GUO||4|28.03.2026.||||0", "rated before received: 28.03.2026."),
        ("7|29.03.2026.||||Ceste|GUO||||181|45||0", "coordinates out of range: lon “181”"),
        ("7|29.03.2026.||||Ceste|GUO||||15|north||0", "coordinates out of range: lat “north”"),
        ("7|29.03.2026.||||Ceste|GUO|||||||3", "an unknown value: “3” in the column “Ponovno”"),
    ],
)
def test_bad_rows_of_the_other_fields(url: str, tmp_path: Path, mapping: Path, cells: str, reason: str) -> None:
    before = table_contents(url)
    result = run_import(url, rows(tmp_path, cells), mapping, "--dry-run")
    assert result.exit_code == 1
    assert f"line 2: {reason}" in result.stdout
    assert table_contents(url) == before


def test_half_a_point_counts_as_no_point(url: str, tmp_path: Path, mapping: Path) -> None:
    assert run_import(url, rows(tmp_path, "7|29.03.2026.||||Ceste|GUO||||15|||0"), mapping).exit_code == 0
    assert query_rows(url, "SELECT lon, lat FROM appeal") == [(None, None)]


def test_fields_without_a_column_stay(url: str, tmp_path: Path, mapping: Path) -> None:
    file = rows(tmp_path, "7|29.03.2026.|29.03.2026.|05.04.2026.|n/a|Ceste|GUO||4|30.03.2026.|15|45|Rupa|2")
    assert run_import(url, file, mapping).exit_code == 0
    before = query_rows(url, "SELECT * FROM report.appeals")
    dropped_fields = ("registered", "deadline", "rating", "rated", "lon", "lat", "body", "end_of_day")
    narrow = "\n".join(line for line in ZAGREB.splitlines() if not line.startswith(dropped_fields))
    mapping.write_text(narrow.partition("[[reopened]]")[0], "utf-8")
    assert "0 new, 0 changed, 1 unchanged" in run_import(url, file, mapping).stdout
    assert query_rows(url, "SELECT * FROM report.appeals") == before


WRONG = [
    ('code = "zagreb"', "", "has no `code`: expected text"),
    ('code = "zagreb"', "code = 7", "has `code = 7`: expected text"),
    ('delimiter = "|"', 'delimiter = "||"', "has the delimiter '||': expected one character"),
    ("windows-1250", "klingon", "has the encoding “klingon”: expected one such as utf-8"),
    ("windows-1250", "base64", "has the encoding “base64”"),
    ('number = "Broj"', "", "has no `number` in [columns]"),
    ('body = "Opis"', 'colour = "Opis"', "has an unknown field `colour` in [columns]"),
    ('lat = "Y"', "", "has `lon` without `lat` in [columns]"),
    ('"%d.%m.%Y."]', '"unix"]', "has the date format “unix”: expected ISO, Excel, Unix, Unix ms, or one such as"),
    ('"%d.%m.%Y."]', '"%H:%M"]', "has the date format “%H:%M”"),
    ('"%d.%m.%Y."]', '"%d.%m"]', "has the date format “%d.%m”"),
    ("Europe/Zagreb", "Europe/Agram", "has the timezone “Europe/Agram”"),
    ('["deadline_at"]', '["deadline"]', "has `deadline` in `end_of_day`"),
    ('["n/a"]', "[0]", "expected a list of texts"),
    ('["n/a"]', '["n/a"]\nskip_rows = -1', "has `skip_rows = -1`: expected 0 to 1000"),
    ('["n/a"]', '["n/a"]\nskip_rows = true', "has `skip_rows = True`: expected a whole number"),
    ('["n/a"]', '["n/a"]\nempty_by_column = { Opis = "-" }', "a value in `empty_by_column` that isn't a list of"),
    ('body = "Opis"', "body = 7", "has `body = 7` in [columns]: expected a column, a list of columns or a table"),
    ('body = "Opis"', "body = []", "has `body = []` in [columns]: expected a column, a list"),
    ('body = "Opis"', "body = { part = 1 }", "[columns.body], has no `column` and no `default`"),
    ('body = "Opis"', 'body = { column = "Opis", part = 2, colour = "" }', "[columns.body], has an unknown key"),
    ('body = "Opis"', 'body = { column = "Opis", split = "" }', "[columns.body], expects a text as `split`"),
    ('body = "Opis"', 'body = { column = "Opis", pattern = "(" }', "has a pattern “(” that isn't a regular"),
    ("[dates]", "[rating]\nscale = [5, 5]\n[dates]", "[rating], has `scale = [5, 5]`: expected the worst and"),
    ("[dates]", "[rating]\nwords = { Dobro = 6 }\n[dates]", "[rating], has the word “Dobro” as 6: expected"),
    ('region = "HR-21"', "", "has to name the region once"),
    ('region = "HR-21"', 'region = "HR-99"', "names the unknown region HR-99"),
    ('parent = "HR"', 'parent = "XX"', "has a territory HR-21 without timezone or parent"),
    ('region = "HR-21"', 'region = "HR-21"\nfile = "mars"', "names the file mars, which doesn't exist"),
    ('level = "municipal"', 'level = "local"', "has the level “local”: expected federal, regional, municipal"),
    ('"ministarstvo" = "federal"', '"(" = "federal"', "has a pattern “(” that isn't a regular expression"),
    ('"ministarstvo" = "federal"', '"x" = "y"', "has the level “y”"),
    ('other = "answered"', 'other = "eaten"', "uses the status “eaten”: expected received, on_moderation"),
    ('column = "Rok"', "", "has no `column`: expected one, or a `default` alone"),
    ('"^0[1-5]" = "fast"', '"[" = "fast"', "has a pattern “[” that isn't a regular expression"),
    ("[[status]]", "[[state]]", "has no [[status]]"),
    ('default = "email"', 'default = "email"\nfoo = 1', "has an unknown key `foo`"),
    ("[[channel]]", "[[canal]]", "has an unknown key `canal`"),
    ('"2" = "2" }', '"2" = "two" }', "uses “two” for reopened: expected a number"),
    ("[source]", "[source", "isn't a TOML file"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), WRONG)
def test_a_mistake_in_a_mapping_gives_one_sentence(
    url: str, tmp_path: Path, mapping: Path, old: str, new: str, sentence: str
) -> None:
    assert old in ZAGREB
    mapping.write_text(ZAGREB.replace(old, new), "utf-8")
    before = table_contents(url)
    result = run_import(url, rows(tmp_path, "7|29.03.2026.||||Ceste|GUO|||||||0"), mapping)
    assert (result.exit_code, result.stdout) == (2, "")
    [message] = [line for line in result.stderr.splitlines() if not line.endswith("…")]
    assert message.startswith("Error: The mapping ")
    assert sentence in message
    assert table_contents(url) == before


def test_an_unknown_mapping_gives_one_sentence(url: str, tmp_path: Path) -> None:
    result = run_import(url, write_csv(tmp_path / "a.csv", [EXAMPLE_ROW]), "pso")
    assert result.exit_code == 2
    sentence = "There is no mapping pso: expected boston311, open311, pos or the path of a TOML file."
    assert result.stderr.splitlines()[-1] == f"Error: {sentence}"


@pytest.mark.parametrize("name", sorted(path.stem for path in MAPPINGS_FOLDER.glob("*.toml")))
def test_the_shipped_mappings_are_valid(name: str) -> None:
    assert read_mapping(name).code == name


def test_a_folder_as_mapping_gives_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="can't be read"):
        read_mapping(str(tmp_path))
