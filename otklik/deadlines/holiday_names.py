"""Names of holidays in languages that the library of calendars lacks: its English ones, by the catalogues of Otklik.

Those of the countries whose appeals there are mappings or demo data for; others stay English.
"""

from otklik.i18n import N_, translations

HOLIDAY_NAMES = (
    N_("Day off"),
    # Russia
    N_("Christmas Day"),
    N_("Defender of the Fatherland Day"),
    N_("Holiday of Spring and Labor"),
    N_("International Women's Day"),
    N_("New Year Holidays"),
    N_("Russia Day"),
    N_("Unity Day"),
    N_("Victory Day"),
    # Croatia
    N_("All Saints' Day"),
    N_("Anti-Fascist Struggle Day"),
    N_("Assumption Day"),
    N_("Corpus Christi"),
    N_("Easter Monday"),
    N_("Easter Sunday"),
    N_("Epiphany"),
    N_("Independence Day"),
    N_("Labor Day"),
    N_("New Year's Day"),
    N_("Remembrance Day"),
    N_("Saint Stephen's Day"),
    N_("Statehood Day"),
    N_("Victory and Homeland Thanksgiving Day and Croatian Veterans Day"),
    # The United States, Massachusetts
    N_("Columbus Day"),
    N_("Juneteenth National Independence Day"),
    N_("Martin Luther King Jr. Day"),
    N_("Memorial Day"),
    N_("Patriots' Day"),
    N_("Thanksgiving Day"),
    N_("Veterans Day"),
    N_("Washington's Birthday"),
)


def translated_name(name: str, language: str) -> str:
    """A holiday's English name in a language; days that are several holidays have their names with “; ” between."""
    return "; ".join(translations(language).gettext(part) for part in name.split("; "))
