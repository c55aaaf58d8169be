"""Small finished runs and a folder of phantoms for the page tests; no Keras here."""

import os
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest, local_script_runner

from core.config import RunConfig
from core.datasets.kermany_names import KNOWN_CLASSES, SUBTYPES
from core.datasets.phantom.write import write_phantoms
from core.metrics.thresholds import choose_thresholds, recommendation
from core.runs.run import Run
from core.runs.store import create_run
from core.training.plan import plan
from dashboard.components.data import catalogue
from dashboard.server import leave_keras_alone, look_for_no_components
from dashboard.turns import share_fairly

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
PATIENCE = 180  # seconds, for every page of every test: a busy machine is no failure
CACHE = Path(os.environ["PNEUMOLENS_CACHE"])  # of all tests
MEASURED = ("findings", "measured")  # its folders of what follows from the content of data and runs alone, as their names do
N_EACH = {"val": (20, 12, 8), "test": (40, 30, 20)}  # normal, bacterial, viral


@pytest.fixture(scope="session", autouse=True)
def pages_are_drawn_as_the_server_does():
    """Pages share the machine fairly, and none searches the installed packages or forgets Keras's kernels, as `AppTest` has each do."""
    share_fairly()
    look_for_no_components()
    leave_keras_alone()


def sample_ids(split: str, counts: tuple[int, int, int]) -> tuple[list[str], np.ndarray]:
    """Names in the manner of the Kermany set, and 0, 1, 2 for normal, bacterial, viral; two films for every third patient."""
    folder = "test" if split == "test" else "train"
    ids = [f"{folder}/NORMAL/IM-{i - i % 3 // 2:04d}-{i:04d}.jpeg" for i in range(counts[0])]
    ids += [f"{folder}/PNEUMONIA/person{i - i % 3 // 2}_bacteria_{i}.jpeg" for i in range(counts[1])]
    ids += [f"{folder}/PNEUMONIA/person{1000 + i}_virus_{i}.jpeg" for i in range(counts[2])]
    return ids, np.repeat([0, 1, 2], counts)


def predictions(n_classes: int, skill: float, seed: int) -> pd.DataFrame:
    """Softmax scores of validation and test; `skill` is the mean logit of the true class."""
    rng = np.random.default_rng(seed)
    class_names = SUBTYPES if n_classes == 3 else KNOWN_CLASSES
    tables = []
    for split, counts in N_EACH.items():
        ids, kind = sample_ids(split, counts)
        y_true = kind if n_classes == 3 else np.minimum(kind, 1)
        logits = rng.normal(0, 1, (len(ids), n_classes)) + skill * np.eye(n_classes)[y_true]
        scores = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        table = pd.DataFrame({"sample_id": ids, "split": split, "y_true": y_true})
        table[[f"p_{name}" for name in class_names]] = scores.astype(np.float32)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def write_run(models: Path, *, system="cnn1", n_classes=2, skill=2.0, seed=0, created="", **config) -> Run:
    """A finished run with scores, card and history, made through `core.runs.store`; other keywords replace its settings."""
    base = plan(system, n_classes, {"epochs": "3"}, seed).model_copy(update={"data_title": "synthetic", "fingerprint": "0" * 16} | config)
    run = create_run(base, models, models)
    if created:
        run.write_config(run.config.model_copy(update={"created": created}))
    table = predictions(n_classes, skill, seed)
    for epoch in (1, 2, 3):
        losses = {"accuracy": 0.6 + 0.1 * epoch, "loss": 0.9 / epoch, "val_accuracy": 0.6 + 0.08 * epoch, "val_loss": 1 / epoch}
        run.append_history({"epoch": epoch} | losses | {"learning_rate": 1e-4, "seconds": 2.0})
    run.write_split(table["sample_id"], table["split"])
    run.write_predictions(table)
    run.write_card(card(run.config, table))
    run.write_status("finished", epoch=3, epochs=3)
    run.drop_checkpoint()
    return run


def card(config: RunConfig, table: pd.DataFrame) -> dict:
    """A card with thresholds chosen on the validation scores, as `core.training.finish` writes it."""
    found = {
        "params_total": 266306, "params_trainable": 266306, "model_bytes": 1_107_660, "epochs": 3, "best_epoch": 3, "seconds": 6.0,
        "images_per_second": 33.0, "milliseconds_per_image": 6.6, "peak_memory_mb": 900,
        "n_samples": table["split"].value_counts().to_dict(),
        "intended_use": "Research and education only; not a medical device and not for any clinical decision.",
    }  # fmt: skip
    if config.n_classes == 2:
        validation = table[table["split"] == "val"]
        found["thresholds"] = choose_thresholds(validation["y_true"].to_numpy(), validation["p_PNEUMONIA"].to_numpy())
        found["recommended"] = recommendation(found["thresholds"])
    return found


def until_drawn(runner: local_script_runner.LocalScriptRunner, seconds: float) -> None:
    """Wait for the end of a page's thread."""
    runner._script_thread.join(seconds)
    if not runner.script_stopped():
        runner.request_stop()
        runner.join()
        raise RuntimeError(f"the page was not drawn within {seconds} seconds")


@pytest.fixture(scope="session", autouse=True)
def _patience():
    """No page has less time than `PATIENCE`, whichever way a test makes it; `AppTest` would look for its end each millisecond."""
    first = AppTest.__init__

    def patient(self, *arguments, default_timeout, **more):
        first(self, *arguments, default_timeout=max(default_timeout, PATIENCE), **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AppTest, "__init__", patient)
        patch.setattr(local_script_runner, "require_widgets_deltas", until_drawn)
        yield


@pytest.fixture(autouse=True)
def _fresh_caches():
    """Cached loaders outlive a test; what they hold must not."""
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture(scope="session", autouse=True)
def _split_once():
    """One content is split for validation once in all tests, as in a server's life."""
    known: dict[bytes, tuple] = {}
    split = catalogue.split_with_validation

    def once(samples):
        content = pd.util.hash_pandas_object(samples.drop(columns="path")).to_numpy().tobytes()
        if content not in known:
            known[content] = split(samples)
        return known[content]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "split_with_validation", once)
        yield


@pytest.fixture
def empty_models(tmp_path, monkeypatch) -> Path:
    """A folder of runs without any, no data set, and a cache of its own, but for what an earlier test measured in the same content."""
    folder, cache = tmp_path / "models", tmp_path / "cache"
    folder.mkdir()
    cache.mkdir()
    for name in MEASURED:
        (CACHE / name).mkdir(exist_ok=True)
        (cache / name).symlink_to(CACHE / name)
    monkeypatch.setenv("PNEUMOLENS_MODELS", str(folder))
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(cache))
    monkeypatch.delenv("PNEUMOLENS_DATA", raising=False)
    return folder


@pytest.fixture(scope="session")
def two_runs(tmp_path_factory) -> Path:
    """What `models_dir` is a copy of; nobody changes it."""
    folder = tmp_path_factory.mktemp("two-runs")
    write_run(folder, skill=2.5, seed=1, created="2026-01-01T10:00:00+00:00")
    write_run(folder, skill=0.6, seed=2, created="2026-01-02T10:00:00+00:00")
    return folder


@pytest.fixture
def models_dir(empty_models, two_runs) -> Path:
    """Two finished two-class runs: a good one, and a newer one that is little better than chance."""
    return shutil.copytree(two_runs, empty_models, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def phantoms(tmp_path_factory) -> Path:
    """A Kaggle-layout folder of 12 synthetic radiographs."""
    folder = tmp_path_factory.mktemp("data") / "phantoms"
    write_phantoms(folder, n=12, seed=0, size=128)
    return folder


@pytest.fixture
def open_page():
    """``open_page("compare", compare_runs=[...])``: the page of the whole app, run once with that query string."""

    def open_(name: str, **query: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(APP))
        for key, value in query.items():
            app.query_params[key] = value
        return app.switch_page(f"views/{name}.py").run()

    return open_


def displayed(frame) -> pd.DataFrame:
    """A table as it reads: the texts of numbers that have one."""
    texts = frame.proto.arrow_data.styler.display_values
    if not texts:
        return frame.value
    read = convert_arrow_bytes_to_pandas_df(texts)
    return read.set_axis(frame.value.columns, axis=1)


@pytest.fixture
def page_text():
    """What a page says to a reader: text elements, HTML without its tags, and the cells of tables that are text."""

    def text(page: AppTest) -> str:
        kinds = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "text")
        parts = [element.value for kind in kinds for element in page.get(kind)]
        parts += [re.sub(r"<style.*?</style>|<[^>]+>", " ", html.proto.body, flags=re.DOTALL) for html in page.get("html")]
        for table in map(displayed, page.dataframe):
            parts += [*map(str, table.columns), *(cell for column in table for cell in table[column] if isinstance(cell, str))]
        return "\n".join(parts)

    return text


@pytest.fixture
def make_run():
    """The function `write_run`, for runs beside those of `models_dir`."""
    return write_run
