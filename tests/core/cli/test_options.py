"""Every option of every command changes something: the answer, a file, what the work is asked to do, or it is refused with the reason."""

from __future__ import annotations

import hashlib
import itertools
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import click
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.__main__ import cli, main
from core.studies.threshold_rules import PRESENT

VOLATILE = {"run", "seconds", "milliseconds", "path", "images_per_second", "bytes"}


@dataclass(frozen=True)
class Case:
    """Two invocations that differ in one option; what they give must differ too.

    Attributes
    ----------
    base : str
        Arguments without the option; ``{names}`` are places and runs that the test makes.
    option : str
        What is added, the option with its value.
    refused : str
        A word of the reason, where the option must be refused there.
    """

    base: str
    option: str
    refused: str = ""


TRAIN = "train cnn1 --data {data}"
EXPLAIN = "explain {model} {image} --method grad_cam"
VISUALIZE = "visualize {model} --class PNEUMONIA --steps 2 --out {out}/v.png"
CROSSFIT = "crossfit cnn1 --data {data} --models {out}/m"
REVIEW = "review {data} --models {models}"
SWEEP = "sweep --system cnn1 --data {data}"
ATLAS = "atlas {model} --data {data}"
IMPORT = "import {keras} --data {data} --side 24"  # of one that takes any side, and would be tried on films of 224 pixels
SCORE = "score {first} --data {data} --out {out}/s.parquet"
CASES = {
    "index --labels": Case("index {data}", "--labels 3"),
    "index --positive": Case("index {data}", "--positive NORMAL"),
    "index --column": Case("index {table}", "--column class_name=other"),
    "index --class-name": Case("index {table}", "--class-name sick=PNEUMONIA"),
    "audit --csv": Case("audit {data}", "--csv {out}/a.csv"),
    "audit --column": Case("audit {table}", "--csv {out}/a.csv --column class_name=other"),
    "audit --class-name": Case("audit {table}", "--csv {out}/a.csv --class-name sick=PNEUMONIA"),
    "groups --by": Case("groups {data}", "--by series"),
    "groups --k": Case("groups {data}", "--k 3"),
    "groups --csv": Case("groups {data} --by series", "--csv {out}/g.csv"),
    "groups --column": Case("groups {table} --by series", "--column class_name=other"),
    "groups --class-name": Case("groups {table} --by series", "--class-name sick=PNEUMONIA"),
    "train --data": Case("train cnn1 --data {data}", "--data {mixed}"),
    "train --labels": Case(TRAIN, "--labels 3"),
    "train --positive": Case(TRAIN, "--positive NORMAL"),
    "train --epochs": Case(TRAIN, "--epochs 3"),
    "train --batch-size": Case(TRAIN, "--batch-size 5"),
    "train --seed": Case(TRAIN, "--seed 3"),
    "train --set": Case(TRAIN, "--set learning_rate=0.1"),
    "train --limit": Case(TRAIN, "--limit 10"),
    "train --column": Case("train cnn1 --data {table}", "--column class_name=other"),
    "train --class-name": Case("train cnn1 --data {table}", "--class-name sick=PNEUMONIA"),
    "train --resume": Case("train", "--resume {second}"),
    "train --models": Case(TRAIN, "--models {empty}"),
    "runs --models": Case("runs", "--models {empty}"),
    "evaluate --split": Case("evaluate {first}", "--split val"),
    "evaluate --threshold": Case("evaluate {first}", "--threshold 0.9"),
    "evaluate --recompute": Case("evaluate {model} --data {data}", "--recompute"),
    "evaluate --data": Case("evaluate {model} --recompute", "--data {data}"),
    "evaluate --positive": Case("evaluate {model} --recompute --data {data}", "--positive NORMAL", "PNEUMONIA is the positive class"),
    "evaluate --column": Case("evaluate {model} --recompute --data {table}", "--column class_name=other"),
    "evaluate --class-name": Case("evaluate {model} --recompute --data {table}", "--class-name sick=PNEUMONIA"),
    "evaluate --models": Case("evaluate {first}", "--models {empty}"),
    "compare --split": Case("compare {first} {second}", "--split val"),
    "compare --threshold": Case("compare {first} {second}", "--threshold 0.9"),
    "compare --match-sensitivity": Case("compare {first} {second}", "--match-sensitivity 0.9"),
    "compare --models": Case("compare {first} {second}", "--models {empty}"),
    "reproduce --data": Case("reproduce --data {data}", "--data {mixed}"),
    "reproduce --seeds": Case("reproduce --data {data}", "--seeds 2"),
    "reproduce --only": Case("reproduce --data {data}", "--only cnn1"),
    "reproduce --set": Case("reproduce --data {data}", "--set epochs=1"),
    "reproduce --limit": Case("reproduce --data {data}", "--limit 9"),
    "reproduce --models": Case("reproduce --data {data}", "--models {empty}"),
    "reproduce --on": Case("reproduce --data {data} --only cnn1", "--on spark", "local, ray or ray://HOST:PORT"),
    "reproduce --cpus": Case("reproduce --data {data}", "--cpus 2", "--on ray"),
    "reproduce --gpus": Case("reproduce --data {data}", "--gpus 1", "--on ray"),
    "sweep --system": Case(SWEEP, "--system lens_small"),
    "sweep --seed": Case(SWEEP, "--seed 3"),
    "sweep --labels": Case(SWEEP, "--labels 3"),
    "sweep --set": Case(SWEEP, "--set epochs=1,2"),
    "sweep --trials": Case(SWEEP, "--set zoom=0..0.5 --trials 3"),
    "sweep --sampler": Case(SWEEP, "--sampler tpe"),
    "sweep --stop-early": Case(SWEEP, "--stop-early"),
    "sweep --metric": Case(SWEEP, "--metric val_accuracy"),
    "sweep --name": Case(SWEEP, "--name another"),
    "sweep --data": Case(SWEEP, "--data {mixed}"),
    "sweep --limit": Case(SWEEP, "--limit 9"),
    "sweep --on": Case(SWEEP, "--on ray"),
    "sweep --workers": Case(SWEEP, "--workers 2"),
    "sweep --cpus": Case(SWEEP, "--cpus 2"),
    "sweep --gpus": Case(SWEEP, "--gpus 1"),
    "sweep --models": Case(SWEEP, "--models {empty}"),
    "crossfit --data": Case("crossfit cnn1 --models {out}/m --data {data}", "--data {mixed}"),
    "crossfit --left-out": Case(CROSSFIT, "--left-out series=IM"),
    "crossfit --seed": Case(CROSSFIT, "--seed 3"),
    "crossfit --models": Case(CROSSFIT, "--models {empty}"),
    "rules --data": Case("rules {out}/m", "--data {mixed}"),
    "rules --seed": Case("rules {out}/m", "--seed 7"),
    "rules --write": Case("rules {out}/m", "--write {out}/e.parquet"),
    "battery --data": Case("battery {first} --data {data}", "--data {mixed}"),
    "battery --models": Case("battery {first} --data {data}", "--models {empty}"),
    "ensemble --title": Case("ensemble {first} {second}", "--title Both"),
    "ensemble --models": Case("ensemble {first} {second}", "--models {empty}"),
    "describe --name": Case("describe {first}", "--name Mine"),
    "describe --note": Case("describe {first}", "--note Mine"),
    "describe --baseline": Case("describe {first}", "--baseline"),
    "describe --archive": Case("describe {first}", "--archive"),
    "describe --models": Case("describe {first}", "--models {empty}"),
    "results --write": Case("results", "--write {notes}"),
    "results --models": Case("results", "--models {empty}"),
    "review --models": Case(REVIEW, "--models {empty}"),
    "review --labels": Case(REVIEW, "--labels 3"),
    "review --positive": Case(REVIEW, "--positive NORMAL"),
    "review --csv": Case(REVIEW, "--csv {out}/r.csv"),
    "review --column": Case("review {table} --models {models} --class-name sick=PNEUMONIA", "--column class_name=other"),
    "review --class-name": Case("review {table} --models {models}", "--class-name sick=PNEUMONIA"),
    "atlas --data": Case(ATLAS, "--data {mixed}"),
    "atlas --split": Case(ATLAS, "--split val", "has no scores of val"),
    "atlas --method": Case(ATLAS, "--method layer_cam"),
    "atlas --models": Case(ATLAS, "--models {empty}"),
    "predict --models": Case("predict {model} {image}", "--models {empty}"),
    "score --data": Case(SCORE, "--data {mixed}"),
    "score --out": Case(SCORE, "--out {out}/other.parquet"),
    "score --explain": Case(SCORE, "--explain grad_cam"),
    "score --on": Case(SCORE, "--on ray"),
    "score --workers": Case(SCORE, "--workers 2"),
    "score --gpus": Case(SCORE, "--gpus 1"),
    "score --column": Case(SCORE, "--column path=file"),
    "score --models": Case(SCORE, "--models {empty}"),
    "explain --method": Case("explain {model} {image} --method grad_cam", "--method layer_cam"),
    "explain --class": Case(EXPLAIN, "--class NORMAL"),
    "explain --layer": Case(EXPLAIN, "--layer conv1"),
    "explain --out": Case(EXPLAIN, "--out {out}/o.png"),
    "explain --npy": Case(EXPLAIN, "--npy {out}/o.npy"),
    "explain --raw": Case(EXPLAIN, "--raw {out}/o.npy"),
    "explain --believe": Case(EXPLAIN, "--believe"),
    "explain --models": Case(EXPLAIN, "--models {empty}"),
    "visualize --class": Case(VISUALIZE, "--class NORMAL"),
    "visualize --layer": Case("visualize {model} --layer conv1 --filter 0 --steps 2 --out {out}/v.png", "--layer conv2"),
    "visualize --filter": Case("visualize {model} --layer conv1 --filter 0 --steps 2 --out {out}/v.png", "--filter 1"),
    "visualize --steps": Case(VISUALIZE, "--steps 3"),
    "visualize --seed": Case(VISUALIZE, "--seed 1"),
    "visualize --out": Case(VISUALIZE, "--out {out}/w.png"),
    "visualize --models": Case(VISUALIZE, "--models {empty}"),
    "reference --data": Case("reference {model} --data {data}", "--data {mixed}"),
    "reference --models": Case("reference {model} --data {data}", "--models {empty}"),
    "fetch --size": Case("fetch pneumoniamnist {out}/f", "--size 64"),
    "phantom --n": Case("phantom {out}/p --n 12", "--n 13"),
    "phantom --seed": Case("phantom {out}/p --n 12", "--seed 5"),
    "import --data": Case("import {scores} --data {data}", "--data {mixed}"),
    "import --like": Case("import {scores}", "--like {first}"),
    "import --title": Case(IMPORT, "--title Mine"),
    "import --threshold": Case(IMPORT, "--threshold 0.01"),
    "import --scale": Case(IMPORT, "--scale 0-1"),
    "import --resize": Case(IMPORT, "--resize pad"),
    "import --side": Case(IMPORT, "--side 32"),
    "import --classes": Case(IMPORT, "--classes PNEUMONIA,NORMAL"),
    "import --outputs": Case("import {linear} --data {data}", "--outputs logits"),
    "import --positive": Case(IMPORT, "--positive NORMAL"),
    "import --models": Case(IMPORT, "--models {empty}"),
    "import --column": Case("import {scores} --data {data}", "--column p_PNEUMONIA=other"),
    "import --class-name": Case("import {alien} --data {data}", "--class-name sick=PNEUMONIA"),
    "report --out": Case("report {first} --out {out}/a.html", "--out {out}/b.html"),
    "report --threshold": Case("report {first} --out {out}/a.html", "--threshold 0.9"),
    "report --prevalence": Case("report {first} --out {out}/a.html", "--prevalence 0.01"),
    "report --miss-cost": Case("report {first} --out {out}/a.html", "--miss-cost 3"),
    "report --models": Case("report {first} --out {out}/a.html", "--models {empty}"),
}
SAME = {"--json": "only how the answer is written; every test of commands uses it", "--help": "click's own"}
IGNORED_ONCE = {  # that were once taken without a word where they change nothing
    "sweep of nothing": Case("sweep --data {data}", "--seed 1", "at least one --system"),
    "resumed": Case("train --resume {second}", "--epochs 3", "--epochs would change nothing: a run that is resumed keeps"),
    "system of a resumed run": Case("train --resume {second}", "cnn1", "SYSTEM would change nothing"),
    "default said": Case("train --resume {second}", "--seed 0", "--seed would change nothing"),
    "a file and what it says": Case("sweep {notes}", "--seed 3", "--seed would change nothing: what a file says"),
    "set twice": Case(TRAIN + " --set epochs=2", "--epochs 3", "epochs is given twice, as 2 and as 3"),
    "layer of no layer": Case("explain {model} {image} --method saliency", "--layer conv1", "is made of no layer"),
    "size of Kaggle": Case("fetch kaggle {out}/f", "--size 64", "come in one size each"),
    "prevalence of three classes": Case("report {three} --out {out}/a.html", "--prevalence 0.1", "goes with two classes"),
    "threshold and sensitivity": Case("compare {first} {second} --match-sensitivity 0.9", "--threshold 0.5", "not both"),
    "data without recompute": Case("evaluate {first}", "--data {data}", "--recompute"),
    "scale of a table": Case("import {scores} --data {data}", "--scale 0-1", "goes with a model"),
    "column of a model": Case(IMPORT, "--column a=b", "table of predictions"),
    "like of a model": Case(IMPORT, "--like {first}", "--like goes with a table"),
    "column of a folder": Case("index {data}", "--column a=b", "leave --column"),
}


def options() -> list[str]:
    """``command --option`` of every option of every command."""
    found = []
    for name, command in cli.commands.items():
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.opts[0] not in SAME:
                found.append(f"{name} {parameter.opts[0]}")
    return found


def test_every_option_is_in_the_table():
    assert sorted(options()) == sorted(CASES), "a new option needs a case that shows what it changes"


def draw(folder: Path, names: tuple[str, ...], shift: int = 0) -> Path:
    """Ten films a split and class, twice as wide as high, the ill ones brighter; in the manner of the Kermany set."""
    kinds = ("IM-{:04d}-0001", "person{}_bacteria_1")
    for (s, split), (k, pattern) in itertools.product(enumerate(("train", "test")), enumerate(kinds)):
        place = folder / split / names[k]
        place.mkdir(parents=True)
        for i in range(10):
            pixels = np.random.default_rng([s, k, i + shift]).integers(20, 120 + 60 * k, (24, 48), dtype=np.uint8)
            Image.fromarray(pixels).save(place / f"{pattern.format(100 * s + i)}.png")
    return folder


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Data sets, tables, models and runs, by the names that cases use."""
    from benchmarks.foreign_models import built, head, sequential
    from core.datasets import open_dataset
    from core.external import Reference, import_model, import_predictions
    from core.reporting.marked_text import marks

    root = tmp_path_factory.mktemp("options")
    data, models = draw(root / "data", ("NORMAL", "PNEUMONIA")), root / "models"
    found = {"data": data, "mixed": draw(root / "mixed", ("NORMAL", "PNEUMONIA"), 50), "models": models, "empty": root / "empty"}
    dataset = open_dataset(data)
    samples = dataset.samples
    scores = pd.DataFrame({"sample_id": samples["sample_id"], "split": samples["split"].replace("train", "val")})
    ill, rng = (samples["class_name"] == "PNEUMONIA").to_numpy(), np.random.default_rng(3)
    for name in ("first", "second"):
        scores["p_PNEUMONIA"] = np.clip(rng.normal(0.35 + 0.3 * ill, 0.2), 0.01, 0.99)
        run = import_predictions(scores, f"{name}.csv", Reference.of_dataset(dataset), models=models)
        found[name] = run.name
    test = scores[scores["split"] == "test"].drop(columns="split")
    three = test[["sample_id"]].assign(p_NORMAL=test["p_PNEUMONIA"], p_BACTERIAL=1 - test["p_PNEUMONIA"], p_VIRAL=0.0)
    found["three"] = import_predictions(three, "three.csv", Reference.of_dataset(dataset), models=root / "others").path
    test.assign(other=1 - test["p_PNEUMONIA"]).to_csv(root / "scores.csv", index=False)
    test.rename(columns={"p_PNEUMONIA": "p_sick"}).to_csv(root / "alien.csv", index=False)
    listing = pd.DataFrame({"path": [str(Path("data") / path) for path in samples["sample_id"]], "split": samples["split"]})
    listing["label"], listing["other"] = np.where(ill, "sick", "NORMAL"), np.where(ill, "NORMAL", "sick")
    listing.to_csv(root / "table.csv", index=False)
    (root / "notes.md").write_text("\n".join(marks("results")) + "\n")
    built("any_size").save(root / "any.keras")
    sequential(*head(1, None)).save(root / "linear.keras")
    found["model"] = import_model(root / "any.keras", dataset, models=models, side=24).name
    image = data / "test" / "PNEUMONIA" / "person100_bacteria_1.png"
    files = {
        "scores": "scores.csv",
        "alien": "alien.csv",
        "table": "table.csv",
        "keras": "any.keras",
        "linear": "linear.keras",
        "notes": "notes.md",
    }
    return found | {name: root / file for name, file in files.items()} | {"image": image}


@pytest.fixture
def asked(places, monkeypatch):
    """What long work is asked to do, instead of doing it."""
    from core.batch import Scored
    from core.input_checks import Reference as Screening
    from core.training.train import Outcome

    seen: list[str] = []

    def record(name, answer):
        def stub(*arguments, **options):
            seen.append(f"{name} {[str(getattr(part, 'fingerprint', part)) for part in arguments]} {options}")
            return answer

        return stub

    def train(run, data=None, *rest):
        seen.append(f"train {run.config.model_copy(update={'created': '', 'versions': {}}).model_dump_json()} {run.path.parent} {data}")
        return Outcome("finished", 1, 1.0, 1.0)

    def sweep(spec, dataset, *where):
        seen.append(f"sweep {spec} {dataset.fingerprint} {where[:4]}")
        return SimpleNamespace(cells=[], spec=SimpleNamespace(metric="val_loss"), n_settled=0, total=0)

    monkeypatch.setattr("core.training.train.train", train)
    monkeypatch.setattr("core.training.reproduce.reproduce", record("reproduce", []))
    monkeypatch.setattr("core.sweeps.drive.sweep", sweep)
    monkeypatch.setattr("core.studies.cross_fitting.cross_fit", record("cross-fit", []))
    weighed = SimpleNamespace(table=pd.DataFrame(), by_system=pd.DataFrame(), decided=PRESENT, why="")
    for name, answer in (("read_evidence", pd.DataFrame()), ("study", weighed), ("write_evidence", None)):
        monkeypatch.setattr(f"core.studies.threshold_rules.{name}", record(name, answer))
    monkeypatch.setattr("core.inference.add_battery.add_battery", record("battery", None))
    monkeypatch.setattr("core.metrics.generalisation.generalisation", record("generalisation", pd.DataFrame()))
    for source in ("kaggle", "pneumoniamnist"):
        monkeypatch.setattr(f"core.datasets.downloads.fetch.fetch_{source}", record(source, places["data"]))
    made = Screening(None, None, None, np.array([]), np.array([]), {}, 0)
    monkeypatch.setattr("core.input_checks.build_reference", record("reference", made))
    monkeypatch.setattr("core.input_checks.save_reference", record("save", None))
    monkeypatch.setattr("core.input_checks.unlikeness.save_unlikeness", record("unlikeness", 0))

    def score(runs, data, out, options, *rest):
        seen.append(f"score {[run.name for run in runs]} {data} {out.name} {options}")
        return Scored(1, [], Path("s.parquet"), 1.0, 1, 0, None, [])

    monkeypatch.setattr("core.batch.score_files", score)
    return seen


@pytest.fixture(scope="module")
def known() -> dict:
    """Outcomes without an option, which many cases share."""
    return {}


@pytest.fixture
def outcome(places, asked, monkeypatch, capsys, tmp_path):
    """``outcome(arguments)``: exit code, the answer, the files written below ``{out}``, what was asked, and the errors."""
    for name in ("PNEUMOLENS_DATA", "PNEUMOLENS_MODELS"):
        monkeypatch.delenv(name, raising=False)

    def run(words: str):
        out = tmp_path / f"out{len(list(tmp_path.iterdir()))}"
        out.mkdir()
        monkeypatch.setenv("PNEUMOLENS_MODELS", str(places["models"]))
        monkeypatch.setattr(sys, "argv", ["core", *(part.format(**places, out=out) for part in words.split()), "--json"])
        before = set(places["models"].iterdir())
        asked.clear()
        code = main()
        captured = capsys.readouterr()
        answer = json.loads(captured.out) if captured.out.strip() else {}
        files = {path.relative_to(out): hashlib.md5(path.read_bytes()).hexdigest() for path in out.rglob("*") if path.is_file()}
        for path in set(places["models"].iterdir()) - before:
            files["new run"] = (
                (path / "card.json").read_text() + (path / "config.json").read_text() if (path / "card.json").exists() else ""
            )
        told = {key: value for key, value in answer.items() if key not in VOLATILE}
        return code, told, files, list(asked), captured.err

    return run


WITH_A_MODEL = ("atlas", "evaluate", "explain", "import", "predict", "visualize")  # its loading, for each of them anew
USUAL = ("atlas --method", "evaluate --split", "explain --class", "import --models", "predict --models", "visualize --layer")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name.split()[0] not in WITH_A_MODEL or name in USUAL else pytest.mark.long)
        for name, case in CASES.items()
        if not case.refused
    ],
)
def test_an_option_changes_something(name, outcome, known):
    case = CASES[name]
    without = known[case.base] = known.get(case.base) or outcome(case.base)
    with_ = outcome(f"{case.base} {case.option}")
    assert with_[0] == 0 or "--models" in name, with_[4]
    assert with_[:4] != without[:4]


@pytest.mark.parametrize("case", [*IGNORED_ONCE.values(), *(case for case in CASES.values() if case.refused)], ids=str)
def test_an_option_that_would_change_nothing_is_refused(case, outcome):
    code, told, files, done, errors = outcome(f"{case.base} {case.option}")
    assert (code, told, files, done) == (2, {}, {}, []), errors
    assert case.refused in errors


def test_two_runs_of_one_command_give_the_same(outcome):
    """So that a difference is the option's."""
    for base in ("evaluate {first}", "index {data}", EXPLAIN, TRAIN, "report {first} --out {out}/a.html"):
        first, second = (outcome(base) for _ in range(2))
        assert first[:2] == second[:2] and first[3] == second[3], base
