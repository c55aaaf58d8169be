"""Agreement with maps made in other ways."""

import pytest

from core.saliency import METHODS
from core.saliency.checks.agreement import AGREEMENT, PANEL, panel_for


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)
def test_nobody_is_compared_with_its_own_family(method, subject):
    panel = panel_for(subject(method))
    assert panel
    assert {other.key for other in panel} <= set(PANEL)
    assert all(other.family != method.family for other in panel)


def test_methods_agree_on_the_spot(subject, silent):
    check = AGREEMENT(subject("grad_cam"), silent)
    assert check.passed
    assert check.curve["series"].tolist() == ["SmoothGrad", "Occlusion"]
    assert check.value == pytest.approx(check.curve["y"].mean())


def test_fixed_gaussian_agrees_with_nobody(subject, fake, silent):
    check = AGREEMENT(subject(fake), silent)
    assert check.passed is False
    assert "different places" in check.sentence
