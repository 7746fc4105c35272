"""Small CSV files of records under a header, such as lists of organisations and people."""

import csv
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from otklik.intake.errors import BadFile, short_quote


class Record(NamedTuple):
    """The cells of a row by the header, without blanks around them, and where it stands: “people.csv, line 3”."""

    place: str
    cells: dict[str, str]


def read_records(path: Path, known_columns: Collection[str] | None = None) -> Iterator[Record]:
    """The rows of a comma-separated file in UTF-8.

    Raises BadFile for a file that can't be read, has a row with a wrong number of cells, or a column that is none of
    the `known_columns`.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = [name.strip() for name in next(reader, [])]
            unknown = [name for name in header if known_columns is not None and name not in known_columns]
            if unknown:
                raise BadFile(
                    f"{path.name} has the unknown column {short_quote(unknown[0])}:"
                    f" expected {', '.join(known_columns or ())}."
                )
            for cells in reader:
                place = f"{path.name}, line {reader.line_num}"
                if not cells:
                    continue
                if len(cells) != len(header):
                    raise BadFile(f"{place}: {len(cells)} cells instead of {len(header)}, as the header has.")
                yield Record(place, dict(zip(header, map(str.strip, cells), strict=True)))
    except OSError as error:
        raise BadFile(f"{path} can't be read: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadFile(f"{path.name} isn't a CSV file in UTF-8: {error}.") from error
