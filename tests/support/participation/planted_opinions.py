"""Reactions of people of known groups of opinion."""

import numpy as np

from queries.statistics.opinion_groups import Labels, Reactions


def planted_reactions(
    sizes: tuple[int, ...], comments: int = 24, *, seed: int = 0, given: float = 0.6, noise: float = 0.12
) -> tuple[Reactions, Labels]:
    """Reactions to comments, and the group that each participant is of.

    The first fifth of the comments is what everybody agrees with; any other is agreed with by one group alone. `given`:
    the share of comments that somebody reacts to; `noise`: how many of them by chance.
    """
    rng = np.random.default_rng(seed)
    opinions = np.where(np.arange(comments) % len(sizes) == np.arange(len(sizes))[:, None], 1.0, -1.0)
    opinions[:, : comments // 5] = 1
    labels = np.repeat(np.arange(len(sizes)), sizes)
    reactions = opinions[labels]
    is_other = rng.random(reactions.shape) < noise
    reactions = np.where(is_other, rng.choice((-1.0, 0.0, 1.0), reactions.shape), reactions)
    return np.where(rng.random(reactions.shape) < given, reactions, np.nan), labels
