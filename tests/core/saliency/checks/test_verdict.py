"""All checks together: the fixed Gaussian must fail, Grad-CAM must pass."""

import pickle
import re
import subprocess
import sys

import numpy as np
import pytest

from core.errors import InputError
from core.saliency import METHODS, explain
from core.saliency.checks import CHECKS, believe
from core.saliency.checks.check import Check, table
from core.saliency.checks.verdict import DECISIVE, verdict


def check(key, passed):
    return Check(key, key.title(), "nobody", 0.5, "", passed, "", table(x=1.0), "bar", "", "")


@pytest.mark.parametrize(
    ("answers", "level", "says"),
    [
        ({"weight_randomisation": True, "stability": True}, "supported", "passed 2 of 2 checks"),
        ({"weight_randomisation": True, "stability": None}, "supported", "passed 1 of 1 checks"),
        ({"weight_randomisation": True, "stability": False}, "doubtful", "rough location.*“Stability”.*1 of 2"),
        ({"weight_randomisation": False, "stability": True}, "unsupported", "Do not trust.*1 of 2"),
        ({"deletion_insertion": False, "outside_body": False}, "unsupported", "“Deletion_Insertion” and “Outside_Body”.*0 of 2"),
        ({"outside_body": None}, "doubtful", "No check applies"),
    ],
)
def test_verdict(answers, level, says):
    found, sentence = verdict([check(key, passed) for key, passed in answers.items()])
    assert found == level
    assert re.search(says, sentence)


def test_grad_cam_passes_and_a_fixed_gaussian_fails(brightness_model, spot_image, fake):
    real = believe(brightness_model, spot_image, explain(brightness_model, spot_image, "grad_cam", 1))
    painted = believe(brightness_model, spot_image, explain(brightness_model, spot_image, fake, 1), method=fake)
    assert real.level == "supported"
    assert [check.key for check in real.checks] == [trial.key for trial in CHECKS]
    assert painted.level == "unsupported"
    assert {check.key for check in painted.checks if check.passed is False} >= set(DECISIVE)
    assert "Do not trust" in painted.sentence


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)
def test_every_method_can_be_checked(method, build_model, image):
    """A model of any kind, an image that means nothing: every answer is complete, whatever it says."""
    model = build_model(2, sigmoid=True)
    belief = believe(model, image, explain(model, image, method.key, 1))
    for answer in belief.checks:
        assert answer.sentence.endswith(".")
        assert answer.value is None or np.isfinite(answer.value)
        assert set(answer.curve) == {"series", "x", "y"}
        assert np.isfinite(answer.curve[["x", "y"]]).all().all()
    assert belief.level == "empty" or len(belief.checks) == len(CHECKS)
    assert pickle.loads(pickle.dumps(belief)).sentence == belief.sentence


def test_some_checks_may_be_asked_for_and_progress_counts_to_100(brightness_model, spot_image):
    seen = []
    explanation = explain(brightness_model, spot_image, "grad_cam", 1)
    belief = believe(brightness_model, spot_image, explanation, ["stability", "outside_body"], lambda *step: seen.append(step))
    assert [answer.key for answer in belief.checks] == ["stability", "outside_body"]
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (100, 100)
    with pytest.raises(InputError, match=r"unknown check 'entropy': choose from weight_randomisation"):
        believe(brightness_model, spot_image, explanation, ["entropy"])


def test_empty_map_is_said_to_be_empty(brightness_model):
    dark = np.full((64, 64), 10, np.uint8)
    belief = believe(brightness_model, dark, explain(brightness_model, dark, "layer_cam", 1))
    assert (belief.level, belief.checks) == ("empty", ())


@pytest.mark.long
def test_listing_checks_loads_no_tensorflow():
    code = "import sys; from core.saliency.checks import CHECKS; assert CHECKS and not {'tensorflow', 'keras'} & set(sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
