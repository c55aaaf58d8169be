"""One damaged run takes no page from anybody: every page tells of it, and shows the others."""

import json
import shutil

# ruff: noqa: E501 - the table of damages reads better in long lines
import numpy as np
import pandas as pd
import pytest

PAGES = {
    "overview": {"overview_seeds": "true", "overview_gaps": "true", "overview_published": "true", "overview_rules": "true"},
    "train": {},
    "compare": {"compare_pairs": "true", "compare_cost": "true", "compare_leaderboard": "true", "compare_curve": "Learning"},
    "inspect": {},
}
FILES = ("config.json", "status.json", "card.json", "history.csv", "predictions.parquet", "split.parquet", "battery.parquet", "about.json")
OTHERS = (None, "text", -1, 1e400, [], {}, [1, {"a": None}], True)


def whole(name):
    """Damages of a whole file."""
    return {
        f"{name} empty": lambda run: (run / name).write_bytes(b""),
        f"{name} cut": lambda run: (run / name).write_bytes((run / name).read_bytes()[: (run / name).stat().st_size // 2]),
        f"{name} garbage": lambda run: (run / name).write_bytes(np.random.default_rng(0).bytes(500)),
        f"{name} a folder": lambda run: ((run / name).unlink(), (run / name).mkdir()),
        f"{name} zeros": lambda run: (run / name).write_bytes(bytes(500)),
    }


def field(name, *path, value):
    """One field of a JSON file of another type."""

    def damage(run):
        content = json.loads((run / name).read_text(encoding="utf-8"))
        place = content
        for key in path[:-1]:
            place = place.setdefault(key, {})
        place[path[-1]] = value
        (run / name).write_text(json.dumps(content), encoding="utf-8")

    return damage


def columns(name, change):
    """Another table in a Parquet file."""
    return lambda run: change(pd.read_parquet(run / name)).to_parquet(run / name, index=False)


FIELDS = {
    "card.json": [("thresholds",), ("recommended",), ("recommended", "value"), ("recommended", "rule"), ("thresholds", "youden"), ("n_samples",),
                  ("warnings",), ("params_total",), ("seconds",), ("epochs",), ("best_epoch",), ("model_bytes",)],
    "status.json": [("state",), ("epoch",), ("epochs",), ("reason",), ("heartbeat",), ("pid",), ("waiting",), ("expected_seconds",)],
    "config.json": [("class_names",), ("title",), ("created",), ("recipe",), ("system",), ("members",), ("seed",), ("image_size",),
                    ("data_title",), ("base_run",), ("versions",), ("device",), ("recipe", "epochs")],
    "about.json": [("name",), ("note",), ("baseline",)],
}  # fmt: skip
DAMAGES = {kind: damage for name in FILES for kind, damage in whole(name).items()}
DAMAGES |= {
    f"{name} {'.'.join(path)} = {value!r}": field(name, *path, value=value)
    for name, paths in FIELDS.items()
    for path in paths
    for value in OTHERS
}
DAMAGES |= {
    f"{name} without {column}": columns(name, lambda table, column=column: table.drop(columns=column))
    for name, found in {
        "predictions.parquet": ("sample_id", "split", "y_true", "p_NORMAL"), "split.parquet": ("sample_id", "split"),
        "battery.parquet": ("sample_id", "variant", "y_true", "p_PNEUMONIA"),
    }.items()
    for column in found
}  # fmt: skip
DAMAGES |= {
    f"{name} {column} text": columns(name, lambda table, column=column: table.assign(**{column: "text"}))
    for name in ("predictions.parquet", "battery.parquet") for column in ("y_true", "p_NORMAL", "p_PNEUMONIA")
}  # fmt: skip
DAMAGES |= {
    f"{name} {column} {value}": columns(name, lambda table, column=column, value=value: table.assign(**{column: value}))
    for name in ("predictions.parquet", "battery.parquet") for column, value in (("y_true", 9), ("y_true", -1), ("p_PNEUMONIA", np.nan))
}  # fmt: skip
DAMAGES |= {
    "predictions.parquet validation only": columns("predictions.parquet", lambda table: table[table["split"] == "val"]),
    "predictions.parquet test only": columns("predictions.parquet", lambda table: table[table["split"] == "test"]),
    "predictions.parquet no rows": columns("predictions.parquet", lambda table: table.iloc[:0]),
    "predictions.parquet one class": columns("predictions.parquet", lambda table: table[table["y_true"] == 1]),
    "predictions.parquet twice": columns("predictions.parquet", lambda table: pd.concat([table, table])),
    "battery.parquet no rows": columns("battery.parquet", lambda table: table.iloc[:0]),
    "battery.parquet numbers": columns("battery.parquet", lambda table: table.assign(variant=1)),
    "history.csv numbers": lambda run: (run / "history.csv").write_text("1,2,3\n4,5,6\n"),
    "history.csv no epochs": lambda run: (run / "history.csv").write_text("epoch,loss\nx,y\n"),
    "history.csv one column": lambda run: (run / "history.csv").write_text("epoch\n1\n2\n"),
    "history.csv other columns": lambda run: (run / "history.csv").write_text("epoch,val_loss,loss\n1,inf,nan\n1e99,-1,2\n"),
    "history.csv a range": lambda run: (run / "history.csv").write_text("epoch,val_loss,val_loss_high\n1,0.5,x\n2,0.4,x\n"),
    "history.csv quotes": lambda run: (run / "history.csv").write_text('epoch,"loss\n1,2\n'),
    "card.json a list": lambda run: (run / "card.json").write_text("[]"),
    "card.json missing": lambda run: (run / "card.json").unlink(),
    "config.json missing": lambda run: (run / "config.json").unlink(),
    "predictions.parquet missing": lambda run: (run / "predictions.parquet").unlink(),
    "history.csv missing": lambda run: (run / "history.csv").unlink(),
    "status.json missing": lambda run: (run / "status.json").unlink(),
}
ORDINARY = (
    "card.json cut", "card.json empty", "predictions.parquet validation only", "history.csv garbage", "history.csv a range", "card.json recommended.value = 'text'",
    "battery.parquet without variant", "status.json epoch = 'text'", "config.json created = 'text'", "card.json warnings = -1",
)  # fmt: skip
AT_ONCE = 4  # damaged runs beside two whole ones, which is as many as Compare takes: a page is drawn a quarter as often


def together(kinds):
    return [kinds[start : start + AT_ONCE] for start in range(0, len(kinds), AT_ONCE)]


OTHERS_OF_ALL = [kind for kind in DAMAGES if kind not in ORDINARY]


@pytest.fixture
def damaged(models_dir, make_run):
    """Two runs that are whole and one to damage, with all its files."""
    run = make_run(models_dir, skill=2.0, seed=7, created="2026-01-03T10:00:00+00:00")
    validation = run.predictions.query("split == 'val'")
    scores = pd.concat([validation.assign(variant=name) for name in ("noise", "size")], ignore_index=True)
    run.write_battery(scores.drop(columns="split"))
    (run.path / "about.json").write_text('{"name": "", "note": "a note", "baseline": false, "archived": false}', encoding="utf-8")
    return run.path


def check(damaged, open_page, kinds, page):
    """Each kind of damage to a copy of the run, and the page over all of them."""
    for number, kind in enumerate(kinds):
        DAMAGES[kind](shutil.copytree(damaged, damaged.with_name(f"{damaged.name}{number}")))
    shutil.rmtree(damaged)
    query = PAGES[page] | (
        {"compare_runs": [path.name for path in sorted(damaged.parent.iterdir()) if path.is_dir()]} if page == "compare" else {}
    )
    app = open_page(page, **query)
    assert not app.exception, (kinds, [error.stack_trace[-1] for error in app.exception])
    if page in ("overview", "compare"):
        assert app.dataframe or app.get("html"), "the other runs are shown"


@pytest.mark.parametrize("page", ["overview", "train", "compare"])
@pytest.mark.parametrize("kinds", together(ORDINARY), ids=" and ".join)
def test_damaged_runs_take_no_page_from_the_others(damaged, open_page, kinds, page):
    check(damaged, open_page, kinds, page)


@pytest.mark.fuzz
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kinds", together(OTHERS_OF_ALL), ids=lambda kinds: f"{kinds[0]} and the next")
def test_no_damage_takes_a_page_from_the_others(damaged, open_page, kinds, page):
    check(damaged, open_page, kinds, page)
