"""An attack on the figures of a poll by linear programming: how far they narrow down what isn't shown.

The reader is as strong as can be: has seen every state that was ever shown, by all properties of the voters and for
all questions together, and knows that nobody changed a vote. The variables are how many people of each kind (a group of
each property and an answer to each question) voted in each step of time; whatever was shown are equations of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from otklik.launcher.poll_releases import Shown, is_due, publish
from otklik.launcher.poll_states import State
from otklik.small_numbers import MIN_PEOPLE
from queries.statistics.voting.figures import NO_ANSWER, Count, Figure, hidden_figures, with_complements

SINGLE, MULTIPLE = 1, 2
KINDS = {SINGLE: "single", MULTIPLE: "multiple"}
MULTIPLE_OPTION = 9
TOLERANCE = 1e-6
Known = tuple[int, str, Figure, int]
"""A state's number, dimension, figure and its people."""


class Voter(NamedTuple):
    """Keys of a town and of a sex, the option of the single choice, and whether the one of the other was chosen."""

    territory: int
    sex: int
    option: int
    has_chosen: bool


Published = dict[str, dict[Figure, int | None]]
"""Figures by dimension, None where hidden."""


@dataclass
class SimulatedPoll:
    """A poll: all `kinds` of voters, the votes in the order of time, and every state that was shown, by its votes."""

    kinds: list[Voter]
    votes: list[Voter]
    shown: list[tuple[int, Published]] = field(default_factory=list)


def simulate_poll(seed: int) -> SimulatedPoll:
    """A small poll whose groups and options are of random size; looked at after random numbers of votes."""
    random = Random(seed)  # noqa: S311 -- made-up votes
    towns, options = range(1, random.randint(2, 4) + 1), [*range(1, random.randint(2, 3) + 1), NO_ANSWER]
    weights = {key: random.choice((0.5, 2, 8, 20)) for key in (*towns, *(f"option {option}" for option in options))}
    votes = []
    for _vote in range(random.randint(20, 110)):
        town = random.choices(towns, [weights[key] for key in towns])[0]
        option = random.choices(options, [weights[f"option {option}"] for option in options])[0]
        votes.append(Voter(town, random.choice((1, 1, 2)), option, random.random() < 0.6))
    poll = SimulatedPoll([Voter(*kind) for kind in product(towns, (1, 2), options, (False, True))], votes)
    _run(poll, random)
    return poll


def figures_of(votes: list[Voter]) -> dict[str, dict[Figure, int]]:
    """What `queries.polls.counts.count_figures` would count, by dimension."""
    tables: dict[str, dict[Figure, int]] = {}
    for dimension in ("all", "territory", "sex"):
        people: dict[Figure, int] = {}
        for voter in votes:
            key = 0 if dimension == "all" else getattr(voter, dimension)
            chosen = [(0, 0)]
            chosen += [] if voter.option == NO_ANSWER else [(SINGLE, voter.option)]
            chosen += [(MULTIPLE, MULTIPLE_OPTION)] if voter.has_chosen else []
            for question, option in chosen:
                figure = Figure(question, option, key)
                people[figure] = people.get(figure, 0) + 1
        tables[dimension] = with_complements(people, KINDS)
    return tables


def _run(poll: SimulatedPoll, random: Random) -> None:
    """Take steps as the job does (`otklik.launcher.poll_releases`), and at last close the poll."""
    shown: dict[str, dict[Figure, Shown]] = {dimension: {} for dimension in ("all", "territory", "sex")}
    state: State | None = None
    cast = 0
    while cast < len(poll.votes):
        cast += random.choice((3, 8, 20))
        now = State(None, min(cast, len(poll.votes)), figures_of(poll.votes[:cast]))
        if now.ballots < MIN_PEOPLE:
            continue
        if state is None:
            state = now
        elif now.ballots - state.ballots >= MIN_PEOPLE:
            published = {dimension: publish(state, now, dimension, shown[dimension], KINDS) for dimension in shown}
            if is_due(state, now, shown, published):
                shown = published
                figures = {
                    name: {figure: cell.people for figure, cell in table.items()} for name, table in shown.items()
                }
                poll.shown.append((state.ballots, figures))
                state = now
    poll.shown.append((len(poll.votes), _final(figures_of(poll.votes), shown)))


def _without_history(shown: dict[str, dict[Figure, Shown]]) -> Published:
    return {name: {figure: cell.people for figure, cell in table.items()} for name, table in shown.items()}


def _final(tables: dict[str, dict[Figure, int]], shown: dict[str, dict[Figure, Shown]]) -> Published:
    """As `queries.polls.published` does of a closed poll."""
    final: Published = {"all": dict(tables["all"])}
    for dimension in ("territory", "sex"):
        counts = {f: Count(n, shown[dimension].get(f, Shown()).last) for f, n in tables[dimension].items()}
        hidden = hidden_figures(counts, KINDS, MIN_PEOPLE)
        final[dimension] = {f: None if f in hidden else n for f, n in tables[dimension].items()}
    return final


class Attack:
    """All that a reader knows of a poll as equations; `interval` is what follows for a figure."""

    def __init__(self, poll: SimulatedPoll) -> None:
        """The reader knows everything that was shown."""
        self._poll = poll
        self.known = [
            (step, dimension, figure, people)
            for step, (_ballots, published) in enumerate(poll.shown)
            for dimension, figures in published.items()
            for figure, people in figures.items()
            if people is not None
        ]
        # A group that isn't listed has nobody.
        self.known += [
            (step, dimension, Figure(0, 0, key), 0)
            for step, (_ballots, published) in enumerate(poll.shown)
            for dimension in ("territory", "sex")
            for key in sorted({getattr(voter, dimension) for voter in poll.kinds})
            if Figure(0, 0, key) not in published[dimension]
        ]
        self.hidden = [
            (step, dimension, figure)
            for step, (_ballots, published) in enumerate(poll.shown)
            for dimension, figures in published.items()
            for figure, people in figures.items()
            if people is None
        ]

    def narrowed(self) -> Iterator[tuple[int, str, Figure, tuple[float, float]]]:
        """Hidden figures whose interval is narrower than ten people, and narrower than they would be by themselves.

        By themselves: by the results, the sizes of groups that are shown, and by what the figure itself showed before
        and afterwards. A state's number, dimension, figure and interval.
        """
        objectives = np.array([self._vector(*place) for place in self.hidden])
        # Every solution that is found is a poll that could have been: few figures need two of their own.
        least, most = np.full(len(self.hidden), np.inf), np.full(len(self.hidden), -np.inf)
        for number, (step, dimension, figure) in enumerate(self.hidden):
            for sign in (1, -1):
                if most[number] - least[number] < MIN_PEOPLE - TOLERANCE:
                    values = objectives @ self._solve(sign * objectives[number], self.known)
                    least, most = np.minimum(least, values), np.maximum(most, values)
            width = most[number] - least[number]
            if width < MIN_PEOPLE - TOLERANCE:
                by_itself = [
                    known
                    for known in self.known
                    if known[1] == "all" or known[2].question_id == 0 or _is_of(figure, dimension, known)
                ]
                ends = [objectives[number] @ self._solve(sign * objectives[number], by_itself) for sign in (1, -1)]
                if width < ends[1] - ends[0] - TOLERANCE:
                    yield step, dimension, figure, (least[number], most[number])

    def _solve(self, objective: npt.NDArray[np.float64], known: list[Known]) -> npt.NDArray[np.float64]:
        """The poll with the least of an objective among those that would have shown the same."""
        equations = csr_matrix(np.array([self._vector(*place[:3]) for place in known]))
        values = np.array([place[3] for place in known], dtype=float)
        result = linprog(objective, A_eq=equations, b_eq=values, bounds=(0, None), method="highs")
        assert result.status == 0, result.message
        return np.asarray(result.x, dtype=np.float64)

    def _vector(self, step: int, dimension: str, figure: Figure) -> npt.NDArray[np.float64]:
        """Which variables a figure is the sum of: kinds of voters in this step and all before it."""
        kinds = np.array([float(_is_in(voter, dimension, figure)) for voter in self._poll.kinds])
        return np.concatenate([kinds if before <= step else 0 * kinds for before in range(len(self._poll.shown))])


def _is_of(figure: Figure, dimension: str, known: Known) -> bool:
    """Whether something known is of the figure, or of those of its group who didn't choose its option."""
    _step, known_dimension, known_figure, _people = known
    is_complement = known_figure == figure._replace(option_id=-figure.option_id)
    return known_dimension == dimension and (known_figure == figure or is_complement)


def _is_in(voter: Voter, dimension: str, figure: Figure) -> bool:
    question, option, key = figure
    if dimension != "all" and getattr(voter, dimension) != key:
        return False
    if question == SINGLE:
        return voter.option == option
    return question == 0 or voter.has_chosen == (option > 0)
