"""Ten files of other systems in ten shapes, and what their rows have to become.

`python -m tests.support.imports.foreign_files` prints how many answers of a person each needs.
"""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from otklik.intake.inference.fields.territory import KnownRegions, shipped_regions
from otklik.intake.inference.sample import read_sample
from otklik.intake.inference.suggestion import suggest_mapping

ROW_COUNT = 60
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - local times
ZAGREB, KALININGRAD = (45.81, 15.98), (54.71, 20.51)
ZONE = ZoneInfo("Europe/Zagreb")
TERRITORY = "territory=Zagreb, HR"


@dataclass(frozen=True)
class Appeal:
    """What a row has to become; times are local."""

    number: str
    received: datetime
    closed: datetime | None
    topic: str
    subtopic: str | None
    holder: str
    district: str
    lat: float
    lon: float
    status: str


def appeals(max_day: int, place: tuple[float, float]) -> Iterator[Appeal]:
    """Appeals of March 2026 up to a day: some open, few topics, offices and districts, around a place (lat, lon)."""
    topics = [("Roads", "Potholes"), ("Roads", "Signs"), ("Waste", "Missed pickup"), ("Trees", "Pruning")]
    for index in range(ROW_COUNT):
        received = datetime(2026, 3, 1 + index % max_day, 8 + index % 10, index % 60)  # noqa: DTZ001 - local times
        is_open = index % 4 == 3
        topic, subtopic = topics[index % len(topics)]
        yield Appeal(
            f"A-{1000 + index}",
            received,
            None if is_open else received + timedelta(days=1 + index % 3, hours=2),
            topic,
            subtopic,
            ["Public Works", "Parks Department", "Sanitation"][index % 3],
            ["North", "South", "Harbour"][index % 3],
            round(place[0] + index / 1000, 4),
            round(place[1] - index / 1000, 4),
            "in_progress" if is_open else "answered",
        )


@dataclass(frozen=True)
class ForeignFile:
    """A file of another system: `write` makes it in a folder, `answers` are what a person has to settle."""

    label: str
    name: str
    write: Callable[[Path, list[Appeal]], object]
    answers: tuple[str, ...] = (TERRITORY,)
    place: tuple[float, float] = ZAGREB
    max_day: int = 28
    is_dated_by_day: bool = False
    """Whether the times of day are lost."""
    has_subtopics: bool = True
    holder: str | None = None
    """The organisation of all rows."""

    def expected(self) -> list[Appeal]:
        """The appeals that the file holds."""
        return [
            replace(
                appeal,
                received=self._kept_time(appeal.received),
                closed=self._kept_time(appeal.closed) if appeal.closed else None,
                subtopic=appeal.subtopic if self.has_subtopics else None,
                holder=self.holder or appeal.holder,
            )
            for appeal in appeals(self.max_day, self.place)
        ]

    def _kept_time(self, moment: datetime) -> datetime:
        return moment.replace(hour=0, minute=0) if self.is_dated_by_day else moment


def _csv(rows: list[dict[str, Any]], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _american(path: Path, rows: list[Appeal]) -> None:
    """US dates with AM and PM, one column with “lat, lon”."""
    path.write_text(
        _csv([
            {
                "Service Request Number": row.number,
                "Created Date": f"{row.received:%m/%d/%Y %I:%M:%S %p}",
                "Closed Date": f"{row.closed:%m/%d/%Y %I:%M:%S %p}" if row.closed else "",
                "Agency": row.holder,
                "Complaint Type": row.topic,
                "Descriptor": row.subtopic,
                "Borough": row.district,
                "Status": "Closed" if row.closed else "Open",
                "Location": f"({row.lat}, {row.lon})",
            }
            for row in rows
        ])
    )  # fmt: skip


def _croatian(path: Path, rows: list[Appeal]) -> None:
    """Semicolons, windows-1250, dates with dots, decimal commas, title rows."""
    body = _csv(
        [
            {
                "Broj prijave": row.number,
                "Datum zaprimanja": f"{row.received:%d.%m.%Y. %H:%M}",
                "Zatvoreno": f"{row.closed:%d.%m.%Y. %H:%M}" if row.closed else "-",
                "Nadležna služba": row.holder,
                "Kategorija": row.topic,
                "Podkategorija": row.subtopic,
                "Gradska četvrt": row.district,
                "Stanje": "Riješeno" if row.closed else "U tijeku",
                "Širina": str(row.lat).replace(".", ","),
                "Dužina": str(row.lon).replace(".", ","),
            }
            for row in rows
        ],
        ";",
    )
    path.write_bytes(("Izvještaj o prijavama građana\r\nožujak 2026.\r\n\r\n" + body).encode("windows-1250"))


def _russian(path: Path, rows: list[Appeal]) -> None:
    """Tabs, windows-1251, a known region, swapped coordinates."""
    body = _csv(
        [
            {
                "Номер обращения": row.number,
                "Регион": "Калининградская область",
                "Дата поступления": f"{row.received:%d.%m.%Y %H:%M}",
                "Дата закрытия": f"{row.closed:%d.%m.%Y %H:%M}" if row.closed else "",
                "Исполнитель": row.holder,
                "Тема": row.topic,
                "Подтема": row.subtopic,
                "Район": row.district,
                "Статус": "Исполнено" if row.closed else "В обработке",
                "Широта": row.lon,
                "Долгота": row.lat,
            }
            for row in rows
        ],
        "\t",
    )
    path.write_bytes(body.encode("windows-1251"))


def _serials(path: Path, rows: list[Appeal]) -> None:
    """Excel's serials saved as numbers in a CSV, bars, one column with three levels."""
    path.write_text(
        _csv(
            [
                {
                    "ref": row.number,
                    "date_opened": (row.received - EXCEL_EPOCH) / timedelta(days=1),
                    "date_closed": (row.closed - EXCEL_EPOCH) / timedelta(days=1) if row.closed else "NULL",
                    "topic": f"{row.topic} > {row.subtopic}",
                    "department": row.holder,
                    "ward": row.district,
                    "state": "done" if row.closed else "assigned",
                    "latitude": row.lat,
                    "longitude": row.lon,
                }
                for row in rows
            ],
            "|",
        )
    )


def _workbook(path: Path, rows: list[Appeal]) -> None:
    """A workbook with a cover and a title, a day and a time in two columns, swapped coordinates."""
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("About").write(0, 0, "What the columns mean")
        sheet = workbook.add_worksheet("Export")
        day, clock = workbook.add_format({"num_format": "dd/mm/yyyy"}), workbook.add_format({"num_format": "hh:mm"})
        moment = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write(0, 0, "Requests, exported on 2 April")
        names = "Request ID,Opened date,Opened time,Closed at,Category,Sub category,Responsible department,District"
        sheet.write_row(2, 0, [*names.split(","), "Status", "Lat", "Lng"])
        for line, row in enumerate(rows, 3):
            sheet.write(line, 0, row.number)
            sheet.write_datetime(line, 1, row.received.replace(hour=0, minute=0), day)
            sheet.write_datetime(line, 2, row.received.time(), clock)
            if row.closed:
                sheet.write_datetime(line, 3, row.closed, moment)
            sheet.write_row(line, 4, [row.topic, row.subtopic, row.holder, row.district])
            sheet.write_row(line, 8, ["Resolved" if row.closed else "In progress", row.lon, row.lat])


def _ambiguous(path: Path, rows: list[Appeal]) -> None:
    """Days up to 12 with slashes and no times: nothing tells day from month."""
    path.write_text(
        _csv([
            {
                "ticket": row.number,
                "submitted": f"{row.received:%d/%m/%Y}",
                "resolved": f"{row.closed:%d/%m/%Y}" if row.closed else "",
                "service": row.topic,
                "owner": row.holder,
                "suburb": row.district,
                "progress": "completed" if row.closed else "under way",
                "y": row.lat,
                "x": row.lon,
            }
            for row in rows
        ])
    )  # fmt: skip


def _json_lines(path: Path, rows: list[Appeal]) -> None:
    """JSON Lines with Unix times, gzipped; no status, nested points."""
    lines = [
        json.dumps({
            "service_request_id": row.number,
            "requested_datetime": int(row.received.replace(tzinfo=ZONE).timestamp()),
            "closed_datetime": int(row.closed.replace(tzinfo=ZONE).timestamp()) if row.closed else None,
            "service_name": row.topic,
            "agency_responsible": row.holder,
            "address": {"neighbourhood": row.district, "zip": "10000"},
            "position": {"lat": row.lat, "long": row.lon},
        })
        for row in rows
    ]  # fmt: skip
    path.write_bytes(gzip.compress("\n".join(lines).encode()))


def _iso_json(path: Path, rows: list[Appeal]) -> None:
    """A JSON object with a list, GeoJSON points, ISO times with a zone, unknown words of the status, no office."""
    records = [
        {
            "caseId": row.number,
            "createdAt": row.received.replace(tzinfo=ZONE).isoformat(),
            "resolvedAt": row.closed.replace(tzinfo=ZONE).isoformat() if row.closed else None,
            "category": row.topic,
            "subCategory": row.subtopic,
            "district": row.district,
            "status": "Sorted out" if row.closed else "On the pile",
            "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
        }
        for row in rows
    ]
    path.write_text(json.dumps({"meta": {"count": len(records)}, "data": {"items": records}}, indent=2))


def _unnumbered_names(path: Path, rows: list[Appeal]) -> None:
    """UTF-16, month names, WKT points, ratings of ten, columns with few telling names."""
    body = _csv(
        [
            {
                "Ref no": row.number,
                "Reported": f"{row.received:%d %b %Y %H:%M}",
                "Completed": f"{row.closed:%d %b %Y %H:%M}" if row.closed else "n/a",
                "Issue type": row.topic,
                "Team": row.holder,
                "Town": row.district,
                "Current status": "Fixed" if row.closed else "Active",
                "the_geom": f"POINT ({row.lon} {row.lat})",
                "Score": 7 if row.closed else "n/a",
            }
            for row in rows
        ],
        ";",
    )
    path.write_text(body, "utf-16")


def _two_part_places(path: Path, rows: list[Appeal]) -> None:
    """ISO dates and times in two columns each, a two-column place, Russian words of the status, UTF-8 with a mark."""
    body = _csv(
        [
            {
                "id": row.number,
                "received date": f"{row.received:%Y-%m-%d}",
                "received time": f"{row.received:%H:%M}",
                "closed date": f"{row.closed:%Y-%m-%d}" if row.closed else "",
                "closed time": f"{row.closed:%H:%M}" if row.closed else "",
                "problem type": row.topic,
                "organisation": row.holder,
                "municipality": row.district,
                "status": "Закрыта" if row.closed else "Открыта",
                "gps_lat": row.lat,
                "gps_lon": row.lon,
            }
            for row in rows
        ]
    )
    path.write_text(body, "utf-8-sig")


FOREIGN_FILES = (
    ForeignFile("US dates, (lat, lon)", "american.csv", _american),
    ForeignFile("Croatian, windows-1250", "croatian.csv", _croatian),
    ForeignFile("Russian, windows-1251", "russian.txt", _russian, (), place=KALININGRAD),
    ForeignFile("Excel serials, A > B", "serials.csv", _serials),
    ForeignFile("workbook, day and time", "workbook.xlsx", _workbook),
    ForeignFile(
        "days up to 12", "ambiguous.csv", _ambiguous, (TERRITORY, "dates=day-first"), max_day=9,
        is_dated_by_day=True, has_subtopics=False,
    ),
    ForeignFile("JSON Lines, Unix times", "lines.jsonl.gz", _json_lines, has_subtopics=False),
    ForeignFile("JSON, unknown words", "items.json", _iso_json, (TERRITORY, "holder==Town hall"), holder="Town hall"),
    ForeignFile("UTF-16, WKT, month names", "wkt.csv", _unnumbered_names, has_subtopics=False),
    ForeignFile("ISO, days and times apart", "apart.csv", _two_part_places, has_subtopics=False),
)  # fmt: skip


def print_answers() -> None:
    """Print of each file which questions its mapping needs a person for, and what is asked after the answers."""
    known, codes = KnownRegions(shipped_regions()), {"in_progress": True, "answered": False}
    with TemporaryDirectory() as folder:
        for file in FOREIGN_FILES:
            path = Path(folder) / file.name
            file.write(path, file.expected())
            sample = read_sample(path)
            asked = [question.key for question in suggest_mapping(sample, known, codes, {}).questions]
            answers = dict(answer.split("=", 1) for answer in file.answers)
            left = suggest_mapping(sample, known, codes, answers).questions
            print(f"{file.label:26} {len(asked)} answers, {len(left)} left: {', '.join(asked)}")  # noqa: T201


if __name__ == "__main__":
    print_answers()
