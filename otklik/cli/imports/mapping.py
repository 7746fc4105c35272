"""`otklik mapping`."""

import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from otklik.cli.connections import migrated_database
from otklik.cli.console import print_table

if TYPE_CHECKING:
    from psycopg import Connection

    from otklik.intake.inference.draft import Draft, Question
    from otklik.intake.inference.preview import Preview
    from otklik.intake.inference.sample import FileSample

MAX_CELL = 28
"""Characters of a cell that the preview shows."""
MAX_CODE = 20


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT.toml", help="Where to write the mapping.")
@click.option(
    "--answer",
    "answer_texts",
    multiple=True,
    metavar="KEY=VALUE",
    help="What is right, as above; repeatable.",
)
@click.option("--source", metavar="CODE", help="The code of the source; a part of the file's name when absent.")
@click.pass_context
def mapping(
    context: click.Context, file: Path, output: Path | None, answer_texts: tuple[str, ...], source: str | None
) -> None:
    """Infer the mapping of a CSV, JSON or XLSX file, show the first rows as they would land, and write it.

    What can't be inferred is asked for on a terminal. Elsewhere the questions are printed, to be answered by
    --answer. Every doubt is named; an answer overrules what was inferred. Nothing is imported.

    \b
    --answer holder=Department      the field `holder` is read from that column
    --answer "holder==Town hall"    the field is that text in every row
    --answer rating=                the field has no column
    --answer dates=month-first      or day-first
    --answer "territory=Zagreb, HR, Europe/Zagreb"   or a known region; the time zone may be left out
    --answer "status.Done=answered"                  the code of a word

    Without -o the mapping is printed. Exit code 0: it is there; 2: the file can't be used, or questions are open.
    """
    from otklik.intake.errors import BadFile

    answers = _parse_answers(answer_texts)
    if output is not None and output.exists():
        raise click.UsageError(f"{output} exists already: expected another name, or -o left out.")
    try:
        with migrated_database() as database_url:
            import psycopg

            from otklik.settings import libpq_url

            with psycopg.connect(libpq_url(database_url), application_name="otklik mapping") as connection:
                text = _infer(context, connection, file, answers, source)
        if output is None:
            click.echo(text, nl=False)
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise BadFile(f"The mapping can't be written to {output} ({error.strerror}).") from error
    except BadFile as error:
        click.echo(f"Error: {error}", err=True)
        context.exit(2)
    click.echo(f"The mapping is in {output}: `otklik import {file} --mapping {output} --check` tries it.", err=True)


def _infer(
    context: click.Context, connection: "Connection[Any]", file: Path, answers: dict[str, str], source: str | None
) -> str:
    """The mapping's text, after the questions. Exits with 2 where nobody answers them."""
    from otklik.intake.errors import BadFile
    from otklik.intake.inference.fields.territory import KnownRegions, shipped_regions, stored_regions
    from otklik.intake.inference.preview import preview_import
    from otklik.intake.inference.sample import read_sample
    from otklik.intake.inference.suggestion import suggest_mapping
    from otklik.intake.inference.toml_text import mapping_text

    sample = read_sample(file)
    known = KnownRegions([*shipped_regions(), *stored_regions(connection)])
    open_codes = dict(connection.execute("SELECT code, is_open FROM status ORDER BY id").fetchall())
    connection.rollback()
    draft = suggest_mapping(sample, known, open_codes, answers)
    while draft.questions:
        if not _is_terminal():
            _print_questions(draft.questions)
            context.exit(2)
        question = draft.questions[0]
        answer = _ask(question)
        try:
            draft = suggest_mapping(sample, known, open_codes, answers | {question.key: answer})
            answers[question.key] = answer
        except BadFile as error:
            click.echo(error, err=True)
    name = re.sub(r"(\.\w{1,5}){1,2}$", "", file.name)
    text = mapping_text(draft, sample.layout, source or _code(name), source or name, file.name)
    with tempfile.TemporaryDirectory() as folder:
        mapping_path = Path(folder) / "mapping.toml"
        mapping_path.write_text(text, encoding="utf-8")
        preview = preview_import(connection, file, mapping_path)
    _print_report(sample, draft, preview)
    return text


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _parse_answers(answer_texts: tuple[str, ...]) -> dict[str, str]:
    answers = {}
    for text in answer_texts:
        key, separator, value = text.partition("=")
        if not separator:
            raise click.UsageError(f"--answer {text} has no value: expected KEY=VALUE.")
        answers[key.strip()] = value.strip()
    return answers


def _code(name: str) -> str:
    """A short code of the source from the file's name."""
    from otklik.intake.name_matching import slug

    return slug(name)[:MAX_CODE].strip("-")


def _ask(question: "Question") -> str:
    """A person's answer on the terminal; a choice is given by its number or as it stands."""
    click.echo(question.sentence, err=True)
    for number, (value, meaning) in enumerate(question.choices, 1):
        click.echo(f"  {number}  {value}: {meaning}", err=True)
    answer: str = click.prompt(question.key, default=question.default, err=True)
    if answer.isdigit() and 1 <= int(answer) <= len(question.choices):
        return question.choices[int(answer) - 1][0]
    return answer.removeprefix(f"{question.key}=")


def _print_questions(questions: list["Question"]) -> None:
    count = len(questions)
    click.echo(f"Error: {count} question{'s' * (count != 1)} only a person can answer, by --answer:", err=True)
    for question in questions:
        click.echo(f"  {question.key}: {question.sentence}", err=True)
        for value, meaning in question.choices:
            click.echo(f"    --answer {_quoted(f'{question.key}={value}')}  {meaning}", err=True)


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


def _print_report(sample: "FileSample", draft: "Draft", preview: "Preview") -> None:
    from otklik.intake.inference.preview import HEADINGS

    layout = sample.layout
    skipped = f", {layout.skipped_rows} rows above the header" if layout.skipped_rows else ""
    click.echo(
        f"{len(sample.header)} columns; separator {layout.delimiter!r}, encoding {layout.encodings[0]}{skipped}.",
        err=True,
    )
    used = [f"{field} = {value}" for field, value in draft.columns.items()]
    used += [f"{field} = {rule.column or rule.default}" for field, rule in draft.rules.items()]
    for line in used:
        click.echo(f"  {line}", err=True)
    for doubt in draft.doubts:
        click.echo(f"Doubtful: {doubt}", err=True)
    rejected = preview.reason_counts.total()
    click.echo(f"Of the first {preview.row_count:,} rows {rejected:,} would be rejected.", err=True)
    for reason, count in preview.reason_counts.most_common():
        click.echo(f"  {count:,} × {reason}", err=True)
    for example in preview.examples[:3]:
        click.echo(f"  {example}", err=True)
    for warning in preview.warnings:
        click.echo(f"Warning: {warning}", err=True)
    if preview.landed_rows:
        click.echo("The first rows, as they would land:", err=True)
        columns = [HEADINGS, *([_cell_text(value) for value in row] for row in preview.landed_rows)]
        print_table(zip(*columns, strict=True), err=True)


def _cell_text(value: object) -> str:
    text = "" if value is None else str(value)
    return f"{text[:MAX_CELL]}…" if len(text) > MAX_CELL else text
