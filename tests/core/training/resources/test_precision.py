"""The rule that chooses a run's arithmetic: the same answer on a machine, busy or not."""

from __future__ import annotations

import pytest

from core.machine.devices import Device
from core.training.plan import plan
from core.training.resources import precision
from core.training.resources.precision import ASKED, DENSE, DEPTHWISE, ONLY, SMALL, choose_precision

DEVICE = Device("cpu", "a CPU")


def config(system, **settings):
    return plan(system, settings=settings)


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("cnn1", ("mixed_bfloat16", DENSE)),
        ("five_block_cnn", ("mixed_bfloat16", DENSE)),
        ("three_conv_cnn", ("mixed_bfloat16", DENSE)),
        ("lens_mobilenet", ("float32", DEPTHWISE)),
        ("lens_scratch", ("float32", SMALL)),
    ],
)
def test_half_precision_is_for_dense_convolutions(system, expected, monkeypatch):
    monkeypatch.setattr(precision, "native_policies", lambda device: ("float32", "mixed_bfloat16"))
    assert choose_precision(config(system), DEVICE) == expected


def test_without_half_precision_in_the_hardware_there_is_no_choice(monkeypatch):
    monkeypatch.setattr(precision, "native_policies", lambda device: ("float32",))
    monkeypatch.setattr(precision, "footprint", None)  # nothing is built
    assert choose_precision(config("cnn1"), DEVICE) == ("float32", ONLY)


@pytest.mark.parametrize("asked", ["float32", "mixed_bfloat16"])
def test_a_precision_asked_for_is_taken(asked, monkeypatch):
    monkeypatch.setattr(precision, "footprint", None)
    assert choose_precision(config("cnn1", precision=asked), DEVICE) == (asked, ASKED)
