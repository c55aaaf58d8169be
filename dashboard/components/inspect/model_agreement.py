"""Whether models agree on an image, in a sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def agreement(calls: Mapping[str, str], healthy: Collection[str] = ("NORMAL",)) -> str:
    """What several models call an image.

    Parameters
    ----------
    calls : mapping of str to str
        Model to the class that it calls. BACTERIAL and VIRAL are kinds of pneumonia.
    healthy : collection of str
        What the models call a picture without a finding; any other class is an illness.

    Returns
    -------
    str
        Markdown; empty for fewer than two models.
    """
    if len(calls) < 2:
        return ""
    if len(set(calls.values())) == 1:
        return f"{'Both' if len(calls) == 2 else f'All {len(calls)}'} models say **{next(iter(calls.values()))}**."
    if len({name in healthy for name in calls.values()}) == 1:
        what = "that nothing is found" if next(iter(calls.values())) in healthy else "on pneumonia"
        return f"They agree {what} and name it differently: {_list(calls)}."
    return f"They disagree: {_list(calls)}."


def _list(calls: Mapping[str, str]) -> str:
    groups: dict[str, list[str]] = {}
    for model, class_name in calls.items():
        groups.setdefault(class_name, []).append(model)
    parts = [f"{' and '.join(models)} {'says' if len(models) == 1 else 'say'} **{name}**" for name, models in groups.items()]
    return ", ".join(parts)
