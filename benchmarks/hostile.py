"""Files that are small and want much, and runs and folders that are not what they seem: what each asks of the program, by name."""

from __future__ import annotations

import contextlib
import importlib
import io
import itertools
import json
import os
import shutil
import sys
import types
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.serving import PROJECT

Ask = Callable[[], object]
ZEROS = bytes(2**24)


def cases(scratch: Path) -> Iterator[tuple[str, Ask]]:
    """Names, and what is asked; each is made when its turn comes."""
    yield from images(scratch)
    yield from tables(scratch)
    yield from models(scratch)
    yield from odd_files(scratch)
    yield from runs(scratch)


def images(scratch: Path) -> Iterator[tuple[str, Ask]]:
    from core.datasets import open_dataset
    from core.images import gate

    bombs = of_tests("core.images.bombs")
    made = {
        "deflated DICOM, 2 GB inside": lambda: bombs.deflated(2**31),
        "DICOM in run lengths, 62 million pixels": bombs.dicom_rle,
        "WebP of one colour, 64 million pixels": bombs.webp,
        "PNG RGBA, 64 million pixels": lambda: bombs.png_of(8000, 8000, 6),
        "progressive JPEG of 10,000 scans": lambda: bombs.scans(10_000),
        "the same inside DICOM": lambda: bombs.dicom_jpeg(bombs.scans(10_000), 2000),
        "TIFF of 40,000 pages": lambda: bombs.tiff_pages(40_000),
    }
    folder = scratch / "films" / "NORMAL"
    folder.mkdir(parents=True)
    for number, (name, make) in enumerate(made.items()):
        content = make()
        (folder / f"{number}{'.dcm' if 'DICOM' in name else '.png'}").write_bytes(content)
        yield f"{name} ({len(content) / 1e6:.2f} MB)", lambda content=content: gate.read_grey(content)
        yield f"{name}, its facts", lambda content=content: gate.facts_of(content)
    yield "a data folder of these seven", lambda: open_dataset(folder.parent)


def tables(scratch: Path) -> Iterator[tuple[str, Ask]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from core.datasets import open_dataset
    from core.datasets.tables.tabular import read_tabular

    buffer = io.BytesIO()
    pq.write_table(pa.table({"sample_id": pa.DictionaryArray.from_arrays(pa.array(np.zeros(10**8, np.int8)), ["a"])}), buffer)
    rows = buffer.getvalue()
    yield f"Parquet of 100 million rows ({len(rows) / 1e6:.2f} MB)", lambda: read_tabular(rows, "x.parquet")
    columns = (",".join(f"c{i}" for i in range(300_000)) + "\n" + ",".join("1" * 300_000) + "\n").encode()
    yield "CSV of 300,000 columns", lambda: read_tabular(columns, "x.csv")
    file = scratch / "zeros.npz"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for split, part in itertools.product(("train", "val", "test"), ("images", "labels")):
            shape = (2_000_000 if split == "train" else 2, *((28, 28) if part == "images" else (1,)))
            stream(archive, f"{split}_{part}.npy", npy_head(shape), int(np.prod(shape)))
    yield f"npz of zeros, 1.6 GB inside ({file.stat().st_size / 1e6:.2f} MB)", lambda: open_dataset(file)


def models(scratch: Path) -> Iterator[tuple[str, Ask]]:
    from core.inference.predict import load_model
    from core.model_files.loading import load_foreign
    from core.runs.run import Run

    sizes = of_tests("core.model_files.test_sizes")
    small = scratch / "small.keras"
    sizes.small(4).save(small)
    load_foreign(small)  # Keras is loaded
    wide = sizes.edited(shutil.copy(small, scratch / "wide.keras"), sizes.with_units(300_000_000))
    yield f".keras, a layer of 300 million units ({wide.stat().st_size / 1e6:.2f} MB)", lambda: load_foreign(wide)
    run = shutil.copytree(a_run(), scratch / "wide-run")
    shutil.copy(wide, run / "model.keras")
    yield "the same as the model of a run", lambda: load_model(Run(run))
    full = scratch / "full.keras"
    with zipfile.ZipFile(small) as old, zipfile.ZipFile(full, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name.endswith(".h5"):
                stream(new, name, old.read(name), 2**31)
            else:
                new.writestr(name, old.read(name))
    yield f".keras whose weights unpack to 2 GB ({full.stat().st_size / 1e6:.2f} MB)", lambda: load_foreign(full)


def odd_files(scratch: Path) -> Iterator[tuple[str, Ask]]:
    from core.datasets import open_dataset
    from core.files.regular import tail_of

    folder = scratch / "odd" / "NORMAL"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "pipe.png")
    (folder / "zero.png").symlink_to("/dev/zero")
    sparse(folder / "sparse.png")
    yield "a data folder of a pipe, /dev/zero and 3 GB of nothing", lambda: open_dataset(folder.parent)
    log = sparse(scratch / "log.txt")
    yield "the end of a log of 3 GB of nothing", lambda: tail_of(log, 10_000)


def runs(scratch: Path) -> Iterator[tuple[str, Ask]]:
    names = ("card.json", "history.csv", "about.json", "reference.npz", "predictions.parquet")
    for number, odd in enumerate(("a pipe", "/dev/zero", "3 GB of nothing")):
        run = shutil.copytree(a_run(), scratch / f"odd-runs-{number}" / "run")
        for name in names:
            (run / name).unlink(missing_ok=True)
            {"a pipe": os.mkfifo, "/dev/zero": lambda path: path.symlink_to("/dev/zero"), "3 GB of nothing": sparse}[odd](run / name)
        yield f"a run whose files are {odd}", lambda run=run: look_at_all(run.parent)
    folder = scratch / "ensembles"
    for level in range(15):
        member = a_run("ensemble") if level == 0 else folder / "level-0"
        run = shutil.copytree(member, folder / f"level-{level}")
        config = json.loads((run / "config.json").read_text())
        members = [f"level-{level}", f"level-{level}"] if level == 0 else [f"level-{level - 1}"] * 2
        (run / "config.json").write_text(json.dumps(config | {"members": members}))
    yield "15 ensembles, each twice of the one before, the first of itself", lambda: look_at_all(folder)
    damages = list(of_tests("dashboard.test_damaged_runs").DAMAGES.items())
    for name, damage in damages[:: len(damages) // 52]:
        run = shutil.copytree(a_run(), scratch / "damaged" / "run")
        try:
            damage(run)
        except (OSError, KeyError):  # this run has no such file or column
            shutil.rmtree(run)
            continue
        yield f"a damaged run: {name}", lambda run=run: look_at_all(run.parent)
        shutil.rmtree(run)


def look_at_all(folder: Path) -> None:
    """What pages ask of every run of a folder."""
    from core.errors import InputError
    from core.inference.ensemble import open_members
    from core.input_checks.store import open_reference
    from core.reporting.leaderboard import board_row, fault
    from core.runs.identity.about import read_about
    from core.runs.store import list_runs

    for run in list_runs(folder)[0]:
        for ask in (fault, board_row, read_about, open_reference, open_members, lambda one: one.history, lambda one: one.card):
            with contextlib.suppress(InputError):
                ask(run)


def a_run(kind: str = "cnn1-2") -> Path:
    """A finished run of the project."""
    return next(path for path in sorted((PROJECT / "models").glob(f"{kind}*")) if (path / "predictions.parquet").exists())


def sparse(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(3 * 2**30)
    return path


def npy_head(shape: tuple[int, ...]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return buffer.getvalue()


def stream(archive: zipfile.ZipFile, name: str, head: bytes, n_zeros: int) -> None:
    """An entry of some bytes and many zeros."""
    with archive.open(name, "w", force_zip64=True) as entry:
        entry.write(head)
        for start in range(0, n_zeros, len(ZEROS)):
            entry.write(ZEROS[: min(len(ZEROS), n_zeros - start)])


def of_tests(name: str) -> types.ModuleType:
    """A module of the tests, which are no package: another one may be installed under that name."""
    if not getattr(sys.modules.get("tests"), "of_project", False):
        package = types.ModuleType("tests")
        package.__path__, package.of_project = [str(PROJECT / "tests")], True
        sys.modules["tests"] = package
    return importlib.import_module(f"tests.{name}")
