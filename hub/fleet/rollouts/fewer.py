"""Pure: whether there are fewer answers than in the same hours of the week before, more than chance would have it.

Source: J. Przyborowski and H. Wilenski, Homogeneity of results in testing samples from Poisson series, Biometrika 31
(1940): of all answers, the later ones are binomial with one half where nothing has changed.
"""

from scipy.special import bdtr

OF_A_GROUP = 1e-3
OF_A_TERMINAL = 1e-6
"""There are many terminals, and each is looked at each hour."""


def fewer(before: int, after: int, level: float) -> bool:
    """Whether `after` is so low beside `before` that chance explains it with less than this probability."""
    return after < before and bool(bdtr(after, before + after, 0.5) < level)
