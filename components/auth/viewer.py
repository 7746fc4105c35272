"""The viewer of a page: role, territories and rights, as components know them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from otklik.permissions import RIGHTS_BY_ROLE

if TYPE_CHECKING:
    from otklik.database.access.people import Person


def _no_scope() -> None:
    """Stand in for `Viewer.enter_scope` where nothing is asked of the database."""


@dataclass(frozen=True)
class Viewer:
    """The person at the screen, made by `otklik.access.guard.require`.

    `territories` are codes: the viewer sees these and all below them, and everything where there are none. (A person
    without any territory sees nothing, whatever is asked: the database holds that.) `enter_scope` makes all queries run
    in this person's name until the script run ends; each fragment run has to call it first. `signed_in_until` is when
    the sign-in is over, in seconds since the epoch; None where it has no end, as a wall screen's.
    """

    role: str
    territories: tuple[str, ...] = ()
    language: str = "en"
    person: "Person | None" = None
    signed_in_until: float | None = field(default=None, compare=False)
    enter_scope: Callable[[], None] = field(default=_no_scope, compare=False, repr=False)

    def may(self, right: str) -> bool:
        """Whether this person may open that page or take that action."""
        return right in RIGHTS_BY_ROLE.get(self.role, frozenset())
