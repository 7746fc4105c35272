"""One viewer of a load run: what it measures while its page is open."""

import time
from collections.abc import Callable

from otklik.load.marked_changes import ChangeMarker
from otklik.load.measurements import Measurements

OnPaint = Callable[[int | None, int], None]
"""Called once all of a picture has come: with the number of appeals received that it shows (None where it shows none)
and its size in bytes.
"""


class Viewer:
    """Measures from its construction: that is when the page is opened."""

    def __init__(self, measurements: Measurements, marker: ChangeMarker | None, shown_before: int | None) -> None:
        """`shown_before`: the number of appeals received that the page showed before the first change of the run."""
        self._measurements = measurements
        self._opened_at = time.monotonic()
        self._changes = marker.viewer() if marker and shown_before is not None else None
        self._shown_before = shown_before or 0
        self.is_painted = False

    def on_paint(self, received: int | None, size: int) -> None:
        """Note a complete picture; see `OnPaint`."""
        now = time.monotonic()
        self._measurements.received_bytes += size
        if self.is_painted:
            self._measurements.updates += 1
        else:
            self.is_painted = True
            self._measurements.first_paints.append(now - self._opened_at)
        if self._changes and received is not None:
            self._changes.see(received - self._shown_before, now)

    def finish(self) -> None:
        """Note what the viewer didn't see, when its page is closed in order."""
        if self._changes:
            self._changes.finish()
