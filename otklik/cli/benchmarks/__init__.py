"""`otklik bench`."""

from otklik.cli.benchmarks import accuracy  # noqa: F401 - adds its commands
from otklik.cli.benchmarks.speed import bench

__all__ = ["bench"]
