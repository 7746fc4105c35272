"""The rules that turn a column's words into codes, and the scale of ratings."""

import re
from collections import Counter
from collections.abc import Mapping

from otklik.intake.errors import BadFile, short_quote
from otklik.intake.inference.columns.profile import ColumnProfile
from otklik.intake.inference.columns.vocabulary import known_code, word_codes
from otklik.intake.inference.draft import Answers, Draft, RuleDraft
from otklik.intake.name_matching import normalized_name

OPEN_CODE, CLOSED_CODE = "in_progress", "answered"
ALWAYS = 0.95
"""From which share of its rows with a closing date on a word means that an appeal is closed."""
OTHER_CODES = {"outcome": "explained", "channel": "integration"}
"""The code of unknown words, by field."""
MAX_LISTED = 10
ZERO = re.compile(r"0+([.,]0+)?")
MAX_STARS, MAX_TEN, MAX_PERCENT = 5, 10, 100


def add_status(
    draft: Draft, columns: Mapping[str, ColumnProfile], answers: Answers, open_codes: Mapping[str, bool]
) -> None:
    """Add the rule of the status; `open_codes` says of each status whether it is open. Raises BadFile."""
    status, closed = columns.get("status"), columns.get("closed_at")
    if status is None:
        if closed is None:
            draft.rules["status"] = RuleDraft(default=OPEN_CODE)
            draft.doubts.append("No column has the status or the date of closing: every appeal counts as in progress.")
            return
        draft.rules["status"] = RuleDraft(closed.name, other=CLOSED_CODE, default=OPEN_CODE)
        draft.doubts.append(f"No column has the status: what has a date in “{closed.name}” counts as answered.")
        return
    closed_share = _closed_shares(status, closed)
    words, derived, contradicted = {}, [], []
    for text in map(str, status.counts):
        share = closed_share.get(text)
        code = answers.get(f"status.{text}") or known_code("status", text)
        if code is not None and code not in open_codes:
            raise BadFile(f"The answer status.{text}={code} is no status: expected {', '.join(open_codes)}.")
        if code is None:
            code = CLOSED_CODE if share is not None and share >= ALWAYS else OPEN_CODE
            derived.append(f"{short_quote(text)} as {code}")
        elif open_codes[code] and share is not None and share >= ALWAYS and f"status.{text}" not in answers:
            code = CLOSED_CODE
            contradicted.append(short_quote(text))
        words[text] = code
    if derived:
        basis = "by whether they have a date of closing" if closed else "since no column has the date of closing"
        draft.doubts.append(f"Unknown words of the status are taken {basis}: {_listed(derived)}.")
    if contradicted:
        draft.doubts.append(
            f"Appeals with the status {_listed(contradicted)} have dates of closing: taken as answered."
        )
    default = OPEN_CODE if status.filled_count < status.row_count else None
    if default:
        draft.doubts.append(f"Rows without a status count as {OPEN_CODE}.")
    draft.rules["status"] = RuleDraft(status.name, words, default=default)


def add_other_rules(draft: Draft, columns: Mapping[str, ColumnProfile], answers: Answers) -> None:
    """Add the rules of outcome, channel and re-opening where they have columns."""
    for field in ("outcome", "channel", "reopened"):
        if (column := columns.get(field)) is None:
            continue
        words, unknown = {}, []
        for text in map(str, column.counts):
            code = answers.get(f"{field}.{text}") or known_code(field, text)
            if code is None:
                unknown.append(short_quote(text))
            else:
                words[text] = code
        other = OTHER_CODES.get(field) if unknown else None
        if unknown:
            meaning = f"count as the {field} {other}" if other else "will be rejected"
            draft.doubts.append(f"Unknown words in “{column.name}” {meaning}: {_listed(unknown)}.")
        draft.rules[field] = RuleDraft(column.name, words, other=other, default="0" if field == "reopened" else None)


def add_rating(draft: Draft, column: ColumnProfile) -> None:
    """Add the scale of a column of ratings."""
    draft.columns["rating"] = column.name
    numbers = column.numbers or column.percentages
    if not numbers:
        codes = word_codes()["rating"]
        words = {str(cell): int(codes[normalized_name(str(cell))]) for cell in column.counts if _is_word(str(cell))}
        unknown = [short_quote(str(cell)) for cell in column.counts if not _is_word(str(cell))]
        draft.rating["words"] = words
        if unknown:
            draft.doubts.append(f"Unknown words in “{column.name}”, whose rows will be rejected: {_listed(unknown)}.")
        return
    lowest, highest = min(numbers), max(numbers)
    if highest <= MAX_STARS:
        if lowest == 0:
            draft.empty_by_column[column.name] = [str(cell) for cell in column.counts if ZERO.fullmatch(str(cell))]
            draft.doubts.append(f"A 0 in “{column.name}” counts as not rated.")
        return
    best = MAX_TEN if highest <= MAX_TEN else MAX_PERCENT
    worst = 1 if best == MAX_TEN and lowest >= 1 else 0
    draft.rating["scale"] = [worst, best]
    draft.doubts.append(f"Ratings in “{column.name}” seem to go from {worst} to {best}, the best.")


def _is_word(text: str) -> bool:
    return normalized_name(text) in word_codes()["rating"]


def _closed_shares(status: ColumnProfile, closed: ColumnProfile | None) -> dict[str, float]:
    """By word of the status, the share of its rows that have a date of closing."""
    if closed is None:
        return {}
    closed_counts = Counter(
        str(word) for word, cell in zip(status.cells, closed.cells, strict=True) if word != "" and cell != ""
    )
    return {str(word): closed_counts[str(word)] / count for word, count in status.counts.items()}


def _listed(items: list[str]) -> str:
    more = len(items) - MAX_LISTED
    return ", ".join(items[:MAX_LISTED]) + (f" and {more} more" if more > 0 else "")
