"""How far a long command is, on the terminal or in a log."""

import sys
import time

import click

from otklik.progress import ProgressCallback


def progress_reporter() -> ProgressCallback:
    """One line a stage on standard error: counting up on a terminal, said once in a log."""
    is_terminal = sys.stderr.isatty()
    last_drawn: tuple[str, float] = ("", 0.0)

    def report_progress(stage: str, completed: int, total: int) -> None:
        nonlocal last_drawn
        is_new, is_complete = stage != last_drawn[0], completed >= total
        if is_terminal and (is_new or is_complete or time.monotonic() - last_drawn[1] > 0.1):
            share = completed / total if total else 1
            click.echo(f"\r\033[K{stage}: {share:4.0%}", nl=is_complete, err=True)
        elif not is_terminal and is_new:
            click.echo(f"{stage} …", err=True)
        else:
            return
        last_drawn = (stage, time.monotonic())

    return report_progress
