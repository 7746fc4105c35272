"""What the enrolled devices that are connected to this process show, written down for the page of screens."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from otklik.database.access import devices
from otklik.database.access.devices import DeviceReport
from otklik.errors import DatabaseUnavailable, QueryTimeout

log = logging.getLogger("otklik.screens")
HEARTBEAT_SECONDS = 15.0
"""How often it is noted that the devices are there: in one statement for all of this process, and in none without."""
MIN_INTERVAL_SECONDS = 1.0
MAX_TEXT_LENGTH = 300


class DeviceReports:
    """The last report of each connected device."""

    def __init__(self) -> None:
        """Start without devices."""
        self._reports: dict[object, DeviceReport] = {}
        self._have_changed = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None

    def connect(self, connection: object, device_id: int) -> None:
        """Note that a device has connected. `connection` stands for it until `disconnect`."""
        self._reports[connection] = DeviceReport(device_id, datetime.now(UTC), None, "", "")
        self._have_changed.set()
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    def note(self, connection: object, *, shows: str, build: str, refreshed_at: datetime) -> None:
        """Note what a device shows."""
        if (report := self._reports.get(connection)) is None:
            return
        shows, build = shows[:MAX_TEXT_LENGTH], build[:MAX_TEXT_LENGTH]
        self._reports[connection] = replace(report, shows=shows, build=build, refreshed_at=refreshed_at)
        if (report.shows, report.build) != (shows, build):
            self._have_changed.set()

    def disconnect(self, connection: object) -> None:
        """Forget a device: its last report stays, and grows old."""
        self._reports.pop(connection, None)

    async def _write(self) -> None:
        while self._reports:
            # Of two connections of one device, the newer one counts.
            by_device = {report.device: report for report in self._reports.values()}
            self._have_changed.clear()
            try:
                await asyncio.to_thread(devices.report_devices, list(by_device.values()))
            except (DatabaseUnavailable, QueryTimeout):
                pass
            except Exception:
                log.exception("Reports of screens couldn't be written")
            await asyncio.sleep(MIN_INTERVAL_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await self._have_changed.wait()
