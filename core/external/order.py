"""Which output of a model from elsewhere is which class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import InputError


@dataclass(frozen=True)
class Order:
    """The classes of a run, and the outputs of a model.

    Attributes
    ----------
    class_names : tuple of str
        In the order of the run.
    outputs : list of int
        Which output each class is; of one output, only that.
    negated : bool
        Whether the one output speaks for the first class.
    note : str
        How the outputs are read.
    """

    class_names: tuple[str, ...]
    outputs: list[int]
    negated: bool
    note: str


def order_of(n_outputs: int, schemes: Sequence[tuple[str, ...]], classes: Sequence[str] | None = None) -> Order:
    """Find the class names of a run, and which output of a model each of them is.

    Parameters
    ----------
    n_outputs : int
        One stands for two classes: it is the probability of the second.
    schemes : sequence of tuple of str
        The class names that a run may have.
    classes : sequence of str, optional
        In the order of the outputs, in any case; of one output, its 0 and its 1.

    Returns
    -------
    Order

    Raises
    ------
    InputError
        If no scheme has that many classes, or the classes given are not those of one.
    """
    n_classes = max(n_outputs, 2)
    fitting = [scheme for scheme in schemes if len(scheme) == n_classes]
    if not fitting:
        known = " or ".join(", ".join(scheme) for scheme in schemes)
        raise InputError(f"The model gives {_scores(n_outputs)}, and the classes of the data set are {known}; it must give one for each.")
    if not classes:
        return _read_as(fitting[0], fitting[0], n_outputs, _doubt(fitting[0]))
    given = [name.strip().casefold() for name in classes]
    for scheme in fitting:
        by_name = {name.casefold(): name for name in scheme}
        if sorted(given) == sorted(by_name):
            return _read_as(scheme, tuple(by_name[name] for name in given), n_outputs, "")
    expected = " or ".join(", ".join(scheme) for scheme in fitting)
    received = ", ".join(filter(None, map(str.strip, classes))) or "none"
    order = "its 0 and its 1" if n_outputs == 1 else "the order of its outputs"
    raise InputError(
        f"A model of {_scores(n_outputs)} has the classes {expected}, named in {order} as in --classes {','.join(fitting[0])}; "
        f"received {received}."
    )


def _doubt(scheme: tuple[str, ...]) -> str:
    """What to do where the outputs are others, as they are where Keras numbered the folders of classes."""
    alphabet = tuple(sorted(scheme, key=str.casefold))  # a folder `normal` is called NORMAL here, which sorts before small letters
    if alphabet == scheme:
        return ""
    return f"; Keras numbers class folders by the alphabet, so choose {', '.join(alphabet)} if it was trained on such folders"


def _read_as(scheme: tuple[str, ...], given: tuple[str, ...], n_outputs: int, more: str) -> Order:
    if n_outputs == 1:
        return Order(scheme, [0], given != scheme, f"The one output is read as the probability of {given[1]}{more}.")
    outputs = [given.index(name) for name in scheme]
    return Order(scheme, outputs, False, f"The outputs are read as {', '.join(given)}, in this order{more}.")


def _scores(n: int) -> str:
    return "one score" if n == 1 else f"{n} scores"
