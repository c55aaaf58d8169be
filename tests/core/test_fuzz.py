"""Seeded damage to a file of every kind that is taken: each is answered by a result or an InputError, soon and in little memory.

A few of each with ``-m 'not slow'``; 500 of each image, table and archive with ``make test``, and of the files of runs, which take
minutes, with ``make fuzz``.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit, RLELossless

from core.datasets.sources.medmnist import SPLITS, load_arrays
from core.datasets.tables.tabular import read_tabular
from core.errors import InputError
from core.images import gate
from core.inference.atlas_file import open_atlas
from core.input_checks.store import open_reference
from core.input_checks.unlikeness import unlikeness_of
from core.metrics.generalisation import by_rule, generalisation
from core.reporting.leaderboard import board_row, fault
from core.reporting.readme_tables import judged
from core.reporting.recipe_leaderboard import group_board
from core.runs.identity import group_runs
from core.runs.identity.about import read_about
from core.runs.run import Run
from core.runs.store import list_runs, models_dir
from core.sweeps.board import Board, Record
from core.sweeps.cells import all_cells
from core.sweeps.spec import make_spec
from core.sweeps.spec.file import read_spec
from tests.core.damage import mutations, strange_json
from tests.core.images.bombs import dicom_file
from tests.core.images.encoders import dicom, draw_film
from tests.core.images.peaks import forget_peaks, peak

FEW, MANY = 6, 500
SECONDS, MEMORY = 3.0, 500 * 10**6
FILM = draw_film(1)
WORDS = FILM.astype(np.uint16) * 16


def encoded(kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(FILM).convert("L").save(buffer, kind, **options)
    return buffer.getvalue()


def compressed(kind: str, syntax) -> bytes:
    return dicom_file(*FILM.shape, syntax, encapsulate([encoded(kind)]), 8)


def run_lengths() -> bytes:
    segment = b"".join(b"\x7f" + part.tobytes() for part in np.split(FILM.ravel(), [128, 256])[:2]) + b"\x81\x40" * 20
    segment += bytes(len(segment) % 2)
    header = np.array([1, 64, *[0] * 14], "<u4").tobytes()
    return dicom_file(16, 16, RLELossless, encapsulate([header + segment]), 8)


IMAGES = {
    "JPEG": lambda: encoded("JPEG"), "progressive JPEG": lambda: encoded("JPEG", progressive=True), "PNG": lambda: encoded("PNG"),
    "TIFF": lambda: encoded("TIFF", compression="tiff_lzw"), "WebP": lambda: encoded("WEBP"), "BMP": lambda: encoded("BMP"),
    "DICOM explicit": lambda: dicom(WORDS), "DICOM implicit": lambda: dicom(WORDS, syntax="implicit"),
    "DICOM deflated": lambda: dicom(WORDS, syntax="deflated"), "DICOM JPEG": lambda: compressed("JPEG", JPEGBaseline8Bit),
    "DICOM JPEG 2000": lambda: compressed("JPEG2000", JPEG2000Lossless), "DICOM run lengths": run_lengths,
}  # fmt: skip
RUN_FILES = (
    "card.json", "status.json", "config.json", "about.json", "history.csv", "split.parquet", "battery.parquet", "predictions.parquet",
    "reference.npz", "unlikeness.parquet", "atlas-test-grad_cam.npz",
)  # fmt: skip
TABLE = pd.DataFrame({"sample_id": [f"test/NORMAL/{i}.png" for i in range(40)], "p_PNEUMONIA": np.arange(40) / 40, "split": "test"})


def answered(call: Callable, content) -> float:
    """Seconds of processor time and of waiting that an answer took, which is a result or an InputError."""
    began = time.process_time()
    try:
        call(content)
    except InputError as error:
        assert str(error)
    return time.process_time() - began


both = pytest.mark.parametrize("n", [FEW, pytest.param(MANY, marks=[pytest.mark.slow, pytest.mark.fuzz])], ids=["few", "many"])


@both
@pytest.mark.parametrize("kind", IMAGES)
def test_images(kind, n):
    forget_peaks()
    slowest = max(answered(gate.read_grey, content) for content in mutations(IMAGES[kind](), n))
    assert slowest < SECONDS
    assert peak() < MEMORY


def parquet() -> bytes:
    buffer = io.BytesIO()
    TABLE.to_parquet(buffer, index=False)
    return buffer.getvalue()


@both
@pytest.mark.parametrize("kind", ["CSV", "Parquet"])
def test_tables(kind, n):
    content = parquet() if kind == "Parquet" else TABLE.to_csv(index=False).encode()
    assert max(answered(lambda bad: read_tabular(bad, "x"), bad) for bad in mutations(content, n)) < SECONDS


@both
def test_arrays(tmp_path, n):
    buffer = io.BytesIO()
    images = {f"{split}_images": np.stack([FILM[:28, :28]] * 4) for split in SPLITS}
    np.savez_compressed(buffer, **images, **{f"{split}_labels": np.array([[0], [1]] * 2, np.uint8) for split in SPLITS})
    file = tmp_path / "a.npz"

    def read(content: bytes) -> None:
        file.write_bytes(content)
        load_arrays(str(file))

    assert max(answered(read, content) for content in mutations(buffer.getvalue(), n)) < SECONDS


def look_at(run: Run) -> None:
    """What the pages ask of a run, each question by itself; as they do, of one object that reads a file once."""
    for question in (
        fault, board_row, generalisation, by_rule, read_about, reference_of, unlikeness_of, lambda one: open_atlas(one, "test"),
        lambda one: one.history.to_dict("records"),
        lambda one: (one.status, one.facts, one.battery, one.card), lambda one: judged([one]), lambda one: group_board(group_runs([one])),
    ):  # fmt: skip
        answered(question, run)


def reference_of(run: Run) -> None:
    reference = open_reference(run)
    if reference:
        reference.check(np.tile(np.arange(64, dtype=np.uint8) * 4, (64, 1)), reference.embedding.mean)
        reference.embedding.nearest(reference.embedding.mean[np.newaxis])


@both
@pytest.mark.parametrize("name", RUN_FILES)
def test_files_of_a_run(scored_run, name, n):
    run = scored_run()
    file = run.path / name
    if name == "about.json":
        file.write_text(json.dumps({"name": "x", "note": "y", "baseline": True, "archived": False}))
    if name == "battery.parquet":
        run.predictions.assign(variant="blur").drop(columns="split").to_parquet(file, index=False)
    if name == "history.csv":
        file.write_text("epoch,loss,val_loss\n1,0.5,0.6\n2,0.4,0.5\n")
    if name == "split.parquet":
        run.write_split(run.predictions["sample_id"], run.predictions["split"])
    if name.endswith(".npz") or name == "unlikeness.parquet":
        file.write_bytes(next(models_dir().glob(f"*/{name}")).read_bytes())
    content = file.read_bytes()
    damaged = strange_json(json.loads(content), n) if name.endswith(".json") else mutations(content, n)
    for bad in damaged:
        file.write_bytes(bad)
        began = time.process_time()
        for found in list_runs(run.path.parent)[0]:
            look_at(found)
        assert time.process_time() - began < SECONDS


@both
def test_sweeps(tmp_path, n):
    """The board that a page shows, and the file that a person writes."""
    spec = make_spec({"name": "a", "systems": ["lens_small"], "seeds": [0, 1, 2], "settings": {"epochs": [1, 2]}})
    board, file = Board(tmp_path / "a"), tmp_path / "a.yaml"
    board.write(Record(spec=spec, total=6, cells=all_cells(spec)))

    def show(content: bytes) -> None:
        (board.path / "sweep.json").write_bytes(content)
        board.read()

    def read(content: bytes) -> None:
        file.write_bytes(content)
        found = read_spec(file)
        if not found.is_drawn:
            all_cells(found)

    boards = strange_json(json.loads((board.path / "sweep.json").read_bytes()), n)
    written = b"systems: [lens_small]\nseeds: [0, 1]\nsettings: {epochs: [1, 2], zoom: {low: 1.0e-5, high: 0.1, log: true}}\ntrials: 4\n"
    assert max(answered(show, content) for content in boards) < SECONDS
    assert max(answered(read, content) for content in mutations(written, n)) < SECONDS
