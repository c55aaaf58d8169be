"""A metric with its 95 % interval, and the interval of a proportion."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan, sqrt

LEVEL = 0.95
Z = 1.959963984540054  # 0.975 quantile of the standard normal distribution


@dataclass(frozen=True)
class Estimate:
    """A metric with its 95 % interval and the number of samples it rests on."""

    value: float
    low: float
    high: float
    n_samples: int


UNDEFINED = "–"  # what stands for a number that is not defined


def with_interval(estimate: Estimate, digits: int = 3) -> str:
    """``0.912 (0.885–0.934)``; an en dash in place of what there is nothing to measure of, be it all or the interval.

    Parameters
    ----------
    estimate : Estimate
    digits : int
        Decimals.

    Returns
    -------
    str
    """
    value = in_figures(estimate.value, f".{digits}f")
    if value == UNDEFINED:
        return UNDEFINED
    return f"{value} ({interval_text(estimate.low, estimate.high, f'.{digits}f')})"


def interval_text(low: float, high: float, form: str = ".3f", between: str = "–") -> str:
    """``0.885–0.934``; an en dash alone where it is not defined.

    Parameters
    ----------
    low, high : float
    form : str
        Format of a number.
    between : str
        What stands between the ends.

    Returns
    -------
    str
    """
    ends = in_figures(low, form), in_figures(high, form)
    return UNDEFINED if UNDEFINED in ends else between.join(ends)


def in_figures(value: float | None, form: str = ".3f") -> str:
    """A number with a true minus sign; an en dash where it is missing or not finite.

    Parameters
    ----------
    value : float or None
    form : str
        Format of a number.

    Returns
    -------
    str
    """
    if value is None or not isfinite(value):
        return UNDEFINED
    return format(value, form).replace("-", "−")


def wilson(successes: int, total: int) -> Estimate:
    """A proportion with Wilson's 95 % interval; NaN if there is nothing to count.

    Written out because SciPy's takes a millisecond, and a page asks for hundreds.

    Parameters
    ----------
    successes, total : int

    Returns
    -------
    Estimate

    References
    ----------
    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209, eq. 1.
    """
    successes, total = int(successes), int(total)
    if total == 0:
        return Estimate(nan, nan, nan, 0)
    share, spread = successes / total, Z**2 / total
    centre = (share + spread / 2) / (1 + spread)
    half = sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    low, high = max(centre - half, 0.0), min(centre + half, 1.0)
    return Estimate(share, low if successes else 0.0, high if successes < total else 1.0, total)
