"""The entry point: the page menu for the person at the screen, in their language."""

from components.language import preferred_language
from components.layout import page
from components.url.page_change import carry_params
from otklik.access import guard
from otklik.i18n import set_language

set_language(preferred_language())
opened_page = page.navigation(guard.allowed_pages())
carry_params(opened_page.url_path)
opened_page.run()
