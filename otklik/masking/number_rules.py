"""Rules for what is written in digits and signs: telephones, e-mails, accounts, documents, cards, birth dates, houses.

A number with a check digit is taken for what it is only where that digit is right; a pattern that is unmistakable as it
is written needs none, since applicants mistype.
"""

import re
from collections.abc import Callable, Iterator

from otklik.masking.checksums import is_card_number, is_oib, is_personal_inn, is_snils
from otklik.masking.spans import PersonalKind, Span

STREETS = (
    r"ул(?:иц\w*)?|пр(?:осп(?:ект\w*)?|-к?т)|пер(?:еул\w*)?|б(?:ульвар\w*|-р)|ш(?:оссе)?|наб(?:ережн\w*)?"
    r"|пл(?:ощад\w*)?|проезд\w*|тракт\w*|мкр|м-н|микрорайон\w*|пос(?:[её]л\w*)?|дер(?:евн\w*)?|снт"
    r"|ulic[aeiu]|ul|trg\w*|avenij\w*|cest[aei]|put"
)
"""Words for kinds of streets and settlements, an alternative each."""
MORE_DIGITS = r"(?!\d)"
NO_DIGITS_BEFORE = r"(?<![\d-])"
CAPITALISED = r"(?:\d+[-\w]*\s+(?:лет\s+)?)?[A-ZА-ЯЁČĆŠŽĐ][\w-]+"
OTHER_UNITS = r"дн|мес|час|лет|год|нед|мин|раз|числ|руб|эта|под|кв|%|kat|god|dan|sat|min|eur|€"
ONE_HOUSE = r"\d+(?:\s?[а-яa-zА-ЯA-Z]\b)?(?:\s?[/-]\s?\d+\w?)?"
HOUSE = rf"(?P<it>{ONE_HOUSE}(?:(?:,\s?|\s?(?:и|i|and)\s)\d{{1,3}}(?!\d))*)(?!\s*(?:{OTHER_UNITS}))(?!\w)"
"""A number of a house or flat, such as `12а` or `5/2`, or several, and no number of days, roubles or floors."""
DAY = (
    r"(?:\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}|\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|(?:19|20)\d\d-\d\d-\d\d"
    r"|\d{1,2}\s(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|[A-Z])[а-яa-z]*\s(?:19|20)\d\d)"
)
"""A date in one of its usual forms."""
BORN = r"родил\w+|рожд\w*|\bд\.?\s?р\.?|born(?:\s+(?:on|in))?|ro[dđ]en[aio]?|ro[dđ]\.|\bdob\b"
DOCUMENTS = r"паспорт|серия|удостоверени|полис|снилс|инн|passport|putovnic|osobn|vozačk|iskaznic|jmbg"
TELEPHONES = r"тел(?:ефон\w*)?|звон\w+|моб\w*|сот\w*|городской|phone|call|tel|mob|mobitel|viber|kontakt"
MAILBOX = r"(?<![\w.+-])[\w.+-]{1,64}"  # with a begin and a bound, so that a long word is read once
DOMAIN = r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
SITES = r"t\.me|vk\.com|ok\.ru|x\.com|twitter\.com|instagram\.com|facebook\.com|wa\.me"
MESSENGERS = r"телеграм\w*|вичат|ватсап\w*|скайп|telegram|wechat|skype|instagram"
HOUSES = (
    r"д(?:ом(?:а|е|у|ом|ами|ах)?)?|корп(?:ус\w?)?|кв(?:артир\w{1,2})?|комн(?:ат\w)?|stan[au]?|apt|apartment|flat"
    r"|kućn\w+ broj\w*|br"
)
ENGLISH_STREETS = (
    r"Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Boulevard|Blvd|Grove|Walk|Close|Court|Place|Way|Terrace|Crescent|Hill"
    r"|Square|Gardens"
)
RULES: tuple[tuple[PersonalKind, tuple[str, ...]], ...] = (
    (
        "email",
        (rf"{MAILBOX}\s?@\s?{DOMAIN}", rf"(?i){MAILBOX}\s?(?:собака|\(at\)|\[at\])\s?{DOMAIN}"),
    ),
    (
        "account",
        (
            rf"(?i)\b(?:https?://)?(?:www\.)?(?:{SITES})/[\w.@+/-]+",
            r"(?<![\w.])@[A-Za-z]\w{3,}",
            rf"(?i)\b(?:{MESSENGERS})\W{{1,3}}(?P<it>[a-z]\w{{4,}})",
        ),
    ),
    (
        "document",
        (
            r"\b\d{3}-\d{3}-\d{3}[\s-]\d{2}\b",  # of the pension insurance, as its card has it
            r"\b\d{2}\s?\d{2}\s?(?:№|N|номер)\s?\d{6}\b",  # series and number of a Russian passport
            r"\b\d{2}\s\d{2}\s\d{6}\b|\b\d{4}\s\d{6}\b",
            r"\b[A-Z]{2}(?:\s?\d{2}){3}\s?[A-D]\b",  # a British national insurance number
            rf"(?i)\b(?:{DOCUMENTS})\w*[^\d\n]{{0,25}}(?P<it>\d[\d\s№N-]{{4,20}}\d)",
            r"(?i)\b(?:oib|инн|снилс)\b\D{0,5}(?P<it>\d{10,12})\b",
            r"(?i)\blicen[cs]e\s(?:no\.?\s)?(?P<it>[A-Z]+\d[A-Z\d]{6,})\b",
        ),
    ),
    ("card", (r"\b\d{4}([ -])\d{4}\1\d{4}\1\d{4}\b",)),
    (
        "birth",
        (
            rf"(?i)(?:{BORN})\D{{0,12}}?(?P<it>{DAY}|(?:19|20)\d\d\b)",
            rf"(?i)(?P<it>{DAY})\s*г?(?:ода|\.)?\s*р(?:ожд\w*|\.)",
            r"(?i)\b(?P<it>(?:19|20)\d\d)\s*г(?:ода|\.)?\s?р(?:ожд\w*|\.)",
        ),
    ),
    (
        "phone",
        (
            rf"{NO_DIGITS_BEFORE}(?:\+\s?7|8)[\s(.-]*\d{{3}}[\s).-]*\d(?:[\s.-]{{0,3}}\d){{6}}{MORE_DIGITS}",
            rf"{NO_DIGITS_BEFORE}(?:8[\s-]?)?\(\d{{3,5}}\)\s?\d{{1,3}}(?:[\s-]?\d{{2,3}}){{1,2}}{MORE_DIGITS}",
            rf"(?:\+\s?|{NO_DIGITS_BEFORE}00)\d{{1,3}}[\s(-]*\d{{1,4}}(?:[\s)-]*\d{{2,4}}){{2,4}}{MORE_DIGITS}",
            rf"{NO_DIGITS_BEFORE}0\d{{1,2}}[\s/-]\d{{3}}[\s-]?\d{{3,4}}{MORE_DIGITS}",
            rf"{NO_DIGITS_BEFORE}0\d{{8,10}}{MORE_DIGITS}",
            rf"{NO_DIGITS_BEFORE}\(?\d{{3}}\)?[\s.-]\d{{3}}[.-]\d{{4}}{MORE_DIGITS}",
            rf"(?i)\b(?:{TELEPHONES})\D{{0,12}}(?P<it>\+?\d(?:[\s().-]{{0,3}}\d){{4,13}}){MORE_DIGITS}",
            rf"{NO_DIGITS_BEFORE}9\d{{2}}[\s-]?\d{{3}}[\s-]?\d{{2}}[\s-]?\d{{2}}{MORE_DIGITS}",
        ),
    ),
    (
        "address",
        (
            rf"\b(?i:{STREETS})\b\.?\s*{CAPITALISED}(?:\s+{CAPITALISED})?,?\s*{HOUSE}",
            rf"\b(?i:{STREETS})\b\.?\s*{CAPITALISED}\s+[а-яё]{{3,}},\s*{HOUSE}",  # such as Дружбы народов, 70
            rf"(?i)\b(?:{HOUSES})\b\.?\s*№?\s*{HOUSE}",
            rf"\b(?:[Нн]а|[Пп]о|[Aа]дрес\w*:?)\s+[А-ЯЁ][\w-]+,?\s+{HOUSE}",
            rf"(?i)\b(?:живу|прописан\w*)\s+(?:на|по)\s+[а-яё-]+,?\s+{HOUSE}",
            r"(?i)\b(?P<it>\d+)(?:-?\w{1,2})?\s+квартир(?:а|ы|е|у|ой)\b",
            rf"(?i)\d,?\s*(?:стр(?:оен\w+)?|к|лит\w*)\.?\s*(?P<it>\d+\w?)(?!\s*(?:{OTHER_UNITS}))\b",
            rf"\b(?P<it>\d+\w?)\s+(?:[A-Z]\w+\s){{1,2}}(?:{ENGLISH_STREETS})\b",
            rf"\b(?:u|na|u ulici|[Aa]dres\w+:?)\s+[A-ZČĆŠŽĐ]\w+(?:\s[A-ZČĆŠŽĐ]\w+)?\s{HOUSE}",
            rf"\b[A-ZČĆŠŽĐ]\w+(?:ska|čka|ška|eva|ova|ićeva|oj)\s{HOUSE}",
        ),
    ),
)
"""Patterns by kind; a pattern's group `it` is what is masked, where not the whole."""
PATTERNS = tuple((kind, re.compile(pattern)) for kind, patterns in RULES for pattern in patterns)
LONG_NUMBER = re.compile(r"(?<![\d.,])\d(?:[ -]?\d){9,18}(?![\d])")
"""Ten to nineteen digits, in groups or not."""
CHECKED_NUMBERS: tuple[tuple[PersonalKind, Callable[[str], bool]], ...] = (
    ("card", is_card_number),
    ("document", is_snils),
    ("document", is_oib),
    ("document", is_personal_inn),
)


def number_spans(text: str) -> Iterator[Span]:
    """The spans of a text that a rule takes for personal data; they may overlap."""
    for kind, pattern in PATTERNS:
        group = "it" if "it" in pattern.groupindex else 0
        for match in pattern.finditer(text):
            yield Span(*match.span(group), kind)
    for match in LONG_NUMBER.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        for kind, is_valid in CHECKED_NUMBERS:
            if is_valid(digits):
                yield Span(*match.span(), kind)
