"""The sweeps on the Train page, from the file that the command line writes."""

from __future__ import annotations

import json
import os

import pytest

from core.errors import InputError
from core.sweeps.board import board_of
from core.sweeps.spec import make_spec
from dashboard.components.train.sweep.layout import grid_of, name_of, varied

SPEC = make_spec(
    {"name": "rates", "systems": ["lens_small"], "seeds": [0, 1], "settings": {"learning_rate": ["<b>1</b>", "0.1"], "epochs": [3]}}
)


@pytest.fixture
def record():
    from core.sweeps.board import Record
    from core.sweeps.cells import Cell

    first = [("<b>1</b>", 0, "finished", 0.5), ("0.1", 0, "training", 0.25)]
    made = [*first, ("<b>1</b>", 1, "ended early", 0.75), ("0.1", 1, "waiting", None)]
    cells = [
        Cell(system="lens_small", n_classes=2, seed=seed, settings={"learning_rate": rate, "epochs": "3"}, state=state, value=value,
             epochs=2, run=f"run-{rate[:1]}-{seed}" if value else None)
        for rate, seed, state, value in made
    ]  # fmt: skip
    return Record(spec=SPEC, on="ray", total=4, cells=cells)


def test_settings_are_rows_and_seeds_are_columns(record):
    assert varied(record.cells) == {"learning rate": ["<b>1</b>", "0.1"] * 2, "seed": ["0", "0", "1", "1"]}
    grid = grid_of(record)
    assert grid.rows == ["learning rate &lt;b>1&lt;/b>", "learning rate 0.1"] and grid.columns == ["seed 0", "seed 1"]
    assert grid.states == [["finished", "ended early"], ["training", "waiting"]]
    assert grid.words == [["0.500", "ended early, 0.750"], ["epoch 2: 0.250", "waiting"]]
    assert name_of(record.cells[1], record.cells) == "learning rate 0.1, seed 0"


def test_drawn_numbers_are_shown_by_as_many_figures_as_tell_them_apart(record):
    def shown(*rates):
        return varied([record.cells[0].model_copy(update={"settings": {"learning_rate": rate}}) for rate in rates])["learning rate"]

    assert shown("0.00156767", "0.00680129", "0.5") == ["0.00157", "0.0068", "0.5"]
    assert shown("0.00156767", "0.00156823") == ["0.0015677", "0.0015682"]
    assert shown("128", "1024") == ["128", "1024"] and shown("1.00000001", "1.00000002") == ["1.00000001", "1.00000002"]


def test_the_page_shows_a_sweep_and_stops_it(record, empty_models, open_page):
    board = board_of(empty_models, "rates")
    with board.driving():
        board.write(record)
        app = open_page("train")
        shown = "\n".join(element.value for element in [*app.markdown, *app.caption])
        assert "1 training" in shown and "2 of 4 trainings done" in shown and "on ray" in shown
        assert "Best so far: **learning rate" in shown and "validation loss 0.500 (finished)" in shown
        assert not app.exception and not board.stop_asked
        assert [box.label for box in app.expander if "Sweeps" in box.label] == ["Sweeps · at work"]
        app.button(key="train_sweep_stop").click().run()
        assert board.stop_asked
        assert [box.label for box in app.expander if "Sweeps" in box.label] == ["Sweeps · stopping"]
        assert any("Each keeps its best model" in caption.value for caption in app.caption)


def test_of_many_sweeps_the_latest_can_be_chosen_and_how_many_there_are_is_said(record, empty_models, open_page, monkeypatch):
    monkeypatch.setattr("dashboard.components.train.sweep.section.MOST", 2)
    for name in ("first", "second", "third"):
        board_of(empty_models, name).write(record)
    app = open_page("train")
    assert len(app.selectbox(key="train_sweep").options) == 2
    assert any("The latest 2 of 3 sweeps" in caption.value for caption in app.caption)


def test_a_sweep_that_cannot_be_read_is_named_and_there_is_nothing_without_one(empty_models, open_page):
    assert "train_sweep" not in [box.key for box in open_page("train").selectbox]
    board = board_of(empty_models, "broken")
    board.path.mkdir(parents=True)
    (board.path / "sweep.json").write_text("[")
    app = open_page("train")
    assert ["broken" in warning.value for warning in app.warning if "sweep" in warning.value] == [True]
    assert not app.exception


@pytest.mark.parametrize("field", [{"seed": 7}, {"system": "cnn1"}, {"settings": {"k" * 9: "1"}}])
def test_a_board_whose_trainings_are_not_its_own_is_broken(record, tmp_path, field):
    """Ten thousand of them, each with a setting or a seed of its own, would be a table of a hundred million cells."""
    board = board_of(tmp_path, "rates")
    board.write(record)
    assert board.read().cells == record.cells
    content = json.loads((board.path / "sweep.json").read_text())
    content["cells"][0] |= field
    (board.path / "sweep.json").write_text(json.dumps(content))
    with pytest.raises(InputError, match=r"no sweep\.json that can be read"):
        board.read()


def test_sweeps_of_a_folder_that_is_somebody_elses_are_shown(record, empty_models, open_page):
    """A pipe as the lock, and a name that would be a picture."""
    board = board_of(empty_models, "![p](https:evil.example)")
    board.write(record.model_copy(update={"on": "![p](https://evil.example/p.png)"}))
    os.mkfifo(board.path / "driver.lock")
    app = open_page("train")
    assert not app.exception
    shown = "\n".join(element.value for element in [*app.markdown, *app.caption])
    assert "2 of 4 trainings done" in shown and "![p](http" not in shown
