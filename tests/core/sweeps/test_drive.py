"""A sweep from its first training to its last, with trainings that take no time: what is trained, found, gone on with and told."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import pytest

from core.datasets import open_dataset
from core.errors import InputError
from core.runs.run import Run
from core.sweeps import drive as driving
from core.sweeps import driver
from core.sweeps.board import board_of, boards
from core.sweeps.cells import groups_of
from core.sweeps.drive import sweep
from core.sweeps.spec import make_spec
from core.training.processes.elsewhere import Trained
from core.workers.items import Items

GRID = {"name": "rates", "systems": ["lens_small"], "seeds": [0, 1], "settings": {"learning_rate": ["0.1", "0.01"], "epochs": [3]}}


class Here:
    """Workers that are this very process."""

    def __init__(self, train) -> None:
        self.train = train

    def map(self, function, items, *, retries, cancelled, **rest):
        waiting = Items(items, retries)
        while not cancelled() and (task := waiting.take()):
            try:
                answer = self.train(task.item)
            except ConnectionError:
                if outcome := waiting.lost(task, "killed"):
                    yield outcome
                continue
            except ValueError as error:
                yield waiting.done(task, error=error)
                continue
            yield waiting.done(task, answer)


@pytest.fixture
def told() -> list:
    """Names of the runs that were trained, in order."""
    return []


@pytest.fixture
def quick(told):
    """A training of three epochs whose validation loss is the learning rate, less a tenth of it for each epoch."""

    def train(order) -> Trained:
        run = Run(Path(order.run))
        told.append(run.name)
        rate = run.config.recipe.learning_rate
        for epoch in range(len(run.history) + 1, run.config.recipe.epochs + 1):
            run.append_history({"epoch": epoch, "val_loss": rate * (1 - epoch / 10), "val_accuracy": 0.5})
        run.write_config(run.config.model_copy(update={"fingerprint": open_dataset(order.data).fingerprint}))
        run.write_status("finished")
        return Trained("finished")

    return train


@pytest.fixture
def swept(phantoms, tmp_path, monkeypatch):
    def run(train, fields=GRID, models=tmp_path / "models", **options):
        @contextmanager
        def opened(on, size):
            yield Here(train)

        monkeypatch.setattr(driving, "open_workers", opened)
        monkeypatch.setattr(driver, "TICK_SECONDS", -1)
        return sweep(make_spec(fields), open_dataset(str(phantoms)), str(phantoms), models, **options)

    return run


def test_every_training_is_one_run_and_the_board_tells_of_it(swept, quick, told, tmp_path):
    seen, said = [], []
    record = swept(quick, progress=lambda done, total: seen.append((done, total)), say=lambda cell: said.append(cell.run))
    assert [cell.state for cell in record.cells] == ["finished"] * 4 and [cell.run for cell in record.cells] == told == said
    assert [round(cell.value, 4) for cell in record.cells] == [0.07, 0.007, 0.07, 0.007] and {cell.epochs for cell in record.cells} == {3}
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    (board,) = boards(tmp_path / "models")
    assert board.name == "rates" and board.read().cells == record.cells and not board.is_driven


def test_again_trains_nothing_and_another_sweep_finds_the_same_trainings(swept, quick, told):
    first = swept(quick)
    again = swept(quick)
    assert again.cells == first.cells and len(told) == 4
    other = swept(quick, GRID | {"name": "other", "seeds": [1, 2]})
    assert [cell.state for cell in other.cells] == ["found", "found", "finished", "finished"] and len(told) == 6
    assert [cell.run for cell in other.cells[:2]] == [cell.run for cell in first.cells[2:]]


def test_another_sweep_of_the_same_name_is_refused(swept, quick):
    swept(quick)
    with pytest.raises(InputError, match="'rates' with other settings; give this one another name"):
        swept(quick, GRID | {"seeds": [0]})


def test_a_lost_worker_costs_an_attempt_and_one_that_fails_stops_no_other(swept, quick, told):
    lost = []

    def train(order):
        config = Run(Path(order.run)).config
        if config.seed == 0 and config.recipe.learning_rate == 0.1 and not lost:
            lost.append(1)
            raise ConnectionError
        if config.seed == 1 and config.recipe.learning_rate == 0.1:
            raise ValueError("no memory")
        return quick(order)

    record = swept(train)
    assert [(cell.state, cell.attempts) for cell in record.cells] == [("finished", 2), ("finished", 1), ("failed", 1), ("finished", 1)]
    assert record.cells[2].reason == "no memory" and len(told) == 3


def test_ctrl_c_stops_and_the_next_call_goes_on_with_the_same_runs(swept, quick, told, tmp_path):
    def train(order):
        if len(told) == 1:
            run = Run(Path(order.run))
            run.append_history({"epoch": 1, "val_loss": 0.5, "val_accuracy": 0.5})
            run.write_status("stopped")
            raise KeyboardInterrupt
        return quick(order)

    with pytest.raises(KeyboardInterrupt):
        swept(train)
    stopped = board_of(tmp_path / "models", "rates").read()
    assert [cell.state for cell in stopped.cells] == ["finished", "stopped", "waiting", "waiting"]
    assert stopped.cells[1].value == 0.5 and stopped.cells[1].epochs == 1
    record = swept(quick)
    assert [cell.state for cell in record.cells] == ["finished"] * 4
    assert record.cells[1].run == stopped.cells[1].run and len(told) == len(set(told)) == 4


def test_a_word_on_the_board_stops_all_and_is_forgotten_when_the_sweep_goes_on(swept, quick, told, tmp_path):
    def train(order):
        board_of(tmp_path / "models", "rates").ask_to_stop()
        return quick(order)

    assert [cell.state for cell in swept(train).cells] == ["finished", "waiting", "waiting", "waiting"]
    assert [cell.state for cell in swept(quick).cells] == ["finished"] * 4 and len(told) == 4


def test_workers_that_cannot_be_had_leave_no_sweep_behind(phantoms, tmp_path, monkeypatch):
    @contextmanager
    def refused(on, size):
        raise InputError("nobody is there")
        yield

    monkeypatch.setattr(driving, "open_workers", refused)
    with pytest.raises(InputError, match="nobody is there"):
        sweep(make_spec(GRID), open_dataset(str(phantoms)), str(phantoms), tmp_path / "models")
    assert boards(tmp_path / "models") == []


def test_workers_without_room_for_one_training_leave_no_sweep_behind(phantoms, tmp_path, monkeypatch):
    class Cramped:
        def map(self, function, items, **rest):
            raise InputError("A worker needs 8 CPU")
            yield

    @contextmanager
    def opened(on, size):
        yield Cramped()

    monkeypatch.setattr(driving, "open_workers", opened)
    with pytest.raises(InputError, match="needs 8 CPU"):
        sweep(make_spec(GRID), open_dataset(str(phantoms)), str(phantoms), tmp_path / "models")
    assert boards(tmp_path / "models") == []


def test_a_board_that_is_at_work_is_left_alone(swept, quick, tmp_path):
    board = board_of(tmp_path / "models", "rates")
    with board.driving(), pytest.raises(InputError, match="at work already"):
        swept(quick)


@pytest.mark.parametrize("content", ["", "[]", '{"spec": 1}', "{" * 100_000])
def test_a_board_that_cannot_be_read_is_refused_in_a_sentence(swept, quick, tmp_path, content):
    board = board_of(tmp_path / "models", "rates")
    board.path.mkdir(parents=True)
    (board.path / "sweep.json").write_text(content)
    with pytest.raises(InputError, match=r"no sweep\.json that can be read"):
        swept(quick)


def test_values_are_drawn_from_a_range_for_each_seed_and_not_again_after_an_interruption(swept, quick, told, tmp_path):
    pytest.importorskip("optuna", reason="Optuna is not installed: make cluster")
    drawn = GRID | {"name": "drawn", "settings": {"learning_rate": {"low": 1e-3, "high": 1e-1, "log": True}, "epochs": [3]}, "trials": 3}

    def train(order):
        if len(told) == 3:
            raise KeyboardInterrupt
        return quick(order)

    with pytest.raises(KeyboardInterrupt):
        swept(train, drawn)
    first = board_of(tmp_path / "models", "drawn").read()
    assert [cell.state for cell in first.cells] == ["finished"] * 3 + ["stopped"] and first.total == 6
    record = swept(quick, drawn)
    assert [cell.state for cell in record.cells] == ["finished"] * 6 and record.cells[3].settings == first.cells[3].settings
    rates = [float(cell.settings["learning_rate"]) for cell in record.cells]
    assert all(1e-3 <= rate <= 1e-1 for rate in rates) and rates[0] == rates[1] and len(set(rates)) == 3
    assert sorted((cell.seed, cell.trial) for cell in record.cells) == [(s, t) for s in (0, 1) for t in range(3)]


def test_a_training_that_falls_behind_is_asked_to_stop(swept, quick, told):
    pytest.importorskip("optuna", reason="Optuna is not installed: make cluster")

    def train(order):
        if not told:  # the better one has come to the end
            return quick(order)
        run = Run(Path(order.run))
        told.append(run.name)
        run.append_history({"epoch": 1, "val_loss": 2.0, "val_accuracy": 0.5})
        driving_tick()
        assert Path(order.stop).exists()
        run.write_status("stopped")
        return Trained("stopped")

    ticks = []
    driving_tick = lambda: ticks[-1]()  # noqa: E731
    original = driver.Driver.__init__

    def remembered(self, *arguments):
        original(self, *arguments)
        ticks.append(self._tick)

    driver.Driver.__init__ = remembered
    try:
        fields = GRID | {"seeds": [0], "settings": {"learning_rate": ["0.01", "0.1"], "epochs": [3]}, "stop_early": True}
        record = swept(train, fields)
    finally:
        driver.Driver.__init__ = original
    assert [(cell.state, cell.epochs) for cell in record.cells] == [("finished", 3), ("ended early", 1)]
    assert swept(quick, fields).cells == record.cells and len(told) == 2


@pytest.mark.filterwarnings("error")
def test_a_search_draws_whole_steps_and_is_told_of_each_epoch_once_though_its_process_was_another(tmp_path):
    pytest.importorskip("optuna", reason="Optuna is not installed: make cluster")
    from core.sweeps.search import Search

    settings = {"zoom": {"low": 0, "high": 1, "step": 0.3}, "epochs": {"low": 1, "high": 8, "step": 3}}
    spec = make_spec({"systems": ["cnn1"], "settings": settings, "trials": 9, "stop_early": True})
    (group,) = groups_of(spec)
    search = Search(tmp_path, spec)
    cells = [search.draw(group) for _ in range(9)]
    assert {cell.settings["zoom"] for cell in cells} <= {"0", "0.3", "0.6", "0.9"}
    assert {cell.settings["epochs"] for cell in cells} <= {"1", "4", "7"}
    assert not search.has_fallen_behind(cells[0], [0.5, 0.4])
    again = Search(tmp_path, spec)
    assert not again.has_fallen_behind(cells[0], [0.5, 0.4, 0.3]) and again.has_fallen_behind(cells[1], [0.9])
    again.tell(cells[2].model_copy(update={"state": "failed"}))
    assert not again.has_fallen_behind(cells[2], [0.9])  # it is tried again


def test_a_range_for_what_is_no_number_is_refused(swept, quick):
    for key in ("optimizer", "base_run"):
        with pytest.raises(InputError, match=f"{key} is no number"):
            swept(quick, GRID | {"settings": {key: {"low": 0, "high": 1}}, "trials": 2})


@pytest.mark.parametrize("span", [{"low": 0.4, "high": 3, "log": False}, {"low": 1, "high": 3, "step": 0.3}])
def test_a_whole_number_is_drawn_between_whole_numbers(swept, quick, span):
    with pytest.raises(InputError, match="epochs is a whole number, and so are both ends of its range and its step"):
        swept(quick, GRID | {"settings": {"epochs": span}, "trials": 2})


def test_without_optuna_one_sentence_says_what_to_install(swept, quick, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(InputError, match="optuna, which is not installed; install it with: make cluster"):
        swept(quick, GRID | {"settings": {"zoom": {"low": 0, "high": 0.5}}, "trials": 2})
