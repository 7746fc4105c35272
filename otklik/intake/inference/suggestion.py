"""A mapping suggested for a file, with every doubt named and the questions that only a person can answer."""

from collections.abc import Mapping, Sequence

from otklik.intake.errors import BadFile, short_quote
from otklik.intake.inference.columns.column_fields import assign_columns, fit
from otklik.intake.inference.columns.profile import ColumnProfile, column_profiles
from otklik.intake.inference.draft import Answers, Draft, Question
from otklik.intake.inference.fields.answers import (
    MAX_CHOICES,
    TEXT_FIELDS,
    apply_answers,
    ask_for_required,
    check_answers,
)
from otklik.intake.inference.fields.code_rules import add_other_rules, add_rating, add_status
from otklik.intake.inference.fields.date_fields import add_dates
from otklik.intake.inference.fields.points import add_point
from otklik.intake.inference.fields.territory import EXPECTED, KnownRegions, Region, choose_region, is_known
from otklik.intake.inference.sample import FileSample
from otklik.intake.mapping.model import COLUMN_FIELDS, REQUIRED_FIELDS

BY_POINT = "points"
LEVEL_SEPARATORS = (">", " / ", "→", " | ", "::", "\\")
LEVELS = ("category", "subcategory", "fact")
SEPARATED_SHARE = 0.6
CLOSE_SCORES = 0.05


def suggest_mapping(sample: FileSample, known: KnownRegions, open_codes: Mapping[str, bool], answers: Answers) -> Draft:
    """Infer what can be inferred, and take the answers for the rest.

    Answers by key: a field with its column, “” for none or “=TEXT” for one text in all rows; `dates`, `territory`,
    and `FIELD.WORD` with a code. Raises BadFile for an answer that can't be used.
    """
    draft = Draft()
    profiles = list(column_profiles(sample))
    check_answers(answers, sample)
    columns = assign_columns(profiles, lambda text: is_known(text, known))
    constants = apply_answers(profiles, columns, answers)
    ask_for_required(draft, profiles, columns, constants)
    region = _add_region(draft, columns, known, answers)
    add_dates(draft, profiles, columns, answers)
    for field in (*TEXT_FIELDS, "region"):
        if field in columns:
            draft.columns[field] = columns[field].name
    if "category" in columns:
        _add_topic(draft, columns)
    draft.columns |= {field: {"default": text} for field, text in constants.items()}
    if "rating" in columns:
        add_rating(draft, columns["rating"])
    add_point(draft, columns, known, region)
    add_status(draft, columns, answers, open_codes)
    add_other_rules(draft, columns, answers)
    _name_doubts(draft, profiles, columns, known, sample)
    draft.empty = sorted({text for column in columns.values() for text in column.placeholders})
    draft.columns = {field: draft.columns[field] for field in COLUMN_FIELDS if field in draft.columns}
    # Texts may have personal data, which a mapping doesn't repeat.
    draft.notes = {
        field: f"such as {short_quote(column.example)}"
        for field, column in columns.items()
        if column.counts and field != "body"
    }
    return draft


def _add_region(
    draft: Draft, columns: dict[str, ColumnProfile], known: KnownRegions, answers: Answers
) -> Region | None:
    """The one region of all rows, or None where a column has it."""
    if answers.get("territory") == BY_POINT:
        if "lat" not in columns and "point" not in columns:
            raise BadFile("The answer territory=points needs points: no column has coordinates.")
        columns.pop("region", None)
        draft.territories["by_point"] = True
        return None
    if answer := answers.get("territory"):
        choice = choose_region(answer, known)
        columns.pop("region", None)
        draft.territories["region"] = choice.region.code
        if choice.region.file:
            draft.territories["file"] = choice.region.file
        draft.added_territories = list(choice.added)
        return choice.region
    if (column := columns.get("region")) is not None:
        regions = [known.find(str(cell)) for cell in column.counts]
        files = {region.file for region in regions if region and region.file}
        if files:
            draft.territories["file"] = files.pop()
        unknown = [
            short_quote(str(cell)) for cell, region in zip(column.counts, regions, strict=True) if region is None
        ]
        if unknown:
            draft.doubts.append(f"Unknown regions, whose rows will be rejected: {', '.join(unknown[:10])}.")
        return None
    choices = tuple((region.code, region.names[0]) for region in known.regions if region.file is None)[:MAX_CHOICES]
    sentence = f"No column has the region: which one are all appeals of? ({EXPECTED}; or points, where boundaries tell)"
    draft.questions.append(Question("territory", sentence, choices))
    return None


def _add_topic(draft: Draft, columns: Mapping[str, ColumnProfile]) -> None:
    """The levels of the topic: columns of their own, or one column with a separator between levels."""
    for level in LEVELS:
        if level in columns:
            draft.columns[level] = columns[level].name
    category = columns["category"]
    if "subcategory" in columns:
        return
    texts = {str(cell): count for cell, count in category.counts.items()}
    for separator in LEVEL_SEPARATORS:
        separated = sum(count for text, count in texts.items() if separator in text)
        if separated >= SEPARATED_SHARE * category.filled_count:
            depth = max(text.count(separator) for text in texts) + 1
            for part, level in enumerate(LEVELS[:depth], 1):
                draft.columns[level] = {"column": category.name, "split": separator, "part": part}
            draft.doubts.append(f"“{category.name}” is split at {short_quote(separator.strip())} into topic levels.")
            return


def _name_doubts(
    draft: Draft,
    profiles: Sequence[ColumnProfile],
    columns: Mapping[str, ColumnProfile],
    known: KnownRegions,
    sample: FileSample,
) -> None:
    for field in REQUIRED_FIELDS:
        if field not in columns:
            continue
        score = fit(field, columns[field], lambda text: is_known(text, known))
        taken = {column.position for column in columns.values()}
        rivals = [
            profile.name
            for profile in profiles
            if profile.position not in taken
            and fit(field, profile, lambda text: is_known(text, known)) >= max(score - CLOSE_SCORES, 0.5)
        ]
        if rivals:
            names = ", ".join(map(short_quote, rivals))
            draft.doubts.append(f"`{field}` is read from “{columns[field].name}”; it could also be {names}.")
    if "closed_at" not in columns and "status" in columns:
        draft.doubts.append("No column has the date of closing: rows of closed appeals will be rejected without one.")
    if (numbers := columns.get("number")) is not None and numbers.distinct_count < numbers.row_count:
        count = numbers.row_count - numbers.distinct_count
        draft.doubts.append(f"{count:,} rows have no number or that of another row, and will be rejected.")
    if sample.odd_row_count:
        draft.doubts.append(f"{sample.odd_row_count:,} rows have another number of cells than the header.")
    if not sample.is_whole:
        draft.doubts.append(
            f"Only the first {len(sample.rows):,} rows were looked at: `otklik import --check` looks at all."
        )
