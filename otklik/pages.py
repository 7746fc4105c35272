"""The pages of the product, each declared once: title, description, and the roles that may open it."""

from dataclasses import dataclass

from otklik.i18n import N_

METRIC_ROLES = frozenset({"staff", "manager", "official", "administrator", "screen"})
"""A `screen` is a device on a wall: it shows metrics and no appeals."""
APPEAL_ROLES = METRIC_ROLES - {"screen"}
SCREEN_PATH = "/screen"
"""Where a device plays a playlist of pages and walls; it is no page itself."""
CITIZEN_PATH = "/my-appeal"
"""Where applicants follow their appeals; no page either, and nobody signs in there."""


@dataclass(frozen=True)
class PageDeclaration:
    """A page: the script `pages/<id>.py`, its address `/<id>`, and its entry in the page menu.

    `title` and `about` are messages to translate; pages have no icons, since Streamlit would fetch them from outside as
    favicons. `right_description` says in docs/access.md what the right to open it gives. A page that is not `listed` is
    reached from other pages alone. `params` are the names in its address besides filters, language and person.
    """

    id: str
    title: str
    about: str
    right_description: str
    roles: frozenset[str] = APPEAL_ROLES
    listed: bool = True
    params: tuple[str, ...] = ()


_DECLARATIONS = (
    PageDeclaration(
        "overview",
        N_("Overview"),
        N_("What must be done now, who must act, what is unusual; then how the whole territory is doing."),
        "what is due and unusual, figures and trends",
        METRIC_ROLES,
    ),
    PageDeclaration(
        "queue",
        N_("Queue"),
        N_("What is open now: at which stage, how old, with whom, and what is overdue or about to be."),
        "open appeals by their deadline",
        params=("state", "stage", "age", "due", "q", "sort", "selected", "after", "before"),
    ),
    PageDeclaration(
        "appeal",
        N_("Appeal"),
        N_("One appeal: its text, place, deadline and history, and what can be done about it."),
        "one appeal and its history, without personal data",
        listed=False,
        params=("number", "source", "region", "list"),
    ),
    PageDeclaration(
        "overdue",
        N_("Overdue"),
        N_("Appeals past their deadline or close to it, organisations with capacity for them, and reassigning."),
        "late appeals, and who could take them",
        params=("state", "sort"),
    ),
    PageDeclaration(
        "resolution",
        N_("Resolution"),
        N_("How appeals are resolved: how many, how fast, how well, by whom and about what."),
        "how much is resolved, and in time",
        METRIC_ROLES,
        params=("pair", "a", "b", "curves", "fair", "order"),
    ),
    PageDeclaration(
        "regions",
        N_("Regions"),
        N_("Where performance is low: a map from the country down to a municipality, and its territories compared."),
        "territories beside each other",
        METRIC_ROLES,
        params=("figure", "cluster", "show", "level", "map", "points", "form", "order"),
    ),
    PageDeclaration(
        "satisfaction",
        N_("Satisfaction"),
        N_("How people rate the answers: by topic, organisation and channel, and what became of low ratings."),
        "how answers are rated",
        METRIC_ROLES,
        params=("answers",),
    ),
    PageDeclaration(
        "services",
        N_("Services"),
        N_("Vaccination, ambulance, school meals and the like: how much comes in, from where, and how it is answered."),
        "one topical service after the other",
        METRIC_ROLES,
        params=("order",),
    ),
    PageDeclaration(
        "matrix",
        N_("Systemic problems"),
        N_("Where a topic goes worse than elsewhere: topics by territories, and what stands behind each cell."),
        "topics by territories against what is expected",
        METRIC_ROLES,
        params=("shade", "arrange", "cell", "order"),
    ),
    PageDeclaration(
        "problems",
        N_("Problems"),
        N_("What lasts and needs a decision: who owns it, what is to be done by when, and who decided what and why."),
        "problems, what was decided about them and what is to be done",
        params=("problem", "surge", "cluster"),
    ),
    PageDeclaration(
        "polls",
        N_("Polls"),
        N_("What people are asked: which polls run, whether they reach their quorum, and how people voted."),
        "polls, their turnout and their results, running ones too",
        params=("poll", "by"),
    ),
    PageDeclaration(
        "discussions",
        N_("Discussions"),
        N_(
            "What people discuss in public: comments to publish and to answer, groups of opinion, and what was decided."
        ),
        "discussions, their comments and answers, and groups of opinion",
        params=("discussion", "comments", "by"),
    ),
    PageDeclaration(
        "quality",
        N_("Data quality"),
        N_("How far the figures can be trusted: closed at once or on the last day, odd dates, no place."),
        "how far the figures can be trusted",
        params=("doubt", "order"),
    ),
    PageDeclaration(
        "people",
        N_("People and roles"),
        N_("Who is let in, what they may do and whose appeals they see."),
        "people, roles and territories",
        frozenset({"administrator"}),
        params=("find", "person"),
    ),
    PageDeclaration(
        "screens",
        N_("Wall screens"),
        N_("Which screens are there and what they show, their playlists, and when the wall says “watch” and “act”."),
        "enrolled screens, playlists, and thresholds of the wall",
        frozenset({"administrator"}),
    ),
    PageDeclaration(
        "sources",
        N_("Data sources"),
        N_("Where appeals come in by themselves: whether each can be read, how far behind it is, and what it brought."),
        "data sources, their runs, and commanding them",
        frozenset({"administrator"}),
        params=("source",),
    ),
    PageDeclaration(
        "audit",
        N_("Audit"),
        N_("Who did what, when, from where and why; and whether all of it is there."),
        "who did what, when and why",
        frozenset({"administrator"}),
        params=("by", "action", "object", "text", "before", "after", "entry"),
    ),
)
PAGES = {page.id: page for page in _DECLARATIONS}
"""By id, in the order of the page menu; the first is the page of the bare address too."""
