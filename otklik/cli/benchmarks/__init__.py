"""`otklik bench`."""

from otklik.cli.benchmarks import accuracy, polls  # noqa: F401 - add their commands
from otklik.cli.benchmarks.speed import bench

__all__ = ["bench"]
