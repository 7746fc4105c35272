"""How far a long command is, on the terminal or in a log."""

import sys
import time
from collections.abc import Callable

import click

Progress = Callable[[str, int, int], None]
"""Told the stage, the steps done and the steps in all."""


def progress() -> Progress:
    """One line a stage on standard error: counting up on a terminal, said once in a log."""
    live = sys.stderr.isatty()
    last: tuple[str, float] = ("", 0.0)

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal last
        new, ended = stage != last[0], done >= total
        if live and (new or ended or time.monotonic() - last[1] > 0.1):  # noqa: PLR2004 - seconds a drawing
            share = done / total if total else 1
            click.echo(f"\r\033[K{stage}: {share:4.0%}", nl=ended, err=True)
        elif not live and new:
            click.echo(f"{stage} …", err=True)
        else:
            return
        last = (stage, time.monotonic())

    return tell
