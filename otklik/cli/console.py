"""What commands print: progress, tables, and nothing of Streamlit's warnings."""

import logging
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click

from otklik.progress import ProgressCallback

REDRAW_SECONDS = 0.1


def progress_reporter() -> ProgressCallback:
    """Reports one line a stage on standard error: a growing share on a terminal, the name alone in a log."""
    is_terminal = sys.stderr.isatty()
    last_drawn: tuple[str, float] = ("", 0.0)

    def report_progress(stage: str, completed: int, total: int) -> None:
        nonlocal last_drawn
        is_new, is_complete = stage != last_drawn[0], completed >= total
        if is_terminal and (is_new or is_complete or time.monotonic() - last_drawn[1] > REDRAW_SECONDS):
            share = completed / total if total else 1
            click.echo(f"\r\033[K{stage}: {share:4.0%}", nl=is_complete, err=True)
        elif not is_terminal and is_new:
            click.echo(f"{stage} …", err=True)
        else:
            return
        last_drawn = (stage, time.monotonic())

    return report_progress


def print_table(rows: Iterable[Iterable[object]], *, err: bool = False) -> None:
    """Print rows in aligned columns, with `err` on standard error."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), err=err)


@contextmanager
def without_streamlit_warnings() -> Iterator[None]:
    """Silence "missing ScriptRunContext": queries cache by Streamlit, which warns wherever it doesn't serve."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
