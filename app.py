"""The frame: which pages there are for the person at the screen, in their language."""

from components import access, frame
from components.words import preferred, use

use(preferred())
frame.navigation(access.allowed()).run()
