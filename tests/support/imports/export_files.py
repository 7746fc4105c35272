"""Exports of the Feedback Platform as it writes them: 25 columns, as CSV and as a workbook."""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import psycopg
import xlsxwriter
from click.testing import CliRunner, Result
from psycopg import sql

from otklik.cli.main import otklik

EXAMPLE_ROW = {
    "Номер": "101",
    "Номер ЕПГУ": "5550001",
    "Источник": "ЕПГУ",
    "Верхнеуровневый ЛКО": "Ханты-Мансийский автономный округ - Югра",
    "Категория": "Дороги",
    "Подкатегория": "Содержание дорог",
    "Факт": "Яма на проезжей части",
    "Организация, в которую поступило": "Департамент дорожного хозяйства",
    "Организация, в которой находится": "Администрация города Сургута",
    "Дата поступления": "06.01.2026",
    "Дата планируемого завершения": "16.01.2026",
    "Дата фактического завершения": "15.01.2026",
    "Стадия": "Завершено",
    "Статус": "Отправлен ответ заявителю",
    "Просрочено": "Нет",
    "Фаст-трек": "Да",
    "ФЗ": "Обычное сообщение",
    "Заявитель выбрал подачу по 59-ФЗ": "Нет",
    "Тип решения": "Решено",
    "Направлено по email в ФОИВ, не подключенный": "-",
    "Оценка ответа заявителем": "5",
    "Повторное рассмотрение": "Нет",
    "ФИО координатора": "Иванова Анна Петровна",
    "ФИО исполнителя": "Петров Иван Сергеевич",
    "ФИО руководителя": "-",
}
OPEN_CELLS = {
    "Дата фактического завершения": "-",
    "Стадия": "Исполнение",
    "Статус": "В работе",
    "Тип решения": "-",
    "Оценка ответа заявителем": "-",
}
DATE_COLUMNS = [name for name in EXAMPLE_ROW if name.startswith("Дата")]
NUMBER_COLUMNS = ["Номер", "Номер ЕПГУ", "Оценка ответа заявителем"]


def export_row(number: str, changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """A row of the export, with some cells changed."""
    return {**EXAMPLE_ROW, "Номер": number, **(changes or {})}


def write_csv(path: Path, rows: Sequence[Mapping[str, str]], encoding: str = "utf-8-sig") -> Path:
    """The rows as the platform's CSV, under the columns of the first one."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """The rows as the platform's workbook: dates and numbers are real ones."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        date_format = workbook.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, list(rows[0]))
        for row_index, cells in enumerate(rows, 1):
            for column_index, (name, text) in enumerate(cells.items()):
                if name in DATE_COLUMNS and text != "-":
                    sheet.write_datetime(row_index, column_index, datetime.strptime(text, "%d.%m.%Y"), date_format)  # noqa: DTZ007
                elif name in NUMBER_COLUMNS and text.isdigit():
                    sheet.write_number(row_index, column_index, int(text))
                else:
                    sheet.write_string(row_index, column_index, text)
    return path


def run_import(url: str, file: Path, mapping: str | Path = "pos", *options: str) -> Result:
    """`otklik import`, in this process."""
    arguments = ["import", str(file), "--mapping", str(mapping), *options]
    return CliRunner(env={"DATABASE_URL": url}).invoke(otklik, arguments)


def table_contents(url: str) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with psycopg.connect(url) as connection:
        table_names = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        return {
            name: sorted(
                text
                for (text,) in connection.execute(sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(name)))
            )
            for (name,) in table_names
        }


def query_rows(url: str, statement: str) -> list[tuple[object, ...]]:
    """The rows that a statement answers."""
    with psycopg.connect(url) as connection:
        return connection.execute(sql.SQL(statement)).fetchall()


def execute_statement(url: str, statement: str) -> None:
    """Run a statement, committed."""
    with psycopg.connect(url) as connection:
        assert connection.execute(sql.SQL(statement)).rowcount > 0
