"""A masked text as it is read: with words in place of personal data."""

from collections.abc import Iterable

from otklik.i18n import N_, _
from otklik.masking.spans import PersonalKind, TextPart

PERSONAL_KIND_LABELS: dict[PersonalKind | None, str] = {
    "name": N_("name"),
    "phone": N_("telephone"),
    "email": N_("e-mail"),
    "account": N_("account"),
    "document": N_("document number"),
    "card": N_("card number"),
    "birth": N_("birth date"),
    "address": N_("number"),
}
"""What stands in a text in place of personal data, by kind."""


def masked_words(parts: Iterable[TextPart]) -> str:
    """The words of a masked text (otklik.masking.mask_text), such as `Call [name], [telephone]`."""
    return "".join(part.words or f"[{_(PERSONAL_KIND_LABELS[part.kind])}]" for part in parts)
