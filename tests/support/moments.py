"""Moments that a test file computes when it is imported (`NOW`, `TODAY`, …), computed anew after a midnight.

pytest imports all files at the begin of a run, which takes half an hour: those whose tests come after a midnight would
have rows of another day than the one that the product counts.
"""

import ast
import sys
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType
from zoneinfo import ZoneInfo

ZONES = (
    "Asia/Kamchatka",
    "Asia/Yekaterinburg",
    "Europe/Moscow",
    "Europe/Kaliningrad",
    "UTC",
    "America/New_York",
)
"""The time zones of the territories of tests."""
CLOCK_CALLS = {"datetime.now", "date.today"}


@dataclass(frozen=True)
class ClockStatements:
    """What a file computes from the clock at its top level.

    `names`: variables, and functions that read the clock. `code` sets the variables once more, also those imported from
    `sources`, which are modules of tests.
    """

    names: frozenset[str]
    code: CodeType
    sources: tuple[str, ...]


def local_days() -> tuple[date, ...]:
    """The calendar day in each zone, which differs from an earlier one when a midnight has passed in any of them."""
    return tuple(datetime.now(ZoneInfo(zone)).date() for zone in ZONES)


def renew_moments(module: ModuleType) -> None:
    """Compute anew a module's variables that come from the clock, after those that it imports from others.

    Parameters of tests and default values of functions stay as they were.
    """
    clock_statements = _clock_statements(str(module.__file__))
    for name in clock_statements.sources:
        renew_moments(sys.modules[name])
    exec(clock_statements.code, vars(module))  # noqa: S102 -- statements of our own file


@cache
def _clock_statements(path: str) -> ClockStatements:
    names: set[str] = set()
    statements: list[ast.stmt] = []
    sources: list[str] = []
    for statement in ast.parse(Path(path).read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.ImportFrom) and str(statement.module).startswith("tests."):
            name = str(statement.module)
            file = sys.modules[name].__file__
            moments = _clock_statements(file).names if file else ()
            if imported := {alias.asname or alias.name for alias in statement.names if alias.name in moments}:
                names |= imported
                statements.append(statement)
                sources.append(name)
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and _reads_clock(statement, names):
            names.add(statement.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and _reads_clock(statement, names):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names.update(node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))
            statements.append(statement)
    code = compile(ast.Module(statements, type_ignores=[]), path, "exec")
    return ClockStatements(frozenset(names), code, tuple(sources))


def _reads_clock(statement: ast.stmt, names: set[str]) -> bool:
    """Whether it calls the clock, or uses a name of what comes from the clock."""
    return any(
        (isinstance(node, ast.Name) and node.id in names)
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCK_CALLS)
        for node in ast.walk(statement)
    )
