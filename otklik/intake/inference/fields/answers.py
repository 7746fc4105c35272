"""What a person has settled, and what is left to ask."""

from collections.abc import Collection, Mapping, Sequence

from otklik.intake.errors import BadFile, short_quote
from otklik.intake.inference.columns.column_fields import CONTENT_CHECKS, candidates
from otklik.intake.inference.columns.profile import ColumnProfile
from otklik.intake.inference.columns.vocabulary import word_codes
from otklik.intake.inference.draft import Answers, Draft, Question
from otklik.intake.inference.sample import FileSample
from otklik.intake.mapping.field_source import PAIRS
from otklik.intake.mapping.model import DATE_FIELDS, REQUIRED_FIELDS

TEXT_FIELDS = ("number", "holder", "first_holder", "municipality", "subcategory", "fact", "body")
"""Fields of plain texts, which may be one text for all rows."""
MAX_CHOICES = 8
QUESTIONS = {
    "number": "Which column has the appeal's number, different in each row?",
    "received_at": "Which column has the date of receipt?",
    "category": "Which column says what the appeal is about? Or give one topic for all: category==TOPIC.",
    "holder": "Which column has the organisation that handles the appeal? Or give one for all: holder==NAME.",
}
"""By required field, what is asked where no column has it."""


def check_answers(answers: Answers, sample: FileSample) -> None:
    """Raise BadFile for an answer that can't be used."""
    for key, answer in answers.items():
        field, _, word = key.partition(".")
        is_field = key in CONTENT_CHECKS
        if not (is_field or key in {"dates", "territory"} or (word and field in word_codes())):
            raise BadFile(
                f"The answer {key}={answer} settles nothing: expected a field ({', '.join(CONTENT_CHECKS)}), dates,"
                " territory, or a word such as status.Done."
            )
        if is_field and answer and not answer.startswith("=") and answer not in sample.header:
            raise BadFile(f"The answer {key}={answer} names no column: the file has {', '.join(sample.header[:30])}.")
        if is_field and answer.startswith("=") and key not in (*REQUIRED_FIELDS, *TEXT_FIELDS):
            raise BadFile(f"The answer {key}={answer} gives {key} one text for all rows: expected a column.")


def apply_answers(
    profiles: Sequence[ColumnProfile], columns: dict[str, ColumnProfile], answers: Answers
) -> dict[str, str]:
    """Change the columns as answered; the texts of fields that are the same in all rows are returned."""
    constants = {}
    for field, answer in answers.items():
        if field not in CONTENT_CHECKS:
            continue
        columns.pop(field, None)
        if answer.startswith("="):
            constants[field] = answer[1:]
        elif answer:
            profile = next(profile for profile in profiles if profile.name == answer)
            if field in DATE_FIELDS and not CONTENT_CHECKS[field](profile):
                raise BadFile(f"The answer {field}={answer} names a column that has no dates.")
            for other, column in list(columns.items()):
                if column is profile and other not in answers:
                    del columns[other]
            columns[field] = profile
    if answers.get("point"):
        columns.pop("lat", None)
    _drop_dependent({*columns, *constants}, columns)
    return constants


def _drop_dependent(fields: Collection[str], columns: dict[str, ColumnProfile]) -> None:
    """Leave out the columns of fields without the one that they need."""
    for field, other in PAIRS:
        if other not in fields:
            columns.pop(field, None)


def ask_for_required(
    draft: Draft,
    profiles: Sequence[ColumnProfile],
    columns: Mapping[str, ColumnProfile],
    constants: Mapping[str, str],
) -> None:
    """Add a question for each required field that no column has. Raises BadFile where none could have it."""
    for field in REQUIRED_FIELDS:
        if field in columns or field in constants:
            continue
        possible = candidates(profiles, field, columns.values())[:MAX_CHOICES]
        if not possible and field in ("number", "received_at"):
            wanted = "a different value in each row" if field == "number" else "dates"
            hint = "; a mapping written by hand can join several columns" if field == "number" else ""
            raise BadFile(f"The file has no column with {wanted}, which could be `{field}`{hint}.")
        choices = tuple((column.name, f"such as {short_quote(column.example)}") for column in possible)
        draft.questions.append(Question(field, QUESTIONS[field], choices, possible[0].name if possible else None))
