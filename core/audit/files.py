"""Files that cannot be used, and files that can but are odd."""

from __future__ import annotations

import pandas as pd

from core.audit.check import Check, Facts
from core.audit.finding import Finding
from core.audit.measured.files import left_out, odd_images
from core.counted import counted


def _unreadable(facts: Facts) -> Finding:
    n_lost, n_good, n_others, lost = (facts[name] for name in ("n_lost", "n_good", "n_others", "lost"))
    others = f" {_others(n_others)}" if n_others else ""
    return Finding(
        "unreadable",
        "medium" if n_lost else "ok",
        f"{counted(n_lost, 'file')} cannot be used",
        n_lost,
        n_lost + n_good,
        (f"They are left out; {counted(n_good, 'image')} can be used." if n_lost else f"All {n_good:,} images decode to the end.") + others,
        "Look at the reason for each: if one class lost more files than another, the balance above is not that of the source."
        if n_lost
        else "",
        f"The first: {_last_name(lost[0][0])}: {lost[0][1]}" if n_lost else "",
        tuple(map(tuple, lost)),
    )


def _others(n: int) -> str:
    return (
        "1 other file, such as a text or a mask, is not a radiograph."
        if n == 1
        else f"{n:,} other files, such as texts and masks, are not radiographs."
    )


def _last_name(path: str) -> str:
    whole = "/" if path.endswith("/") else ""
    return path.rstrip("/").rpartition("/")[2] + whole


def _odd(facts: Facts) -> Finding:
    odd = pd.DataFrame(facts["odd"], columns=["sample_id", "note", "class_name"])
    return Finding(
        "odd_files",
        "low" if len(odd) else "ok",
        f"{counted(len(odd), 'unusual file')}",
        len(odd),
        facts["n_samples"],
        "Such an image teaches a model nothing about lungs, and a pixel format that is commoner in one class gives the class away.",
        "Look at them, and leave out what is not a frontal chest X-ray." if len(odd) else "",
        _kinds(odd["note"], odd["class_name"]),
        tuple(zip(odd["sample_id"].tolist(), odd["note"].tolist(), strict=True)),
    )


def _kinds(notes: pd.Series, class_names: pd.Series) -> str:
    """How many of each kind, and the class that has most of them: ``very long: 10 (9 of PNEUMONIA)``."""
    kinds = notes.str.split(", ").explode()
    parts = []
    for name, part in kinds.groupby(kinds):
        of = class_names[part.index].value_counts()
        parts.append(f"{name}: {len(part):,} ({of.iloc[0]:,} of {of.index[0]})")
    return "; ".join(parts) + "." if parts else ""


unreadable = Check("unreadable", left_out, _unreadable)
odd_files = Check("odd_files", odd_images, _odd)
