"""Clues that give the class away without any lung: how a file was encoded, how large the picture is, what lies around the chest."""

from __future__ import annotations

from functools import partial

from core.audit.check import Check, Facts
from core.audit.finding import Finding, rate
from core.audit.measured.shortcuts import encoding_clues, picture_clues, size_clues

CANNOT = "Too few images or patients of two classes with known values to judge this clue here."
LOST = "so whatever the original files gave away is lost, and this copy cannot tell."


def _tell(facts: Facts, id_: str, what: str, effect: str, action: str, lost: str = "") -> Finding:
    unknown = f"Cannot tell what {what[0].lower()}{what[1:]} give{'' if ',' in what else 's'} away"
    if "lost" in facts:
        originals = _in_the_originals(facts["originals"], what)
        title = f"{unknown}{originals and '; the originals show it'}"
        return Finding(id_, "unknown", title, None, facts["n_train"], f"{lost}, {LOST}", action, originals)
    if facts["train"] is None:
        return Finding(id_, "unknown", unknown, None, facts["n_train"], CANNOT)
    auc, n = facts["train"]
    return Finding(id_, rate(auc), f"{_separates(auc, what)})", auc, n, effect, action, _evidence(facts))


def _separates(auc: float, what: str) -> str:
    return f"{what} alone separate{'' if ',' in what else 's'} the classes (AUC {auc:.3f}"


def _evidence(facts: Facts) -> str:
    (auc, n), test = facts["train"], facts["test"]
    parts = ", ".join(f"{name} {one[0]:.2f}" for name, one in facts["alone"].items() if one)
    tail = f"in test {test[0]:.3f} (n = {test[1]:,})" if test else "too few in test to judge"
    return f"In train {auc:.3f} (n = {n:,}; {parts}), {tail}; 0.5 is chance, measured by cross-validation on unseen patients."


def _in_the_originals(facts: Facts | None, what: str) -> str:
    """What the same check says of the published originals, where this is a copy of them."""
    if not facts:
        return ""
    auc, n = facts["train"]
    said = _separates(auc, what)
    return f"In the published originals: {said[0].lower()}{said[1:]}, n = {n:,} images with known headers)."


encoding_shortcut = Check(
    "encoding_shortcut",
    encoding_clues,
    partial(
        _tell,
        id_="encoding_shortcut",
        what="The way files were encoded",
        effect="A model can learn which machine or export made a file instead of looking at lungs, and fail where files are made "
        "differently.",
        action="Re-encode all images the same way, train with blur and noise, and distrust scores that fall when images are re-encoded.",
        lost="All files were encoded with the same table",
    ),
)
size_shortcut = Check(
    "size_shortcut",
    size_clues,
    partial(
        _tell,
        id_="size_shortcut",
        what="Image size",
        effect="Padding keeps the aspect ratio as a clue, and scaling keeps the sharpness of the original size, so a model can learn the "
        "format.",
        action="Squash to one square or crop at random, and check that scores do not follow the size of the file.",
        lost="All images have the same size",
    ),
)
picture_shortcut = Check(
    "picture_shortcut",
    picture_clues,
    partial(
        _tell,
        id_="picture_shortcut",
        what="Brightness, border and markers",
        effect="A model can score well from what lies around the lungs: dose, collimation, and the letters that a hospital burns in.",
        action="Crop to the chest, vary brightness and contrast in training, cover the letters, and check that saliency maps avoid the "
        "border.",
    ),
)
