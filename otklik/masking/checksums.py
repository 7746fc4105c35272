"""Check digits of numbers that belong to one person or card; each function takes the digits as a string."""

LUHN_LENGTHS = range(13, 20)
SNILS_LENGTH = 11
OIB_LENGTH = 11
INN_LENGTH = 12
"""Of a person; that of an organisation has ten digits and is public."""
INN_WEIGHTS = ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))


def is_card_number(digits: str) -> bool:
    """Whether 13 to 19 digits are a payment card's by the algorithm of Luhn (ISO/IEC 7812-1)."""
    if len(digits) not in LUHN_LENGTHS or len(set(digits)) == 1:
        return False
    doubled = [int(digit) * (1 + position % 2) for position, digit in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0  # noqa: PLR2004 -- the two digits added


def is_snils(digits: str) -> bool:
    """Whether eleven digits are a number of the Russian pension insurance: nine, and their weighted sum."""
    if len(digits) != SNILS_LENGTH:
        return False
    weighted_sum = sum(int(digit) * (9 - position) for position, digit in enumerate(digits[:9]))
    return weighted_sum % 101 % 100 == int(digits[9:])


def is_oib(digits: str) -> bool:
    """Whether eleven digits are a Croatian personal identification number (ISO 7064, MOD 11,10)."""
    if len(digits) != OIB_LENGTH:
        return False
    remainder = 10
    for digit in digits[:-1]:
        remainder = ((remainder + int(digit)) % 10 or 10) * 2 % 11
    return (11 - remainder) % 10 == int(digits[-1])


def is_personal_inn(digits: str) -> bool:
    """Whether twelve digits are a Russian taxpayer number of a person: ten, and two weighted sums."""
    if len(digits) != INN_LENGTH:
        return False
    return all(
        sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False)) % 11 % 10
        == int(digits[len(weights)])
        for weights in INN_WEIGHTS
    )
