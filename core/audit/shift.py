"""Test unlike train: other shares of the classes, other pixels."""

from __future__ import annotations

from core.audit.check import Check, Facts
from core.audit.finding import Finding, rate
from core.audit.measured.shift import class_shares, pixels_apart

NO_TEST = (
    "No train and test to compare",
    "Without both, nothing tells how a model does on images that it was neither trained nor chosen on.",
)


def _shares(facts: Facts) -> Finding:
    """How much commoner the commonest training class is in train than in test, in percentage points."""
    if "largest" not in facts:
        return Finding("split_shift", "unknown", NO_TEST[0], None, facts["n_samples"], NO_TEST[1], "Add a train and a test folder.")
    train, test = facts["train"], facts["test"]
    shift = 100 * (train - test)
    return Finding(
        "split_shift",
        "medium" if abs(shift) >= 5 else "ok",
        f"{facts['largest']} is {100 * train:.1f} % of train and {100 * test:.1f} % of test",
        shift,
        facts["n_samples"],
        "A model that learns the training share expects that class as often in test, so its errors become one-sided and accuracy at a "
        "threshold of 0.5 says little.",
        "Look at both error rates and at calibration, and set the threshold for the share of ill patients that you expect.",
        f"{shift:+.1f} percentage points; train n = {facts['n_train']:,}, test n = {facts['n_test']:,}.",
    )


def _pixels(facts: Facts) -> Finding:
    if "auc" not in facts:
        why = "Too few images of one class in both train and test, or no pixel statistics."
        return Finding("pixel_shift", "unknown", "Cannot tell whether test images look different", None, facts["n_samples"], why)
    return Finding(
        "pixel_shift",
        rate(facts["auc"]),
        f"Brightness and border alone separate train from test (AUC {facts['auc']:.3f})",
        facts["auc"],
        facts["n_judged"],
        "Images of one class look different in test, so a threshold chosen on validation does not carry over and validation scores are too "
        "optimistic.",
        "Vary brightness and contrast in training, and expect a lower score wherever images come from elsewhere.",
        f"{_differences(facts)} An AUC of 0.5 would mean that they look the same.",
    )


def _differences(facts: Facts) -> str:
    """Mean brightness by class, and the standardised difference d (Cohen 1988)."""
    told = facts["differences"]
    parts = [f"{name} {train:.0f} in train, {test:.0f} in test (d = {d:+.2f})" for name, train, test, d in told]
    n_more = facts["n_classes"] - len(told)
    return f"Mean grey level: {'; '.join(parts)}{f', and {n_more} more classes' if n_more else ''}."


split_shift = Check("split_shift", class_shares, _shares)
pixel_shift = Check("pixel_shift", pixels_apart, _pixels)
