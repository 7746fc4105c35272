"""Damaged CSV files, plain and gzipped, each with what an import of it does."""

import gzip

from tests.support.imports.damaged_files import BOOK, GOOD, HEADER, DamagedFile, csv_lines, with_row

GOOD_BYTES = GOOD.encode()
PACKED = gzip.compress(GOOD_BYTES * 50, mtime=0)
NO_HEADER = "a.csv has no column “number” in its header, line 1 split at “;”: "


def _csv(label: str, text: str | bytes, code: int, message: str, landed: int = 0) -> DamagedFile:
    content = text if isinstance(text, bytes) else text.encode()
    return DamagedFile(label, "a.csv", content, code, message, landed if code == 2 or landed else 2)


def _packed(label: str, content: bytes, code: int, message: str, landed: int = 0) -> DamagedFile:
    return DamagedFile(label, "a.csv.gz", content, code, message, landed)


CSV_FILES = [
    _csv("empty", b"", 2, "a.csv is empty: expected a header and rows."),
    _csv("blank lines", "\n\n\n", 2, "a.csv is empty"),
    _csv("a byte order mark alone", b"\xef\xbb\xbf", 2, "a.csv is empty"),
    _csv("a UTF-16 mark alone", b"\xff\xfe", 2, "a.csv is empty"),
    _csv("spaces", "   ", 2, NO_HEADER + "“   ”."),
    _csv("header alone", HEADER, 2, "a.csv has a header but no rows: expected rows from line 2 on."),
    _csv("header and blank lines", HEADER + "\n\n;;;;;\n", 2, "a.csv has a header but no rows"),
    _csv(
        "no header",
        "\n".join(GOOD.splitlines()[1:]),
        2,
        NO_HEADER + "“1”, “2026-01-06”, “Roads”, “Works”, “5” and 1 more.",
    ),
    _csv(
        "title rows",
        "Appeals\nJanuary\n\n" + GOOD,
        2,
        "“Appeals”; line 4 has them all: `skip_rows = 3` in [file] skips those above it.",
    ),
    _csv("separator line", "sep=;\n" + GOOD, 0, "2 new"),
    _csv("quoted separator line", '"sep=;"\r\n' + GOOD, 0, "2 new"),
    _csv("another separator line", "sep=,\n" + GOOD.replace(";", ","), 0, "2 new"),
    _csv("commas", GOOD.replace(";", ","), 2, "; its columns are separated by “,”."),
    _csv("tabs", GOOD.replace(";", "\t"), 2, "; its columns are separated by “ ”."),
    _csv("bars", GOOD.replace(";", "|"), 2, "; its columns are separated by “|”."),
    _csv("a missing column", GOOD.replace("topic", "theme"), 2, "has no column “topic” in its header, line 1"),
    _csv("a column twice", GOOD.replace("office", "topic"), 2, "has the column “topic” twice in its header"),
    _csv("a long header", GOOD.replace("number", "n" * 100_000), 2, f"“{'n' * 60}…”"),
    _csv("header with NUL", GOOD.replace("number", "num\0ber"), 2, NO_HEADER + "“num␀ber”"),
    _csv(
        "HTML",
        "<html><body>Session expired</body></html>\n",
        2,
        NO_HEADER + "“<html><body>Session expired</body></html>”.",
    ),
    _csv("JSON", '{"number": 1}\n', 2, "a.csv has no column “received” in its header, the names of its records"),
    _csv(
        "an image",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
        2,
        "a.csv isn't text in line 1: expected the encoding utf-8 or windows-1252.",
    ),
    _csv("random bytes", bytes((i * 7919 + i // 3) % 256 for i in range(5000)), 2, "a.csv "),
    _csv(
        "an old workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        2,
        "is an old Excel file or protected by a password",
    ),
    _csv("UTF-8 with a mark", b"\xef\xbb\xbf" + GOOD_BYTES, 0, "2 new"),
    _csv("UTF-16", GOOD.encode("utf-16"), 0, "2 new"),
    _csv("UTF-16 without a mark", GOOD.encode("utf-16-le"), 0, "2 new"),
    _csv("UTF-16 the other way", GOOD.encode("utf-16-be"), 0, "2 new"),
    _csv("UTF-32", GOOD.encode("utf-32"), 0, "2 new"),
    _csv(
        "UTF-16 cut in a letter",
        (GOOD + "é").encode("utf-16")[:-1],
        2,
        "a.csv isn't text in line 4: expected the encoding utf-16.",
    ),
    _csv("windows-1252 below ASCII", csv_lines(with_row(note="café")).encode("cp1252"), 0, "3 new", 3),
    _csv(
        "windows-1252 far below ASCII",
        csv_lines(*[with_row(n) for n in range(3, 3000)], with_row(3000, note="é")).encode("cp1252"),
        0,
        "3,000 new",
        3000,
    ),
    _csv(
        "neither encoding",
        csv_lines(with_row(note="caf\x81")).encode("latin-1"),
        2,
        "a.csv isn't text in line 4: expected the encoding utf-8 or windows-1252.",
    ),
    _csv(
        "a wrong byte after a mark",
        b"\xef\xbb\xbf" + csv_lines(with_row(note="é")).encode("cp1252"),
        2,
        "isn't text in line 4: expected the encoding utf-8.",
    ),
    _csv("CR line ends", GOOD.replace("\n", "\r"), 0, "2 new"),
    _csv("CRLF line ends", GOOD.replace("\n", "\r\n"), 0, "2 new"),
    _csv("mixed line ends", GOOD.replace("\n", "\r\n", 1).replace("1;2026", "1;2026", 1), 0, "2 new"),
    _csv("cut in a row", GOOD + "3;2026-01", 1, "1 × a wrong number of cells"),
    _csv("a row too short", csv_lines("3;x"), 1, "1 × a wrong number of cells"),
    _csv("a row too long", csv_lines(with_row() + ";more"), 1, "1 × a wrong number of cells"),
    _csv("an open quote", csv_lines('3;2026-01-06;"Roads;Works;5;'), 2, "a.csv isn't CSV in line 4"),
    _csv("text after a quote", csv_lines('3;2026-01-06;"Roads"x;Works;5;'), 2, "a.csv isn't CSV in line 4"),
    _csv("a quote opened early", GOOD.replace("Roads", '"Roads', 1), 2, "a.csv isn't CSV in line 2"),
    _csv("a quoted line break", csv_lines(with_row(note='"a\nb"'), with_row(4)), 0, "4 new", 4),
    _csv("a NUL byte", csv_lines(with_row(note="a\0b")), 1, "1 × a NUL character"),
    _csv("NUL bytes at the end", GOOD + "\0" * 5000, 1, "1 × a wrong number of cells"),
    _csv("a row of NUL bytes", csv_lines("\0" * 50, with_row()), 1, "3 new", 3),
    _csv(
        "a long cell",
        csv_lines(with_row(note="x" * 131_073), with_row(4)),
        1,
        "1 × a cell of more than 131,072 characters",
        3,
    ),
    _csv("the longest cell", csv_lines(with_row(note="x" * 131_072)), 0, "3 new", 3),
    _csv(
        "a long quoted cell",
        csv_lines(with_row(note='"' + "x\n" * 100_000 + '"')),
        1,
        "1 × a cell of more than 131,072 characters",
    ),
    _csv("a long name", csv_lines(with_row(topic="x" * 1001)), 1, "1 × a name of more than 1,000 characters"),
    _csv("a long number", csv_lines(with_row("7" * 201)), 1, "1 × a number longer than 200 characters"),
    _csv("a long date", csv_lines(with_row(received="2" * 5000)), 1, "1 × an unreadable date"),
    _csv(
        "a huge row",
        csv_lines(with_row(note="x" * 4_000_001)),
        2,
        "has a row of more than 4,000,000 characters in line 4",
    ),
    _csv(
        "a huge row without an end", GOOD + "x" * 4_000_001, 2, "has a row of more than 4,000,000 characters in line 4"
    ),
    _csv(
        "a huge quoted row", GOOD + '"' + "x\n" * 2_000_001, 2, "has a row of more than 4,000,000 characters in line 4"
    ),
    _csv(
        "a huge row of quoted lines",
        GOOD + 'x;"\n";' * 800_000,
        2,
        "has a row of more than 4,000,000 characters in line 4",
    ),
    _csv("separators alone", csv_lines(";" * 100_000), 0, "2 new"),
    _csv("a number twice", csv_lines(with_row(1)), 1, "1 × a duplicate number"),
    _csv(
        "a number twice, far apart",
        csv_lines(*[with_row(n) for n in range(3, 4100)], with_row(7)),
        1,
        "1 × a duplicate number",
        4099,
    ),
    _csv("an empty number", csv_lines(with_row("")), 1, "1 × no number"),
    _csv("a rating 5.0", csv_lines(with_row(rating="5.0"), with_row(4, rating="3,00")), 0, "4 new", 4),
    _csv("a rating 4.5", csv_lines(with_row(rating="4.5")), 1, "1 × a rating outside 1–5"),
    _csv("a rating in other digits", csv_lines(with_row(rating="٥")), 1, "1 × a rating outside 1–5"),
    _csv("a date of another kind", csv_lines(with_row(received="06.01.2026")), 1, "1 × an unreadable date"),
    _csv("a date that doesn't exist", csv_lines(with_row(received="2026-02-30")), 1, "1 × an unreadable date"),
    _csv("the year 9999", csv_lines(with_row(received="9999-12-31T23:59:59+14:00")), 1, "1 × a date outside 1970–2100"),
]
PACKED_FILES = [
    _packed("cut off", PACKED[:-30], 2, "a.csv.gz is damaged or cut off after line "),
    _packed("without its end", PACKED[:-8], 2, "a.csv.gz is damaged or cut off after line "),
    _packed("a wrong checksum", PACKED[:-6] + b"\0\0" + PACKED[-4:], 2, "expected a whole gzip file."),
    _packed("a wrong byte", PACKED[:40] + bytes([PACKED[40] ^ 255]) + PACKED[41:], 2, "a.csv.gz "),
    _packed("a header alone", PACKED[:10], 2, "a.csv.gz is damaged or cut off after line 0"),
    _packed("two bytes", b"\x1f\x8b", 2, "a.csv.gz is damaged or cut off after line 0"),
    _packed(
        "something behind it", gzip.compress(GOOD_BYTES) + b"more", 2, "a.csv.gz is damaged or cut off after line "
    ),
    _packed("of nothing", gzip.compress(b""), 2, "a.csv.gz is empty"),
    _packed("of a workbook", gzip.compress(BOOK), 2, "a.csv.gz "),
    _packed("packed twice", gzip.compress(gzip.compress(GOOD_BYTES)), 2, "a.csv.gz "),
    _packed("no gzip", GOOD_BYTES, 0, "2 new", 2),
    _packed("two members", gzip.compress(GOOD_BYTES) + gzip.compress(with_row().encode()), 0, "3 new", 3),
    _packed("UTF-16", gzip.compress(GOOD.encode("utf-16")), 0, "2 new", 2),
    _packed(
        "a bomb",
        gzip.compress(GOOD_BYTES + bytes(30_000_000)),
        2,
        "has a row of more than 4,000,000 characters in line 4",
    ),
]
