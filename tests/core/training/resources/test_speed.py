"""How long a training takes: arithmetic by hand, and what is kept of a measurement."""

import json

import pandas as pd
import pytest

from core.training.plan import plan
from core.training.portions import Portions
from core.training.resources import speed

PORTIONS = Portions(("NORMAL", "PNEUMONIA"), pd.DataFrame({"train": [300, 500], "val": [80, 120], "test": [40, 60]}), {}, (300, 500))


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path))
    return tmp_path


def found(step: float, look: float) -> speed.Speed:
    return speed.Speed(step, look, "trial of 20 steps", "2026-11-26T00:00:00+00:00")


def test_epochs_and_the_scoring_at_the_end_are_counted():
    config = plan("five_block_cnn", settings={"epochs": "3"})
    end = 200 + 100 + len(speed.VARIANTS) * 200 + 800 + 200
    assert speed.estimate(found(0.1, 0.01), config, PORTIONS) == pytest.approx(3 * (800 * 0.1 + 200 * 0.01) + end * 0.01)


def test_a_frozen_backbone_is_passed_once_for_each_view():
    config = plan("vgg16_flat", settings={"epochs": "3", "flip": "false"})
    assert speed.has_frozen_backbone(config)
    end = 200 + 100 + len(speed.VARIANTS) * 200 + 800 + 200
    expected = 3 * (800 + 200) * 0.001 + 1000 * 0.2 + end * 0.2
    assert speed.estimate(found(0.001, 0.2), config, PORTIONS) == pytest.approx(expected)
    flipped = plan("vgg16_flat", settings={"epochs": "3", "flip": "true"})
    assert speed.estimate(found(0.001, 0.2), flipped, PORTIONS) == pytest.approx(expected + 200)
    assert not speed.has_frozen_backbone(plan("lens_mobilenet"))


def test_what_was_measured_is_kept_for_the_system_and_this_machine(cache, monkeypatch):
    assert speed.measured(plan("cnn1")) is None
    speed.record(plan("cnn1"), 0.05, 0.004, "cnn1-1")
    assert speed.measured(plan("cnn1", settings={"epochs": "2"}))[:3] == (0.05, 0.004, "cnn1-1")
    assert speed.measured(plan("cnn1", 3)) is None and speed.measured(plan("lens_scratch")) is None
    monkeypatch.setattr(speed.platform, "node", lambda: "elsewhere")
    assert speed.measured(plan("cnn1")) is None


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', "half"])
def test_a_broken_file_measures_nothing(cache, content):
    speed.record(plan("cnn1"), 0.05, 0.004, "cnn1-1")
    (key,) = json.loads((cache / "speeds.json").read_text())
    (cache / "speeds.json").write_text(content or json.dumps({key: {"step": "fast"}}))
    assert speed.measured(plan("cnn1")) is None


@pytest.mark.parametrize(
    ("seconds", "text"), [(20, "under a minute"), (61, "about 2 min"), (700, "about 12 min"), (3600 * 3 + 25 * 60, "about 3 h 20 min")]
)
def test_minutes_are_rounded_up(seconds, text):
    assert speed.minutes_text(seconds) == text


def test_a_finished_run_of_many_steps_is_a_measurement(scored_run):
    run = scored_run()
    run.write_card({"n_samples": {"train": 4000}, "images_per_second": 20.0, "milliseconds_per_image": 8.0})
    run.write_config(plan("cnn1"))
    speed.record_run(run)
    assert speed.measured(plan("cnn1"))[:3] == (0.05, 0.008, run.name)
    few = scored_run()
    few.write_card({"n_samples": {"train": 40}, "images_per_second": 1.0, "milliseconds_per_image": 8.0})
    few.write_config(plan("lens_scratch"))
    speed.record_run(few)
    assert speed.measured(plan("lens_scratch")) is None
