"""The entry point: the page menu for the person at the screen, in their language."""

from components.language import preferred_language
from components.layout import page
from otklik.access import guard
from otklik.i18n import set_language

set_language(preferred_language())
page.navigation(guard.allowed_pages()).run()
