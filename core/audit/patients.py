"""Patients on both sides of a split, under each way of reading the file names."""

from __future__ import annotations

from dataclasses import dataclass

from core.audit.check import Check, Facts
from core.audit.finding import Finding
from core.audit.measured.patients import shared
from core.counted import counted

UNKNOWN = (
    "The file names do not say who the patient is: each image counts as a patient of its own, and leaks between splits cannot be seen."
)
EFFECT = "If those are the same children, a model can recognise a test image by its patient, and the test result is too good."
NO_PROOF = (
    "An equal number proves nothing: the published numbers restart in each folder, and where they are shared the two sides often have "
    "different infections. A different number proves nothing either: nobody published who is who."
)
ACTION = "Treat test as a second sample from the same hospital, not as new patients. Validation here is split off train by patient."


@dataclass(frozen=True)
class Reading:
    """A way to read a patient out of a file name; `measured.patients` does it, under the same key."""

    key: str
    title: str
    explanation: str


READINGS = (
    Reading("written", "Number as written", "IM-0115 and NORMAL2-IM-0115 are two patients, person12 is one."),
    Reading("number", "Without NORMAL2-", "NORMAL2-IM-0115 is IM-0115, person12 is one."),
    Reading("kind", "With the infection", "person12_bacteria and person12_virus are two patients."),
)


def _tell(facts: Facts, reading: str = READINGS[0].key) -> Finding:
    """Patients whom the data name in more than one split; else patient numbers that appear in several, as `reading` reads them."""
    if "leak" in facts:
        return _leak(facts)
    read = facts["readings"]
    if not read[reading]["any"]:
        return Finding("patients_across_splits", "unknown", "Cannot tell who the patients are", None, facts["n_samples"], UNKNOWN)
    counts = {one.title: _n_patients(read[one.key]["images"]) for one in READINGS}
    n_shared = _n_patients(read[reading]["images"])
    return Finding(
        "patients_across_splits",
        "low" if n_shared else "ok",
        f"{counted(n_shared, 'patient number')} {'is' if n_shared == 1 else 'are'} in both train and test",
        n_shared,
        facts["n_samples"],
        EFFECT,
        ACTION,
        _evidence(counts),
        tuple(map(tuple, read[reading]["images"])),
    )


def _n_patients(images: list[list[str]]) -> int:
    return len({patient for _, patient in images})


def _evidence(counts: dict[str, int]) -> str:
    """What every way of reading the names counts."""
    if not any(counts.values()):
        return ""
    return f"Shared numbers, by how the names are read: {', '.join(f'{name} {n:,}' for name, n in counts.items())}. {NO_PROOF}"


def _leak(facts: Facts) -> Finding:
    """The data set itself names its patients, and some are on both sides."""
    n_patients, splits = _n_patients(facts["leak"]), facts["splits"]
    where = f"both {' and '.join(splits)}" if len(splits) == 2 else "more than one of train, val and test"
    return Finding(
        "patients_across_splits",
        "high",
        f"{counted(n_patients, 'patient')} {'has' if n_patients == 1 else 'have'} images in {where}",
        n_patients,
        facts["n_samples"],
        "A model can recognise an image by its patient, so results on the other side are too good.",
        "Move all images of a patient to one side before you trust any result.",
        images=tuple(map(tuple, facts["leak"])),
    )


patients_across_splits = Check("patients_across_splits", shared, _tell)
