"""What all tests share: a cache of their own, a small phantom data set, and a way to lay image folders."""

from __future__ import annotations

import gc
import os
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from zlib import crc32

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# Before NumPy and TensorFlow: of small matrices a second thread makes five times the work, of a small network's maps twice that of one.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"):
    os.environ.setdefault(name, "1")
os.environ["PNEUMOLENS_CACHE"] = tempfile.mkdtemp(prefix="pneumolens-tests-")
for name in ("PNEUMOLENS_DATA", "PNEUMOLENS_MODELS", "PNEUMOLENS_WEIGHTS"):
    os.environ.pop(name, None)

import numpy as np  # noqa: E402
import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402
from PIL import Image  # noqa: E402

from core.bounded import helper, pool  # noqa: E402
from tests.usual import waits, without_a_case  # noqa: E402

pool.IDLE_SECONDS = 3600  # the next file that needs one would start it anew, with TensorFlow for seconds; it ends with the tests
helper.NICENESS = 0  # beside workers that keep every processor busy, the lowest claim to one would be none
settings.register_profile("any machine", deadline=None, derandomize=True)  # a slow example fails nothing, and every run draws the same
settings.load_profile("any machine")

UNDEFINED = re.compile(r"\b(?:nan|NaN|NAN|inf|Infinity|None|np\.\w+)\b")


@pytest.fixture(scope="session")
def undefined_words() -> Callable[[str], list[str]]:
    """Where a text shows what a machine calls an undefined number, such as ``nan``, each with some words around it."""
    return lambda text: [text[max(0, found.start() - 40) : found.end() + 20] for found in UNDEFINED.finditer(text)]


@pytest.fixture(scope="session")
def phantoms(tmp_path_factory) -> Path:
    """A Kaggle-layout folder of 60 synthetic radiographs of 96 pixels."""
    from core.datasets.phantom.write import write_phantoms

    dest = tmp_path_factory.mktemp("data") / "phantoms"
    write_phantoms(dest, n=60, seed=7, size=96)
    return dest


@pytest.fixture
def lay(tmp_path: Path) -> Callable[..., Path]:
    """Write random grey JPEG files: ``lay("train/NORMAL/IM-0001-0001.jpeg", …)`` returns the folder."""

    def write(*names: str, side: int = 32, root: Path = tmp_path / "set") -> Path:
        for name in names:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            seed = crc32(name.encode())  # no two images alike
            Image.fromarray(np.random.default_rng(seed).integers(0, 256, (side, side), dtype=np.uint8)).save(path)
        return root

    return write


ONE_SERVER = (  # browser tests on the dashboards that all share: one worker starts each of them once; a stopped training is left last
    "e2e/test_sessions.py", "e2e/test_privacy.py", "e2e/test_inspect.py", "e2e/test_erase.py",
)  # fmt: skip
ANOTHER_SERVER = (  # as long
    "e2e/test_compare.py", "e2e/test_data.py", "e2e/test_history.py", "e2e/test_overview.py", "e2e/test_jobs.py",
    "e2e/test_random_clicks.py",
)  # fmt: skip
THIRD_SERVER = ("e2e/test_tile_maps.py", "e2e/test_bring_your_own.py")  # the second adds a run to it
TRAINED_RUNS = ("core/cli/test_commands.py", "core/inference/test_ensemble.py")  # which one worker trains once
TRAINED_CNN = ("core/saliency/test_phantom_localisation.py", "core/inference/test_atlas_of_trained.py")  # likewise
TOGETHER = (
    dict.fromkeys(ONE_SERVER, "one server") | dict.fromkeys(ANOTHER_SERVER, "another server") | dict.fromkeys(THIRD_SERVER, "third server")
    | dict.fromkeys(TRAINED_RUNS, "trained runs") | dict.fromkeys(TRAINED_CNN, "trained CNN")
)  # fmt: skip
APART = ("core/training/test_continuing.py",)  # whose tests share nothing that is slow: any worker takes the next
LONGEST_FIRST = (  # files in which one test or fixture takes many seconds: begun last, one of them would keep the other core waiting
    *ONE_SERVER, *ANOTHER_SERVER, "core/training/test_continuing.py", *TRAINED_RUNS, "docs/test_notebook.py",
    "e2e/test_first_run.py", *THIRD_SERVER, "e2e/test_hostile.py",
    "core/training/hidden_groups/test_planted_training.py", "core/training/test_reproduce.py",
    "core/training/test_train.py", *TRAINED_CNN, "core/saliency/test_contract.py",
    "core/saliency/test_foreign_models.py", "core/saliency/test_parity.py", "core/machine/test_devices.py",
    "core/training/test_handed_on.py", "dashboard/test_inspect.py", "dashboard/test_data.py",
)  # fmt: skip
SLOW = (  # files that take more than some three seconds of a processor, beside those above
    "core/architectures/test_architectures.py", "core/architectures/test_pretrained.py", "core/audit/test_audit.py",
    "core/audit/test_shortcuts.py", "core/batch/test_score.py", "core/cli/test_exchange.py", "core/cli/test_options.py",
    "core/datasets/downloads/test_fetch.py", "core/datasets/sources/test_folder.py", "core/datasets/test_sample_table.py",
    "core/datasets/test_splits.py", "core/external/test_conversion.py", "core/external/test_fuzz.py", "core/external/test_model.py",
    "core/external/test_predictions.py", "core/external/test_scores.py", "core/groups/by_appearance/test_appearance.py",
    "core/groups/by_appearance/test_clusters.py", "core/groups/test_command.py", "core/groups/test_planted.py",
    "core/images/test_decoding.py", "core/images/test_gate.py", "core/inference/test_atlas_file.py", "core/inference/test_rescore.py",
    "core/input_checks/test_command.py", "core/input_checks/test_out_of_distribution.py", "core/input_checks/test_outlines.py",
    "core/metrics/test_comparison.py", "core/metrics/test_properties.py", "core/model_files/test_sizes.py",
    "core/reporting/html/test_report.py", "core/reporting/test_readme_tables.py", "core/saliency/checks/test_verdict.py",
    "core/saliency/test_cams.py", "core/saliency/test_compiled_model.py", "core/saliency/test_logits.py", "core/test_docstrings.py",
    "core/test_fuzz.py", "core/training/callbacks/test_checkpoints.py", "core/training/hidden_groups/test_mixstyle.py",
    "core/training/input/test_frozen_features.py", "core/training/queue/test_trainer.py", "core/workers/test_contract.py",
    "dashboard/components/data/remedies/test_study.py", "dashboard/test_acquisition.py", "dashboard/test_same_answer.py",
    "dashboard/test_stale_data.py", "dashboard/test_train.py", "dashboard/test_views.py", "supply/test_audit.py", "test_checks.py",
)  # fmt: skip


def pytest_unconfigure() -> None:
    """The cache of these tests goes with them."""
    shutil.rmtree(os.environ["PNEUMOLENS_CACHE"], ignore_errors=True)


@cache
def name_of(path: Path) -> str:
    """A file of tests below this folder."""
    tests = Path(__file__).parent
    return path.relative_to(tests).as_posix() if path.is_relative_to(tests) else path.name


@pytest.hookimpl(tryfirst=True)  # before `-m` leaves tests out by their marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order the files for workers that each take one at a time; mark what trains or draws pages as slow, and unusual cases as long."""
    gone = [name for name in (*LONGEST_FIRST, *SLOW) if not (Path(__file__).parent / name).exists()]
    assert not gone, f"named in tests/conftest.py, and not there: {gone}"
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(name_of(item.path), len(places)))
    for item in items:
        if name_of(item.path) in places or name_of(item.path) in SLOW or "open_page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
    cases = defaultdict(list)
    for item in items:
        test, case = f"{name_of(item.path)}::{getattr(item, 'originalname', '')}", case_of(item)
        cases[test].append(case)
        if waits(test, case):
            item.add_marker(pytest.mark.long)
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS:  # not of a part of the tests
        assert not without_a_case(cases), f"named in tests/usual.py, and not there: {without_a_case(cases)}"


def case_of(item: pytest.Item) -> str:
    """What pytest names a case of a test by."""
    return item.callspec.id if hasattr(item, "callspec") else ""


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """What is imported and collected stays: looking through it for garbage, then and ever after, is a tenth of the time."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.set_threshold(10_000)  # of what a test makes, most goes with it, uncollected
    gc.enable()
    return collected


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    """With ``--dist loadfile`` a worker takes a file, all files that share something slow, or one test of a file that shares nothing."""
    from xdist.scheduler import LoadFileScheduling

    class Shares(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0].removeprefix("tests/")
            return nodeid if file in APART else TOGETHER.get(file, file)

    return Shares(config, log) if config.getvalue("dist") == "loadfile" else None
