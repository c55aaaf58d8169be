"""A model from elsewhere is uploaded on the Compare page and becomes a run beside ours, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.foreign_models import built

pytestmark = [pytest.mark.browser, pytest.mark.long]
SIDE = 24


@pytest.fixture
def address(brought) -> str:
    return brought


def write_model(path: Path, activation: str) -> Path:
    """A tiny untrained network with one output."""
    import keras

    keras.utils.set_random_seed(3)
    layers = [keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(1, activation)]
    keras.Sequential([keras.Input((SIDE, SIDE, 3)), keras.layers.Rescaling(1 / 255), *layers]).save(path)
    return path


def choose(page: Page, path: Path) -> None:
    page.locator(".st-key-compare_upload input[type=file]").set_input_files(path)
    expect(page.locator(".st-key-compare_upload_title input")).to_have_value(path.stem)


def upload(page: Page, path: Path) -> None:
    choose(page, path)
    page.get_by_role("button", name="Check and add").click()


def test_a_keras_model_becomes_a_run_beside_ours_and_one_without_probabilities_is_refused(page: Page, tmp_path: Path):
    page.goto("/compare")
    expect(page.locator(".st-key-compare_confusion table")).to_have_count(2)
    page.get_by_role("button", name="Add your own").click()
    choose(page, write_model(tmp_path / "raw.keras", "linear"))
    expect(page.get_by_role("dialog").get_by_test_id("stAlert")).to_contain_text("ends in 1 × linear, no probabilities")
    expect(page.get_by_role("button", name="Check and add")).to_be_disabled()
    upload(page, write_model(tmp_path / "theirs.keras", "sigmoid"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("b.legend-name").filter(has_text=re.compile("^theirs$")).first).to_be_visible()
    expect(page.locator(".st-key-compare_confusion table")).to_have_count(3)
    expect(page.locator("[data-cell='2.roc_auc']")).to_have_text(re.compile(r"^\d\.\d{3} \("))
    expect(page).to_have_url(re.compile("(compare_runs=imported-.*){3}"))


def test_a_nested_tutorial_model_is_imported_and_explained(page: Page, tmp_path: Path):
    path = tmp_path / "tutorial.keras"
    built("nested").save(path)
    page.goto("/compare")
    page.get_by_role("button", name="Add your own").click()
    choose(page, path)
    expect(page.get_by_text(re.compile("Tried on 16 training images"))).to_be_visible()
    expect(page.get_by_text("The outputs are read as NORMAL, PNEUMONIA")).to_be_visible()
    page.get_by_role("button", name="Check and add").click()
    expect(page.locator("b.legend-name").filter(has_text=re.compile("^tutorial$")).first).to_be_visible()
    name = re.findall(r"compare_runs=(imported-[0-9a-f-]+)", page.url)[-1]
    page.goto(f"/inspect?inspect_runs={name}")
    expect(page.locator(".st-key-inspect_overlay")).to_contain_text("tutorial")
    expect(page.locator(".st-key-inspect_probabilities")).to_contain_text("PNEUMONIA")
    expect(page.get_by_text("conv2")).not_to_have_count(0)
    assert page.get_by_test_id("stAlert").filter(has_text="layer").count() == 0
