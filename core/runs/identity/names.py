"""What a run is called: its system, then only the settings that differ from the recipe, then its seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from core.architectures import get_system
from core.errors import InputError
from core.runs.identity.about import read_about
from core.runs.identity.settings import changed_settings, in_words
from core.runs.origin import ENSEMBLE, IMPORTED
from core.text import one_line

if TYPE_CHECKING:
    from core.config import RunConfig
    from core.runs.run import Run

MOST = 160  # characters of a name
SHORT_ID = 6  # the random end of a run's id


def system_name(config: RunConfig) -> str:
    """What a person calls the system of a run; an import goes by its title, an unknown system by its key.

    Parameters
    ----------
    config : RunConfig

    Returns
    -------
    str
    """
    try:
        return get_system(config.system).title
    except InputError:
        return _clean(config.title or config.system)


def group_name(run: Run, known: Mapping[str, Run] | None = None) -> str:
    """``Lens-MobileNet, CutMix 0.5`` or ``Lens-MobileNet ×3, mean``: what the seeds of one recipe share.

    Parameters
    ----------
    run : Run
    known : mapping of str to Run
        By id, runs among which the members of an ensemble are looked for before its own folder is.

    Returns
    -------
    str
    """
    config = run.config
    if config.system == ENSEMBLE:
        return _clean(config.title) or made_of(run, known)
    parts = [system_name(config), in_words(changed_settings(config))]
    if config.n_classes != 2 and config.system != IMPORTED:
        parts.insert(1, f"{config.n_classes} classes")
    return ", ".join(part for part in parts if part)


def own_name(run: Run, known: Mapping[str, Run] | None = None) -> str:
    """``Lens-MobileNet, CutMix 0.5 · seed 0``, or the name that its owner gave it; another run may share it: see `names_of`.

    Parameters
    ----------
    run : Run
    known : mapping of str to Run, optional
        Runs by id that an ensemble may be made of; by default those of its folder.

    Returns
    -------
    str
    """
    return _clean(read_about(run).name or derived_name(run, known))


def derived_name(run: Run, known: Mapping[str, Run] | None = None) -> str:
    """``Lens-MobileNet, CutMix 0.5 · seed 0``, whatever its owner calls it.

    Parameters
    ----------
    run : Run
    known : mapping of str to Run, optional
        Runs by id that an ensemble may be made of; by default those of its folder.

    Returns
    -------
    str
    """
    name = group_name(run, known)
    return name if run.config.system in (ENSEMBLE, IMPORTED) else f"{name} · seed {run.config.seed}"


def names_of(runs: Sequence[Run]) -> dict[str, str]:
    """What each run is called, no two alike.

    Runs of one name are told apart by the title of their data, and those of one title by the end of their id.

    Parameters
    ----------
    runs : sequence of Run

    Returns
    -------
    dict of str to str
        By a run's id.
    """
    known = {run.name: run for run in runs}
    names, titles = {run.name: own_name(run, known) for run in runs}, {run.name: _clean(run.config.data_title) for run in runs}
    for twins in _sharing(runs, names):
        if len({titles[run.name] for run in twins}) > 1:
            names |= {run.name: f"{names[run.name]} on {titles[run.name] or 'unnamed data'}" for run in twins}
    for twins in _sharing(runs, names):
        names |= {run.name: f"{names[run.name]} ({_clean(run.name[-SHORT_ID:])})" for run in twins}
    return names


def _clean(name: str) -> str:
    """One line of bounded length, without the mark by which figures know markup."""
    return one_line(name, MOST).replace("<", "‹")


def _sharing(runs: Sequence[Run], names: Mapping[str, str]) -> list[list[Run]]:
    """The runs that share a name, together."""
    by_name: dict[str, list[Run]] = {}
    for run in runs:
        by_name.setdefault(names[run.name], []).append(run)
    return [twins for twins in by_name.values() if len(twins) > 1]


def made_of(run: Run, known: Mapping[str, Run] | None = None) -> str:
    """``Lens-MobileNet ×3 + Lens-Scratch ×3, mean``, whatever its owner calls the ensemble; their number where a member is gone.

    Parameters
    ----------
    run : Run
        An ensemble.
    known : mapping of str to Run
        As `group_name` takes it.

    Returns
    -------
    str
    """
    names = run.config.members
    found = known if known and set(names) <= set(known) else siblings(run)
    if not names or not set(names) <= set(found):
        return f"Mean of {len(names)} runs"
    counts = Counter("another mean" if found[name].config.members else group_name(found[name]) for name in names)  # it may hold this one
    return " + ".join(f"{name} ×{n}" if n > 1 else name for name, n in counts.items()) + ", mean"


def siblings(run: Run) -> dict[str, Run]:
    """By id, those of an ensemble's members that lie in its folder and can be read.

    Parameters
    ----------
    run : Run

    Returns
    -------
    dict of str to Run
    """
    found = {}
    for name in run.config.members:
        with suppress(InputError):
            member = type(run)(run.path.parent / Path(name).name)
            _ = member.config
            found[name] = member
    return found
