"""Settings as somebody writes them, on a command line or in a link."""

from __future__ import annotations

from collections.abc import Iterable

from core.errors import InputError


def parse_settings(pairs: Iterable[str], epochs: str | None = None, batch_size: str | None = None) -> dict[str, str]:
    """Settings of a recipe from ``KEY=VALUE``, and those that have an option of their own.

    Parameters
    ----------
    pairs : iterable of str
    epochs, batch_size : str, optional

    Returns
    -------
    dict of str to str
        As `core.config.Recipe.with_settings` takes them, which knows what each may be.

    Raises
    ------
    InputError
        If one has another form, or is given twice with different values.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator:
            raise InputError(f"A setting is KEY=VALUE, such as learning_rate=1e-4; received {pair!r:.80}.")
        _refuse_twice(found, key, value)
        found[key] = value
    for key, given in (("epochs", epochs), ("batch_size", batch_size)):
        if given is not None:
            _refuse_twice(found, key, given)
            found[key] = given
    return found


def _refuse_twice(found: dict[str, str], key: str, value: str) -> None:
    if found.get(key, value) != value:
        raise InputError(f"The setting {key} is given twice, as {found[key]} and as {value}; give it once.")
