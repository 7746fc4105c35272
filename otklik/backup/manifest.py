"""What a backup says of itself."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

FORMAT = 1
"""The version of the form of a backup; a higher one is of a newer Otklik."""
MANIFEST_NAME = "manifest.json"
DUMP_NAME = "database.dump"
CHUNK_BYTES = 2**20
"""Bytes that are read or written at a time."""


class Member(BaseModel):
    """A part of a backup: its size in bytes, and its SHA-256 in hex."""

    model_config = ConfigDict(frozen=True)

    size: int
    sha256: str


class DatabaseState(BaseModel):
    """What a database held at one moment, by which a copy of it can be compared with it.

    `row_counts` is by table with its schema, partitions by themselves; `other_roles` are the roles, besides Otklik's
    own, that had rights to tables; `audit_entries` and `audit_hash` are a checkpoint of `otklik audit verify`.
    """

    model_config = ConfigDict(frozen=True)

    migration: str
    server_version: int
    """Major version of PostgreSQL."""
    size: int
    """Bytes on the server's disk."""
    row_counts: dict[str, int]
    other_roles: list[str]
    audit_entries: int
    audit_hash: str

    @property
    def row_count(self) -> int:
        """The rows of all tables."""
        return sum(self.row_counts.values())


class Manifest(BaseModel):
    """The file `manifest.json` of a backup. `made_at` is the moment of the database's snapshot."""

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    otklik: str
    made_at: datetime
    database: DatabaseState
    members: dict[str, Member]
    external_files: dict[str, str]
    """Member -> the path outside of the data folder that it was read from: mappings of data sources."""
    settings: list[str]
    """The names of the settings that the environment had; their values may be secrets and aren't kept."""
