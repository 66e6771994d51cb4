"""Pure: how likely a cumulative sum signals by chance alone, by its own Markov chain (Brook and Evans 1972).

Loaded by `cusum` when a rule is wanted: numpy and scipy would make every start of a hub wait.
"""

from math import log

import numpy as np
from scipy.special import gammaln

STEP = 0.05
"""Of the sum's grid."""
SETTLED_DAYS = 60


def within(days: int, rate: float, k: float, states: int) -> float:
    """That a sum which has run for long signals within so many days; `states` is h on the grid."""
    stays = _chain(rate, k, states)
    now = np.zeros(states)
    now[0] = 1.0
    for _day in range(SETTLED_DAYS):
        now = now @ stays
        now /= max(now.sum(), 1e-12)
    for _day in range(days):
        now = now @ stays
    return float(1.0 - now.sum())


def _chain(rate: float, k: float, states: int) -> np.ndarray:
    """Probabilities of getting from state to state without a signal."""
    per, down = round(1 / STEP), round(k / STEP)
    most = (states + down) // per + 1
    counts = np.arange(most + 1)
    likely = np.exp(counts * log(rate) - rate - gammaln(counts + 1))
    chain = np.zeros((states, states))
    from_state = np.arange(states)
    for count, probability in enumerate(likely):
        to_state = np.maximum(from_state + count * per - down, 0)
        inside = to_state < states
        np.add.at(chain, (from_state[inside], to_state[inside]), probability)
    return chain
