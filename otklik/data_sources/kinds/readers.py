"""The reader of each kind of data source, made of its options."""

from pathlib import Path
from typing import Protocol

from otklik.data_sources.kinds.database import DatabaseReader
from otklik.data_sources.kinds.folder import SETTLE_SECONDS, FolderReader
from otklik.data_sources.kinds.open311 import Open311Reader
from otklik.data_sources.kinds.push import PushReader
from otklik.data_sources.model import DataSource
from otklik.data_sources.secrets import SecretValues
from otklik.data_sources.source_run import SourceRun
from otklik.intake.mapping.model import ImportMapping


class Reader(Protocol):
    """How a data source is read."""

    def test(self) -> str:
        """Look whether it can be read, and change nothing; returns a sentence. Raises DataSourceError, BadFile."""
        ...

    def read(self, run: SourceRun) -> None:
        """Merge what is new since the cursor. Raises DataSourceError, BadFile."""


def reader_of(source: DataSource, mapping: ImportMapping, secrets: SecretValues) -> Reader:
    """The reader of a data source."""
    match source.kind:
        case "database":
            return DatabaseReader(source.options, mapping, secrets)
        case "open311":
            return Open311Reader(source.options, mapping, secrets)
        case "folder":
            return FolderReader(Path(source.options["path"]), float(source.options.get("settle", SETTLE_SECONDS)))
        case "push":
            return PushReader()
    raise ValueError(source.kind)
