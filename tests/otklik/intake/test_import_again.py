"""A newer export updates appeals by number; what people have done in Otklik stays."""

from pathlib import Path
from threading import Thread

import psycopg
import pytest

from otklik.intake import name_matching, staging
from otklik.intake.importer import import_file
from tests.support.imports.export_files import (
    EXAMPLE_ROW,
    OPEN_CELLS,
    execute_statement,
    export_row,
    query_rows,
    run_import,
    table_contents,
    write_csv,
    write_xlsx,
)
from tests.support.paths import PROJECT_ROOT
from tests.support.waiting import wait_for

HISTORY = "SELECT kind, actor, reason, before, after FROM event ORDER BY id"


def test_a_newer_export_updates_and_the_history_has_the_change(url: str, tmp_path: Path) -> None:
    old = {**export_row("1"), **OPEN_CELLS}
    assert run_import(url, write_csv(tmp_path / "old.csv", [old, export_row("2")])).exit_code == 0
    result = run_import(url, write_csv(tmp_path / "new.csv", [export_row("1"), export_row("2"), export_row("3")]))
    assert result.stdout == "new.csv: 3 rows; 1 new, 1 changed, 1 unchanged, 0 rejected.\n"
    assert query_rows(url, "SELECT status, outcome, rating FROM report.appeals WHERE number = '1'") == [
        ("answered", "resolved", 5)
    ]
    assert query_rows(url, f"SELECT * FROM ({HISTORY}) AS h WHERE kind = 'imported'") == [
        (
            *("imported", "import", "new.csv"),
            {"status": "in_progress", "outcome": None, "closed": None, "rating": None, "rated": None},
            {
                "status": "answered",
                "outcome": "resolved",
                "closed": "2026-01-14T19:00:00+00:00",
                "rating": 5,
                "rated": "2026-01-14T19:00:00+00:00",
            },
        )
    ]
    assert query_rows(url, "SELECT count(*) FROM event WHERE kind = 'received' AND actor = 'import'") == [(3,)]
    before = table_contents(url)
    assert (
        "0 new, 0 changed, 3 unchanged"
        in run_import(url, write_xlsx(tmp_path / "a.xlsx", [export_row("1"), export_row("2"), export_row("3")])).stdout
    )
    assert table_contents(url) == before


def test_an_import_in_blocks_leaves_the_same_rows(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "BLOCK_ROWS", 2)
    old_rows = [{**export_row(str(number)), **OPEN_CELLS} for number in range(5)]
    result = run_import(url, write_csv(tmp_path / "old.csv", old_rows))
    assert "5 new, 0 changed" in result.stdout
    result = run_import(url, write_csv(tmp_path / "new.csv", [export_row(str(number)) for number in range(1, 6)]))
    assert "1 new, 4 changed" in result.stdout
    assert query_rows(url, "SELECT number, stage FROM report.appeals ORDER BY number") == [
        ("0", "execution"),
        *((str(number), "finished") for number in range(1, 6)),
    ]
    assert query_rows(url, "SELECT kind, count(DISTINCT appeal_id), count(*) FROM event GROUP BY 1 ORDER BY 1") == [
        ("imported", 4, 4),
        ("received", 6, 6),
    ]


@pytest.mark.parametrize(
    ("column", "kind"), [("Факт", "topics"), ("Организация, в которой находится", "organisations")]
)
def test_a_file_with_too_many_new_names_is_refused_in_a_sentence(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: str, kind: str
) -> None:
    monkeypatch.setattr(name_matching, "MAX_NEW_NAMES", 5)
    rows = [export_row(str(number), {column: f"Имя {number}"}) for number in range(9)]
    result = run_import(url, write_csv(tmp_path / "names.csv", rows))
    assert f"more than 5 {kind} that aren't in the database" in result.stderr
    assert query_rows(url, "SELECT count(*) FROM appeal") == [(0,)]


def test_columns_set_by_people_stay_and_others_follow_the_export(url: str, tmp_path: Path) -> None:
    rows = [{**export_row(number), **OPEN_CELLS} for number in ("holder", "topic", "deadline", "status", "none")]
    assert (
        run_import(url, write_csv(tmp_path / "old.csv", [*rows, export_row("other", {"Категория": "Мусор"})])).exit_code
        == 0
    )
    execute_statement(
        url,
        "UPDATE appeal SET set_here = ARRAY[number],"
        " holder_id = CASE number WHEN 'holder' THEN first_holder_id ELSE holder_id END,"
        " topic_id = CASE number WHEN 'topic' THEN"
        " (SELECT topic_id FROM appeal WHERE number = 'other') ELSE topic_id END,"
        " deadline_at = CASE number WHEN 'deadline' THEN '2026-03-01' ELSE deadline_at END,"
        " closed_at = CASE number WHEN 'status' THEN '2026-01-08'::timestamptz END,"
        " status_id = (SELECT id FROM status"
        " WHERE code = CASE number WHEN 'status' THEN 'withdrawn' ELSE 'in_progress' END),"
        " outcome_id = CASE number WHEN 'status' THEN (SELECT id FROM outcome WHERE code = 'withdrawn') END"
        " WHERE number IN ('holder', 'topic', 'deadline', 'status')",
    )
    execute_statement(
        url,
        "INSERT INTO event (region_id, appeal_id, kind, actor, reason)"
        " SELECT region_id, id, 'note', 'a person', 'called them' FROM appeal WHERE number = 'holder'",
    )
    new = {
        "Организация, в которой находится": "Минтранс",
        "Категория": "Транспорт",
        "Дата планируемого завершения": "20.01.2026",
    }
    newer = [{**export_row(row["Номер"]), **new} for row in rows]
    result = run_import(url, write_csv(tmp_path / "new.csv", newer))
    assert "5 rows; 0 new, 5 changed, 0 unchanged" in result.stdout
    imported = ("Минтранс", "Транспорт", "2026-01-20", "answered", "2026-01-14", "resolved")
    query = (
        "SELECT number, organisation, category, deadline_at::date::text, status, closed_at::date::text, outcome"
        " FROM report.appeals WHERE number <> 'other'"
    )
    assert {number: tuple(rest) for number, *rest in query_rows(url, query)} == {
        "holder": ("Департамент дорожного хозяйства", *imported[1:]),
        "topic": (imported[0], "Мусор", *imported[2:]),
        "deadline": (*imported[:2], "2026-03-01", *imported[3:]),
        "status": (*imported[:3], "withdrawn", "2026-01-08", "withdrawn"),
        "none": imported,
    }
    assert query_rows(url, "SELECT reason FROM event WHERE kind = 'note'") == [("called them",)]
    before = table_contents(url)
    assert "0 new, 0 changed, 5 unchanged" in run_import(url, tmp_path / "new.csv").stdout
    assert table_contents(url) == before


def test_an_appeal_returned_here_stays_open_until_an_export_closes_it(url: str, tmp_path: Path) -> None:
    assert run_import(url, write_csv(tmp_path / "old.csv", [{**EXAMPLE_ROW, **OPEN_CELLS}])).exit_code == 0
    execute_statement(
        url,
        "UPDATE appeal SET set_here = '{status}', status_id = (SELECT id FROM status WHERE code = 'on_coordination')",
    )
    query = "SELECT status, closed_at IS NULL FROM report.appeals"
    assert run_import(url, write_csv(tmp_path / "still.csv", [{**EXAMPLE_ROW, **OPEN_CELLS}])).exit_code == 0
    assert query_rows(url, query) == [("on_coordination", True)]
    assert run_import(url, write_csv(tmp_path / "answered.csv", [EXAMPLE_ROW])).exit_code == 0
    assert query_rows(url, query) == [("answered", False)]


def test_a_receipt_corrected_to_after_a_closing_set_here_is_ignored(url: str, tmp_path: Path) -> None:
    assert run_import(url, write_csv(tmp_path / "old.csv", [{**EXAMPLE_ROW, **OPEN_CELLS}])).exit_code == 0
    execute_statement(
        url,
        "UPDATE appeal SET set_here = '{status}', closed_at = received_at + interval '1 hour',"
        " status_id = (SELECT id FROM status WHERE code = 'answered')",
    )
    newer = {**EXAMPLE_ROW, **OPEN_CELLS, "Дата поступления": "10.01.2026"}
    assert run_import(url, write_csv(tmp_path / "new.csv", [newer])).exit_code == 0
    assert query_rows(url, "SELECT received_at::text FROM appeal") == [("2026-01-05 19:00:00+00",)]


def test_a_corrected_region_takes_the_history_along(url: str, tmp_path: Path) -> None:
    assert run_import(url, write_csv(tmp_path / "old.csv", [EXAMPLE_ROW])).exit_code == 0
    execute_statement(
        url, "INSERT INTO applicant (region_id, appeal_id, full_name) SELECT region_id, id, 'A B' FROM appeal"
    )
    result = run_import(url, write_csv(tmp_path / "new.csv", [{**EXAMPLE_ROW, "Верхнеуровневый ЛКО": "Пермский край"}]))
    assert "0 new, 1 changed" in result.stdout
    assert query_rows(url, "SELECT region FROM report.appeals") == [("RU-PER",)]
    assert query_rows(
        url,
        "SELECT kind, full_name FROM appeal AS a JOIN event USING (region_id) JOIN applicant USING (region_id)"
        " WHERE event.appeal_id = a.id AND applicant.appeal_id = a.id ORDER BY kind",
    ) == [("imported", "A B"), ("received", "A B")]


def test_the_answer_that_an_appeal_was_reopened_for_doesnt_close_it_again(url: str, tmp_path: Path) -> None:
    answered = export_row("1")
    assert run_import(url, write_csv(tmp_path / "a.csv", [answered])).exit_code == 0
    execute_statement(
        url,
        "UPDATE appeal SET set_here = '{status}', closed_at = NULL, outcome_id = NULL, reopened = 1,"
        " status_id = (SELECT id FROM status WHERE code = 'reconsideration')",
    )
    query = "SELECT status, is_open FROM report.appeals"
    rated = {**answered, "Оценка ответа заявителем": "1"}
    assert run_import(url, write_csv(tmp_path / "b.csv", [rated])).exit_code == 0
    assert query_rows(url, query) == [("reconsideration", True)]
    again = {**answered, "Дата фактического завершения": "17.01.2026"}
    assert run_import(url, write_csv(tmp_path / "c.csv", [again])).exit_code == 0
    assert query_rows(url, query) == [("answered", False)]


def test_the_higher_count_of_reopenings_wins(url: str, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [export_row("1"), export_row("2")])
    assert run_import(url, file).exit_code == 0
    execute_statement(url, "UPDATE appeal SET reopened = 2 WHERE number = '1'")
    newer = [export_row(number, {"Повторное рассмотрение": "Да"}) for number in ("1", "2")]
    assert run_import(url, write_csv(tmp_path / "b.csv", newer)).exit_code == 0
    assert query_rows(url, "SELECT number, reopened FROM appeal ORDER BY number") == [("1", 2), ("2", 1)]


def test_two_imports_of_one_source_take_turns(url: str, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [export_row(str(number)) for number in range(50)])
    with psycopg.connect(url) as first:
        first.execute("SELECT pg_advisory_xact_lock(hashtextextended('otklik import pos', 0))")
        counts: list[tuple[int, int, int]] = []
        threads = [Thread(target=lambda: counts.append(import_file(url, file, "pos").counts)) for _ in range(2)]
        for thread in threads:
            thread.start()
        waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        waiting += " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        wait_for(lambda: len(query_rows(url, waiting)) == 2, "both imports to wait")
        assert not counts
        first.rollback()
        for thread in threads:
            thread.join(timeout=30)
    assert sorted(counts) == [(0, 0, 50), (50, 0, 0)]


def test_two_sources_may_have_the_same_numbers(url: str, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    shipped = PROJECT_ROOT / "otklik" / "intake" / "mappings" / "pos.toml"
    other.write_text(shipped.read_text("utf-8").replace('code = "pos"', 'code = "pos2"'), "utf-8")
    file = write_csv(tmp_path / "a.csv", [EXAMPLE_ROW])
    assert run_import(url, file).exit_code == 0
    assert "1 new" in run_import(url, file, other).stdout
    assert query_rows(url, "SELECT source, number FROM report.appeals ORDER BY 1") == [("pos", "101"), ("pos2", "101")]


def test_a_rating_of_a_new_answer_is_a_second_one_and_another_a_correction(url: str, tmp_path: Path) -> None:
    closed, rating, returned = "Дата фактического завершения", "Оценка ответа заявителем", "Повторное рассмотрение"

    def import_row(cells: dict[str, str]) -> None:
        row = export_row("1", {"Дата поступления": "06.01.2026", **cells})
        assert run_import(url, write_csv(tmp_path / "export.csv", [row])).exit_code == 0

    local_day = "(rated_at AT TIME ZONE 'Asia/Yekaterinburg')::date::text"
    given = f"SELECT rating, {local_day} FROM given_rating ORDER BY rated_at"
    import_row({closed: "10.01.2026", rating: "1"})
    import_row({closed: "10.01.2026", rating: "2"})
    assert query_rows(url, given) == [(2, "2026-01-10")]
    # Open again with its rating, then answered without another: still the first.
    import_row({**OPEN_CELLS, rating: "2", returned: "Да"})
    import_row({closed: "20.01.2026", rating: "2", returned: "Да"})
    assert query_rows(url, given) == [(2, "2026-01-10")]
    import_row({closed: "20.01.2026", rating: "5", returned: "Да"})
    assert query_rows(url, given) == [(2, "2026-01-10"), (5, "2026-01-20")]
    import_row({closed: "20.01.2026", rating: "4", returned: "Да"})
    assert query_rows(url, given) == [(2, "2026-01-10"), (4, "2026-01-20")]
    before = table_contents(url)
    import_row({closed: "20.01.2026", rating: "4", returned: "Да"})
    assert table_contents(url) == before
